"""What must be hidden so that subtraction does not return a small count: the algorithm.

Pure. A *box* of a small cell is a set of other tables with the same shown numbers, in which that
cell takes values that span at least t; so each cover is its own proof, and hiding more later
cannot break it. `docs/figures.md` explains the steps; `tests/figures/` attacks them with a linear
programme.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]
Cell: TypeAlias = tuple[int, ...]

# Smaller groups have no column, whatever the threshold.
SMALLEST_GROUP = 10


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Whether "all of them said so" is a secret: of the choices' question, of the groups'."""

    choices: bool = False
    groups: bool = False


PLAIN = Sensitive()


def protect(
    counts: Ints, t: int, veiled: Bools, free: Bools, unanimous: Bools | None = None
) -> tuple[Bools, None] | tuple[None, Cell]:
    """Give the hidden cells of a table, or None and the cell that no box can cover.

    `veiled` cells are never displayed, `free` ones need no protection; `unanimous` cells are as
    secret as small ones.
    """
    small = (counts >= 1) & (counts < t)
    if unanimous is not None:
        small = small | unanimous
    hidden = small | veiled
    # A cell hidden by itself is known not to be 0.
    play = np.maximum(counts - ~veiled, 0)
    for cell in _smallest_first(counts, small & ~free):
        far = _cheapest_box(counts, hidden, play, cell, t)
        if far is None:
            return None, cell
        for corner in itertools.product(*zip(cell, far, strict=True)):
            hidden[corner] = True
    return hidden, None


def hidden_rows(
    n: Ints,
    t: int,
    *,
    facet: bool = False,
    undisclosed: int | None = None,
    sensitive: bool = False,
) -> Bools:
    """Give which rows of a table whose rows sum to a known total are hidden.

    In a facet's own tally (`facet`) 0 is hidden like a small count, and `undisclosed` names the
    row that is hidden first.
    """
    hidden = n < t if facet else (n >= 1) & (n < t)
    if sensitive:
        hidden = hidden | ((n == n.sum()) & (n > 0))
    if undisclosed is not None and n[hidden].sum() == n[undisclosed] * hidden[undisclosed]:
        return hidden
    # Outside facets a hidden row is known not to be 0.
    sure = 0 if facet else 1
    return fill(
        hidden,
        n,
        lambda h: bool(np.maximum(n[h] - sure, 0).sum() >= t and (n[h] > 0).sum() > 1),
        by_size(n, undisclosed),
    )


def hidden_choice(count: int, answered: int, t: int, *, sensitive: bool = False) -> bool:
    """Say whether a choice of a multiple choice is hidden: few chose it, or few did not."""
    small = 1 <= count < t or 1 <= answered - count < t
    return small or (sensitive and answered > 0 and count in (0, answered))


def one_facet(
    counts: Ints,
    t: int,
    rows: Bools,
    own: Bools,
    totals: Ints,
    *,
    undisclosed: int | None = None,
    sensitive: Sensitive = PLAIN,
    without: Bools | None = None,
    rest_is_free: bool = False,
) -> tuple[Bools, Bools]:
    """Give the shown cells and the shown groups of a question by one facet.

    `counts`: choices by groups, and last "facet not answered", of those who answered; `rows`: the
    hidden rows of the question; `totals` and `own`: the facet's own tally over the universe and
    what is hidden in it; `undisclosed`: the group of those who prefer not to say; `without`: groups
    that may have no column for another reason; `rest_is_free`: the hidden rows need no protection.
    """
    shown, groups, _ = shared(
        counts,
        t,
        rows,
        own,
        totals,
        undisclosed=undisclosed,
        sensitive=sensitive,
        without=without,
        rest_is_free=rest_is_free,
        told=np.zeros(len(totals), bool),
    )
    return shown, groups


def shared(
    counts: Ints,
    t: int,
    rows: Bools,
    own: Bools,
    totals: Ints,
    *,
    told: Bools,
    undisclosed: int | None = None,
    sensitive: Sensitive = PLAIN,
    without: Bools | None = None,
    rest_is_free: bool = False,
) -> tuple[Bools, Bools, Bools]:
    """Do as `one_facet` for one of several tables over the same people.

    `told`: the groups whose size another of those tables may tell. Without a column here they
    still are columns to the reader, with each cell hidden. Gives also what of `told` may stay so.
    """
    n = counts[:, :-1].sum(0)
    columns = _Columns(n, t, own, totals, undisclosed, told)
    if without is not None:
        columns.drop(without)
    kept_rows = [[int(r)] for r in np.flatnonzero(~rows)]
    row_parts: list[Any] = kept_rows + ([np.flatnonzero(rows)] if rows.any() else [])
    while True:
        columns.fill_rest()
        parts, kept = columns.parts(), columns.kept()
        if not kept and not columns.told.any():
            return np.zeros(counts[:, :-1].shape, bool), ~columns.gone, columns.told
        table = np.array([[counts[np.ix_(r, g)].sum() for g in parts] for r in row_parts])
        veiled, free = np.ones(table.shape, bool), np.zeros(table.shape, bool)
        veiled[: len(kept_rows), : len(kept)] = False
        free[:, -1] = True
        free[len(kept_rows) :] |= rest_is_free
        hidden, bad = protect(table, t, veiled, free, _unanimous(table, sensitive))
        if hidden is not None:
            break
        columns.give_up(bad[1] if bad is not None else 0)
    shown = np.zeros(counts[:, :-1].shape, bool)
    for i, (r,) in enumerate(kept_rows):
        shown[r, kept] = ~hidden[i, : len(kept)]
    return shown, ~columns.gone, columns.told


class _Columns:
    """What the reader sees of the groups: columns, those without one, and the rest."""

    def __init__(
        self, n: Ints, t: int, own: Bools, totals: Ints, undisclosed: int | None, told: Bools
    ) -> None:
        self._n, self._t, self._own = n, t, own
        self._order = by_size(n, undisclosed)
        self._unstated = np.zeros(len(n), bool)
        # If it alone is too small it counts as not answered, and needs no cover.
        if undisclosed is not None and own[undisclosed]:
            self._unstated[undisclosed] = totals[own].sum() == totals[undisclosed]
        self.gone = (n < max(SMALLEST_GROUP, t)) | own
        self.told = told & ~self.gone

    def drop(self, groups: Bools) -> None:
        """Put groups into the rest."""
        self.gone = self.gone | groups
        self.told = self.told & ~groups

    def fill_rest(self) -> None:
        """Let groups join the rest until those in it cover each other."""
        rest = self._rest()
        secret = rest & (self._own | (self._n < self._t))
        filled = fill(
            secret,
            self._n,
            lambda h: bool(self._n[h].sum() >= self._t),
            [g for g in self._order if not rest[g]],
        )
        self.drop(filled & ~rest)

    def kept(self) -> list[int]:
        """Give the groups with a column."""
        return [int(g) for g in np.flatnonzero(~self.gone)]

    def parts(self) -> list[Any]:
        """Give the columns as the reader knows them; the last are those without an answer."""
        veiled = np.flatnonzero(self.gone & self.told)
        rest = np.flatnonzero(self._rest())
        found: list[Any] = [[g] for g in self.kept()] + [[int(g)] for g in veiled]
        found += [rest] if len(rest) else []
        return [*found, [*np.flatnonzero(self.gone & self._unstated), len(self._n)]]

    def give_up(self, part: int) -> None:
        """Hide more, because a cell of a part has no cover: columns first, sizes last."""
        kept, veiled = self.kept(), [int(g) for g in np.flatnonzero(self.gone & self.told)]
        if part < len(kept):
            self.gone[kept[part]] = True
        elif kept:
            self.gone[next(g for g in self._order if g in kept)] = True
        elif part < len(veiled):
            self.told[veiled[part]] = False
        else:
            self.told[next(g for g in self._order if g in veiled)] = False

    def _rest(self) -> Bools:
        return self.gone & ~self.told & ~self._unstated


def fill(hidden: Bools, n: Ints, enough: Callable[[Bools], bool], order: Iterable[int]) -> Bools:
    """Hide further items in this order until those hidden cover each other, or all are."""
    hidden, order = hidden.copy(), [i for i in order if not hidden[i] and n[i]]
    while n[hidden].sum() and not enough(hidden) and order:
        hidden[order.pop(0)] = True
    if n[hidden].sum() and not enough(hidden):
        hidden[:] = True
    return hidden


def by_size(n: Ints, undisclosed: int | None = None) -> list[int]:
    """Give the order in which items are hidden to cover others: the smallest first."""
    return sorted(range(len(n)), key=lambda i: (i != undisclosed, int(n[i]), i))


def _smallest_first(counts: Ints, chosen: Bools) -> list[Cell]:
    cells = [tuple(int(i) for i in cell) for cell in np.argwhere(chosen)]
    return sorted(cells, key=lambda cell: (int(counts[cell]), cell))


def _cheapest_box(counts: Ints, hidden: Bools, play: Ints, cell: Cell, t: int) -> Cell | None:
    """Give the corner opposite to `cell` of the cheapest box that is at least t wide."""
    price, cost = np.where(hidden, 0, counts + 1), np.zeros(1, np.int64)
    falls: tuple[list[Ints], list[Ints]] = ([], [])
    for away in itertools.product((0, 1), repeat=counts.ndim):
        at: Sequence[slice] = [
            slice(None) if far else slice(i, i + 1) for far, i in zip(away, cell, strict=True)
        ]
        falls[sum(away) % 2].append(play[tuple(at)])
        cost = cost + price[tuple(at)]
    width: Ints = sum(
        (np.min(np.array(np.broadcast_arrays(*side)), axis=0) for side in falls),
        np.zeros(1, np.int64),
    )
    good = width >= t
    for axis, i in enumerate(cell):
        # The opposite cell differs on each axis.
        good[(slice(None),) * axis + (i,)] = False
    if not good.any():
        return None
    cheapest = np.argmin(np.where(good, cost, np.inf))
    return tuple(int(i) for i in np.unravel_index(cheapest, counts.shape))


def _unanimous(table: Ints, sensitive: Sensitive) -> Bools | None:
    if not (sensitive.choices or sensitive.groups):
        return None
    found = np.zeros(table.shape, bool)
    if sensitive.choices:
        found |= table == table.sum(0)
    if sensitive.groups:
        # "Facet not answered" is no choice of the facet.
        found[:, :-1] |= table[:, :-1] == table[:, :-1].sum(1, keepdims=True)
    return found & (table > 0)
