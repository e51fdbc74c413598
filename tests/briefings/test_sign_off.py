"""Sign-off: a second pair of eyes, what is frozen, and what a withdrawal takes out again."""

import json

import pytest
from sqlalchemy import func, select

from consult.briefings import blocks, markdown, published, sign_off, writing
from consult.briefings.blocks import Quote
from consult.briefings.models import BriefingVersion
from consult.briefings.sign_off import Approving, Stage
from consult.consultations import approvals
from consult.consultations.models import ApprovalKind
from consult.demo.voices import VOICES
from consult.languages.locales import LANGUAGES
from consult.safekeeping.models import AuditEvent, Event
from consult.submissions import withdrawal
from consult.submissions.models import PublishedQuote, Submission
from tests.briefings.factories import TEXTS, WRITTEN, Room, a_briefing
from tests.conftest import NOW


def approve(room: Room, draft, by=None, reason="a test", mark=None) -> None:
    sign_off.approve(
        room.session,
        room.house.secrets,
        by or room.unlocked,
        draft,
        mark or draft.mark,
        reason=reason,
        at=NOW,
    )


def publish(room: Room) -> BriefingVersion:
    draft = writing.current(room.session, room.unlocked)
    with room.app.app_context():
        sign_off.ask(room.session, room.unlocked, draft)
        approve(room, draft)
        version = sign_off.publish(
            room.session, room.house.secrets, room.unlocked, draft, room.house.act()
        )
        room.session.commit()
        return version


def stage(room: Room) -> Stage:
    draft = writing.current(room.session, room.unlocked)
    return sign_off.stage(room.session, room.consultation, draft)


def test_a_briefing_goes_from_draft_to_published(room):
    a_briefing(room)
    assert stage(room) is Stage.DRAFT
    draft = writing.current(room.session, room.unlocked)
    sign_off.ask(room.session, room.unlocked, draft)
    assert stage(room) is Stage.IN_REVIEW
    approve(room, draft)
    assert stage(room) is Stage.APPROVED
    with room.app.app_context():
        sign_off.publish(room.session, room.house.secrets, room.unlocked, draft, room.house.act())
    assert stage(room) is Stage.PUBLISHED


def test_a_change_after_the_approval_needs_a_new_one(room):
    draft = a_briefing(room)
    sign_off.ask(room.session, room.unlocked, draft)
    approve(room, draft)
    writing.add_finding(room.session, room.unlocked, draft, TEXTS)
    assert stage(room) is Stage.DRAFT
    changed = writing.current(room.session, room.unlocked)
    with room.app.app_context(), pytest.raises(sign_off.NotApproved):
        sign_off.publish(room.session, room.house.secrets, room.unlocked, changed, room.house.act())


def test_a_request_for_older_words_waits_for_nobody(room):
    draft = a_briefing(room)
    sign_off.ask(room.session, room.unlocked, draft)
    writing.add_finding(room.session, room.unlocked, draft, TEXTS)
    changed = writing.current(room.session, room.unlocked)
    sign_off.ask(room.session, room.unlocked, changed)
    waiting = approvals.waiting(room.session, room.consultation, ApprovalKind.BRIEFING)
    assert [one.subject for one in waiting] == [changed.subject]


def test_what_was_read_is_what_is_approved(room):
    draft = a_briefing(room)
    sign_off.ask(room.session, room.unlocked, draft)
    with pytest.raises(sign_off.Changed):
        approve(room, draft, mark="0" * 32)


def test_at_risk_level_low_its_author_approves_with_a_reason_and_it_is_noted_as_a_waiver(room):
    draft = a_briefing(room)
    sign_off.ask(room.session, room.unlocked, draft)
    with pytest.raises(approvals.ReasonNeeded):
        approve(room, draft, reason=" ")
    approve(room, draft, reason="Nobody else is there.")
    kinds = room.session.scalars(select(AuditEvent.kind)).all()
    assert Event.WAIVER in kinds


def test_above_it_only_somebody_who_wrote_nothing_in_it_approves(house):
    room = Room.raised(house)
    draft = a_briefing(room)
    sign_off.ask(room.session, room.unlocked, draft)
    me = room.unlocked.person.id
    assert sign_off.approving(room.consultation, draft, me) is Approving.ANOTHER
    with pytest.raises(approvals.OwnRequest):
        approve(room, draft)
    second = room.other_editor()
    writing.add_finding(room.session, second, draft, TEXTS)
    both = writing.current(room.session, room.unlocked)
    sign_off.ask(room.session, room.unlocked, both)
    # She wrote in it meanwhile, so it takes a third.
    with pytest.raises(approvals.OwnRequest):
        approve(room, both, by=second)
    approve(room, both, by=room.other_editor("Third"), reason=None)
    assert stage(room) is Stage.APPROVED


def test_figures_are_published_once(room):
    a_briefing(room)
    publish(room)
    writing.begin(room.session, room.unlocked, "en")
    with pytest.raises(sign_off.OnlyOnce):
        publish(room)


def test_a_published_briefing_is_not_changed(room):
    draft = a_briefing(room)
    publish(room)
    with pytest.raises(writing.Published):
        writing.add_finding(room.session, room.unlocked, draft, TEXTS)


def test_what_is_published_reads_like_what_was_approved(room):
    from tests.briefings.test_document import compose

    room.written()
    before = {locale: compose(room, locale, published=True) for locale in LANGUAGES}
    version = publish(room)
    for locale, made in before.items():
        after = published.render(room.session, version, locale)
        assert markdown.file(after) == markdown.file(made)


def test_no_word_of_a_voice_lies_in_the_published_document_itself(room):
    room.written()
    version = publish(room)
    text = json.dumps(version.document, ensure_ascii=False)
    said = [words for voice in VOICES for words in voice.words.values()]
    pieces = [piece for finding in WRITTEN["findings"] for piece in finding["evidence"]]
    for piece in pieces:
        said += piece.get("quote", {}).get("translations", {}).values()
    kept = room.session.scalars(select(PublishedQuote.text)).all()
    for words in said:
        assert words not in text
        assert words in kept
    assert "شبکهٔ نمونهٔ زنان" not in text
    assert version.document["figures"]["threshold"] == 10


def test_a_withdrawn_voice_leaves_the_published_briefing_in_every_language_and_figures_stay(room):
    room.written()
    version = publish(room)
    row = room.session.scalars(select(Submission).where(Submission.id == room.voices[6])).one()
    withdrawal.withdraw(room.session, row)
    room.session.commit()
    for locale in LANGUAGES:
        made = published.render(room.session, version, locale)
        assert len([block for block in made.blocks if isinstance(block, Quote)]) == 7
        assert "شبکهٔ نمونهٔ زنان" not in markdown.file(made).decode()
    assert (
        "120 submissions are counted."
        in markdown.file(published.render(room.session, version, "en")).decode()
    )
    count = room.session.scalar(select(func.count()).select_from(PublishedQuote))
    assert count is not None
    assert count > 0


def test_a_language_that_was_not_published_gives_the_original(room):
    a_briefing(room)
    version = publish(room)
    assert published.locales(version) == list(LANGUAGES)
    assert published.render(room.session, version, "sw").locale == "en"
    assert published.newest(room.session, room.consultation).id == version.id


def test_a_published_document_needs_no_key_and_nothing_heavy():
    import subprocess
    import sys

    script = (
        "import sys; import consult.briefings.published, consult.briefings.html\n"
        "assert not {'numpy', 'docx', 'typst', 'consult.submissions.opening'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_published_consultation_that_was_closed_is_reported(room):
    from consult.consultations import lifecycle
    from consult.consultations.models import State

    a_briefing(room)
    lifecycle.close(room.session, room.house.secrets, room.consultation, room.house.act())
    publish(room)
    assert room.consultation.state is State.REPORTED


def test_blocks_that_nobody_knows_are_refused():
    with pytest.raises(KeyError):
        blocks.from_json({"kind_of": "Script"})
