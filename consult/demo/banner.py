"""The line on every page of a database that ever held the demonstration (SAFETY 4.6)."""

import time
from collections.abc import Callable

from consult.consultations import lifecycle
from consult.db import Database
from consult.languages.messages import Lazy, _lp

ASK_AGAIN_SECONDS = 5.0
LINE = _lp("safety", "Demonstration: all voices here are made up. Do not enter anything real.")


class Banner:
    """Says the line once it is known to be needed; the mark is for good, so never asks again."""

    def __init__(self, database: Database, watch: Callable[[], float] = time.monotonic) -> None:
        """Look into `database`; `watch` gives seconds, and tests put another one in."""
        self._database, self._watch = database, watch
        self._marked = False
        self._asked_at: float | None = None

    def __call__(self) -> Lazy | None:
        """Give the line, or nothing where the demonstration never was."""
        now = self._watch()
        due = self._asked_at is None or now - self._asked_at >= ASK_AGAIN_SECONDS
        if not self._marked and due:
            self._asked_at = now
            with self._database.reader() as session:
                self._marked = lifecycle.held_demonstration(session)
        return self.known

    @property
    def known(self) -> Lazy | None:
        """Give the line if it is known to be needed; asks nothing."""
        return LINE if self._marked else None
