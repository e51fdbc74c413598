"""Made-up answers as columns of codes. The codes come first and the lines are told from them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from consult.demo import leanings
from consult.demo.leanings import Weights
from consult.questionnaires import places
from consult.questionnaires.definition import Definition, Question, QuestionType
from consult.questionnaires.structure import PEOPLE_CELLS

Codes: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Shares: TypeAlias = NDArray[np.float64]

FACETS_FIRST = ("place", "sex", "setting")
SIX_YEARS = 2_190


@dataclass
class Columns:
    """The codes of all voices, by question, and who answered it.

    By type: single, scale, place, recommendation the index of the choice · multiple a row of
    flags · ranking a row of indexes, best first · matrix a row of indexes · number the number ·
    date the days ago · people a row of numbers · text nothing.
    """

    voices: int
    codes: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    numbers: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    answered: dict[str, Flags] = field(default_factory=dict)
    # How many tasks a ballot ranks.
    ranked: dict[str, Codes] = field(default_factory=dict)
    on_web: Flags = field(default_factory=lambda: np.zeros(0, np.bool_))


def keys_of(question: Question) -> tuple[str, ...]:
    """Give what a code of this question stands for."""
    if question.type is QuestionType.PLACE:
        return tuple(place.code for place in places.of(question.countries or places.COUNTRIES))
    return question.choice_keys


def draw(
    definition: Definition,
    voices: int,
    rng: Generator,
    *,
    on_web: Flags,
    reserved: frozenset[tuple[str, str]],
) -> Columns:
    """Draw every answer of `voices` voices; nobody takes a reserved (question, choice).

    On the web a required question is always answered, as the form asks for it.
    """
    columns = Columns(voices, on_web=on_web)
    questions = {question.key: question for question in definition.questions()}
    ordered = [questions[key] for key in FACETS_FIRST if key in questions]
    ordered += [question for question in questions.values() if question not in ordered]
    groups = np.zeros((voices, 0), np.int64)
    for position, question in enumerate(ordered):
        speakers = _Speakers(definition, columns, groups, rng, reserved)
        if question.type is QuestionType.NOTE:
            continue
        _DRAWERS[question.type](question, speakers)
        answered = rng.random(voices) >= leanings.MISSING
        if question.required:
            answered |= on_web
        if question.type is QuestionType.PEOPLE:
            answered &= rng.random(voices) < leanings.GROUP_SHARE
        columns.answered[question.key] = answered
        if position < len(FACETS_FIRST) and question.key in FACETS_FIRST:
            groups = np.column_stack([groups, _facet(question, columns)])
    return columns


@dataclass
class _Speakers:
    """Who speaks: the facets drawn so far, from which the leanings of a group come."""

    definition: Definition
    columns: Columns
    groups: Codes
    rng: Generator
    reserved: frozenset[tuple[str, str]]

    def shares(self, question: str, keys: Sequence[str], base: Weights, default: float) -> Shares:
        """Give each voice the share of each choice in its group, somewhat by chance."""
        kinds, inverse = self._kinds()
        bare = question.partition(".")[0]
        free = [0.0 if (bare, key) in self.reserved else base.get(key, default) for key in keys]
        rows = np.zeros((len(kinds), len(keys)))
        for number, kind in enumerate(kinds):
            weights = np.array(free, np.float64)
            for shift in self._shifts(question, kind):
                weights *= [shift.get(key, 1.0) for key in keys]
            rows[number] = self._near(weights)
        return rows[inverse]

    def number_factor(self, question: str) -> Shares:
        """Give each voice what multiplies a median in its group."""
        kinds, inverse = self._kinds()
        factors = [
            prod(leanings.NUMBER_SHIFTS.get((*facet, question), 1.0) for facet in self._named(kind))
            for kind in kinds
        ]
        return np.array(factors, np.float64)[inverse]

    def are(self, key: str, choice: str) -> Flags:
        """Say which voices took a choice of a question that is drawn already."""
        question = self.definition.question(key)
        if question is None or key not in self.columns.codes or choice not in question.choice_keys:
            return np.zeros(self.columns.voices, np.bool_)
        return np.equal(self.columns.codes[key], question.choice_keys.index(choice))

    def _kinds(self) -> tuple[list[tuple[int, ...]], Codes]:
        """Give the groups that are there, and which of them each voice belongs to."""
        if not self.groups.size:
            return [()], np.zeros(len(self.groups), np.int64)
        kinds, inverse = np.unique(self.groups, axis=0, return_inverse=True)
        return [tuple(map(int, kind)) for kind in kinds], np.reshape(inverse, -1)

    def _near(self, weights: Shares) -> Shares:
        if not weights.any():
            return weights
        drawn = self.rng.dirichlet(np.maximum(weights / weights.sum() * leanings.LIKENESS, 1e-9))
        return np.where(weights > 0, np.maximum(drawn, 1e-12), 0.0)

    def _shifts(self, question: str, kind: Sequence[int]) -> list[Weights]:
        named = [(*facet, question) for facet in self._named(kind)]
        return [leanings.SHIFTS[name] for name in named if name in leanings.SHIFTS]

    def _named(self, kind: Sequence[int]) -> list[tuple[str, str]]:
        facets = [key for key in FACETS_FIRST if self.definition.question(key) is not None]
        found = []
        for facet, code in zip(facets, kind, strict=False):
            question = self.definition.question(facet)
            if question is not None and facet == "place":
                found.append(("country", places.COUNTRIES[int(code)]))
            elif question is not None:
                found.append((facet, question.choice_keys[int(code)]))
        return found


def _facet(question: Question, columns: Columns) -> Codes:
    """Give the groups that lean: countries for a place, else the choices."""
    codes = columns.codes[question.key]
    if question.type is not QuestionType.PLACE:
        return codes
    countries = [places.COUNTRIES.index(places.country(key)) for key in keys_of(question)]
    return np.array(countries, np.int64)[codes]


def _index(shares: Shares, rng: Generator) -> Codes:
    """Draw one index for each row of shares."""
    if not len(shares):
        return np.zeros(0, np.int64)
    heights = np.cumsum(shares, axis=1)
    drawn = rng.random((len(shares), 1)) * heights[:, -1:]
    passed: Codes = np.sum(drawn >= heights, axis=1, dtype=np.int64)
    index: Codes = np.minimum(passed, shares.shape[1] - 1)
    return index


def _ordered(shares: Shares, rng: Generator) -> Codes:
    """Order the choices of each voice: its shares and Gumbel noise."""
    with np.errstate(divide="ignore"):
        scores = np.log(shares) + rng.gumbel(size=shares.shape)
    return np.argsort(-scores, axis=1).astype(np.int64)


def _place(question: Question, speakers: _Speakers) -> None:
    keys = keys_of(question)
    weights = {
        key: leanings.PLACES.get(
            key,
            leanings.REMOTE_CONGO_WEIGHT if places.country(key) == "CD" else leanings.PLACE_WEIGHT,
        )
        for key in keys
    }
    shares = speakers.shares(question.key, keys, weights, 1.0)
    speakers.columns.codes[question.key] = _index(shares, speakers.rng)


def _one(question: Question, speakers: _Speakers) -> None:
    keys = keys_of(question)
    base = leanings.LEANINGS.get(question.key, {})
    shares = speakers.shares(question.key, keys, base, 1.0)
    speakers.columns.codes[question.key] = _index(shares, speakers.rng)


def _several(question: Question, speakers: _Speakers) -> None:
    keys, rng = question.choice_keys, speakers.rng
    base = leanings.LEANINGS.get(question.key, {})
    shares = speakers.shares(question.key, keys, base, 1.0)
    alone = np.array([key in question.exclusive_keys for key in keys])
    order = _ordered(np.where(alone, 0.0, shares), rng)
    free = int((~alone).sum())
    most = min(question.most or free, free)
    ticks = rng.choice([1, 2, 3], size=len(shares), p=leanings.TICKS)
    ticks = np.clip(ticks, min(question.least or 1, most), most)
    chosen = np.zeros(shares.shape, np.int64)
    rank = np.argsort(order, axis=1)
    chosen[rank < ticks[:, None]] = 1
    if alone.any():
        only = rng.random(len(shares)) < leanings.EXCLUSIVE_SHARE
        chosen[only] = 0
        chosen[only, int(np.flatnonzero(alone)[0])] = 1
    speakers.columns.codes[question.key] = chosen


def _ranking(question: Question, speakers: _Speakers) -> None:
    rng, m = speakers.rng, len(question.choices)
    base = leanings.LEANINGS.get(question.key, {})
    shares = speakers.shares(question.key, question.choice_keys, base, 1.0)
    order = _ordered(shares, rng)
    most = min(question.most or m, m)
    few = np.clip(3, question.least or (most if question.required else 1), most)
    partial = rng.random(len(shares)) < leanings.PARTIAL_BALLOTS
    speakers.columns.codes[question.key] = order
    speakers.columns.ranked[question.key] = np.where(partial, few, most)


def _matrix(question: Question, speakers: _Speakers) -> None:
    rows = []
    for row in question.row_keys:
        name = f"{question.key}.{row}"
        base = leanings.LEANINGS.get(name, {})
        shares = speakers.shares(name, question.choice_keys, base, 1.0)
        rows.append(_index(shares, speakers.rng))
    speakers.columns.codes[question.key] = np.column_stack(rows)


def _number(question: Question, speakers: _Speakers) -> None:
    lowest, highest = _bounds(question)
    span = min(highest - lowest, 20.0)
    median, spread = leanings.NUMBERS.get(question.key, (max(span / 3, 1.0), 0.6))
    noise = speakers.rng.lognormal(0.0, spread, speakers.columns.voices)
    drawn = median * speakers.number_factor(question.key) * noise
    drawn = drawn if question.key in leanings.NUMBERS else lowest + drawn
    decimals = 0 if question.type is QuestionType.INTEGER else 1
    rounded: Shares = np.round(np.clip(drawn, lowest, highest), decimals).astype(np.float64)
    speakers.columns.numbers[question.key] = rounded


def _bounds(question: Question) -> tuple[float, float]:
    low, high = question.lowest, question.highest
    if question.believable is not None:
        low, high = question.believable
    elif question.minimum is None:
        low = 0
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        raise TypeError(f"{question.key} is no number")
    return float(low), float(high)


def _date(question: Question, speakers: _Speakers) -> None:
    median, spread = leanings.DAYS_AGO
    days = median * speakers.rng.lognormal(0.0, spread, speakers.columns.voices)
    speakers.columns.codes[question.key] = np.minimum(days, SIX_YEARS).astype(np.int64)


def _people(question: Question, speakers: _Speakers) -> None:
    """Draw who took part; a woman speaks for women, a man for men, the others for both."""
    rng, shape = speakers.rng, (speakers.columns.voices, len(PEOPLE_CELLS))
    often = np.tile([_presence(cell) for cell in PEOPLE_CELLS], (shape[0], 1))
    for sex, others in (("woman", "men_"), ("man", "women_")):
        not_theirs = np.array([cell.startswith(others) for cell in PEOPLE_CELLS])
        often[np.ix_(speakers.are("sex", sex), not_theirs)] = 0.0
    sizes = np.minimum(np.ceil(rng.lognormal(1.6, 0.7, shape)), 60)
    present = rng.random(shape) < often
    speakers.columns.codes[question.key] = (sizes * present).astype(np.int64)


def _presence(cell: str) -> float:
    """How often a group has somebody of a cell."""
    if cell.startswith("another_"):
        return 0.01
    return 0.12 if cell.endswith("under_18") else 0.65


def _words(question: Question, speakers: _Speakers) -> None:
    """Words are told from the other codes."""


_DRAWERS: dict[QuestionType, Callable[[Question, _Speakers], None]] = {
    QuestionType.SHORT_TEXT: _words,
    QuestionType.LONG_TEXT: _words,
    QuestionType.INTEGER: _number,
    QuestionType.DECIMAL: _number,
    QuestionType.DATE: _date,
    QuestionType.SINGLE: _one,
    QuestionType.MULTIPLE: _several,
    QuestionType.SCALE: _one,
    QuestionType.MATRIX: _matrix,
    QuestionType.RANKING: _ranking,
    QuestionType.PLACE: _place,
    QuestionType.PEOPLE: _people,
    QuestionType.RECOMMENDATION: _one,
}
