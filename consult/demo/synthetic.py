"""Made-up submissions, the same for the same seed: for the demonstration and for tests.

Codes are drawn first, from weights that differ by group; the truths of `planted` are put into
them; and every line is told from them. So every way of counting the lines must agree.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias, TypedDict

import numpy as np
from numpy.random import Generator, default_rng

from consult.demo import leanings
from consult.demo.codes import Columns, draw, keys_of
from consult.demo.planted import PLANTED, Planted
from consult.demo.planting import plant
from consult.demo.voices import VOICES, Voice
from consult.demo.wording import TOPICS, Samples, Writer, samples
from consult.questionnaires.definition import Definition, Question, QuestionType, Texts
from consult.questionnaires.places import country
from consult.questionnaires.relevance import is_asked
from consult.questionnaires.structure import OTHER, PEOPLE_CELLS

__all__ = ["PLANTED", "Made", "Planted", "Samples", "lines", "samples"]

NO_ORGANISATION = "none"
WEB = "web"


class Made(TypedDict):
    """One made-up submission.

    `line` is as a line of an import, but its channel may be `web`; `lane` is `none` for every
    other channel; a `withdrawn` one is to be withdrawn once it is in.
    """

    line: dict[str, Any]
    lane: str
    withdrawn: bool


def lines(
    definition: Definition,
    texts: Texts,
    *,
    submissions: int,
    seed: int,
    opened_on: date,
    today: date,
    sample_texts: Samples,
) -> Iterator[Made]:
    """Make so many living submissions, and a withdrawn one on top of them unless there is none.

    The first ones are the `VOICES` that the written briefing quotes. `texts` tells in which
    languages the questionnaire can be answered. No day is before `opened_on` or after `today`.
    """
    if submissions < 0:
        raise ValueError(f"{submissions} submissions cannot be made")
    if not submissions:
        return
    rng = default_rng(seed)
    voices = submissions + 1
    channels = _some_of(leanings.CHANNELS, voices, rng)
    on_web = np.array([channel == WEB for channel in channels])
    # The withdrawn voice is drawn with the others, but truths are counted among the living.
    columns = draw(definition, voices, rng, on_web=on_web, reserved=PLANTED.reserved)
    living = _living(columns, submissions)
    plant(definition, living, PLANTED, rng)
    teller = _Teller(
        definition=definition,
        columns=columns,
        languages=_languages(texts, sample_texts),
        channels=channels,
        days=_days(opened_on, today, voices, rng),
        today=today,
        writer=Writer(sample_texts, random.Random(seed)),  # noqa: S311 - made-up voices, no secret
    )
    for row in range(submissions):
        yield teller.tell(row, VOICES[row] if row < len(VOICES) else None)
    yield teller.tell_withdrawn(submissions)


def _living(columns: Columns, submissions: int) -> Columns:
    """Give a view of all rows but the last; what is changed in it changes the columns."""
    return Columns(
        voices=submissions,
        codes={key: codes[:submissions] for key, codes in columns.codes.items()},
        numbers={key: numbers[:submissions] for key, numbers in columns.numbers.items()},
        answered={key: flags[:submissions] for key, flags in columns.answered.items()},
        ranked={key: lengths[:submissions] for key, lengths in columns.ranked.items()},
    )


def _languages(texts: Texts, sample_texts: Samples) -> tuple[str, ...]:
    """Give the languages that every text is there in and that we have sentences in."""
    found = tuple(
        language for language in sample_texts if all(language in text for text in texts.values())
    )
    if not found:
        raise ValueError("there are no sample sentences in a language of the questionnaire")
    return found


def _some_of(weights: Mapping[str, float], number: int, rng: Generator) -> list[str]:
    shares = np.array(list(weights.values()))
    drawn = rng.choice(len(shares), size=number, p=shares / shares.sum())
    names = list(weights)
    return [names[code] for code in drawn]


def _days(opened_on: date, today: date, number: int, rng: Generator) -> list[date]:
    """Many come soon after the opening, fewer later."""
    span = max(0, (today - opened_on).days)
    after = np.floor(rng.beta(1.2, 1.7, number) * (span + 1)).astype(np.int64)
    first = min(opened_on, today)
    return [first + timedelta(days=int(days)) for days in np.minimum(after, span)]


Answers: TypeAlias = dict[str, Any]
Say: TypeAlias = Callable[["_Teller", Question, int, Answers, str], Any]


@dataclass
class _Teller:
    """Tells lines from codes."""

    definition: Definition
    columns: Columns
    languages: Sequence[str]
    channels: Sequence[str]
    days: Sequence[date]
    today: date
    writer: Writer

    def tell(self, row: int, voice: Voice | None) -> Made:
        """Give the submission of a row; a quoted voice says her own words."""
        if voice and voice.language not in self.languages:
            voice = None
        language = voice.language if voice else self._language(row)
        answers = self.answers(row, language)
        use = self._use(answers)
        organisation = self.writer.organisation(language)
        if voice:
            self._quote(answers, voice)
            use, organisation = voice.use, voice.organisation or organisation
        line: dict[str, Any] = {
            "language": language,
            "channel": self.channels[row],
            "received_on": self.days[row].isoformat(),
            "consent": {"use": use},
            "answers": answers,
        }
        if use == "quote_attributed":
            line["organisation"] = {"name": organisation}
        return {"line": line, "lane": self._lane(row), "withdrawn": False}

    def tell_withdrawn(self, row: int) -> Made:
        """Give the submission that is withdrawn: from where nobody else speaks."""
        made = self.tell(row, None)
        answers = made["line"]["answers"]
        place = self.definition.question("place")
        if place is not None and PLANTED.empty_place in keys_of(place):
            answers["place"] = PLANTED.empty_place
        for question in self.definition.questions():
            if question.type is QuestionType.LONG_TEXT:
                answers[question.key] = PLANTED.withdrawn_words
        return {**made, "withdrawn": True}

    def answers(self, row: int, language: str) -> Answers:
        """Give the answers of a row to the questions that are asked of it."""
        found: Answers = {}
        for section in self.definition.sections:
            if not is_asked(section.relevance, found):
                continue
            for question in section.questions:
                if self._says(question, row) and is_asked(question.relevance, found):
                    value = _SAYS[question.type](self, question, row, found, language)
                    if value not in ("", [], {}):
                        found[question.key] = value
                    self._beside_other(question, value, found, language)
        return found

    def _says(self, question: Question, row: int) -> bool:
        answered = self.columns.answered.get(question.key)
        return answered is not None and bool(answered[row])

    def _beside_other(self, question: Question, value: Any, found: Answers, language: str) -> None:
        # Beside a single choice, as of the kind of organisation, these words would say nothing.
        if question.takes_other and isinstance(value, list) and OTHER in value:
            found[f"{question.key}.{OTHER}"] = self.writer.other(language)

    def _quote(self, answers: Answers, voice: Voice) -> None:
        for key, words in voice.words.items():
            question = self.definition.question(key)
            if question is None:
                continue
            if question.type is QuestionType.RECOMMENDATION:
                answers[key] = {"text": words, "addressee": voice.addressee}
            else:
                answers[key] = words

    def _language(self, row: int) -> str:
        place = self.definition.question("place")
        code = "AF"
        if place is not None and "place" in self.columns.codes:
            code = keys_of(place)[int(self.columns.codes["place"][row])]
        weights = leanings.LANGUAGES[country(code)]
        if code in leanings.PASHTO_PLACES:
            weights = leanings.PASHTO_LANGUAGES
        shares = [weights.get(language, 0.0) for language in self.languages]
        if not any(shares):
            return self.languages[0]
        return self.writer.rng.choices(self.languages, shares)[0]

    def _use(self, answers: Answers) -> str:
        """Draw a consent; only an organisation can be quoted with its name."""
        uses = dict(leanings.USES)
        if answers.get("organisation_kind", NO_ORGANISATION) == NO_ORGANISATION:
            del uses["quote_attributed"]
        return self.writer.rng.choices(list(uses), list(uses.values()))[0]

    def _lane(self, row: int) -> str:
        if self.channels[row] != WEB:
            return "none"
        return "burst" if self.writer.rng.random() < leanings.BURST_SHARE else "open"


def _one(teller: _Teller, question: Question, row: int, _found: Answers, _language: str) -> str:
    return keys_of(question)[int(teller.columns.codes[question.key][row])]


def _several(
    teller: _Teller, question: Question, row: int, _found: Answers, _language: str
) -> list[str]:
    ticks = teller.columns.codes[question.key][row]
    return [key for key, tick in zip(question.choice_keys, ticks, strict=True) if tick]


def _ranking(
    teller: _Teller, question: Question, row: int, _found: Answers, _language: str
) -> list[str]:
    order = teller.columns.codes[question.key][row]
    length = int(teller.columns.ranked[question.key][row])
    return [question.choice_keys[int(code)] for code in order[:length]]


def _matrix(
    teller: _Teller, question: Question, row: int, _found: Answers, _language: str
) -> dict[str, str]:
    codes = teller.columns.codes[question.key][row]
    return {
        key: question.choice_keys[int(code)]
        for key, code in zip(question.row_keys, codes, strict=True)
        if teller.writer.rng.random() >= leanings.MISSING / 3
    }


def _number(
    teller: _Teller, question: Question, row: int, _found: Answers, _language: str
) -> float:
    number = float(teller.columns.numbers[question.key][row])
    return int(number) if question.type is QuestionType.INTEGER else number


def _date(teller: _Teller, question: Question, row: int, _found: Answers, _language: str) -> str:
    day = teller.today - timedelta(days=int(teller.columns.codes[question.key][row]))
    first, last = question.lowest, question.highest
    if isinstance(first, date) and isinstance(last, date):
        day = min(max(day, first), last)
    return day.isoformat()


def _people(
    teller: _Teller, question: Question, row: int, _found: Answers, _language: str
) -> dict[str, int]:
    numbers = teller.columns.codes[question.key][row]
    return {cell: int(number) for cell, number in zip(PEOPLE_CELLS, numbers, strict=True) if number}


def _short(teller: _Teller, question: Question, _row: int, _found: Answers, language: str) -> str:
    topics = ("participation", "protection", "local")
    return teller.writer.text(language, topics, longest=question.longest, sentences=1)


def _long(teller: _Teller, question: Question, _row: int, found: Answers, language: str) -> str:
    sentences = teller.writer.rng.randint(2, 5)
    topics = _topics(found)
    return teller.writer.text(language, topics, longest=question.longest, sentences=sentences)


def _advice(
    teller: _Teller, question: Question, row: int, found: Answers, language: str
) -> dict[str, str]:
    sentences = teller.writer.rng.randint(2, 3)
    topics = ("participation", "local", *_topics(found))
    text = teller.writer.text(language, topics, longest=question.longest, sentences=sentences)
    return {"text": text, "addressee": _one(teller, question, row, found, language)}


def _topics(found: Answers) -> list[str]:
    """Give what somebody with these answers writes about."""
    chosen = (key for value in found.values() if isinstance(value, list) for key in value)
    return [TOPICS[key] for key in chosen if key in TOPICS] or ["local", "participation"]


_SAYS: Mapping[QuestionType, Say] = {
    QuestionType.SHORT_TEXT: _short,
    QuestionType.LONG_TEXT: _long,
    QuestionType.INTEGER: _number,
    QuestionType.DECIMAL: _number,
    QuestionType.DATE: _date,
    QuestionType.SINGLE: _one,
    QuestionType.MULTIPLE: _several,
    QuestionType.SCALE: _one,
    QuestionType.MATRIX: _matrix,
    QuestionType.RANKING: _ranking,
    QuestionType.PLACE: _one,
    QuestionType.PEOPLE: _people,
    QuestionType.RECOMMENDATION: _advice,
}
