import io
import json
from datetime import date
from typing import Any

import pytest

from consult.consultations import versions
from consult.submissions import imports, opening
from consult.submissions.imports import BadLine, OnBad
from consult.submissions.inbox import Channel, Closed
from consult.submissions.models import Lane, Submission
from tests.consultations.factories import TODAY, House
from tests.submissions.factories import unlocked

A_LINE: dict[str, Any] = {
    "language": "ps",
    "received_on": "2026-11-20",
    "consent": {"use": "count"},
    "answers": {"sex": "woman"},
}


@pytest.fixture
def talks(house: House):
    return house.opened()


def take(house: House, talks, *lines: object, on_bad=OnBad.STOP, today: date = TODAY):
    raw = [x if isinstance(x, bytes) else json.dumps(x).encode() + b"\n" for x in lines]
    version = versions.current(house.session, talks)
    return imports.load(
        house.session,
        talks,
        version.id,
        versions.definition(version),
        io.BytesIO(b"".join(raw)),
        on_bad=on_bad,
        secrets=house.secrets,
        today=today,
    )


def test_a_line_becomes_a_submission(house, talks):
    line = {**A_LINE, "channel": "paper", "answers": {"sex": "man", "story": "کلی"}}
    assert take(house, talks, line).stored == 1
    (one,) = opening.load(house.session, unlocked(house, talks)).opened
    assert one.answers == {"sex": "man", "story": "کلی"}
    assert (one.channel, one.lane, one.language) == (Channel.PAPER, Lane.NONE, "ps")
    assert one.received_on == date(2026, 11, 20)


@pytest.mark.parametrize("name", ["fa_AF", "fa-af", "fa", "prs", "FA_af"])
def test_dari_is_understood_under_its_names(house, talks, name):
    take(house, talks, {**A_LINE, "language": name})
    (one,) = opening.load(house.session, unlocked(house, talks)).opened
    assert one.language == "fa_AF"


WRONG = [
    (b"{", "not JSON"),
    (b"[]", "not a JSON object"),
    (b"\xff\xfe", "not UTF-8"),
    (b'{"a":1}{"b":2}', "not JSON"),
    (b"[" * 5000, "nested too deep"),
    (b'{"language":"ps","language":"en"}', "same key twice"),
    ({**A_LINE, "admin": True}, "unknown key"),
    ({k: v for k, v in A_LINE.items() if k != "consent"}, "lacks consent"),
    ({**A_LINE, "language": "de"}, "language"),
    ({**A_LINE, "channel": "web"}, "channel"),
    ({**A_LINE, "received_on": "2026-11-26"}, "after today"),
    ({**A_LINE, "received_on": "20.11.2026"}, "received_on"),
    ({**A_LINE, "consent": {"use": "everything"}}, "consent.use"),
    ({**A_LINE, "consent": {"use": "quote_attributed"}}, "consent.use"),
    ({**A_LINE, "consent": {"use": "count", "contact": "yes"}}, "contact"),
    ({**A_LINE, "organisation": {"name": "A"}}, "organisation"),
    ({**A_LINE, "answers": {"nothing": 1}}, "unknown_question"),
    ({**A_LINE, "answers": {"sex": "WOMAN"}}, "unknown_choice"),
    ({**A_LINE, "answers": {"story": "a\x00b"}}, "character"),
    ({**A_LINE, "answers": []}, "answers"),
    ({**A_LINE, "id": ""}, "id"),
    ({**A_LINE, "id": 7}, "id"),
    (
        b'{"language":"ps","received_on":"2026-11-20","consent":{"use":"count"},'
        b'"answers":{"sex":NaN}}',
        "NaN",
    ),
]


@pytest.mark.parametrize(("line", "reason"), WRONG)
def test_a_wrong_line_is_named_and_nothing_is_stored(house, talks, line, reason):
    if isinstance(line, bytes):
        line += b"\n"
    with pytest.raises(BadLine) as caught:
        take(house, talks, A_LINE, line)
    house.session.rollback()
    assert caught.value.number == 2
    assert reason in caught.value.reason
    assert house.session.query(Submission).count() == 0


def test_bad_lines_may_be_left_out_each_named(house, talks):
    done = take(house, talks, A_LINE, {**A_LINE, "language": "xx"}, A_LINE, on_bad=OnBad.SKIP)
    assert done.stored == 2
    assert [bad.number for bad in done.bad] == [2]


def test_an_id_seen_before_is_skipped_and_counted(house, talks):
    line = {**A_LINE, "id": "row 7"}
    assert take(house, talks, line, line).known == 1
    assert take(house, talks, line).known == 1
    assert house.session.query(Submission).count() == 1


def test_an_id_counts_in_its_own_consultation(house, talks):
    other = house.opened(slug="other-talks", code="othr1")
    line = {**A_LINE, "id": "row 7"}
    assert take(house, talks, line).stored == take(house, other, line).stored == 1


def test_it_is_refused_once_the_grace_after_closing_is_over(house, talks):
    with pytest.raises(Closed):
        take(house, talks, A_LINE, today=date(2026, 12, 22))


def test_more_than_a_web_form_may_hold_is_taken(house, talks):
    long = {**A_LINE, "answers": {"story": "ن" * 2000}}
    assert take(house, talks, long).stored == 1


def test_a_byte_order_mark_and_empty_lines_are_passed_over(house, talks):
    raw = b"\xef\xbb\xbf" + json.dumps(A_LINE).encode() + b"\n\n  \n"
    assert take(house, talks, raw).stored == 1
