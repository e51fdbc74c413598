"""The page for authors is true: its example is a file, with a question of each type."""

import re
from pathlib import Path

from consult.authoring import yaml_text
from consult.questionnaires import keys, profile
from consult.questionnaires.definition import parse
from consult.questionnaires.structure import QuestionType

PAGE = (Path(__file__).parents[2] / "docs" / "questionnaire.md").read_text("utf-8")
EXAMPLE = "".join(re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))


def test_the_example_is_a_questionnaire_with_a_question_of_each_type():
    document = yaml_text.read(EXAMPLE.encode())
    parsed = parse(document, document["languages"], source=document["source_language"])
    assert {question.type for question in parsed.definition.questions()} == set(QuestionType)


def test_it_lists_the_profile_as_it_is():
    for facet, choices in profile.FACETS.items():
        assert re.search(rf"^\|.*`{facet}`.*\|", PAGE, re.MULTILINE)
        assert " ".join(f"`{choice}`" for choice in choices) in PAGE


def test_it_lists_every_key_that_is_not_free():
    assert all(f"`{key}`" in PAGE for key in keys.RESERVED | keys.RESERVED_PARTS)
