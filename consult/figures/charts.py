"""Charts as SVG, drawn from figures alone: bars, and one stacked bar a group for a scale.

The same drawing stands in a page and in a document. It has no style, no id and no script, so it
may stand inline, often, under a strict policy. Directions are written out, because renderers
differ in what they guess: the root runs left to right, anchors are physical, and each text is an
isolated run of its own direction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree

from consult.figures import words
from consult.figures.release import Figure
from consult.languages import formats

Direction = Literal["ltr", "rtl"]

LRI, RLI, PDI = "\u2066", "\u2067", "\u2069"
WIDTH = 360
FONT_SIZE = 15
LINE_HEIGHT = 22
BAR_HEIGHT = 16
GAP = 12
# Room at the end of a bar for "100%", in any digits.
NUMBER_WIDTH = 64
# Room behind a thin bar for the name of a group and its number, and how thin it is.
GROUP_WIDTH = 190
THIN = 13
SMALL_FONT = 13
# How long a hidden number is drawn, whatever it is.
STUB = 28
# A line of text holds about so many letters.
LINE_LETTERS = 44
FAMILY = "Vazirmatn UI, Vazirmatn, system-ui, sans-serif"
INK = "#1b1b1b"
BASE_LINE = "#767676"
BAR = "#2d5f8b"
# Dark and light in turn, so that neighbours differ in grey as well.
SCALE = ("#173f5f", "#8fb8d8", "#2d5f8b", "#c3d9ea", "#4b7fab", "#e3eef6", "#6f9cc3")
# So many groups can be told apart side by side; each is named as well.
GROUPS = ("#2d5f8b", "#8fb8d8", "#173f5f", "#6f9cc3", "#4b7fab", "#a9c9e2")


@dataclass(frozen=True)
class Bar:
    """One bar: a label and the figure whose share is drawn."""

    label: str
    figure: Figure


@dataclass(frozen=True)
class Cluster:
    """Several bars under one label, such as a choice by group."""

    label: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Stack:
    """One stacked bar: a label, and the figures of the scale's choices in their order."""

    label: str
    figures: Sequence[Figure]


def bars(rows: Iterable[Bar], *, title: str, direction: Direction) -> str:
    """Draw one bar a row, in the reader's language: label, bar, per cent or "hidden".

    `title` is what a screen reader says instead; the table beside the chart has the numbers.
    """
    drawing = _Drawing(title, direction)
    for row in rows:
        drawing.text(row.label)
        length = words.bar(row.figure)
        if row.figure.hidden:
            drawing.stub(0)
        elif length is not None:
            drawing.bar(0, length * drawing.room, BAR)
        drawing.number(words.share(row.figure), _end(row.figure, length, drawing.room))
        drawing.down(BAR_HEIGHT + GAP)
    return drawing.finish()


def stacked(
    rows: Iterable[Stack], *, choices: Sequence[str], title: str, direction: Direction
) -> str:
    """Draw a scale: one bar a row, cut into the shares of its choices, with a legend below.

    A hidden share is a hatched stub of fixed length, so a bar with one has no known end.
    """
    drawing = _Drawing(title, direction)
    held = list(rows)
    stubs = max((sum(f.hidden for f in row.figures) for row in held), default=0)
    room = WIDTH - stubs * STUB
    for row in held:
        drawing.text(row.label)
        at = 0.0
        for position, figure in enumerate(row.figures):
            if figure.hidden:
                drawing.stub(at)
                at += STUB
            elif length := words.bar(figure):
                drawing.bar(at, length * room, SCALE[position % len(SCALE)])
                at += length * room
        drawing.down(BAR_HEIGHT + GAP)
    for position, choice in enumerate(choices):
        drawing.legend(choice, SCALE[position % len(SCALE)])
    if stubs:
        drawing.legend(words.count(_first_hidden(held)), None)
    return drawing.finish()


def clusters(rows: Iterable[Cluster], *, title: str, direction: Direction) -> str:
    """Draw choices by group: a label a choice, below it one thin bar a group, named behind it."""
    drawing = _Drawing(title, direction)
    room = WIDTH - GROUP_WIDTH
    for row in rows:
        drawing.text(row.label)
        for position, one in enumerate(row.bars):
            length = words.bar(one.figure)
            if one.figure.hidden:
                drawing.stub(0, THIN)
            elif length is not None:
                drawing.bar(0, length * room, GROUPS[position % len(GROUPS)], THIN)
            said = words.named(one.label, words.share(one.figure))
            drawing.remark(said, _end(one.figure, length, room))
            drawing.down(THIN + 5)
        drawing.down(GAP)
    return drawing.finish()


def amounts(rows: Iterable[Bar], *, title: str, direction: Direction) -> str:
    """Draw numbers that are no shares: the longest bar is the largest number shown."""
    drawing = _Drawing(title, direction)
    held = list(rows)
    values = [row.figure.value for row in held if isinstance(row.figure.value, int | float)]
    largest = max(values, default=0)
    for row in held:
        drawing.text(row.label)
        value = row.figure.value
        length = value / largest if isinstance(value, int | float) and largest > 0 else None
        if row.figure.hidden:
            drawing.stub(0)
        elif length is not None:
            drawing.bar(0, max(0.0, length) * drawing.room, BAR)
        drawing.number(words.count(row.figure), _end(row.figure, length, drawing.room))
        drawing.down(BAR_HEIGHT + GAP)
    return drawing.finish()


def _first_hidden(rows: Sequence[Stack]) -> Figure:
    return next(figure for row in rows for figure in row.figures if figure.hidden)


def _end(figure: Figure, length: float | None, room: float) -> float:
    return STUB if figure.hidden else (length or 0) * room


class _Drawing:
    """An SVG that grows downwards; `x` runs from the start of the line, whichever side it is."""

    def __init__(self, title: str, direction: Direction) -> None:
        self.rtl = direction == "rtl"
        self.room = WIDTH - NUMBER_WIDTH
        self._height = 0.0
        self._root = ElementTree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "role": "img",
                "aria-label": formats.clean_bidi(title),
                "direction": "ltr",
                "font-family": FAMILY,
                "font-size": str(FONT_SIZE),
                "fill": INK,
                "class": "chart",
            },
        )

    def down(self, by: float) -> None:
        """Go on further below."""
        self._height += by

    def text(self, label: str, *, indent: float = 0) -> None:
        """Write a label, over as many lines as it takes."""
        for line in _wrapped(formats.clean_bidi(label)):
            self.down(LINE_HEIGHT)
            self._words(_isolated(line), indent, self._height - 6)

    def number(self, text: str, after: float) -> None:
        """Write a number, or what stands in its place, behind a bar of this length."""
        self._words(_isolated(text, number=True), after + 6, self._height + BAR_HEIGHT - 3)

    def remark(self, text: str, after: float) -> None:
        """Write who a thin bar is of, small, behind it."""
        self._words(_isolated(text), after + 6, self._height + THIN - 2, SMALL_FONT)

    def bar(self, x: float, length: float, colour: str, height: int = BAR_HEIGHT) -> None:
        """Draw a bar; one of nothing is not drawn."""
        if length > 0:
            self._box(x, length, {"fill": colour, "height": str(height)})

    def stub(self, x: float, height: int = BAR_HEIGHT) -> None:
        """Draw the hatched stub of a hidden number: the same for each."""
        look = {"fill": "#ffffff", "stroke": BASE_LINE, "class": "chart-hidden"}
        self._box(x, STUB, {**look, "height": str(height)})
        left, top = self._left(x, STUB), self._height
        strokes = " ".join(
            f"M{left + step:g} {top + height:g}l{height / 2:g} {-height:g}"
            for step in range(2, STUB - height // 2, 6)
        )
        ElementTree.SubElement(
            self._root, "path", {"d": strokes, "stroke": BASE_LINE, "fill": "none"}
        )

    def legend(self, text: str, colour: str | None) -> None:
        """Write a line of the legend; without a colour it is that of hidden numbers."""
        if colour is None:
            self.stub(0)
        else:
            self.bar(0, STUB, colour)
        before = self._height
        self.down(-LINE_HEIGHT + BAR_HEIGHT)
        self.text(text, indent=STUB + 8)
        self._height = max(self._height, before + LINE_HEIGHT) + 4

    def finish(self) -> str:
        """Give the SVG."""
        self._root.set("viewBox", f"0 0 {WIDTH} {self._height:g}")
        self._root.set("width", str(WIDTH))
        self._root.set("height", f"{self._height:g}")
        return ElementTree.tostring(self._root, encoding="unicode")

    def _left(self, x: float, length: float) -> float:
        return WIDTH - x - length if self.rtl else x

    def _box(self, x: float, length: float, look: dict[str, str]) -> None:
        place = {
            "x": f"{self._left(x, length):.4g}",
            "y": f"{self._height:g}",
            "width": f"{length:.4g}",
        }
        ElementTree.SubElement(self._root, "rect", place | look)

    def _words(self, text: str, x: float, y: float, size: int = FONT_SIZE) -> None:
        at = WIDTH - x if self.rtl else x
        place = {"x": f"{at:g}", "y": f"{y:g}", "text-anchor": "end" if self.rtl else "start"}
        if size != FONT_SIZE:
            place["font-size"] = str(size)
        ElementTree.SubElement(self._root, "text", place).text = text


def _isolated(text: str, *, number: bool = False) -> str:
    """Put a text into a run of its own: numbers left to right, words as their letters run."""
    right = formats.first_strong_direction(text) == "rtl"
    mark = RLI if right else LRI if number else ""
    return f"{mark}{text}{PDI}" if mark else text


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > LINE_LETTERS:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
