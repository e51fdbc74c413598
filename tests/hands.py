"""A clock whose hands a test can move."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Hands:
    """A clock whose hands a test can move."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)
