"""What is asked of somebody who gave these answers, and which of her answers stand.

A condition names only questions of earlier sections. An answer to a question that is not asked
counts for nothing, also in later conditions.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from consult.questionnaires.conditions import Condition, Is, holds, leaves
from consult.questionnaires.structure import OTHER, Definition, Question, QuestionType, Section


def is_asked(condition: Condition | None, answers: Mapping[str, Any]) -> bool:
    """Say whether what stands under this condition is asked; without one it always is.

    `answers` must hold answers to asked questions only, as `kept` gives them.
    """
    return condition is None or holds(condition, answers)


def relevant_sections(definition: Definition, answers: Mapping[str, Any]) -> list[Section]:
    """Give the sections with the questions that are asked; a section without any is left out."""
    return _walk(definition, answers)[0]


def asked(definition: Definition, answers: Mapping[str, Any]) -> list[Question]:
    """Give the questions that are asked, in order, notes too."""
    sections = relevant_sections(definition, answers)
    return [question for section in sections for question in section.questions]


def kept(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Give the answers that stand: those to questions that are asked, in the questions' order.

    The text beside `other` stands only while `other` is chosen. Unknown keys are dropped.
    """
    return _walk(definition, answers)[1]


def missing(definition: Definition, answers: Mapping[str, Any]) -> list[Question]:
    """Give the required questions that are asked and have no answer."""
    sections, standing = _walk(definition, answers)
    return [
        question
        for section in sections
        for question in section.questions
        if question.required and question.key not in standing
    ]


def named(condition: Condition) -> frozenset[tuple[str, str]]:
    """Give the (question, choice) pairs that a condition names, for hiding small numbers."""
    return frozenset(
        (leaf.question, choice)
        for leaf in leaves(condition)
        if isinstance(leaf, Is)
        for choice in leaf.choices
    )


def rests_on(condition: Condition) -> frozenset[str]:
    """Give the keys of the questions that a condition looks at."""
    return frozenset(leaf.question for leaf in leaves(condition))


def _walk(
    definition: Definition, answers: Mapping[str, Any]
) -> tuple[list[Section], dict[str, Any]]:
    sections: list[Section] = []
    standing: dict[str, Any] = {}
    for section in definition.sections:
        if not is_asked(section.relevance, standing):
            continue
        questions = tuple(q for q in section.questions if is_asked(q.relevance, standing))
        if questions:
            sections.append(replace(section, questions=questions))
        for question in questions:
            standing |= _standing(question, answers)
    return sections, standing


def _standing(question: Question, answers: Mapping[str, Any]) -> dict[str, Any]:
    value = answers.get(question.key)
    if value is None or question.type is QuestionType.NOTE:
        return {}
    text = answers.get(f"{question.key}.{OTHER}")
    chosen = value == OTHER or (isinstance(value, list) and OTHER in value)
    if text is None or not (question.takes_other and chosen):
        return {question.key: value}
    return {question.key: value, f"{question.key}.{OTHER}": text}
