"""The audit chain: everything noted, nothing changed unseen."""

import random
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from consult.safekeeping import audit
from consult.safekeeping.models import AuditEvent, Event
from consult.safekeeping.secrets import Secrets

AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


@pytest.fixture
def noted(session, held):
    """Twelve acts of staff."""
    for n, event in enumerate([*Event][:12]):
        audit.note(
            session,
            held,
            event,
            at=AT + timedelta(minutes=n, microseconds=n),
            actor=n or None,
            consultation=n % 3 or None,
            subject=f"person={n} role=analyst",
        )
    session.expire_all()
    return session


@pytest.fixture
def unguarded(noted):
    """The same, by somebody who could take the triggers away."""
    if noted.get_bind().dialect.name == "postgresql":
        noted.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
    else:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
        for name in noted.scalars(text(triggers), {"table": "audit_event"}).all():
            noted.execute(text(f"DROP TRIGGER {name}"))
    return noted


def test_an_untouched_chain_verifies(noted, held):
    assert audit.verify(noted, held) is None
    assert noted.scalars(select(AuditEvent.id).order_by(AuditEvent.id)).all() == [*range(1, 13)]


def test_an_empty_chain_verifies(session, held):
    assert audit.verify(session, held) is None


def test_an_act_keeps_its_moment_whatever_zone_it_was_given_in(session, held):
    kabul = timezone(timedelta(hours=4, minutes=30))
    audit.note(session, held, Event.SIGN_IN, at=AT.astimezone(kabul), actor=1)
    session.expire_all()
    assert session.scalars(select(AuditEvent)).one().at == AT
    assert audit.verify(session, held) is None


@pytest.mark.parametrize(
    "statement",
    [
        update(AuditEvent).where(AuditEvent.id == 5).values(actor_id=99),
        delete(AuditEvent).where(AuditEvent.id == 12),
        text("INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event WHERE id = 5"),
        text("TRUNCATE audit_event"),
    ],
    ids=["update", "delete", "replace", "truncate"],
)
def test_the_database_refuses_to_change_or_delete_an_act(noted, held, statement):
    with pytest.raises(DatabaseError), noted.begin_nested():
        noted.execute(statement)
    assert audit.verify(noted, held) is None


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT + timedelta(days=1)},
        {"actor_id": 99},
        {"actor_id": None},
        {"kind": Event.WAIVER},
        {"consultation_id": 99},
        {"subject": "person=8 role=analyst"},
        {"hash": bytes(32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_act_is_found(unguarded, held, change):
    unguarded.execute(update(AuditEvent).where(AuditEvent.id == 5).values(**change))
    unguarded.expire_all()
    assert audit.verify(unguarded, held) == 5


def test_a_lost_act_is_found(unguarded, held):
    unguarded.execute(delete(AuditEvent).where(AuditEvent.id == 7))
    assert audit.verify(unguarded, held) == 7


def test_swapped_acts_are_found(unguarded, held):
    for old, new in ((3, 99), (4, 3), (99, 4)):
        unguarded.execute(update(AuditEvent).where(AuditEvent.id == old).values(id=new))
    unguarded.expire_all()
    assert audit.verify(unguarded, held) == 3


def test_a_chain_made_with_another_key_is_found(unguarded):
    assert audit.verify(unguarded, Secrets(bytes(32))) == 1


def test_a_name_or_a_text_is_no_subject(session, held):
    for subject in ("Amina", "a" * 201, "role=analyst\nrole", "آمنه", "a@b"):
        with pytest.raises(ValueError):
            audit.note(session, held, Event.GRANT, at=AT, subject=subject)
    assert session.scalars(select(AuditEvent)).all() == []


def test_a_subject_of_ids_may_be_long_enough_for_several(session, held):
    subject = ", ".join(random.Random(1).randbytes(16).hex() for _ in range(5))
    audit.note(session, held, Event.OPENING, at=AT, subject=subject)
    assert audit.verify(session, held) is None
