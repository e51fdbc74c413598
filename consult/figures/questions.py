"""The questions of a consultation over all its versions, joined by their uuid.

A code belongs to a choice of one question. Codes only grow from version to version and are never
used again, so what was coded before stays valid.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from consult.questionnaires import conditions, places, profile
from consult.questionnaires.structure import Choice, Definition, Question, QuestionType, Row

ONE_OF = frozenset(
    {QuestionType.SINGLE, QuestionType.SCALE, QuestionType.PLACE, QuestionType.RECOMMENDATION}
)
NUMBERS = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.DATE})
UNCOUNTED = frozenset({QuestionType.NOTE, QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT})
FACET_TYPES = frozenset({QuestionType.SINGLE, QuestionType.SCALE, QuestionType.PLACE})

Part = TypeVar("Part", Choice, Row)


@dataclass(frozen=True)
class Joined:
    """One question in all its versions.

    `newest` is as it stands last; the choice at position i of `choices` has code i + 1, and the
    row at position i of `rows` is the i-th column of a matrix; `sensitive` if it ever was.
    """

    id: str
    newest: Question
    choices: tuple[Choice, ...]
    rows: tuple[Row, ...]
    sensitive: bool

    @property
    def key(self) -> str:
        """Its key in the newest version that asks it."""
        return self.newest.key

    @property
    def type(self) -> QuestionType:
        """Its type; a question that changed it counts as another question."""
        return self.newest.type

    @property
    def is_facet(self) -> bool:
        """Whether figures may be broken down by it."""
        return profile.is_facet(self.key) and self.type in FACET_TYPES

    @cached_property
    def shown_choices(self) -> tuple[int, ...]:
        """The positions of the choices in the order of the questionnaire, dropped ones last."""
        return _order(self.choices, _choices(self.newest))

    @cached_property
    def shown_rows(self) -> tuple[int, ...]:
        """The positions of a matrix's rows in the order of the questionnaire."""
        return _order(self.rows, self.newest.rows)

    @cached_property
    def codes(self) -> Mapping[str, int]:
        """The code of each choice key, from 1."""
        return {choice.key: position + 1 for position, choice in enumerate(self.choices)}

    @cached_property
    def undisclosed(self) -> int | None:
        """Where "prefer not to say" stands among the shown choices of a facet."""
        keys = [self.choices[position].key for position in self.shown_choices]
        found = self.is_facet and profile.UNDISCLOSED in keys
        return keys.index(profile.UNDISCLOSED) if found else None

    def place_of(self, key: str) -> int:
        """Give where a choice stands among the shown ones. Raises `KeyError`."""
        return self.shown_choices.index(self.codes[key] - 1)


class Questions:
    """All questions that are counted, in the order of the newest version, dropped ones last."""

    def __init__(self, versions: Mapping[int, Definition]) -> None:
        """Join the versions, which come oldest first under their ids."""
        self.versions = dict(versions)
        self.all = _joined(tuple(self.versions.values()))
        self.by_id = {joined.id: joined for joined in self.all}

    def __iter__(self) -> Iterator[Joined]:
        return iter(self.all)

    def of(self, question: Question) -> Joined | None:
        """Give what a version's question is joined to; None for one that is not counted."""
        return self.by_id.get(join_id(question))

    def facets(self) -> list[Joined]:
        """Give the questions by which figures may be broken down, each facet once."""
        found: dict[str, Joined] = {}
        for joined in self.all:
            if joined.is_facet:
                found.setdefault(joined.key, joined)
        return list(found.values())

    @cached_property
    def conditioned(self) -> frozenset[str]:
        """The ids of the questions that some version asks only under a condition."""
        return frozenset(self.conditions)

    @cached_property
    def conditions(self) -> Mapping[str, tuple[conditions.Is | conditions.AtLeast, ...]]:
        """What the conditions of each question compare, in any version; keys are its own."""
        found: dict[str, tuple[conditions.Is | conditions.AtLeast, ...]] = {}
        for definition in self.versions.values():
            for section in definition.sections:
                for question in section.questions:
                    leaves = [
                        leaf
                        for condition in (section.relevance, question.relevance)
                        if condition is not None
                        for leaf in conditions.leaves(condition)
                    ]
                    if leaves and question.type not in UNCOUNTED:
                        found[join_id(question)] = (*found.get(join_id(question), ()), *leaves)
        return found

    def named(self, key: str) -> list[Joined]:
        """Give the questions that had this key in some version."""
        ids = {
            join_id(question)
            for definition in self.versions.values()
            if (question := definition.question(key)) is not None
        }
        return [joined for joined in self.all if joined.id in ids]


def join_id(question: Question) -> str:
    """Give what versions are joined by: the uuid, and the type, since answers differ by it."""
    return f"{question.uuid}/{question.type.value}"


def _joined(definitions: tuple[Definition, ...]) -> tuple[Joined, ...]:
    found: dict[str, list[Question]] = {}
    for definition in reversed(definitions):
        for question in definition.questions():
            if question.type not in UNCOUNTED:
                found.setdefault(join_id(question), []).insert(0, question)
    return tuple(
        Joined(
            name,
            questions[-1],
            _union(_choices(question) for question in questions),
            _union(question.rows for question in questions),
            any(question.sensitive for question in questions),
        )
        for name, questions in found.items()
    )


def _choices(question: Question) -> tuple[Choice, ...]:
    if question.type is not QuestionType.PLACE:
        return question.choices
    countries = question.countries or places.COUNTRIES
    return tuple(Choice(place.code, place.code) for place in places.of(countries))


def _union(versions: Iterable[tuple[Part, ...]]) -> tuple[Part, ...]:
    found: dict[str, Part] = {}
    for parts in versions:
        for part in parts:
            found.setdefault(part.key, part)
    return tuple(found.values())


def _order(every: Sequence[Choice | Row], newest: Sequence[Choice | Row]) -> tuple[int, ...]:
    keys = [part.key for part in every]
    first = [keys.index(part.key) for part in newest]
    return (*first, *(i for i in range(len(keys)) if i not in set(first)))
