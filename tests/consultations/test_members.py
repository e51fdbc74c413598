"""Who is given a consultation's key, and who never is."""

import pytest
from sqlalchemy import select

from consult.consultations import members
from consult.consultations.members import AdministratorNeverReads, HasARole
from consult.consultations.models import Consultation, Membership, Role
from consult.people import accounts, own_keys
from consult.people.models import Person, Standing
from consult.people.own_keys import Keeping
from consult.safekeeping import keys, recovery
from consult.safekeeping.keys import ConsultationKeys, Locked
from consult.safekeeping.models import AuditEvent, Event, KeyWrap
from tests.consultations.factories import NOW, PASSPHRASE, House

READING = [Role.EDITOR, Role.ANALYST]
OTHERS = [role for role in Role if role not in READING]


def opened_by_paper(house: House, consultation: Consultation) -> ConsultationKeys:
    return recovery.open_with_paper(
        house.session,
        house.secrets,
        consultation_id=consultation.id,
        consultation_uid=consultation.uid,
        typed=house.papers[1],
    )


def grant(house: House, consultation: Consultation, person: Person, role: Role) -> Membership:
    return members.grant(
        house.session,
        house.secrets,
        consultation,
        opened_by_paper(house, consultation),
        person,
        role,
        granted_by=house.editor.id,
        at=NOW,
    )


def holds(house: House, consultation: Consultation, person: Person) -> bool:
    return keys.holds(house.session, person_id=person.id, consultation_id=consultation.id)


@pytest.mark.parametrize("role", READING)
def test_a_role_that_reads_waits_until_it_is_granted(house: House, role):
    consultation, person = house.load().consultation, house.person("Olga")
    member = members.add(house.session, consultation, person, role)
    assert not members.is_active(house.session, member)
    grant(house, consultation, person, role)
    assert members.is_active(house.session, member)
    assert holds(house, consultation, person)


@pytest.mark.parametrize("role", OTHERS)
def test_a_role_that_does_not_read_is_given_no_key(house: House, role):
    consultation, person = house.load().consultation, house.person("Olga")
    member = members.add(house.session, consultation, person, role)
    assert members.is_active(house.session, member)
    grant(house, consultation, person, role)
    assert not holds(house, consultation, person)


@pytest.mark.parametrize("role", list(Role))
def test_an_administrator_gets_no_role_and_no_wrap_by_any_call(house: House, role):
    consultation = house.load().consultation
    administrator = house.person("Olga", Standing.ADMINISTRATOR)
    with pytest.raises(AdministratorNeverReads):
        members.add(house.session, consultation, administrator, role)
    with pytest.raises(AdministratorNeverReads):
        grant(house, consultation, administrator, role)
    assert not holds(house, consultation, administrator)


def test_nothing_is_granted_to_somebody_without_a_passphrase_of_her_own(house: House):
    consultation = house.load().consultation
    person = house.person("Olga", with_key=False)
    members.add(house.session, consultation, person, Role.ANALYST)
    with pytest.raises(keys.NoKeyOfHerOwn):
        grant(house, consultation, person, Role.ANALYST)


def test_a_role_that_reads_is_granted_only_with_the_keys(house: House):
    consultation, person = house.load().consultation, house.person("Olga")
    with pytest.raises(Locked):
        members.grant(
            house.session,
            house.secrets,
            consultation,
            None,
            person,
            Role.ANALYST,
            granted_by=house.editor.id,
            at=NOW,
        )


def test_a_role_that_no_longer_reads_loses_its_key(house: House):
    consultation, person = house.load().consultation, house.person("Olga")
    grant(house, consultation, person, Role.ANALYST)
    member = grant(house, consultation, person, Role.TRANSLATOR)
    assert member.role is Role.TRANSLATOR
    assert not holds(house, consultation, person)


def test_nobody_has_two_roles_in_one_consultation(house: House):
    consultation, person = house.load().consultation, house.person("Olga")
    members.add(house.session, consultation, person, Role.OBSERVER)
    with pytest.raises(HasARole):
        members.add(house.session, consultation, person, Role.ANALYST)


def test_a_new_key_of_her_own_makes_her_roles_wait_again(house: House):
    consultation, person = house.load().consultation, house.person("Olga")
    member = grant(house, consultation, person, Role.ANALYST)
    keeping = Keeping.of(house.app.extensions["settings"], house.secrets)
    accounts.give_key(house.session, person, own_keys.make(person.uid, PASSPHRASE, keeping))
    assert not members.is_active(house.session, member)
    (listed,) = [one for one in members.every(house.session, consultation) if one.name == "Olga"]
    assert listed.pending
    assert listed.has_key


def test_removing_somebody_takes_roles_and_wraps_in_one_go(house: House):
    consultation, person = house.load().consultation, house.person("Olga")
    grant(house, consultation, person, Role.ANALYST)
    members.remove(house.session, house.secrets, person, by=None, at=NOW)
    house.session.commit()
    of_her = select(KeyWrap).where(KeyWrap.person_id == person.id)
    assert house.session.scalars(of_her).all() == []
    assert members.find(house.session, consultation, person.id) is None
    assert [one.name for one in members.every(house.session, consultation)] == ["Farida"]


def test_grants_and_removals_are_in_the_audit_without_a_name(house: House):
    consultation, person = house.load().consultation, house.person("Olga")
    grant(house, consultation, person, Role.ANALYST)
    members.remove(house.session, house.secrets, person, by=None, at=NOW)
    told = {
        row.kind: row.subject
        for row in house.session.scalars(select(AuditEvent))
        if row.kind in (Event.GRANT, Event.REMOVAL)
    }
    assert told == {
        Event.GRANT: f"person={person.id} role=analyst",
        Event.REMOVAL: f"person={person.id}",
    }
