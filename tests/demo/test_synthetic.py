"""The made-up submissions: taken as they are, the same for a seed, and holding what was planted."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
import yaml

from consult.demo.synthetic import PLANTED, Made, lines, samples
from consult.demo.voices import VOICES
from consult.questionnaires import relevance
from consult.questionnaires.answers import take_line
from consult.questionnaires.definition import Parsed, parse

OPENED, TODAY = date(2026, 10, 1), date(2026, 11, 25)


@pytest.fixture(scope="module")
def questionnaire() -> Parsed:
    text = files("consult.demo").joinpath("inclusive_peace.yaml").read_text("utf-8")
    document = yaml.safe_load(text)
    return parse(document, tuple(document["languages"]))


def make(questionnaire: Parsed, submissions: int = 400, seed: int = 1) -> list[Made]:
    return list(
        lines(
            questionnaire.definition,
            questionnaire.texts,
            submissions=submissions,
            seed=seed,
            opened_on=OPENED,
            today=TODAY,
            sample_texts=samples(),
        )
    )


@pytest.fixture(scope="module")
def made(questionnaire: Parsed) -> list[Made]:
    return make(questionnaire)


@pytest.fixture(scope="module")
def answers(made: list[Made]) -> list[dict[str, Any]]:
    """What the living said."""
    return [one["line"]["answers"] for one in made if not one["withdrawn"]]


def among(answers: Iterable[dict[str, Any]], **facets: str) -> list[dict[str, Any]]:
    return [
        answer
        for answer in answers
        if all(answer.get(facet) == value for facet, value in facets.items())
    ]


@pytest.mark.parametrize("submissions", [0, 1, 2, 7, 8, 9, 60, 99, 100, 101, 400])
def test_any_number_can_be_made_and_each_line_is_taken_as_it_stands(questionnaire, submissions):
    made = make(questionnaire, submissions, seed=submissions)
    assert Counter(one["withdrawn"] for one in made) == Counter(
        {False: submissions, True: 1} if submissions else {}
    )
    for one in made:
        taken = take_line(questionnaire.definition, one["line"]["answers"])
        assert taken.refusals == ()
        assert taken.answers == one["line"]["answers"]


@pytest.mark.parametrize("seed", range(6))
def test_every_seed_plants_the_same_truths(questionnaire, seed):
    answers = [one["line"]["answers"] for one in make(questionnaire, 100, seed)][:-1]
    rows = Counter(answer.get(PLANTED.thin_row_question) for answer in answers)
    places = Counter(answer.get("place") for answer in answers)
    split = among(answers, **{PLANTED.split_question: PLANTED.split_choice})
    assert rows[PLANTED.thin_row_choice] == PLANTED.thin_row_voices
    assert places[PLANTED.thin_place] == PLANTED.thin_place_voices
    assert places[PLANTED.empty_place] == 0
    assert len(split) == PLANTED.split_women + PLANTED.split_men


def test_a_negative_number_is_refused(questionnaire):
    with pytest.raises(ValueError, match="-1"):
        make(questionnaire, -1)


def test_the_same_seed_makes_the_same_and_another_seed_does_not(questionnaire, made):
    assert make(questionnaire) == made
    assert make(questionnaire, seed=2) != made


def test_a_line_is_plain_json(made):
    assert json.loads(json.dumps(made)) == made


def test_days_lie_between_opening_and_today(made):
    days = {date.fromisoformat(one["line"]["received_on"]) for one in made}
    assert min(days) >= OPENED
    assert max(days) <= TODAY


def test_a_consultation_that_opens_today_hears_everybody_today(questionnaire):
    found = lines(
        questionnaire.definition,
        questionnaire.texts,
        submissions=5,
        seed=1,
        opened_on=TODAY,
        today=TODAY,
        sample_texts=samples(),
    )
    assert {one["line"]["received_on"] for one in found} == {TODAY.isoformat()}


def test_only_the_web_has_a_lane_and_an_organisation_is_named_only_with_consent(made):
    for one in made:
        line = one["line"]
        assert (one["lane"] == "none") == (line["channel"] != "web")
        named = line["consent"]["use"] == "quote_attributed"
        assert ("organisation" in line) == named
    assert {one["lane"] for one in made} == {"open", "burst", "none"}


def test_nothing_is_answered_that_was_not_asked(questionnaire, answers):
    for answer in answers:
        assert relevance.kept(questionnaire.definition, answer) == answer


def test_whoever_answered_on_the_web_left_no_required_question_out(questionnaire, made):
    for one in made:
        if one["line"]["channel"] == "web":
            assert relevance.missing(questionnaire.definition, one["line"]["answers"]) == []


def test_about_one_in_seven_leaves_a_question_out(answers):
    left_out = sum("threats" not in answer for answer in answers) / len(answers)
    assert 0.1 < left_out < 0.2


def test_four_languages_are_heard_and_congo_speaks_french(made):
    languages = Counter(one["line"]["language"] for one in made)
    congo = Counter(
        one["line"]["language"]
        for one in made
        if one["line"]["answers"].get("place", "").startswith("CD")
    )
    assert set(languages) == {"en", "fr", "fa_AF", "ps"}
    assert min(languages.values()) > 20
    assert congo["fr"] > sum(congo.values()) / 2


def test_a_questionnaire_in_two_languages_is_answered_in_them(questionnaire):
    texts = {
        key: {language: text[language] for language in ("en", "fr")}
        for key, text in questionnaire.texts.items()
    }
    found = lines(
        questionnaire.definition,
        texts,
        submissions=60,
        seed=1,
        opened_on=OPENED,
        today=TODAY,
        sample_texts=samples(),
    )
    assert {one["line"]["language"] for one in found} <= {"en", "fr"}


def test_women_choose_it_more_often_than_men_by_the_planted_gap(answers):
    shares = {}
    for sex in ("woman", "man"):
        asked = [a for a in among(answers, sex=sex) if PLANTED.gap_question in a]
        chosen = sum(PLANTED.gap_choice in a[PLANTED.gap_question] for a in asked)
        shares[sex] = chosen / len(asked)
    assert shares["woman"] - shares["man"] == pytest.approx(PLANTED.gap, abs=0.01)


def test_rural_voices_are_there_and_silent_on_one_question(answers):
    rural = among(answers, setting=PLANTED.silent_setting)
    assert len(rural) >= 30
    assert len(rural) < len(answers) / 4
    assert not any(PLANTED.silent_question in answer for answer in rural)


def test_a_place_has_three_voices_and_another_none(answers):
    assert len(among(answers, place=PLANTED.thin_place)) == 3
    assert among(answers, place=PLANTED.empty_place) == []


def test_a_cell_of_four_has_three_beside_it_in_its_row(answers):
    row = among(answers, **{PLANTED.split_question: PLANTED.split_choice})
    assert Counter(answer["sex"] for answer in row) == {"woman": 4, "man": 3}


def test_a_group_of_two_a_row_of_three_and_a_filter_that_leaves_four(answers):
    assert len(among(answers, sex=PLANTED.small_sex)) == 2
    assert len(among(answers, **{PLANTED.thin_row_question: PLANTED.thin_row_choice})) == 3
    assert len(among(answers, age_band=PLANTED.filter_age)) == 4


def test_one_people_table_brings_more_than_eighty_per_cent_of_a_cell(answers):
    numbers = [answer.get("people", {}).get(PLANTED.people_cell, 0) for answer in answers]
    assert max(numbers) > 0.8 * sum(numbers)
    assert sum(number > 0 for number in numbers) == PLANTED.people_others + 1


def test_the_withdrawn_voice_alone_speaks_from_the_empty_place_and_says_its_words(made):
    withdrawn = [one["line"]["answers"] for one in made if one["withdrawn"]]
    assert [answer["place"] for answer in withdrawn] == [PLANTED.empty_place]
    saying_so = [one for one in made if PLANTED.withdrawn_words in json.dumps(one["line"])]
    assert [one["withdrawn"] for one in saying_so] == [True]


def test_the_quoted_voices_come_first_and_may_be_quoted(made):
    for one, voice in zip(made, VOICES, strict=False):
        line = one["line"]
        assert line["language"] == voice.language
        assert line["consent"]["use"] == voice.use != "count"
        assert voice.profile.items() <= line["answers"].items()
        for key, words in voice.words.items():
            answer = line["answers"][key]
            assert (answer["text"] if isinstance(answer, dict) else answer) == words


def test_texts_come_as_phones_type_them_and_some_would_identify_somebody(answers):
    texts = " ".join(answer["needs_words"] for answer in answers if "needs_words" in answer)
    assert "ي" in texts
    assert "ك" in texts
    assert any(mark in texts for mark in ("+243 81", "+93 70", "۰۷۰۰۱۲۳۴۵۶"))
    assert any(mark in texts for mark in ("Je m’appelle", "زما نوم", "My name is", "نام من"))


def test_ballots_may_end_early_and_name_nothing_twice(questionnaire, answers):
    ballots = [answer["tasks"] for answer in answers if "tasks" in answer]
    assert all(len(set(ballot)) == len(ballot) for ballot in ballots)
    assert {len(ballot) for ballot in ballots} == {3, 5}
    first = Counter(ballot[0] for ballot in ballots)
    assert first.most_common(1)[0][0] == "protect"


def test_another_questionnaire_is_filled_too(questionnaire):
    document = {
        "places": ["AF"],
        "sections": [
            {
                "key": "only",
                "title": {"en": "Only section"},
                "questions": [
                    {"key": "age", "type": "integer", "title": {"en": "How old?"}},
                    {
                        "key": "colours",
                        "type": "multiple",
                        "title": {"en": "Which?"},
                        "least": 2,
                        "choices": [
                            {"key": key, "title": {"en": key}} for key in ("red", "green", "blue")
                        ],
                    },
                ],
            }
        ],
    }
    other = parse(document, ("en",))
    made = make(other, 150)
    for one in made:
        assert take_line(other.definition, one["line"]["answers"]).refusals == ()
    assert {one["line"]["language"] for one in made} == {"en"}
