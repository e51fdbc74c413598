"""The tally against a plain recount, and the promises that hold for every number in it."""

import json
import random as plain_random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from consult.figures import columns, release, tally
from consult.figures.questions import Questions
from consult.questionnaires.conditions import Is
from consult.questionnaires.places import iso
from consult.questionnaires.profile import FACETS
from consult.questionnaires.structure import Definition, QuestionType, Section
from tests.figures import made_up

BY = ("sex", "setting", "place")


def tallied(opened, questions=None, **more):
    held = columns.build(opened, questions or made_up.questions())
    more.setdefault("consultation_threshold", 5)
    return tally.build(held, held.questions, made_up.labels, consultation="needs", **more).to_json()


def by_key(data):
    return {question["key"]: question for question in data["questions"]}


def rows_of(question):
    return {row["key"]: row for row in question["rows"]}


def told(key, value):
    """Give the row keys that an answer counts for, by plain rules."""
    if key == "place":
        return [iso(value)]
    if key == "order":
        return value[:1]
    if key == "ask":
        return [value["addressee"]]
    if key == "barriers":
        return [f"{row}.{choice}" for row, choice in value.items()]
    return value if isinstance(value, list) else [value]


def recount(some, key, within=lambda answers: True):
    """Count by a loop over dictionaries: no codes, no arrays."""
    counts, answered, part = Counter(), 0, Counter()
    for one in some:
        if key in one.answers and within(one.answers):
            answered += 1
            counts.update(told(key, one.answers[key]))
            if key == "barriers":
                part.update(one.answers[key].keys())
    return counts, answered, part


COUNTED = ("sex", "setting", "place", "trust", "needs", "barriers", "order", "ask", "violence")


@pytest.mark.parametrize("seed", range(6))
def test_what_is_shown_equals_a_plain_recount(seed):
    some = made_up.opened(400, seed)
    data = by_key(tallied(some, by=BY))
    for key in COUNTED:
        counts, answered, part = recount(some, key)
        question = data[key]
        assert question["answered"] == answered
        assert question["not_answered"] == 400 - answered
        for row in question["rows"]:
            name = row["key"]
            total = part[name.split(".")[0]] if key == "barriers" else answered
            if not row.get("hidden"):
                assert row["count"] == counts[name]
                assert row["share"] == counts[name] / total
            for facet, cells in row["by"].items():
                check_cells(some, key, name, facet, cells, question["groups"][facet])


def check_cells(some, key, name, facet, cells, groups):
    for value, cell in cells.items():
        if cell.get("hidden"):
            assert cell == {"count": None, "share": None, "hidden": True}
            continue
        counts, answered, part = recount(
            some, key, lambda a, value=value: facet in a and told(facet, a[facet]) == [value]
        )
        total = part[name.split(".")[0]] if key == "barriers" else answered
        assert cell == {"count": counts[name], "share": counts[name] / total}
        assert groups[value] == {"answered": answered}


def numbers_shown(data):
    """Give (where, count) of every shown count that says something about people."""
    for question in data["questions"]:
        if question["answered"] is not None:
            yield question["key"], question["answered"]
        for facet, groups in question["groups"].items():
            for value, group in groups.items():
                if group["answered"] is not None:
                    yield f"{question['key']} {facet}={value}", group["answered"]
        for row in question.get("rows", ()):
            if row["count"] is not None:
                yield row["key"], row["count"]
            for facet, cells in row["by"].items():
                for value, cell in cells.items():
                    if cell["count"] is not None:
                        yield f"{row['key']} {facet}={value}", cell["count"]


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("size", [15, 60, 250])
def test_no_count_from_1_to_below_the_threshold_is_shown(size, seed):
    for threshold in (5, 10, 20):
        data = tallied(made_up.opened(size, seed), by=BY, threshold=threshold)
        assert [n for n in numbers_shown(data) if 1 <= n[1] < threshold] == []


def test_what_is_hidden_looks_alike_and_hides_all_that_rests_on_it():
    data = tallied(made_up.opened(120, 3), by=BY)
    hidden = 0
    for question in data["questions"]:
        for row in question.get("rows", ()):
            for facet, cells in row["by"].items():
                for value, cell in cells.items():
                    if row.get("hidden") or question["groups"][facet][value].get("hidden"):
                        assert cell == {"count": None, "share": None, "hidden": True}
            if row.get("hidden"):
                hidden += 1
                assert [row[name] for name in ("count", "share", "low", "high")] == [None] * 4
    assert hidden


def test_single_choices_sum_to_those_who_answered():
    data = by_key(tallied(made_up.opened(400), by=()))
    for key in ("trust", "order", "ask"):
        rows = data[key]["rows"]
        assert sum(row["count"] for row in rows) == data[key]["answered"]


def test_the_order_of_submissions_changes_nothing():
    some = made_up.opened(200)
    other = list(some)
    plain_random.Random(2).shuffle(other)
    assert tallied(some, by=BY) == tallied(other, by=BY)


def test_several_breakdowns_give_the_same_as_one_at_a_time():
    some = made_up.opened(300, 5)
    together = by_key(tallied(some, by=BY))
    for facet in BY:
        for key, question in by_key(tallied(some, by=(facet,))).items():
            assert question["groups"] == (
                {facet: together[key]["groups"][facet]} if key != facet else {}
            )
            for row in question.get("rows", ()):
                whole = rows_of(together[key])[row["key"]]
                assert row["by"] == ({facet: whole["by"][facet]} if key != facet else {})
                assert {**row, "by": 0} == {**whole, "by": 0}


@pytest.mark.parametrize("seed", range(8))
def test_a_facet_by_another_is_one_table_for_both_directions(seed):
    data = by_key(tallied(made_up.opened(300, seed), by=BY))
    for one in BY:
        for two in BY:
            if one == two:
                continue
            for row in data[one]["rows"]:
                for value, cell in row["by"][two].items():
                    turned = rows_of(data[two])[value]["by"][one][row["key"]]
                    assert cell["count"] == turned["count"]


def test_among_facets_nothing_tells_0_from_few():
    data = by_key(tallied(made_up.opened(300), by=BY))
    for key in BY:
        for row in data[key]["rows"]:
            assert row["count"] != 0
            assert all(c["count"] != 0 for cells in row["by"].values() for c in cells.values())
    assert {row["key"] for row in data["place"]["rows"]} >= {"AF", "AF-NUR", "AF-KAB"}


def test_a_facet_is_not_tallied_by_itself():
    data = by_key(tallied(made_up.opened(100), by=("sex",)))
    assert data["sex"]["groups"] == {}
    assert all(row["by"] == {} for row in data["sex"]["rows"])


@pytest.mark.parametrize("seed", range(8))
def test_a_filter_is_the_column_of_the_breakdown(seed):
    some = made_up.opened(300, seed)
    whole = by_key(tallied(some, by=("sex",)))
    data = tallied(some, where={"sex": "woman"})
    women = [one for one in some if one.answers.get("sex") == "woman"]
    assert data["submissions"] == len(women)
    assert data["where"] == {"sex": "woman"}
    assert "sex" not in by_key(data)
    for key, question in by_key(data).items():
        group = whole[key]["groups"]["sex"]["woman"]
        assert question["answered"] == group["answered"]
        assert question["groups"] == {}
        for row in question.get("rows", ()):
            cell = rows_of(whole[key])[row["key"]]["by"]["sex"]["woman"]
            assert (row["count"], row["share"]) == (cell["count"], cell["share"])
            assert row["by"] == {}


@pytest.mark.parametrize("value", ["another", "undisclosed"])
def test_a_filter_that_leaves_a_few_is_refused_in_one_wording(value):
    messages = set()
    for seed in range(3):
        with pytest.raises(release.NotShown) as refusal:
            tallied(made_up.opened(200, seed), where={"sex": value})
        messages.add(str(refusal.value).replace(value, "X"))
    assert messages == {"sex=X is not shown by itself: too few are inside or outside of it"}


def test_a_filter_that_leaves_a_few_others_is_refused():
    some = [made_up.Opened(bytes([i]) * 16, {"sex": "woman"}) for i in range(60)]
    some += [made_up.Opened(bytes([100 + i]) * 16, {"trust": "low"}) for i in range(4)]
    with pytest.raises(release.NotShown):
        tallied(some, where={"sex": "woman"})


def test_a_filter_goes_alone():
    some = made_up.opened(100)
    for more in (
        {"by": ("setting",), "where": {"sex": "woman"}},
        {"where": {"sex": "woman", "setting": "rural"}},
    ):
        with pytest.raises(tally.OneAtATime):
            tallied(some, **more)


def test_an_unknown_facet_or_choice_is_named():
    with pytest.raises(tally.NoFacet, match="does not ask age_band"):
        tallied(made_up.opened(20), by=("age_band",))
    with pytest.raises(tally.NoFacet, match="sex has no choice x"):
        tallied(made_up.opened(20), where={"sex": "x"})
    assert "age_band" in FACETS


def test_fewer_than_10_submissions_give_no_figure():
    data = tallied(made_up.opened(9), by=BY)
    assert data["too_few"] is True
    assert data["questions"] == []


def test_a_question_that_few_answered_is_hidden_whole():
    some = made_up.opened(40)
    few = [
        made_up.Opened(one.id, {k: v for k, v in one.answers.items() if k != "trust" or i < 9})
        for i, one in enumerate(some)
    ]
    question = by_key(tallied(few, by=("sex",)))["trust"]
    assert question["hidden"] is True
    assert question["answered"] is None
    assert question["not_answered"] is None
    assert all(row["hidden"] for row in question["rows"])
    assert all(group["hidden"] for group in question["groups"]["sex"].values())


@pytest.mark.parametrize("women", [4, 30])
def test_a_question_asked_of_a_few_is_hidden_whole(women):
    some = [
        made_up.Opened(bytes([i]) * 16, {"sex": "woman" if i < women else "man", "kinds": "aid"})
        for i in range(80)
    ]
    assert by_key(tallied(some))["kinds"].get("hidden", False) is (women == 4)


def test_a_question_asked_of_almost_all_is_hidden_whole():
    some = [
        made_up.Opened(bytes([i]) * 16, {"sex": "woman", "kinds": "aid"})
        if i < 76
        else made_up.Opened(bytes([i]) * 16, {})
        for i in range(80)
    ]
    assert by_key(tallied(some))["kinds"]["hidden"] is True


def test_a_higher_threshold_shows_only_what_both_show():
    for seed in range(10):
        some = made_up.opened(200, seed)
        own, high = (tallied(some, by=BY, threshold=t) for t in (5, 12))
        assert high["threshold"] == 12
        shown = set(numbers_shown(own))
        assert set(numbers_shown(high)) <= shown
        published = tallied(some, by=BY, consultation_threshold=12)
        assert set(numbers_shown(high)) <= set(numbers_shown(published))


@pytest.mark.parametrize(("own", "asked"), [(5, 4), (10, 5), (4, None)])
def test_a_threshold_is_never_lowered(own, asked):
    with pytest.raises(release.TooLow):
        tallied(made_up.opened(30), consultation_threshold=own, threshold=asked)


def test_numbers_have_quartiles_and_no_extremes():
    some = made_up.opened(100)
    data = by_key(tallied(some))
    spent = [one.answers["spent"] for one in some if "spent" in one.answers]
    wanted = np.quantile(spent, [0.5, 0.25, 0.75])
    found = data["spent"]["summary"]
    assert list(found.values()) == pytest.approx(list(wanted))
    assert list(found) == ["median", "lower_quartile", "upper_quartile"]
    assert len(data["founded"]["summary"]["median"]) == len("2026-01-01")


def test_few_numbers_have_a_median_only_and_fewer_have_none():
    def summary(count):
        some = [made_up.Opened(bytes([i]) * 16, {"members": i}) for i in range(count)]
        some += [made_up.Opened(bytes([100 + i]) * 16, {}) for i in range(10)]
        return by_key(tallied(some))["members"]["summary"]

    assert summary(9) == {
        "median": None,
        "lower_quartile": None,
        "upper_quartile": None,
        "hidden": True,
    }
    assert summary(12) == {"median": 5.5, "lower_quartile": None, "upper_quartile": None}
    assert summary(21) == {"median": 10, "lower_quartile": 5, "upper_quartile": 15}


def test_a_people_cell_that_few_fill_or_one_fills_almost_alone_is_hidden():
    tables = [{"women_18_29": 10, "men_18_29": 3} for _ in range(12)]
    tables += [{"women_18_29": 1, "men_60_plus": 5} for _ in range(4)]
    tables += [{"another_18_29": 900 if i == 0 else 1} for i in range(8)]
    some = [made_up.Opened(bytes([i]) * 16, {"people": t}) for i, t in enumerate(tables)]
    cells = by_key(tallied(some))["people"]["summary"]
    hidden = {"people": None, "hidden": True}
    assert cells["women_18_29"] == {"people": 124}
    assert cells["men_60_plus"] == hidden
    assert cells["women_60_plus"] == hidden
    assert cells["another_18_29"] == hidden


def test_under_a_filter_the_people_table_is_hidden():
    data = by_key(tallied(made_up.opened(300), where={"sex": "woman"}))
    assert all(cell["hidden"] for cell in data["people"]["summary"].values())
    assert data["people"]["answered"] is not None


def test_a_withdrawn_submission_is_in_no_figure():
    some = made_up.opened(200)
    questions = made_up.questions()
    held = columns.build(some, questions)
    left = some[1:]
    held = columns.refreshed(
        held, {(one.id, one.revision) for one in left}, columns.build((), questions)
    )
    after = tally.build(
        held, questions, made_up.labels, consultation="needs", consultation_threshold=5, by=BY
    )
    assert after.to_json() == tallied(left, by=BY)


def test_the_json_has_its_documented_form():
    data = json.loads(json.dumps(tallied(made_up.opened(300), by=("sex",))))
    assert list(data) == [
        "consultation",
        "submissions",
        "threshold",
        "too_few",
        "where",
        "questions",
    ]
    question = by_key(data)["trust"]
    assert list(question) == [
        "key",
        "type",
        "label",
        "answered",
        "not_answered",
        "rows",
        "groups",
    ]
    assert question["label"] == "[q:u-trust.title]"
    row = question["rows"][0]
    assert list(row) == ["key", "label", "count", "share", "low", "high", "by"]
    assert list(row["by"]["sex"]) == list(made_up.SEX)
    assert row["low"] < row["share"] < row["high"]
    assert "words" not in by_key(data)
    assert by_key(data)["barriers"]["rows"][0]["label"] == "[r:r-money.title] – [o:c-never.title]"
    assert by_key(data)["place"]["rows"][0]["label"] == "[place:AF]"


def test_no_template_can_print_a_bare_figure():
    held = columns.build(made_up.opened(50), made_up.questions())
    made = tally.build(
        held, held.questions, made_up.labels, consultation="needs", consultation_threshold=5
    )
    with pytest.raises(TypeError):
        str(made.questions[0].answered)


def test_a_dropped_question_and_choice_still_count():
    first = made_up.definition()
    second = type(first)(first.sections[:1])
    questions = Questions({1: first, 2: second})
    data = by_key(tallied(made_up.opened(60), questions))
    assert data["trust"]["answered"] > 10


def test_only_release_makes_figures():
    import ast
    from pathlib import Path

    makers = [
        path.name
        for path in Path("consult").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Figure"
    ]
    assert set(makers) == {"release.py"}


def conditional(random, size):
    """Answers of which `kinds` is asked of those of middle trust, in uneven settings."""
    some = []
    for number in range(size):
        setting = random.choices(made_up.SETTING, [60, 25, 9, 4, 2])[0]
        trust = random.choices(["low", "middle", "high"], [70, 22, 8])[0]
        told = {"setting": setting, "trust": trust}
        if trust == "middle":
            told["kinds"] = random.choice(["rights", "aid"])
        some.append(made_up.Opened(number.to_bytes(16, "big"), told))
    return some


def asked_of(*choices):
    """The made-up questionnaire, with `kinds` asked of those who gave these answers to `trust`."""
    about, asked = made_up.definition().sections
    kinds = replace(made_up.definition().question("kinds"), relevance=Is("trust", choices))
    first = tuple(q for q in asked.questions if q.key != "kinds")
    last = Section("last", "s-3", (kinds,))
    return Questions({1: Definition((about, replace(asked, questions=first), last))})


def test_a_group_asked_by_a_condition_tells_no_hidden_number_it_rests_on():
    shown = hidden = 0
    for seed in range(40):
        some = conditional(plain_random.Random(seed), 250)
        data = by_key(tallied(some, asked_of("middle"), by=("setting",)))
        row = rows_of(data["trust"])["middle"]
        for value, group in data["kinds"]["groups"]["setting"].items():
            here = sum("kinds" in a.answers and a.answers["setting"] == value for a in some)
            if row["by"]["setting"][value].get("hidden"):
                assert group["answered"] is None
                hidden += here >= 10
            else:
                shown += group["answered"] is not None
    # Neither is empty: some groups are large enough and hidden all the same.
    assert shown > 20
    assert hidden > 0


def test_a_facet_asked_by_a_condition_tells_no_hidden_number_of_the_facet_it_rests_on():
    about, asked = made_up.definition().sections
    kind = made_up.question(
        "organisation_kind",
        QuestionType.SINGLE,
        choices=made_up.choices("women_led", "youth_led"),
        relevance=Is("setting", ("urban", "camp")),
    )
    questions = Questions({1: Definition((about, asked, Section("last", "s-3", (kind,))))})
    shown = 0
    for seed in range(12):
        random = plain_random.Random(seed)
        some = []
        for number, one in enumerate(conditional(random, 900)):
            told = dict(one.answers)
            if told["setting"] in ("urban", "camp"):
                told["organisation_kind"] = random.choice(["women_led", "youth_led"])
            some.append(made_up.Opened(number.to_bytes(16, "big"), told))
        data = by_key(tallied(some, questions, by=("setting", "organisation_kind")))
        cells = [
            row["by"]["setting"][value]
            for row in data["trust"]["rows"]
            if not row.get("hidden")
            for value in ("urban", "camp")
        ]
        groups = data["trust"]["groups"]["organisation_kind"].values()
        if any(cell.get("hidden") for cell in cells):
            assert all(group["answered"] is None for group in groups)
        shown += any(group["answered"] for group in groups)
    assert 0 < shown < 12


def test_which_facets_are_asked_for_changes_nothing_where_one_rests_on_another():
    some = conditional(plain_random.Random(3), 250)
    alone = by_key(tallied(some, asked_of("middle"), by=("setting",)))
    together = by_key(tallied(some, asked_of("middle"), by=("setting", "sex")))
    for key, question in alone.items():
        if key != "setting":
            assert question["groups"]["setting"] == together[key]["groups"]["setting"]
