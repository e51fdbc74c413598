"""What stands in the bytes of the files, whatever the program would say."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from consult.db import Database

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SHUFFLES = 2_000
PAGE = 65_536


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def database_file(instance: Path) -> bytes:
    return (instance / "consult.sqlite3").read_bytes()


def checkpoint(database: Database) -> None:
    """Bring all that is written into the file, as the night's work and the sweep do."""
    connection = database.engine.raw_connection()
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.close()
    assert busy == 0, "somebody still reads"


def places(data: bytes, marks: Sequence[bytes]) -> list[int]:
    """Where each mark stands; every one must stand there exactly once."""
    found = []
    for mark in marks:
        first = data.find(mark)
        assert first >= 0, "a row cannot be found in the file"
        assert data.find(mark, first + 1) < 0, "a row lies in the file twice"
        found.append(first)
    return found


def pages(data: bytes, marks: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """On which page each mark stands, made different by the mark itself, which is random.

    Where a page was rebuilt an old copy may lie beside the row; the last one counts.
    """
    return [(data.rindex(mark) // PAGE, mark) for mark in marks]


def rank_correlation(values: Sequence[Any]) -> float:
    """Spearman's coefficient of the values with the order in which they are given."""
    ranks = {value: rank for rank, value in enumerate(sorted(values))}
    count = len(values)
    squares = sum((ranks[value] - place) ** 2 for place, value in enumerate(values))
    return 1 - 6 * squares / (count * (count**2 - 1))


def neighbours(values: Sequence[Any]) -> int:
    """How many of those that follow each other also lie next to each other, in either order."""
    ranks = {value: rank for rank, value in enumerate(sorted(values))}
    found = [ranks[value] for value in values]
    return sum(abs(a - b) == 1 for a, b in zip(found, found[1:], strict=False))


def tells_order(values: Sequence[Any]) -> bool:
    """Whether places in a file tell the order of arrival more than all but chance would.

    Both an order that runs through the file and one that is kept in pieces are found. The
    borders are those that 2,000 shuffles never passed, and a margin.
    """
    dice = random.Random(len(values))
    shuffled = [dice.sample(values, len(values)) for _ in range(SHUFFLES)]
    most = max(abs(rank_correlation(one)) for one in shuffled)
    longest = max(neighbours(one) for one in shuffled)
    return abs(rank_correlation(values)) > min(0.95, 1.35 * most) or (
        neighbours(values) > longest + 4
    )
