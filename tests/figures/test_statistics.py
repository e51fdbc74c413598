"""Formulas against published numbers and the laws they must keep."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.figures.statistics import percent, percent_of, quantiles, wilson

# Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I, method 3.
PUBLISHED = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
]
counts = st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_the_interval_holds_the_share_and_stays_between_0_and_1(count_of_total):
    count, total = count_of_total
    low, high = wilson(count, total)
    assert 0 <= low <= count / total <= high <= 1


@given(counts)
def test_the_interval_of_the_others_is_its_mirror(count_of_total):
    count, total = count_of_total
    low, high = wilson(count, total)
    assert wilson(total - count, total) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize(("count", "total", "low", "high"), PUBLISHED)
def test_it_equals_the_published_examples(count, total, low, high):
    assert wilson(count, total) == pytest.approx((low, high), abs=5e-5)


def test_it_covers_as_often_as_it_should_at_10():
    random = np.random.default_rng(1)
    shares = random.random(20_000)
    hits = [
        low <= share <= high
        for share, count in zip(shares, random.binomial(10, shares), strict=True)
        for low, high in [wilson(int(count), 10)]
    ]
    assert np.mean(hits) == pytest.approx(0.95, abs=0.012)


@pytest.mark.parametrize(("count", "total"), [(1, 0), (0, 0), (3, 2), (-1, 5)])
def test_what_is_no_share_is_refused(count, total):
    with pytest.raises(ValueError):
        wilson(count, total)


@given(counts, st.sampled_from([1, 5]))
def test_per_cent_is_rounded_half_up_from_the_exact_fraction(count_of_total, step):
    count, total = count_of_total
    exact = Fraction(100 * count, total)
    said = percent(count, total, step)
    assert said % step == 0
    assert -Fraction(step, 2) < said - Fraction(exact) <= Fraction(step, 2)


def test_halves_go_up():
    assert percent(1, 8) == 13
    assert percent(1, 40, 5) == 5
    assert percent(9, 40, 5) == 25
    assert percent_of(0.125) == 13


def test_quantiles_lie_between_neighbours():
    assert quantiles(np.array([4, 1, 3, 2]), (0.5, 0.25, 0.75)) == [2.5, 1.75, 3.25]
    with pytest.raises(ValueError):
        quantiles(np.array([]), (0.5,))
