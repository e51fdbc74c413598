"""The day's state keys, read once by each process and not anew for every page.

A key never changes once it is made, so what was read stays right; it is forgotten with its day.
"""

from collections.abc import Mapping
from datetime import date
from threading import Lock

from consult.answering.state import Key
from consult.db import Database
from consult.safekeeping import state_keys
from consult.safekeeping.secrets import Secrets


class PageKeys:
    """What this process knows of the state keys; `today` is a day in UTC."""

    def __init__(self, database: Database) -> None:
        """Read from `database` when something is asked for the first time on a day."""
        self._database = database
        self._lock = Lock()
        self._current: tuple[date, Key] | None = None
        self._accepted: tuple[date, Mapping[bytes, bytes]] | None = None

    def current(self, secrets: Secrets, today: date) -> Key:
        """Give the key that new pages are sealed under, making the day's if there is none yet."""
        held = self._current
        if held is None or held[0] != today:
            held = (today, self._made(secrets, today))
            with self._lock:
                self._current = held
        return held[1]

    def accepted(self, secrets: Secrets, today: date, key_id: bytes) -> Mapping[bytes, bytes]:
        """Give the keys that still open; looks again where the one that is named is not known."""
        held = self._accepted
        if held is None or held[0] != today or key_id not in held[1]:
            with self._database.reader() as session:
                held = (today, state_keys.accepted(session, secrets, today))
            with self._lock:
                self._accepted = held
        return held[1]

    def _made(self, secrets: Secrets, today: date) -> Key:
        with self._database.reader() as session:
            found = state_keys.of_day(session, secrets, today)
        if found is None:
            with self._database.transaction() as session:
                found = state_keys.current(session, secrets, today)
        return Key(*found)
