import pytest
from sqlalchemy import func, select

from consult.people import accounts
from consult.people.models import Person, Standing
from consult.safekeeping import audit
from consult.safekeeping.models import AuditEvent, Event
from tests.pages import Client
from tests.people.factories import ACCOUNT, PASSPHRASE, a_person, send, sign_in, signed_in, token

LANGUAGES = ["en", "fr", "fa-af", "ps"]
PEOPLE = "/en/staff/people"
INVITE = "/en/staff/people/invite"
OWN = "violin market snow ladder"


@pytest.fixture
def administrator(session, keeping):
    return a_person(session, keeping, name="Admin", standing=Standing.ADMINISTRATOR)


@pytest.fixture
def second(session, keeping):
    return a_person(
        session, keeping, name="Second", standing=Standing.ADMINISTRATOR, passphrase=OWN
    )


@pytest.fixture
def desk(app, administrator):
    return signed_in(app, "Admin")


def below(person: Person, page: str) -> str:
    return f"{PEOPLE}/{person.uid.hex()}/{page}"


def test_an_administrator_invites_and_is_shown_the_link_once(app, desk, session):
    page = send(desk, INVITE, {"name": "Palwasha", "standing": "editor"})
    assert page.status == 200
    link = page.tree.css_first("#invitation-link").text()
    assert link.startswith("http://localhost/en/staff/invitation/")
    assert link.rpartition("/")[2] not in desk.get(PEOPLE).html
    hers = Client(app)
    path = link.removeprefix("http://localhost")
    assert send(hers, path, {"passphrase": OWN, "passphrase_again": OWN}).status == 200
    assert sign_in(hers, passphrase=OWN).status == 303


def test_a_name_in_use_is_refused_beside_the_field_and_nothing_typed_is_lost(desk):
    page = send(desk, INVITE, {"name": "ADMIN", "standing": "member"})
    assert page.status == 422
    assert page.error_beside("Name").startswith("There is a person with this name")
    assert page.typed("Name") == "ADMIN"


@pytest.mark.parametrize("fields", [{}, {"name": "X", "standing": "god"}, {"standing": "member"}])
def test_a_form_that_is_not_whole_invites_nobody(desk, session, fields):
    assert send(desk, INVITE, fields).status == 422
    assert session.scalar(select(func.count()).select_from(Person)) == 1


def test_an_administrator_is_invited_by_two(desk, session, second):
    fields = {"name": "Third", "standing": "administrator"}
    alone = send(desk, INVITE, fields)
    assert alone.status == 422
    assert alone.error_beside("Name of a second administrator")
    by_two = {**fields, "second_name": "second", "second_passphrase": OWN}
    assert send(desk, INVITE, by_two).status == 200
    assert accounts.by_name(session, "Third").standing is Standing.ADMINISTRATOR


@pytest.mark.parametrize(
    ("name", "passphrase"),
    [("Admin", PASSPHRASE), ("Second", PASSPHRASE), ("Editor", PASSPHRASE), ("Nobody", OWN)],
)
def test_nobody_else_is_the_second_administrator(desk, session, keeping, second, name, passphrase):
    a_person(session, keeping, name="Editor")
    fields = {"second_name": name, "second_passphrase": passphrase}
    assert send(desk, below(second, "remove"), fields).status == 422
    session.rollback()
    assert not session.get_one(Person, second.id).removed


def test_two_remove_an_administrator(desk, session, keeping, second):
    third = a_person(session, keeping, name="Third", standing=Standing.ADMINISTRATOR)
    fields = {"second_name": "Second", "second_passphrase": OWN}
    assert send(desk, below(third, "remove"), fields).status == 303
    session.rollback()
    assert session.get_one(Person, third.id).removed
    event = session.scalars(select(AuditEvent).where(AuditEvent.kind == Event.REMOVAL)).one()
    assert event.subject == f"person={third.id} second={second.id}"


def test_removing_asks_first_and_then_ends_everything(app, desk, session, keeping):
    person = a_person(session, keeping)
    hers = signed_in(app)
    page = desk.get(below(person, "remove"))
    assert page.title == "Remove Palwasha"
    assert hers.get(ACCOUNT).status == 200
    assert send(desk, below(person, "remove")).location == PEOPLE
    assert hers.get(ACCOUNT).status == 303
    assert sign_in(hers).status == 422
    assert "Palwasha" not in desk.get(PEOPLE).text
    assert desk.get(below(person, "remove")).status == 404


def test_what_is_done_to_people_is_noted_by_number(desk, session, keeping, administrator):
    send(desk, INVITE, {"name": "Palwasha", "standing": "editor"})
    person = accounts.by_name(session, "Palwasha")
    send(desk, below(person, "remove"))
    session.rollback()
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    kinds = [Event.SIGN_IN, Event.INVITATION, Event.REMOVAL]
    assert [event.kind for event in events] == kinds
    assert {event.actor_id for event in events} == {administrator.id}
    assert "Palwasha" not in "".join(event.subject for event in events)
    assert audit.verify(session, desk.flask.application.extensions["secrets"]) is None


def test_a_forgotten_passphrase_is_mended_by_a_new_link(app, desk, session, keeping):
    person = a_person(session, keeping)
    page = send(desk, below(person, "invitation"))
    path = page.tree.css_first("#invitation-link").text().removeprefix("http://localhost")
    hers = Client(app)
    assert send(hers, path, {"passphrase": OWN, "passphrase_again": OWN}).status == 200
    assert sign_in(hers, passphrase=OWN).status == 303


@pytest.mark.parametrize("standing", [Standing.EDITOR, Standing.MEMBER])
@pytest.mark.parametrize("page", ["", "/invite", "/%(uid)s/invitation", "/%(uid)s/remove"])
def test_for_everybody_else_there_are_no_such_pages(app, session, keeping, standing, page):
    person = a_person(session, keeping, standing=standing)
    browser = signed_in(app)
    path = PEOPLE + page % {"uid": person.uid.hex()}
    assert browser.get(path).status == 404
    fields = {"csrf_token": token(browser.get(ACCOUNT))}
    assert browser.post(path, fields).status in (404, 405)


@pytest.mark.parametrize("uid", ["0" * 32, "x", "1 OR 1=1", "-1", "00"])
def test_an_id_that_nobody_has_is_not_found(desk, uid):
    assert desk.get(f"{PEOPLE}/{uid}/remove").status == 404
    assert desk.get(f"{PEOPLE}/{uid}/invitation").status == 404


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["account", "account/passphrase", "people", "people/invite"])
def test_pages_are_whole_in_every_language(desk, language, page):
    assert desk.get(f"/{language}/staff/{page}").status == 200


def test_the_account_page_says_who_one_is_and_what_went_wrong_before(client, session, keeping):
    a_person(session, keeping)
    for _ in range(2):
        sign_in(client, passphrase="not this one at all")
    sign_in(client)
    page = client.get(ACCOUNT)
    assert "Palwasha" in page.text
    assert "Editor" in page.text
    assert "2 wrong tries" in page.text.replace("There were ", "")


def change(browser, **fields):
    asked = {"current_passphrase": PASSPHRASE, "passphrase": OWN, "passphrase_again": OWN}
    return send(browser, "/en/staff/account/passphrase", {**asked, **fields})


def test_a_changed_passphrase_keeps_the_key_and_ends_the_other_sessions(
    app, session, keeping, client
):
    before = a_person(session, keeping).public_key
    here, there = signed_in(app), signed_in(app)
    assert change(here).location == ACCOUNT
    assert here.get(ACCOUNT).status == 200
    assert there.get(ACCOUNT).status == 303
    session.rollback()
    assert session.scalars(select(Person)).one().public_key == before
    assert sign_in(client).status == 422
    assert sign_in(client, passphrase=OWN).status == 303


def test_under_suspicion_a_new_key_is_made_and_every_session_ends(app, session, keeping, client):
    before = a_person(session, keeping).public_key
    here = signed_in(app)
    assert change(here, suspicion="y").status == 200
    assert here.get(ACCOUNT).status == 303
    session.rollback()
    assert session.scalars(select(Person)).one().public_key != before
    assert sign_in(client, passphrase=OWN).status == 303


def test_a_change_asks_for_the_passphrase_until_now(app, session, keeping, client):
    a_person(session, keeping)
    here = signed_in(app)
    page = change(here, current_passphrase="not this one at all")
    assert page.status == 422
    assert page.error_beside("Your passphrase until now").startswith("This is not your passphrase")
    assert OWN not in page.html
    assert sign_in(client).status == 303


def test_what_was_typed_when_a_session_ended_waits_and_is_sent_after_signing_in(
    desk, session, clock
):
    form = desk.get(INVITE)
    clock.move(minutes=20)
    typed = {**form.hidden(), "name": "Zarghona\u202e <b>", "standing": "editor"}
    ended = desk.post(INVITE, typed)
    assert ended.status == 409
    assert "Your session has expired" in ended.text
    held = {**ended.hidden(), "name": "Admin", "passphrase": PASSPHRASE}
    assert held["kept.name"] == "Zarghona\u202e <b>"
    action = ended.tree.css_first("form").attributes["action"]
    wrong = desk.post(action, {**held, "passphrase": "not this one at all"})
    assert wrong.hidden()["kept.name"] == "Zarghona\u202e <b>"
    back = desk.post(action, {**held, "csrf_token": token(wrong)})
    assert back.status == 200
    again = next(node for node in back.tree.css("main form") if node.attributes["action"] == INVITE)
    fields = {node.attributes["name"]: node.attributes["value"] for node in again.css("input")}
    assert desk.post(INVITE, fields).status == 200
    assert accounts.by_name(session, "Zarghona <b>").standing is Standing.EDITOR


def test_what_was_typed_is_kept_only_with_the_token_of_this_browser(app, administrator):
    stranger = Client(app)
    page = stranger.post(INVITE, {"name": "Palwasha", "standing": "editor", "csrf_token": "x"})
    assert page.status == 400
    assert "kept.name" not in page.html


def test_passphrases_never_wait_in_a_page(app, session, keeping, clock):
    a_person(session, keeping)
    here = signed_in(app)
    form = here.get("/en/staff/account/passphrase")
    clock.move(minutes=20)
    fields = {**form.hidden(), "current_passphrase": PASSPHRASE, "passphrase": OWN}
    ended = here.post("/en/staff/account/passphrase", fields)
    assert ended.status == 409
    assert PASSPHRASE not in ended.html
    assert OWN not in ended.html
    assert form.field("proposed_words").attributes["value"] not in ended.html


def test_signing_out_without_a_session_is_no_error(client):
    page = client.get("/en/staff/sign-in")
    answer = client.post("/en/staff/sign-out", {"csrf_token": token(page)})
    assert (answer.status, answer.location) == (303, "/en/staff/sign-in")
