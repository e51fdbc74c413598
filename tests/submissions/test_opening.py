import secrets

import pytest
from sqlalchemy import select

from consult.safekeeping import envelope, keys
from consult.safekeeping.envelope import Compartment, PartPlace
from consult.safekeeping.models import KeyUse
from consult.submissions import opening
from consult.submissions.consent import Use, lowest
from consult.submissions.models import Kind, SealedPart, Submission
from tests.consultations.factories import House
from tests.submissions.factories import sent, unlocked


@pytest.fixture
def talks(house: House):
    return house.opened()


def amend(house: House, talks, number: int, change: dict) -> bytes:
    """Lay an amendment beside the one submission, sealed as the receipt page will."""
    row = house.session.scalars(select(Submission)).one()
    public = keys.public_key(
        house.session,
        house.secrets,
        consultation_id=talks.id,
        consultation_uid=talks.uid,
        compartment=KeyUse.CONTENT,
    )
    place = PartPlace(talks.uid, public.epoch, row.id, Compartment.AMENDMENT, number)
    blob = envelope.seal_part(change, place, key_id=public.id, public_key=public.key)
    part = SealedPart(
        id=secrets.token_bytes(16),
        submission_id=row.id,
        compartment=Kind.AMENDMENT,
        number=number,
        version_id=row.version_id,
        checksum=envelope.blob_check(house.secrets.key("blob-check"), blob),
        blob=blob,
    )
    house.session.add(part)
    house.session.commit()
    return part.id


def test_amendments_are_merged_in_their_order_and_name_their_part(house, talks):
    sent(house, talks, answers={"sex": "woman", "story": "first"})
    amend(house, talks, 2, {"answers": {"story": "third"}})
    amend(house, talks, 1, {"answers": {"story": "second", "sex": None}})
    (one,) = opening.load(house.session, unlocked(house, talks)).opened
    assert one.answers == {"story": "third"}
    assert one.changed == {"story", "sex"}
    last = house.session.scalars(select(SealedPart).where(SealedPart.number == 2)).one()
    assert one.sources == {"story": last.id}


def test_consent_is_the_lowest_that_was_ever_given(house, talks):
    sent(house, talks)
    amend(house, talks, 1, {"consent": {"use": "count"}})
    amend(house, talks, 2, {"consent": {"use": "quote_attributed"}})
    (one,) = opening.load(house.session, unlocked(house, talks)).opened
    assert one.use is Use.COUNT
    assert not one.may_quote("story")


def test_only_the_wanted_are_opened_and_only_of_this_consultation(house, talks):
    other = house.opened(slug="other-talks", code="othr1")
    sent(house, talks, answers={"story": "here"})
    sent(house, other, answers={"story": "there"})
    here = unlocked(house, talks)
    ids = list(house.session.scalars(select(Submission.id)))
    loaded = opening.load(house.session, here, ids)
    assert [one.answers["story"] for one in loaded.opened] == ["here"]
    assert {pair[0] for pair in opening.living(house.session, here)} == {loaded.opened[0].id}
    theirs = next(i for i in ids if i != loaded.opened[0].id)
    with pytest.raises(opening.NoSubmission):
        opening.one(house.session, here, theirs)


def test_lowest_knows_the_order():
    assert lowest(Use.QUOTE_ATTRIBUTED, Use.QUOTE_ANONYMOUS) is Use.QUOTE_ANONYMOUS
    assert lowest(Use.COUNT, Use.QUOTE_ATTRIBUTED) is Use.COUNT
