"""Reading a form, type by type: what is taken, what is refused, at which field and why."""

from datetime import date

import pytest

from consult.questionnaires.answers import (
    Reason,
    check,
    field_names,
    fields_of,
    read,
    take,
    take_line,
)
from consult.questionnaires.structure import Choice, QuestionType
from tests.questionnaires.strategies import a_definition, a_question


def sent(**fields: str) -> dict[str, list[str]]:
    """Fields of question q: `army="water"` is q.army, `_` is q itself."""
    return {("q" if name == "_" else f"q.{name}"): [text] for name, text in fields.items()}


def refusals(question, fields, **rest) -> list[tuple]:
    found = read(question, fields, **rest).refusals
    return [(refusal.field, refusal.reason, refusal.limit) for refusal in found]


def judged(question, value) -> list[tuple]:
    return [(refusal.field, refusal.reason, refusal.limit) for refusal in check(question, value)]


# Texts


def test_a_text_is_kept_letter_for_letter():
    text = "  ما راه‌های امن می‌خواهیم.\r\n=1+1 "
    question = a_question(QuestionType.LONG_TEXT)
    assert read(question, {"q": [text]}).value == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("kind", "limit"), [(QuestionType.SHORT_TEXT, 200), (QuestionType.LONG_TEXT, 2000)]
)
def test_a_text_may_be_as_long_as_its_type_says(kind, limit):
    question = a_question(kind)
    assert refusals(question, {"q": ["و" * limit]}) == []
    assert refusals(question, {"q": ["و" * (limit + 1)]}) == [("q", Reason.TOO_LONG, limit)]
    wider = a_question(kind, max_length=8000)
    assert refusals(wider, {"q": ["و" * 8001]}) == [("q", Reason.TOO_LONG, 8000)]


def test_two_texts_for_one_question_are_refused():
    question = a_question(QuestionType.SHORT_TEXT)
    assert refusals(question, {"q": ["a", "b"]}) == [("q", Reason.ONE_ONLY, None)]
    assert read(question, {"q": ["a", "a"]}).value == "a"


# Numbers


def test_numbers_outside_the_limits_are_refused_with_the_limit():
    question = a_question(QuestionType.INTEGER, minimum=1, maximum=10)
    assert refusals(question, {"q": ["۰"]}) == [("q", Reason.TOO_SMALL, 1)]
    assert refusals(question, {"q": ["11"]}) == [("q", Reason.TOO_LARGE, 10)]
    assert read(question, {"q": ["۱۰"]}).value == 10
    assert judged(question, 11) == [("q", Reason.TOO_LARGE, 10)]


@pytest.mark.parametrize("value", [True, False, "5", None, [], {}])
def test_only_numbers_are_numbers(value):
    for kind in (QuestionType.INTEGER, QuestionType.DECIMAL):
        assert judged(a_question(kind), value) == [("q", Reason.WRONG_KIND, None)]


def test_a_whole_number_written_with_a_fraction_of_nought_is_taken():
    assert repr(take(a_question(QuestionType.INTEGER), 5.0).value) == "5"
    assert judged(a_question(QuestionType.INTEGER), 5.5) == [("q", Reason.NOT_AN_INTEGER, None)]


def test_a_decimal_is_kept_with_six_places():
    assert repr(take(a_question(QuestionType.DECIMAL), 1 / 3).value) == "0.333333"
    assert repr(take(a_question(QuestionType.DECIMAL), 12).value) == "12.0"


def test_an_implausible_number_is_taken_only_when_exactly_it_was_confirmed():
    question = a_question(QuestionType.INTEGER, plausible=(0, 100))
    first = read(question, sent(_="500"))
    assert first.value is None
    assert first.doubted == 500
    assert refusals(question, sent(_="500")) == [("q", Reason.IMPLAUSIBLE, (0, 100))]
    sure = {"sure": "yes"}
    assert refusals(question, sent(_="500", **sure))[0][1] is Reason.IMPLAUSIBLE
    assert refusals(question, sent(_="600", **sure), confirmed=500)[0][1] is Reason.IMPLAUSIBLE
    assert refusals(question, sent(_="500"), confirmed=500)[0][1] is Reason.IMPLAUSIBLE
    assert read(question, sent(_="۵۰۰", **sure), confirmed=500).value == 500
    assert read(question, sent(_="100")).value == 100


def test_a_number_beyond_the_limits_cannot_be_confirmed():
    question = a_question(QuestionType.INTEGER, plausible=(0, 100), maximum=1000)
    sure = sent(_="1001", sure="yes")
    assert refusals(question, sure, confirmed=1001) == [("q", Reason.TOO_LARGE, 1000)]


# Dates


def test_a_date_is_read_in_either_calendar():
    question = a_question(QuestionType.DATE)
    gregorian = sent(day="21", month="3", year="2026", calendar="gregorian")
    solar = sent(day="۱", month="1", year="۱۴۰۵", calendar="solar_hijri")
    assert read(question, gregorian).value == read(question, solar).value == "2026-03-21"


def test_a_date_without_day_month_and_year_is_no_answer_whatever_the_calendar():
    question = a_question(QuestionType.DATE)
    empty = sent(day="", month="", year=" ", calendar="solar_hijri")
    assert read(question, empty).answers == {}


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"day": "1", "month": "1"}, "q.year", Reason.NOT_A_DATE),
        ({"month": "1", "year": "2024"}, "q.day", Reason.NOT_A_DATE),
        ({"day": "30", "month": "2", "year": "2024"}, "q", Reason.NOT_A_DATE),
        ({"day": "x", "month": "2", "year": "2024"}, "q", Reason.NOT_A_DATE),
        ({"day": "1", "month": "1", "year": "999999999"}, "q", Reason.NOT_A_DATE),
        ({"day": "1", "month": "1", "year": "2024", "calendar": "lunar"}, "q.calendar", Reason.UNKNOWN_CHOICE),
    ],
)  # fmt: skip
def test_a_date_that_is_none_is_refused(fields, field, reason):
    assert refusals(a_question(QuestionType.DATE), sent(**fields)) == [(field, reason, None)]


def test_days_outside_the_limits_are_refused_with_the_limit():
    question = a_question(QuestionType.DATE, minimum=date(2015, 1, 1), maximum=date(2026, 1, 1))
    assert judged(question, "2014-12-31") == [("q", Reason.TOO_EARLY, date(2015, 1, 1))]
    assert judged(question, "2026-01-02") == [("q", Reason.TOO_LATE, date(2026, 1, 1))]
    assert judged(a_question(QuestionType.DATE), "1949-12-31")[0][1] is Reason.TOO_EARLY
    birth = a_question(QuestionType.DATE, minimum=date(1900, 1, 1))
    assert judged(birth, "1900-01-01") == []


@pytest.mark.parametrize("value", ["2026-1-1", "20260101", "2026-W01-1", "۲۰۲۶-۰۱-۰۱", "2026-01-01T00:00"])  # fmt: skip
def test_a_day_in_data_has_one_spelling(value):
    assert judged(a_question(QuestionType.DATE), value) == [("q", Reason.NOT_A_DATE, None)]


# Choices


def test_one_of_the_choices_is_taken():
    question = a_question(QuestionType.SINGLE)
    assert read(question, sent(_="18_29")).value == "18_29"
    assert refusals(question, {"q": ["water", "roads"]}) == [("q", Reason.ONE_ONLY, None)]
    assert read(question, {"q": [""]}).answers == {}


def test_several_choices_are_taken_once_each_in_the_questions_order():
    question = a_question(QuestionType.MULTIPLE)
    assert read(question, {"q": ["roads", "water", "roads"]}).value == ["water", "roads"]


def test_how_many_are_chosen_is_limited():
    question = a_question(QuestionType.MULTIPLE, least=2, most=3)
    assert refusals(question, {"q": ["water"]}) == [("q", Reason.TOO_FEW, 2)]
    many = {"q": ["water", "roads", "schools", "other"]}
    assert refusals(question, many) == [("q", Reason.TOO_MANY, 3)]
    assert read(question, {"q": []}).answers == {}
    assert read(question, {"q": ["none"]}).value == ["none"]


def test_an_exclusive_choice_stands_alone():
    question = a_question(QuestionType.MULTIPLE)
    assert refusals(question, {"q": ["none", "water"]}) == [("q", Reason.EXCLUSIVE, None)]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("water", Reason.WRONG_KIND),
        (["water", 1], Reason.WRONG_KIND),
        (["water", ["roads"]], Reason.WRONG_KIND),
        (["water", "water"], Reason.TWICE),
        (["water", "wells"], Reason.UNKNOWN_CHOICE),
    ],
)
def test_a_list_of_choices_in_data_is_checked(value, reason):
    for kind in (QuestionType.MULTIPLE, QuestionType.RANKING):
        assert judged(a_question(kind), value) == [("q", reason, None)]


@pytest.mark.parametrize("kind", [QuestionType.SINGLE, QuestionType.MULTIPLE])
def test_the_text_beside_other_is_read_only_while_other_is_chosen(kind):
    question = a_question(kind)
    with_text = read(question, sent(_="other", other="Wells"))
    assert with_text.answers["q.other"] == "Wells"
    assert "q.other" not in read(question, sent(_="water", other="Wells")).answers
    assert refusals(question, sent(_="water", other="\x00")) == []
    assert refusals(question, sent(_="other", other="\x00")) == [
        ("q.other", Reason.CHARACTER, None)
    ]
    assert refusals(question, sent(_="other", other="a" * 201)) == [
        ("q.other", Reason.TOO_LONG, 200)
    ]


@pytest.mark.parametrize("text", ["", " ", "\u3164"])
def test_the_tick_at_other_is_kept_without_a_text(text):
    question = a_question(QuestionType.SINGLE, required=True)
    assert read(question, sent(_="other", other=text)).answers == {"q": "other"}


# Matrix and ranking


def test_a_matrix_is_read_row_by_row():
    question = a_question(QuestionType.MATRIX)
    assert read(question, sent(courts="water", army="roads")).value == {
        "army": "roads",
        "courts": "water",
    }
    assert refusals(question, sent(army="tanks", police="water")) == [
        ("q.army", Reason.UNKNOWN_CHOICE, None)
    ]
    assert refusals(question, {"q.army": ["water", "roads"]}) == [("q.army", Reason.ONE_ONLY, None)]


def test_a_required_matrix_names_each_row_that_is_missing():
    question = a_question(QuestionType.MATRIX, required=True)
    assert refusals(question, sent(police="water")) == [
        ("q.army", Reason.MISSING, None),
        ("q.courts", Reason.MISSING, None),
    ]
    assert refusals(question, {}) == [("q", Reason.MISSING, None)]


def test_a_matrix_in_data_may_have_gaps_but_no_other_rows():
    question = a_question(QuestionType.MATRIX, required=True)
    assert judged(question, {"army": "water"}) == []
    assert judged(question, {"navy": "water"}) == [("q", Reason.UNKNOWN_ROW, None)]
    assert judged(question, {"army": ["water"]}) == [("q.army", Reason.UNKNOWN_CHOICE, None)]


def test_a_ranking_is_read_best_first():
    question = a_question(QuestionType.RANKING)
    assert read(question, sent(water="۳", roads="1", schools="2")).value == [
        "roads",
        "schools",
        "water",
    ]
    assert read(question, sent(water="", roads="1")).value == ["roads"]


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"water": "1", "roads": "1"}, ("q.roads", Reason.TWICE, None)),
        ({"water": "2"}, ("q", Reason.RANK_LEFT_OUT, 1)),
        ({"water": "1", "roads": "3"}, ("q", Reason.RANK_LEFT_OUT, 2)),
        ({"water": "0"}, ("q.water", Reason.NOT_A_RANK, 3)),
        ({"water": "4"}, ("q.water", Reason.NOT_A_RANK, 3)),
        ({"water": "first"}, ("q.water", Reason.NOT_A_RANK, 3)),
    ],
)
def test_ranks_are_each_once_from_one_without_gaps(fields, refusal):
    assert refusals(a_question(QuestionType.RANKING), sent(**fields)) == [refusal]


def test_a_required_ranking_ranks_all_or_as_many_as_it_asks_for():
    part = sent(water="1", roads="2")
    whole = a_question(QuestionType.RANKING, required=True)
    assert refusals(whole, part) == [("q", Reason.TOO_FEW, 3)]
    best_two = a_question(QuestionType.RANKING, required=True, most=2)
    assert refusals(best_two, part) == []
    assert refusals(best_two, sent(water="1")) == [("q", Reason.TOO_FEW, 2)]
    assert refusals(best_two, sent(water="1", roads="2", schools="3")) == [
        ("q", Reason.TOO_MANY, 2)
    ]


# Places and people


def test_a_place_is_one_of_the_questions_countries_or_the_country_itself():
    question = a_question(QuestionType.PLACE, countries=("AF",))
    assert read(question, sent(_="AF-KAB")).value == "AF-KAB"
    assert read(question, sent(_="AF")).value == "AF"
    for code in ("CD-NK", "CD", "af-kab", "AF-", "Kabul"):
        assert refusals(question, sent(_=code)) == [("q", Reason.UNKNOWN_PLACE, None)]


def test_a_people_table_counts_whole_numbers_of_people():
    question = a_question(QuestionType.PEOPLE)
    fields = sent(women_18_29="۷", men_60_plus="0", another_under_18="")
    assert read(question, fields).value == {"women_18_29": 7, "men_60_plus": 0}


@pytest.mark.parametrize(
    ("typed", "reason", "limit"),
    [
        ("x", Reason.NOT_AN_INTEGER, None),
        ("1.5", Reason.NOT_AN_INTEGER, None),
        ("-1", Reason.TOO_SMALL, 0),
        ("100001", Reason.TOO_LARGE, 100_000),
    ],
)
def test_a_cell_is_refused_where_it_stands(typed, reason, limit):
    question = a_question(QuestionType.PEOPLE)
    fields = sent(women_18_29=typed, men_18_29="3")
    assert refusals(question, fields) == [("q.women_18_29", reason, limit)]


def test_nobody_counted_is_no_answer_and_not_enough_where_one_is_required():
    nobody = sent(women_18_29="0", men_18_29="0")
    assert read(a_question(QuestionType.PEOPLE), nobody).answers == {}
    required = a_question(QuestionType.PEOPLE, required=True)
    assert refusals(required, nobody) == [("q", Reason.NO_PEOPLE, None)]
    assert refusals(required, {}) == [("q", Reason.MISSING, None)]


def test_more_people_than_a_thousand_must_be_confirmed():
    question = a_question(QuestionType.PEOPLE)
    many = sent(women_18_29="900", men_18_29="101")
    first = read(question, many)
    assert [refusal.limit for refusal in first.refusals] == [(0, 1000)]
    assert first.doubted == {"women_18_29": 900, "men_18_29": 101}
    again = read(question, many | sent(sure="yes"), confirmed=first.doubted)
    assert again.value == first.doubted
    otherwise = sent(women_18_29="101", men_18_29="900", sure="yes")
    assert read(question, otherwise, confirmed=first.doubted).refusals
    assert judged(question, first.doubted) == []


@pytest.mark.parametrize("value", [{"women_18_29": True}, {"women_18_29": "7"}, {"women_18_29": None}])  # fmt: skip
def test_a_cell_in_data_is_a_whole_number(value):
    refused = [("q.women_18_29", Reason.NOT_AN_INTEGER, None)]
    assert judged(a_question(QuestionType.PEOPLE), value) == refused
    assert judged(a_question(QuestionType.PEOPLE), {"total": 3}) == [
        ("q", Reason.UNKNOWN_CELL, None)
    ]


# Recommendations


def test_a_recommendation_says_something_to_somebody():
    question = a_question(QuestionType.RECOMMENDATION)
    assert read(question, sent(text="Stay", addressee="water")).value == {
        "text": "Stay",
        "addressee": "water",
    }
    assert read(question, sent(text=" ", addressee="")).answers == {}
    assert refusals(question, sent(text="Stay")) == [("q.addressee", Reason.NO_ADDRESSEE, None)]
    assert refusals(question, sent(addressee="water")) == [("q.text", Reason.NO_TEXT, None)]
    assert refusals(question, sent(text="Stay", addressee="us")) == [
        ("q.addressee", Reason.UNKNOWN_CHOICE, None)
    ]
    assert refusals(question, sent(text="a" * 2001, addressee="water")) == [
        ("q.text", Reason.TOO_LONG, 2000)
    ]


def test_a_recommendation_in_data_has_two_parts():
    question = a_question(QuestionType.RECOMMENDATION)
    assert judged(question, {"text": "Stay", "addressee": "water", "by": "x"}) == [
        ("q", Reason.WRONG_KIND, None)
    ]
    assert judged(question, {"text": 5, "addressee": "water"})[0][1] is Reason.WRONG_KIND
    assert take(question, {}).answers == {}


# Whole lines, names


def test_a_line_may_leave_required_questions_out():
    questions = [
        a_question(QuestionType(kind), f"q_{kind}", required=True)
        for kind in ("short_text", "integer")
    ]
    assert take_line(a_definition(questions), {"q_integer": 3}).answers == {"q_integer": 3}


def test_a_line_is_refused_with_every_reason():
    line = take_line(
        a_definition([a_question(QuestionType.INTEGER), a_question(QuestionType.NOTE, "note")]),
        {"q": "x", "note": "read", "q.other": "y", "q.sure": "yes", "nothing": 1},
    )
    assert [(refusal.key, refusal.reason) for refusal in line.refusals] == [
        ("q", Reason.WRONG_KIND),
        ("note", Reason.UNKNOWN_QUESTION),
        ("q.other", Reason.UNKNOWN_QUESTION),
        ("q.sure", Reason.UNKNOWN_QUESTION),
        ("nothing", Reason.UNKNOWN_QUESTION),
    ]
    assert line.answers == {}


def test_a_line_with_a_text_beside_other_must_have_chosen_other():
    definition = a_definition([a_question(QuestionType.MULTIPLE)])
    chosen = {"q": ["other", "water"], "q.other": "Wells"}
    assert take_line(definition, chosen).answers == chosen
    refused = take_line(definition, {"q": ["water"], "q.other": "Wells"}).refusals
    assert [(refusal.field, refusal.reason) for refusal in refused] == [
        ("q.other", Reason.NOT_CHOSEN)
    ]


def test_empty_values_of_a_line_are_left_out():
    definition = a_definition(
        [a_question(QuestionType.MULTIPLE, "m"), a_question(QuestionType.LONG_TEXT, "t")]
    )
    assert take_line(definition, {"m": [], "t": " "}).answers == {}


NAMES = [
    (QuestionType.NOTE, set()),
    (QuestionType.LONG_TEXT, {"q"}),
    (QuestionType.SINGLE, {"q", "q.other"}),
    (QuestionType.SCALE, {"q"}),
    (QuestionType.DATE, {"q.day", "q.month", "q.year", "q.calendar"}),
    (QuestionType.MATRIX, {"q.army", "q.police", "q.courts"}),
    (QuestionType.RANKING, {"q.water", "q.roads", "q.schools"}),
    (QuestionType.RECOMMENDATION, {"q.text", "q.addressee"}),
]


@pytest.mark.parametrize(("kind", "names"), NAMES)
def test_fields_are_named_after_the_question(kind, names):
    assert field_names(a_question(kind)) == names


def test_a_question_that_may_doubt_has_a_field_to_be_sure():
    assert field_names(a_question(QuestionType.INTEGER, plausible=(0, 9))) == {"q", "q.sure"}
    people = field_names(a_question(QuestionType.PEOPLE))
    assert len(people) == 16
    assert {"q.sure", "q.women_under_18", "q.another_60_plus"} < people


def test_a_form_shows_the_text_beside_other_again():
    question = a_question(QuestionType.SINGLE)
    fields = fields_of(question, {"q": "other", "q.other": "Wells"})
    assert fields == {"q": ["other"], "q.other": ["Wells"]}
    assert fields_of(question, {}) == {}


def test_a_choice_other_of_a_scale_has_no_text():
    scale = a_question(QuestionType.SCALE, choices=(Choice("other", "u"), Choice("b", "v")))
    assert read(scale, sent(_="other", other="Wells")).answers == {"q": "other"}
