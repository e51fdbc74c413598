"""The whole questionnaire in one language, to be read by whoever has to approve it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.consultations import texts, versions
from consult.consultations.models import Consultation
from consult.consultations.texts import ContentTexts, Text
from consult.questionnaires import conditions
from consult.questionnaires.conditions import Condition
from consult.questionnaires.structure import Definition, Question, Section


@dataclass(frozen=True)
class Item:
    """One question with all its texts; `after` names the questions that decide whether it is."""

    title: Text
    hint: Text
    why: Text
    rows: Sequence[Text]
    choices: Sequence[Text]
    required: bool
    after: Sequence[Text]


@dataclass(frozen=True)
class Part:
    """One section."""

    title: Text
    intro: Text
    after: Sequence[Text]
    items: Sequence[Item]


@dataclass(frozen=True)
class Outline:
    """The newest version of a questionnaire, published or not."""

    number: int
    locales: Sequence[str]
    texts: ContentTexts
    parts: Sequence[Part]


def read(session: Session, consultation: Consultation, locale: str) -> Outline:
    """Give the newest questionnaire in a language; raises `versions.NoVersion`."""
    version = versions.newest(session, consultation)
    words = texts.load(session, consultation, version, locale)
    definition = versions.definition(version)
    parts = [_part(definition, section, words) for section in definition.sections]
    return Outline(version.number, version.locales, words, parts)


def _part(definition: Definition, section: Section, words: ContentTexts) -> Part:
    return Part(
        title=words.get(f"s:{section.uuid}.title"),
        intro=words.get(f"s:{section.uuid}.intro"),
        after=_after(definition, section.relevance, words),
        items=[_item(definition, question, words) for question in section.questions],
    )


def _item(definition: Definition, question: Question, words: ContentTexts) -> Item:
    return Item(
        title=words.get(f"q:{question.uuid}.title"),
        hint=words.get(f"q:{question.uuid}.hint"),
        why=words.get(f"q:{question.uuid}.why"),
        rows=[words.get(f"r:{row.uuid}.title") for row in question.rows],
        choices=[words.get(f"o:{choice.uuid}.title") for choice in question.choices],
        required=question.required,
        after=_after(definition, question.relevance, words),
    )


def _after(
    definition: Definition, condition: Condition | None, words: ContentTexts
) -> Sequence[Text]:
    if condition is None:
        return []
    keys = {leaf.question for leaf in conditions.leaves(condition)}
    return [words.get(f"q:{q.uuid}.title") for q in definition.questions() if q.key in keys]
