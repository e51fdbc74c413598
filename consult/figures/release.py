"""The one door for numbers: what was counted goes in, figures that may be shown come out.

Pure. Nothing else makes a `Figure`. `docs/figures.md` says for readers what is hidden and why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import and_

import numpy as np
from numpy.typing import NDArray

from consult.errors import BadInput
from consult.figures import disclosure
from consult.figures.cover import Bools, Ints
from consult.figures.disclosure import FEWEST, Fate
from consult.figures.statistics import quantiles, wilson
from consult.figures.tables import Counted, Table

LOWEST_THRESHOLD = 5
SMALL_BASE = 30
WIDE = 0.15
NONRESPONSE = 0.2
FOR_QUARTILES = 20
# Of a sum over submissions, what one of them may bring at most.
DOMINANT = 0.8


class Flag(StrEnum):
    """A caution that stands beside a figure, in words."""

    SMALL_BASE = "small_base"
    WIDE = "wide"
    NONRESPONSE = "nonresponse"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that may be shown, or that there is one which may not.

    `denominator` is what a share is of; `low` and `high` bound that share. All hidden figures
    are alike, whatever the reason.
    """

    value: int | float | date | None
    hidden: bool = False
    denominator: int | None = None
    low: float | None = None
    high: float | None = None
    flags: tuple[Flag, ...] = ()

    @property
    def share(self) -> float | None:
        """The count over its denominator, between 0 and 1; None where there is none."""
        if not isinstance(self.value, int) or not self.denominator:
            return None
        return self.value / self.denominator

    def __str__(self) -> str:
        raise TypeError("a figure is worded by `figures/words.py`, never printed")


HIDDEN = Figure(None, hidden=True)


class TooLow(BadInput):
    """A threshold may be raised, never lowered."""


class NotShown(BadInput):
    """A filter that would single out a few: one wording, whatever the reason."""

    def __init__(self, facet: str, value: str) -> None:
        super().__init__(
            f"{facet}={value} is not shown by itself: too few are inside or outside of it"
        )


@dataclass(frozen=True)
class Rules:
    """The consultation's own threshold, and the one that is asked for, which may be higher."""

    own: int
    asked: int

    @property
    def thresholds(self) -> tuple[int, ...]:
        """Every threshold that must agree to show a number."""
        return tuple(sorted({self.own, self.asked}))


@dataclass(frozen=True)
class Decided:
    """The fates of all questions under some rules."""

    rules: Rules
    fates: Mapping[str, Fate]


@dataclass(frozen=True)
class Shown:
    """The figures of one question: rows over all its tables, each cell and group by facet."""

    shown: bool
    answered: Figure
    not_answered: Figure
    rows: tuple[Figure, ...]
    cells: Mapping[str, tuple[tuple[Figure, ...], ...]]
    groups: Mapping[str, tuple[Figure, ...]]


def rules(own: int, asked: int | None = None) -> Rules:
    """Give the rules of a tally. Raises `TooLow`."""
    if own < LOWEST_THRESHOLD:
        raise TooLow(f"the threshold is at least {LOWEST_THRESHOLD}")
    if asked is not None and asked < own:
        raise TooLow(f"the threshold of this consultation is {own}; it can only be raised")
    return Rules(own, own if asked is None else asked)


def decide(counted: Sequence[Counted], facets: Sequence[str], by: Rules) -> Decided:
    """Decide once what may be shown: what each threshold shows by itself."""
    each = [disclosure.decide(counted, facets, t) for t in by.thresholds]
    fates = {q.id: reduce(and_, (fates[q.id] for fates in each)) for q in counted}
    return Decided(by, fates)


def too_few(submissions: int) -> bool:
    """Say whether there are too few submissions for any figure."""
    return submissions < FEWEST


def submissions(count: int) -> Figure:
    """Give the number of submissions that count, or of a selection that may be shown."""
    return Figure(count)


def question(counted: Counted, decided: Decided, universe: int) -> Shown:
    """Give the figures of one question over the whole universe."""
    fate = decided.fates[counted.id]
    asked = universe if counted.asked is None else counted.asked
    return Shown(
        fate.shown,
        _answered(counted.answered, asked, shown=fate.shown),
        Figure(universe - counted.answered) if fate.shown else HIDDEN,
        _rows(counted, fate),
        {facet: _cells(counted, fate, facet) for facet in fate.groups},
        {
            facet: tuple(
                Figure(int(n)) if seen else HIDDEN
                for n, seen in zip(counted.groups[facet], shown, strict=False)
            )
            for facet, shown in fate.groups.items()
        },
    )


def selected(
    facet: Counted, decided: Decided, position: int, universe: int, *, named: tuple[str, str]
) -> int:
    """Give how many submissions a filter selects. Raises `NotShown` when it may not."""
    fate = decided.fates[facet.id]
    size = int(facet.tables[0].counts[position])
    shown = fate.shown and bool(fate.rows[0][position])
    if not selectable(Figure(size, hidden=not shown), universe):
        raise NotShown(*named)
    return size


def selectable(figure: Figure, universe: int) -> bool:
    """Say whether a filter may select a group: enough are inside of it, and none or enough out."""
    if figure.hidden or not isinstance(figure.value, int):
        return False
    return figure.value >= FEWEST and not 1 <= universe - figure.value < FEWEST


def column(counted: Counted, decided: Decided, facet: str, position: int, selection: int) -> Shown:
    """Give the figures of one question under a filter: a column of its table by the facet."""
    fate = decided.fates[counted.id]
    shown = fate.shown and bool(fate.groups[facet][position])
    answered = int(counted.groups[facet][position])
    asked = int(counted.asked_by[facet][position]) if facet in counted.asked_by else selection
    return Shown(
        shown,
        _answered(answered, asked, shown=shown),
        Figure(selection - answered) if shown else HIDDEN,
        tuple(line[position] for line in _cells(counted, fate, facet)),
        {},
        {},
    )


def numbers(values: NDArray[np.generic], *, shown: bool, days: bool = False) -> tuple[Figure, ...]:
    """Give median, lower and upper quartile of those who answered; None where too few did.

    A day is given as a date, rounded down. Never a minimum, a maximum or a mean.
    """
    if not shown:
        return (HIDDEN,) * 3
    found: list[float | None] = list(quantiles(values, (0.5, 0.25, 0.75)))
    if len(values) < FOR_QUARTILES:
        found[1:] = [None, None]
    if len(values) < FEWEST:
        found = [None] * 3
    return tuple(
        Figure(date.fromordinal(int(value)) if days and value is not None else value)
        for value in found
    )


def people(cells: NDArray[np.generic], by: Rules, *, shown: bool) -> tuple[Figure, ...]:
    """Give the people named in each cell (rows) of the people tables (columns).

    Hidden: a cell that fewer than t submissions filled, or of which one brings too much.
    """
    few = max(by.thresholds)
    return tuple(
        Figure(int(line.sum()))
        if shown and (line > 0).sum() >= few and line.max() <= DOMINANT * line.sum()
        else HIDDEN
        for line in cells.astype(np.int64)
    )


def _answered(count: int, asked: int, *, shown: bool) -> Figure:
    if not shown:
        return HIDDEN
    # More may answer than were asked: paper does not skip.
    silent = asked > 0 and (asked - min(count, asked)) / asked > NONRESPONSE
    return Figure(count, flags=(Flag.NONRESPONSE,) if silent else ())


def _rows(counted: Counted, fate: Fate) -> tuple[Figure, ...]:
    return tuple(
        _share(int(count), table.answered, shown=bool(seen))
        for table, shown in zip(counted.tables, fate.rows, strict=True)
        for count, seen in zip(table.counts, shown, strict=True)
    )


def _cells(counted: Counted, fate: Fate, facet: str) -> tuple[tuple[Figure, ...], ...]:
    return tuple(
        line
        for table, cells, rows in zip(counted.tables, fate.cells, fate.rows, strict=True)
        for line in _table_cells(table, facet, cells[facet] & rows[:, np.newaxis], fate)
    )


def _table_cells(table: Table, facet: str, shown: Bools, fate: Fate) -> list[tuple[Figure, ...]]:
    counts: Ints = table.by[facet][:, :-1]
    sizes: Ints = table.groups[facet][:-1]
    seen = shown & fate.groups[facet]
    return [
        tuple(
            _share(int(count), int(size), shown=bool(may))
            for count, size, may in zip(line, sizes, allowed, strict=True)
        )
        for line, allowed in zip(counts, seen, strict=True)
    ]


def _share(count: int, total: int, *, shown: bool) -> Figure:
    if not shown:
        return HIDDEN
    low, high = wilson(count, total)
    flags = []
    if FEWEST <= total < SMALL_BASE:
        flags.append(Flag.SMALL_BASE)
    if (high - low) / 2 > WIDE:
        flags.append(Flag.WIDE)
    return Figure(count, denominator=total, low=low, high=high, flags=tuple(flags))
