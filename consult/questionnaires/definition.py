"""A questionnaire as an author writes it, and back: `parse` and `to_document`.

The document is the whole file as plain data; only its `sections` and, where a place question names
no countries, its `places` are read here. Every problem is told at once. `docs/questionnaire.md`
shows the format.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from consult.questionnaires import drafts, places
from consult.questionnaires.conditions import AllOf, AnyOf, AtLeast, Condition, Is, Not
from consult.questionnaires.drafts import Notes
from consult.questionnaires.plain_text import is_blank, is_forbidden, tidy
from consult.questionnaires.problems import Problem, Wrong, quoted
from consult.questionnaires.structure import (
    Choice,
    Definition,
    Question,
    QuestionType,
    Row,
    Section,
    from_json,
    question_data,
    section_data,
    to_json,
)
from consult.questionnaires.units import Unit, question_place, section_place, units

__all__ = [
    "Choice",
    "Condition",
    "Definition",
    "Parsed",
    "Problem",
    "Question",
    "QuestionType",
    "Row",
    "Section",
    "Texts",
    "Unit",
    "Wrong",
    "from_json",
    "parse",
    "to_document",
    "to_json",
    "units",
]

MOST_SECTIONS = 60
MOST_QUESTIONS = 300
DEEPEST_CONDITION = 6
MOST_PARTS = 30

Texts = Mapping[str, Mapping[str, str]]

_SECTION_FIELDS = frozenset({"key", "uuid", "title", "intro", "relevance", "questions"})
_WITH_CHOICES = {QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.SCALE}
_WITH_AMOUNT = {QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.PEOPLE}


@dataclass(frozen=True)
class Parsed:
    """A questionnaire and its texts: unit key, then language id."""

    definition: Definition
    texts: dict[str, dict[str, str]]


def parse(
    document: object,
    locales: Sequence[str],
    *,
    source: str | None = None,
    known: Callable[[str], str | None] = str,
) -> Parsed:
    """Give the questionnaire of a file, or raise `Wrong` with every problem in it.

    Required texts must be there in each of `locales`, others at least in `source`, which is
    the first of them unless it is named. `known` turns a language's name in the file into its
    id (`locales.known`). Whatever has no uuid gets one that follows from its keys, so a file
    loaded twice gives the same.
    """
    top = document if isinstance(document, Mapping) else {}
    given = top.get("places")
    notes = Notes(tuple(given) if isinstance(given, list) else ())
    sections = _sections(top, notes)
    definition = Definition(tuple(sections))
    reader = _TextReader(tuple(locales), source or locales[0], known, notes)
    texts = {unit.key: reader.read(unit, notes.given.get(unit.key)) for unit in units(definition)}
    if notes.problems:
        raise Wrong(tuple(notes.problems))
    return Parsed(definition, {key: found for key, found in texts.items() if found})


def to_document(definition: Definition, texts: Texts) -> list[dict[str, Any]]:
    """Give the `sections` of a file; `parse` makes the same questionnaire and texts of it."""
    return [_section_document(section, texts) for section in definition.sections]


def _sections(top: Mapping[Any, Any], notes: Notes) -> list[Section]:
    given = notes.items(top, "sections", "questionnaire")
    order = _Order(given)
    made: list[Section] = []
    for at, data in enumerate(given, start=1):
        fields = notes.mapping(data, section_place("", at))
        made.append(_section(fields, at, notes, order))
    for kind, found, most in (
        ("sections", len(made), MOST_SECTIONS),
        ("questions", len(order.made), MOST_QUESTIONS),
    ):
        if found > most:
            notes.wrong("questionnaire", f"has {found} {kind}; at most {most} are taken")
    return made


class _Order:
    """Which questions come before a section, so that conditions look only back."""

    def __init__(self, given: Sequence[object]) -> None:
        self.section_keys: set[str] = set()
        self.made: dict[str, Question] = {}
        self.before: dict[str, Question] = {}
        self._all = {key for data in given for key in _question_keys(data)}

    def begin_section(self) -> None:
        self.before = dict(self.made)

    def earlier(self, key: str, place: str, notes: Notes) -> Question | None:
        """Give the question that a condition names, if it may."""
        if key in self.before:
            return self.before[key]
        if key in self.made:
            reason = "is in the same section; a condition looks at earlier sections"
        else:
            reason = "comes later" if key in self._all else "is not there"
        notes.wrong(place, f"relevance: question {quoted(key)} {reason}")
        return None


def _question_keys(data: object) -> list[str]:
    questions = data.get("questions") if isinstance(data, Mapping) else None
    if not isinstance(questions, list):
        return []
    found = [item.get("key") for item in questions if isinstance(item, Mapping)]
    return [key for key in found if isinstance(key, str)]


def _section(fields: Mapping[Any, Any], number: int, notes: Notes, order: _Order) -> Section:
    key = notes.key(fields, section_place("", number))
    place = section_place(key, number)
    if key in order.section_keys:
        notes.wrong(place, f"key {key} stands twice")
    order.section_keys.add(key)
    order.begin_section()
    notes.know(fields, _SECTION_FIELDS, place)
    uuid = notes.uuid(fields, f"section {number}", "section", key)
    notes.texts(f"s:{uuid}", fields, "title", "intro")
    relevance = _relevance(fields, place, notes, order)
    questions: list[Question] = []
    for at, data in enumerate(notes.items(fields, "questions", place), start=1):
        inner = notes.mapping(data, question_place(place, "", at))
        questions.append(_question(inner, place, at, notes, order))
    return Section(key, uuid, tuple(questions), relevance)


def _question(
    fields: Mapping[Any, Any], section: str, number: int, notes: Notes, order: _Order
) -> Question:
    key = drafts.spelled(fields.get("key")) or ""
    place = question_place(section, key if key.isidentifier() else "", number)
    made = drafts.question(fields, place, notes)
    if made.key and made.key in order.made:
        notes.wrong(place, f"key {made.key} stands twice")
    made = replace(made, relevance=_relevance(fields, place, notes, order))
    order.made.setdefault(made.key, made)
    return made


def _relevance(
    fields: Mapping[Any, Any], place: str, notes: Notes, order: _Order
) -> Condition | None:
    if fields.get("relevance") is None:
        return None
    return _condition(fields["relevance"], place, notes, order, DEEPEST_CONDITION)


def _condition(
    data: object, place: str, notes: Notes, order: _Order, depth: int
) -> Condition | None:
    if depth == 0:
        notes.wrong(place, f"relevance: is nested more than {DEEPEST_CONDITION} deep")
        return None
    match data:
        case {"all": list(parts), **rest} if parts and not rest:
            found = _parts(parts, place, notes, order, depth)
            return None if found is None else AllOf(found)
        case {"any": list(parts), **rest} if parts and not rest:
            found = _parts(parts, place, notes, order, depth)
            return None if found is None else AnyOf(found)
        case {"not": part, **rest} if not rest:
            inner = _condition(part, place, notes, order, depth - 1)
            return None if inner is None else Not(inner)
        case {"question": str(key), "is": list(choices), **rest} if choices and not rest:
            return _is(key, choices, place, notes, order)
        case {"question": str(key), "at_least": number, **rest} if not rest:
            return _at_least(key, number, place, notes, order)
    notes.wrong(
        place,
        "relevance: must be {question, is: [choice, …]}, {question, at_least: number}, "
        "{all: […]}, {any: […]} or {not: …}",
    )
    return None


def _parts(
    parts: list[Any], place: str, notes: Notes, order: _Order, depth: int
) -> tuple[Condition, ...] | None:
    if len(parts) > MOST_PARTS:
        notes.wrong(place, f"relevance: has more than {MOST_PARTS} parts side by side")
        return None
    found = [_condition(part, place, notes, order, depth - 1) for part in parts]
    whole = tuple(part for part in found if part is not None)
    return whole if len(whole) == len(parts) else None


def _is(key: str, given: list[Any], place: str, notes: Notes, order: _Order) -> Condition | None:
    question = order.earlier(key, place, notes)
    if question is None:
        return None
    if question.type is QuestionType.PLACE:
        codes = [place.code for place in places.of(question.countries)]
    elif question.type in _WITH_CHOICES:
        codes = list(question.choice_keys)
    else:
        notes.wrong(place, f"relevance: question {key} is of type {question.type} and has no is")
        return None
    choices = tuple(drafts.spelled(choice) or "" for choice in given)
    for choice, written in zip(choices, given, strict=True):
        if choice not in codes:
            notes.wrong(place, f"relevance: {quoted(written)} is no choice of question {key}")
    return Is(key, choices)


def _at_least(
    key: str, number: object, place: str, notes: Notes, order: _Order
) -> Condition | None:
    question = order.earlier(key, place, notes)
    if question is None:
        return None
    if question.type not in _WITH_AMOUNT:
        notes.wrong(
            place, f"relevance: question {key} is of type {question.type} and has no at_least"
        )
        return None
    if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) < 1e9:
        notes.wrong(place, "relevance: at_least must be a number of at most nine digits")
        return None
    return AtLeast(key, number)


@dataclass
class _TextReader:
    """Checks the text of each unit in each language."""

    locales: tuple[str, ...]
    source: str
    known: Callable[[str], str | None]
    notes: Notes

    def read(self, unit: Unit, given: object) -> dict[str, str]:
        name = unit.key.rpartition(".")[2]
        if given is None:
            if unit.required:
                self.notes.wrong(unit.place, f"{name} is missing")
            return {}
        if not isinstance(given, Mapping):
            self.notes.wrong(unit.place, f"{name} must hold a text in each language, such as en: …")
            return {}
        found: dict[str, str] = {}
        for language, text in given.items():
            locale = self.known(language) if isinstance(language, str) else None
            if locale not in self.locales or locale in found:
                reason = "is not one of the languages, or stands twice"
                self.notes.wrong(unit.place, f"{name}: {quoted(language)} {reason}")
            else:
                found[locale] = self._text(unit, f"{name} ({locale})", text)
        for locale in self.locales if unit.required else (self.source,):
            if locale not in found:
                self.notes.wrong(unit.place, f"{name} is missing in {locale}")
        return {locale: found[locale] for locale in self.locales if locale in found}

    def _text(self, unit: Unit, name: str, given: object) -> str:
        text = tidy(given).strip() if isinstance(given, str) else ""
        reason = None
        if not isinstance(given, str):
            reason = "must be a text"
        elif is_forbidden(text):
            reason = "holds a control character"
        elif is_blank(text):
            reason = "is empty"
        elif unit.kind == "plain" and "\n" in text:
            reason = "must be one line"
        elif len(text) > unit.max_len:
            reason = f"has {len(text)} characters; at most {unit.max_len} are taken"
        if reason is not None:
            self.notes.wrong(unit.place, f"{name} {reason}")
        return text


def _section_document(section: Section, texts: Texts) -> dict[str, Any]:
    data = section_data(section)
    _add_texts(data, f"s:{section.uuid}", texts, "title", "intro")
    questions = [_question_document(question, texts) for question in section.questions]
    # The texts were added last; the questions read better below them.
    del data["questions"]
    return data | {"questions": questions}


def _question_document(question: Question, texts: Texts) -> dict[str, Any]:
    rest = question_data(question)
    data = {name: rest.pop(name) for name in ("key", "uuid", "type")}
    _add_texts(data, f"q:{question.uuid}", texts, "title", "hint", "why")
    for row in rest.get("rows", ()):
        _add_texts(row, f"r:{row['uuid']}", texts, "title")
    for choice in rest.get("choices", ()):
        _add_texts(choice, f"o:{choice['uuid']}", texts, "title")
    return data | rest


def _add_texts(data: dict[str, Any], stem: str, texts: Texts, *names: str) -> None:
    data |= {name: dict(texts[f"{stem}.{name}"]) for name in names if texts.get(f"{stem}.{name}")}
