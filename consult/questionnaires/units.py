"""The texts of a questionnaire as units of translation, keyed by the uuids they belong to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from consult.questionnaires.structure import Definition, Question, QuestionType, Section

Kind = Literal["plain", "lines"]

LONGEST_TITLE = 500
LONGEST_CHOICE = 300
LONGEST_HINT = 1_000
LONGEST_INTRO = 4_000


@dataclass(frozen=True, slots=True)
class Unit:
    """One text: its key, whether it may have lines, whether every language must have it.

    `place` tells a translator or an author where it stands; `safety` that a second person must
    read it before it goes live.
    """

    key: str
    kind: Kind
    required: bool
    max_len: int
    safety: bool
    place: str


def units(definition: Definition) -> list[Unit]:
    """Give every unit in the order of the form, those that may stay without text too."""
    return [
        unit
        for number, section in enumerate(definition.sections, start=1)
        for unit in _section_units(section, number)
    ]


def section_place(key: str, number: int) -> str:
    """Say where a section is: by its key, or by its number if it has none."""
    return f"section {key or number}"


def question_place(section: str, key: str, number: int) -> str:
    """Say where a question is."""
    return f"{section}, question {key or number}"


def _section_units(section: Section, number: int) -> Iterator[Unit]:
    place = section_place(section.key, number)
    yield _unit(f"s:{section.uuid}.title", place, LONGEST_TITLE, required=True)
    yield _unit(f"s:{section.uuid}.intro", f"{place}, intro", LONGEST_INTRO, kind="lines")
    for at, question in enumerate(section.questions, start=1):
        yield from _question_units(question, question_place(place, question.key, at))


def _question_units(question: Question, place: str) -> Iterator[Unit]:
    stem = f"q:{question.uuid}"
    if question.type is QuestionType.NOTE:
        yield _unit(f"{stem}.title", place, LONGEST_INTRO, kind="lines", required=True)
    else:
        yield _unit(f"{stem}.title", place, LONGEST_TITLE, required=True)
    yield _unit(f"{stem}.hint", f"{place}, hint", LONGEST_HINT, kind="lines")
    if question.type is not QuestionType.NOTE:
        yield _unit(f"{stem}.why", f"{place}, why", LONGEST_HINT, kind="lines")
    for at, row in enumerate(question.rows, start=1):
        yield _unit(f"r:{row.uuid}.title", f"{place}, row {at}", LONGEST_CHOICE, required=True)
    for at, choice in enumerate(question.choices, start=1):
        key = f"o:{choice.uuid}.title"
        yield _unit(key, f"{place}, choice {at}", LONGEST_CHOICE, required=True)


def _unit(
    key: str, place: str, max_len: int, *, kind: Kind = "plain", required: bool = False
) -> Unit:
    return Unit(key, kind, required, max_len, safety=False, place=place)
