"""The demonstration's own figures, attacked: each question by each facet, and all facets at once."""

from functools import cache

import numpy as np
import pytest

from consult.figures import counting, release
from consult.figures.tables import Form
from tests.figures import demonstration
from tests.figures.attack import World

FEW = 10
COUNT = 400
QUESTIONS = [q.key for q in demonstration.counted(COUNT).questions if not q.is_facet]
FACETS = [q.key for q in demonstration.counted(COUNT).questions.facets()]


@cache
def decided(count, t):
    columns = demonstration.counted(count)
    counted = counting.count(columns, columns.questions.facets())
    fates = release.decide(counted, FACETS, release.rules(5, t)).fates
    return {c.key: c for c in counted}, {c.key: fates[c.id] for c in counted}


def tables_of(question, fate, facet):
    """Give each table with its hidden rows and shown cells; a choice as "chosen", "not chosen"."""
    for number, table in enumerate(question.tables):
        counts, rows, cells = table.by[facet], ~fate.rows[number], fate.cells[number][facet]
        if table.form is Form.ONE_OF:
            yield number, counts, rows, cells
            continue
        for row in range(len(counts)):
            both = np.array([counts[row], table.groups[facet] - counts[row]])
            yield (number, row), both, rows[[row, row]], cells[[row, row]]


def unstated(facet, own):
    """Give `undisclosed` where it alone is too small: it counts as "not answered"."""
    counts, at = facet.tables[0].counts, facet.undisclosed
    return at if at is not None and own[at] and counts[own].sum() == counts[at] else None


def moved(counts, group):
    if group is None:
        return counts
    counts = counts.copy()
    counts[..., -1] += counts[..., group]
    counts[..., group] = 0
    return counts


def add(world, count, t, key, facet):
    """Add the tables of a question by a facet as they are published."""
    counted, fates = decided(count, t)
    question, fate, own = counted[key], fates[key], ~fates[facet].rows[0]
    totals = counted[facet].tables[0].counts
    totals = np.append(totals, count - totals.sum())
    alone = unstated(counted[facet], own)
    for place, counts, rows, shown in tables_of(question, fate, facet):
        groups = fate.groups[facet]
        if len(question.tables) > 1:
            # The size of a group in a row of a matrix is told by a shown cell and its share alone.
            groups = groups & shown.any(0)
        silent = moved(totals - counts.sum(0), alone)
        world.add(key, place, facet, moved(counts, alone), silent, rows, groups, shown, own)


def add_pair(world, count, t, one, two):
    """Add a facet by another, in both directions."""
    counted, fates = decided(count, t)
    owns = [~fates[key].rows[0] for key in (one, two)]
    counts = counted[one].tables[0].by[two][:, :-1].copy()
    totals = [counted[key].tables[0].counts for key in (one, two)]
    silent = [total - counts.sum(1 - axis) for axis, total in enumerate(totals)]
    for axis, key in enumerate((one, two)):
        if (alone := unstated(counted[key], owns[axis])) is not None:
            # No secret: what it holds is known, as if it had not been asked.
            np.moveaxis(counts, axis, 0)[alone] = 0
            silent[1 - axis] = totals[1 - axis] - counts.sum(axis)
            silent[axis][alone] = totals[axis][alone]
    shown, sizes = fates[one].cells[0][two], [fates[two].groups[one], fates[one].groups[two]]
    assert (shown == fates[two].cells[0][one].T).all()
    world.add_pair((one, two), counts, silent, *sizes, shown, owns)


def pairs():
    return [(one, two) for at, one in enumerate(FACETS) for two in FACETS[at + 1 :]]


@pytest.mark.parametrize("t", [5, 10])
@pytest.mark.parametrize("facet", [facet for facet in FACETS if facet != "place"])
def test_no_question_by_a_facet_gives_a_small_number_away(facet, t):
    for key in QUESTIONS:
        world = World(t)
        if decided(COUNT, t)[1][key].shown:
            add(world, COUNT, t, key, facet)
        assert world.narrow() == [], key


@pytest.mark.parametrize("t", [5, 10])
def test_no_facet_by_another_gives_a_small_number_away(t):
    narrow = {}
    for pair in pairs():
        world = World(t)
        add_pair(world, COUNT, t, *pair)
        if found := world.narrow():
            narrow[pair] = found
    assert narrow == {}


@pytest.mark.long
@pytest.mark.parametrize("t", [5, 10])
@pytest.mark.parametrize("key", QUESTIONS)
def test_all_facets_at_once_give_no_small_number_of_a_question_away(key, t):
    world = World(t)
    if decided(COUNT, t)[1][key].shown:
        for facet in FACETS:
            add(world, COUNT, t, key, facet)
    assert world.narrow() == []


@pytest.mark.long
@pytest.mark.parametrize("t", [5, 10])
def test_all_facets_by_each_other_at_once_give_no_small_number_away(t):
    world = World(t)
    for pair in pairs():
        add_pair(world, COUNT, t, *pair)
    assert world.narrow() == []
