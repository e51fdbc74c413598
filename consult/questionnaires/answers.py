"""From the fields of a form to a value, and back; from a line of data to answers.

Fields are named as in PRODUCT section 4. `read` finds a value in them and lets `values.take` judge
it, so a form takes nothing that an import line could not hold.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from consult.languages import calendars
from consult.languages.formats import read_date, read_decimal, read_integer
from consult.questionnaires.keys import shown
from consult.questionnaires.plain_text import is_blank, is_forbidden
from consult.questionnaires.reasons import Reading, Reason, Refusal
from consult.questionnaires.structure import (
    OTHER,
    PEOPLE_CELLS,
    Definition,
    Question,
    QuestionType,
)
from consult.questionnaires.values import (
    DECIMAL_PLACES,
    refusal,
    refused,
    take,
    take_other,
    take_words,
)

__all__ = [
    "Fields",
    "Line",
    "Reading",
    "Reason",
    "Refusal",
    "check",
    "field_names",
    "fields_of",
    "has_sure",
    "read",
    "take",
    "take_line",
    "take_other",
    "take_words",
]

Fields: TypeAlias = Mapping[str, Sequence[str]]
SURE = "sure"
DATE_PARTS = ("day", "month", "year")


def read(question: Question, fields: Fields, *, confirmed: Any = None) -> Reading:
    """Read the answer to a question that is asked from the fields of a posted form.

    `confirmed` is the value that the form found implausible the last time (`Reading.doubted`,
    kept in the page's sealed state): with `KEY.sure=yes` that value is taken, and no other.
    """
    reading = _READERS[question.type](question, fields)
    if reading.refusals:
        return reading
    if question.required and (gaps := _gaps(question, reading, fields)):
        return refused(*gaps)
    if reading.value is None:
        return reading
    return _with_other(question, _believed(question, reading, fields, confirmed), fields)


def check(question: Question, value: object) -> tuple[Refusal, ...]:
    """Give every reason why a JSON value does not answer a question; none if it does."""
    return take(question, value).refusals


@dataclass(frozen=True, slots=True)
class Line:
    """What was understood of a set of answers that came as data."""

    answers: dict[str, Any]
    refusals: tuple[Refusal, ...]


def take_line(definition: Definition, data: object) -> Line:
    """Give the answers of an import line as they are kept, or every reason against them.

    Questions may be left out and relevance is not checked; all that the line holds is. Values
    that are empty are left out, like answers that nobody gave.
    """
    if not isinstance(data, Mapping):
        return Line({}, (Refusal("answers", "answers", Reason.WRONG_KIND),))
    answers: dict[str, Any] = {}
    refusals: list[Refusal] = []
    for key, value in data.items():
        reading = _line_reading(definition, key, value, data)
        refusals += reading.refusals
        if reading.value is not None:
            answers[key] = reading.value
    return Line({} if refusals else answers, tuple(refusals))


def field_names(question: Question) -> set[str]:
    """Give every name under which a form may send something to this question."""
    key = question.key
    names = {f"{key}.{part}" for part in _parts(question)} or {key}
    if question.type is QuestionType.NOTE:
        return set()
    if question.takes_other:
        names.add(f"{key}.{OTHER}")
    if has_sure(question):
        names.add(f"{key}.{SURE}")
    return names


def has_sure(question: Question) -> bool:
    """Say whether the form can ever ask "are you sure?" about this question."""
    return question.believable is not None


def fields_of(
    question: Question,
    answers: Mapping[str, Any],
    calendar: calendars.Calendar = "gregorian",
) -> dict[str, list[str]]:
    """Give the fields that a form holds when it shows these answers: the way back of `read`.

    Numbers are in ASCII digits; the page puts them into the reader's own.
    """
    value = answers.get(question.key)
    if value is None:
        return {}
    fields = _written(question, value, calendar)
    other = answers.get(f"{question.key}.{OTHER}")
    return fields if other is None else fields | {f"{question.key}.{OTHER}": [other]}


def _gaps(question: Question, reading: Reading, fields: Fields) -> list[Refusal]:
    """Give what a required question still lacks."""
    value = reading.value
    if question.type is QuestionType.MATRIX and value is not None:
        rows = [row for row in question.row_keys if row not in value]
        return [refusal(question, Reason.MISSING, row) for row in rows]
    if question.type is QuestionType.RANKING and value is not None:
        wanted = question.least or question.most or len(question.choices)
        return [refusal(question, Reason.TOO_FEW, None, wanted)] if len(value) < wanted else []
    if question.type is QuestionType.PEOPLE and value is None:
        counted = any(_typed(fields, f"{question.key}.{cell}") for cell in PEOPLE_CELLS)
        return [refusal(question, Reason.NO_PEOPLE if counted else Reason.MISSING)]
    must_answer = value is None and question.type is not QuestionType.NOTE
    return [refusal(question, Reason.MISSING)] if must_answer else []


def _believed(question: Question, reading: Reading, fields: Fields, confirmed: Any) -> Reading:
    if question.believable is None:
        return reading
    low, high = question.believable
    value = reading.value
    amount = sum(value.values()) if isinstance(value, dict) else value
    is_sure = _first(fields, f"{question.key}.{SURE}") == "yes" and confirmed == value
    if low <= amount <= high or is_sure:
        return reading
    limit = (low, high)
    return replace(refused(refusal(question, Reason.IMPLAUSIBLE, None, limit)), doubted=value)


def _with_other(question: Question, reading: Reading, fields: Fields) -> Reading:
    """Read the text beside `other`; it may stay empty, for the tick alone says something."""
    value = reading.value
    chosen = value == OTHER or (isinstance(value, list) and OTHER in value)
    if not (question.takes_other and chosen):
        return reading
    other = take_other(question, _first(fields, f"{question.key}.{OTHER}"))
    if other.refusals:
        return other
    return replace(reading, other=other.value)


def _read_note(question: Question, _fields: Fields) -> Reading:
    return Reading(question.key)


def _read_text(question: Question, fields: Fields) -> Reading:
    if _is_sent_twice(fields, question.key):
        return refused(refusal(question, Reason.ONE_ONLY))
    return take(question, _first(fields, question.key))


def _read_number(question: Question, fields: Fields) -> Reading:
    typed = _typed(fields, question.key)
    if typed is None:
        return Reading(question.key)
    whole = question.type is QuestionType.INTEGER
    number = _number(typed, read_integer if whole else read_decimal)
    if number is None or _is_sent_twice(fields, question.key):
        return refused(refusal(question, Reason.NOT_AN_INTEGER if whole else Reason.NOT_A_NUMBER))
    return take(question, number)


def _read_date(question: Question, fields: Fields) -> Reading:
    names = [f"{question.key}.{part}" for part in DATE_PARTS]
    parts = [_typed(fields, name) for name in names]
    if not any(parts):
        return Reading(question.key)
    calendar = _first(fields, f"{question.key}.calendar") or calendars.CALENDARS[0]
    if calendar not in calendars.CALENDARS:
        return refused(refusal(question, Reason.UNKNOWN_CHOICE, "calendar"))
    day, month, year = parts
    if day is None or month is None or year is None:
        gap = DATE_PARTS[parts.index(None)]
        return refused(refusal(question, Reason.NOT_A_DATE, gap))
    try:
        found = read_date(day, month, year, calendar)
    except (ValueError, OverflowError):
        return refused(refusal(question, Reason.NOT_A_DATE))
    return take(question, found.isoformat())


def _read_choice(question: Question, fields: Fields) -> Reading:
    chosen = _chosen(fields, question.key)
    if len(chosen) > 1:
        return refused(refusal(question, Reason.ONE_ONLY))
    return take(question, chosen[0]) if chosen else Reading(question.key)


def _read_choices(question: Question, fields: Fields) -> Reading:
    chosen = _chosen(fields, question.key)
    known = [choice for choice in question.choice_keys if choice in chosen]
    return take(question, known + [choice for choice in chosen if choice not in known])


def _read_matrix(question: Question, fields: Fields) -> Reading:
    chosen = {row: _chosen(fields, f"{question.key}.{row}") for row in question.row_keys}
    twice = [refusal(question, Reason.ONE_ONLY, row) for row in chosen if len(chosen[row]) > 1]
    if twice:
        return refused(*twice)
    return take(question, {row: choices[0] for row, choices in chosen.items() if choices})


def _read_ranking(question: Question, fields: Fields) -> Reading:
    ranks: dict[int, str] = {}
    refusals: list[Refusal] = []
    for choice in question.choice_keys:
        typed = _typed(fields, f"{question.key}.{choice}")
        if typed is None:
            continue
        rank = _number(typed, read_integer)
        if rank is None or not 1 <= rank <= len(question.choices):
            limit = len(question.choices)
            refusals.append(refusal(question, Reason.NOT_A_RANK, choice, limit))
        elif rank in ranks:
            refusals.append(refusal(question, Reason.TWICE, choice))
        else:
            ranks[int(rank)] = choice
    if refusals:
        return refused(*refusals)
    for rank in range(1, len(ranks) + 1):
        if rank not in ranks:
            return refused(refusal(question, Reason.RANK_LEFT_OUT, None, rank))
    return take(question, [ranks[rank] for rank in sorted(ranks)])


def _read_people(question: Question, fields: Fields) -> Reading:
    cells: dict[str, float] = {}
    refusals: list[Refusal] = []
    for cell in PEOPLE_CELLS:
        typed = _typed(fields, f"{question.key}.{cell}")
        if typed is None:
            continue
        number = _number(typed, read_integer)
        if number is None:
            refusals.append(refusal(question, Reason.NOT_AN_INTEGER, cell))
        else:
            cells[cell] = number
    judged = take(question, cells)
    refusals += judged.refusals
    return refused(*refusals) if refusals else judged


def _read_recommendation(question: Question, fields: Fields) -> Reading:
    addressees = _chosen(fields, f"{question.key}.addressee")
    if len(addressees) > 1:
        return refused(refusal(question, Reason.ONE_ONLY, "addressee"))
    given = {"text": _first(fields, f"{question.key}.text")}
    return take(question, given | {"addressee": addressees[0]} if addressees else given)


def _first(fields: Fields, name: str) -> str:
    values = fields.get(name, ())
    return values[0] if values else ""


def _typed(fields: Fields, name: str) -> str | None:
    """Give what was typed into a field for a number; None if nothing of it can be seen."""
    text = _first(fields, name)
    return None if is_blank(text) and not is_forbidden(text) else text


def _chosen(fields: Fields, name: str) -> list[str]:
    """Give the choices sent under a name, each once; an empty one is none."""
    return [choice for choice in dict.fromkeys(fields.get(name, ())) if choice]


def _is_sent_twice(fields: Fields, name: str) -> bool:
    return len(set(fields.get(name, ()))) > 1


# No number that can be read is longer, and a page may hold a quarter of a megabyte.
_LONGEST_NUMBER = 60


def _number(typed: str, reader: Callable[[str], float]) -> float | None:
    if len(typed) > _LONGEST_NUMBER:
        return None
    try:
        return reader(typed)
    except ValueError:
        return None


def _parts(question: Question) -> Iterable[str]:
    match question.type:
        case QuestionType.DATE:
            return (*DATE_PARTS, "calendar")
        case QuestionType.MATRIX:
            return question.row_keys
        case QuestionType.RANKING:
            return question.choice_keys
        case QuestionType.PEOPLE:
            return PEOPLE_CELLS
        case QuestionType.RECOMMENDATION:
            return ("text", "addressee")
        case _:
            return ()


def _written(question: Question, value: Any, calendar: calendars.Calendar) -> dict[str, list[str]]:
    key = question.key
    match question.type:
        case QuestionType.DATE:
            return _written_date(key, date.fromisoformat(value), calendar)
        case QuestionType.RANKING:
            return {f"{key}.{choice}": [str(rank)] for rank, choice in enumerate(value, start=1)}
        case QuestionType.MATRIX | QuestionType.PEOPLE | QuestionType.RECOMMENDATION:
            return {f"{key}.{part}": [str(held)] for part, held in value.items()}
        case QuestionType.MULTIPLE:
            return {key: list(value)}
        case QuestionType.DECIMAL:
            return {key: [f"{value:.{DECIMAL_PLACES}f}".rstrip("0").rstrip(".")]}
        case _:
            return {key: [str(value)]}


def _written_date(key: str, day: date, calendar: calendars.Calendar) -> dict[str, list[str]]:
    year, month, number = (
        calendars.solar_hijri(day) if calendar == "solar_hijri" else (day.year, day.month, day.day)
    )
    return {
        f"{key}.day": [str(number)],
        f"{key}.month": [str(month)],
        f"{key}.year": [str(year)],
        f"{key}.calendar": [calendar],
    }


def _line_reading(
    definition: Definition, key: object, value: object, data: Mapping[Any, Any]
) -> Reading:
    name = key if isinstance(key, str) else ""
    question_key, _, part = name.partition(".")
    question = definition.question(question_key)
    if question is None or (part and not (part == OTHER and question.takes_other)):
        return refused(Refusal(shown(name), shown(name), Reason.UNKNOWN_QUESTION))
    if not part:
        return take(question, value)
    chosen = data.get(question_key)
    if chosen == OTHER or (isinstance(chosen, list) and OTHER in chosen):
        return take_other(question, value)
    return refused(refusal(question, Reason.NOT_CHOSEN, OTHER))


_READERS: dict[QuestionType, Callable[[Question, Fields], Reading]] = {
    QuestionType.NOTE: _read_note,
    QuestionType.SHORT_TEXT: _read_text,
    QuestionType.LONG_TEXT: _read_text,
    QuestionType.INTEGER: _read_number,
    QuestionType.DECIMAL: _read_number,
    QuestionType.DATE: _read_date,
    QuestionType.SINGLE: _read_choice,
    QuestionType.MULTIPLE: _read_choices,
    QuestionType.SCALE: _read_choice,
    QuestionType.MATRIX: _read_matrix,
    QuestionType.RANKING: _read_ranking,
    QuestionType.PLACE: _read_choice,
    QuestionType.PEOPLE: _read_people,
    QuestionType.RECOMMENDATION: _read_recommendation,
}
