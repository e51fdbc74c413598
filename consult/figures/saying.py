"""The sentence that says what a chart and its table show, and why a question may show nothing."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from consult.figures import words
from consult.figures.release import Figure
from consult.figures.tally import Breakdown, Question, Row
from consult.figures.words import Kind
from consult.languages.messages import _, _l
from consult.questionnaires.structure import QuestionType

MOST_GROUPS = 6
SUMMARY = {
    "lower_quartile": _l("A quarter gave at most"),
    "median": _l("Half gave at most (median)"),
    "upper_quartile": _l("A quarter gave at least"),
}
CELLS = {
    "women_under_18": _l("Women under 18"),
    "women_18_29": _l("Women from 18 to 29"),
    "women_30_44": _l("Women from 30 to 44"),
    "women_45_59": _l("Women from 45 to 59"),
    "women_60_plus": _l("Women of 60 and over"),
    "men_under_18": _l("Men under 18"),
    "men_18_29": _l("Men from 18 to 29"),
    "men_30_44": _l("Men from 30 to 44"),
    "men_45_59": _l("Men from 45 to 59"),
    "men_60_plus": _l("Men of 60 and over"),
    "another_under_18": _l("Others under 18"),
    "another_18_29": _l("Others from 18 to 29"),
    "another_30_44": _l("Others from 30 to 44"),
    "another_45_59": _l("Others from 45 to 59"),
    "another_60_plus": _l("Others of 60 and over"),
}


def sentences(question: Question, breakdowns: Sequence[Breakdown] = ()) -> list[str]:
    """Say in words what is shown of a question; the first sentence says the most."""
    if question.hidden:
        return [why_hidden(question)]
    if question.type is QuestionType.PEOPLE:
        return [_people(question)]
    if question.summary is not None:
        return [_numbers(question)]
    if question.type is QuestionType.MATRIX:
        return list(_matrix(question))
    first = _top(question.rows)
    if not first:
        return [_nothing()]
    return [
        _most(question, first),
        *(said for one in breakdowns if (said := _by_group(first[0], one))),
    ]


def why_hidden(question: Question) -> str:
    """Say why a question is hidden whole, without saying which reason it was."""
    if question.conditional:
        return _(
            "Hidden whole. This question was asked only of some: fewer than 10 answered, or its "
            "numbers could tell a number that is hidden elsewhere."
        )
    return _("Hidden whole: fewer than 10 answered, or fewer than the threshold.")


def notes(question: Question) -> list[str]:
    """Say what else a reader must know of a question that is shown."""
    found = words.cautions(question.answered)
    if question.sensitive:
        found.append(
            _("sensitive question: a number is also hidden where all of a group said the same")
        )
    if question.conditional:
        found.append(_("asked only of some"))
    return found


def _top(rows: Sequence[Row]) -> list[Row]:
    """Give the rows with the largest shown count; several where it is the same."""
    counts = [row.figure.value for row in rows if isinstance(row.figure.value, int)]
    largest = max(counts, default=0)
    return [row for row in rows if largest and row.figure.value == largest]


def _named(rows: Sequence[Row]) -> str:
    return rows[0].choice if len(rows) == 1 else words.listed(row.choice for row in rows)


def _most(question: Question, first: Sequence[Row]) -> str:
    choice, share = _named(first), words.share(first[0].figure)
    answers = words.answered(question.answered)
    if any(row.figure.hidden for row in question.rows):
        text = _(
            "The largest number shown: %(choice)s, %(share)s of %(answers)s.",
            choice=choice,
            share=share,
            answers=answers,
        )
    elif question.type is QuestionType.RANKING:
        text = _(
            "Most often put first: %(choice)s, %(share)s of %(answers)s.",
            choice=choice,
            share=share,
            answers=answers,
        )
    else:
        text = _(
            "Chosen most often: %(choice)s, %(share)s of %(answers)s.",
            choice=choice,
            share=share,
            answers=answers,
        )
    return text


def _by_group(row: Row, breakdown: Breakdown) -> str:
    cells = row.by.get(breakdown.key, {})
    said = [
        words.named(group.label, words.share(cells[group.key]))
        for group in breakdown.groups
        if group.key in cells and _is_said(cells[group.key])
    ]
    if not said or len(said) > MOST_GROUPS:
        return ""
    return _("%(choice)s, by group: %(groups)s.", choice=row.choice, groups=words.listed(said))


def _is_said(figure: Figure) -> bool:
    return words.reading(figure).kind in (Kind.ROUGH, Kind.WHOLE)


def _matrix(question: Question) -> Iterator[str]:
    for part, rows in groupby(question.rows, key=lambda row: row.part):
        held = list(rows)
        first = _top(held)
        if not first:
            yield words.named(part or "", _("hidden"))
            continue
        choice = _named(first)
        share = words.share(first[0].figure)
        if any(row.figure.hidden for row in held):
            said = _(
                "the largest number shown is %(choice)s, %(share)s", choice=choice, share=share
            )
        else:
            said = _("most often %(choice)s, %(share)s", choice=choice, share=share)
        yield words.named(part or "", said)


def _numbers(question: Question) -> str:
    found = question.summary or {}
    low, middle, high = (found[name] for name in SUMMARY)
    if middle.hidden or middle.value is None:
        return _nothing()
    if low.value is None or high.value is None:
        return _("Half gave at most %(median)s.", median=words.count(middle))
    return _(
        "Half gave at most %(median)s; the middle half gave from %(low)s to %(high)s.",
        median=words.count(middle),
        low=words.count(low),
        high=words.count(high),
    )


def _people(question: Question) -> str:
    shown = {
        cell: figure.value
        for cell, figure in (question.summary or {}).items()
        if isinstance(figure.value, int)
    }
    if not shown:
        return _nothing()
    cell = max(shown, key=shown.__getitem__)
    return _(
        "The largest number shown: %(cell)s, %(people)s people. Groups may overlap.",
        cell=str(CELLS[cell]),
        people=shown[cell],
    )


def _nothing() -> str:
    return _("Nothing can be shown here: each number is small, or would tell a small one.")
