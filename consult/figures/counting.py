"""From columns to counts: one `bincount` a table. What comes out is not yet fit to be shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consult.figures.columns import ASKED, UNASKED, Array, Columns
from consult.figures.cover import Bools, Ints
from consult.figures.questions import NUMBERS, ONE_OF, Joined
from consult.figures.tables import Counted, Form, Named, Table
from consult.questionnaires import conditions
from consult.questionnaires.structure import QuestionType


@dataclass(frozen=True)
class _Facet:
    """A facet's place of each submission: its groups in order, and last "not answered"."""

    key: str
    groups: int
    at: NDArray[np.intp]

    def split(self, who: Bools) -> Ints:
        """Count these submissions by group."""
        return np.bincount(self.at[who], minlength=self.groups + 1).astype(np.int64)


def count(columns: Columns, facets: Sequence[Joined]) -> list[Counted]:
    """Count every question of the questionnaire, in all and by each of these facets.

    Facets are counted by each other as well, since a condition or a turned table needs them.
    """
    by = [_Facet(f.key, len(f.choices), _placed(columns, f)) for f in facets]
    real = {joined.id for joined in columns.questions.facets()}
    return [_question(columns, joined, by, facet=joined.id in real) for joined in columns.questions]


def values(columns: Columns, joined: Joined, within: Bools | None = None) -> Array:
    """Give the numbers or ordinal days of those who answered, of a selection or of all."""
    answered = _answered(columns, joined)
    if within is not None:
        answered = answered & within
    return np.asarray(columns.data[joined.id][0][answered])


def cells(columns: Columns, joined: Joined) -> Array:
    """Give the cells of the people tables: one line a cell."""
    return np.asarray(columns.data[joined.id][:-1])


def selection(columns: Columns, facet: Joined, choice: str) -> Bools:
    """Give which submissions are in a group of a facet."""
    return np.asarray(columns.data[facet.id][0] == facet.codes[choice])


def _question(columns: Columns, joined: Joined, by: Sequence[_Facet], *, facet: bool) -> Counted:
    by = [f for f in by if f.key != joined.key]
    who = _answered(columns, joined)
    asked = columns.asked.get(joined.id)
    return Counted(
        id=joined.id,
        key=joined.key,
        tables=tuple(_tables(columns, joined, by)),
        answered=int(who.sum()),
        groups={f.key: f.split(who) for f in by},
        asked_by={} if asked is None else {f.key: f.split(asked == ASKED) for f in by},
        asked=None if asked is None else int((asked == ASKED).sum()),
        unasked=None if asked is None else int((asked == UNASKED).sum()),
        conditions=tuple(_conditions(columns, joined)),
        facet=facet,
        undisclosed=joined.undisclosed if facet else None,
        sensitive=joined.sensitive,
    )


def _answered(columns: Columns, joined: Joined) -> Bools:
    data = columns.data[joined.id]
    if joined.type in (QuestionType.INTEGER, QuestionType.DECIMAL):
        return np.asarray(~np.isnan(data[0]), bool)
    if joined.type is QuestionType.PEOPLE:
        return np.asarray(data[-1] > 0)
    return np.asarray((data > 0).any(0), bool)


def _tables(columns: Columns, joined: Joined, by: Sequence[_Facet]) -> Iterator[Table]:
    data = columns.data[joined.id]
    if joined.type in ONE_OF:
        yield _one_of(_placed(columns, joined), len(joined.choices), by)
    elif joined.type is QuestionType.MATRIX:
        for row in joined.shown_rows:
            yield _one_of(_ordered(data[row], joined), len(joined.choices), by)
    elif joined.type is QuestionType.RANKING:
        firsts = np.where((data == 1).any(0), (data == 1).argmax(0) + 1, 0)
        yield _one_of(_ordered(firsts, joined), len(joined.choices), by)
    elif joined.type is QuestionType.MULTIPLE:
        yield _any_of(_chosen(data, joined), _answered(columns, joined), by)
    elif joined.type not in NUMBERS and joined.type is not QuestionType.PEOPLE:
        raise AssertionError(f"{joined.type} is counted nowhere")


def _one_of(at: NDArray[np.intp], rows: int, by: Sequence[_Facet]) -> Table:
    """Count places of rows; the last place is "no answer"."""
    crossed = {
        f.key: np.bincount(at * (f.groups + 1) + f.at, minlength=(rows + 1) * (f.groups + 1))
        .reshape(rows + 1, f.groups + 1)[:rows]
        .astype(np.int64)
        for f in by
    }
    counts = np.bincount(at, minlength=rows + 1)[:rows].astype(np.int64)
    groups = {key: table.sum(0) for key, table in crossed.items()}
    return Table(Form.ONE_OF, counts, int(counts.sum()), crossed, groups)


def _any_of(chosen: Bools, who: Bools, by: Sequence[_Facet]) -> Table:
    return Table(
        Form.ANY_OF,
        chosen.sum(1).astype(np.int64),
        int(who.sum()),
        {f.key: np.array([f.split(line) for line in chosen], np.int64) for f in by},
        {f.key: f.split(who) for f in by},
    )


def _chosen(data: Array, joined: Joined) -> Bools:
    if len(data) < len(joined.choices):
        data = (data >> np.arange(len(joined.choices))[:, np.newaxis]) & 1
    return np.asarray(data[list(joined.shown_choices)] > 0)


def _placed(columns: Columns, joined: Joined) -> NDArray[np.intp]:
    return _ordered(columns.data[joined.id][0], joined)


def _ordered(codes: Array, joined: Joined) -> NDArray[np.intp]:
    """Give the place of each code in the order of the questionnaire; the last is no answer."""
    place = np.full(len(joined.choices) + 1, len(joined.choices), np.intp)
    for position, choice in enumerate(joined.shown_choices):
        place[choice + 1] = position
    return place[codes]


def _conditions(columns: Columns, joined: Joined) -> Iterator[Named]:
    questions = columns.questions
    for leaf in questions.conditions.get(joined.id, ()):
        for named in questions.named(leaf.question):
            if isinstance(leaf, conditions.AtLeast):
                yield Named(named.id)
            else:
                yield _named(named, leaf.choices)


def _named(named: Joined, choices: Sequence[str]) -> Named:
    """Give the rows that a condition looks at: of a place, all that lie in what it names."""
    keys = [named.choices[position].key for position in named.shown_choices]
    if named.type is QuestionType.PLACE:
        found = tuple(
            position
            for position, key in enumerate(keys)
            if any(key == choice or key.startswith(f"{choice}-") for choice in choices)
        )
        return Named(named.id, found, all_seen=all(choice in keys for choice in choices))
    return Named(
        named.id,
        tuple(keys.index(choice) for choice in choices if choice in keys),
        all_seen=all(choice in keys for choice in choices),
    )
