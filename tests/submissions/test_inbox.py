from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.safekeeping.keys import KeySwapped
from consult.safekeeping.models import ConsultationKey, KeyUse
from consult.submissions import inbox, opening, receipts, withdrawal
from consult.submissions.consent import Use
from consult.submissions.inbox import Closed, Consent, TooMuch
from consult.submissions.models import Kind, SealedPart, State, Submission
from tests.consultations.factories import TODAY, House
from tests.submissions.factories import a_sending, newest_version, sent, unlocked

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def talks(house: House):
    return house.opened()


def test_what_was_sent_is_read_back_by_a_holder_of_the_key(house, talks):
    sent(house, talks, answers={"sex": "woman", "story": "سمې لارې"}, language="ps")
    loaded = opening.load(house.session, unlocked(house, talks))
    (one,) = loaded.opened
    assert one.answers == {"sex": "woman", "story": "سمې لارې"}
    assert (one.language, one.use, one.received_on) == ("ps", Use.QUOTE_ANONYMOUS, TODAY)
    assert loaded.unreadable == ()


def test_every_submission_has_a_content_and_a_contact_part_of_the_same_lengths(house, talks):
    for story in ("short", "long " * 300):
        sent(house, talks, answers={"story": story})
    lengths = {
        (part.compartment, len(part.blob)) for part in house.session.scalars(select(SealedPart))
    }
    assert lengths == {(Kind.CONTENT, 4_000), (Kind.CONTACT, 4_000)}


def test_the_same_token_is_stored_once_whatever_comes_with_it(house, talks):
    token = b"t" * 16
    first = sent(house, talks, token=token, answers={"story": "first"})
    again = sent(house, talks, token=token, answers={"story": "second"})
    assert again.code == first.code
    (one,) = opening.load(house.session, unlocked(house, talks)).opened
    assert one.answers == {"story": "first"}


def test_the_constraint_decides_between_two_that_race_past_the_look(house, talks):
    sending = a_sending(newest_version(house, talks), token=b"r" * 16)
    first = inbox.store(house.session, talks, sending, secrets=house.secrets, received_on=TODAY)
    second = inbox.store(house.session, talks, sending, secrets=house.secrets, received_on=TODAY)
    assert first.code == second.code
    assert house.session.query(Submission).count() == 1


def test_the_code_is_shown_on_its_day_and_until_it_was_kept(house, talks):
    token = b"k" * 16
    done = sent(house, talks, token=token)
    look = {"secrets": house.secrets}
    assert inbox.already_sent(house.session, token, today=TODAY, **look).code == done.code
    assert inbox.already_sent(house.session, token, today=TOMORROW, **look).code is None
    inbox.press_kept(house.session, done.hash)
    assert inbox.already_sent(house.session, token, today=TODAY, **look).code is None


def test_neither_the_token_nor_the_code_is_stored(house, talks):
    token = b"\x01\x02\x03\x04" * 4
    done = sent(house, talks, token=token)
    row = house.session.scalars(select(Submission)).one()
    stored = b"".join(v for v in vars(row).values() if isinstance(v, bytes))
    assert token not in stored
    assert done.code.encode() not in stored
    assert receipts.find(house.session, done.code, house.secrets) is row


@pytest.mark.parametrize("spelling", ["{}", "{} ", "  {}\u200f", "-{}-"])
@pytest.mark.parametrize("digits", ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"])
def test_a_code_is_found_in_any_script_and_with_any_marks(house, talks, spelling, digits):
    done = sent(house, talks)
    typed = spelling.format(receipts.grouped(done.code))
    typed = typed.translate(str.maketrans("0123456789", digits))
    assert receipts.find(house.session, typed, house.secrets).receipt_hash == done.hash


@pytest.mark.parametrize("typed", ["", "1", "0" * 20, "9" * 21, "abcd", "' OR 1=1 --"])
def test_what_is_no_code_finds_nothing(house, talks, typed):
    sent(house, talks)
    with pytest.raises(receipts.UnknownCode):
        receipts.find(house.session, typed, house.secrets)


def test_a_form_begun_while_open_may_be_sent_the_day_after_closing_and_no_later(house, talks):
    sending = a_sending(newest_version(house, talks), begun_on=date(2026, 12, 20))
    after = {"secrets": house.secrets}
    with pytest.raises(Closed):
        inbox.receive(house.session, talks, sending, today=date(2026, 12, 22), **after)
    done = inbox.receive(house.session, talks, sending, today=date(2026, 12, 21), **after)
    assert done.code


def test_more_than_a_web_form_may_hold_is_refused_and_nothing_is_stored(house, talks):
    sending = a_sending(newest_version(house, talks), answers={"story": "x" * 64_000})
    with pytest.raises(TooMuch):
        inbox.receive(house.session, talks, sending, secrets=house.secrets, today=TODAY)
    assert house.session.query(Submission).count() == 0


def test_a_withdrawn_submission_leaves_a_tombstone_and_never_comes_back(house, talks):
    token = b"w" * 16
    done = sent(house, talks, token=token)
    row = receipts.find(house.session, done.code, house.secrets)
    withdrawal.withdraw(house.session, row)
    house.session.commit()
    again = sent(house, talks, token=token)
    assert again.code is None
    assert house.session.query(SealedPart).count() == 0
    assert [row.state for row in house.session.scalars(select(Submission))] == [State.WITHDRAWN]
    assert opening.load(house.session, unlocked(house, talks)).opened == ()


def test_a_swapped_public_key_is_noticed_and_nothing_is_stored(house, talks):
    key = house.session.scalars(
        select(ConsultationKey).where(ConsultationKey.compartment == KeyUse.CONTENT)
    ).one()
    key.public_key = bytes(32)
    house.session.commit()
    with pytest.raises(KeySwapped):
        sent(house, talks)
    house.session.rollback()
    assert house.session.query(Submission).count() == 0


def test_a_damaged_part_is_told_apart_from_no_answer(house, talks):
    sent(house, talks)
    sent(house, talks)
    part = house.session.scalars(
        select(SealedPart).where(SealedPart.compartment == Kind.CONTENT).limit(1)
    ).one()
    part.blob = part.blob[:-1] + bytes([part.blob[-1] ^ 1])
    house.session.commit()
    loaded = opening.load(house.session, unlocked(house, talks))
    assert len(loaded.opened) == 1
    assert loaded.unreadable == (part.submission_id,)


def test_a_part_opens_in_no_other_submission(house, talks):
    sent(house, talks, answers={"story": "one"})
    sent(house, talks, answers={"story": "two"})
    first, second = house.session.scalars(
        select(SealedPart).where(SealedPart.compartment == Kind.CONTENT)
    ).all()
    first.blob, second.blob = second.blob, first.blob
    house.session.commit()
    assert len(opening.load(house.session, unlocked(house, talks)).unreadable) == 2


def test_the_database_keeps_amendments_numbered_and_the_rest_not(house, talks):
    sent(house, talks)
    part = house.session.scalars(select(SealedPart).limit(1)).one()
    part.number = 1
    with pytest.raises(IntegrityError):
        house.session.commit()
    house.session.rollback()


def test_the_organisation_is_read_only_as_far_as_the_consent_reaches(house, talks):
    consent = Consent(use=Use.QUOTE_ATTRIBUTED)
    sent(house, talks, consent=consent, organisation="Women of the valley")
    sent(house, talks, consent=Consent(use=Use.COUNT), organisation="Hidden")
    loaded = opening.load(house.session, unlocked(house, talks))
    assert {one.organisation for one in loaded.opened} == {"Women of the valley", None}
