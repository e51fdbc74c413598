import threading
from dataclasses import replace
from hashlib import blake2b

import pytest
from flask import Flask, flash
from flask import session as flask_session
from sqlalchemy import func, select

from config.settings import Profile
from consult.people import accounts, sessions
from consult.people.models import StaffSessionRow, Standing
from consult.people.sessions import Token
from consult.safekeeping.envelope import Tampered, open_session
from tests.pages import Client
from tests.people.conftest import create_app
from tests.people.factories import ACCOUNT, SIGN_IN, a_person, cookie, sign_in, signed_in, stored


@pytest.fixture
def person(session, keeping):
    return a_person(session, keeping)


@pytest.fixture
def browser(app, person):
    return signed_in(app)


def rows(session) -> int:
    session.rollback()  # and so look anew
    return session.scalar(select(func.count()).select_from(StaffSessionRow))


def restarted(settings, clock, browser) -> Client:
    """The same browser before a server that was started anew over the same database."""
    client = Client(create_app(settings, clock=clock))
    client.flask.set_cookie("consult", cookie(browser))
    return client


def test_looking_at_the_sign_in_page_makes_no_row(client, session, person):
    assert client.get(SIGN_IN).status == 200
    assert cookie(client)
    assert rows(session) == 0


def test_a_cookie_without_this_servers_half_opens_nothing(settings, clock, browser):
    assert browser.get(ACCOUNT).status == 200
    assert restarted(settings, clock, browser).get(ACCOUNT).status == 303


def test_a_server_that_is_given_the_same_half_goes_on(settings, clock, session, keeping, app):
    half = sessions.new_server_half()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(sessions.SERVER_HALF, half)
        first, second = (create_app(settings, clock=clock) for _ in range(2))
    a_person(session, keeping)
    browser = signed_in(first)
    other = Client(second)
    other.flask.set_cookie("consult", cookie(browser))
    assert other.get(ACCOUNT).status == 200


def test_the_database_opens_no_session_without_the_cookies_half(app, browser, session, person):
    row = session.scalars(select(StaffSessionRow)).one()
    rows_of_app = app.session_interface.rows
    right = Token.read(cookie(browser))
    opened = open_session(row.blob, id_hash=row.id_hash, key=rows_of_app._key(right))
    assert bytes.fromhex(opened["key"])
    wrong = blake2b(bytes(32), key=rows_of_app._server_half, digest_size=32).digest()
    with pytest.raises(Tampered):
        open_session(row.blob, id_hash=row.id_hash, key=wrong)


def test_neither_token_nor_key_lies_in_the_database_file(app, browser, session, instance):
    row = session.scalars(select(StaffSessionRow)).one()
    token = Token.read(cookie(browser))
    value = open_session(row.blob, id_hash=row.id_hash, key=app.session_interface.rows._key(token))
    disk = stored(session, instance)
    assert row.id_hash in disk
    for needle in (token.half, token.text.encode(), bytes.fromhex(value["key"])):
        assert needle not in disk
    assert value["key"].encode() not in disk


def test_the_token_changes_at_sign_in_and_at_sign_out(client, person):
    client.get(SIGN_IN)
    before = cookie(client)
    sign_in(client)
    during = cookie(client)
    assert during != before
    page = client.get(ACCOUNT)
    client.post("/en/staff/sign-out", {"csrf_token": page.field("csrf_token").attributes["value"]})
    assert cookie(client) not in (before, during)


def test_a_token_from_before_sign_in_is_worth_nothing_afterwards(app, client, person):
    client.get(SIGN_IN)
    planted = cookie(client)
    sign_in(client)
    thief = Client(app)
    thief.flask.set_cookie("consult", planted)
    assert thief.get(ACCOUNT).status == 303


def test_signing_out_ends_the_session_on_the_server(app, browser, session):
    old = cookie(browser)
    page = browser.get(ACCOUNT)
    browser.post("/en/staff/sign-out", {"csrf_token": page.field("csrf_token").attributes["value"]})
    assert rows(session) == 0
    thief = Client(app)
    thief.flask.set_cookie("consult", old)
    assert thief.get(ACCOUNT).status == 303


def test_fifteen_idle_minutes_end_it(browser, clock):
    clock.move(minutes=14)
    assert browser.get(ACCOUNT).status == 200
    clock.move(minutes=14)
    assert browser.get(ACCOUNT).status == 200
    clock.move(minutes=15)
    assert browser.get(ACCOUNT).status == 303


def test_eight_hours_end_it_however_busy_she_is(browser, clock):
    for _ in range(47):
        clock.move(minutes=10)
        assert browser.get(ACCOUNT).status == 200
    clock.move(minutes=10)
    assert browser.get(ACCOUNT).status == 303


def test_a_clock_set_back_by_a_year_ends_it(browser, clock):
    clock.move(days=-365)
    assert browser.get(ACCOUNT).status == 303


def test_the_cookie_is_strict_and_closed_to_scripts(client):
    header = client.get(SIGN_IN).headers["Set-Cookie"]
    assert header.startswith("consult=")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in header
    assert "Secure" not in header
    assert "Expires" not in header


@pytest.mark.parametrize("bad", ["", "x", "a" * 64, "é", "AAAA", "=" * 64, "A" * 63 + "é"])
def test_a_cookie_that_is_none_of_ours_is_replaced(app, bad):
    client = Client(app)
    answer = client.flask.get(SIGN_IN, headers={"Cookie": f"consult={bad}"})
    assert answer.status_code == 200
    if bad != "a" * 64:
        assert "Set-Cookie" in answer.headers


def test_a_public_page_reads_no_session_and_refuses_to_write_one(app):
    with app.test_request_context("/en/"):
        assert flask_session.get("_user_id") is None
        with pytest.raises(RuntimeError):
            flask_session["x"] = 1
        with pytest.raises(RuntimeError):
            flash("x")


def test_somebody_put_into_a_session_by_hand_is_refused(app, person):
    with app.test_request_context(SIGN_IN):
        flask_session["_user_id"] = str(person.id)
        with pytest.raises(RuntimeError, match="without a new token"):
            app.session_interface.save_session(app, sessions.current(), app.response_class())


def test_no_hash_of_address_or_browser_is_stored(app, browser, session):
    row = session.scalars(select(StaffSessionRow)).one()
    key = app.session_interface.rows._key(Token.read(cookie(browser)))
    data = open_session(row.blob, id_hash=row.id_hash, key=key)["data"]
    assert set(data) <= {"_user_id", "_fresh", "failed_before"}


def test_a_removed_person_cannot_go_on(browser, session, person):
    accounts.remove(session, session.merge(person))
    session.commit()
    assert browser.get(ACCOUNT).status == 303
    assert rows(session) == 0


def test_a_changed_standing_acts_on_the_next_request(app, session, keeping):
    person = a_person(session, keeping, standing=Standing.ADMINISTRATOR)
    browser = signed_in(app)
    assert browser.get("/en/staff/people").status == 200
    person.standing = Standing.MEMBER
    session.commit()
    assert browser.get("/en/staff/people").status == 404


def test_a_row_that_was_ended_during_a_request_does_not_come_back(app, browser, session, clock):
    clock.move(minutes=1)
    with app.test_request_context(ACCOUNT, headers={"Cookie": f"consult={cookie(browser)}"}):
        held = sessions.current()
        assert held.account
        app.session_interface.rows.drop(held.token.id_hash)
        app.session_interface.save_session(app, held, app.response_class())
    assert rows(session) == 0


def test_what_hangs_on_a_sitting_goes_when_the_session_ends(app, browser, clock):
    rows_of_app, database = app.session_interface.rows, app.extensions["database"]
    id_hash = Token.read(cookie(browser)).id_hash
    sitting = rows_of_app.sitting(id_hash)
    rows_of_app.sweep(database, now=clock())
    assert rows_of_app.sitting(id_hash) is sitting
    clock.move(minutes=16)
    rows_of_app.sweep(database, now=clock())
    assert id_hash not in rows_of_app._sittings


def test_a_sitting_is_forgotten_when_another_process_signs_out(app, settings, clock, browser):
    rows_of_app = app.session_interface.rows
    id_hash = Token.read(cookie(browser)).id_hash
    rows_of_app.sitting(id_hash)
    elsewhere = create_app(settings, clock=clock)
    with elsewhere.app_context():
        elsewhere.session_interface.rows.drop(id_hash)
    rows_of_app.sweep(app.extensions["database"], now=clock())
    assert id_hash not in rows_of_app._sittings


def test_the_sweep_leaves_living_sessions_alone(app, browser, session, clock):
    clock.move(minutes=10)
    app.session_interface.rows.sweep(app.extensions["database"], now=clock())
    assert rows(session) == 1
    assert browser.get(ACCOUNT).status == 200


def test_signing_in_twice_in_one_browser_leaves_one_session(app, browser, session):
    page = browser.get(ACCOUNT)
    token = page.field("csrf_token").attributes["value"]
    fields = {"csrf_token": token, "name": "Palwasha", "passphrase": "tulip rain seven rivers"}
    assert browser.post(SIGN_IN, fields).status == 303
    assert rows(session) == 1


def test_one_may_sign_out_everywhere(app, session, person):
    here, there = signed_in(app), signed_in(app)
    assert rows(session) == 2
    page = here.get(ACCOUNT)
    token = page.field("csrf_token").attributes["value"]
    assert here.post("/en/staff/account/sessions/end", {"csrf_token": token}).status == 303
    assert rows(session) == 0
    assert there.get(ACCOUNT).status == 303
    assert here.get(ACCOUNT).status == 303


def test_in_production_the_cookie_is_bound_to_the_host(settings, clock):

    app = Flask("x")
    app.extensions["settings"] = replace(settings, profile=Profile.PRODUCTION)
    sessions.install(app)
    assert app.session_interface.get_cookie_name(app) == "__Host-consult"
    assert app.session_interface.get_cookie_secure(app) is True
    assert app.session_interface.get_cookie_path(app) == "/"


def test_send_needs_the_token_of_this_browser(app, client, person):
    other = Client(app)
    stolen = other.get(SIGN_IN).field("csrf_token").attributes["value"]
    client.get(SIGN_IN)
    fields = {"csrf_token": stolen, "name": "Palwasha", "passphrase": "tulip rain seven rivers"}
    assert client.post(SIGN_IN, fields).status == 400
    assert client.post(SIGN_IN, {**fields, "csrf_token": ""}).status == 400
    assert client.get(ACCOUNT).status == 303


def test_a_post_from_elsewhere_is_refused_even_with_a_token(browser):
    page = browser.get(ACCOUNT)
    fields = {"csrf_token": page.field("csrf_token").attributes["value"]}
    path = "/en/staff/account/sessions/end"
    assert browser.post(path, fields, Origin="https://evil.example").status == 403
    assert browser.post(path, fields, **{"Sec_Fetch_Site": "same-site"}).status == 403
    assert browser.get(ACCOUNT).status == 200


def test_a_token_still_holds_after_an_hour_without_sending(client, person, clock):
    page = client.get(SIGN_IN)
    clock.move(hours=3)
    fields = {
        "csrf_token": page.field("csrf_token").attributes["value"],
        "name": "Palwasha",
        "passphrase": "tulip rain seven rivers",
    }
    assert client.post(SIGN_IN, fields).status == 303


CROSS = {"Sec_Fetch_Site": "cross-site"}


@pytest.mark.parametrize("path", [ACCOUNT, SIGN_IN, "/en/staff/invitation/x?a=1"])
def test_a_link_from_another_site_leads_to_a_page_that_sets_no_cookie(client, path):
    page = client.get(path, **CROSS)
    assert page.status == 200
    assert "Set-Cookie" not in page.headers
    assert page.tree.css_first("main a.button").attributes["href"] == path


def test_a_link_from_another_site_does_not_sign_her_out(app, browser):
    # The browser keeps the strict cookie to itself on the way here.
    held = cookie(browser)
    browser.flask.delete_cookie("consult")
    assert browser.get(ACCOUNT, **CROSS).status == 200
    assert cookie(browser) == ""
    browser.flask.set_cookie("consult", held)
    assert browser.get(ACCOUNT, **{"Sec_Fetch_Site": "same-origin"}).title == "Your account"


def test_a_worker_starts_one_sweeping_thread_at_its_first_staff_request(settings, clock):
    app = create_app(replace(settings, profile=Profile.DEVELOPMENT), clock=clock)
    client = Client(app)

    def sweeping() -> int:
        return sum(thread.name == "sessions" for thread in threading.enumerate())

    before = sweeping()
    client.get(SIGN_IN)
    client.get(SIGN_IN)
    assert sweeping() == before + 1
