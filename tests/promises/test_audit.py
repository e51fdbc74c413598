"""What staff did is recorded, and the record cannot be changed unseen (SAFETY 4.4)."""

import random

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from consult.consultations import members
from consult.consultations.models import Role
from consult.safekeeping import audit
from consult.safekeeping.models import AuditEvent, Event
from tests.consultations.factories import send
from tests.factories import Room, a_room


@pytest.fixture
def room(house) -> Room:
    return a_room(house)


def events(room: Room, kind: Event) -> list[AuditEvent]:
    room.house.look()
    query = select(AuditEvent).where(AuditEvent.kind == kind).order_by(AuditEvent.id)
    return list(room.session.scalars(query))


def busy(room: Room, clock) -> None:
    """A day of staff: signing in, inviting, granting, reading, counting, removing, closing."""
    room.voices(3)
    browser = room.browser()
    waiting = room.member("Amina", Role.ANALYST, granted=False)
    people = f"{room.path}/people"
    send(browser, f"{people}/{waiting.uid.hex()}/grant", seen=people)
    browser.get(f"{room.path}/submissions")
    browser.get(f"{room.path}/figures")
    send(browser, f"{room.path}/opening/close", seen=f"{room.path}/opening")
    room.house.look()
    members.remove(room.session, room.house.secrets, waiting, by=room.house.editor.id, at=clock())
    room.session.commit()


def test_audit_chain(room, clock):
    """It holds after a day of staff, and finds each change that a hand on the file could make."""
    busy(room, clock)
    session, secrets = room.session, room.house.secrets
    assert audit.verify(session, secrets) is None
    count = len(session.scalars(select(AuditEvent.id)).all())
    for change in ("UPDATE audit_event SET subject = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(DatabaseError, match="only ever added to"):
            session.execute(text(change))
        session.rollback()
    unguard(session)
    dice = random.Random(7)
    edits = [
        ("UPDATE audit_event SET subject = 'person=1' WHERE id = :n", 0),
        ("UPDATE audit_event SET kind = 'drill' WHERE id = :n AND kind <> 'drill'", 0),
        ("UPDATE audit_event SET actor_id = 99 WHERE id = :n", 0),
        ("UPDATE audit_event SET consultation_id = 99 WHERE id = :n", 0),
        ("UPDATE audit_event SET at = '2020-01-01 00:00:00+00:00' WHERE id = :n", 0),
        ("DELETE FROM audit_event WHERE id = :n", -1),
    ]
    found = 0
    for statement, spared in edits:
        for n in dice.sample(range(1, count + spared), 3):
            with session.begin_nested() as held:
                done = session.execute(text(statement), {"n": n})
                session.expire_all()
                assert done.rowcount == 0 or audit.verify(session, secrets) == n, statement
                found += done.rowcount
                held.rollback()
    assert found >= 15
    assert audit.verify(session, secrets) is None


def unguard(session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        return
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
    for name in session.scalars(text(triggers)).all():
        session.execute(text(f"DROP TRIGGER {name}"))


def test_every_opening_is_recorded_single_reads_by_id_and_many_as_a_count(room):
    ids = room.voices(3)
    browser = room.browser()
    browser.get(f"{room.path}/submissions")
    assert [event.subject for event in events(room, Event.OPENING)] == ["submissions=3"]
    browser.get(f"{room.path}/submissions/{ids[0].hex()}")
    last = events(room, Event.OPENING)[-1]
    assert ids[0].hex() in last.subject
    assert (last.actor_id, last.consultation_id) == (room.house.editor.id, room.consultation.id)


def test_counting_in_a_sitting_of_its_own_is_an_opening_too(room):
    room.voices(3)
    room.browser().get(f"{room.path}/figures")
    assert [event.subject for event in events(room, Event.OPENING)] == ["submissions=3"]


def test_the_record_holds_no_content_and_no_act_of_a_respondent(room, clock, client):
    before = len(events(room, Event.OPENING)) + len(events(room, Event.SIGN_IN))
    room.voices(2, {"story": "Zarghuna said it at the well."})
    client.get(f"/en/{room.consultation.code}")
    assert len(events(room, Event.OPENING)) + len(events(room, Event.SIGN_IN)) == before
    busy(room, clock)
    room.house.look()
    told = " ".join(room.session.scalars(select(AuditEvent.subject)))
    for word in ("Zarghuna", "Amina", "Farida", "well"):
        assert word not in told
