"""Whether a JSON value answers a question, and the one form in which it is kept.

The value of an import line and the value that a form's fields came to pass the same check.
`required`, relevance and plausibility are no matter of the value: a paper form may leave gaps,
and its unusual number has been looked at.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from consult.questionnaires import places
from consult.questionnaires.plain_text import is_blank, is_forbidden, tidy
from consult.questionnaires.reasons import Limit, Reading, Reason, Refusal
from consult.questionnaires.structure import (
    LARGEST_CELL,
    LARGEST_NUMBER,
    PEOPLE_CELLS,
    SHORT_TEXT,
    Question,
    QuestionType,
)

DECIMAL_PLACES = 6
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def take(question: Question, value: object) -> Reading:
    """Give the value as it is kept, nothing if it is empty, or every reason against it.

    Kept is: text in its one form, a whole number as `int`, a decimal as `float` of six places,
    a matrix and a people table in the questionnaire's order.
    """
    return _TAKERS[question.type](question, value)


def take_words(key: str, value: object, *, limit: int, field: str | None = None) -> Reading:
    """Give a text as it is kept, nothing if it is blank, or the reason against it."""
    field = field or key
    if not isinstance(value, str):
        return refused(Refusal(key, field, Reason.WRONG_KIND))
    text = tidy(value)
    if is_forbidden(text):
        return refused(Refusal(key, field, Reason.CHARACTER))
    if is_blank(text):
        return Reading(key)
    if len(text) > limit:
        return refused(Refusal(key, field, Reason.TOO_LONG, limit))
    return Reading(key, text)


def take_other(question: Question, value: object) -> Reading:
    """Give the text beside the choice `other` of a question; its `value` is that text."""
    return take_words(question.key, value, limit=SHORT_TEXT, field=f"{question.key}.other")


def refused(*refusals: Refusal) -> Reading:
    """Give the reading of an answer that is not taken."""
    return Reading(refusals[0].key, refusals=refusals)


def refusal(
    question: Question, reason: Reason, part: str | None = None, limit: Limit | None = None
) -> Refusal:
    """Give a refusal at KEY, or at KEY.PART."""
    field = question.key if part is None else f"{question.key}.{part}"
    return Refusal(question.key, field, reason, limit)


def _no(question: Question, reason: Reason, limit: Limit | None = None) -> Reading:
    return refused(refusal(question, reason, None, limit))


def _settled(question: Question, value: Any, refusals: Iterable[Refusal]) -> Reading:
    """Give the reading of a composite: all refusals, or the value, or nothing if it is empty."""
    if found := tuple(refusals):
        return refused(*found)
    return Reading(question.key, value or None)


def _note(question: Question, _value: object) -> Reading:
    return _no(question, Reason.UNKNOWN_QUESTION)


def _text(question: Question, value: object) -> Reading:
    return take_words(question.key, value, limit=question.longest)


def _integer(question: Question, value: object) -> Reading:
    number = _whole(value)
    if number is None:
        is_number = isinstance(value, float)
        return _no(question, Reason.NOT_AN_INTEGER if is_number else Reason.WRONG_KIND)
    return _bounded(question, number, (Reason.TOO_SMALL, Reason.TOO_LARGE))


def _decimal(question: Question, value: object) -> Reading:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _no(question, Reason.WRONG_KIND)
    if isinstance(value, float) and not math.isfinite(value):
        return _no(question, Reason.NOT_A_NUMBER)
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        return _bounded(question, value, (Reason.TOO_SMALL, Reason.TOO_LARGE))
    # Adding zero makes -0.0 into 0.0.
    number = round(float(value), DECIMAL_PLACES) + 0.0
    return _bounded(question, number, (Reason.TOO_SMALL, Reason.TOO_LARGE))


def _day(question: Question, value: object) -> Reading:
    if not isinstance(value, str):
        return _no(question, Reason.WRONG_KIND)
    try:
        day = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        return _no(question, Reason.NOT_A_DATE)
    reading = _bounded(question, day, (Reason.TOO_EARLY, Reason.TOO_LATE))
    return reading if reading.refusals else Reading(question.key, value)


def _bounded(question: Question, value: Any, reasons: tuple[Reason, Reason]) -> Reading:
    lowest: Any = question.lowest
    highest: Any = question.highest
    if value < lowest:
        return _no(question, reasons[0], lowest)
    if value > highest:
        return _no(question, reasons[1], highest)
    return Reading(question.key, value)


def _choice(question: Question, value: object) -> Reading:
    if not isinstance(value, str):
        return _no(question, Reason.WRONG_KIND)
    if value not in question.choice_keys:
        return _no(question, Reason.UNKNOWN_CHOICE)
    return Reading(question.key, value)


def _choices(question: Question, value: object) -> Reading:
    if (found := _list_refusal(question, value)) is not None:
        return refused(found)
    chosen: list[str] = list(value)  # type: ignore[call-overload]  # a list of known choices
    if question.exclusive_keys.intersection(chosen):
        return _no(question, Reason.EXCLUSIVE) if len(chosen) > 1 else Reading(question.key, chosen)
    return _settled(question, chosen, _count_refusals(question, chosen))


def _ranking(question: Question, value: object) -> Reading:
    if (found := _list_refusal(question, value)) is not None:
        return refused(found)
    ranked: list[str] = list(value)  # type: ignore[call-overload]  # a list of known choices
    return _settled(question, ranked, _count_refusals(question, ranked))


def _list_refusal(question: Question, value: object) -> Refusal | None:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return refusal(question, Reason.WRONG_KIND)
    if not set(value) <= set(question.choice_keys):
        return refusal(question, Reason.UNKNOWN_CHOICE)
    return refusal(question, Reason.TWICE) if len(set(value)) < len(value) else None


def _count_refusals(question: Question, chosen: list[str]) -> list[Refusal]:
    if chosen and question.least is not None and len(chosen) < question.least:
        return [refusal(question, Reason.TOO_FEW, None, question.least)]
    if question.most is not None and len(chosen) > question.most:
        return [refusal(question, Reason.TOO_MANY, None, question.most)]
    return []


def _matrix(question: Question, value: object) -> Reading:
    if not isinstance(value, dict):
        return _no(question, Reason.WRONG_KIND)
    if not all(row in question.row_keys for row in value):
        return _no(question, Reason.UNKNOWN_ROW)
    refusals = [
        refusal(question, Reason.UNKNOWN_CHOICE, row)
        for row, choice in value.items()
        if not isinstance(choice, str) or choice not in question.choice_keys
    ]
    ordered = {row: value[row] for row in question.row_keys if row in value}
    return _settled(question, ordered, refusals)


def _place(question: Question, value: object) -> Reading:
    if not isinstance(value, str):
        return _no(question, Reason.WRONG_KIND)
    place = places.PLACES.get(value)
    if place is None or place.country not in (question.countries or places.COUNTRIES):
        return _no(question, Reason.UNKNOWN_PLACE)
    return Reading(question.key, value)


def _people(question: Question, value: object) -> Reading:
    if not isinstance(value, dict):
        return _no(question, Reason.WRONG_KIND)
    if not all(cell in PEOPLE_CELLS for cell in value):
        return _no(question, Reason.UNKNOWN_CELL)
    cells = {cell: _whole(value[cell]) for cell in PEOPLE_CELLS if cell in value}
    refusals = [
        found
        for cell, number in cells.items()
        if (found := _cell_refusal(question, cell, number)) is not None
    ]
    # A table that counts nobody speaks for nobody: it is no answer.
    return _settled(question, cells if any(cells.values()) else None, refusals)


def _cell_refusal(question: Question, cell: str, number: int | None) -> Refusal | None:
    if number is None:
        return refusal(question, Reason.NOT_AN_INTEGER, cell)
    if number < 0:
        return refusal(question, Reason.TOO_SMALL, cell, 0)
    if number > LARGEST_CELL:
        return refusal(question, Reason.TOO_LARGE, cell, LARGEST_CELL)
    return None


def _recommendation(question: Question, value: object) -> Reading:
    if not isinstance(value, Mapping) or not all(part in _PARTS for part in value):
        return _no(question, Reason.WRONG_KIND)
    field = f"{question.key}.text"
    words = take_words(question.key, value.get("text", ""), limit=question.longest, field=field)
    refusals = list(words.refusals)
    addressee = value.get("addressee")
    if addressee is None:
        if words.value is not None:
            refusals.append(refusal(question, Reason.NO_ADDRESSEE, "addressee"))
    elif not isinstance(addressee, str) or addressee not in question.choice_keys:
        refusals.append(refusal(question, Reason.UNKNOWN_CHOICE, "addressee"))
    elif words.value is None and not refusals:
        refusals.append(refusal(question, Reason.NO_TEXT, "text"))
    is_said = words.value is not None
    return _settled(
        question, {"text": words.value, "addressee": addressee} if is_said else None, refusals
    )


_PARTS = ("text", "addressee")


def _whole(value: object) -> int | None:
    """Give a JSON number without a fraction as an integer; true and false are none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


_TAKERS: dict[QuestionType, Callable[[Question, object], Reading]] = {
    QuestionType.NOTE: _note,
    QuestionType.SHORT_TEXT: _text,
    QuestionType.LONG_TEXT: _text,
    QuestionType.INTEGER: _integer,
    QuestionType.DECIMAL: _decimal,
    QuestionType.DATE: _day,
    QuestionType.SINGLE: _choice,
    QuestionType.MULTIPLE: _choices,
    QuestionType.SCALE: _choice,
    QuestionType.MATRIX: _matrix,
    QuestionType.RANKING: _ranking,
    QuestionType.PLACE: _place,
    QuestionType.PEOPLE: _people,
    QuestionType.RECOMMENDATION: _recommendation,
}
