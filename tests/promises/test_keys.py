"""Who can open what: neither half of a session, no swapped key, no administrator (SAFETY 2)."""

import secrets as random
from base64 import urlsafe_b64decode
from datetime import timedelta
from hashlib import blake2b

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from consult.app import create_app
from consult.consultations import members
from consult.consultations.members import AdministratorNeverReads
from consult.consultations.models import Membership, Role
from consult.people import accounts
from consult.people.models import Person, StaffSessionRow, Standing
from consult.people.sessions import ID_BYTES
from consult.safekeeping import envelope, keys
from consult.safekeeping.envelope import Tampered
from consult.safekeeping.models import ConsultationKey, KeyUse, KeyWrap
from consult.submissions.models import Submission
from tests.answering.walking import Phone, the_demonstration
from tests.consultations.factories import House, send, token
from tests.factories import Room, a_room
from tests.pages import Client
from tests.promises import raw
from tests.submissions.factories import unlocked


@pytest.fixture
def room(house: House) -> Room:
    return a_room(house)


def cookie(client: Client) -> str:
    found = client.flask.get_cookie("consult")
    return found.value if found else ""


def with_cookie(app, value: str) -> Client:
    client = Client(app)
    client.flask.set_cookie("consult", value)
    return client


# Cookie alone, database alone


def test_cookie_or_database_alone(room, settings, clock):
    """What lies in the row opens with both halves; with one of them, or in another server, not."""
    submissions = f"{room.path}/submissions"
    room.voice()
    browser = room.browser()
    assert browser.get(submissions).status == 200
    row = room.session.scalars(select(StaffSessionRow)).one()
    half = urlsafe_b64decode(cookie(browser))[ID_BYTES:]

    # The database alone, even with the secret that lies beside it.
    server_keys = [room.house.secrets.key(name) for name in ("pepper", "state-wrap", "form-token")]
    for key in (bytes(32), row.id_hash, *server_keys):
        with pytest.raises(Tampered):
            envelope.open_session(row.blob, id_hash=row.id_hash, key=key)

    # The cookie's half and the database, without what only this server's memory holds.
    for key in (half, blake2b(half, digest_size=32).digest()):
        with pytest.raises(Tampered):
            envelope.open_session(row.blob, id_hash=row.id_hash, key=key)

    # The same database and cookie after a restart: another server's half.
    restarted = create_app(settings, clock=clock)
    page = with_cookie(restarted, cookie(browser)).get(submissions)
    restarted.extensions["database"].engine.dispose()
    assert page.status == 303
    assert "/sign-in" in page.location

    # The cookie alone, when the row is gone.
    room.session.execute(text("DELETE FROM staff_session"))
    room.session.commit()
    page = browser.get(submissions)
    assert page.status == 303
    assert "/sign-in" in page.location


def test_the_files_beside_a_session_hold_neither_its_cookie_nor_a_key(room, settings):
    browser = room.browser()
    value = cookie(browser)
    whole = urlsafe_b64decode(value)
    private = unlocked_private(room)
    stored = b"".join(raw.files(settings.instance).values())
    for row in room.session.execute(select(StaffSessionRow.__table__)):
        stored += b"".join(cell for cell in row if isinstance(cell, bytes))
    for secret in (value.encode(), whole[:ID_BYTES], whole[ID_BYTES:], private, private.hex()):
        assert (secret.encode() if isinstance(secret, str) else secret) not in stored


def unlocked_private(room: Room) -> bytes:
    opened = room.unlocked().keys
    return next(iter(opened.content.values())).private


def test_session_ends(room, clock):
    """After 15 idle minutes, after 8 hours in all, and at signing out; the row goes too."""
    account = "/en/staff/account"
    idle = room.browser()
    clock.move(minutes=14)
    assert idle.get(account).status == 200
    clock.move(minutes=15)
    assert idle.get(account).status == 303

    busy = room.browser()
    for _ in range(48):
        clock.move(minutes=10)
        answer = busy.get(account).status
    assert answer == 303

    leaving = room.browser()
    form = {"csrf_token": token(leaving.get(account))}
    held = cookie(leaving)
    assert leaving.post("/en/staff/sign-out", form).status == 303
    assert with_cookie(room.house.app, held).get(account).status == 303


def test_what_a_session_opened_is_forgotten_when_it_ends(room, clock):
    room.voice()
    browser = room.browser()
    browser.get(f"{room.path}/submissions")
    rows = room.house.app.session_interface.rows
    assert len(rows._sittings) == 1
    clock.move(minutes=16)
    rows.sweep(room.house.app.extensions["database"], now=clock())
    assert rows._sittings == {}
    room.house.look()
    assert room.session.scalar(select(func.count()).select_from(StaffSessionRow)) == 0


# A swapped key


def swap(session, use: KeyUse) -> None:
    """Put a key of one's own in the place of a consultation's."""
    mine = envelope.new_pair()
    row = ConsultationKey
    session.execute(update(row).where(row.compartment == use).values(public_key=mine.public))
    session.commit()


@pytest.mark.parametrize("use", [KeyUse.CONTENT, KeyUse.CONTACT])
def test_swapped_public_key(house, client, use):
    """The form closes with 503 and keeps what was typed; nothing is stored in clear instead."""
    the_demonstration(house)
    phone = Phone(client, "demo1")
    phone.to_consent()
    swap(house.session, use)
    page = phone.press("send", consent__use="count")
    assert page.status == 503
    assert page.headers["Retry-After"]
    assert page.field("state")
    house.look()
    assert house.session.scalar(select(func.count()).select_from(Submission)) == 0


def test_a_swapped_key_stops_grants_and_reading(room):
    waiting = room.member("Amina", Role.ANALYST, granted=False)
    browser = room.browser()
    pressed = {"csrf_token": token(browser.get(f"{room.path}/people"))}
    swap(room.session, KeyUse.CONTENT)
    answer = browser.post(f"{room.path}/people/{waiting.uid.hex()}/grant", pressed)
    assert answer.status == 503
    assert browser.get(f"{room.path}/submissions").status == 503
    room.house.look()
    assert not keys.holds(room.session, person_id=waiting.id, consultation_id=room.consultation.id)


def test_nothing_is_wrapped_to_a_swapped_key_of_a_person(room):
    waiting = room.member("Amina", Role.ANALYST, granted=False)
    browser = room.browser()
    pressed = {"csrf_token": token(browser.get(f"{room.path}/people"))}
    waiting.stored_public_key = envelope.new_pair().public
    room.session.commit()
    answer = browser.post(f"{room.path}/people/{waiting.uid.hex()}/grant", pressed)
    assert answer.status == 503
    room.house.look()
    assert not keys.holds(room.session, person_id=waiting.id, consultation_id=room.consultation.id)


def test_a_key_that_is_missing_closes_the_form_too(house, client):
    the_demonstration(house)
    phone = Phone(client, "demo1")
    phone.to_consent()
    house.session.execute(text("DELETE FROM key_wrap"))
    house.session.execute(text("DELETE FROM consultation_key"))
    house.session.commit()
    assert phone.press("send", consent__use="count").status == 503


# No wrap for an administrator


def wraps_of(session, person: Person) -> int:
    query = select(func.count()).select_from(KeyWrap).where(KeyWrap.person_id == person.id)
    return session.scalar(query) or 0


@pytest.fixture
def administrator(room: Room) -> Person:
    return room.house.person("Adela", Standing.ADMINISTRATOR)


def test_no_wrap_for_an_administrator(room, administrator):
    """By the working modules: no role, no grant, no wrap, no consultation of her own."""
    keys_held = room.unlocked().keys
    session, house = room.session, room.house
    for role in Role:
        with pytest.raises(AdministratorNeverReads):
            members.add(session, room.consultation, administrator, role)
        with pytest.raises(AdministratorNeverReads):
            members.grant(
                session,
                house.secrets,
                room.consultation,
                keys_held,
                administrator,
                role,
                granted_by=house.editor.id,
                at=house.act().at,
            )
    with pytest.raises(keys.NeverForAdministrators):
        keys.wrap_for(session, house.secrets, keys_held, person=administrator, granted_by=None)
    with pytest.raises(keys.NeverForAdministrators):
        keys.birth(
            session,
            house.secrets,
            consultation_id=room.consultation.id,
            consultation_uid=room.consultation.uid,
            holder=administrator,
        )
    session.rollback()
    assert wraps_of(session, administrator) == 0


def test_no_wrap_for_an_administrator_by_a_page(room, administrator):
    browser = room.browser()
    added = {"name": administrator.name, "role": "analyst"}
    assert send(browser, f"{room.path}/people/add", added).status == 422
    pressed = {"csrf_token": token(browser.get(f"{room.path}/people"))}
    path = f"{room.path}/people/{administrator.uid.hex()}/grant"
    assert browser.post(path, pressed).status == 404
    room.house.look()
    assert wraps_of(room.session, administrator) == 0
    assert (
        room.session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(Membership.person_id == administrator.id)
        )
        == 0
    )


def test_no_wrap_for_an_administrator_by_a_command(room, administrator, tmp_path):
    house, slug = room.house, room.consultation.slug
    file = tmp_path / "file.yaml"
    house.command("consultations", "dump", slug, "--out", str(file))
    grant = ("users", "grant", "Adela", "--role", "analyst", "--consultation", slug)
    assert "Error:" in house.command(*grant, "--as", "Farida", code=1)
    rescue = ("users", "rescue", "Adela", "--role", "analyst", "--consultation", slug)
    assert "Error:" in house.command(*rescue, typed=house.papers[0], code=1)
    changed = file.read_text().replace(slug, "another-round").replace("rivr1", "othr1")
    file.write_text(changed)
    said = house.command("consultations", "load", str(file), "--as", "Adela", code=1)
    assert "Error:" in said
    assert wraps_of(room.session, administrator) == 0


def test_no_wrap_for_an_administrator_by_hand_in_the_database(room, administrator):
    session = room.session
    reader = room.member("Amina", Role.ANALYST)
    held = session.scalars(select(KeyWrap).where(KeyWrap.person_id == reader.id)).first()
    assert held is not None
    wrap = {
        "id": random.token_bytes(16),
        "key_id": held.key_id,
        "person_id": administrator.id,
        "blob": held.blob,
    }
    insert = text(
        "INSERT INTO key_wrap (id, key_id, person_id, kind, blob)"
        " VALUES (:id, :key_id, :person_id, 'whole', :blob)"
    )
    held_id, reader_id, adela = held.id, reader.id, administrator.id
    by_hand = [
        (insert, wrap),
        (text("UPDATE key_wrap SET person_id = :p WHERE id = :id"), {"p": adela, "id": held_id}),
        (text("UPDATE person SET standing = 'administrator' WHERE id = :id"), {"id": reader_id}),
    ]
    for statement, values in by_hand:
        with pytest.raises(DBAPIError, match="administrator"):
            session.execute(statement, values)
        session.rollback()
    if session.get_bind().dialect.name == "sqlite":
        replace = text(insert.text.replace("INSERT INTO", "INSERT OR REPLACE INTO"))
        with pytest.raises(DBAPIError, match="administrator"):
            session.execute(replace, wrap)
        session.rollback()
    assert wraps_of(session, session.get_one(Person, adela)) == 0


def test_an_administrator_opens_nothing_even_with_a_role_written_by_hand(room, administrator):
    room.voice()
    session = room.session
    session.add(
        Membership(
            person_id=administrator.id,
            consultation_id=room.consultation.id,
            role=Role.EDITOR,
            state="active",
        )
    )
    session.commit()
    browser = room.browser("Adela")
    for page in ("submissions", "figures", "quotes", "briefing"):
        assert browser.get(f"{room.path}/{page}").status == 404


def test_a_removed_person_and_a_new_pair_hold_no_wrap(room, clock):
    amina = room.member("Amina", Role.ANALYST)
    browser = room.browser("Amina")
    assert browser.get(f"{room.path}/submissions").status == 200
    members.remove(room.session, room.house.secrets, amina, by=None, at=clock())
    room.session.commit()
    assert wraps_of(room.session, amina) == 0
    assert browser.get(f"{room.path}/submissions").status == 303
    assert accounts.find(room.session, "Amina") is None


# Corruption, and the clock


@pytest.mark.parametrize("use", [KeyUse.CONTENT, KeyUse.WORKING])
def test_a_damaged_wrap_is_one_persons_trouble_and_mended_by_a_colleague(room, use):
    amina = room.member("Amina", Role.ANALYST)
    of_use = select(ConsultationKey.id).where(ConsultationKey.compartment == use)
    wrap = room.session.scalars(
        select(KeyWrap).where(KeyWrap.person_id == amina.id, KeyWrap.key_id.in_(of_use))
    ).one()
    wrap.blob = wrap.blob[:-1] + bytes([wrap.blob[-1] ^ 1])
    room.session.commit()
    hers, other = room.browser("Amina"), room.browser()
    assert hers.get(f"{room.path}/submissions").status == 409
    assert other.get(f"{room.path}/submissions").status == 200
    send(other, f"{room.path}/people/{amina.uid.hex()}/grant", seen=f"{room.path}/people")
    assert hers.get(f"{room.path}/submissions").status == 200


def test_a_session_does_not_outlive_a_clock_that_is_set_back(room, clock):
    browser = room.browser()
    clock.now -= timedelta(days=365)
    assert browser.get("/en/staff/account").status == 303


def test_only_content_of_the_right_consultation_opens(house):
    first, second = a_room(house), a_room(house, slug="other-talks", code="othr1")
    with pytest.raises(keys.Locked):
        keys.unlock(
            house.session,
            house.secrets,
            person_id=house.person("Nobody").id,
            private_key=random.token_bytes(32),
            consultation_id=second.consultation.id,
            consultation_uid=second.consultation.uid,
        )
    one, two = (unlocked(house, room.consultation).keys for room in (first, second))
    assert not {*one.content} & {*two.content}
    assert one.working != two.working
