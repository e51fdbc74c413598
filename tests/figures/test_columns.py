"""Columns say exactly what was answered, whatever was changed in between."""

import gc
from dataclasses import replace

import numpy as np
import pytest

from consult.figures import columns
from consult.figures.questions import Questions
from consult.questionnaires.structure import Definition, QuestionType, Section
from tests.figures import made_up


def codes(held, key):
    joined = next(q for q in held.questions if q.key == key)
    names = ["", *(choice.key for choice in joined.choices)]
    return [names[code] for code in held.data[joined.id][0]]


def test_rows_are_in_the_order_of_the_random_ids():
    some = made_up.opened(40)
    held = columns.build(some, made_up.questions())
    assert [name for name, _ in held.pairs] == sorted(one.id for one in some)
    by_id = sorted(some, key=lambda one: one.id)
    assert codes(held, "sex") == [one.answers.get("sex", "") for one in by_id]


def test_no_text_is_in_a_column():
    held = columns.build(made_up.opened(5), made_up.questions())
    assert "u-words/long_text" not in held.data
    assert all(array.dtype.kind in "uif" for array in held.data.values())


@pytest.mark.parametrize("seed", range(12))
def test_after_random_edits_and_withdrawals_they_equal_a_fresh_build(seed):
    random = np.random.default_rng(seed)
    questions = made_up.questions()
    living = made_up.opened(30, seed)
    held = columns.build(living, questions)
    for step in range(6):
        living = [one for one in living if random.random() > 0.1]
        changed = [
            replace(one, revision=bytes([step]), answers=made_up.answers(random))
            if random.random() < 0.2
            else one
            for one in living
        ]
        living = changed + made_up.opened(int(random.integers(0, 5)), 1000 * (seed + 1) + step)
        pairs = {(one.id, one.revision) for one in living}
        fresh = [one for one in living if (one.id, one.revision) not in set(held.pairs)]
        held = columns.refreshed(held, pairs, columns.build(fresh, questions))
        wanted = columns.build(living, questions)
        assert held.pairs == wanted.pairs
        for name, array in wanted.data.items():
            np.testing.assert_array_equal(held.data[name], array)
        for name, array in wanted.asked.items():
            np.testing.assert_array_equal(held.asked[name], array)


def test_versions_are_joined_by_uuid_and_codes_are_never_used_again():
    first = made_up.definition()
    trust = first.question("trust")
    renamed = replace(trust, key="trust_now", choices=made_up.choices("high", "none_at_all", "low"))
    second = Definition((Section("asked", "s-2", (renamed,)),))
    questions = Questions({1: first, 2: second})
    some = [
        made_up.Opened(b"a" * 16, {"trust": "middle"}, 1),
        made_up.Opened(b"b" * 16, {"trust_now": "none_at_all"}, 2),
        made_up.Opened(b"c" * 16, {"trust_now": "low"}, 2),
    ]
    held = columns.build(some, questions)
    assert codes(held, "trust_now") == ["middle", "none_at_all", "low"]
    joined = questions.all[0]
    assert list(joined.codes) == ["low", "middle", "high", "none_at_all"]
    shown = [joined.choices[position].key for position in joined.shown_choices]
    assert shown == ["high", "none_at_all", "low", "middle"]


def test_a_multiple_choice_of_many_choices_and_a_place_of_a_district():
    many = made_up.question(
        "many", QuestionType.MULTIPLE, choices=made_up.choices(*(f"k{i}" for i in range(20)))
    )
    place = made_up.question("place", QuestionType.PLACE, countries=("AF",))
    questions = Questions({1: Definition((Section("a", "s", (many, place)),))})
    some = [made_up.Opened(b"a" * 16, {"many": ["k0", "k19"], "place": "AF-KAB-03"})]
    held = columns.build(some, questions)
    assert held.data["u-many/multiple"][:, 0].nonzero()[0].tolist() == [0, 19]
    assert codes(held, "place") == ["AF-KAB"]


def test_who_was_asked_is_kept_for_questions_with_a_condition():
    some = [
        made_up.Opened(b"a" * 16, {"sex": "woman"}),
        made_up.Opened(b"b" * 16, {"sex": "man", "kinds": "aid"}),
        made_up.Opened(b"c" * 16, {}),
    ]
    held = columns.build(some, made_up.questions())
    assert held.asked["u-kinds/single"].tolist() == [1, 0, 0]
    assert set(held.asked) == {"u-kinds/single"}


def test_an_answer_that_does_not_fit_stops_the_count_and_is_not_repeated():
    odd = made_up.Opened(b"a" * 16, {"sex": "a secret word"})
    with pytest.raises(columns.Uncountable) as refusal:
        columns.build([odd], made_up.questions())
    assert "secret" not in str(refusal.value)


def test_a_cache_is_empty_when_its_sitting_is_gone():
    class Sitting:
        pass

    cache, sitting = columns.Cache(), Sitting()
    cache.put(sitting, 1, columns.build((), made_up.questions()))
    assert cache.get(sitting, 1) is not None
    assert cache.get(sitting, 2) is None
    del sitting
    gc.collect()
    assert not len(cache._held)
