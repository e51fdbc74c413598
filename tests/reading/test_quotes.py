"""Quotes: what may be picked, who clears it, and when it may be shown."""

import pytest
from sqlalchemy import func, select

from consult.consultations import approvals, versions
from consult.consultations.models import RiskLevel, Role
from consult.reading import answers, quotes
from consult.reading.models import Quote
from consult.reading.quotes import Clearing, Picked, Standing
from consult.safekeeping import envelope, keys
from consult.safekeeping.envelope import Compartment, PartPlace
from consult.safekeeping.models import KeyUse
from consult.submissions import opening, withdrawal
from consult.submissions.consent import Use
from consult.submissions.models import Kind, SealedPart, Submission
from tests.conftest import NOW
from tests.consultations.factories import House
from tests.factories import Room, a_room

STORY = "We need a road. The clinic is far."


def picked(room: Room, words: str = "We need a road.", by: str = "Amina", **more: object) -> Picked:
    """A quote that an analyst picked from one story."""
    found = room.voice({"story": STORY, "sex": "woman"}, **more)  # type: ignore[arg-type]
    unlocked = room.unlocked(by)
    one = opening.one(room.session, unlocked, found)
    made = quotes.pick(room.session, unlocked, one, "story", words)
    room.session.commit()
    return made


def clear(room: Room, quote: Picked, by: str = "Farida", reason: str | None = None) -> Picked:
    made = quotes.clear(
        room.session,
        room.house.secrets,
        room.unlocked(by),
        quote.id,
        quote.mark,
        reason=reason,
        at=NOW,
    )
    room.session.commit()
    return made


def shown(room: Room, *, published: bool = False) -> list[quotes.ClearedQuote]:
    unlocked = room.unlocked()
    found = answers.load(room.session, unlocked)
    made = quotes.cleared(room.session, unlocked, found, published=published)
    room.session.commit()
    return made


def amend(room: Room, submission_id: bytes, change: dict[str, object]) -> None:
    """What a receipt code will do: another part, and a new revision."""
    consultation = room.consultation
    public = keys.public_key(
        room.session,
        room.house.secrets,
        consultation_id=consultation.id,
        consultation_uid=consultation.uid,
        compartment=KeyUse.CONTENT,
    )
    place = PartPlace(consultation.uid, public.epoch, submission_id, Compartment.AMENDMENT, 1)
    row = room.session.get_one(Submission, submission_id)
    row.revision = b"r" * 16
    room.session.add(
        SealedPart(
            id=b"p" * 16,
            submission_id=submission_id,
            compartment=Kind.AMENDMENT,
            number=1,
            version_id=row.version_id,
            checksum=bytes(32),
            blob=envelope.seal_part(change, place, key_id=public.id, public_key=public.key),
        )
    )
    room.session.commit()


@pytest.fixture
def room(house: House) -> Room:
    made = a_room(house)
    made.member("Amina", Role.ANALYST)
    return made


def test_only_texts_that_consent_and_questionnaire_allow_may_be_quoted(room: Room) -> None:
    said = {
        "story": STORY,
        "secret": "No",
        "ask": {"text": "Build it", "addressee": "donors"},
        "needs": ["other"],
        "needs.other": "Water",
    }
    unlocked = room.unlocked()
    names = {}
    for use in Use:
        one = opening.one(room.session, unlocked, room.voice(said, use=use))
        version = versions.one(room.session, room.consultation, one.version_id)
        found = quotes.sources(versions.definition(version), one)
        names[use] = {source.name: source.text for source in found}
    allowed = {"story": STORY, "ask": "Build it", "needs.other": "Water"}
    assert names == {Use.COUNT: {}, Use.QUOTE_ANONYMOUS: allowed, Use.QUOTE_ATTRIBUTED: allowed}


@pytest.mark.parametrize("words", ["We need a road!", "we need a road.", "road clinic"])
def test_words_that_are_not_in_the_answer_are_refused(room: Room, words: str) -> None:
    with pytest.raises(quotes.NotInAnswer):
        picked(room, words)


def test_a_submission_that_may_only_be_counted_is_never_quoted(room: Room) -> None:
    with pytest.raises(quotes.NoWords):
        picked(room, use=Use.COUNT)


def test_a_quote_is_shown_only_once_an_editor_has_cleared_it(room: Room) -> None:
    quote = picked(room)
    assert shown(room) == []
    clear(room, quote)
    (found,) = shown(room)
    assert (found.text, found.language, found.part_id) == ("We need a road.", "en", quote.part_id)


def test_whoever_picked_or_translated_it_cannot_clear_it_above_low(room: Room) -> None:
    own = picked(room, by="Farida")
    with pytest.raises(approvals.OwnRequest):
        clear(room, own, reason="In a hurry")
    theirs = picked(room)
    unlocked = room.unlocked("Farida")
    changed = quotes.translate(room.session, unlocked, theirs.id, {"fr": "Il faut une route."})
    room.session.commit()
    with pytest.raises(approvals.OwnRequest):
        clear(room, changed, reason="In a hurry")
    room.member("Shirin", Role.EDITOR)
    clear(room, changed, by="Shirin")
    clear(room, own, by="Shirin")
    assert len(shown(room)) == 2


def test_at_risk_level_low_an_editor_may_clear_her_own_with_a_reason(house: House) -> None:
    room = low(house)
    quote = picked(room, by="Farida")
    with pytest.raises(approvals.ReasonNeeded):
        clear(room, quote)
    clear(room, quote, reason="There is one editor.")
    assert len(shown(room)) == 1


def test_a_changed_translation_has_to_be_cleared_again(room: Room) -> None:
    quote = picked(room)
    clear(room, quote)
    changed = quotes.translate(
        room.session, room.unlocked("Amina"), quote.id, {"ps": "سړک ته اړتیا لرو."}
    )
    room.session.commit()
    assert shown(room) == []
    with pytest.raises(quotes.MayNotQuote):
        clear(room, quote)
    clear(room, changed)
    (found,) = shown(room)
    assert dict(found.translation) == {"ps": "سړک ته اړتیا لرو."}
    assert quotes.waiting(room.session, room.consultation) == {}


def test_a_quote_that_waits_twice_changed_waits_once(room: Room) -> None:
    quote = picked(room)
    for words in ("Une route.", "Il faut une route."):
        quotes.translate(room.session, room.unlocked("Amina"), quote.id, {"fr": words})
        room.session.commit()
    assert quotes.waiting(room.session, room.consultation) == {quote.id: quote.by}


def test_a_withdrawal_takes_the_quote_away_without_a_key(room: Room) -> None:
    quote = picked(room)
    clear(room, quote)
    row = room.session.get_one(Submission, quote.submission_id)
    withdrawal.withdraw(room.session, row)
    room.session.commit()
    assert room.session.scalar(select(func.count()).select_from(Quote)) == 0
    assert shown(room) == []
    assert quotes.waiting(room.session, room.consultation) == {}


def test_lowered_consent_hides_a_cleared_quote_at_once(room: Room) -> None:
    quote = picked(room)
    clear(room, quote)
    amend(room, quote.submission_id, {"consent": {"use": "count"}})
    assert shown(room) == []
    unlocked = room.unlocked()
    found = answers.load(room.session, unlocked)
    assert quotes.standing(room.session, unlocked, quote, found) is Standing.LOWERED
    room.session.commit()
    with pytest.raises(quotes.MayNotQuote):
        clear(room, quote)


def test_an_answer_changed_by_receipt_hides_what_was_picked_before(room: Room) -> None:
    quote = picked(room)
    clear(room, quote)
    amend(room, quote.submission_id, {"answers": {"story": STORY}})
    assert shown(room) == []


def test_nothing_of_a_quote_lies_readable_in_its_row(room: Room) -> None:
    quote = picked(room)
    clear(room, quote)
    row = room.session.get_one(Quote, quote.id)
    assert b"road" not in row.blob
    asked = approvals.find(
        room.session, room.consultation, approvals.ApprovalKind.QUOTE, quote.subject
    )
    assert asked is not None
    assert quote.text not in asked.subject


def test_a_grant_forged_in_the_database_clears_nothing(room: Room) -> None:
    quote = picked(room)
    approvals.grant(
        room.session,
        room.consultation,
        approvals.ApprovalKind.QUOTE,
        quote.subject,
        by=room.house.editor.id,
    )
    room.session.commit()
    assert shown(room) == []


def test_only_consent_to_it_names_the_organisation(room: Room) -> None:
    quote = picked(room, use=Use.QUOTE_ATTRIBUTED, organisation="Example House")
    clear(room, quote)
    (found,) = shown(room, published=True)
    assert found.line == quotes.Line("Example House", {})


def test_the_line_names_fewer_facets_until_enough_share_it(room: Room) -> None:
    profile = {"sex": "woman", "age_band": "18_29", "place": "AF-KAB"}
    room.voices(4, profile)
    room.voices(5, profile | {"age_band": "30_44"})
    found = room.voice({"story": STORY, **profile})
    unlocked = room.unlocked("Amina")
    one = opening.one(room.session, unlocked, found)
    quote = quotes.pick(room.session, unlocked, one, "story", STORY)
    room.session.commit()
    clear(room, quote)
    assert shown(room)[0].line.facets == profile
    assert shown(room, published=True)[0].line.facets == {"sex": "woman"}


def test_an_editor_may_clear_what_others_picked(room: Room) -> None:
    quote = picked(room)
    assert quotes.clearing(room.consultation, quote, room.house.editor.id) is Clearing.YES
    assert quotes.clearing(room.consultation, quote, quote.by) is Clearing.ANOTHER


def low(house: House) -> Room:
    """The same at risk level low, which only the demonstration may be in Afghanistan."""
    room = a_room(house)
    room.consultation.risk_level = RiskLevel.LOW
    room.consultation.risk_reason = "A trial"
    room.session.commit()
    return room
