"""What the page of figures shows of each question: its chart, its sentences and its tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from consult.figures import charts, saying, words
from consult.figures.charts import Bar, Cluster, Stack
from consult.figures.release import Figure, Flag
from consult.figures.tally import Breakdown, Question, Row, Tally
from consult.languages.locales import current
from consult.languages.messages import _, _n
from consult.questionnaires.structure import QuestionType

# Longer tables are folded, and what is hidden in a longer chart is drawn once.
LONG = 12
MOST_BARS = 40
NAMED = 8


@dataclass(frozen=True)
class Cell:
    """One cell of a table: a number in words, and what stands beside it."""

    words: str
    hidden: bool = False
    beside: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a table."""

    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Column:
    """The head of a column, and a caution that holds for all of it."""

    label: str
    caution: str = ""


@dataclass(frozen=True)
class Table:
    """One table: `omitted` says which groups have no column."""

    id: str
    caption: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    omitted: str = ""

    @property
    def is_long(self) -> bool:
        """Whether it is folded at first."""
        return len(self.lines) > LONG

    @property
    def hides(self) -> bool:
        """Whether a number in it is hidden, so that the note belongs below it."""
        return any(cell.hidden for line in self.lines for cell in line.cells)


@dataclass(frozen=True)
class Part:
    """One question on the page."""

    id: str
    title: str
    hidden: bool
    sentences: Sequence[str]
    answered: str
    notes: Sequence[str]
    chart: Markup | None
    tables: Sequence[Table]
    is_profile: bool


def parts(tally: Tally) -> list[Part]:
    """Give every question of a tally, in the language of the page."""
    breakdowns = tuple(tally.breakdowns.values())
    return [_part(question, breakdowns) for question in tally.questions]


def _part(question: Question, breakdowns: Sequence[Breakdown]) -> Part:
    by = [one for one in breakdowns if one.key in question.groups]
    said = saying.sentences(question, by)
    return Part(
        f"q-{question.key}",
        question.label,
        question.hidden,
        said,
        "" if question.hidden else _answered(question),
        [] if question.hidden else saying.notes(question),
        None if question.hidden else _chart(question, by, " ".join(said)),
        [] if question.hidden else list(_tables(question, by)),
        question.is_facet or question.type is QuestionType.PEOPLE,
    )


def _answered(question: Question) -> str:
    silent = question.not_answered.value
    answers = words.answered(question.answered)
    if not isinstance(silent, int) or not silent:
        return answers
    return _("%(answers)s; %(silent)s without an answer", answers=answers, silent=silent)


def _chart(question: Question, by: Sequence[Breakdown], title: str) -> Markup | None:
    drawing = _drawn(question, by, title)
    # Made by us from text that ElementTree has escaped.
    return Markup(drawing) if drawing else None  # noqa: S704


def _drawn(question: Question, by: Sequence[Breakdown], title: str) -> str:
    side = current().dir
    if question.summary is not None:
        names = saying.CELLS if question.type is QuestionType.PEOPLE else saying.SUMMARY
        bars = [Bar(str(names[key]), question.summary[key]) for key in names]
        is_day = question.type is QuestionType.DATE
        return "" if is_day else charts.amounts(_short(bars), title=title, direction=side)
    if question.type is QuestionType.MATRIX:
        return _stacked(_rows_of_matrix(question), _choices(question), title)
    if by and question.type is QuestionType.SCALE and (rows := list(_by_group(question, by[0]))):
        return _stacked(rows, [row.choice for row in question.rows], title)
    if by and (clusters := _clusters(question, by[0])):
        return charts.clusters(clusters, title=title, direction=side)
    bars = [Bar(row.choice, row.figure) for row in question.rows]
    return charts.bars(_short(bars), title=title, direction=side)


def _stacked(rows: Sequence[Stack], choices: Sequence[str], title: str) -> str:
    return charts.stacked(rows, choices=choices, title=title, direction=current().dir)


def _short(bars: Sequence[Bar]) -> list[Bar]:
    """Draw all that is hidden in a long chart as one: there are many provinces."""
    hidden = [one for one in bars if one.figure.hidden]
    if len(bars) <= LONG or len(hidden) < 2:
        return list(bars)
    label = _n("%(count)s more, hidden", "%(count)s more, hidden", len(hidden))
    return [*(one for one in bars if not one.figure.hidden), Bar(label, hidden[0].figure)]


def _rows_of_matrix(question: Question) -> list[Stack]:
    return [
        Stack(part or "", [row.figure for row in rows])
        for part, rows in groupby(question.rows, key=lambda row: row.part)
    ]


def _choices(question: Question) -> list[str]:
    return list(dict.fromkeys(row.choice for row in question.rows))


def _by_group(question: Question, by: Breakdown) -> Iterator[Stack]:
    groups = _shown_groups(question, by)
    if not groups or len(groups) > NAMED:
        return
    yield Stack(_("All"), [row.figure for row in question.rows])
    for key, label in groups.items():
        yield Stack(label, [row.by[by.key][key] for row in question.rows])


def _clusters(question: Question, by: Breakdown) -> list[Cluster]:
    """Give each choice by group, unless that would be more bars than an eye can hold."""
    groups = _shown_groups(question, by)
    rows = [row for row in question.rows if not row.figure.hidden]
    if not groups or len(groups) > NAMED or len(groups) * len(rows) > MOST_BARS:
        return []
    return [
        Cluster(row.choice, [Bar(label, row.by[by.key][key]) for key, label in groups.items()])
        for row in rows
    ]


def _shown_groups(question: Question, by: Breakdown) -> dict[str, str]:
    found = question.groups[by.key]
    return {group.key: group.label for group in by.groups if not found[group.key].hidden}


def _tables(question: Question, by: Sequence[Breakdown]) -> Iterator[Table]:
    if question.summary is not None:
        yield _summary(question)
        yield from (_group_sizes(question, one) for one in by)
    elif by:
        yield from (_crossed(question, one) for one in by)
    else:
        yield _plain(question)


def _plain(question: Question) -> Table:
    cautioned = any(row.figure.flags for row in question.rows)
    heads = [_("Answer"), _("Number"), _("Share"), _("Indicative interval")]
    heads += [_("Caution")] if cautioned else []
    return Table(
        f"t-{question.key}",
        _("All answers"),
        [Column(head) for head in heads],
        [Line(row.label, _of_row(row, cautioned=cautioned)) for row in question.rows],
    )


def _of_row(row: Row, *, cautioned: bool) -> list[Cell]:
    figure = row.figure
    cells = [_number(figure), _share(figure), Cell(words.between(figure))]
    return [*cells, Cell(words.listed(words.cautions(figure)))] if cautioned else cells


def _crossed(question: Question, by: Breakdown) -> Table:
    groups = _shown_groups(question, by)
    sizes = [question.groups[by.key][key] for key in groups]
    lines = [Line(_("Answered"), [_number(question.answered), *map(_number, sizes)])]
    lines += [
        Line(
            row.label,
            [_both(row.figure), *(_both(row.by[by.key][key]) for key in groups)],
        )
        for row in question.rows
    ]
    heads = [Column(_("Answer")), Column(_("All"))]
    heads += [Column(label, _small(question, by, key)) for key, label in groups.items()]
    return Table(
        f"t-{question.key}-{by.key}",
        _("Breakdown: %(facet)s", facet=words.facet(by.key)),
        heads,
        lines,
        _omitted(question, by),
    )


def _group_sizes(question: Question, by: Breakdown) -> Table:
    lines = [
        Line(label, [_number(question.groups[by.key][key])])
        for key, label in _shown_groups(question, by).items()
    ]
    return Table(
        f"t-{question.key}-{by.key}",
        _("Breakdown: %(facet)s", facet=words.facet(by.key)),
        [Column(words.facet(by.key)), Column(_("Answered"))],
        lines,
        _omitted(question, by),
    )


def _summary(question: Question) -> Table:
    people = question.type is QuestionType.PEOPLE
    names, found = saying.CELLS if people else saying.SUMMARY, question.summary or {}
    heads = [_("Group"), _("People")] if people else [_("Measure"), _("Value")]
    return Table(
        f"t-{question.key}",
        _("All answers"),
        [Column(head) for head in heads],
        [Line(str(name), [_number(found[key])]) for key, name in names.items()],
    )


def _small(question: Question, by: Breakdown, group: str) -> str:
    cells = [row.by[by.key][group] for row in question.rows]
    return words.caution(Flag.SMALL_BASE) if any(Flag.SMALL_BASE in c.flags for c in cells) else ""


def _omitted(question: Question, by: Breakdown) -> str:
    found: Mapping[str, Figure] = question.groups[by.key]
    names = [group.label for group in by.groups if found[group.key].hidden]
    if not names:
        return ""
    if len(names) > NAMED:
        return _n(
            "%(count)s more group is not shown: none or few answered, or it covers another.",
            "%(count)s more groups are not shown: none or few answered, or they cover others.",
            len(names),
        )
    return _(
        "Not shown, because none or few answered, or to cover others: %(groups)s.",
        groups=words.listed(names),
    )


def _number(figure: Figure) -> Cell:
    return Cell(words.count(figure), figure.hidden)


def _share(figure: Figure) -> Cell:
    return Cell("", hidden=True) if figure.hidden else Cell(words.share(figure))


def _both(figure: Figure) -> Cell:
    if figure.hidden:
        return Cell(words.count(figure), hidden=True)
    uncertain = Flag.WIDE in figure.flags and Flag.SMALL_BASE not in figure.flags
    beside = _("%(number)s, uncertain", number=words.count(figure)) if uncertain else ""
    return Cell(words.share(figure), beside=beside or words.count(figure))
