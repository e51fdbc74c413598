"""Which numbers may be shown: rules 1 to 3, 5 and 9 of `docs/figures.md`, for one threshold.

Pure. The same number has the same fate everywhere, because it is decided here from the universe,
the question, the facet and the threshold alone: never from what else was asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from consult.figures import cover
from consult.figures.cover import Bools, Ints, Sensitive
from consult.figures.tables import Counted, Form, Table

FEWEST = 10


@dataclass(frozen=True)
class Fate:
    """What of one question may be shown; True is shown.

    `rows` and `cells` have one entry a table; a question that is not `shown` shows nothing.
    """

    shown: bool
    rows: tuple[Bools, ...]
    cells: tuple[Mapping[str, Bools], ...]
    groups: Mapping[str, Bools]

    def __and__(self, other: "Fate") -> "Fate":
        """Give what both show."""
        return Fate(
            self.shown and other.shown,
            tuple(a & b for a, b in zip(self.rows, other.rows, strict=True)),
            tuple(
                {facet: a[facet] & b[facet] for facet in a}
                for a, b in zip(self.cells, other.cells, strict=True)
            ),
            {facet: self.groups[facet] & other.groups[facet] for facet in self.groups},
        )


@dataclass(frozen=True)
class _Own:
    """A facet's own tally: what every table by this facet rests on."""

    question: Counted
    totals: Ints
    hidden: Bools


def decide(counted: Sequence[Counted], facets: Sequence[str], t: int) -> dict[str, Fate]:
    """Give the fate of each question by each of these facets, by the question's id.

    `counted` holds the whole questionnaire, since a condition may name any question of it.
    """
    rows = {question.id: _rows(question, t) for question in counted}
    whole = _hidden_whole(counted, rows, t)
    owns = {
        question.key: _own(question, rows[question.id], whole=question.id in whole)
        for question in reversed(counted)
        if question.facet
    }
    return {
        question.id: _fate(
            question, rows[question.id], [owns[f] for f in facets if f != question.key], owns, t
        )
        if question.id not in whole
        else _nothing(question, [f for f in facets if f != question.key])
        for question in counted
    }


def _rows(question: Counted, t: int) -> tuple[Bools, ...]:
    """Give the hidden rows of each table, decided once a question."""
    return tuple(_table_rows(question, table, t) for table in question.tables)


def _table_rows(question: Counted, table: Table, t: int) -> Bools:
    if table.answered < max(FEWEST, t):
        return np.ones(len(table.counts), bool)
    if table.form is Form.ANY_OF:
        hidden = [
            cover.hidden_choice(int(count), table.answered, t, sensitive=question.sensitive)
            for count in table.counts
        ]
        return np.array(hidden, bool)
    return cover.hidden_rows(
        table.counts,
        t,
        facet=question.facet,
        undisclosed=question.undisclosed,
        sensitive=question.sensitive,
    )


def _hidden_whole(
    counted: Sequence[Counted], rows: Mapping[str, tuple[Bools, ...]], t: int
) -> set[str]:
    """Give the questions that few answered, or whose condition would tell a hidden count."""
    whole = {question.id for question in counted if question.answered < max(FEWEST, t)}
    whole |= {question.id for question in counted if _few_on_a_side(question)}
    before = -1
    while before != len(whole):
        # A question behind a condition may have one itself.
        before = len(whole)
        whole |= {
            question.id
            for question in counted
            if any(
                not named.all_seen
                or named.id in whole
                or any(hidden[c] for hidden in rows[named.id] for c in named.choices)
                for named in question.conditions
            )
        }
    return whole


def _few_on_a_side(question: Counted) -> bool:
    sides = (question.asked, question.unasked)
    return any(side is not None and 1 <= side < FEWEST for side in sides)


def _own(question: Counted, rows: tuple[Bools, ...], *, whole: bool) -> _Own:
    (table,), (hidden,) = question.tables, rows
    return _Own(question, table.counts, np.ones_like(hidden) if whole else hidden)


def _fate(
    question: Counted,
    rows: tuple[Bools, ...],
    by: Sequence[_Own],
    owns: Mapping[str, _Own],
    t: int,
) -> Fate:
    cells: list[dict[str, Bools]] = [{} for _ in question.tables]
    groups: dict[str, Bools] = {}
    for own in by:
        facet = own.question.key
        if question.facet:
            shown = [_two_facets(owns[question.key], own, t)]
        elif question.tables:
            shown = [
                _one_table(question, table, hidden, own, t)
                for table, hidden in zip(question.tables, rows, strict=True)
            ]
        else:
            shown = [_groups_alone(question, own, t)]
        groups[facet] = np.any([columns for _, columns in shown], axis=0)
        for here, (seen, _) in zip(cells, shown, strict=False):
            here[facet] = seen
    return Fate(True, tuple(~hidden for hidden in rows), tuple(cells), groups)


def _nothing(question: Counted, facets: Sequence[str]) -> Fate:
    return Fate(
        False,
        tuple(np.zeros(len(table.counts), bool) for table in question.tables),
        tuple(
            {f: np.zeros((len(table.counts), len(table.groups[f]) - 1), bool) for f in facets}
            for table in question.tables
        ),
        {f: np.zeros(len(question.groups[f]) - 1, bool) for f in facets},
    )


def _one_table(
    question: Counted, table: Table, rows: Bools, own: _Own, t: int
) -> tuple[Bools, Bools]:
    counts = table.by[own.question.key]
    if table.answered < max(FEWEST, t):
        return np.zeros(counts[:, :-1].shape, bool), np.zeros(counts.shape[1] - 1, bool)
    if table.form is Form.ONE_OF:
        return _facet(counts, rows, own, Sensitive(choices=question.sensitive), t)
    lines, columns = [], []
    for chosen, hidden in zip(counts, rows, strict=True):
        both = np.array([chosen, table.groups[own.question.key] - chosen])
        seen, kept = _facet(
            both, np.array([hidden, hidden]), own, Sensitive(choices=question.sensitive), t
        )
        lines.append(seen.all(0))
        columns.append(kept)
    return np.array(lines), np.any(columns, axis=0)


def _groups_alone(question: Counted, own: _Own, t: int) -> tuple[Bools, Bools]:
    """Decide the groups of a question that has no rows: a number, a day, a people table."""
    counts = question.groups[own.question.key][np.newaxis]
    return _facet(counts, np.zeros(1, bool), own, cover.PLAIN, t)


def _two_facets(question: _Own, by: _Own, t: int) -> tuple[Bools, Bools]:
    """Decide a facet by another: once, in the alphabetical order of their names.

    Among facets 0 and small look alike, so a cell of 0 is hidden too. A choice that too few
    answered the other facet with is hidden in both directions: turned, it would be a group
    without a column.
    """
    turned = by.question.key < question.question.key
    first, second = (by, question) if turned else (question, by)
    counts = _crossed(question, by)
    counts = counts.T if turned else counts
    rest = first.totals - counts.sum(1)
    both = Sensitive(first.question.sensitive, second.question.sensitive)
    seen, columns = _facet(np.column_stack([counts, rest]), first.hidden, second, both, t)
    full_rows = ~first.hidden & (counts.sum(1) >= max(FEWEST, t))
    seen = seen & full_rows[:, np.newaxis] & (counts > 0)
    return (seen.T, full_rows) if turned else (seen, columns)


def _crossed(question: _Own, by: _Own) -> Ints:
    """Give the counts of one facet (rows) by another, of those who answered both."""
    return question.question.tables[0].by[by.question.key][:, :-1]


def _facet(
    counts: Ints, rows: Bools, own: _Own, sensitive: Sensitive, t: int
) -> tuple[Bools, Bools]:
    return cover.one_facet(
        counts,
        t,
        rows,
        own.hidden,
        own.totals,
        undisclosed=own.question.undisclosed,
        sensitive=sensitive,
    )
