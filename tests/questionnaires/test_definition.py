"""A questionnaire in a file: what is taken, what is refused and how, and the way back."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.languages import locales
from consult.questionnaires.conditions import AllOf, AtLeast, Is, Not
from consult.questionnaires.definition import (
    Parsed,
    QuestionType,
    Wrong,
    from_json,
    parse,
    to_document,
    to_json,
    units,
)
from tests.questionnaires.strategies import definitions, rubbish, wordings

EN = ("en",)


def text(words: str = "Words") -> dict[str, str]:
    return {"en": words}


def a_list(*keys: Any) -> list[dict[str, Any]]:
    return [{"key": key, "title": text()} for key in keys]


def asked(kind: str, key: str = "water", **fields: Any) -> dict[str, Any]:
    return {"key": key, "type": kind, "title": text()} | fields


def a_file(*questions: dict[str, Any], later: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    sections = [{"key": "needs", "title": text(), "questions": list(questions)}]
    if later is not None:
        sections.append({"key": "more", "title": text(), "questions": later})
    return {"sections": sections}


def problems(document: object, languages=EN) -> list[str]:
    with pytest.raises(Wrong) as caught:
        parse(document, languages)
    return [str(problem) for problem in caught.value.problems]


def only(document: object) -> Any:
    """The first question of a file that is taken."""
    return next(parse(document, EN).definition.questions())


@settings(max_examples=50)
@given(definitions().flatmap(lambda d: st.tuples(st.just(d), wordings(d))))
def test_the_document_of_a_questionnaire_is_read_as_that_questionnaire(pair):
    definition, texts = pair
    document = json.loads(json.dumps({"sections": to_document(definition, texts)}))
    parsed = parse(document, ("en", "ps"))
    assert parsed.definition == definition
    assert parsed.texts == texts


@settings(max_examples=50)
@given(definitions())
def test_the_structure_survives_as_json(definition):
    assert from_json(json.loads(json.dumps(to_json(definition)))) == definition


@given(st.data())
def test_whatever_stands_in_a_file_is_taken_or_refused_with_reasons(data):
    document = copy.deepcopy(FULL)
    holder, name = data.draw(st.sampled_from(list(spots(document))))
    holder[name] = data.draw(rubbish() | st.just([[]]) | st.just({"all": [{"not": {}}]}))
    found = parsed_or_refused(document)
    if isinstance(found, Wrong):
        assert found.problems
        assert "\n" not in str(found)
    else:
        sections = to_document(found.definition, found.texts)
        assert parsed_or_refused({"sections": sections}) == found


def parsed_or_refused(document: object) -> Parsed | Wrong:
    try:
        return parse(document, EN)
    except Wrong as wrong:
        return wrong


@given(rubbish())
def test_a_file_that_is_nothing_like_it_is_refused(document):
    assert problems(document)[0].startswith("questionnaire: sections ")


def test_the_same_keys_get_the_same_uuids_in_every_file():
    document = a_file(asked("single", choices=a_list("a", "b")))
    assert parse(document, EN) == parse(copy.deepcopy(document), EN)
    moved = a_file(asked("note", "hello"), later=[asked("single", choices=a_list("b", "a"))])
    assert parse(moved, EN).definition.question("water").uuid == only(document).uuid


def test_a_written_uuid_stays_when_the_key_changes():
    uuid = only(a_file(asked("integer"))).uuid
    assert only(a_file(asked("integer", "wells", uuid=uuid))).uuid == uuid


def test_texts_hang_on_uuids():
    parsed = parse(a_file(asked("single", choices=a_list("a", "b"), why=text("Because"))), EN)
    question = next(parsed.definition.questions())
    assert parsed.texts[f"q:{question.uuid}.why"] == {"en": "Because"}
    assert parsed.texts[f"o:{question.choices[1].uuid}.title"] == {"en": "Words"}
    assert set(parsed.texts) <= {unit.key for unit in units(parsed.definition)}


def test_a_text_loses_only_the_space_around_it():
    document = a_file(asked("integer", hint={"en": "One\r\n\r\ntwo e\u0301 \n"}))
    parsed = parse(document, EN)
    question = next(parsed.definition.questions())
    assert parsed.texts[f"q:{question.uuid}.hint"] == {"en": "One\n\ntwo é"}


def test_languages_are_understood_by_their_other_names():
    document = a_file(asked("integer"))
    document["sections"][0]["title"] = {"en": "Needs", "prs": "نیازها"}
    document["sections"][0]["questions"][0]["title"] = {"en": "Wells", "fa-af": "چاه‌ها"}
    parsed = parse(document, ("en", "fa_AF"), known=locales.known)
    question = next(parsed.definition.questions())
    assert parsed.texts[f"q:{question.uuid}.title"]["fa_AF"] == "چاه‌ها"


def test_a_place_question_without_countries_takes_those_of_the_consultation():
    document = {"places": ["CD"]} | a_file(asked("place", "place"))
    assert only(document).countries == ("CD",)
    assert only(a_file(asked("place", "place"))).countries == ("AF", "CD")


def test_whole_numbers_may_be_keys_of_choices():
    document = a_file(
        asked("scale", choices=a_list(1, 2, 3)),
        later=[asked("note", "so", relevance={"question": "water", "is": [1]})],
    )
    definition = parse(document, EN).definition
    assert definition.question("water").choice_keys == ("1", "2", "3")
    assert definition.question("so").relevance == Is("water", ("1",))


def test_a_condition_is_read_with_all_its_parts():
    condition = {
        "all": [
            {"question": "water", "is": ["a"]},
            {"not": {"question": "wells", "at_least": 2.5}},
        ]
    }
    document = a_file(
        asked("multiple", choices=a_list("a")),
        asked("decimal", "wells"),
        later=[asked("note", "so", relevance=condition)],
    )
    wanted = AllOf((Is("water", ("a",)), Not(AtLeast("wells", 2.5))))
    assert parse(document, EN).definition.question("so").relevance == wanted


def test_all_problems_are_told_at_once_with_their_places():
    document = a_file(
        asked("sinlge"),
        asked("integer", "wells", min=5, max=1, colour="red"),
        asked("single", "roads", choices=[{"key": "a", "title": {}}, {"key": "b!"}]),
    )
    found = problems(document)
    assert found == [
        found[0],
        "section needs, question wells: unknown field 'colour'",
        "section needs, question wells: min 5 is above max 1",
        "section needs, question roads, choice 2: key 'b!' is not allowed: a-z or 0-9, then a-z, 0-9 and _, at most 40",
        "section needs, question roads, choice 1: title is missing in en",
        "section needs, question roads, choice 2: title is missing",
    ]
    assert found[0].startswith(
        "section needs, question water: unknown type 'sinlge'; known are note,"
    )


def test_the_message_is_one_line_with_the_first_problem_and_how_many_more():
    with pytest.raises(Wrong) as caught:
        parse(a_file(asked("integer", "Water"), asked("group", "people_in")), EN)
    assert str(caught.value).startswith("section needs, question Water: key 'Water' is not allowed")
    assert str(caught.value).endswith("(and 1 more)")


CHOICES = a_list("a", "b")
UUID = "6f1c8a52-0d0c-4c0e-8f5e-5b6a4f1d2c3b"
REFUSED = [
    (asked("group"), "a repeating group comes with a later version"),
    ({"key": "water", "title": text()}, "type is missing"),
    ({"type": "integer", "title": text()}, "key is missing"),
    (asked("integer", True), "the key was read as true or false"),
    (asked("integer", "consent"), "key consent is used by the form itself"),
    (asked("integer", "a" * 41), "is not allowed"),
    (asked("integer", "wåter"), "is not allowed"),
    (asked("integer", "2water"), "is not allowed"),
    (asked("single"), "choices is missing"),
    (asked("single", choices=[]), "choices must be a list"),
    (asked("single", choices=a_list("a")), "must have 2 to 60 choices"),
    (asked("single", choices=a_list("a", "a")), "choice 2: key a stands twice"),
    (asked("single", choices=a_list("a", False)), "choice 2: the key was read as true or false"),
    (asked("single", choices=["a", "b"]), "choice 1: must be fields with values"),
    (asked("single", choices=[*CHOICES, {"key": "c"}]), "choice 3: title is missing"),
    (asked("single", choices=[{**CHOICES[0], "exclusive": True}, CHOICES[1]]), "unknown field"),
    (asked("multiple", choices=[{**CHOICES[0], "exclusive": "x"}]), "must be true or false"),
    (asked("multiple", choices=CHOICES, least=3), "least must be a whole number from 1 to 2"),
    (asked("multiple", choices=CHOICES, least=2, most=1), "least 2 is above most 1"),
    (asked("multiple", choices=CHOICES, most=True), "most must be a whole number"),
    (asked("ranking", choices=a_list("a", "sure")), "choice 2: key sure cannot be"),
    (asked("matrix", choices=CHOICES), "rows is missing"),
    (asked("matrix", choices=CHOICES, rows=a_list("other")), "row 1: key other cannot be"),
    (asked("matrix", choices=CHOICES, rows=a_list("a", "a")), "row 2: key a stands twice"),
    (asked("integer", choices=CHOICES), "choices does not belong to a question of type integer"),
    (asked("note", required=True), "required does not belong to a question of type note"),
    (asked("integer", required="yes"), "required must be true or false"),
    (asked("integer", min=1.5), "min must be a whole number"),
    (asked("integer", min="1"), "min must be a whole number"),
    (asked("decimal", max=10**9), "max must be a number of at most nine digits"),
    (asked("decimal", max=float("nan")), "max must be a number"),
    (asked("integer", plausible=[5, 1]), "plausible begins at 5 and ends at 1"),
    (asked("integer", max=3, plausible=[5, 9]), "plausible lies outside min and max"),
    (asked("people", "people", plausible=500), "plausible must be two numbers"),
    (asked("date", min="2026-02-30"), "min must be a day such as 2026-11-30"),
    (asked("date", min="1850-01-01"), "of the years 1900 to 2099"),
    (asked("date", min="2026-02-01", max="2026-01-01"), "is above max"),
    (asked("long_text", max_length=8001), "max_length must be a whole number from 1 to 8000"),
    (asked("place", countries=["AF", "FR"]), "countries: 'FR' is not one of AF, CD"),
    (asked("place", countries=["AF", "AF"]), "countries names one twice"),
    (asked("integer", uuid="x"), "uuid 'x' is no uuid"),
    (asked("integer", uuid=UUID.upper()), "is no uuid in small letters"),
    (asked("single", choices=[{**c, "uuid": UUID} for c in CHOICES]), "belongs to something else"),
    (asked("integer", "sex"), "sex belongs to the profile and must be of type single"),
    (asked("short_text", "place"), "must be of type place"),
    (asked("integer", "people"), "must be of type people"),
    (asked("single", "sex", choices=a_list("woman", "girl")), "choice 2: girl is no choice of sex"),
    (
        asked("single", "sex", choices=a_list("man", "woman")),
        "must stand in this order: woman, man",
    ),
    (asked("integer", title=None), "title is missing"),
    (asked("integer", title="Wells"), "title must hold a text in each language"),
    (asked("integer", title={"en": " \u3164"}), "title (en) is empty"),
    (asked("integer", title={"en": "a\x07"}), "title (en) holds a control character"),
    (asked("integer", title={"en": "a\ud800"}), "title (en) holds a control character"),
    (asked("integer", title={"en": "a\nb"}), "title (en) must be one line"),
    (asked("integer", title={"en": "a" * 501}), "has 501 characters; at most 500 are taken"),
    (asked("integer", title={"en": 5}), "title (en) must be a text"),
    (asked("integer", title={"en": "a", "xx": "b"}), "title: 'xx' is not one of the languages"),
    (asked("integer", hint={"ps": "وبه"}), "hint is missing in en"),
    (asked("integer", relevance={"question": "wells", "is": ["a"]}), "'wells' is not there"),
    (asked("integer", relevance="sex = woman"), "relevance: must be {question, is:"),
    (asked("integer", relevance={"all": []}), "relevance: must be"),
]


@pytest.mark.parametrize(("question", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_a_question_is_refused_with_its_reason(question, reason):
    assert any(reason in problem for problem in problems(a_file(question), ("en", "fr")))


def test_titles_are_required_in_every_language_and_hints_in_the_source():
    document = a_file(asked("integer", hint=text()))
    assert problems(document, ("en", "fr")) == [
        "section needs: title is missing in fr",
        "section needs, question water: title is missing in fr",
    ]


def test_keys_stand_once():
    document = a_file(asked("integer"), later=[asked("integer")])
    document["sections"][1]["key"] = "needs"
    found = problems(document)
    assert "section needs: key needs stands twice" in found
    assert "section needs, question water: key water stands twice" in found


RELEVANCE = [
    ({"question": "later", "is": ["a"]}, "'later' comes later"),
    ({"question": "beside", "is": ["a"]}, "'beside' is in the same section"),
    ({"question": "water", "is": ["c"]}, "'c' is no choice of question water"),
    ({"question": "water", "is": []}, "must be"),
    ({"question": "water", "at_least": 1}, "question water is of type single and has no at_least"),
    ({"question": "wells", "is": ["a"]}, "question wells is of type integer and has no is"),
    ({"question": "wells", "at_least": "1"}, "at_least must be a number"),
    ({"question": "wells", "at_least": 1, "is": ["a"]}, "must be"),
    ({"question": "place", "is": ["AF-XXX"]}, "'AF-XXX' is no choice of question place"),
    ({"any": [{"question": "water", "is": ["a"]}, {}]}, "must be"),
]


@pytest.mark.parametrize(("condition", "reason"), RELEVANCE, ids=[r for _, r in RELEVANCE])
def test_a_condition_is_refused_with_its_reason(condition, reason):
    document = a_file(
        asked("single", choices=CHOICES),
        asked("integer", "wells"),
        asked("place", "place"),
        later=[
            asked("single", "beside", choices=CHOICES),
            asked("integer", "x", relevance=condition),
        ],
    )
    document["sections"].append(
        {"key": "end", "title": text(), "questions": [asked("single", "later", choices=CHOICES)]}
    )
    found = problems(document)
    assert len(found) == 1
    assert found[0].startswith("section more, question x: relevance: ")
    assert reason in found[0]


def test_a_condition_may_not_be_nested_without_end():
    condition: dict[str, Any] = {"question": "water", "is": ["a"]}
    for _ in range(2_000):
        condition = {"not": condition}
    document = a_file(asked("integer", relevance=condition))
    assert problems(document) == [
        "section needs, question water: relevance: is nested more than 6 deep"
    ]


def test_a_section_needs_questions_and_known_fields():
    assert problems({"sections": [{"key": "a", "title": text(), "colour": 1}]}) == [
        "section a: unknown field 'colour'",
        "section a: questions is missing",
    ]


def test_every_type_but_the_group_can_be_written():
    assert {question.type for question in parse(FULL, EN).definition.questions()} == set(
        QuestionType
    )


FULL = a_file(
    asked("note", "hello"),
    asked("short_text", "name", quotable=True),
    asked("long_text", "words", max_length=8000),
    asked("integer", "wells", min=0, plausible=[0, 50]),
    asked("decimal", "hours", max=24.5),
    asked("date", "day", min="1900-01-01"),
    asked("single", "sex", choices=a_list("woman", "man", "undisclosed"), required=True),
    asked(
        "multiple", "needs", choices=[*CHOICES, {"key": "no", "title": text(), "exclusive": True}]
    ),
    asked("scale", "safe", choices=a_list("low", "high"), sensitive=True),
    asked("matrix", "trust", choices=CHOICES, rows=a_list("army")),
    asked("ranking", "tasks", choices=CHOICES, most=1),
    asked("place", "place", countries=["AF"]),
    asked("people", "people", plausible=[0, 200]),
    asked("recommendation", "ask", choices=CHOICES),
    later=[
        asked(
            "note",
            "so",
            relevance={
                "any": [{"question": "sex", "is": ["woman"]}, {"question": "wells", "at_least": 3}]
            },
        )
    ],
)


def spots(node: Any):
    """Every place in a document where something stands."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for name, value in items:
        yield node, name
        if isinstance(value, dict | list):
            yield from spots(value)
