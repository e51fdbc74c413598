"""The same rooms as for reading."""

from tests.reading.conftest import house, room, session

__all__ = ["house", "room", "session"]
