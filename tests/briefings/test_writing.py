"""Writing: what is kept, in which order, and that nothing of it lies in the clear."""

import pytest
from sqlalchemy import select

from consult.briefings import writing
from consult.briefings.models import Briefing, Evidence, Finding, Recommendation
from consult.briefings.writing import Asked, Body, TallyOf
from consult.safekeeping.envelope import Tampered
from consult.submissions import withdrawal
from consult.submissions.models import Submission
from tests.briefings.factories import TEXTS, Room, a_briefing


def words(room: Room) -> list[str]:
    draft = writing.current(room.session, room.unlocked)
    return [finding.text["en"] for finding in draft.findings]


def test_the_written_file_is_kept_whole(room):
    draft = room.written()
    assert len(draft.findings) == 7
    assert [len(finding.evidence) for finding in draft.findings] == [2, 3, 3, 3, 2, 3, 3]
    assert len(draft.recommendations) == 9
    assert set(draft.body.summary) == {"en", "fr", "fa_AF", "ps"}
    assert draft == writing.current(room.session, room.unlocked)


def test_findings_move_and_go_and_their_numbers_follow(room):
    draft = a_briefing(room)
    for name in ("b", "c"):
        writing.add_finding(room.session, room.unlocked, draft, {"en": name})
        draft = writing.current(room.session, room.unlocked)
    first = draft.findings[0].id
    writing.move(room.session, room.unlocked, draft, first, by=1)
    assert words(room) == ["b", "Said in en.", "c"]
    draft = writing.current(room.session, room.unlocked)
    writing.move(room.session, room.unlocked, draft, draft.findings[0].id, by=-1)
    assert words(room) == ["b", "Said in en.", "c"]
    writing.drop(room.session, room.unlocked, draft, first)
    assert words(room) == ["b", "c"]


def test_a_recommendation_is_changed(room):
    draft = a_briefing(room)
    changed = Asked(draft.recommendations[0].id, "donors", {"en": "Pay."}, (("sex", "woman"),))
    writing.word_recommendation(room.session, room.unlocked, draft, changed)
    assert writing.current(room.session, room.unlocked).recommendations == (changed,)


def test_evidence_goes_with_its_quote_and_the_quote_with_its_voice(room):
    room.written()
    before = len(room.session.scalars(select(Evidence)).all())
    row = room.session.scalars(select(Submission).where(Submission.id == room.voices[0])).one()
    withdrawal.withdraw(room.session, row)
    room.session.commit()
    room.session.expire_all()
    assert len(room.session.scalars(select(Evidence)).all()) == before - 1
    draft = writing.current(room.session, room.unlocked)
    assert [len(finding.evidence) for finding in draft.findings][0] == 1


def test_nothing_that_was_written_lies_in_the_clear(room):
    draft = a_briefing(room, for_whom={"en": "needle in the masthead"})
    writing.rest_on(
        room.session, room.unlocked, draft, draft.findings[0].id, TallyOf("needs", "schools")
    )
    room.session.commit()
    for kind in (Briefing, Finding, Evidence, Recommendation):
        for row in room.session.scalars(select(kind)):
            assert len(row.blob) in (500, 4_000, 16_000, 64_000, 256_000)
            for needle in (b"needle", b"Said in", b"schools", b"un_missions"):
                assert needle not in row.blob


def test_a_row_opens_in_no_other_place(room):
    draft = a_briefing(room)
    writing.add_finding(room.session, room.unlocked, draft, {"en": "another"})
    first, second = room.session.scalars(select(Finding).order_by(Finding.position)).all()
    first.blob = second.blob
    room.session.flush()
    with pytest.raises(Tampered):
        writing.current(room.session, room.unlocked)


def test_too_much_text_is_refused(room):
    draft = a_briefing(room)
    with pytest.raises(writing.TooMuch):
        writing.keep(
            room.session, room.unlocked, draft, Body("en", context={"en": ("x" * 300_000,)})
        )


def test_parts_of_another_briefing_are_not_found(room):
    draft = a_briefing(room)
    for act in (writing.drop, lambda *who: writing.move(*who, by=1)):
        with pytest.raises(writing.NoBriefing):
            act(room.session, room.unlocked, draft, bytes(16))


def test_texts_fall_back_to_the_original_language_part_by_part():
    body = Body("en", for_whom={"en": "All.", "ps": "ټول."}, summary={"en": ("One.", "Two.")})
    assert body.text(body.for_whom, "ps").text == "ټول."
    assert [(line.text, line.locale) for line in body.lines("summary", "ps")] == [
        ("One.", "en"),
        ("Two.", "en"),
    ]
    assert body.text(TEXTS, "fr").locale == "fr"
