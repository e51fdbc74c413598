"""What somebody can work out who knows all that is shown: a linear programme over all tables.

She knows every shown number, the sizes of the groups, how many answered and did not, and that a
cell hidden by itself is not 0. For each hidden small count she asks for the least and the greatest
value that fits. The cover is good if they lie at least t apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import highspy
import numpy as np


@dataclass
class Knowledge:
    """Linear facts about the cells of one table (or cube), which are numbered."""

    lows: np.ndarray
    facts: list[tuple[np.ndarray, float]] = field(default_factory=list)
    at_least_one: list[np.ndarray] = field(default_factory=list)
    same: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)

    def knows(self, cells, total) -> None:
        self.facts.append((np.atleast_1d(np.asarray(cells)).ravel(), float(total)))

    def knows_not_none(self, cells) -> None:
        self.at_least_one.append(np.asarray(cells).ravel())


def narrow(knowledge: Knowledge, secrets: list[tuple[np.ndarray, int]], t: int) -> list[int]:
    """Give the secret counts (sums of cells) whose possible values span less than t."""
    model = _model(knowledge)
    found = []
    for cells, count in secrets:
        low, high = (_extreme(model, len(knowledge.lows), cells, sign) for sign in (1, -1))
        assert low - 1e-6 <= count <= high + 1e-6
        if high - low < t - 1e-6:
            found.append(count)
    return found


def table(counts, silent, t, rows, groups, shown, own) -> tuple[Knowledge, list]:
    """Give what is known of a question by one facet, and the small counts to protect.

    `silent`: who did not answer the question, by group and "facet not answered".
    """
    number = np.arange(counts.size).reshape(counts.shape)
    known = Knowledge(np.zeros(counts.size + len(silent)))
    add_table(known, number, counts, t, rows, groups, shown)
    add_totals(known, number, counts, counts.size + np.arange(len(silent)), silent, own)
    return known, list(secrets(number, counts, t, rows))


def add_table(known, number, counts, t, rows, groups, shown) -> None:
    """Add what one published table says; `number` may hold several numbers a cell (a cube)."""
    n = counts.sum(0)
    known.knows(number, counts.sum())
    known.knows(number[:, -1], n[-1])
    for group in np.flatnonzero(groups):
        known.knows(number[:, group], n[group])
    for row in range(len(counts)):
        if not rows[row]:
            known.knows(number[row], counts[row].sum())
        elif counts[row].sum():
            known.knows_not_none(number[row])
        for group in range(counts.shape[1] - 1):
            if shown[row, group]:
                known.knows(number[row, group], counts[row, group])
            elif not rows[row] and groups[group] and 1 <= counts[row, group] < t:
                known.knows_not_none(number[row, group])


def add_totals(known, number, counts, silent_number, silent, own) -> None:
    """Add the facet's own tally, over the universe: those who did not answer are in it."""
    known.knows(silent_number, silent.sum())
    sizes = counts.sum(0) + silent
    for group in range(counts.shape[1] - 1):
        if not own[group]:
            known.knows(np.append(number[:, group].ravel(), silent_number[group]), sizes[group])


def secrets(number, counts, t, rows) -> Iterator[tuple[np.ndarray, int]]:
    """Give the hidden small counts: cells, and totals of rows; "not answered" is no secret."""
    for row in range(len(counts)):
        if rows[row] and 1 <= counts[row].sum() < t:
            yield number[row].ravel(), int(counts[row].sum())
        for group in range(counts.shape[1] - 1):
            if 1 <= counts[row, group] < t:
                yield np.atleast_1d(number[row, group]).ravel(), int(counts[row, group])


def _model(knowledge: Knowledge) -> highspy.Highs:
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    infinity = highspy.kHighsInf
    for low in knowledge.lows:
        model.addVar(float(low), infinity)
    for cells, total in knowledge.facts:
        model.addRow(total, total, len(cells), cells.astype(np.int32), np.ones(len(cells)))
    for one, other in knowledge.same:
        cells, signs = np.append(one, other), np.append(np.ones(len(one)), -np.ones(len(other)))
        model.addRow(0.0, 0.0, len(cells), cells.astype(np.int32), signs)
    for cells in knowledge.at_least_one:
        model.addRow(1.0, infinity, len(cells), cells.astype(np.int32), np.ones(len(cells)))
    return model


def _extreme(model: highspy.Highs, size: int, cells: np.ndarray, sign: int) -> float:
    costs = np.zeros(size)
    costs[cells] = sign
    model.changeColsCost(size, np.arange(size, dtype=np.int32), costs)
    model.run()
    if model.getModelStatus() == highspy.HighsModelStatus.kUnbounded:
        return -sign * float("inf")
    assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return sign * model.getInfo().objective_function_value


class World:
    """All tables of some questions at once: what one tells, the attacker uses in the others.

    The same total of a hidden row, and the same size of a hidden group, stand in many tables; she
    sets them equal.
    """

    def __init__(self, t: int) -> None:
        self.t = t
        self.known = Knowledge(np.zeros(0))
        self.secrets: list[tuple[np.ndarray, int]] = []
        self._rows: dict[tuple, np.ndarray] = {}
        self._groups: dict[tuple, np.ndarray] = {}

    def add(self, question, table, facet, counts, silent, rows, groups, shown, own) -> None:
        """Add one table of a question by a facet; arguments as in `table`."""
        number = self._numbered(counts.size).reshape(counts.shape)
        quiet = self._numbered(len(silent))
        add_table(self.known, number, counts, self.t, rows, groups, shown)
        add_totals(self.known, number, counts, quiet, silent, own)
        self.secrets += secrets(number, counts, self.t, rows)
        for row in np.flatnonzero(rows):
            self._same(self._rows, (question, table, row), number[row].ravel())
        for group in np.flatnonzero(own):
            self._same(self._groups, (facet, group), np.append(number[:, group], quiet[group]))

    def add_pair(self, names, counts, silent, rows, groups, shown, owns) -> None:
        """Add a facet by another as both directions show it: the sizes of rows and of columns.

        `silent`: those who answered the one facet and not the other, by its groups.
        """
        number = self._numbered(counts.size).reshape(counts.shape)
        self.known.knows(number, counts.sum())
        for axis, seen in ((0, rows), (1, groups)):
            quiet = self._numbered(counts.shape[axis])
            self.known.knows(quiet, silent[axis].sum())
            turned, sums = np.moveaxis(number, axis, 0), np.moveaxis(counts, axis, 0).sum(1)
            for at in range(len(turned)):
                if seen[at]:
                    self.known.knows(turned[at], sums[at])
                elif 1 <= sums[at] < self.t:
                    self.secrets.append((turned[at].ravel(), int(sums[at])))
                own = np.append(turned[at].ravel(), quiet[at])
                if owns[axis][at]:
                    self._same(self._groups, (names[axis], at), own)
                else:
                    self.known.knows(own, sums[at] + silent[axis][at])
        for cell in map(tuple, np.argwhere(shown)):
            self.known.knows(number[cell], counts[cell])
        small = (counts >= 1) & (counts < self.t)
        for cell in map(tuple, np.argwhere(small)):
            self.secrets.append((number[cell].ravel(), int(counts[cell])))

    def narrow(self) -> list[int]:
        return narrow(self.known, self.secrets, self.t)

    def _numbered(self, count: int) -> np.ndarray:
        first = len(self.known.lows)
        self.known.lows = np.zeros(first + count)
        return first + np.arange(count)

    def _same(self, held, name, cells) -> None:
        if name in held:
            self.known.same.append((held[name], cells))
        else:
            held[name] = cells
