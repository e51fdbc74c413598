"""The record of what staff did: only ever added to, each act chained to the one before.

It holds no content and no act of a respondent.
"""

import json
import re
from datetime import UTC, datetime
from hashlib import blake2b
from hmac import compare_digest

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from consult.safekeeping.models import AuditEvent, Event
from consult.safekeeping.secrets import Secrets

START = bytes(32)
# Any number that no other lock of this program uses.
POSTGRESQL_LOCK = 0x617564
_SUBJECT = re.compile(r"[a-z0-9_:=,. -]{0,200}")


def note(
    session: Session,
    secrets: Secrets,
    event: Event,
    *,
    at: datetime,
    actor: int | None = None,
    consultation: int | None = None,
    subject: str = "",
) -> None:
    """Add one act. `actor` and `consultation` are numbers of rows.

    `subject` says on what: ids, roles and counts such as `person=7 role=analyst`, never a name
    or a text (raises `ValueError`).
    """
    if not _SUBJECT.fullmatch(subject):
        raise ValueError("a subject holds ids, roles and counts")
    last = _last(session)
    row = AuditEvent(
        id=1 if last is None else last.id + 1,
        at=at.astimezone(UTC),
        actor_id=actor,
        kind=event,
        consultation_id=consultation,
        subject=subject,
    )
    row.hash = _chained(secrets, START if last is None else last.hash, row)
    session.add(row)
    session.flush()


def verify(session: Session, secrets: Secrets) -> int | None:
    """Give the number of the first act that was changed, moved or lost, or nothing.

    A cut tail is found only against a head that was kept elsewhere.
    """
    before = START
    expected = 1
    for row in session.scalars(select(AuditEvent).order_by(AuditEvent.id)):
        if row.id != expected or not compare_digest(_chained(secrets, before, row), row.hash):
            return expected
        before, expected = row.hash, expected + 1
    return None


def _last(session: Session) -> AuditEvent | None:
    """Give the head of the chain, and let nobody else add to it until this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        # SQLite has one writer at a time anyway.
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": POSTGRESQL_LOCK})
    return session.scalar(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1))


def _chained(secrets: Secrets, before: bytes, row: AuditEvent) -> bytes:
    said = [
        row.id,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.actor_id,
        row.kind.value,
        row.consultation_id,
        row.subject,
    ]
    line = json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode()
    return blake2b(before + line, key=secrets.key("audit"), digest_size=32).digest()
