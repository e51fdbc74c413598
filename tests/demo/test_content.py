"""The demonstration's texts: whole in four languages, tied to its questions, true to its voices."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
import yaml

from consult.demo.synthetic import lines, samples
from consult.demo.voices import VOICES
from consult.languages import checker
from consult.questionnaires import profile, relevance
from consult.questionnaires.definition import Parsed, Question, QuestionType, parse
from consult.questionnaires.places import PLACES

LANGUAGES = ("en", "fr", "fa_AF", "ps")
FILES = ("inclusive_peace.yaml", "briefing.yaml", "report_back.yaml")
PLACEHOLDER = re.compile(r"%\(([^)]*)\)s")
ADDRESSEES = (
    *("member_states", "un_institutions", "un_missions", "international_organisations"),
    *("donors", "parties", "mediators"),
)


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(files("consult.demo").joinpath(name).read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def questionnaire() -> Parsed:
    return parse(document("inclusive_peace.yaml"), LANGUAGES)


@pytest.fixture(scope="module")
def briefing() -> dict[str, Any]:
    return document("briefing.yaml")


@pytest.fixture(scope="module")
def answers(questionnaire: Parsed) -> list[dict[str, Any]]:
    found = lines(
        questionnaire.definition,
        questionnaire.texts,
        submissions=400,
        seed=1,
        opened_on=date(2026, 10, 1),
        today=date(2026, 11, 25),
        sample_texts=samples(),
    )
    return [one["line"]["answers"] for one in found if not one["withdrawn"]]


def texts(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Give every text of a document: where it stands, and what it is in each language."""
    if isinstance(node, dict) and node and all(key in LANGUAGES for key in node):
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from texts(value, f"{path}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from texts(value, f"{path}/{number}")


def prose(name: str) -> list[tuple[str, dict[str, str]]]:
    """Give the texts of a file but the translations of quotes, which lack their original."""
    return [(path, text) for path, text in texts(document(name)) if "translations" not in path]


@pytest.mark.parametrize("name", FILES)
def test_every_text_is_there_in_four_languages_and_may_be_shown(name):
    for path, text in prose(name):
        assert tuple(text) == LANGUAGES, path
        bare = {language: PLACEHOLDER.sub("", words) for language, words in text.items()}
        for language in LANGUAGES[1:]:
            assert not checker.errors([bare["en"]], [bare[language]], locale=language), path
            assert bare[language] != bare["en"], path


@pytest.mark.parametrize("name", FILES)
def test_letters_and_spaces_are_those_of_the_language(name):
    for path, text in texts(document(name)):
        for language, words in text.items():
            assert checker.repaired(words, language) == words, path
            assert words == words.strip(), path


def test_the_round_is_of_the_size_and_has_each_type(questionnaire):
    questions = list(questionnaire.definition.questions())
    assert 15 <= len(questions) <= 22
    assert len(questionnaire.definition.sections) in (5, 6)
    assert {question.type for question in questions} == set(QuestionType)


def test_it_asks_the_profile_by_its_names_and_says_why(questionnaire):
    facets = [q for q in questionnaire.definition.questions() if profile.is_facet(q.key)]
    assert {"sex", "age_band", "setting", "place"} <= {q.key for q in facets if q.required}
    for question in facets:
        assert question.choice_keys == profile.FACETS[question.key]
        assert question.relevance is None
    people = questionnaire.definition.question(profile.PEOPLE)
    assert people is not None
    for question in [*facets, people]:
        assert f"q:{question.uuid}.why" in questionnaire.texts


def test_it_has_what_the_form_must_be_tried_with(questionnaire):
    questions = {question.key: question for question in questionnaire.definition.questions()}
    needs = questions["needs"]
    assert needs.exclusive_keys == {"none"}
    assert needs.most == 3
    assert needs.takes_other
    assert [key for key, question in questions.items() if question.sensitive] == ["threats"]
    conditions = [q.relevance for q in questions.values() if q.relevance is not None]
    assert [relevance.rests_on(condition) for condition in conditions] == [{"mission_contact"}]
    quotable = {QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT, QuestionType.RECOMMENDATION}
    assert all(question.quotable == (question.type in quotable) for question in questions.values())
    assert questions["place"].countries == ("AF", "CD")
    assert questions["recommendation"].choice_keys == ADDRESSEES


def referred(questionnaire: Parsed, name: str) -> Question:
    """Find what a placeholder names, or fail."""
    kind, _, rest = name.partition(":")
    named, _, group = rest.partition("|")
    key, _, choice = named.partition(".")
    question = questionnaire.definition.question(key)
    assert question is not None, name
    if group:
        facet, _, value = group.partition("=")
        assert value in profile.FACETS[facet], name
    if kind in ("share", "count"):
        row, _, inner = choice.partition(".")
        if question.type is QuestionType.MATRIX:
            assert row in question.row_keys, name
            choice = inner
        assert choice in question.choice_keys, name
    else:
        assert kind in ("median", "answered"), name
        assert not choice, name
        numeric = question.type in (QuestionType.INTEGER, QuestionType.DECIMAL)
        assert kind == "answered" or numeric, name
    return question


@pytest.mark.parametrize("name", FILES[1:])
def test_numbers_are_placeholders_alike_in_each_language_that_name_a_figure(name, questionnaire):
    for path, text in prose(name):
        numbers = [Counter(PLACEHOLDER.findall(words)) for words in text.values()]
        assert all(found == numbers[0] for found in numbers), path
        for placeholder in numbers[0]:
            if placeholder != "submissions":
                referred(questionnaire, placeholder)
        for words in text.values():
            assert not re.search(r"\d|%(?!\()", PLACEHOLDER.sub("", words)), path


def test_a_briefing_holds_each_of_its_parts(briefing):
    assert 3 <= len(briefing["summary"]) <= 5
    assert 5 <= len(briefing["findings"]) <= 7
    assert 6 <= len(briefing["recommendations"]) <= 9
    for part in ("for_whom", "distribution", "context", "gaps", "caveats"):
        assert briefing[part]
    asked = [one["addressee"] for one in briefing["recommendations"]]
    assert list(dict.fromkeys(asked)) == list(ADDRESSEES)


def test_each_recommendation_says_which_groups_made_it(briefing):
    for recommendation in briefing["recommendations"]:
        assert recommendation["made_by"]
        for group in recommendation["made_by"]:
            assert group["value"] in profile.FACETS[group["facet"]]


def test_each_finding_rests_on_a_tally_and_a_quote_that_exist(briefing, questionnaire):
    for finding in briefing["findings"]:
        assert {kind for piece in finding["evidence"] for kind in piece} == {"tally", "quote"}
        for piece in finding["evidence"]:
            tally, quote = piece.get("tally"), piece.get("quote")
            if tally:
                kind = "share" if "choice" in tally else "median"
                parts = [tally["question"], *([tally["choice"]] if "choice" in tally else [])]
                referred(questionnaire, f"{kind}:{'.'.join(parts)}")
                assert tally.get("by", "sex") in profile.FACETS
            else:
                voice = VOICES[quote["index"]]
                assert quote["question"] in voice.words
                assert set(quote["translations"]) == set(LANGUAGES) - {voice.language}


def test_every_voice_is_quoted_once_and_may_be(briefing):
    quotes = [
        piece["quote"]["index"]
        for finding in briefing["findings"]
        for piece in finding["evidence"]
        if "quote" in piece
    ]
    assert sorted(quotes) == list(range(len(VOICES)))
    assert all(voice.use != "count" for voice in VOICES)
    assert all(voice.profile["place"] in PLACES for voice in VOICES)


def test_a_report_back_says_what_was_heard_done_taken_up_and_comes_next():
    assert list(document("report_back.yaml")) == ["heard", "done", "taken_up", "next"]


def share(answers: list[dict[str, Any]], key: str, choice: str, **group: str) -> float:
    asked = [
        answer[key]
        for answer in answers
        if key in answer and all(answer.get(facet) == value for facet, value in group.items())
    ]
    return sum(choice in (one if isinstance(one, list) else [one]) for one in asked) / len(asked)


def test_what_the_findings_say_is_so_among_the_voices(answers):
    ballots = Counter(answer["tasks"][0] for answer in answers if "tasks" in answer)
    rural = Counter(answer.get("trust", {}).get("reaches_rural") for answer in answers)
    del rural[None]
    women, men = ({"sex": sex} for sex in ("woman", "man"))
    assert share(answers, "needs", "schools", **women) > share(answers, "needs", "schools", **men)
    assert [task for task, _ in ballots.most_common(2)] == ["protect", "women_at_table"]
    assert rural["disagree"] + rural["strongly_disagree"] > sum(rural.values()) / 2
    camps = share(answers, "needs", "return_home", setting="camp")
    assert camps > share(answers, "needs", "return_home")
    dangerous = ("unsafe", "very_unsafe")
    assert sum(share(answers, "speaking_safety", choice) for choice in dangerous) > 0.5
    assert share(answers, "speaking_safety", "very_unsafe", **women) > share(
        answers, "speaking_safety", "very_unsafe", **men
    )
