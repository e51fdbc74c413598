"""A respondent at her phone: what she answers, and how she fills a page that shows it."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from playwright.sync_api import Locator, Page

FORWARD = ".actions button:first-of-type"
OWN_DIGITS = {"fa-af": "۰۱۲۳۴۵۶۷۸۹", "ps": "۰۱۲۳۴۵۶۷۸۹"}
SENTENCES = {
    "en": "We need safe roads to the clinic.",
    "fr": "Nous demandons des routes sûres vers le centre de santé.",
    "fa-af": "ما راه‌های امن تا کلینیک می‌خواهیم.",
    "ps": "موږ تر کلینیک پورې خوندي لارې غواړو.",
}
ORGANISATIONS = {
    "en": "Example Women’s Network (north)",
    "fr": "Réseau Exemple des femmes",
    "fa-af": "شبکهٔ نمونهٔ زنان",
    "ps": "د ښځو د بېلګې شبکه",
}
Answers = Mapping[str, Sequence[str]]


def digits(number: str, language: str) -> str:
    """Give a number in the digits that the keyboard of a language types."""
    return number.translate(str.maketrans("0123456789", OWN_DIGITS.get(language, "0123456789")))


def answers(language: str) -> dict[str, list[str]]:
    """Give one whole set of answers, each question type once, as a person types them."""
    words = SENTENCES[language]

    def typed(number: int) -> list[str]:
        return [digits(str(number), language)]

    solar = language in OWN_DIGITS
    return {
        "needs": ["health", "other"],
        "needs.other": [words],
        "needs_words": [words],
        "clinic_hours": typed(3),
        "girls_in_school": typed(6),
        "speaking_safety": ["unsafe"],
        "threats": ["undisclosed"],
        "mission_contact": ["in_person"],
        "last_contact.day": typed(12),
        "last_contact.month": ["5"],
        "last_contact.year": typed(1404 if solar else 2025),
        "last_contact.calendar": ["solar_hijri" if solar else "gregorian"],
        "trust.listens_women": ["agree"],
        "trust.reaches_rural": ["disagree"],
        "trust.protects": ["neither"],
        "trust.explains": ["strongly_agree"],
        **{
            f"tasks.{task}": typed(rank)
            for rank, task in enumerate(
                ("women_at_table", "protect", "monitor_rights", "aid_access", "local_peace"), 1
            )
        },
        "mandate_words": [words],
        "recommendation.text": [words],
        "recommendation.addressee": ["un_missions"],
        "sex": ["woman"],
        "age_band": ["18_29"],
        "place": ["AF-BAL"],
        "setting": ["rural"],
        "displacement": ["host"],
        "disability": ["no"],
        "minority": ["undisclosed"],
        "organisation_kind": ["women_led"],
        "people.women_18_29": typed(7),
        "consent.use": ["quote_attributed"],
        "organisation.name": [ORGANISATIONS[language]],
    }


def begin(page: Page, language: str, code: str) -> None:
    """Open a consultation from the list of those that are open, as somebody who was told of it."""
    page.goto(f"/{language}/")
    go_on(page, page.locator(f'a[href$="/{language}/{code}"]'))


def fill(page: Page, given: Answers) -> list[str]:
    """Fill what the page asks and these answers hold; gives the names that were filled."""
    filled = []
    for name, values in given.items():
        controls = page.locator(f'[name="{name}"]:not([type=hidden])')
        if controls.count():
            _fill(controls, values)
            filled.append(name)
    return filled


def press(page: Page, go: str) -> None:
    """Press a button of the form by what it does."""
    go_on(page, page.locator(f'button[name=go][value="{go}"]:not(.away)').first)


def forward(page: Page) -> str:
    """Press the way forward, and say which it was."""
    button = page.locator(FORWARD)
    go = button.get_attribute("value") or ""
    go_on(page, button)
    return go


def go_on(page: Page, pressed: Locator) -> None:
    """Press what leads to another page, and wait until that is there whole."""
    with page.expect_navigation():
        pressed.click()


def steps(page: Page, given: Answers) -> Iterator[str]:
    """Walk to the page before the receipt; gives, filled, each step before it is left."""
    while page.locator("#receipt-code").count() == 0:
        fill(page, given)
        yield page.locator(FORWARD).get_attribute("value") or ""
        forward(page)


def walk(page: Page, given: Answers, look: Callable[[Page], None] = lambda _: None) -> str:
    """Answer everything, send it, and give the receipt code."""
    for _ in steps(page, given):
        look(page)
    return code_on(page)


def code_on(page: Page) -> str:
    """Give the receipt code that the page shows, as it shows it."""
    return page.locator("#receipt-code").inner_text()


def held(page: Page) -> dict[str, list[str]]:
    """Give what the page's fields hold at this moment, by name; empty ones are left out."""
    found: dict[str, list[str]] = page.evaluate(
        """() => {
          const found = {};
          for (const e of document.querySelectorAll("input, select, textarea")) {
            if (["hidden", "submit"].includes(e.type)) continue;
            if (["radio", "checkbox"].includes(e.type) && !e.checked) continue;
            if (e.name && e.value.trim()) (found[e.name] ||= []).push(e.value);
          }
          return found;
        }"""
    )
    return found


def _fill(controls: Locator, values: Sequence[str]) -> None:
    first = controls.first
    kind = first.evaluate("e => e.type")
    if kind in ("radio", "checkbox"):
        for value in values:
            controls.and_(controls.page.locator(f'[value="{value}"]')).check()
    elif kind == "select-one":
        first.select_option(values[0])
    else:
        first.fill(values[0])
