"""The daily keys that seal what a page carries, shared by all workers (SAFETY 3.1).

`today` is a day in UTC, whatever the zone of a consultation: the keys serve all of them.
"""

import secrets as random
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.safekeeping import envelope
from consult.safekeeping.models import StateKey
from consult.safekeeping.secrets import Secrets

ALWAYS = 2
# A day's key seals until the next day's is made, and is accepted for 48 hours after that.
KEPT = timedelta(days=2)


def current(session: Session, secrets: Secrets, today: date) -> tuple[bytes, bytes]:
    """Give id and key to seal with; the day's first use makes it and deletes those that are old."""
    if found := of_day(session, secrets, today):
        return found
    key_id, key = random.token_bytes(16), random.token_bytes(32)
    blob = envelope.seal_state_key(key, key_id=key_id, wrapping=secrets.key("state-wrap"))
    try:
        with session.begin_nested():
            session.add(StateKey(id=key_id, made_on=today, blob=blob))
    except IntegrityError:
        # Two workers can race past the look above; the constraint decides.
        if found := of_day(session, secrets, today):
            return found
        raise
    forget(session, today)
    return key_id, key


def of_day(session: Session, secrets: Secrets, today: date) -> tuple[bytes, bytes] | None:
    """Give the day's id and key if it has been made; writes nothing. Raises `Tampered`."""
    row = session.scalar(select(StateKey).where(StateKey.made_on == today))
    return None if row is None else (row.id, _opened(row, secrets))


def accepted(session: Session, secrets: Secrets, today: date) -> Mapping[bytes, bytes]:
    """Give the keys that still open: the newest two, and those of the last two days.

    Raises `Tampered`.
    """
    newest = _newest(session)
    rows = session.scalars(select(StateKey))
    return {
        row.id: _opened(row, secrets)
        for row in rows
        if row.id in newest or abs(today - row.made_on) <= KEPT
    }


def forget(session: Session, today: date) -> None:
    """Delete the keys that are no longer accepted.

    A key of a coming day stays: a clock that is wrong for an hour must not lose anybody's form.
    """
    old = delete(StateKey).where(StateKey.made_on < today - KEPT)
    session.execute(old.where(StateKey.id.not_in(_newest(session))))


def _newest(session: Session) -> list[bytes]:
    return list(
        session.scalars(select(StateKey.id).order_by(StateKey.made_on.desc()).limit(ALWAYS))
    )


def _opened(row: StateKey, secrets: Secrets) -> bytes:
    return envelope.open_state_key(row.blob, key_id=row.id, wrapping=secrets.key("state-wrap"))
