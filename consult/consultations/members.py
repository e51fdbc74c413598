"""Who belongs to a consultation, and who holds its key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.consultations.models import (
    Consultation,
    Membership,
    MembershipState,
    Role,
)
from consult.errors import BadInput, NotNow
from consult.people import accounts
from consult.people.models import Person, Standing
from consult.safekeeping import audit, keys
from consult.safekeeping.keys import ConsultationKeys
from consult.safekeeping.models import Event
from consult.safekeeping.secrets import Secrets


class AdministratorNeverReads(NotNow):
    """An administrator runs the installation and has no role in a consultation."""


class HasARole(BadInput):
    """She has a role in this consultation already."""


@dataclass(frozen=True)
class Member:
    """Somebody's role in a consultation, and whether it still waits for the key."""

    person_id: int
    uid: bytes
    name: str
    role: Role
    pending: bool
    has_key: bool


def add(
    session: Session,
    consultation: Consultation,
    person: Person,
    role: Role,
    *,
    granted_by: int | None = None,
) -> Membership:
    """Give a person a role; one that reads is pending until `grant`.

    Raises `AdministratorNeverReads` and `HasARole`.
    """
    _not_for_administrators(person)
    if find(session, consultation, person.id) is not None:
        raise HasARole(f"{person.name} has a role in {consultation.slug} already")
    state = MembershipState.PENDING if role.reads else MembershipState.ACTIVE
    member = Membership(
        person_id=person.id,
        consultation_id=consultation.id,
        role=role,
        state=state,
        granted_by=granted_by,
    )
    session.add(member)
    session.flush()
    return member


def found(session: Session, consultation: Consultation, editor: Person) -> Membership:
    """Make the editor of a new consultation, whose keys were born wrapped for her."""
    member = add(session, consultation, editor, Role.EDITOR, granted_by=editor.id)
    member.state = MembershipState.ACTIVE
    session.flush()
    return member


def grant(
    session: Session,
    secrets: Secrets,
    consultation: Consultation,
    content: ConsultationKeys | None,
    person: Person,
    role: Role,
    *,
    granted_by: int | None,
    at: datetime,
) -> Membership:
    """Give a person a role, and with one that reads the keys, wrapped for her alone.

    `content` is what the granter has opened (`unlocked.keys`, or a paper key's), and may be left
    out for a role that does not read. `granted_by` is None when a paper key grants. A role she
    had before is replaced. Raises `AdministratorNeverReads`, and what `keys.wrap_for` raises when
    she has no key of her own yet.
    """
    _not_for_administrators(person)
    member = find(session, consultation, person.id)
    if member is None:
        member = add(session, consultation, person, role, granted_by=granted_by)
    if role.reads:
        if content is None:
            raise keys.Locked("only somebody who holds the key can grant it")
        keys.wrap_for(session, secrets, content, person=person, granted_by=granted_by)
    else:
        keys.remove_wraps(session, person_id=person.id, consultation_id=consultation.id)
    member.role, member.state, member.granted_by = role, MembershipState.ACTIVE, granted_by
    session.flush()
    audit.note(
        session,
        secrets,
        Event.GRANT,
        actor=granted_by,
        consultation=consultation.id,
        subject=f"person={person.id} role={role.value}",
        at=at,
    )
    return member


def remove(
    session: Session, secrets: Secrets, person: Person, *, by: int | None, at: datetime
) -> None:
    """Remove a person: her roles, wraps and sessions go in this one transaction."""
    session.execute(delete(Membership).where(Membership.person_id == person.id))
    accounts.remove(session, person)
    audit.note(session, secrets, Event.REMOVAL, actor=by, subject=f"person={person.id}", at=at)


def find(session: Session, consultation: Consultation, person_id: int) -> Membership | None:
    """Give a person's role in a consultation, pending or not."""
    return session.scalar(
        select(Membership).where(
            Membership.consultation_id == consultation.id, Membership.person_id == person_id
        )
    )


def is_active(session: Session, member: Membership) -> bool:
    """Say whether a role may be used: one that reads only while its key is wrapped for her.

    Asked of the wraps too, since a new pair of her own (a reset) ends them and not this row.
    """
    if member.state is not MembershipState.ACTIVE:
        return False
    return not member.role.reads or keys.holds(
        session, person_id=member.person_id, consultation_id=member.consultation_id
    )


def every(session: Session, consultation: Consultation) -> list[Member]:
    """Give everybody with a role in a consultation, by name."""
    rows = session.execute(
        select(Membership, Person)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.consultation_id == consultation.id, Person.removed.is_(False))
        .order_by(Person.name_key)
    )
    return [_member(session, row, person) for row, person in rows]


def of_person(session: Session, person_id: int) -> Sequence[tuple[Consultation, Role, bool]]:
    """Give a person's consultations with her role, and whether it may be used yet."""
    rows = session.execute(
        select(Consultation, Membership)
        .join(Membership, Membership.consultation_id == Consultation.id)
        .where(Membership.person_id == person_id)
        .order_by(Consultation.slug)
    )
    return [(consultation, row.role, is_active(session, row)) for consultation, row in rows]


def _member(session: Session, row: Membership, person: Person) -> Member:
    return Member(
        person_id=person.id,
        uid=person.uid,
        name=person.name,
        role=row.role,
        pending=not is_active(session, row),
        has_key=person.public_key is not None and not person.must_set,
    )


def _not_for_administrators(person: Person) -> None:
    if person.standing is Standing.ADMINISTRATOR:
        raise AdministratorNeverReads("an administrator has no role in a consultation")
