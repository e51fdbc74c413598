"""The one place where the program learns what time it is."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

Clock = Callable[[], datetime]


def system() -> datetime:
    """Give the machine's time, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Give the application's time, in UTC; tests put another clock into `create_app`."""
    clock: Clock = current_app.extensions["clock"]
    return clock()


def today(zone: str) -> date:
    """Give the day that it is now in a time zone, such as `Asia/Kabul`."""
    return day(now(), zone)


def day(moment: datetime, zone: str) -> date:
    """Give the day of a moment in a time zone; the moment must know its own zone."""
    return moment.astimezone(ZoneInfo(zone)).date()
