"""The pages: people, opening, closing, drill."""

from datetime import date

import pytest

from consult.consultations import lifecycle, members
from consult.consultations.models import Role, State
from consult.people import accounts
from consult.people.models import Standing
from consult.safekeeping import keys
from tests.consultations.factories import TODAY, House, a_document, a_file, send, words
from tests.pages import Client

HOME = "/en/staff/river-talks"
OPENING, PEOPLE, DRILL = f"{HOME}/opening", f"{HOME}/people", f"{HOME}/drill"
LOW = {"risk_level": "low", "risk_reason": "Nobody is named.", "places": ["KE"]}


def days(first: date, last: date) -> dict[str, str]:
    return {
        f"{name}.{part}": value
        for name, day in (("opens_on", first), ("closes_on", last))
        for part, value in (
            ("day", str(day.day)),
            ("month", str(day.month)),
            ("year", str(day.year)),
            ("calendar", "gregorian"),
        )
    }


def test_the_way_from_draft_to_closed_by_two_editors(house: House):
    consultation = house.load().consultation
    second = house.person("Zarghuna")
    members.add(house.session, consultation, second, Role.EDITOR)
    house.session.commit()
    farida = house.browser()
    page = farida.get(OPENING)
    assert "It can be opened once every step is done." in page.text
    assert "It is another editor’s turn" in page.text
    assert "It is the turn of whoever keeps a paper key" in page.text

    send(farida, f"{OPENING}/days", days(TODAY, date(2026, 12, 20)), seen=OPENING)
    for paper in house.papers:
        assert send(farida, DRILL, {"words": paper}).status == 303
    granted = send(farida, f"{PEOPLE}/{second.uid.hex()}/grant", seen=PEOPLE)
    assert granted.status == 303

    zarghuna = house.browser("Zarghuna")
    assert "It is your turn: read the questionnaire" in zarghuna.get(OPENING).text
    assert send(zarghuna, f"{OPENING}/approve", seen=OPENING).status == 303

    assert "Everything is there." in farida.get(OPENING).text
    assert send(farida, f"{OPENING}/open", seen=OPENING).status == 303
    house.look()
    assert consultation.listens(TODAY)
    assert "The consultation is open." in farida.get(OPENING).text

    assert send(farida, f"{OPENING}/close", seen=OPENING).status == 303
    house.look()
    assert (consultation.state, consultation.closed_on) == (State.CLOSED, TODAY)
    assert "Close the consultation" not in farida.get(OPENING).text


def reviewed(house: House) -> Client:
    """The browser of a second editor, who holds the key of a draft that she did not load."""
    consultation = house.load().consultation
    second = house.person("Zarghuna")
    members.add(house.session, consultation, second, Role.EDITOR)
    house.session.commit()
    send(house.browser(), f"{PEOPLE}/{second.uid.hex()}/grant", seen=PEOPLE)
    return house.browser("Zarghuna")


def test_the_second_person_reads_what_she_approves_in_the_language_of_the_page(house: House):
    zarghuna = reviewed(house)
    assert "Read the questionnaire and its translations" in zarghuna.get(OPENING).text
    for segment, language in (("en", "en"), ("fr", "fr"), ("fa-af", "fa_AF"), ("ps", "ps")):
        page = zarghuna.get(f"/{segment}/staff/river-talks/questionnaire")
        assert page.status == 200
        # Title, asks, purpose and use; a section; two questions, one with `why`; three choices.
        assert page.text.count(words()[language]) >= 11


def test_what_was_replaced_since_she_looked_is_not_approved(house: House):
    zarghuna = reviewed(house)
    seen = zarghuna.get(OPENING).field("seen").attributes["value"] or ""
    changed = words(en="Other words")
    house.look()
    house.load(a_file(texts=dict.fromkeys(("title", "asks", "purpose", "use"), changed)))
    assert send(zarghuna, f"{OPENING}/approve", {"seen": seen}, seen=OPENING).status == 409
    seen = zarghuna.get(OPENING).field("seen").attributes["value"] or ""
    assert send(zarghuna, f"{OPENING}/approve", {"seen": seen}, seen=OPENING).status == 303


def test_opening_too_early_answers_with_what_is_missing(house: House):
    consultation = house.load().consultation
    page = send(house.browser(), f"{OPENING}/open", seen=OPENING)
    assert page.status == 409
    assert "It is your turn: set both days below." in page.text
    house.look()
    assert consultation.state is State.DRAFT


def test_the_maker_cannot_approve_by_hand_either(house: House):
    consultation = house.load().consultation
    page = send(house.browser(), f"{OPENING}/approve", seen=OPENING)
    assert page.status == 409
    gates = {one.gate for one in lifecycle.missing(house.session, consultation, TODAY)}
    assert lifecycle.Gate.SECOND_PERSON in gates


def test_a_last_day_before_the_first_is_refused_beside_it_and_stays_typed(house: House):
    house.load()
    page = send(house.browser(), f"{OPENING}/days", days(TODAY, date(2026, 11, 1)), seen=OPENING)
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert "Choose a day after the first day." in page.text
    assert page.field("closes_on.day").attributes["value"] == "1"


def test_the_days_are_understood_in_dari_digits_and_calendar(house: House):
    consultation = house.load().consultation
    typed = {
        "opens_on.day": "۴",
        "opens_on.month": "9",
        "opens_on.year": "۱۴۰۵",
        "opens_on.calendar": "solar_hijri",
        "closes_on.day": "۱",
        "closes_on.month": "10",
        "closes_on.year": "۱۴۰۵",
        "closes_on.calendar": "solar_hijri",
    }
    path = "/fa-af/staff/river-talks/opening"
    assert send(house.browser(), f"{path}/days", typed, seen=path).status == 303
    house.look()
    assert (consultation.opens_on, consultation.closes_on) == (TODAY, date(2026, 12, 22))


def test_at_risk_level_low_the_editor_names_somebody_else(house: House):
    consultation = house.load(a_file(**LOW)).consultation
    house.person("Zarghuna")
    browser, path = house.browser(), f"{OPENING}/second"
    for name in ("Farida", "Nobody at all"):
        page = send(browser, path, {"second_name": name}, seen=OPENING)
        assert page.status == 422
        assert page.error_beside("Name of the second person").startswith("Enter the name of somebo")
        assert page.typed("Name of the second person") == name
    assert send(browser, path, {"second_name": "Zarghuna"}, seen=OPENING).status == 303
    house.look()
    assert consultation.risk_second_id is not None


def test_a_wrong_paper_key_is_refused_and_never_shown_again(house: House):
    house.load()
    words_ = house.papers[0].split()
    words_[3], words_[4] = words_[4], words_[3]
    page = send(house.browser(), DRILL, {"words": " ".join(words_)})
    assert page.status == 422
    assert "These words are no paper key" in page.text
    assert " ".join(words_[:6]) not in page.html


def test_a_new_version_waits_on_the_page_until_a_second_editor_approves(house: House):
    consultation = house.opened()
    second = house.person("Zarghuna")
    given = {**a_document()["texts"], "title": words(en="Other words")}
    house.load(a_file(texts=given))
    members.add(house.session, consultation, second, Role.EDITOR)
    house.session.commit()
    farida = house.browser()
    send(farida, f"{PEOPLE}/{second.uid.hex()}/grant", seen=PEOPLE)
    assert "A new version of the questionnaire waits" in farida.get(OPENING).text
    zarghuna = house.browser("Zarghuna")
    assert send(zarghuna, f"{OPENING}/approve", seen=OPENING).status == 303
    assert "A new version of the questionnaire waits" not in farida.get(OPENING).text


def test_somebody_new_gets_a_link_and_waits(house: House):
    consultation = house.load().consultation
    page = send(house.browser(), f"{PEOPLE}/add", {"name": "Olga", "role": "analyst"})
    assert page.status == 200
    link = page.tree.css_first("#invitation-link").text().strip()
    path = "/" + link.split("/", 3)[3]
    assert house.app.test_client().get(path).status_code == 200
    olga = accounts.by_name(house.session, "Olga")
    assert olga.standing is Standing.MEMBER
    member = members.find(house.session, consultation, olga.id)
    assert member is not None
    assert not members.is_active(house.session, member)


def test_somebody_with_an_account_is_added_and_given_access(house: House):
    consultation = house.load().consultation
    olga = house.person("Olga")
    browser = house.browser()
    page = send(browser, f"{PEOPLE}/add", {"name": "olga", "role": "analyst"})
    assert page.status == 303
    assert "Give Olga access" in browser.get(PEOPLE).text
    send(browser, f"{PEOPLE}/{olga.uid.hex()}/grant", seen=PEOPLE)
    house.look()
    assert keys.holds(house.session, person_id=olga.id, consultation_id=consultation.id)
    assert "Waits" not in browser.get(PEOPLE).text


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("Adela", "This is an administrator, who has no role in a consultation."),
        ("Farida", "She has a role in this consultation already."),
        ("‌", "Write the name in letters, on one line."),
        ("", "Enter a name."),
    ],
)
def test_who_cannot_be_added_is_refused_beside_the_name(house: House, name, error):
    house.load()
    house.person("Adela", Standing.ADMINISTRATOR)
    page = send(house.browser(), f"{PEOPLE}/add", {"name": name, "role": "analyst"})
    assert page.status == 422
    assert page.error_beside("Name").startswith(error)


@pytest.mark.parametrize("uid", ["00" * 16, "zz", "0"])
def test_access_for_somebody_unknown_is_a_404(house: House, uid):
    house.load()
    assert send(house.browser(), f"{PEOPLE}/{uid}/grant", seen=PEOPLE).status == 404


def test_access_for_somebody_who_does_not_belong_to_it_is_a_404(house: House):
    consultation, olga = house.load().consultation, house.person("Olga")
    page = send(house.browser(), f"{PEOPLE}/{olga.uid.hex()}/grant", seen=PEOPLE)
    assert page.status == 404
    assert not keys.holds(house.session, person_id=olga.id, consultation_id=consultation.id)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.EDITOR])
@pytest.mark.parametrize("path", [OPENING, PEOPLE, f"{PEOPLE}/add", DRILL])
def test_only_editors_have_these_pages(house: House, role, path):
    consultation, olga = house.load().consultation, house.person("Olga")
    members.add(house.session, consultation, olga, role)
    house.session.commit()
    assert house.browser("Olga").get(path).status == 404


@pytest.mark.parametrize("segment", ["fr", "fa-af", "ps"])
def test_the_pages_stand_in_every_language(house: House, segment):
    house.load()
    browser = house.browser()
    for path in (OPENING, PEOPLE, f"{PEOPLE}/add", DRILL):
        assert browser.get(path.replace("/en/", f"/{segment}/")).status == 200
