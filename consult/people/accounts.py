"""Adding, finding and removing people, and giving them keys."""

import secrets as random
import unicodedata
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.errors import BadInput, NotFound
from consult.languages import folding
from consult.people.models import Person, PersonInvitation, StaffSessionRow, Standing
from consult.people.own_keys import OwnKey
from consult.safekeeping import keys

LONGEST_NAME = 80


class NoSuchPerson(NotFound):
    """Nobody living has this name or id."""


class BadName(BadInput):
    """A name is empty, too long, or holds signs that cannot be shown."""


class NameTaken(BadInput):
    """Somebody has this name, or one that looks the same."""


def add(
    session: Session,
    name: str,
    standing: Standing,
    *,
    demonstration: bool = False,
    uid: bytes | None = None,
) -> Person:
    """Add somebody without a passphrase. Raises `BadName` or `NameTaken`.

    `uid` is her random id where a key was made for it before: a slow hash holds up no writer.
    """
    key = name_key(name)
    person = Person(
        uid=uid or random.token_bytes(16),
        name=name,
        name_key=key,
        standing=standing,
        demonstration=demonstration,
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        raise NameTaken(f"There is a person named {name}; choose another name.") from None
    return person


def name_key(name: str) -> str:
    """Give the form in which names are told apart: two that look alike are one.

    Raises `BadName` unless the name has 1 to 80 characters, all of them on one line.
    """
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in name):
        raise BadName("A name is one line of letters and signs.")
    key = " ".join(folding.key(name).split())
    if not key:
        raise BadName("Enter a name.")
    if len(name) > LONGEST_NAME:
        raise BadName(f"A name has at most {LONGEST_NAME} characters.")
    return key


def find(session: Session, name: str) -> Person | None:
    """Find a living person by her name, however it is spelled; nothing for no name at all."""
    try:
        key = name_key(name)
    except BadName:
        return None
    return session.scalar(select(Person).where(Person.name_key == key))


def by_name(session: Session, name: str) -> Person:
    """Find a living person by her name. Raises `NoSuchPerson`."""
    if person := find(session, name):
        return person
    raise NoSuchPerson(f"There is no person named {name}.")


def by_uid(session: Session, uid: bytes) -> Person:
    """Find a living person by her random id. Raises `NoSuchPerson`."""
    query = select(Person).where(Person.uid == uid, Person.removed.is_(False))
    if person := session.scalar(query):
        return person
    raise NoSuchPerson("There is no such person.")


def living(session: Session) -> Sequence[Person]:
    """Give everybody with an account, by name."""
    query = select(Person).where(Person.removed.is_(False)).order_by(Person.name_key)
    return session.scalars(query).all()


def give_key(session: Session, person: Person, key: OwnKey, *, must_set: bool = False) -> None:
    """Give a person a new key pair: what was wrapped for the old one is gone with it.

    Her sessions end, and her roles that read wait for a new grant. With `must_set` the
    passphrase is good only for setting her own.
    """
    _forget(session, person)
    person.stored_public_key, person.mac, person.private_blob = key.public, key.mac, key.blob
    person.must_set = must_set
    person.failures, person.failed_at = 0, None


def change_seal(session: Session, person: Person, blob: bytes) -> None:
    """Keep the same key pair under a new passphrase."""
    person.private_blob = blob
    session.flush()


def remove(session: Session, person: Person) -> None:
    """Remove somebody: her wraps, her links and her sessions go in this transaction.

    The row stays as a name, since approvals and the audit refer to it.
    """
    _forget(session, person)
    person.stored_public_key = person.mac = person.private_blob = None
    person.name_key, person.removed, person.must_set = None, True, False
    session.flush()


def end_sessions(session: Session, person: Person) -> None:
    """Sign a person out everywhere."""
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.person_id == person.id))


def _forget(session: Session, person: Person) -> None:
    """Delete what rests on her key: wraps, sessions, and the link that could set it."""
    end_sessions(session, person)
    keys.remove_wraps(session, person_id=person.id, consultation_id=None)
    session.execute(delete(PersonInvitation).where(PersonInvitation.person_id == person.id))
