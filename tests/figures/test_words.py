"""What may be said of a figure depends on its size."""

import numpy as np
import pytest

from consult.figures import release, words
from consult.figures.cover import Ints
from consult.figures.disclosure import Fate
from consult.figures.release import HIDDEN, Decided, Flag, Rules
from consult.figures.tables import Counted, Form, Table
from consult.figures.words import Kind, Reading
from consult.languages import formats
from consult.languages.locales import LANGUAGES


def figure(count: int, total: int) -> release.Figure:
    """Take a figure through the door: a choice of a question that nothing hides."""
    counts: Ints = np.array([count, total - count], np.int64)
    counted = Counted("q", "q", (Table(Form.ONE_OF, counts, total, {}, {}),), total, {})
    fate = Fate(True, (np.ones(2, bool),), ({},), {})
    return release.question(counted, Decided(Rules(5, 5), {"q": fate}), total).rows[0]


def test_below_10_there_is_no_percentage():
    assert words.reading(figure(4, 9)) == Reading(Kind.FEW)


def test_below_30_it_is_rough_and_has_no_interval():
    assert words.reading(figure(9, 24)) == Reading(Kind.ROUGH, 40)
    assert words.reading(figure(3, 29)) == Reading(Kind.ROUGH, 10)


def test_from_30_on_it_is_whole_with_its_interval():
    assert words.reading(figure(81, 263)) == Reading(Kind.WHOLE, 31, 26, 37)
    assert words.reading(figure(15, 148)) == Reading(Kind.WHOLE, 10, 6, 16)


def test_what_is_hidden_says_nothing():
    assert words.reading(HIDDEN) == Reading(Kind.HIDDEN)


def test_flags_stand_for_size_and_width():
    assert figure(10, 20).flags == (Flag.SMALL_BASE, Flag.WIDE)
    assert figure(1, 29).flags == (Flag.SMALL_BASE,)
    assert figure(100, 300).flags == ()


@pytest.mark.usefixtures("english")
def test_it_is_said_in_english():
    assert words.share(figure(81, 263)) == "31%"
    assert words.interval(figure(81, 263)) == "indicative: 26% to 37%"
    assert words.share(figure(4, 9)) == "fewer than 10 answered"
    assert words.share(HIDDEN) == words.count(HIDDEN) == "hidden"
    assert words.interval(HIDDEN) == words.interval(figure(5, 20)) == ""
    assert words.cautions(figure(10, 20)) == ["small base", "uncertain: the interval is wide"]
    assert words.count(figure(1234, 2000)) == "1,234"


@pytest.mark.usefixtures("dari")
def test_digits_are_the_readers():
    assert "۳۱٪" in words.share(figure(81, 263))


@pytest.mark.usefixtures("english")
def test_a_bar_agrees_with_what_is_said():
    assert words.bar(figure(9, 24)) == 0.4
    assert words.bar(figure(81, 263)) == 81 / 263
    assert words.bar(figure(4, 9)) is None
    assert words.bar(HIDDEN) is None


@pytest.mark.usefixtures("dari")
def test_names_with_values_keep_the_direction_of_the_page_inside_other_messages():
    # Without a mark the whole run would hold isolates alone, and so run left to right.
    listed = words.listed([words.named("زن", "۶۰٪"), words.named("مرد", "۴۵٪")])
    assert listed.startswith("\u200f")
    assert listed.count("\u200f") == 3
    assert str(formats.shown(listed, LANGUAGES["fa_AF"])).startswith("\u2068\u200f")
