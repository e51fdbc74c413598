"""The browser that walks: which one, how it is started, and what is said where there is none."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = (
    "chromium",
    "chromium-headless-shell",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
# The sandbox stays on for everybody whom it lets in; root it does not.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
HOW_TO_GET_ONE = "as root `apt-get install chromium`, or name one: CHROMIUM=/path/to/it"


def find(playwright: Playwright) -> str | None:
    """Give the path of a Chromium: the one that is named, one on the path, or Playwright's own."""
    if named := os.environ.get("CHROMIUM"):
        return named
    on_path = (shutil.which(name) for name in NAMES)
    own = playwright.chromium.executable_path
    return next(filter(None, on_path), None) or (own if Path(own).exists() else None)


@contextmanager
def launched() -> Iterator[Browser | None]:
    """Stand around the use of a browser; gives nothing where there is none."""
    with sync_playwright() as playwright:
        path = find(playwright)
        if path is None:
            yield None
            return
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
