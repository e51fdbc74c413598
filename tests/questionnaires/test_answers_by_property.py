"""The laws that reading and judging keep for every type of question."""

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from consult.languages.locales import LANGUAGES
from consult.questionnaires.answers import check, field_names, fields_of, read, take, take_line
from consult.questionnaires.reasons import Refusal
from consult.questionnaires.structure import QuestionType
from tests.questionnaires.strategies import (
    EVERY_TYPE,
    a_definition,
    a_question,
    any_fields,
    questions,
    rubbish,
    values,
)

answered = questions().flatmap(lambda q: st.tuples(st.just(q), values(q)))
LOCAL_DIGITS = [language.digits for language in LANGUAGES.values()] + ["٠١٢٣٤٥٦٧٨٩"]


@given(answered, st.sampled_from(["gregorian", "solar_hijri"]))
def test_what_a_form_sends_for_a_value_is_read_as_that_value(question_and_value, calendar):
    question, value = question_and_value
    fields = fields_of(question, {question.key: value}, calendar)
    reading = read(question, fields | {f"{question.key}.sure": ["yes"]}, confirmed=value)
    assert (reading.value, reading.refusals) == (value, ())


@given(answered, st.sampled_from(LOCAL_DIGITS))
def test_numbers_in_any_script_are_read_alike(question_and_value, digits):
    question, value = question_and_value
    numeric = {
        QuestionType.INTEGER,
        QuestionType.DECIMAL,
        QuestionType.DATE,
        QuestionType.RANKING,
        QuestionType.PEOPLE,
    }
    if question.type not in numeric:
        return
    fields = fields_of(question, {question.key: value})
    local = {
        name: [text.translate(str.maketrans("0123456789", digits)) for text in sent]
        for name, sent in fields.items()
    }
    local |= {f"{question.key}.sure": ["yes"]}
    assert read(question, local, confirmed=value).value == value


@given(answered)
def test_a_good_value_passes_the_check_and_is_kept_as_it_is(question_and_value):
    question, value = question_and_value
    if question.type is not QuestionType.NOTE:
        assert check(question, value) == ()
        assert take(question, value).value == value


@settings(max_examples=400)
@given(questions(), st.data())
def test_reading_never_fails_and_what_it_takes_passes_the_check(question, data):
    names = field_names(question) | {question.key, f"{question.key}.other"}
    fields = data.draw(any_fields(names))
    reading = read(question, fields)
    if reading.refusals:
        assert reading.value is None
        assert all_are_worded(question, reading.refusals)
    elif reading.value is not None:
        assert take(question, reading.value).value == reading.value
        line = take_line(a_definition([question]), reading.answers)
        assert (line.answers, line.refusals) == (reading.answers, ())
        assert json.loads(json.dumps(reading.answers)) == reading.answers


@settings(max_examples=400)
@example(a_question(QuestionType.DECIMAL), 10**400)
@given(questions(), rubbish())
def test_any_json_is_judged_and_what_is_taken_is_stable(question, value):
    taken = take(question, value)
    assert check(question, value) == taken.refusals
    if taken.refusals:
        assert taken.value is None
        assert all_are_worded(question, taken.refusals)
    elif taken.value is not None:
        assert take(question, taken.value).value == taken.value
        json.dumps(taken.value, allow_nan=False).encode("utf-8")


@given(
    st.dictionaries(st.text(max_size=8) | st.sampled_from([q.key for q in EVERY_TYPE]), rubbish())
)
def test_any_line_is_judged_and_takes_all_or_nothing(data):
    line = take_line(a_definition(EVERY_TYPE), data)
    assert not (line.answers and line.refusals)
    assert take_line(a_definition(EVERY_TYPE), line.answers).answers == line.answers


@given(rubbish())
def test_a_line_that_is_no_object_is_refused(data):
    line = take_line(a_definition(EVERY_TYPE), data)
    assert isinstance(data, dict) or line.refusals


@given(questions())
def test_an_empty_form_is_refused_only_where_an_answer_is_required(question):
    assert bool(read(question, {}).refusals) == question.required


@given(answered)
def test_every_field_that_shows_a_value_is_one_the_question_reads(question_and_value):
    question, value = question_and_value
    assert set(fields_of(question, {question.key: value})) <= field_names(question)


def all_are_worded(question, refusals: tuple[Refusal, ...]) -> bool:
    return all(
        refusal.key == question.key and refusal.field.split(".")[0] == question.key
        for refusal in refusals
    )
