"""What a template needs to show a question, typed or answered; templates only loop over it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from consult.answering import wording
from consult.answering.state import Typed
from consult.consultations.texts import ContentTexts, Text
from consult.languages import formats
from consult.languages.calendars import CALENDARS
from consult.languages.locales import Language
from consult.languages.messages import _
from consult.questionnaires import places
from consult.questionnaires.answers import Refusal
from consult.questionnaires.structure import (
    OTHER,
    PEOPLE_CELLS,
    Question,
    QuestionType,
    Section,
)


@dataclass(frozen=True)
class Option:
    """Something to choose: what is sent, what is shown, whether it is chosen now."""

    value: str
    title: Text | str
    chosen: bool
    exclusive: bool = False


@dataclass(frozen=True)
class OptionGroup:
    """Options under a heading, such as the areas of a country."""

    title: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Control:
    """One control: its name, what was typed into it, and what it is called."""

    name: str
    title: Text | str
    typed: str = ""
    options: Sequence[Option] = ()
    wrong: bool = False

    @property
    def id(self) -> str:
        """Give the id of its element."""
        return element_id(self.name)


@dataclass(frozen=True)
class Problem:
    """One sentence of what is wrong, and the id of the control it speaks of."""

    text: str
    field_id: str


@dataclass(frozen=True)
class Asked:
    """One question as a page asks it."""

    question: Question
    title: Text
    hint: Text
    why: Text
    problems: Sequence[Problem]
    control: Control
    controls: Sequence[Control]
    groups: Sequence[OptionGroup]
    other: Control | None
    asks_sure: bool

    @property
    def kind(self) -> str:
        """Give the name of the macro that shows it."""
        return self.question.type.value

    @property
    def id(self) -> str:
        """Give the id of the element that holds it all."""
        return element_id(self.question.key)

    @property
    def rows_of_people(self) -> Sequence[Sequence[Control]]:
        """Give the cells of a people table, a row for each age band."""
        bands = len(PEOPLE_CELLS) // 3
        return [self.controls[band::bands] for band in range(bands)]


class Words(str):
    """What a person typed: its direction is its own, whatever the page's."""

    own_direction = True


@dataclass(frozen=True)
class Answer:
    """One answer as the check page shows it; several lines where it has several parts."""

    title: Text
    lines: Sequence[Text | str]


def element_id(name: str) -> str:
    """Give the id of the control with a name; names hold no dash, so two never meet."""
    return "f-" + name.replace(".", "-")


def asked(
    section: Section,
    texts: ContentTexts,
    typed: Typed,
    refusals: Sequence[Refusal],
    language: Language,
) -> list[Asked]:
    """Give the questions of a section with what was typed and what was refused."""
    return [
        _ask(q, texts, typed, [r for r in refusals if r.key == q.key], language)
        for q in section.questions
    ]


def problems(refusals: Sequence[Refusal], questions: Mapping[str, Question]) -> list[Problem]:
    """Give the sentences of refusals, in order, each said once of a control."""
    found: dict[Problem, None] = {}
    for refusal in refusals:
        question = questions.get(refusal.key)
        found[Problem(wording.of(refusal, question), _target(refusal, question))] = None
    return list(found)


def answered(
    section: Section,
    texts: ContentTexts,
    answers: Mapping[str, Any],
    language: Language,
) -> list[Answer]:
    """Give the questions of a section with the answers as they were understood."""
    return [
        Answer(
            texts.get(f"q:{q.uuid}.title"),
            lines_of(q, answers, texts, language),
        )
        for q in section.questions
        if q.type is not QuestionType.NOTE
    ]


def lines_of(
    question: Question, answers: Mapping[str, Any], texts: ContentTexts, language: Language
) -> list[Text | str]:
    """Give the lines in which an answer is read back; none where there is no answer."""
    value = answers.get(question.key)
    if value is None:
        return []
    titles = {choice.key: texts.get(f"o:{choice.uuid}.title") for choice in question.choices}
    match question.type:
        case QuestionType.SINGLE | QuestionType.SCALE:
            lines: list[Text | str] = [titles[value]]
        case QuestionType.MULTIPLE:
            lines = [titles[key] for key in value]
        case QuestionType.RANKING:
            lines = [_numbered(n, titles[key], language) for n, key in enumerate(value, 1)]
        case QuestionType.MATRIX:
            lines = [
                _pair(texts.get(f"r:{row.uuid}.title"), titles[value[row.key]])
                for row in question.rows
                if row.key in value
            ]
        case QuestionType.PLACE:
            lines = [places.PLACES[value].name(language.id)]
        case QuestionType.PEOPLE:
            lines = [
                _pair(cell_title(cell), formats.number(count, language))
                for cell, count in value.items()
                if count
            ]
        case QuestionType.RECOMMENDATION:
            lines = [Words(value["text"]), titles[value["addressee"]]]
        case QuestionType.DATE:
            lines = [formats.date(date.fromisoformat(value), language)]
        case QuestionType.INTEGER | QuestionType.DECIMAL:
            lines = [formats.number(value, language)]
        case _:
            lines = [Words(value)]
    other = answers.get(f"{question.key}.{OTHER}")
    return [*lines, Words(other)] if other else lines


def cell_title(cell: str) -> str:
    """Give the name of a cell of a people table: sex and age band."""
    sex, _bar, band = cell.partition("_")
    return _("%(sex)s, %(age)s", sex=sex_title(sex), age=band_title(band))


def sex_title(sex: str) -> str:
    """Give the name of a column of a people table."""
    return {"women": _("Women"), "men": _("Men"), "another": _("Another")}[sex]


def band_title(band: str) -> str:
    """Give the name of an age band, in words: a dash would turn round beside Arabic script."""
    if band == "under_18":
        return _("under %(high)s years", high=18)
    if band == "60_plus":
        return _("%(low)s years and over", low=60)
    low, high = map(int, band.split("_"))
    return _("%(low)s to %(high)s years", low=low, high=high)


def _numbered(number: int, title: Text, language: Language) -> Text:
    return Text(f"{formats.number(number, language)}. {title.text}", title.locale)


def _pair(first: Text | str, second: Text | str) -> str:
    return _("%(name)s: %(value)s", name=str(first).rstrip("."), value=str(second))


def _ask(
    question: Question,
    texts: ContentTexts,
    typed: Typed,
    refusals: Sequence[Refusal],
    language: Language,
) -> Asked:
    wrong = {refusal.field for refusal in refusals}
    key = question.key
    title = texts.get(f"q:{question.uuid}.title")
    other = None
    if question.takes_other:
        other = _control(f"{key}.{OTHER}", _("Please say which"), typed, wrong)
    return Asked(
        question=question,
        title=title,
        hint=texts.get(f"q:{question.uuid}.hint"),
        why=texts.get(f"q:{question.uuid}.why"),
        problems=problems(refusals, {key: question}),
        control=Control(
            key, title, _first(typed, key), _options(question, texts, typed, key), key in wrong
        ),
        controls=_controls(question, texts, typed, wrong, language),
        groups=_groups(question, typed, language),
        other=other,
        asks_sure=any(r.reason.value == "implausible" for r in refusals),
    )


def _controls(
    question: Question, texts: ContentTexts, typed: Typed, wrong: set[str], language: Language
) -> list[Control]:
    key = question.key
    match question.type:
        case QuestionType.MATRIX:
            return [
                Control(
                    f"{key}.{row.key}",
                    texts.get(f"r:{row.uuid}.title"),
                    options=_options(question, texts, typed, f"{key}.{row.key}"),
                    wrong=f"{key}.{row.key}" in wrong,
                )
                for row in question.rows
            ]
        case QuestionType.RANKING:
            return [
                _control(f"{key}.{c.key}", texts.get(f"o:{c.uuid}.title"), typed, wrong)
                for c in question.choices
            ]
        case QuestionType.PEOPLE:
            return [
                _control(f"{key}.{cell}", cell_title(cell), typed, wrong) for cell in PEOPLE_CELLS
            ]
        case QuestionType.DATE:
            return _date_controls(question, typed, wrong, language)
        case QuestionType.RECOMMENDATION:
            addressee = f"{key}.addressee"
            return [
                _control(f"{key}.text", _("What should be done"), typed, wrong),
                Control(
                    addressee,
                    _("Who should do it"),
                    _first(typed, addressee),
                    _options(question, texts, typed, addressee),
                    addressee in wrong,
                ),
            ]
        case _:
            return []


def _date_controls(
    question: Question, typed: Typed, wrong: set[str], language: Language
) -> list[Control]:
    key = question.key
    month, calendar = f"{key}.month", f"{key}.calendar"
    chosen = _first(typed, calendar) or language.calendar
    return [
        _control(f"{key}.day", _("Day"), typed, wrong),
        Control(month, _("Month"), _first(typed, month), _months(_first(typed, month), language)),
        _control(f"{key}.year", _("Year"), typed, wrong),
        Control(
            calendar,
            _("Calendar"),
            options=[Option(value, calendar_title(value), value == chosen) for value in CALENDARS],
        ),
    ]


def calendar_title(calendar: str) -> str:
    """Give the name of a calendar."""
    return _("Solar Hijri") if calendar == "solar_hijri" else _("Gregorian")


def _months(chosen: str, language: Language) -> list[Option]:
    """Give the months with the names of both calendars: without script nobody knows which."""
    solar = formats.months(language, "solar_hijri")
    gregorian = formats.months(language, "gregorian")
    return [
        Option(
            str(number),
            _("%(number)s: %(name)s or %(other)s", number=number, name=name, other=other),
            chosen == str(number),
        )
        for (number, name), (_same, other) in zip(gregorian, solar, strict=True)
    ]


def _groups(question: Question, typed: Typed, language: Language) -> list[OptionGroup]:
    if question.type is not QuestionType.PLACE:
        return []
    chosen = _first(typed, question.key)
    by_name = formats.sort_key(language)
    groups = []
    for country in question.countries or places.COUNTRIES:
        own = [place for place in places.of([country]) if not place.is_country]
        own.sort(key=lambda place: by_name(place.name(language.id)))
        whole = places.PLACES[country].name(language.id)
        options = [
            Option(place.code, place.name(language.id), place.code == chosen) for place in own
        ]
        anywhere = Option(
            country, _("%(country)s, no province named", country=whole), country == chosen
        )
        groups.append(OptionGroup(whole, [*options, anywhere]))
    return groups


def _options(question: Question, texts: ContentTexts, typed: Typed, name: str) -> list[Option]:
    chosen = typed.get(name, [])
    return [
        Option(c.key, texts.get(f"o:{c.uuid}.title"), c.key in chosen, c.exclusive)
        for c in question.choices
    ]


def _control(name: str, title: Text | str, typed: Typed, wrong: set[str]) -> Control:
    return Control(name, title, _first(typed, name), wrong=name in wrong)


def _first(typed: Typed, name: str) -> str:
    return (typed.get(name) or [""])[0]


def _target(refusal: Refusal, question: Question | None) -> str:
    """Give the id of the first control that a refusal speaks of."""
    if question is None or refusal.field != question.key:
        return element_id(refusal.field)
    first = {
        QuestionType.MATRIX: [f"{question.key}.{key}" for key in question.row_keys],
        QuestionType.RANKING: [f"{question.key}.{key}" for key in question.choice_keys],
        QuestionType.PEOPLE: [f"{question.key}.{cell}" for cell in PEOPLE_CELLS],
        QuestionType.DATE: [f"{question.key}.day"],
        QuestionType.RECOMMENDATION: [f"{question.key}.text"],
    }.get(question.type, [question.key])
    return element_id(first[0])
