"""Which lane a web submission takes: nothing is dropped, a flood is only counted apart.

The addresses that sends come from are known as keyed hashes, in memory, under a key that lives
ten minutes; nothing of them reaches the disk or a log (SAFETY 3.7).
"""

import hashlib
import secrets as random
import threading
from collections import Counter
from dataclasses import dataclass, field

from consult.submissions.models import Lane

WINDOW_SECONDS = 600


@dataclass
class Window:
    """Counts what one address does within ten minutes. `limit` is how often it may."""

    limit: int
    _key: bytes = field(default_factory=lambda: random.token_bytes(32), repr=False)
    _seen: Counter[bytes] = field(default_factory=Counter, repr=False)
    _ends: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, address: str, at: float) -> bool:
        """Count one more from an address at a moment in seconds; say whether it is within."""
        with self._lock:
            self._turn(at)
            name = self._name(address)
            self._seen[name] += 1
            return self._seen[name] <= self.limit

    def seconds_left(self, at: float) -> int:
        """Give the seconds until the counting begins anew."""
        return max(1, round(self._ends - at))

    def _turn(self, at: float) -> None:
        if at >= self._ends or at < self._ends - WINDOW_SECONDS:
            self._key, self._ends = random.token_bytes(32), at + WINDOW_SECONDS
            self._seen.clear()

    def _name(self, address: str) -> bytes:
        return hashlib.blake2b(address.encode(), key=self._key, digest_size=16).digest()


def lane_of(sends: Window, address: str, at: float) -> Lane:
    """Count a send from an address and give its lane."""
    return Lane.OPEN if sends.count(address, at) else Lane.BURST
