"""Somebody of the staff reads, counts, quotes, writes, and takes the briefing with her."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Download, Page, expect

from consult.languages.locales import LANGUAGES as BY_ID
from consult.languages.locales import by_segment
from tests.journeys import second_round
from tests.journeys.conftest import Visitor, Visits
from tests.journeys.installation import SLUG
from tests.journeys.respondent import go_on
from tests.journeys.staff import sign_in

pytestmark = pytest.mark.journey

FAST = [("en", "desktop", True), ("ps", "phone", True)]
REST = [("fr", "desktop", True), ("fa-af", "desktop", True), ("ps", "desktop", True)]
REST += [("en", "phone", True), ("en", "desktop", False), ("ps", "desktop", False)]
WAYS = [*FAST, *(pytest.param(*way, marks=pytest.mark.long) for way in REST)]
FINDING = {
    "en": "Schools come first.",
    "fr": "Les écoles viennent d’abord.",
    "fa-af": "مکاتب در اولویت است.",
    "ps": "ښوونځي لومړی دي.",
}


@pytest.mark.parametrize(("language", "size", "script"), WAYS)
def test_she_reads_counts_quotes_and_writes(
    visit: Visits, accounts, language: str, size: str, script: bool
) -> None:
    her = visit(language, size, script=script)
    page, home = her.page, f"/{language}/staff/{second_round.SLUG}"
    _is_refused_once(her)
    sign_in(page, language, accounts["editor"])
    her.look(public=False)
    _opens(her, page, f"{home}/")
    _reads_a_submission_and_picks_a_quote(her, home)
    _sees_figures_by_sex(her, home)
    _writes_a_finding(her, home)
    go_on(page, page.locator(".sign-out button"))
    her.look(public=False)
    page.goto(f"{home}/submissions")
    expect(page.locator("[name=passphrase]")).to_be_visible()


@pytest.mark.parametrize("language", ["ps", pytest.param("en", marks=pytest.mark.long)])
def test_every_link_of_a_finished_consultation_leads_to_a_page_that_is_right(
    visit: Visits, accounts, language: str
) -> None:
    her = visit(language, "desktop")
    page, home = her.page, f"/{language}/staff/{SLUG}"
    sign_in(page, language, accounts["editor"])
    page.goto(f"{home}/")
    paths = page.evaluate("[...document.querySelectorAll('nav a')].map((a) => a.pathname)")
    for path in sorted({*paths, f"{home}/briefing/preview", f"{home}/people/add", f"{home}/drill"}):
        page.goto(path)
        her.look(public=False)


@pytest.mark.parametrize("language", ["ps", pytest.param("fa-af", marks=pytest.mark.long)])
def test_she_takes_briefing_and_figures_with_her(visit: Visits, accounts, language: str) -> None:
    page, home = visit(language, "desktop").page, f"/{language}/staff/{SLUG}"
    sign_in(page, language, accounts["analyst"])
    page.goto(f"{home}/briefing")
    word = _downloaded(page, "/docx")
    with ZipFile(BytesIO(word)) as parts:
        text = parts.read("word/document.xml").decode()
    assert "<w:bidi" in text
    assert _downloaded(page, "/pdf").startswith(b"%PDF")
    page.goto(f"{home}/figures")
    book = load_workbook(BytesIO(_downloaded(page, "tally.xlsx")))
    assert book.active.sheet_view.rightToLeft
    assert book.active.max_row > 10


def _is_refused_once(her: Visitor) -> None:
    page = her.page
    page.goto(f"/{her.language}/staff/sign-in")
    page.locator("[name=name]").fill("demo-editor")
    go_on(page, page.locator("main button"))
    expect(page.locator("#error-summary")).to_be_visible()
    if her.script:
        expect(page.locator("#error-summary")).to_be_focused()
    her.look(public=False)


def _opens(her: Visitor, page: Page, path: str) -> None:
    page.goto(path)
    her.look(public=False)


def _reads_a_submission_and_picks_a_quote(her: Visitor, home: str) -> None:
    page, language = her.page, by_segment(her.language)
    assert language is not None
    _opens(her, page, f"{home}/submissions?language={language.id}")
    go_on(page, page.locator("#submissions a, .table-frame a").first)
    her.look(public=False)
    picks = page.locator(".read-pick a")
    while not picks.count():
        go_on(page, page.locator("a[rel=next]"))
    said = page.locator(".read-answer:has(.read-pick) .written").first
    expect(said).to_have_attribute("lang", BY_ID[language.id].html)
    go_on(page, picks.first)
    her.look(public=False)
    words = page.locator("[name=words]").input_value()
    page.locator("[name=words]").fill("7 7 7")
    go_on(page, page.locator("main form .button").first)
    expect(page.locator("#error-summary")).to_be_visible()
    her.look(public=False)
    page.locator("[name=words]").fill(words)
    go_on(page, page.locator("main form .button").first)
    expect(page.locator("blockquote").first).to_have_text(words.strip())
    her.look(public=False)


def _sees_figures_by_sex(her: Visitor, home: str) -> None:
    page = her.page
    _opens(her, page, f"{home}/figures")
    page.locator("[name=by]").select_option("sex")
    go_on(page, page.locator(".filters button"))
    expect(page.locator("main table").first).to_be_attached()
    her.look(public=False)


def _writes_a_finding(her: Visitor, home: str) -> None:
    page, language = her.page, by_segment(her.language)
    assert language is not None
    page.goto(f"{home}/briefing")
    begin = page.locator('form[action$="/briefing/begin"] button')
    if begin.count():
        go_on(page, begin)
    her.look(public=False)
    go_on(page, page.locator('a[href$="/findings/add"]'))
    her.look(public=False)
    # The language a briefing was begun in needs words whatever page they are written on.
    for field in page.locator("textarea").all():
        field.fill(FINDING[her.language])
    go_on(page, page.locator("main form .button").first)
    her.look(public=False)
    options = page.locator("[name=row] option:not([value=''])")
    page.locator("[name=row]").select_option(options.first.get_attribute("value"))
    go_on(page, page.locator('form[action$="/tally"] button'))
    expect(page.locator("main .card")).to_have_count(1)
    her.look(public=False)
    page.goto(f"{home}/briefing")
    expect(page.locator("main")).to_contain_text(FINDING[her.language])
    her.look(public=False)


def _downloaded(page: Page, ending: str) -> bytes:
    """Press a link to a file and give what comes."""
    with page.expect_download() as coming:
        page.locator(f'main a[href$="{ending}"]').first.click()
    got: Download = coming.value
    return Path(got.path()).read_bytes()
