"""The answers that a sitting has opened: one copy in memory, gone with the session."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from consult.consultations.access import Unlocked
from consult.safekeeping import audit
from consult.safekeeping.models import Event
from consult.safekeeping.secrets import Secrets
from consult.submissions import opening
from consult.submissions.opening import Opened


@dataclass(frozen=True)
class Answers:
    """Every submission that counts now, in the order of the random ids.

    `unreadable` are those that no key opened: they are told, never taken for empty. `fresh` is
    how many had to be opened for this look.
    """

    opened: Mapping[bytes, Opened]
    unreadable: tuple[bytes, ...] = ()
    fresh: int = 0

    def __iter__(self) -> Iterator[Opened]:
        return iter(self.opened.values())

    def __len__(self) -> int:
        return len(self.opened)

    def get(self, submission_id: bytes) -> Opened | None:
        """Give one of them; nothing when it was withdrawn or cannot be read."""
        return self.opened.get(submission_id)


class Cache:
    """What each sitting has opened, by consultation; it is gone when the sitting ends."""

    def __init__(self) -> None:
        self._held: WeakKeyDictionary[Any, dict[int, Mapping[bytes, Opened]]] = WeakKeyDictionary()
        self._lock = Lock()

    def get(self, unlocked: Unlocked) -> Mapping[bytes, Opened]:
        """Give what this sitting holds of the consultation."""
        with self._lock:
            return self._held.get(unlocked.sitting, {}).get(unlocked.consultation.id, {})

    def put(self, unlocked: Unlocked, opened: Mapping[bytes, Opened]) -> None:
        """Hold opened answers as long as the sitting lives."""
        with self._lock:
            self._held.setdefault(unlocked.sitting, {})[unlocked.consultation.id] = opened


_cache = Cache()


def load(session: Session, unlocked: Unlocked, *, cache: Cache = _cache) -> Answers:
    """Give what lives now, opening only what this sitting has not opened, or not as it stands."""
    living = dict(opening.living(session, unlocked))
    held = cache.get(unlocked)
    found = {
        name: one for name, one in held.items() if name in living and living[name] == one.revision
    }
    wanted = living.keys() - found.keys()
    loaded = opening.load(session, unlocked, wanted) if wanted else opening.Loaded((), ())
    found |= {one.id: one for one in loaded.opened}
    opened = {name: found[name] for name in sorted(found)}
    cache.put(unlocked, opened)
    return Answers(opened, tuple(sorted(loaded.unreadable)), len(loaded.opened))


def note_bulk(
    session: Session, secrets: Secrets, unlocked: Unlocked, count: int, *, at: datetime
) -> None:
    """Record that somebody opened many submissions: how many."""
    _note(session, secrets, unlocked, f"submissions={count}", at)


def note_one(
    session: Session, secrets: Secrets, unlocked: Unlocked, submission_id: bytes, *, at: datetime
) -> None:
    """Record that somebody read one submission: which row."""
    _note(session, secrets, unlocked, f"submission={submission_id.hex()}", at)


def week(day: date) -> date:
    """Give the Monday of a day's week: no page says more of when a submission came."""
    return day - timedelta(days=day.weekday())


def _note(
    session: Session, secrets: Secrets, unlocked: Unlocked, subject: str, at: datetime
) -> None:
    audit.note(
        session,
        secrets,
        Event.OPENING,
        actor=unlocked.person.id,
        consultation=unlocked.consultation.id,
        subject=subject,
        at=at,
    )
