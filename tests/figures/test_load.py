"""Columns from sealed rows: only what is new is opened, and a withdrawal empties them."""

import secrets

import pytest
import sqlalchemy as sa

from consult.consultations import versions
from consult.consultations.access import Unlocked
from consult.figures import columns
from consult.people import own_keys
from consult.people.own_keys import Keeping
from consult.people.sessions import Sitting
from consult.safekeeping import keys
from consult.submissions import inbox, opening, withdrawal
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel, Consent, Sending
from consult.submissions.models import Lane, SealedPart, Submission
from tests.consultations.factories import PASSPHRASE, TODAY


@pytest.fixture
def unlocked(house):
    consultation = house.opened()
    keeping = Keeping.of(house.app.extensions["settings"], house.secrets)
    private = own_keys.opened(own_keys.locked(house.editor), PASSPHRASE, keeping)
    held = keys.unlock(
        house.session,
        house.secrets,
        person_id=house.editor.id,
        private_key=private,
        consultation_id=consultation.id,
        consultation_uid=consultation.uid,
    )
    return Unlocked(house.editor, consultation, held, Sitting())


def send(house, unlocked, **answers):
    version = versions.current(house.session, unlocked.consultation)
    sending = Sending(
        token=secrets.token_bytes(16),
        version_id=version.id,
        answers=answers,
        language="en",
        channel=Channel.PAPER,
        consent=Consent(use=Use.COUNT),
        lane=Lane.NONE,
        begun_on=TODAY,
    )
    inbox.store(
        house.session, unlocked.consultation, sending, secrets=house.secrets, received_on=TODAY
    )
    house.session.flush()


def sexes(held):
    joined = next(iter(held.questions))
    names = ["", *(choice.key for choice in joined.choices)]
    return sorted(names[code] for code in held.data[joined.id][0])


def test_columns_hold_what_lives_and_a_withdrawal_leaves_them_at_the_next_load(house, unlocked):
    for sex in ("woman", "woman", "man"):
        send(house, unlocked, sex=sex, story="A long story.")
    cache = columns.Cache()
    assert sexes(columns.load(house.session, unlocked, cache=cache)) == ["man", "woman", "woman"]

    send(house, unlocked, sex="another")
    gone = house.session.scalars(sa.select(Submission)).first()
    (opened,) = opening.load(house.session, unlocked, [gone.id]).opened
    withdrawal.withdraw(house.session, gone)
    house.session.flush()

    wanted = ["another", "man", "woman", "woman"]
    wanted.remove(opened.answers["sex"])
    assert sexes(columns.load(house.session, unlocked, cache=cache)) == wanted


def test_what_was_opened_is_not_opened_again(house, unlocked):
    send(house, unlocked, sex="woman")
    cache = columns.Cache()
    before = columns.load(house.session, unlocked, cache=cache)
    # A part that can no longer be opened shows whether it is looked at.
    house.session.execute(sa.update(SealedPart).values(blob=b"\x01" * 200))
    assert columns.load(house.session, unlocked, cache=cache).data.keys() == before.data.keys()
    assert sexes(columns.load(house.session, unlocked, cache=cache)) == ["woman"]


def test_what_cannot_be_read_is_told_and_never_counted_as_no_answer(house, unlocked):
    send(house, unlocked, sex="woman")
    send(house, unlocked, sex="man")
    part = house.session.scalars(
        sa.select(SealedPart).where(SealedPart.compartment == "content")
    ).first()
    part.blob = part.blob[:-1] + bytes([part.blob[-1] ^ 1])
    house.session.flush()
    held = columns.load(house.session, unlocked, cache=columns.Cache())
    assert held.unreadable == {part.submission_id}
    assert len(held) == 1
