"""A browser, a demonstration that is served, and people who open pages of it."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from consult.demo.accounts import Credentials
from tests.journeys import browsers, installation, second_round
from tests.journeys.installation import Installation
from tests.journeys.look import look
from tests.journeys.skipped import pytest_terminal_summary  # noqa: F401 - pytest calls it

WIDTHS = {"phone": 360, "desktop": 1280}
SUBMISSIONS = 60


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with browsers.launched() as found:
        if found is None and os.environ.get("CI") == "true":
            pytest.fail(f"no Chromium: {browsers.HOW_TO_GET_ONE}")
        if found is None:
            pytest.skip(f"no Chromium: {browsers.HOW_TO_GET_ONE}")
        yield found


@pytest.fixture(scope="session")
def _demonstration(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[tuple[Installation, str]]:
    """One demonstration for all journeys; `browser` first, so that without one nothing is made."""
    folder = tmp_path_factory.mktemp("demonstration")
    with installation.demonstration(folder, SUBMISSIONS) as made:
        second_round.add(made[0])
        yield made


@pytest.fixture(scope="session")
def live(_demonstration: tuple[Installation, str]) -> str:
    """The address at which the demonstration is served."""
    return _demonstration[1]


@pytest.fixture(scope="session")
def accounts(_demonstration: tuple[Installation, str]) -> Mapping[str, Credentials]:
    return _demonstration[0].accounts


@dataclass
class Visitor:
    """Somebody with a browser of her own."""

    page: Page
    language: str
    script: bool
    asked: list[str] = field(default_factory=list)

    def look(self, page: Page | None = None, *, public: bool = True) -> None:
        """Hold what she sees to what every state of every page keeps."""
        look(page or self.page, public=public, script=self.script)


Visits = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, live: str) -> Iterator[Visits]:
    """Give browsers of their own; none of them may ask another host or trip over our headers."""
    contexts: list[BrowserContext] = []
    outside: list[str] = []
    refused: list[str] = []

    def begin(
        language: str, size: str = "phone", *, script: bool = True, base: str = live, **more: Any
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": WIDTHS[size], "height": 800},
            java_script_enabled=script,
            base_url=base,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        visitor = Visitor(page, language, script)

        def note(url: str) -> None:
            visitor.asked.append(url.removeprefix(base))
            if not url.startswith((base, "data:")):
                outside.append(url)

        context.on("request", lambda request: note(request.url))
        page.on("console", lambda said: refused.append(said.text) if _refused(said.text) else None)
        page.on("pageerror", lambda error: refused.append(str(error)))
        return visitor

    yield begin
    for context in contexts:
        context.close()
    assert outside == []
    assert refused == []


def _refused(said: str) -> bool:
    return "Content Security Policy" in said or "Permissions" in said
