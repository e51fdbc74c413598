"""Signing in: a name and a passphrase that opens this person's key, and nothing else (SAFETY 2.5).

An unknown name, a person without a key and an account that has to wait cost the same work and get
the same answer as a wrong passphrase, so that nobody learns who has an account.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from consult.db import Database
from consult.errors import BadInput, Busy, NotNow
from consult.people import accounts, own_keys
from consult.people.models import Person, Standing
from consult.people.own_keys import Keeping
from consult.safekeeping import audit
from consult.safekeeping.models import Event

FREE_FAILURES = 5
LONGEST_WAIT_SECONDS = 60


class NotRight(BadInput):
    """Name and passphrase do not belong together, or the account has to wait a little."""

    def __init__(self) -> None:
        super().__init__(
            "The name or the passphrase is not right. After five wrong tries in a row, "
            "wait a minute before the next."
        )


class OwnFirst(NotNow):
    """The passphrase was set by somebody else: it is good only for setting her own."""


@dataclass(frozen=True)
class Opened:
    """Who signed in, with her private key; `failed_before` counts the wrong tries before."""

    person_id: int
    uid: bytes
    name: str
    standing: Standing
    demonstration: bool
    must_set: bool
    failed_before: int
    private_key: bytes = field(repr=False)


@dataclass(frozen=True)
class _Trial:
    """What one try works on; `locked` is nothing for a name that nobody has."""

    person_id: int | None
    locked: own_keys.Locked | None
    waits: bool
    failed_before: int


def check(
    database: Database, name: str, passphrase: str, *, keeping: Keeping, now: datetime
) -> Opened:
    """Sign somebody in: as `prove`, and noted. The caller looks at `must_set`."""
    opened = prove(database, name, passphrase, keeping=keeping, now=now)
    with database.transaction() as session:
        audit.note(session, keeping.secrets, Event.SIGN_IN, actor=opened.person_id, at=now)
    return opened


def prove(
    database: Database, name: str, passphrase: str, *, keeping: Keeping, now: datetime
) -> Opened:
    """Open a person's key with her passphrase, by one slow hash.

    It takes the database, not a session, because no lock may be held during the hash. A try
    counts as failed before it begins, so that many at once cannot slip past the wait. Raises
    `NotRight`, and `Busy` when too many sign in at this moment.
    """
    with database.transaction() as session:
        trial = _begin(session, name, now)
    try:
        private_key = own_keys.opened(trial.locked, passphrase, keeping)
    except Busy:
        with database.transaction() as session:
            _take_back(session, trial)
        raise
    if private_key is None or trial.waits or trial.person_id is None:
        raise NotRight
    with database.transaction() as session:
        return _settle(session, trial, private_key)


def check_whole(
    database: Database, name: str, passphrase: str, *, keeping: Keeping, now: datetime
) -> Opened:
    """Do as `check`, for somebody who wants to work at once. Raises `OwnFirst` too."""
    opened = check(database, name, passphrase, keeping=keeping, now=now)
    if opened.must_set:
        raise OwnFirst(
            f"This passphrase of {opened.name} is good only for setting her own: sign in once "
            "in a browser."
        )
    return opened


def wait_seconds(failures: int) -> int:
    """Say how long an account waits after so many failures in a row: 1, 2, 4 … at most 60 s."""
    if failures < FREE_FAILURES:
        return 0
    return min(LONGEST_WAIT_SECONDS, 1 << min(failures - FREE_FAILURES, 10))


def _begin(session: Session, name: str, now: datetime) -> _Trial:
    person = accounts.find(session, name)
    waits = person is not None and _waits(person, now)
    counted = person.id if person is not None and not waits else None
    trial = _Trial(
        person_id=person.id if person else None,
        locked=own_keys.locked(person) if person else None,
        waits=waits,
        failed_before=person.failures if person else 0,
    )
    _count(session, counted, now)
    return trial


def _count(session: Session, person_id: int | None, now: datetime) -> None:
    """Count one failure, or write the same row with what it holds, which takes as long."""
    counts = Person.id == (-1 if person_id is None else person_id)
    any_row = select(func.min(Person.id)).scalar_subquery()
    session.execute(
        update(Person)
        .where(Person.id == (any_row if person_id is None else person_id))
        .values(
            failures=Person.failures + case((counts, 1), else_=0),
            failed_at=case((counts, now), else_=Person.failed_at),
        )
        .execution_options(synchronize_session=False)
    )


def _waits(person: Person, now: datetime) -> bool:
    wait = timedelta(seconds=wait_seconds(person.failures))
    # A clock that was set back must not lock anybody out for longer than the wait.
    return person.failed_at is not None and abs(now - person.failed_at) < wait


def _take_back(session: Session, trial: _Trial) -> None:
    if trial.person_id is not None and not trial.waits:
        session.execute(
            update(Person)
            .where(Person.id == trial.person_id, Person.failures > 0)
            .values(failures=Person.failures - 1)
        )


def _settle(session: Session, trial: _Trial, private_key: bytes) -> Opened:
    person = session.get(Person, trial.person_id)
    # Removed, or given another key, while the hash ran.
    if person is None or own_keys.locked(person) != trial.locked:
        raise NotRight
    person.failures, person.failed_at = 0, None
    return Opened(
        person_id=person.id,
        uid=person.uid,
        name=person.name,
        standing=person.standing,
        demonstration=person.demonstration,
        must_set=person.must_set,
        failed_before=trial.failed_before,
        private_key=private_key,
    )
