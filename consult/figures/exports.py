"""The tally as a file: JSON, or one line a number as CSV and XLSX, all from the same tally."""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, BinaryIO

from consult import spreadsheets
from consult.figures.tally import Tally
from consult.spreadsheets import Cell, Sheet

HEADS = (
    *("question", "type", "question_label", "row", "row_label", "facet", "group"),
    *("measure", "value", "share", "low", "high", "hidden"),
)


class Format(StrEnum):
    """The formats of a tally, as commands name them."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


def write(tally: Tally, format_: Format, file: BinaryIO, *, right_to_left: bool = False) -> None:
    """Write a tally; every format holds the same numbers and hides the same."""
    match format_:
        case Format.JSON:
            text = json.dumps(tally.to_json(), ensure_ascii=False, indent=1)
            file.write(text.encode() + b"\n")
        case Format.CSV:
            spreadsheets.write_csv(file, HEADS, lines(tally))
        case Format.XLSX:
            sheet = Sheet(tally.consultation, HEADS, lines(tally), right_to_left)
            spreadsheets.write_xlsx(file, [sheet])


def lines(tally: Tally) -> Iterator[tuple[Cell, ...]]:
    """Give the tally flat: the universe first, then each question's numbers."""
    data = tally.to_json()
    yield _line({}, "submissions", data["submissions"])
    yield _line({}, "threshold", data["threshold"])
    yield _line({}, "too_few", data["too_few"])
    for facet, group in data["where"].items():
        yield _line({"facet": facet, "group": group}, "where", None)
    for question in data["questions"]:
        yield from _question(question)


def _question(question: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    head = {
        "question": question["key"],
        "type": question["type"],
        "question_label": question["label"],
    }
    for measure in ("answered", "not_answered"):
        yield _line(head, measure, question[measure], question)
    for facet, groups in question["groups"].items():
        for group, found in groups.items():
            yield _line(
                {**head, "facet": facet, "group": group}, "answered", found["answered"], found
            )
    for row in question.get("rows", ()):
        at = {**head, "row": row["key"], "row_label": row["label"]}
        yield _line(at, "count", row["count"], row)
        for facet, groups in row["by"].items():
            for group, cell in groups.items():
                yield _line({**at, "facet": facet, "group": group}, "count", cell["count"], cell)
    yield from _summary(head, question.get("summary", {}))


def _summary(head: Mapping[str, str], summary: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    for name, value in summary.items():
        if isinstance(value, Mapping):
            yield _line({**head, "row": name}, "people", value["people"], value)
        elif name != "hidden":
            yield _line(head, name, value, summary)


def _line(
    at: Mapping[str, str], measure: str, value: Cell, found: Mapping[str, Any] | None = None
) -> tuple[Cell, ...]:
    found = found or {}
    return (
        *(at.get(name) for name in HEADS[:7]),
        measure,
        value,
        *(found.get(name) for name in ("share", "low", "high")),
        bool(found.get("hidden", False)),
    )
