"""Sendings that are right; a test says only what differs."""

import secrets
from typing import Any

from consult.consultations import members, versions
from consult.consultations.access import Unlocked
from consult.consultations.models import Consultation
from consult.people import own_keys
from consult.people.models import Person
from consult.people.own_keys import Keeping
from consult.people.sessions import Account, Sitting
from consult.safekeeping import keys
from consult.submissions import inbox
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel, Consent, Sending, Sent
from consult.submissions.models import Lane
from tests.consultations.factories import PASSPHRASE, TODAY, House


def a_sending(version_id: int, **changed: Any) -> Sending:
    made: dict[str, Any] = {
        "token": secrets.token_bytes(16),
        "version_id": version_id,
        "answers": {"sex": "woman", "story": "Wells and pipes."},
        "language": "en",
        "channel": Channel.WEB,
        "consent": Consent(use=Use.QUOTE_ANONYMOUS),
        "lane": Lane.OPEN,
        "begun_on": TODAY,
    }
    return Sending(**{**made, **changed})


def sent(house: House, consultation: Consultation, **changed: Any) -> Sent:
    """Send once and commit."""
    sending = a_sending(newest_version(house, consultation), **changed)
    done = inbox.receive(house.session, consultation, sending, secrets=house.secrets, today=TODAY)
    house.session.commit()
    return done


def newest_version(house: House, consultation: Consultation) -> int:
    return versions.current(house.session, consultation).id


def unlocked(house: House, consultation: Consultation, person: Person | None = None) -> Unlocked:
    """The consultation, opened by a person who may read it."""
    person = person or house.editor
    keeping = Keeping.of(house.app.extensions["settings"], house.secrets)
    private = own_keys.opened(own_keys.locked(person), PASSPHRASE, keeping)
    assert private is not None
    assert members.find(house.session, consultation, person.id) is not None
    opened = keys.unlock(
        house.session,
        house.secrets,
        person_id=person.id,
        private_key=private,
        consultation_id=consultation.id,
        consultation_uid=consultation.uid,
    )
    account = Account(person.id, person.uid, person.name, person.standing, person.demonstration)
    return Unlocked(account, consultation, opened, Sitting())
