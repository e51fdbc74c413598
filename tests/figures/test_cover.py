"""No shown number gives a small one away: attacked with a linear programme."""

import numpy as np
import pytest

from consult.figures import cover
from consult.figures.cover import Sensitive
from tests.figures import attack

FAST, LONG = 150, 1500


def random_table(seed: int):
    """Deliberately thin: many choices and groups for few submissions, some missing."""
    random = np.random.default_rng(seed)
    choices, groups = int(random.integers(2, 9)), int(random.integers(2, 15))
    size = int(random.integers(40, 700))
    t = int(random.choice([5, 10]))
    shares = random.dirichlet(np.full(choices, 0.7), size=groups + 1)
    weights = random.dirichlet(np.full(groups, 0.7))
    answered_facet = random.random(size) > random.uniform(0, 0.15)
    facet = np.where(answered_facet, random.choice(groups, size=size, p=weights), groups)
    answer = np.array([random.choice(choices, p=shares[g]) for g in facet])
    answered = random.random(size) > random.uniform(0, 0.15)
    counts = np.zeros((choices, groups + 1), np.int64)
    np.add.at(counts, (answer[answered], facet[answered]), 1)
    totals = np.bincount(facet, minlength=groups + 1)[:groups].astype(np.int64)
    undisclosed = groups - 1 if random.random() < 0.5 else None
    silent = np.bincount(facet[~answered], minlength=groups + 1).astype(np.int64)
    assert (counts[:, :-1].sum(0) + silent[:-1] == totals).all()
    return counts, silent, t, totals, undisclosed


def covered(counts, t, totals, undisclosed, sensitive=False):
    rows = cover.hidden_rows(counts.sum(1), t, sensitive=sensitive)
    own = cover.hidden_rows(totals, t, facet=True, undisclosed=undisclosed)
    shown, groups = cover.one_facet(
        counts, t, rows, own, totals, undisclosed=undisclosed, sensitive=Sensitive(sensitive)
    )
    return rows, own, shown, groups


def small_ones_only(counts, t, totals, undisclosed):
    n = counts[:, :-1].sum(0)
    rows, own = (counts.sum(1) < t) & (counts.sum(1) > 0), totals < t
    groups = (n >= max(10, t)) & ~own
    body = counts[:, :-1]
    shown = ~((body >= 1) & (body < t)) & ~rows[:, np.newaxis] & groups
    return rows, own, shown, groups


def narrow(seed, hide):
    counts, silent, t, totals, undisclosed = random_table(seed)
    if counts.sum() < 10:
        return []
    rows, own, shown, groups = hide(counts, t, totals, undisclosed)
    if undisclosed is not None and own[undisclosed] and totals[own].sum() == totals[undisclosed]:
        # Alone too small, it counts as "not answered", which is no secret.
        counts = counts.copy()
        counts[:, -1] += counts[:, undisclosed]
        counts[:, undisclosed] = 0
        silent = silent.copy()
        silent[-1] += silent[undisclosed]
        silent[undisclosed] = 0
    known, secrets = attack.table(counts, silent, t, rows, groups, shown, own)
    return attack.narrow(known, secrets, t)


@pytest.mark.parametrize("start", range(0, FAST, 50))
def test_every_hidden_small_count_could_be_one_of_many(start):
    assert [seed for seed in range(start, start + 50) if narrow(seed, covered)] == []


@pytest.mark.long
@pytest.mark.parametrize("start", range(FAST, LONG, 150))
def test_every_hidden_small_count_could_be_one_of_many_in_many_tables(start):
    assert [seed for seed in range(start, start + 150) if narrow(seed, covered)] == []


def test_hiding_the_small_ones_alone_is_found_out():
    failed = [seed for seed in range(40) if narrow(seed, small_ones_only)]
    assert len(failed) > 10


@pytest.mark.parametrize("seed", range(200))
def test_nothing_small_is_shown(seed):
    counts, silent, t, totals, undisclosed = random_table(seed)
    rows, own, shown, groups = covered(counts, t, totals, undisclosed)
    body = counts[:, :-1]
    assert not ((body >= 1) & (body < t) & shown).any()
    assert not (shown & rows[:, np.newaxis]).any()
    assert not (shown & ~groups).any()
    assert (body.sum(0)[groups] >= 10).all()
    assert not (groups & own).any()


@pytest.mark.parametrize("seed", range(100))
def test_the_smallest_are_hidden_and_no_total_can_be_subtracted(seed):
    counts, _, t, _, _ = random_table(seed)
    n = counts.sum(1)
    hidden = cover.hidden_rows(n, t)
    assert not ((n >= 1) & (n < t) & ~hidden).any()
    if n[hidden].sum() and not hidden.all():
        assert n[hidden].sum() >= t + 2 or (n[hidden] > 0).sum() > 2


def test_a_cell_of_4_whose_complement_is_3_hides_its_whole_row_and_column_parts():
    # 4 of 7 in one group of ten would be known from the 3 beside it.
    counts = np.array([[40, 4, 0], [40, 16, 0]])
    rows, own = np.zeros(2, bool), np.zeros(2, bool)
    shown, _ = cover.one_facet(counts, 5, rows, own, np.array([80, 20]))
    assert not shown[0].any()
    assert not shown[1].any()


def test_the_sensitive_all_said_so_is_hidden():
    counts = np.array([[30, 20, 0], [0, 20, 0]])
    plain, _ = cover.one_facet(counts, 5, np.zeros(2, bool), np.zeros(2, bool), np.array([30, 40]))
    sensitive, _ = cover.one_facet(
        counts,
        5,
        np.zeros(2, bool),
        np.zeros(2, bool),
        np.array([30, 40]),
        sensitive=Sensitive(choices=True),
    )
    assert plain[:, 0].all()
    assert not sensitive[:, 0].any()


def test_a_row_of_none_and_a_row_of_three_look_alike_in_a_facet():
    hidden = cover.hidden_rows(np.array([100, 0, 3, 7, 50]), 5, facet=True)
    assert hidden.tolist() == [False, True, True, True, False]


def test_what_is_undisclosed_alone_needs_no_cover():
    hidden = cover.hidden_rows(np.array([100, 60, 3]), 5, facet=True, undisclosed=2)
    assert hidden.tolist() == [False, False, True]


def test_a_choice_is_hidden_when_few_chose_it_or_few_did_not():
    assert cover.hidden_choice(3, 100, 5)
    assert cover.hidden_choice(97, 100, 5)
    assert not cover.hidden_choice(0, 100, 5)
    assert not cover.hidden_choice(100, 100, 5)
    assert cover.hidden_choice(100, 100, 5, sensitive=True)


def random_cube(seed):
    """A question by two facets that are published together: choices x groups x groups."""
    random = np.random.default_rng(10_000 + seed)
    choices, one, two = (int(random.integers(2, top)) for top in (6, 7, 7))
    size, t = int(random.integers(40, 900)), int(random.choice([5, 10]))
    first = random.choice(one + 1, size=size, p=random.dirichlet(np.full(one + 1, 0.8)))
    second = random.choice(two + 1, size=size, p=random.dirichlet(np.full(two + 1, 0.8)))
    answer = np.array(
        [
            random.choice(choices, p=p)
            for p in random.dirichlet(np.full(choices, 0.7), one + 1)[first]
        ]
    )
    answered = random.random(size) > random.uniform(0, 0.15)
    counts = np.zeros((choices, one + 1, two + 1), np.int64)
    np.add.at(counts, (answer[answered], first[answered], second[answered]), 1)
    silent = np.zeros((one + 1, two + 1), np.int64)
    np.add.at(silent, (first[~answered], second[~answered]), 1)
    return counts, silent, t


def narrow_together(seed, hide):
    cube, silent, t = random_cube(seed)
    if cube.sum() < 10:
        return []
    number = np.arange(cube.size).reshape(cube.shape)
    quiet = cube.size + np.arange(silent.size).reshape(silent.shape)
    known = attack.Knowledge(np.zeros(cube.size + silent.size))
    found = []
    for turn in (lambda a: a, lambda a: np.swapaxes(a, -1, -2)):
        counts, still = turn(cube).sum(-1), turn(silent).sum(-1)
        totals = (counts.sum(0) + still)[:-1]
        if totals.sum() < 10:
            # A facet that fewer than 10 answered is hidden whole, its non-answers too.
            return []
        rows, own, shown, groups = hide(counts, t, totals, None)
        attack.add_table(known, turn(number), counts, t, rows, groups, shown)
        attack.add_totals(known, turn(number), counts, turn(quiet), still, own)
        found += attack.secrets(turn(number), counts, t, rows)
    return attack.narrow(known, found, t)


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_two_facets_published_together_give_nothing_away(start):
    assert [seed for seed in range(start, start + 20) if narrow_together(seed, covered)] == []


@pytest.mark.long
@pytest.mark.parametrize("start", range(60, 660, 60))
def test_two_facets_published_together_give_nothing_away_in_many_tables(start):
    assert [seed for seed in range(start, start + 60) if narrow_together(seed, covered)] == []


def chosen_or_not(counts, t, totals, undisclosed):
    """A choice of a multiple choice, as its two rows."""
    hidden = cover.hidden_choice(int(counts[0].sum()), int(counts.sum()), t)
    own = cover.hidden_rows(totals, t, facet=True, undisclosed=undisclosed)
    rows = np.array([hidden, hidden])
    shown, groups = cover.one_facet(counts, t, rows, own, totals, undisclosed=undisclosed)
    return rows, own, np.array([shown.all(0)] * 2), groups


def narrow_choice(seed):
    counts, silent, t, totals, _ = random_table(seed)
    counts = np.array([counts[0], counts[1:].sum(0)])
    if counts.sum() < 10:
        return []
    rows, own, shown, groups = chosen_or_not(counts, t, totals, None)
    known, secrets = attack.table(counts, silent, t, rows, groups, shown, own)
    return attack.narrow(known, secrets, t)


def test_choices_of_a_multiple_choice_give_nothing_away():
    assert [seed for seed in range(100) if narrow_choice(seed)] == []


def narrow_sensitive(seed):
    counts, silent, t, totals, _ = random_table(seed)
    if counts.sum() < 10:
        return []
    counts = np.where(counts == counts.max(0), counts, counts * (seed % 3))
    silent = silent * 0
    totals = counts.sum(0)[:-1]
    rows, own, shown, groups = covered(counts, t, totals, None, sensitive=True)
    known, secrets = attack.table(counts, silent, t, rows, groups, shown, own)
    number = np.arange(counts.size).reshape(counts.shape)
    unanimous = (counts == counts.sum(0)) & (counts > 0)
    unanimous[:, -1] = False
    secrets += [
        (number[cell].ravel(), int(counts[cell])) for cell in map(tuple, np.argwhere(unanimous))
    ]
    return attack.narrow(known, secrets, t)


def test_a_sensitive_question_does_not_tell_what_all_of_a_group_said():
    assert [seed for seed in range(100) if narrow_sensitive(seed)] == []
