"""Tallies as a document shows them: the chart of what is needed most, the table of a finding."""

from collections.abc import Iterable, Sequence

from consult.briefings import numbers as counted
from consult.briefings import wording
from consult.briefings.blocks import Block, Chart, Paragraph, Row, Run, Table
from consult.briefings.numbers import Numbers
from consult.briefings.writing import LINES, Draft, TallyOf
from consult.figures import charts, words
from consult.figures.charts import Bar
from consult.figures.questions import Joined
from consult.figures.release import HIDDEN, Figure, Flag
from consult.figures.tally import Question
from consult.figures.tally import Row as TallyRow
from consult.languages import formats, locales
from consult.languages.messages import _, _l, _n
from consult.questionnaires.structure import PEOPLE_CELLS, QuestionType

NAMES_LISTED = 8
# The chart at the front is broken down by it, in its table.
LEADING_FACET = "sex"
TOP_TYPES = (QuestionType.MULTIPLE, QuestionType.RANKING)
SUMMARY = {
    "median": _l("Median"),
    "lower_quartile": _l("A quarter gave at most"),
    "upper_quartile": _l("A quarter gave at least"),
}
BANDS = {
    "under_18": _l("under 18"),
    "18_29": _l("18 to 29"),
    "30_44": _l("30 to 44"),
    "45_59": _l("45 to 59"),
    "60_plus": _l("60 and over"),
}
SEXES = {"women": _l("Women"), "men": _l("Men"), "another": _l("Others")}


def facets(draft: Draft) -> set[str]:
    """Give the facets by which a briefing breaks its figures down."""
    body = draft.body
    parts = [body.for_whom, body.distribution, *(one.text for one in draft.findings)]
    texts = [text for part in parts for text in part.values()]
    texts += [text for one in draft.recommendations for text in one.text.values()]
    for name in LINES:
        texts += [line for lines in getattr(body, name).values() for line in lines]
    rests = [rests.tally.by for one in draft.findings for rests in one.evidence if rests.tally]
    return {LEADING_FACET, *filter(None, rests), *counted.facets_in(texts)}


def top_question(numbers: Numbers, chosen: str | None) -> str | None:
    """Give the question whose chart stands at the front: the chosen one, else the first fit."""
    joined = [one for one in numbers.columns.questions if one.key == chosen and may_lead(one)]
    joined += [one for one in numbers.columns.questions if one.type in TOP_TYPES]
    return joined[0].key if joined else None


def may_lead(joined: Joined) -> bool:
    """Say whether a question can be drawn at the front of a briefing."""
    return joined.type in (*TOP_TYPES, QuestionType.SINGLE, QuestionType.SCALE) and not (
        joined.is_facet
    )


def top(numbers: Numbers, key: str) -> list[Block]:
    """Give chart, sentence and table of one question, the most frequent choice first."""
    question = numbers.question(key)
    if question is None or question.hidden:
        return [Paragraph((Run(_none_shown()),))]
    rows = sorted(question.rows, key=lambda row: (row.figure.hidden, -_size(row.figure)))
    says = _says(question, rows)
    drawing = charts.bars(
        [Bar(row.choice, row.figure) for row in rows],
        title=says,
        direction=locales.current().dir,
    )
    return [
        Paragraph((Run(says),)),
        Chart(question.label, drawing, says),
        _by_sex(numbers, question, rows),
    ]


def of_tally(numbers: Numbers, named: TallyOf) -> list[Block]:
    """Give the table of a tally that a finding rests on; nothing when its question has gone."""
    question = numbers.question(named.question)
    if question is None:
        return []
    if question.hidden:
        return [Paragraph((Run(f"{question.label}: {_none_shown()}"),), quiet=True)]
    if question.summary is not None:
        return [_numbers(question)]
    if named.choice is None:
        return [_all_choices(question)]
    row = next((row for row in question.rows if row.key == named.choice), None)
    return [_one_choice(numbers, question, row, named.by)] if row else []


def silent(numbers: Numbers, keys: Iterable[str]) -> list[str]:
    """Name those of these questions that many left unanswered."""
    found = []
    for key in dict.fromkeys(keys):
        question = numbers.question(key)
        if question is not None and Flag.NONRESPONSE in question.answered.flags:
            found.append(question.label)
    return found


def _none_shown() -> str:
    return _("no figure can be shown: too few answered, or a small number would show.")


def _says(question: Question, rows: Sequence[TallyRow]) -> str:
    shown = [row for row in rows if not row.figure.hidden and row.figure.value]
    if not shown:
        return _none_shown()
    first = shown[0]
    share = wording.share_in_prose(first.figure)
    answers = words.answered(question.answered)
    if question.type is QuestionType.RANKING:
        said = _(
            "Most often put first: %(choice)s (%(share)s of %(answers)s).",
            choice=first.choice,
            share=share,
            answers=answers,
        )
    else:
        said = _(
            "Named most often: %(choice)s (%(share)s of %(answers)s).",
            choice=first.choice,
            share=share,
            answers=answers,
        )
    if len(shown) > 2:
        after = _("Then: %(second)s, %(third)s.", second=shown[1].choice, third=shown[2].choice)
        said = f"{said} {after}"
    return said


def _by_sex(numbers: Numbers, question: Question, rows: Sequence[TallyRow]) -> Table:
    groups = [
        group
        for group in _groups(numbers, LEADING_FACET)
        if not question.groups.get(LEADING_FACET, {}).get(group[0], HIDDEN).hidden
        and not all(row.by[LEADING_FACET][group[0]].hidden for row in rows)
    ]
    head = (_("Answer"), _("Submissions"), _("Share"), _("Indicative interval"))
    lines = []
    for row in rows:
        by_sex = [words.share(row.by[LEADING_FACET][key]) for key, _label in groups]
        cells = [words.count(row.figure), words.share(row.figure), _range(row.figure), *by_sex]
        lines.append(Row((Run(row.choice), *map(Run, cells))))
    named = tuple(label for _key, label in groups)
    return Table(question.label, (*head, *named), tuple(lines), _note(rows))


def _one_choice(numbers: Numbers, question: Question, row: TallyRow, by: str | None) -> Table:
    head = (
        _("Group"),
        _("Submissions"),
        _("Of those who answered"),
        _("Share"),
        _("Indicative interval"),
    )
    lines = [_line(_("All"), row.figure, _denominator(row.figure, question.answered))]
    shown = [row.figure]
    left_out = []
    for key, label in _groups(numbers, by) if by else ():
        cell, answered = row.by[str(by)][key], question.groups[str(by)][key]
        if answered.hidden or cell.hidden:
            left_out.append(label)
        else:
            shown.append(cell)
            lines.append(_line(label, cell, _denominator(cell, answered)))
    note = " ".join(filter(None, [_left_out(left_out), *_cautions(shown)]))
    return Table(f"{question.label} · {row.label}", head, tuple(lines), note)


def _all_choices(question: Question) -> Table:
    head = (_("Answer"), _("Submissions"), _("Share"), _("Indicative interval"))
    lines = tuple(
        Row(
            (
                Run(row.label),
                Run(words.count(row.figure)),
                Run(words.share(row.figure)),
                Run(_range(row.figure)),
            )
        )
        for row in question.rows
    )
    return Table(question.label, head, lines, _note(question.rows))


def _numbers(question: Question) -> Table:
    summary = question.summary or {}
    if question.type is QuestionType.PEOPLE:
        head = (_("People"), _("Number"))
        lines = [
            Row((Run(_cell_name(cell)), Run(words.count(summary[cell])))) for cell in PEOPLE_CELLS
        ]
        note = words.note_on_hidden() if any(f.hidden for f in summary.values()) else ""
        return Table(question.label, head, tuple(lines), note)
    head = (_("Measure"), _("Number"))
    lines = [Row((Run(str(SUMMARY[name])), Run(words.count(f)))) for name, f in summary.items()]
    lines.append(Row((Run(_("Submissions that answered")), Run(words.count(question.answered)))))
    return Table(question.label, head, tuple(lines))


def _line(label: str, figure: Figure, answered: str) -> Row:
    cells = (words.count(figure), answered, words.share(figure), _range(figure))
    return Row((Run(label), *map(Run, cells)))


def _denominator(figure: Figure, answered: Figure) -> str:
    # In a matrix a share is of those who answered the row, not of those who answered any.
    if figure.denominator is None:
        return words.count(answered)
    return formats.number(figure.denominator, locales.current())


def _range(figure: Figure) -> str:
    return wording.between(figure)


def _cautions(figures: Iterable[Figure]) -> list[str]:
    flags = dict.fromkeys(flag for figure in figures for flag in figure.flags)
    if not flags:
        return []
    said = wording.listed([words.caution(flag) for flag in flags])
    return [_("Take care with some of these figures: %(cautions)s.", cautions=said)]


def _note(rows: Iterable[TallyRow]) -> str:
    figures = [row.figure for row in rows]
    hidden = [words.note_on_hidden()] if any(figure.hidden for figure in figures) else []
    return " ".join([*hidden, *_cautions(figures)])


def _left_out(names: Sequence[str]) -> str:
    if not names:
        return ""
    if len(names) > NAMES_LISTED:
        return _n(
            "%(count)s group is not shown by itself: too few answered, or a small number would "
            "show.",
            "%(count)s groups are not shown by themselves: too few answered, or a small number "
            "would show.",
            len(names),
        )
    return _(
        "Not shown by themselves, because too few answered or a small number would show: "
        "%(groups)s.",
        groups=wording.listed(names),
    )


def _groups(numbers: Numbers, facet: str) -> list[tuple[str, str]]:
    breakdown = numbers.whole.breakdowns.get(facet)
    return [(group.key, group.label) for group in breakdown.groups] if breakdown else []


def _cell_name(cell: str) -> str:
    sex, _underscore, band = cell.partition("_")
    return f"{SEXES[sex]}, {BANDS[band]}"


def _size(figure: Figure) -> float:
    return float(figure.value) if isinstance(figure.value, int | float) else 0.0
