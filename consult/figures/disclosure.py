"""Which numbers may be shown: rules 1 to 3, 5 and 9 of `docs/figures.md`, for one threshold.

Pure. The same number has the same fate everywhere, because it is decided here from the universe,
the question, the facet and the threshold alone: never from what else was asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from consult.figures import cover
from consult.figures.cover import Bools, Ints, Sensitive
from consult.figures.tables import Counted, Form, Table

FEWEST = 10
# The shown cells of each table, and the shown groups.
Decision: TypeAlias = tuple[list[Bools], Bools]


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
    deciding = _Deciding({question.id: question for question in counted}, rows, whole, owns, t)
    return {
        question.id: deciding.fate(question, [f for f in facets if f != question.key])
        for question in counted
    }


@dataclass
class _Deciding:
    """Decides each question by each facet once, those first that a condition rests on."""

    counted: Mapping[str, Counted]
    rows: Mapping[str, tuple[Bools, ...]]
    whole: set[str]
    owns: Mapping[str, _Own]
    t: int
    done: dict[tuple[str, str], Decision | None] = field(default_factory=dict)

    def fate(self, question: Counted, facets: Sequence[str]) -> Fate:
        """Give the fate of a question by these facets."""
        found = {facet: self.by(question, facet) for facet in facets}
        if question.id in self.whole:
            rows = tuple(np.zeros(len(table.counts), bool) for table in question.tables)
        else:
            rows = tuple(~hidden for hidden in self.rows[question.id])
        return Fate(
            question.id not in self.whole,
            rows,
            tuple(
                {facet: cells[number] for facet, (cells, _) in found.items()}
                for number in range(len(question.tables))
            ),
            {facet: groups for facet, (_, groups) in found.items()},
        )

    def by(self, question: Counted, facet: str) -> Decision:
        """Give the shown cells of each table and the shown groups of a question by a facet."""
        place = (question.id, facet)
        if place not in self.done:
            # Versions may ask two questions in either order: what rests on itself shows nothing.
            self.done[place] = None
            self.done[place] = self._decided(question, self.owns[facet])
        return self.done[place] or _nothing(question, facet)

    def _decided(self, question: Counted, own: _Own) -> Decision:
        facet = own.question.key
        if question.id in self.whole or self._tells_rows(question, own):
            return _nothing(question, facet)
        blocked = self._blocked(question, facet)
        if question.facet:
            other = self._blocked(own.question, question.key)
            if _would_matter(question, own, blocked, other):
                return _nothing(question, facet)
            shown = [_two_facets(self.owns[question.key], own, self.t)]
        elif question.tables:
            shown = [
                _one_table(question, table, hidden, own, blocked, self.t)
                for table, hidden in zip(question.tables, self.rows[question.id], strict=True)
            ]
        else:
            shown = [_groups_alone(question, own, blocked, self.t)]
        groups = np.any([columns for _, columns in shown], axis=0)
        return [seen for seen, _ in shown], groups

    def _blocked(self, question: Counted, facet: str) -> Bools:
        """Give the groups in which a number that the question's condition looks at is hidden.

        Whoever answers was asked, so the size of the group is a least value of that number.
        """
        blocked = np.zeros(len(self.owns[facet].totals), bool)
        for named in question.conditions:
            looked_at = self.counted[named.id]
            if looked_at.key == facet or looked_at.id in self.whole:
                continue
            cells, groups = self.by(looked_at, facet)
            if not named.choices:
                blocked |= ~groups
            for table in cells:
                blocked |= ~table[list(named.choices)].all(0)
        return blocked

    def _tells_rows(self, question: Counted, own: _Own) -> bool:
        """Say whether those who answered a facet tell a hidden cell of the facet it rests on."""
        for named in own.question.conditions:
            looked_at = self.counted[named.id]
            if not looked_at.facet or looked_at.key == question.key or not named.choices:
                continue
            cells, _ = self.by(question, looked_at.key)
            for table, hidden in zip(cells, self.rows[question.id], strict=True):
                if not table[~hidden][:, list(named.choices)].all():
                    return True
        return False


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


def _nothing(question: Counted, facet: str) -> Decision:
    groups = len(question.groups[facet]) - 1
    cells = [np.zeros((len(table.counts), groups), bool) for table in question.tables]
    return cells, np.zeros(groups, bool)


def _would_matter(question: Counted, own: _Own, blocked: Bools, other: Bools) -> bool:
    """Say whether a blocked group of either facet would have a column at all."""
    counts = question.tables[0].by[own.question.key][:, :-1]
    return bool((blocked & (counts.sum(0) >= FEWEST)).any()) or bool(
        (other & (counts.sum(1) >= FEWEST)).any()
    )


def _one_table(
    question: Counted, table: Table, rows: Bools, own: _Own, blocked: Bools, t: int
) -> tuple[Bools, Bools]:
    counts = table.by[own.question.key]
    if table.answered < max(FEWEST, t):
        return np.zeros(counts[:, :-1].shape, bool), np.zeros(counts.shape[1] - 1, bool)
    if table.form is Form.ONE_OF:
        return _facet(counts, rows, own, Sensitive(choices=question.sensitive), t, blocked)
    return _choices(question, table, rows, own, blocked, t)


def _choices(
    question: Counted, table: Table, rows: Bools, own: _Own, blocked: Bools, t: int
) -> tuple[Bools, Bools]:
    """Decide the choices of a multiple choice: a table each, over the same people.

    A group that one of them shows has a known size in all of them, so each must hold with it.
    """
    facet = own.question.key
    told = np.ones(len(own.totals), bool) & ~blocked
    while True:
        before, lines, columns = told, [], np.zeros(len(told), bool)
        for chosen, hidden in zip(table.by[facet], rows, strict=True):
            seen, kept, told = cover.shared(
                np.array([chosen, table.groups[facet] - chosen]),
                t,
                np.array([hidden, hidden]),
                own.hidden,
                own.totals,
                told=told,
                undisclosed=own.question.undisclosed,
                sensitive=Sensitive(choices=question.sensitive),
                without=~told,
            )
            lines.append(seen.all(0))
            columns |= kept
        if (told == before).all():
            return np.array(lines), columns


def _groups_alone(question: Counted, own: _Own, blocked: Bools, t: int) -> tuple[Bools, Bools]:
    """Decide the groups of a question that has no rows: a number, a day, a people table."""
    counts = question.groups[own.question.key][np.newaxis]
    return _facet(counts, np.zeros(1, bool), own, cover.PLAIN, t, blocked)


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
    n = counts.sum(1)
    few = first.hidden | (n < max(FEWEST, t))
    free = _is_free(first, few, n)
    order = cover.by_size(n, first.question.undisclosed)
    rows = few if free else few | cover.fill(few & (n > 0), n, lambda h: n[h].sum() >= t, order)
    # Both directions show who answered both, so "not answered" is known, and covers nothing.
    both = np.column_stack([counts, np.zeros_like(n)])
    sensitive = Sensitive(first.question.sensitive, second.question.sensitive)
    seen, columns = _facet(both, rows, second, sensitive, t, rest_is_free=free)
    seen = seen & (counts > 0)
    return (seen.T, ~rows) if turned else (seen, columns)


def _is_free(facet: _Own, few: Bools, n: Ints) -> bool:
    """Say whether only those who prefer not to say have no row: they are no secret."""
    alone = facet.question.undisclosed
    return alone is not None and bool(n[few].sum() == n[alone] * few[alone])


def _crossed(question: _Own, by: _Own) -> Ints:
    """Give the counts of one facet (rows) by another, of those who answered both."""
    return question.question.tables[0].by[by.question.key][:, :-1]


def _facet(
    counts: Ints,
    rows: Bools,
    own: _Own,
    sensitive: Sensitive,
    t: int,
    without: Bools | None = None,
    *,
    rest_is_free: bool = False,
) -> tuple[Bools, Bools]:
    return cover.one_facet(
        counts,
        t,
        rows,
        own.hidden,
        own.totals,
        undisclosed=own.question.undisclosed,
        sensitive=sensitive,
        without=without,
        rest_is_free=rest_is_free,
    )
