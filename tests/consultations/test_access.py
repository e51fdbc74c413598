"""Roles and rights: unknown and forbidden are one answer, for pages and commands alike."""

import pytest
from flask import Blueprint, Flask

from consult.consultations import access, members
from consult.consultations.access import PERMISSIONS, Permission, Unlocked
from consult.consultations.models import Consultation, Role
from consult.frame import marks
from consult.people.models import Standing
from tests.consultations.factories import House, a_file, send

READS = {Permission.READ, Permission.COUNT, Permission.CODE, Permission.QUOTE, Permission.WRITE}


def test_only_editor_and_analyst_read():
    assert {role for role in Role if READS & PERMISSIONS[role]} == {Role.EDITOR, Role.ANALYST}
    assert all(PERMISSIONS[role] >= READS for role in (Role.EDITOR, Role.ANALYST))


def test_only_an_editor_edits_grants_approves_and_publishes():
    only_hers = {
        Permission.EDIT,
        Permission.GRANT,
        Permission.INVITE,
        Permission.APPROVE,
        Permission.CLEAR,
        Permission.PUBLISH,
    }
    assert {role for role in Role if only_hers & PERMISSIONS[role]} == {Role.EDITOR}


def test_an_observer_sees_what_is_published_and_nothing_else():
    assert PERMISSIONS[Role.OBSERVER] == {Permission.SEE}
    assert all(Permission.SEE in PERMISSIONS[role] for role in Role)


@pytest.fixture
def app(app: Flask) -> Flask:
    """With a page of each kind."""
    trial = Blueprint("trial", __name__, url_prefix="/<language:segment>/staff/<slug:slug>")

    @trial.get("/counted")
    @access.needs(Permission.COUNT)
    def counted(consultation: Consultation) -> str:
        return f"counted {consultation.slug}"

    @trial.get("/read")
    @access.unlocks(Permission.READ)
    def read(unlocked: Unlocked) -> str:
        return f"{unlocked.person.name} {len(unlocked.keys.content)}"

    app.register_blueprint(trial)
    return app


def test_the_marks_name_what_they_ask(app: Flask):
    found = marks.of(app)
    assert found["trial.counted"] == marks.Mark("needs", "count")
    assert found["trial.read"] == marks.Mark("unlocks", "read")


def test_an_editor_is_handed_her_consultation_and_its_keys(house: House):
    house.load()
    browser = house.browser()
    assert browser.flask.get("/en/staff/river-talks/counted").text == "counted river-talks"
    assert browser.flask.get("/en/staff/river-talks/read").text == "Farida 1"


def test_somebody_who_is_not_signed_in_is_led_to_the_sign_in(house: House):
    house.load()
    answer = house.app.test_client().get("/en/staff/river-talks/read")
    assert answer.status_code == 303
    assert "/staff/sign-in" in answer.location


@pytest.mark.parametrize("path", ["counted", "read"])
@pytest.mark.parametrize("who", ["stranger", "pending", "observer", "administrator", "other"])
def test_unknown_and_forbidden_are_one_answer(house: House, path, who):
    consultation = house.load().consultation
    standing = Standing.ADMINISTRATOR if who == "administrator" else Standing.EDITOR
    person = house.person("Olga", standing)
    if who == "pending":
        members.add(house.session, consultation, person, Role.EDITOR)
    if who == "observer":
        members.add(house.session, consultation, person, Role.OBSERVER)
    if who == "other":
        house.load(a_file(slug="her-own", code="hers1"), by=person)
    house.session.commit()
    browser = house.browser("Olga")
    forbidden = browser.get(f"/en/staff/river-talks/{path}")
    unknown = browser.get(f"/en/staff/no-such-talks/{path}")
    assert (forbidden.status, unknown.status) == (404, 404)
    assert forbidden.text == unknown.text


def test_a_command_opens_what_a_page_would(house: House):
    house.load()
    file = "nothing"
    said = house.command(
        *("users", "grant", "Nobody", "--role", "analyst", "--consultation", "river-talks"),
        *("--as", "Farida", "--passphrase-file", file),
        code=1,
    )
    assert said == "Error: the passphrase cannot be read from nothing\n"


@pytest.mark.parametrize("slug", ["river-talks", "no-such-talks"])
def test_a_command_tells_a_stranger_nothing(house: House, slug):
    house.load()
    house.person("Olga", Standing.EDITOR)
    said = house.command(
        *("users", "grant", "Olga", "--role", "analyst", "--consultation", slug, "--as", "Olga"),
        code=1,
    )
    assert said == f"Error: Olga has no consultation '{slug}' in which she may do this\n"


def test_a_wrong_passphrase_is_one_line(house: House, tmp_path):
    house.load()
    (tmp_path / "wrong").write_text("not hers at all, no\n")
    said = house.command(
        *("consultations", "drill", "river-talks", "--as", "Farida"),
        *("--passphrase-file", str(tmp_path / "wrong")),
        code=1,
    )
    assert said.startswith("Error: ")
    assert said.count("\n") == 1


def test_a_page_posted_without_a_token_does_nothing(house: House):
    consultation = house.opened()
    browser = house.browser()
    assert browser.post("/en/staff/river-talks/opening/close").status in (400, 403)
    house.look()
    assert consultation.state.value == "open"
    page = send(
        browser,
        "/en/staff/river-talks/opening/close",
        seen="/en/staff/river-talks/opening",
    )
    assert page.status == 303
