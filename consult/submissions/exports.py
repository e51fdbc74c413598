"""Every living submission as a file for use inside the house, in an order that says nothing."""

import io
import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, BinaryIO

from consult import spreadsheets
from consult.consultations.models import Consultation, RiskLevel
from consult.errors import NotNow
from consult.questionnaires.structure import (
    OTHER,
    PEOPLE_CELLS,
    Definition,
    Question,
    QuestionType,
)
from consult.spreadsheets import Cell, Sheet
from consult.submissions.opening import Opened

HEADS = ("language", "channel", "received_on", "consent.use", "organisation.name")
Column = tuple[str, Callable[[Any], Cell]]


class Format(Enum):
    """What an export is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


class NeedsAnother(NotNow):
    """Above risk level low an export takes the grant of a second person, which comes later."""


def check_allowed(consultation: Consultation) -> None:
    """Raise `NeedsAnother` above risk level low (SAFETY 2.7)."""
    if consultation.risk_level is not RiskLevel.LOW:
        level = consultation.risk_level.value
        raise NeedsAnother(
            f"at risk level {level} an export needs the grant of a second person, "
            "which this version does not have yet"
        )


def write(
    file: BinaryIO, kind: Format, definitions: Sequence[Definition], opened: Sequence[Opened]
) -> int:
    """Write submissions in random order, without their ids; give how many.

    `definitions`: every version that was answered, the newest first; its columns come first, and
    those of questions that it dropped behind them.
    """
    shuffled = secrets.SystemRandom().sample(opened, len(opened))
    if kind is Format.JSONL:
        text = io.TextIOWrapper(file, encoding="utf-8", newline="\n")
        for one in shuffled:
            text.write(json.dumps(line(one), ensure_ascii=False) + "\n")
        text.detach()
        return len(shuffled)
    columns = list(_all_columns(definitions))
    heads = [*HEADS, *(name for name, _ in columns)]
    rows = _rows(shuffled, columns)
    if kind is Format.CSV:
        spreadsheets.write_csv(file, heads, rows)
    else:
        spreadsheets.write_xlsx(file, [Sheet("submissions", heads, rows)])
    return len(shuffled)


def line(opened: Opened) -> dict[str, Any]:
    """Give one submission as a line of JSON Lines holds it (PRODUCT section 4, Data)."""
    consent: dict[str, Any] = {"use": opened.use.value}
    if opened.quote:
        consent["quote"] = dict(opened.quote)
    if opened.contact is not None:
        consent["contact"] = opened.contact
    found: dict[str, Any] = {
        "language": opened.language,
        "channel": opened.channel.value,
        "received_on": opened.received_on.isoformat(),
        "consent": consent,
    }
    if opened.organisation:
        found["organisation"] = {"name": opened.organisation}
    return {**found, "answers": dict(opened.answers)}


def _rows(opened: Iterable[Opened], columns: Sequence[Column]) -> Iterator[list[Cell]]:
    for one in opened:
        head: list[Cell] = [
            one.language,
            one.channel.value,
            one.received_on.isoformat(),
            one.use.value,
            one.organisation,
        ]
        yield [*head, *(read(one.answers) for _, read in columns)]


def _all_columns(definitions: Iterable[Definition]) -> Iterator[Column]:
    """Give the columns of all versions, each name once."""
    seen: set[str] = set()
    for definition in definitions:
        for name, read in _columns(definition):
            if name not in seen:
                seen.add(name)
                yield name, read


def _columns(definition: Definition) -> Iterator[Column]:
    """Give each column's name, as the form names the field, and how it is read from answers."""
    for question in definition.questions():
        yield from _columns_of(question)
        if question.takes_other:
            field = f"{question.key}.{OTHER}"
            # In a multiple choice that name is the column of the choice `other` itself.
            several = question.type is QuestionType.MULTIPLE
            yield f"{field}.text" if several else field, _plain(field)


def _columns_of(question: Question) -> Iterator[Column]:
    key = question.key
    match question.type:
        case QuestionType.NOTE:
            return
        case QuestionType.MULTIPLE:
            for choice in question.choice_keys:
                yield f"{key}.{choice}", _ticked(key, choice)
        case QuestionType.MATRIX:
            for row in question.row_keys:
                yield f"{key}.{row}", _part(key, row)
        case QuestionType.RANKING:
            for choice in question.choice_keys:
                yield f"{key}.{choice}", _rank(key, choice)
        case QuestionType.PEOPLE:
            for cell in PEOPLE_CELLS:
                yield f"{key}.{cell}", _part(key, cell)
        case QuestionType.RECOMMENDATION:
            for part in ("text", "addressee"):
                yield f"{key}.{part}", _part(key, part)
        case _:
            yield key, _plain(key)


def _plain(key: str) -> Callable[[Any], Cell]:
    return lambda answers: answers.get(key)


def _part(key: str, part: str) -> Callable[[Any], Cell]:
    return lambda answers: answers.get(key, {}).get(part)


def _ticked(key: str, choice: str) -> Callable[[Any], Cell]:
    """Give 1 or 0 for a choice, nothing where the question was not answered."""
    return lambda answers: int(choice in answers[key]) if key in answers else None


def _rank(key: str, choice: str) -> Callable[[Any], Cell]:
    def read(answers: Any) -> Cell:
        ranked = answers.get(key, [])
        return ranked.index(choice) + 1 if choice in ranked else None

    return read
