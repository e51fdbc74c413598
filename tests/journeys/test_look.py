"""What pages fetch, how they are worked without a mouse, and that our own eyes see faults."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import look, respondent
from tests.journeys.conftest import Visits
from tests.journeys.installation import CODE

pytestmark = pytest.mark.journey

LANGUAGES = ["en", "ps", *(pytest.param(name, marks=pytest.mark.long) for name in ("fr", "fa-af"))]
FONT_BYTES = 30_000
PLAIN_PAGES = ["", CODE, f"{CODE}/report", "receipt", "safety", "staff/sign-in", "nowhere"]
BAD = """<!doctype html><html lang="ps" dir="rtl"><title>2026</title><body>
<img src="data:,"><input><a href="#"></a><p style="color:#ddd;background:#fff">x
<button style="line-height:1.1">x</button><p style="width:400px">7
<div class="field-error">Not a valid choice"""


def test_a_page_with_faults_does_not_pass(visit: Visits) -> None:
    page = visit("ps").page
    page.set_content(BAD)
    assert look.violations(page)
    assert len(look.too_wide(page)) == 2
    assert look.foreign_digits(page) == ["2026", "7"]
    assert look.low_lines(page) == ["x"]
    assert look.latin_errors(page) == ["Not a valid choice"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PLAIN_PAGES)
def test_every_page_that_needs_no_key_is_right(visit: Visits, language: str, path: str) -> None:
    her = visit(language)
    her.page.goto(f"/{language}/{path}")
    her.look(public="staff" not in path)


@pytest.mark.parametrize(("language", "fonts"), [("en", 0), ("fr", 0), ("fa-af", 2), ("ps", 2)])
def test_only_arabic_script_fetches_fonts_and_little_of_them(
    visit: Visits, language: str, fonts: int
) -> None:
    page = visit(language).page
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"/{language}/{CODE}")
    page.evaluate("document.fonts.ready")
    sizes = [len(answer.body()) for answer in answers if answer.url.endswith(".woff2")]
    assert len(sizes) == fonts
    assert sum(sizes) < FONT_BYTES


def test_a_mark_below_a_letter_is_not_cut_off(visit: Visits) -> None:
    page = visit("ps").page
    page.goto(f"/ps/{CODE}")
    cut = page.evaluate(
        """() => [...document.querySelectorAll("h1, h2, p, label, button, a, li")]
        .filter((e) => getComputedStyle(e).overflowY === "hidden" && e.clientHeight > 1)
        .map((e) => e.outerHTML)"""
    )
    assert cut == []


@pytest.mark.parametrize("language", ["ps"])
def test_a_code_is_read_from_left_to_right_in_any_script(visit: Visits, language: str) -> None:
    page = visit(language).page
    page.goto(f"/{language}/{CODE}")
    shown = respondent.walk(page, respondent.answers(language))
    box = page.locator("#receipt-code")
    assert box.evaluate("e => getComputedStyle(e).direction") == "ltr"
    first, last = box.evaluate(
        """e => { const at = (i) => { const r = document.createRange();
          r.setStart(e.firstChild, i); r.setEnd(e.firstChild, i + 1);
          return r.getBoundingClientRect(); };
          const a = at(0), b = at(e.firstChild.length - 1);
          return [a.top * 1e4 + a.left, b.top * 1e4 + b.left]; }"""
    )
    assert first < last
    code = shown.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    for digits in ("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"):
        page.goto(f"/{language}/receipt")
        page.locator("[name=code]").fill(code.translate(str.maketrans("0123456789", digits)))
        respondent.go_on(page, page.locator("main button"))
        expect(page.locator("[name=code]")).to_have_count(0)


@pytest.mark.parametrize("language", ["ps"])
def test_the_whole_form_is_worked_with_the_keyboard_alone(visit: Visits, language: str) -> None:
    her = visit(language, "desktop")
    page, given = her.page, respondent.answers(language)
    page.goto(f"/{language}/{CODE}")
    for _ in range(12):
        if page.locator("#receipt-code").count():
            break
        _types_a_page(page, given)
    assert page.locator("#receipt-code").count() == 1
    _tabs_to(page, "kept")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#receipt-code")).to_have_count(0)


FOCUSED = """() => { const e = document.activeElement, s = getComputedStyle(e);
  const box = e.closest(".choice") ? getComputedStyle(e.closest(".choice")) : s;
  const seen = [s, box].some((one) => one.outlineStyle !== "none" || one.boxShadow !== "none");
  return { name: e.name || "", value: e.value || "", type: e.type || e.tagName, seen,
           forward: e.matches(".actions button:first-of-type"), body: e === document.body }; }"""


def _types_a_page(page: Page, given: respondent.Answers) -> None:
    """Go from control to control with Tab, answer each, and press the way forward."""
    for _ in range(150):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["body"]:
            continue
        assert at["seen"], f"no focus is seen on {at}"
        if at["forward"]:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
        if at["name"] in given:
            _answers(page, at, given[at["name"]])
    raise AssertionError(f"the way forward is out of reach of Tab on {page.url}")


def _answers(page: Page, at: dict[str, str], values: list[str]) -> None:
    match at["type"]:
        case "checkbox":
            if at["value"] in values:
                page.keyboard.press("Space")
        case "radio":
            page.keyboard.press("Space")
            for _ in range(10):
                if page.evaluate("document.activeElement.value") == values[0]:
                    return
                page.keyboard.press("ArrowDown")
        case "select-one":
            for _ in range(80):
                if page.evaluate("document.activeElement.value") == values[0]:
                    return
                page.keyboard.press("ArrowDown")
            raise AssertionError(f"{values[0]} is out of reach of the arrows in {at}")
        case _:
            page.keyboard.insert_text(values[0])


def _tabs_to(page: Page, go: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == go:
            return
    raise AssertionError(f"{go} is out of reach of Tab")
