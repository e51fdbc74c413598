"""Somebody answers on her phone, from the list of open consultations to the report-back."""

from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import respondent
from tests.journeys.conftest import Visitor, Visits
from tests.journeys.installation import CODE

pytestmark = pytest.mark.journey

LANGUAGES = ["en", "fr", "fa-af", "ps"]
OTHER = {"en": "ps", "ps": "en", "fr": "fa-af", "fa-af": "fr"}
FAST = [("ps", "phone", True), ("en", "phone", True)]
FAST += [("fa-af", "desktop", False), ("fr", "desktop", False)]
REST = [way for way in product(LANGUAGES, ("phone", "desktop"), (True, False)) if way not in FAST]
WAYS = [*FAST, *(pytest.param(*way, marks=pytest.mark.long) for way in REST)]


@pytest.mark.parametrize(("language", "size", "script"), WAYS)
def test_she_answers_sends_and_comes_back_to_read_what_became_of_it(
    visit: Visits, language: str, size: str, script: bool
) -> None:
    her = visit(language, size, script=script)
    page, given = her.page, respondent.answers(language)
    respondent.begin(page, language, CODE)
    her.look()
    respondent.forward(page)

    respondent.fill(page, given)
    _mistypes_once(her, "girls_in_school", given["girls_in_school"][0])
    respondent.forward(page)
    _goes_back_and_finds_all(page, given)
    _switches_language(her)

    reached_consent = False
    for go in respondent.steps(page, given):
        her.look()
        if go == "next" and page.locator("button[value^='section:']").count():
            _finds_answers_to_check(page, language)
        reached_consent = reached_consent or go == "send"
    assert reached_consent

    her.look()
    code = respondent.code_on(page)
    respondent.press(page, "kept")
    expect(page.locator("#receipt-code")).to_have_count(0)
    assert code not in page.content()
    her.look()
    _comes_back(her, code)


def _mistypes_once(her: Visitor, name: str, right: str) -> None:
    """She types a word where a number belongs, and is told where, with nothing lost."""
    page = her.page
    field = page.locator(f'[name="{name}"]')
    before = respondent.held(page)
    field.fill("؟؟")
    respondent.forward(page)
    expect(page.locator("#error-summary")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("؟؟")
    assert respondent.held(page) == {**before, name: ["؟؟"]}
    if her.script:
        expect(page.locator("#error-summary")).to_be_focused()
    link = page.locator("#error-summary a").first
    assert link.inner_text() == page.locator(".field-error").first.inner_text()
    her.look()
    link.click()
    if her.script:
        expect(field).to_be_focused()
    field.fill(right)


def _goes_back_and_finds_all(page: Page, given: respondent.Answers) -> None:
    respondent.press(page, "back")
    held = respondent.held(page)
    for name in ("needs", "needs_words", "clinic_hours", "girls_in_school"):
        assert held[name] == list(given[name])


def _switches_language(her: Visitor) -> None:
    """She looks at the page in another language, half-filled, and comes back to her own."""
    page, other = her.page, OTHER[her.language]
    before = respondent.held(page)
    respondent.press(page, f"lang:{other}")
    assert f"/{other}/{CODE}" in page.url
    assert respondent.held(page) == before
    her.look()
    respondent.press(page, f"lang:{her.language}")
    assert respondent.held(page) == before


def _finds_answers_to_check(page: Page, language: str) -> None:
    main = page.locator("main")
    expect(main).to_contain_text(respondent.SENTENCES[language])
    expect(main).to_contain_text(respondent.digits("7", language))


def _comes_back(her: Visitor, code: str) -> None:
    page, language = her.page, her.language
    respondent.go_on(page, page.locator(f'.foot a[href$="/{language}/receipt"]'))
    her.look()
    page.locator("[name=code]").fill("1234")
    respondent.go_on(page, page.locator("main button"))
    expect(page.locator("#error-summary")).to_be_visible()
    her.look()
    page.locator("[name=code]").fill(code)
    respondent.go_on(page, page.locator("main button"))
    expect(page.locator("[name=code]")).to_have_count(0)
    assert respondent.SENTENCES[language] not in page.content()
    her.look()
    respondent.go_on(page, page.locator(f'a[href$="/{CODE}/report"]'))
    assert page.url.endswith(f"/{language}/{CODE}/report")
    expect(page.locator("main h2").first).to_be_visible()
    her.look()
