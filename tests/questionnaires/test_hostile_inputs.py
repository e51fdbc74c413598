"""The hostile inputs of the categories that a question's answer decides."""

import json
from pathlib import Path

import pytest

from consult.questionnaires.answers import check, read, take, take_line
from consult.questionnaires.reasons import Reason
from consult.questionnaires.structure import QuestionType
from tests.questionnaires.strategies import a_definition, a_question

HOSTILE = Path(__file__).parents[1] / "hostile_inputs.jsonl"
LINES = [json.loads(line) for line in HOSTILE.read_text("utf-8").splitlines()]
TEXT = a_question(QuestionType.LONG_TEXT, required=True)
OPTIONAL = a_question(QuestionType.LONG_TEXT)
INTEGER = a_question(QuestionType.INTEGER)
DECIMAL = a_question(QuestionType.DECIMAL)
DATE = a_question(QuestionType.DATE)
CHOICE = a_question(QuestionType.SINGLE)


def of(category: str, *without: str):
    lines = [line for line in LINES if line["category"] == category and line["id"] not in without]
    return pytest.mark.parametrize("line", lines, ids=[line["id"] for line in lines])


def reasons(question, *sent: str, part: str = "") -> list[Reason]:
    return [refusal.reason for refusal in read(question, {question.key + part: sent}).refusals]


@of("blank")
def test_a_blank_text_is_no_answer(line):
    assert reasons(TEXT, line["value"]) == [Reason.MISSING]
    assert read(OPTIONAL, {"q": [line["value"]]}).answers == {}
    assert take(OPTIONAL, line["value"]).answers == {}


@of("control", "control-010", "control-012")
def test_control_characters_are_refused(line):
    assert reasons(OPTIONAL, line["value"]) == [Reason.CHARACTER]
    assert [refusal.reason for refusal in check(TEXT, line["value"])] == [Reason.CHARACTER]


def test_newlines_become_one_kind_before_the_text_is_counted():
    question = a_question(QuestionType.SHORT_TEXT, max_length=23)
    sent = one("control-010")
    assert read(question, {"q": [sent]}).value == "line1\nline2\nline3\nline4"


def test_a_tab_and_a_newline_are_taken():
    assert read(OPTIONAL, {"q": ["a\tb\nc"]}).value == "a\tb\nc"


@pytest.mark.parametrize("name", ["encoding-001", "encoding-002", "encoding-003", "encoding-004"])
def test_lone_surrogates_are_refused(name):
    assert [refusal.reason for refusal in check(TEXT, one(name))] == [Reason.CHARACTER]


@pytest.mark.parametrize("text", list("\ufffe\uffff\ufdd0\U0010ffff"))
def test_noncharacters_are_refused_everywhere(text):
    assert reasons(OPTIONAL, text) == [Reason.CHARACTER]
    assert reasons(OPTIONAL, f"before {text} after") == [Reason.CHARACTER]
    recommendation = a_question(QuestionType.RECOMMENDATION)
    assert reasons(recommendation, text, part=".text") == [Reason.CHARACTER]


def test_private_use_is_taken():
    assert read(OPTIONAL, {"q": [one("encoding-008")]}).value == "\ue000"


def test_both_spellings_of_a_letter_are_kept_as_one():
    assert read(OPTIONAL, {"q": [one("encoding-017")]}).value == "é vs é"
    assert take(OPTIONAL, one("encoding-017")).value == "é vs é"


@of("honest")
def test_honest_text_is_kept_unchanged(line):
    if isinstance(line.get("value"), str) and "repeat" not in line:
        assert read(OPTIONAL, {"q": [line["value"]]}).value == line["value"]


@of("bidi")
def test_bidi_controls_are_kept_unchanged(line):
    if "unchanged" in line["expectation"]:
        assert read(OPTIONAL, {"q": [line["value"]]}).value == line["value"]


@of("number")
def test_numbers_are_read_or_refused(line):
    reading = read(INTEGER, {"q": [line["value"]]})
    expectation = line["expectation"]
    if expectation.startswith("stored as "):
        assert reading.value == int(expectation.removeprefix("stored as "))
    elif "nothing stored" in expectation:
        assert [refusal.reason for refusal in reading.refusals] == [Reason.NOT_AN_INTEGER]
        if "decimals allowed" not in expectation:
            assert reasons(DECIMAL, line["value"]) == [Reason.NOT_A_NUMBER]


NUMBERS = [
    ("number-005", 123, 123.0),  # mixed sets of digits are read
    ("number-012", 1234, 1.234),  # groups of three in a whole number, decimals elsewhere
    ("number-015", -5, -5.0),
    ("number-026", None, None),
    ("number-030", None, None),
    ("number-009", None, 0.5),
]


@pytest.mark.parametrize(("name", "whole", "decimal"), NUMBERS)
def test_numbers_with_a_rule_of_their_own(name, whole, decimal):
    assert read(INTEGER, {"q": [one(name)]}).value == whole
    assert read(DECIMAL, {"q": [one(name)]}).value == decimal


def test_an_empty_number_is_no_answer_and_not_nought():
    assert read(INTEGER, {"q": [""]}).answers == {}
    assert read(INTEGER, {"q": ["0"]}).answers == {"q": 0}
    assert str(read(DECIMAL, {"q": ["-0"]}).value) == "0.0"
    assert str(take(DECIMAL, -0.0).value) == "0.0"


@of("date")
def test_no_hostile_date_is_taken(line):
    assert take(DATE, line["value"]).value is None
    assert check(DATE, line["value"])
    parts = line["value"].replace("/", "-").split("-")
    if len(parts) == 3:
        fields = {
            f"q.{name}": [part] for name, part in zip(("year", "month", "day"), parts, strict=True)
        }
        assert read(DATE, fields).refusals


def test_a_date_is_solar_hijri_only_where_it_is_said():
    year, month, day = one("date-006").split("/")
    fields = {"q.day": [day], "q.month": [month], "q.year": [year]}
    assert read(DATE, fields | {"q.calendar": ["solar_hijri"]}).value == "2026-05-20"
    assert [refusal.reason for refusal in read(DATE, fields).refusals] == [Reason.NOT_A_DATE]


@of("choice")
def test_no_hostile_choice_is_taken(line):
    assert reasons(CHOICE, line["value"]) == [Reason.UNKNOWN_CHOICE]
    for kind in (QuestionType.SCALE, QuestionType.MULTIPLE):
        assert reasons(a_question(kind), line["value"]) == [Reason.UNKNOWN_CHOICE]
    assert reasons(a_question(QuestionType.PLACE), line["value"]) == [Reason.UNKNOWN_PLACE]
    assert reasons(a_question(QuestionType.MATRIX), line["value"], part=".army")


@of("size", "size-004")
def test_sizes_are_counted_in_characters(line):
    repeat = line["repeat"]
    repeat = 2000 // len(line["value"]) if isinstance(repeat, str) else repeat
    text = line.get("prefix", "") + line["value"] * repeat
    reading = read(OPTIONAL, {"q": [text]})
    if len(text) <= 2000:
        assert reading.value is not None
    else:
        assert [(refusal.reason, refusal.limit) for refusal in reading.refusals] == [
            (Reason.TOO_LONG, 2000)
        ]


def test_numbers_beyond_json_are_refused():
    value = json.loads(one("json-003"))["a"]
    assert [refusal.reason for refusal in check(DECIMAL, value)] == [Reason.NOT_A_NUMBER]
    assert [refusal.reason for refusal in check(INTEGER, value)] == [Reason.NOT_AN_INTEGER]


def test_an_unknown_key_is_refused():
    line = take_line(a_definition([TEXT]), json.loads(one("json-006")))
    assert [(r.key, r.reason) for r in line.refusals] == [("role", Reason.UNKNOWN_QUESTION)]


def test_what_is_no_key_is_not_repeated_because_it_may_be_an_answer():
    line = take_line(a_definition([TEXT]), {"We were beaten": 1})
    assert line.refusals[0].key == "?"


def one(name: str) -> str:
    return next(line["value"] for line in LINES if line["id"] == name)
