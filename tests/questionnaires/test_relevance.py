"""What is asked after which answers, and which answers stand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.questionnaires.conditions import (
    AllOf,
    AnyOf,
    AtLeast,
    Is,
    Not,
    from_data,
    to_data,
)
from consult.questionnaires.relevance import (
    asked,
    is_asked,
    kept,
    missing,
    named,
    relevant_sections,
    rests_on,
)
from consult.questionnaires.structure import QuestionType
from tests.questionnaires.strategies import (
    EVERY_TYPE,
    a_definition,
    a_question,
    conditions,
    definitions,
    rubbish,
    values,
)

SEX = a_question(QuestionType.SINGLE, "sex")
WELLS = a_question(QuestionType.INTEGER, "wells", relevance=Is("sex", ("water",)))
WORDS = a_question(QuestionType.LONG_TEXT, "words", relevance=AtLeast("wells", 3))
answer_sets = st.fixed_dictionaries({}, optional={q.key: values(q) for q in EVERY_TYPE})


HOLDS = [
    (Is("q", ("water", "roads")), "roads", True),
    (Is("q", ("water",)), "roads", False),
    (Is("q", ("water",)), ["roads", "water"], True),
    (Is("q", ("water",)), ["roads"], False),
    (Is("q", ("water",)), None, False),
    (Is("q", ("AF",)), "AF-KAB", True),
    (Is("q", ("AF-KAB",)), "AF-KAB-01", True),
    (Is("q", ("AF-KAB",)), "AF", False),
    (Is("q", ("AF-KA",)), "AF-KAB", False),
    (AtLeast("q", 3), 3, True),
    (AtLeast("q", 3), 2.5, False),
    (AtLeast("q", 0), None, False),
    (AtLeast("q", 10), {"women_18_29": 6, "men_18_29": 4}, True),
    (AtLeast("q", 11), {"women_18_29": 6, "men_18_29": 4}, False),
    (AtLeast("q", 1), {"women_18_29": "x"}, False),
    (Not(AtLeast("q", 3)), None, True),
    (AllOf((AtLeast("q", 1), Not(AtLeast("q", 5)))), 4, True),
    (AllOf((AtLeast("q", 1), Not(AtLeast("q", 5)))), 5, False),
    (AnyOf((Is("q", ("water",)), Is("p", ("water",)))), "water", True),
]


@pytest.mark.parametrize(("condition", "value", "holds"), HOLDS)
def test_a_condition_holds_or_not(condition, value, holds):
    assert is_asked(condition, {} if value is None else {"q": value}) is holds


def test_without_a_condition_it_is_asked():
    assert is_asked(None, {})


def test_a_section_with_nothing_to_ask_is_left_out():
    definition = a_definition([SEX], [WELLS], [WORDS])
    assert [s.key for s in relevant_sections(definition, {})] == ["a"]
    assert [s.key for s in relevant_sections(definition, {"sex": "water"})] == ["a", "b"]


def test_a_sections_own_condition_decides_for_all_its_questions():
    definition = a_definition(
        [SEX], [a_question(QuestionType.INTEGER, "n")], relevance=Is("sex", ("water",))
    )
    assert [q.key for q in asked(definition, {"sex": "roads", "n": 1})] == ["sex"]
    assert kept(definition, {"sex": "roads", "n": 1}) == {"sex": "roads"}


def test_an_answer_that_is_not_asked_counts_for_nothing_further_on():
    definition = a_definition([SEX], [WELLS], [WORDS])
    answers = {"sex": "water", "wells": 5, "words": "Deep"}
    assert kept(definition, answers) == answers
    assert kept(definition, answers | {"sex": "roads"}) == {"sex": "roads"}


def test_the_text_beside_other_stands_while_other_is_chosen():
    definition = a_definition([SEX])
    assert kept(definition, {"sex": "other", "sex.other": "x"}) == {
        "sex": "other",
        "sex.other": "x",
    }
    assert kept(definition, {"sex": "water", "sex.other": "x"}) == {"sex": "water"}
    assert kept(definition, {"sex.other": "x"}) == {}


def test_only_questions_that_are_asked_can_be_missing():
    wells = a_question(
        QuestionType.INTEGER, "wells", required=True, relevance=Is("sex", ("water",))
    )
    definition = a_definition([SEX], [wells])
    assert missing(definition, {"sex": "roads"}) == []
    assert missing(definition, {"sex": "water"}) == [wells]
    assert missing(definition, {"sex": "water", "wells": 0}) == []


def test_what_a_condition_names():
    condition = AllOf((Is("a", ("x", "y")), Not(AnyOf((Is("b", ("z",)), AtLeast("c", 1))))))
    assert named(condition) == {("a", "x"), ("a", "y"), ("b", "z")}
    assert rests_on(condition) == {"a", "b", "c"}


@given(conditions())
def test_a_condition_survives_in_a_file(condition):
    assert from_data(json.loads(json.dumps(to_data(condition)))) == condition


@given(conditions(), answer_sets)
def test_not_turns_a_condition_round(condition, answers):
    assert is_asked(Not(condition), answers) is not is_asked(condition, answers)


@given(definitions(), answer_sets)
def test_what_is_kept_changes_nothing_of_what_is_asked_and_is_kept_again(definition, answers):
    standing = kept(definition, answers)
    assert asked(definition, standing) == asked(definition, answers)
    assert kept(definition, standing) == standing
    assert standing.items() <= answers.items()
    assert {key.split(".")[0] for key in standing} <= {q.key for q in asked(definition, answers)}


@given(definitions(), st.dictionaries(st.sampled_from([q.key for q in EVERY_TYPE]), rubbish()))
def test_answers_that_nobody_checked_break_nothing(definition, answers):
    assert kept(definition, answers).keys() <= answers.keys()
