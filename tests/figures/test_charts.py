"""Charts draw figures and nothing else: no style, no id, no hidden length."""

import re
from xml.etree import ElementTree

import pytest

from consult.figures import charts
from consult.figures.charts import Bar, Stack
from consult.figures.release import HIDDEN
from tests.figures.test_words import figure

SVG = "{http://www.w3.org/2000/svg}"


def drawn(rows, direction="ltr"):
    text = charts.bars(rows, title='Needs <by> "sex" & place', direction=direction)
    return text, ElementTree.fromstring(text)


def stacks(figures, direction="ltr"):
    rows = [Stack("Women", figures)]
    choices = [f"choice {i}" for i in range(len(figures))]
    text = charts.stacked(rows, choices=choices, title="Trust", direction=direction)
    return ElementTree.fromstring(text)


@pytest.mark.usefixtures("english")
def test_it_stands_inline_under_a_strict_policy():
    text, root = drawn([Bar("<script>alert(1)</script>", figure(81, 263)), Bar("b", HIDDEN)])
    assert not re.search(r"\s(id|style|on\w+|href)=", text)
    assert "<script" not in text
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'Needs <by> "sex" & place'
    assert root.get("direction") == "ltr"


@pytest.mark.usefixtures("english")
def test_a_bar_is_as_long_as_its_share():
    _, root = drawn(
        [Bar("a", figure(50, 200)), Bar("b", figure(100, 200)), Bar("c", figure(0, 200))]
    )
    quarter, half = [float(rect.get("width")) for rect in root.iter(f"{SVG}rect")]
    assert half == pytest.approx(2 * quarter)


@pytest.mark.usefixtures("english")
def test_a_hidden_number_is_a_hatched_stub_of_one_length():
    _, root = drawn([Bar("a", HIDDEN), Bar("b", HIDDEN)])
    rects = list(root.iter(f"{SVG}rect"))
    assert {rect.get("width") for rect in rects} == {str(charts.STUB)}
    assert len(list(root.iter(f"{SVG}path"))) == 2
    assert [t.text for t in root.iter(f"{SVG}text")].count("\u2066hidden\u2069") == 2


@pytest.mark.usefixtures("english")
def test_a_small_base_is_drawn_as_it_is_said():
    _, root = drawn([Bar("a", figure(9, 24))])
    (rect,) = root.iter(f"{SVG}rect")
    assert float(rect.get("width")) == pytest.approx(0.4 * (charts.WIDTH - charts.NUMBER_WIDTH))


@pytest.mark.usefixtures("dari")
def test_right_to_left_is_mirrored_and_each_text_isolated():
    _, root = drawn([Bar("آب (Water)", figure(50, 200))], "rtl")
    (rect,) = root.iter(f"{SVG}rect")
    assert float(rect.get("x")) + float(rect.get("width")) == charts.WIDTH
    label, number = [text.text for text in root.iter(f"{SVG}text")]
    assert label == "\u2067آب (Water)\u2069"
    assert number.startswith("\u2066")
    assert number.endswith("\u2069")
    assert {text.get("text-anchor") for text in root.iter(f"{SVG}text")} == {"end"}


@pytest.mark.usefixtures("english")
def test_a_stacked_bar_is_whole_and_a_hidden_part_has_no_length_of_its_own():
    root = stacks([figure(50, 200), figure(100, 200), figure(50, 200)])
    bars = [float(rect.get("width")) for rect in root.iter(f"{SVG}rect")][:3]
    assert sum(bars) == pytest.approx(charts.WIDTH)
    ends = []
    for shown in (figure(20, 200), figure(20, 100)):
        rects = list(stacks([shown, HIDDEN, HIDDEN]).iter(f"{SVG}rect"))
        ends.append([rect.get("width") for rect in rects if rect.get("class")])
    assert ends[0] == ends[1]


@pytest.mark.usefixtures("english")
def test_long_labels_are_broken_into_lines():
    _, root = drawn([Bar("word " * 30, figure(50, 200))])
    assert len(list(root.iter(f"{SVG}text"))) > 3
