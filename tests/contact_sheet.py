"""Pictures of every page in one language, on a phone and on a desktop, on one sheet.

    python -m tests.contact_sheet --lang ps --out FOLDER [--base URL --accounts FILE]

Without `--base` a demonstration is made and served for it. With it the running instance is
walked: a submission is sent in there, and the editor of `--accounts` signs in.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, ViewportSize

from consult.demo.accounts import Credentials
from tests.journeys import browsers, installation, respondent
from tests.journeys.installation import CODE, SLUG
from tests.journeys.staff import sign_in

SIZES: Mapping[str, ViewportSize] = {
    "phone": {"width": 360, "height": 740},
    "desktop": {"width": 1280, "height": 800},
}
SUBMISSIONS = 300
ROW_IDS = re.compile(r"/[0-9a-f]{16,}|/[A-Za-z0-9_-]{40,}")
STYLE = """body { font: 14px sans-serif; margin: 1rem; background: #ddd }
section { display: flex; flex-wrap: wrap; gap: 1rem; align-items: start }
figure { margin: 0 } figcaption { padding: .25rem } img { background: #fff; display: block }
.phone img { width: 180px } .desktop img { width: 400px }"""


@dataclass
class Album:
    """The pictures taken so far, by size, each with the name of what it shows."""

    folder: Path
    taken: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str) -> None:
        """Picture what the page shows, whole, in each size."""
        name = f"{len(self.taken):02d}-{name}"
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            page.screenshot(path=self.folder / f"{name}-{size}.png", full_page=True)
        self.taken.append(name)

    def index(self) -> Path:
        """Write the page that shows all pictures."""
        shown = "".join(
            f"<h2>{size}</h2><section class={size}>"
            + "".join(
                f'<figure><figcaption>{escape(name)}</figcaption><a href="{name}-{size}.png">'
                f'<img src="{name}-{size}.png" alt=""></a></figure>'
                for name in self.taken
            )
            + "</section>"
            for size in SIZES
        )
        path = self.folder / "index.html"
        path.write_text(
            f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{shown}", "utf-8"
        )
        return path


def main(arguments: list[str]) -> int:
    """Walk, picture, and say where the sheet is."""
    asked = _parser().parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    album = Album(asked.out)
    with _walked(asked.base, asked.accounts) as (base, editor), browsers.launched() as browser:
        if browser is None:
            print(f"no Chromium: {browsers.HOW_TO_GET_ONE}", file=sys.stderr)
            return 1
        _public(_page(browser, base), asked.lang, album)
        _staff(_page(browser, base), asked.lang, album, editor)
        index = album.index()
        sheet = browser.new_page(viewport={"width": 1900, "height": 800})
        sheet.goto(index.absolute().as_uri())
        sheet.screenshot(path=asked.out / "sheet.png", full_page=True)
    print(f"{len(album.taken)} pages: {index}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.contact_sheet", description=__doc__)
    parser.add_argument("--lang", default="en", choices=["en", "fr", "fa-af", "ps"])
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--base", help="address of a running instance with the demonstration")
    parser.add_argument("--accounts", type=Path, default=Path("instance/demo-accounts.json"))
    return parser


@contextmanager
def _walked(base: str | None, accounts: Path) -> Iterator[tuple[str, Credentials]]:
    if base:
        yield base, Credentials(**json.loads(accounts.read_text("utf-8"))["editor"])
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        installation.demonstration(Path(folder), SUBMISSIONS) as (made, address),
    ):
        yield address, made.accounts["editor"]


def _page(browser: Browser, base: str) -> Page:
    return browser.new_page(viewport=SIZES["phone"], base_url=base)


def _public(page: Page, language: str, album: Album) -> None:
    """The respondent's pages: each step empty, one refused, and all that comes after."""
    for name in ("", "safety", "receipt", f"{CODE}/report", "nowhere"):
        page.goto(f"/{language}/{name}")
        album.take(page, name.replace("/", "-") or "home")
    page.goto(f"/{language}/{CODE}")
    given = respondent.answers(language)
    album.take(page, "introduction")
    respondent.forward(page)
    for _ in range(12):
        album.take(page, "step")
        if page.locator(".field-label").count():
            respondent.forward(page)
            if page.locator("#error-summary").count():
                album.take(page, "step-refused")
            else:
                respondent.press(page, "back")
        respondent.fill(page, given)
        if not page.locator("button[value^='section:']").count():
            album.take(page, "step-filled")
        respondent.forward(page)
        if page.locator("#receipt-code").count():
            break
    code = respondent.code_on(page)
    album.take(page, "receipt")
    respondent.press(page, "kept")
    album.take(page, "received")
    page.goto(f"/{language}/receipt")
    page.locator("[name=code]").fill("1234")
    respondent.go_on(page, page.locator("main button"))
    album.take(page, "receipt-refused")
    page.locator("[name=code]").fill(code)
    respondent.go_on(page, page.locator("main button"))
    album.take(page, "status")


def _staff(page: Page, language: str, album: Album, editor: Credentials) -> None:
    """Every staff page that links lead to, one of each kind."""
    page.goto(f"/{language}/staff/sign-in")
    album.take(page, "staff-sign-in")
    page.locator("[name=name]").fill(editor.name)
    respondent.go_on(page, page.locator("main button"))
    album.take(page, "staff-sign-in-refused")
    sign_in(page, language, editor)
    start = f"/{language}/staff/"
    waiting, seen = [start, f"{start}{SLUG}/"], {_kind(start), _kind(f"{start}{SLUG}/")}
    while waiting:
        path = waiting.pop(0)
        if "text/html" not in page.request.get(path).headers["content-type"]:
            continue
        page.goto(path)
        album.take(page, f"staff-{_kind(path).removeprefix(start).strip('/').replace('/', '-')}")
        links: list[str] = page.evaluate("[...document.links].map((link) => link.href)")
        for link in links:
            found = urlsplit(link).path
            if found.startswith(start) and _kind(found) not in seen:
                seen.add(_kind(found))
                waiting.append(found)


def _kind(path: str) -> str:
    """Give the path with rows' ids left out, so that one page of each kind is pictured."""
    return ROW_IDS.sub("/id", path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
