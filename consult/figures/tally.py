"""The tally: every closed question's figures with their labels; what pages, files and charts show.

One `Tally` is made here and rendered in many ways, so that no two of them can differ.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from consult.consultations.texts import ContentTexts
from consult.errors import BadInput
from consult.figures import counting, release
from consult.figures.columns import Columns
from consult.figures.cover import Bools
from consult.figures.questions import NUMBERS, Joined, Questions
from consult.figures.release import Decided, Figure, Shown
from consult.figures.tables import Counted
from consult.questionnaires import places
from consult.questionnaires.structure import PEOPLE_CELLS, Choice, QuestionType
from consult.questionnaires.structure import Row as MatrixRow

Labels: TypeAlias = Callable[[str], str]

NUMBER_NAMES = ("median", "lower_quartile", "upper_quartile")
BETWEEN = " – "
PLACE = "place:"


class NoFacet(BadInput):
    """The questionnaire has no such facet, or the facet no such choice."""


class OneAtATime(BadInput):
    """What needs a table of two facets, which is not offered."""


@dataclass(frozen=True)
class Group:
    """A choice of a facet, with its label."""

    key: str
    label: str


@dataclass(frozen=True)
class Breakdown:
    """A facet by which figures are broken down: all its groups, in the questionnaire's order."""

    key: str
    label: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Row:
    """A row: its figure, and its cells by facet and group.

    In a matrix `part` is the label of the matrix's row, and `choice` that of the choice.
    """

    key: str
    label: str
    choice: str
    figure: Figure
    by: Mapping[str, Mapping[str, Figure]]
    part: str | None = None


@dataclass(frozen=True)
class Question:
    """The figures of one question; a hidden one holds hidden figures only.

    A number or a day has a `summary` under `NUMBER_NAMES`, a people table one under its cells.
    """

    key: str
    type: QuestionType
    label: str
    hidden: bool
    answered: Figure
    not_answered: Figure
    rows: tuple[Row, ...]
    groups: Mapping[str, Mapping[str, Figure]]
    summary: Mapping[str, Figure] | None = None
    is_facet: bool = False
    sensitive: bool = False
    conditional: bool = False

    @property
    def summary_hidden(self) -> bool:
        """Whether all of its summary is hidden."""
        return all(figure.hidden for figure in (self.summary or {}).values())


@dataclass(frozen=True)
class Tally:
    """The figures of a consultation, or of one group of it.

    `breakdowns` names the facets that were asked for, with every group. `unreadable` submissions
    are in no figure, which a page must say.
    """

    consultation: str
    submissions: Figure
    threshold: int
    too_few: bool
    where: Mapping[str, str]
    questions: tuple[Question, ...]
    breakdowns: Mapping[str, Breakdown] = field(default_factory=dict)
    unreadable: int = 0

    def to_json(self) -> dict[str, Any]:
        """Give the tally as other programs read it (`docs/figures.md`)."""
        return {
            "consultation": self.consultation,
            "submissions": self.submissions.value,
            "threshold": self.threshold,
            "too_few": self.too_few,
            "where": dict(self.where),
            "questions": [_question_json(question) for question in self.questions],
        }


def build(
    columns: Columns,
    questions: Iterable[Joined],
    labels: Labels,
    *,
    consultation: str,
    consultation_threshold: int,
    threshold: int | None = None,
    by: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
) -> Tally:
    """Tally these questions of a consultation, or all: `columns.questions`.

    `labels` gives the text of a unit: `q:UUID.title`, `o:UUID.title`, `r:UUID.title`, and
    `place:CODE`. Raises `TooLow`, `NoFacet`, `OneAtATime`, or `NotShown` for a filter that would
    single out a few.
    """
    rules = release.rules(consultation_threshold, threshold)
    where = dict(where or {})
    if len(where) > 1 or (where and by):
        raise OneAtATime(
            "a filter together with a breakdown or a second filter comes with a later version"
        )
    facets = _facets(columns.questions, [*by, *where])
    for key, value in where.items():
        if value not in facets[key].codes:
            raise NoFacet(f"{key} has no choice {value}")
    base = Tally(
        consultation,
        release.submissions(len(columns)),
        rules.asked,
        release.too_few(len(columns)),
        where,
        (),
        {} if where else {key: _breakdown(facet, labels) for key, facet in facets.items()},
        len(columns.unreadable),
    )
    if base.too_few:
        for key, value in where.items():
            raise release.NotShown(key, value)
        return base
    by_facets = _counted_by(columns.questions, facets)
    counted = {c.id: c for c in counting.count(columns, by_facets)}
    decided = release.decide(list(counted.values()), list(facets), rules)
    work = _Work(columns, labels, facets, counted, decided)
    for key, value in where.items():
        return work.filtered(base, questions, facets[key], value)
    return replace(base, questions=tuple(work.whole(joined) for joined in questions))


class Label(str):
    """A label, with the language it is really in: a page must mark one that is not its own."""

    __slots__ = ("locale",)
    locale: str

    @classmethod
    def of(cls, text: str, locale: str) -> "Label":
        """Make a label from a text and a language id."""
        made = cls(text)
        made.locale = locale
        return made


def labels_of(texts: ContentTexts, language: str) -> Labels:
    """Give the labels of a consultation in a language id, as `build` asks for them."""

    def label(key: str) -> str:
        if key.startswith(PLACE):
            return places.PLACES[key.removeprefix(PLACE)].name(language)
        found = texts.get(key)
        return Label.of(found.text, found.locale)

    return label


def filters(tally: Tally) -> dict[str, tuple[str, ...]]:
    """Give the groups of each facet that a filter may select, from a tally of all."""
    universe = tally.submissions.value
    if not isinstance(universe, int):
        return {}
    return {
        question.key: tuple(
            row.key for row in question.rows if release.selectable(row.figure, universe)
        )
        for question in tally.questions
        if question.is_facet
    }


@dataclass(frozen=True)
class _Work:
    """What is at hand while one tally is made."""

    columns: Columns
    labels: Labels
    facets: Mapping[str, Joined]
    counted: Mapping[str, Counted]
    decided: Decided

    def whole(self, joined: Joined) -> Question:
        """Give a question over all submissions."""
        shown = release.question(self.counted[joined.id], self.decided, len(self.columns))
        summary = self._summary(joined, shown)
        return self._question(joined, shown, summary)

    def filtered(
        self, base: Tally, questions: Iterable[Joined], facet: Joined, value: str
    ) -> Tally:
        """Give the questions but the facet itself, over one of its groups."""
        position = facet.place_of(value)
        size = release.selected(
            self.counted[facet.id],
            self.decided,
            position,
            len(self.columns),
            named=(facet.key, value),
        )
        found = []
        for joined in questions:
            if joined.key != facet.key:
                counted = self.counted[joined.id]
                shown = release.column(counted, self.decided, facet.key, position, size)
                within = counting.selection(self.columns, facet, value)
                summary = self._summary(joined, shown, within)
                found.append(self._question(joined, shown, summary))
        return replace(base, submissions=release.submissions(size), questions=tuple(found))

    def _question(
        self, joined: Joined, shown: Shown, summary: Mapping[str, Figure] | None
    ) -> Question:
        return Question(
            joined.key,
            joined.type,
            self.labels(f"q:{joined.newest.uuid}.title") or joined.key,
            not shown.shown,
            shown.answered,
            shown.not_answered,
            () if summary is not None else tuple(self._rows(joined, shown)),
            {key: self._of(key, figures) for key, figures in shown.groups.items()},
            summary,
            joined.is_facet,
            joined.sensitive,
            joined.id in self.columns.questions.conditioned,
        )

    def _rows(self, joined: Joined, shown: Shown) -> Iterator[Row]:
        for position, (part, choice) in enumerate(_lines(joined)):
            said = _choice_label(joined, choice, self.labels)
            about = None if part is None else self.labels(f"r:{part.uuid}.title") or part.key
            yield Row(
                choice.key if part is None else f"{part.key}.{choice.key}",
                said if about is None else f"{about}{BETWEEN}{said}",
                said,
                shown.rows[position],
                {key: self._of(key, lines[position]) for key, lines in shown.cells.items()},
                about,
            )

    def _of(self, facet: str, figures: Sequence[Figure]) -> dict[str, Figure]:
        """Name the figures of the groups of a facet."""
        joined = self.facets[facet]
        keys = [joined.choices[position].key for position in joined.shown_choices]
        return dict(zip(keys, figures, strict=True))

    def _summary(
        self, joined: Joined, shown: Shown, within: Bools | None = None
    ) -> Mapping[str, Figure] | None:
        if joined.type in NUMBERS:
            numbers = release.numbers(
                counting.values(self.columns, joined, within),
                shown=shown.shown,
                days=joined.type is QuestionType.DATE,
            )
            return dict(zip(NUMBER_NAMES, numbers, strict=True))
        if joined.type is not QuestionType.PEOPLE:
            return None
        # Under a filter a cell would need a table of its own.
        people = release.people(
            counting.cells(self.columns, joined),
            self.decided.rules,
            shown=shown.shown and within is None,
        )
        return dict(zip(PEOPLE_CELLS, people, strict=True))


def _facets(questions: Questions, keys: Sequence[str]) -> dict[str, Joined]:
    known = {facet.key: facet for facet in questions.facets()}
    for key in keys:
        if key not in known:
            raise NoFacet(f"this consultation does not ask {key}; it asks {', '.join(known)}")
    return {key: known[key] for key in keys}


def _counted_by(questions: Questions, facets: Mapping[str, Joined]) -> list[Joined]:
    """Give the facets to count by: all, where what one shows may tell what another hides."""
    every = questions.facets()
    conditional = any(facet.id in questions.conditioned for facet in every)
    return every if conditional else list(facets.values())


def _breakdown(facet: Joined, labels: Labels) -> Breakdown:
    groups = [facet.choices[position] for position in facet.shown_choices]
    return Breakdown(
        facet.key,
        labels(f"q:{facet.newest.uuid}.title") or facet.key,
        tuple(Group(choice.key, _choice_label(facet, choice, labels)) for choice in groups),
    )


def _lines(joined: Joined) -> Iterator[tuple[MatrixRow | None, Choice]]:
    choices = [joined.choices[position] for position in joined.shown_choices]
    if joined.type is not QuestionType.MATRIX:
        yield from ((None, choice) for choice in choices)
        return
    for position in joined.shown_rows:
        yield from ((joined.rows[position], choice) for choice in choices)


def _choice_label(joined: Joined, choice: Choice, labels: Labels) -> str:
    place = joined.type is QuestionType.PLACE
    # The words of a choice that the newest version dropped are not among its texts.
    return labels(f"{PLACE}{choice.key}" if place else f"o:{choice.uuid}.title") or choice.key


def _question_json(question: Question) -> dict[str, Any]:
    data: dict[str, Any] = {
        "key": question.key,
        "type": question.type.value,
        "label": question.label,
        "answered": question.answered.value,
        "not_answered": question.not_answered.value,
    }
    if question.summary is None:
        data["rows"] = [_row_json(row) for row in question.rows]
    elif question.type is QuestionType.PEOPLE:
        data["summary"] = {
            cell: _marked({"people": figure.value}, figure)
            for cell, figure in question.summary.items()
        }
    else:
        data["summary"] = {name: _plain(figure) for name, figure in question.summary.items()}
        if question.summary_hidden:
            data["summary"]["hidden"] = True
    data["groups"] = {
        facet: {
            group: _marked({"answered": figure.value}, figure) for group, figure in found.items()
        }
        for facet, found in question.groups.items()
    }
    return data | {"hidden": True} if question.hidden else data


def _row_json(row: Row) -> dict[str, Any]:
    figure = row.figure
    data = {
        "key": row.key,
        "label": row.label,
        "count": figure.value,
        "share": figure.share,
        "low": figure.low,
        "high": figure.high,
        "by": {
            facet: {
                group: _marked({"count": cell.value, "share": cell.share}, cell)
                for group, cell in cells.items()
            }
            for facet, cells in row.by.items()
        },
    }
    return _marked(data, figure)


def _marked(data: dict[str, Any], figure: Figure) -> dict[str, Any]:
    """Say of an object that its number is hidden."""
    return data | {"hidden": True} if figure.hidden else data


def _plain(figure: Figure) -> int | float | str | None:
    return figure.value.isoformat() if isinstance(figure.value, date) else figure.value
