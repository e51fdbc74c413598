"""The same rooms as for reading."""

from tests.reading.conftest import app, house, room, session

__all__ = ["app", "house", "room", "session"]
