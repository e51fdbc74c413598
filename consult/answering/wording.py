"""How a refused answer is worded: what to do, next to the field and in the summary."""

from collections.abc import Callable
from typing import Any

from consult.answering.steps import NAME, USE
from consult.languages.messages import _, _n, _p
from consult.questionnaires.answers import Reason, Refusal
from consult.questionnaires.structure import Question, QuestionType

CHOSEN = (QuestionType.SINGLE, QuestionType.SCALE, QuestionType.MATRIX, QuestionType.MULTIPLE)


def of(refusal: Refusal, question: Question | None) -> str:
    """Give the sentence for a refusal of a question, or of the consent where there is none."""
    if refusal.reason is Reason.MISSING:
        return _missing(refusal, question)
    return _SENTENCES[refusal.reason](refusal.limit)


def _missing(refusal: Refusal, question: Question | None) -> str:
    if refusal.key == USE:
        return _p("safety", "Choose how your answers may be used.")
    if refusal.key == NAME:
        return _p("safety", "Write the organisation's name, or choose another use above.")
    if question is None or question.type in CHOSEN:
        return _("Choose an answer.")
    if question.type is QuestionType.PLACE:
        return _("Choose a place.")
    if question.type is QuestionType.DATE:
        return _("Enter a date.")
    if question.type in (QuestionType.INTEGER, QuestionType.DECIMAL):
        return _("Enter a number.")
    if question.type is QuestionType.PEOPLE:
        return _("Enter how many people there are, at least in one place.")
    if question.type is QuestionType.RANKING:
        return _("Put these into an order.")
    return _("Write an answer.")


def _too_long(limit: Any) -> str:
    if limit is None:
        return _("All your answers together are too long. Make this one shorter.")
    return _("This is too long. Use at most %(max)s characters.", max=limit)


def _implausible(limit: Any) -> str:
    low, high = limit
    return _(
        "We expected a number from %(low)s to %(high)s. If yours is right, say so below.",
        low=low,
        high=high,
    )


_SENTENCES: dict[Reason, Callable[[Any], str]] = {
    Reason.TOO_LONG: _too_long,
    Reason.CHARACTER: lambda _limit: _(
        "There is a sign in this text that cannot be stored. Write the text again by hand."
    ),
    Reason.ONE_ONLY: lambda _limit: _("Choose one answer only."),
    Reason.NOT_AN_INTEGER: lambda _limit: _("Enter a whole number, with digits only."),
    Reason.NOT_A_NUMBER: lambda _limit: _("Enter a number, with digits only."),
    Reason.TOO_SMALL: lambda limit: _("Enter a number that is not below %(min)s.", min=limit),
    Reason.TOO_LARGE: lambda limit: _("Enter a number that is not above %(max)s.", max=limit),
    Reason.IMPLAUSIBLE: _implausible,
    Reason.NOT_A_DATE: lambda _limit: _("Enter day, month and year of a date that exists."),
    Reason.TOO_EARLY: lambda limit: _("Enter a date that is not before %(first)s.", first=limit),
    Reason.TOO_LATE: lambda limit: _("Enter a date that is not after %(last)s.", last=limit),
    Reason.UNKNOWN_CHOICE: lambda _limit: _("Choose one of the answers that stand here."),
    Reason.TOO_FEW: lambda limit: _n(
        "Choose at least %(count)s answer.", "Choose at least %(count)s answers.", limit
    ),
    Reason.TOO_MANY: lambda limit: _n(
        "Choose at most %(count)s answer.", "Choose at most %(count)s answers.", limit
    ),
    Reason.EXCLUSIVE: lambda _limit: _(
        "One of the answers you chose stands alone. Keep it, or keep the others."
    ),
    Reason.TWICE: lambda _limit: _("Give each place in the order only once."),
    Reason.NOT_A_RANK: lambda limit: _("Enter a whole number from 1 to %(max)s.", max=limit),
    Reason.RANK_LEFT_OUT: lambda limit: _("No answer has place %(rank)s yet.", rank=limit),
    Reason.UNKNOWN_PLACE: lambda _limit: _("Choose a place from the list."),
    Reason.NO_PEOPLE: lambda _limit: _("Enter how many people there are, at least in one place."),
    Reason.NO_TEXT: lambda _limit: _("Write what should be done, or leave both fields empty."),
    Reason.NO_ADDRESSEE: lambda _limit: _("Choose who should do it."),
}
