"""What a questionnaire is made of: types, questions, sections; its structure as JSON.

The texts are not in it: they hang on the uuids as units (`definition.units`), so that moving a
question, or adding a language, changes no structure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from consult.questionnaires import conditions
from consult.questionnaires.conditions import Condition

SHORT_TEXT = 200
LONG_TEXT = 2_000
LONGEST_TEXT = 8_000
# What `read_integer` can take: nine digits.
LARGEST_NUMBER = 999_999_999
LARGEST_CELL = 100_000
PLAUSIBLE_PEOPLE = 1_000
# A year mistyped, or a day of another calendar, falls outside unless the question widens it.
EARLIEST_DAY = date(1950, 1, 1)
LATEST_DAY = date(2099, 12, 31)
PEOPLE_CELLS = tuple(
    f"{sex}_{band}"
    for sex in ("women", "men", "another")
    for band in ("under_18", "18_29", "30_44", "45_59", "60_plus")
)
OTHER = "other"

Bound: TypeAlias = int | float | date


class QuestionType(StrEnum):
    """The types of question, spelled as in files and tallies."""

    NOTE = "note"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    MATRIX = "matrix"
    RANKING = "ranking"
    PLACE = "place"
    PEOPLE = "people"
    RECOMMENDATION = "recommendation"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose; an exclusive one of a multiple choice stands alone."""

    key: str
    uuid: str
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a matrix."""

    key: str
    uuid: str


@dataclass(frozen=True)
class Question:
    """One question; what does not belong to its type has the default.

    `minimum` and `maximum` bound a number or a day. `least` and `most` bound how many are chosen
    or ranked. `plausible` is the range outside which the form asks "are you sure?": of a number,
    or of the total of a people table. `countries` are those whose places may be named.
    """

    key: str
    uuid: str
    type: QuestionType
    required: bool = False
    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    minimum: Bound | None = None
    maximum: Bound | None = None
    max_length: int | None = None
    least: int | None = None
    most: int | None = None
    relevance: Condition | None = None
    sensitive: bool = False
    quotable: bool = False
    countries: tuple[str, ...] = ()
    plausible: tuple[int | float, int | float] | None = None

    @cached_property
    def choice_keys(self) -> tuple[str, ...]:
        """The keys of the choices, in order."""
        return tuple(choice.key for choice in self.choices)

    @cached_property
    def exclusive_keys(self) -> frozenset[str]:
        """The choices that stand alone."""
        return frozenset(choice.key for choice in self.choices if choice.exclusive)

    @cached_property
    def row_keys(self) -> tuple[str, ...]:
        """The keys of a matrix's rows, in order."""
        return tuple(row.key for row in self.rows)

    @property
    def takes_other(self) -> bool:
        """Whether a text may stand beside the choice `other`."""
        return self.type in WITH_OTHER and OTHER in self.choice_keys

    @property
    def longest(self) -> int:
        """How many characters its text may have: `max_length`, or what its type sets."""
        if self.max_length is not None:
            return self.max_length
        long = (QuestionType.LONG_TEXT, QuestionType.RECOMMENDATION)
        return LONG_TEXT if self.type in long else SHORT_TEXT

    @property
    def lowest(self) -> Bound:
        """The least number, or the first day, that is taken."""
        if self.minimum is not None:
            return self.minimum
        return EARLIEST_DAY if self.type is QuestionType.DATE else -LARGEST_NUMBER

    @property
    def highest(self) -> Bound:
        """The greatest number, or the last day, that is taken."""
        if self.maximum is not None:
            return self.maximum
        return LATEST_DAY if self.type is QuestionType.DATE else LARGEST_NUMBER

    @property
    def believable(self) -> tuple[int | float, int | float] | None:
        """The range outside which the form asks "are you sure?", if it ever does."""
        if self.plausible is None and self.type is QuestionType.PEOPLE:
            return (0, PLAUSIBLE_PEOPLE)
        return self.plausible


WITH_OTHER = frozenset({QuestionType.SINGLE, QuestionType.MULTIPLE})


@dataclass(frozen=True)
class Section:
    """Questions that stand on one page; asked as a whole under one condition."""

    key: str
    uuid: str
    questions: tuple[Question, ...]
    relevance: Condition | None = None


@dataclass(frozen=True)
class Definition:
    """A questionnaire: ordered sections. A published one never changes."""

    sections: tuple[Section, ...]

    def questions(self) -> Iterator[Question]:
        """Give every question in order, notes too."""
        for section in self.sections:
            yield from section.questions

    def question(self, key: str) -> Question | None:
        """Give the question with this key."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions()}


def to_json(definition: Definition) -> dict[str, Any]:
    """Give the structure, without texts, as JSON can hold it."""
    return {"sections": [section_data(section) for section in definition.sections]}


def from_json(data: Mapping[str, Any]) -> Definition:
    """Give the definition that `to_json` wrote; what people wrote goes through `parse`."""
    return Definition(tuple(_section(section) for section in data["sections"]))


def section_data(section: Section) -> dict[str, Any]:
    """Give a section's structure under the names of the file."""
    data: dict[str, Any] = {"key": section.key, "uuid": section.uuid}
    if section.relevance is not None:
        data["relevance"] = conditions.to_data(section.relevance)
    return data | {"questions": [question_data(question) for question in section.questions]}


def question_data(question: Question) -> dict[str, Any]:
    """Give a question's structure under the names of the file; defaults are left out."""
    data: dict[str, Any] = {"key": question.key, "uuid": question.uuid, "type": question.type.value}
    data |= {name: True for name in FLAGS if getattr(question, name)}
    if question.relevance is not None:
        data["relevance"] = conditions.to_data(question.relevance)
    for name, bound in (("min", question.minimum), ("max", question.maximum)):
        if bound is not None:
            data[name] = bound.isoformat() if isinstance(bound, date) else bound
    data |= {name: getattr(question, name) for name in SIZES if getattr(question, name) is not None}
    if question.plausible is not None:
        data["plausible"] = list(question.plausible)
    if question.countries:
        data["countries"] = list(question.countries)
    if question.rows:
        data["rows"] = [{"key": row.key, "uuid": row.uuid} for row in question.rows]
    if question.choices:
        data["choices"] = [_choice_data(choice) for choice in question.choices]
    return data


FLAGS = ("required", "sensitive", "quotable")
SIZES = ("max_length", "least", "most")


def _choice_data(choice: Choice) -> dict[str, Any]:
    data: dict[str, Any] = {"key": choice.key, "uuid": choice.uuid}
    return data | {"exclusive": True} if choice.exclusive else data


def _section(data: Mapping[str, Any]) -> Section:
    questions = tuple(_question(question) for question in data["questions"])
    return Section(data["key"], data["uuid"], questions, _relevance(data))


def _question(data: Mapping[str, Any]) -> Question:
    plausible = data.get("plausible")
    return Question(
        key=data["key"],
        uuid=data["uuid"],
        type=QuestionType(data["type"]),
        choices=tuple(Choice(**choice) for choice in data.get("choices", ())),
        rows=tuple(Row(**row) for row in data.get("rows", ())),
        minimum=_bound(data.get("min")),
        maximum=_bound(data.get("max")),
        relevance=_relevance(data),
        countries=tuple(data.get("countries", ())),
        plausible=None if plausible is None else (plausible[0], plausible[1]),
        **{name: data[name] for name in (*FLAGS, *SIZES) if name in data},
    )


def _relevance(data: Mapping[str, Any]) -> Condition | None:
    return conditions.from_data(data["relevance"]) if "relevance" in data else None


def _bound(value: Any) -> Bound | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
