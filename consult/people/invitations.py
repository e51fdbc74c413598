"""Inviting somebody by a link that works once: behind it she sets her own passphrase."""

import secrets as random
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.errors import NotFound
from consult.people import accounts
from consult.people.models import Person, PersonInvitation
from consult.people.own_keys import OwnKey

LASTS = timedelta(hours=72)
TOKEN_BYTES = 32


class NoSuchInvitation(NotFound):
    """The link was used, has run out, or never was: the three look alike."""


@dataclass(frozen=True)
class Invited:
    """Whom a link invites."""

    person_id: int
    uid: bytes
    name: str


def invite(session: Session, person: Person, *, now: datetime) -> str:
    """Give the token of a new link for a person; an earlier link of hers no longer works.

    The token is shown once, as `/<lang>/staff/invitation/<token>`, and stored hashed. Her key
    and passphrase stay as they are until she uses it.
    """
    token = urlsafe_b64encode(random.token_bytes(TOKEN_BYTES)).decode().rstrip("=")
    session.execute(delete(PersonInvitation).where(PersonInvitation.person_id == person.id))
    session.add(
        PersonInvitation(
            id=random.token_bytes(16),
            person_id=person.id,
            token_hash=_hash(token),
            expires_at=now + LASTS,
        )
    )
    session.flush()
    return token


def find(session: Session, token: str, *, now: datetime) -> Invited:
    """Say whom a link invites. Raises `NoSuchInvitation`."""
    query = (
        select(Person.id, Person.uid, Person.name)
        .join(PersonInvitation, PersonInvitation.person_id == Person.id)
        .where(
            PersonInvitation.token_hash == _hash(token),
            PersonInvitation.expires_at > now,
            Person.removed.is_(False),
        )
    )
    if row := session.execute(query).one_or_none():
        return Invited(row.id, row.uid, row.name)
    raise NoSuchInvitation("This link is not valid.")


def accept(session: Session, token: str, key: OwnKey, *, now: datetime) -> Person:
    """Use a link up and give the person the key pair she has just made.

    Raises `NoSuchInvitation`, also when another request used the link in between.
    """
    invited = find(session, token, now=now)
    used = session.scalar(
        delete(PersonInvitation)
        .where(PersonInvitation.token_hash == _hash(token))
        .returning(PersonInvitation.id)
    )
    if used is None:
        raise NoSuchInvitation("This link is not valid.")
    person = session.get_one(Person, invited.person_id)
    accounts.give_key(session, person, key)
    session.flush()
    return person


def _hash(token: str) -> bytes:
    # Not keyed and not slow: the token has 256 bits of its own.
    return blake2b(token.encode(), digest_size=32, person=b"invitation").digest()
