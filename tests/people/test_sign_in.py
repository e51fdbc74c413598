import json
import unicodedata
from pathlib import Path

import pytest
from nacl import bindings
from sqlalchemy import select

from consult.errors import Busy
from consult.languages import formats
from consult.people import accounts, invitations, sign_in
from consult.people.models import Person, Standing
from consult.people.sign_in import NotRight
from consult.safekeeping import argon, audit
from consult.safekeeping.models import AuditEvent, Event
from tests.people import factories
from tests.people.factories import ACCOUNT, PASSPHRASE, SIGN_IN, a_person

HOSTILE = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "hostile_inputs.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture
def person(session, keeping):
    return a_person(session, keeping)


@pytest.fixture
def check(app, keeping, clock):
    """Sign in without a browser, at the clock's moment."""

    def call(name="Palwasha", passphrase=PASSPHRASE):
        database = app.extensions["database"]
        return sign_in.check(database, name, passphrase, keeping=keeping, now=clock())

    return call


@pytest.fixture
def hashes(monkeypatch):
    """Counts the slow hashes, and makes them all the same."""
    counted = []
    slow = bindings.crypto_pwhash_alg

    def spy(*args, **values):
        counted.append(args[3:])
        return slow(*args, **values)

    monkeypatch.setattr(bindings, "crypto_pwhash_alg", spy)
    return counted


def fail(check, times, **said):
    for _ in range(times):
        with pytest.raises(NotRight):
            check(**{"passphrase": "not this one at all", **said})


def test_the_passphrase_opens_the_key_that_belongs_to_the_public_half(check, person):
    from consult.safekeeping.envelope import public_half

    opened = check()
    assert public_half(opened.private_key) == person.public_key
    assert opened.name == "Palwasha"


def test_a_wrong_passphrase_opens_nothing(check, person):
    fail(check, 1)


def test_a_private_key_is_shown_by_no_representation(check, person):
    opened = check()
    assert repr(opened.private_key) not in repr(opened)
    assert opened.private_key.hex() not in repr(opened)


@pytest.mark.parametrize("typed", ["palwasha", "PALWASHA", " Palwasha ", "Pálwasha"])
def test_a_name_is_found_however_it_is_typed(check, person, typed):
    assert check(typed).name == "Palwasha"


def test_a_dari_name_is_found_from_an_arabic_keyboard(check, session, keeping):
    a_person(session, keeping, name="کریمه")
    assert check("كريمه").name == "کریمه"


def test_a_passphrase_is_the_same_composed_or_not_and_with_any_space(check, session, keeping):
    composed = unicodedata.normalize("NFC", "été à la rivière bleue")
    a_person(session, keeping, passphrase=composed)
    assert check(passphrase=unicodedata.normalize("NFD", composed))
    assert check(passphrase=composed.replace(" ", "\u00a0"))


def test_a_passphrase_of_sixty_four_emoji_needs_an_exact_match(check, session, keeping):
    emoji = "🌷" * 64
    a_person(session, keeping, passphrase=emoji)
    assert check(passphrase=emoji)
    with pytest.raises(NotRight):
        check(passphrase=emoji[:-1])


def test_every_try_costs_one_slow_hash_of_the_same_cost(check, session, keeping, person, hashes):
    accounts.add(session, "Invited", Standing.MEMBER)
    session.commit()
    fail(check, 1)
    fail(check, 1, name="Nobody")
    fail(check, 1, name="Invited")
    fail(check, 1, name="")
    fail(check, 1, name="a\0b")
    fail(check, 5)  # the last of these has to wait already
    check_waiting = len(hashes)
    fail(check, 1, passphrase=PASSPHRASE)
    assert check_waiting == 10
    assert len(hashes) == 11
    assert len(set(hashes)) == 1


def test_known_and_unknown_names_write_as_much(check, session, person, app):
    """So that the disk does not tell who has an account."""
    written = []
    from sqlalchemy import event

    engine = app.extensions["database"].engine

    @event.listens_for(engine, "after_cursor_execute")
    def note(_connection, cursor, statement, *_):
        if statement.startswith("UPDATE"):
            written.append(cursor.rowcount)

    fail(check, 1)
    fail(check, 1, name="Nobody")
    assert written == [1, 1]


def test_all_refusals_read_the_same(client, session, keeping, person):
    accounts.add(session, "Invited", Standing.MEMBER)
    session.commit()
    names = ["Palwasha", "Nobody", "Invited"]
    pages = [factories.sign_in(client, name, "not this one at all") for name in names]
    assert [page.status for page in pages] == [422, 422, 422]
    assert {page.error_beside("Name") for page in pages} == {pages[0].error_beside("Name")}
    assert all(page.title.startswith("Error:") for page in pages)
    assert all(page.typed("Passphrase") == "" for page in pages)
    assert pages[1].typed("Name") == "Nobody"


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (10, 32), (11, 60), (12, 60), (10**6, 60)],
)
def test_the_wait_doubles_from_the_fifth_failure_to_a_minute(failures, seconds):
    assert sign_in.wait_seconds(failures) == seconds


def test_after_five_failures_even_the_right_passphrase_waits_a_second(check, person, clock):
    fail(check, 5)
    fail(check, 1, passphrase=PASSPHRASE)
    clock.move(seconds=1)
    assert check().failed_before == 5


def test_a_success_sets_the_count_back(check, person, clock):
    fail(check, 4)
    check()
    fail(check, 4)
    assert check()


def test_a_hundred_wrong_tries_never_lock_anybody_out(check, person, clock):
    for _ in range(101):
        fail(check, 1)
        clock.move(seconds=61)
    assert check().failed_before == 101


def test_tries_during_the_wait_do_not_make_it_longer(check, person, clock):
    fail(check, 20)
    clock.move(seconds=1)
    assert check()


def test_one_account_that_waits_does_not_hold_up_another(check, session, keeping, person):
    a_person(session, keeping, name="Other")
    fail(check, 10)
    assert check("Other")


def test_a_clock_set_back_locks_nobody_out(check, person, clock):
    fail(check, 5)
    clock.move(days=-365)
    assert check()


def test_a_full_queue_says_busy_and_counts_no_failure(check, session, person, monkeypatch):
    from contextlib import contextmanager

    @contextmanager
    def crowded(_instance):
        raise argon.Crowded("Too many.")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(argon, "turn", crowded)
        with pytest.raises(Busy):
            check()
    assert check().failed_before == 0


def test_a_removed_person_cannot_sign_in(check, session, person):
    accounts.remove(session, person)
    session.commit()
    fail(check, 1, passphrase=PASSPHRASE)


def test_a_swapped_public_key_opens_nothing(check, session, person):
    person.stored_public_key = bytes(32)
    session.commit()
    fail(check, 1, passphrase=PASSPHRASE)


def test_a_damaged_blob_opens_nothing(check, session, person):
    person.private_blob = b"\x02" + person.private_blob[1:]
    session.commit()
    fail(check, 1, passphrase=PASSPHRASE)


def test_signing_in_is_noted_and_failing_is_not(check, session, keeping, person):
    fail(check, 2)
    check()
    events = session.scalars(select(AuditEvent)).all()
    assert [(event.kind, event.actor_id) for event in events] == [(Event.SIGN_IN, person.id)]
    assert audit.verify(session, keeping.secrets) is None


def test_a_command_refuses_a_passphrase_that_somebody_else_set(app, session, keeping, clock):
    a_person(session, keeping, must_set=True)
    with pytest.raises(sign_in.OwnFirst):
        sign_in.check_whole(
            app.extensions["database"], "Palwasha", PASSPHRASE, keeping=keeping, now=clock()
        )


def test_signing_in_leads_to_the_page_that_was_asked_for(client, person):
    asked = client.get("/ps/staff/account")
    assert asked.status == 303
    answer = factories.sign_in(client, path=asked.location)
    assert (answer.status, answer.location) == (303, "/ps/staff/account")
    assert client.get(ACCOUNT).status == 200


TARGETS = [line["value"] for line in HOSTILE if line["category"] == "redirect"]


@pytest.mark.parametrize("target", [*TARGETS, "/en/", "/en/staff/nowhere/at/all/x", "/en//evil"])
def test_any_other_target_leads_to_the_desk(client, person, target):
    from urllib.parse import urlencode

    answer = factories.sign_in(client, path=f"{SIGN_IN}?{urlencode({'next': target})}")
    assert (answer.status, answer.location) == (303, "/en/staff/")


def test_who_is_signed_in_is_not_asked_again(app, person):
    browser = factories.signed_in(app)
    assert browser.get(SIGN_IN).location == "/en/staff/"


def test_a_passphrase_set_by_somebody_else_leads_only_to_setting_her_own(
    app, client, session, keeping
):
    a_person(session, keeping, must_set=True)
    answer = factories.sign_in(client)
    assert answer.status == 303
    assert answer.location.startswith("/en/staff/invitation/")
    assert client.get(ACCOUNT).status == 303
    own = "violin market snow ladder"
    page = factories.send(client, answer.location, {"passphrase": own, "passphrase_again": own})
    assert page.status == 200
    assert factories.sign_in(client).status == 422
    assert factories.sign_in(client, passphrase=own).location == "/en/staff/"


NAMES = [
    line["value"]
    for line in HOSTILE
    if line["category"] in ("honest", "markup", "sql", "formula", "bidi", "template")
    and isinstance(line["value"], str)
    and len(line["value"]) <= accounts.LONGEST_NAME
]


def test_odd_names_are_kept_as_typed_and_shown_as_text(app, session, keeping):
    administrator = a_person(session, keeping, standing=Standing.ADMINISTRATOR)
    kept = []
    for name in NAMES:
        try:
            accounts.add(session, name, Standing.MEMBER)
        except (accounts.NameTaken, accounts.BadName):
            continue
        kept.append(name)
    session.commit()
    assert len(kept) > 30
    page = factories.signed_in(app).get("/en/staff/people")
    assert page.status == 200
    assert not page.tree.css("main script, main img, main iframe, main svg, main form")
    shown = {node.text() for node in page.tree.css("th bdi")}
    plain = {name for name in kept if formats.clean_bidi(name) == name}
    assert plain <= shown
    stored = set(session.scalars(select(Person.name)))
    assert stored == {*kept, administrator.name}


@pytest.mark.parametrize(
    "name", [line["value"] for line in HOSTILE if line["category"] == "honest"]
)
def test_honest_names_can_sign_in(check, session, keeping, name):
    if "\n" in name:
        with pytest.raises(accounts.BadName):
            accounts.add(session, name, Standing.MEMBER)
        return
    a_person(session, keeping, name=name)
    assert check(name).name == name


def test_an_invitation_that_nobody_used_lets_nobody_in(check, session, clock):
    person = accounts.add(session, "Invited", Standing.MEMBER)
    invitations.invite(session, person, now=clock())
    session.commit()
    fail(check, 1, name="Invited", passphrase="")
