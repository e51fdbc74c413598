"""Every component in a real browser: no axe violation, no scroll sideways, nothing from outside."""

import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.frame.conftest import make

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["/{}/gallery", "/{}/gallery?wrong=1", "/{}/staff/gallery", "/{}/nowhere"]
LANGUAGES = ["en", "fr", "fa-af", "ps"]

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="no Chromium"),
]


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def live(tmp_path_factory) -> Iterator[str]:
    app = make(tmp_path_factory.mktemp("gallery"))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, live: str):
    contexts = []

    def open_page(
        path: str, width: int = 360, *, scheme: str = "light", script: bool = True
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            java_script_enabled=script,
            base_url=live,
            extra_http_headers={"X-Test-Person": "amina"},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.asked = []
        page.on("request", lambda asked: page.asked.append(asked.url.removeprefix(live)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_component_is_accessible(opened, language, path):
    for width, scheme in ((360, "light"), (1280, "dark")):
        found = Axe().run(
            opened(path.format(language), width, scheme=scheme),
            options={"runOnly": LEVELS},
        )
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_from_320_pixels_on(opened, language, path):
    for width in (320, 768, 1280):
        page = opened(path.format(language), width)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{width}: {wide}"


@pytest.mark.parametrize("path", PAGES[1:3])
def test_what_is_pressed_is_large_enough(opened, path):
    small = opened(path.format("ps")).evaluate(
        """[...document.querySelectorAll('a.button, button:not(.away), .choice, .input, .language, .exit, .menu a')]
        .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
    )
    assert small == []


def test_only_pages_in_arabic_script_fetch_the_font(opened):
    assert not any(url.endswith(".woff2") for url in opened("/en/nowhere").asked)
    assert not any(url.endswith(".woff2") for url in opened("/fr/nowhere").asked)
    page = opened("/ps/nowhere")
    page.evaluate("document.fonts.ready")
    assert sum(url.endswith(".woff2") for url in page.asked) == 2


def test_the_exit_is_first_and_leaves_no_way_back(opened):
    page = opened("/en/gallery")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "exit"
    before = page.evaluate("history.length")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/nowhere")
    assert page.evaluate("history.length") == before


def test_the_exit_stays_in_view_however_far_one_scrolls(opened):
    page = opened("/ps/gallery")
    page.evaluate("window.scrollTo(0, 2000)")
    top = page.locator("#exit").bounding_box()["y"]
    assert 0 <= top < 40


@pytest.mark.parametrize("script", [True, False])
def test_the_focus_goes_to_what_was_refused(opened, script):
    page = opened("/ps/gallery?wrong=1", script=script)
    assert page.locator("#error-summary").is_visible()
    if script:
        page.wait_for_function("document.activeElement.id === 'error-summary'")


def test_enter_goes_forward_although_languages_stand_above(opened):
    page = opened("/en/gallery")
    page.locator("#age").fill("7")
    with page.expect_request(lambda asked: asked.method == "POST") as sent:
        page.locator("#age").press("Enter")
    assert sent.value.post_data_json["go"] == "next"
