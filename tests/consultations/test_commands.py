"""`flask users` and `flask consultations`: one clear line, and nothing half."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from config.settings import Profile
from consult.consultations import lifecycle, members
from consult.consultations.models import Role
from consult.people import accounts, own_keys
from consult.people.models import Person, Standing
from consult.safekeeping import keys
from consult.safekeeping.models import AuditEvent, Event
from tests.consultations.factories import PASSPHRASE, TODAY, House


@pytest.fixture
def passphrase_file(tmp_path):
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE + "\n")
    return str(file)


def person(house: House, name: str) -> Person:
    found = accounts.find(house.session, name)
    assert found is not None
    return found


def test_without_a_passphrase_a_link_is_printed_that_works(house: House):
    said = house.command("users", "add", "Olga", "--role", "administrator")
    link = re.search(r"http://127\.0\.0\.1:8000(/en/staff/invitation/\S+)", said)
    assert link is not None
    assert house.app.test_client().get(link[1]).status_code == 200
    assert person(house, "Olga").standing is Standing.ADMINISTRATOR


def test_with_a_passphrase_file_she_can_sign_in_at_once(house: House, passphrase_file):
    said = house.command(
        "users", "add", "Olga", "--role", "editor", "--passphrase-file", passphrase_file
    )
    assert "http" not in said
    assert person(house, "Olga").standing is Standing.EDITOR
    house.browser("Olga")


def test_an_analyst_waits_until_a_holder_grants(house: House, passphrase_file):
    consultation = house.load().consultation
    of = ("--role", "analyst", "--consultation", "river-talks")
    said = house.command("users", "add", "Olga", *of, "--passphrase-file", passphrase_file)
    assert "waits for access" in said
    assert "river-talks: analyst (pending)" in house.command("users", "list")
    house.command("users", "grant", "Olga", *of, "--as", "Farida")
    olga = person(house, "Olga")
    assert keys.holds(house.session, person_id=olga.id, consultation_id=consultation.id)
    assert "(pending)" not in house.command("users", "list")


@pytest.mark.parametrize("role", [role.value for role in Role if role is not Role.EDITOR])
def test_a_role_in_a_consultation_needs_its_name(house: House, role):
    said = house.command("users", "add", "Olga", "--role", role, code=1)
    assert said == f"Error: the role {role} needs --consultation SLUG\n"
    assert accounts.find(house.session, "Olga") is None


def test_an_administrator_is_given_no_consultation(house: House):
    house.load()
    of = ("--role", "administrator", "--consultation", "river-talks")
    house.command("users", "add", "Olga", *of, code=1)
    assert accounts.find(house.session, "Olga") is None


@pytest.mark.parametrize("passphrase", ["short", "passphrase123456", ""])
def test_a_weak_passphrase_is_refused_and_nobody_is_added(house: House, tmp_path, passphrase):
    file = tmp_path / "weak"
    file.write_text(passphrase)
    said = house.command(
        "users", "add", "Olga", "--role", "editor", "--passphrase-file", str(file), code=1
    )
    assert said.count("\n") == 1
    assert accounts.find(house.session, "Olga") is None


def test_an_unknown_consultation_adds_nobody(house: House):
    of = ("--role", "observer", "--consultation", "no-such-talks")
    said = house.command("users", "add", "Olga", *of, code=1)
    assert said == "Error: there is no consultation 'no-such-talks'\n"
    assert accounts.find(house.session, "Olga") is None


def test_no_command_makes_a_wrap_for_an_administrator(house: House):
    consultation = house.load().consultation
    olga = house.person("Olga", Standing.ADMINISTRATOR)
    of = ("--role", "analyst", "--consultation", "river-talks")
    house.command("users", "grant", "Olga", *of, "--as", "Farida", code=1)
    house.command("users", "rescue", "Olga", *of, typed=house.papers[0], code=1)
    assert not keys.holds(house.session, person_id=olga.id, consultation_id=consultation.id)
    assert members.find(house.session, consultation, olga.id) is None


def test_a_paper_key_grants_when_nobody_else_can_and_it_is_noted(house: House):
    consultation = house.load().consultation
    olga = house.person("Olga")
    of = ("--role", "editor", "--consultation", "river-talks")
    house.command("users", "rescue", "Olga", *of, typed="not a paper key", code=1)
    house.command("users", "rescue", "Olga", *of, typed=house.papers[1])
    assert keys.holds(house.session, person_id=olga.id, consultation_id=consultation.id)
    assert house.session.scalar(select(AuditEvent).where(AuditEvent.kind == Event.PAPER_KEY))


def test_a_removed_person_can_no_longer_sign_in_or_be_found(house: House):
    house.load()
    browser = house.browser()
    house.command("users", "remove", "Farida")
    assert browser.get("/en/staff/river-talks/opening").status == 303
    assert "Farida" not in house.command("users", "list")
    said = house.command("users", "remove", "Farida", code=1)
    assert said == "Error: There is no person named Farida.\n"


def test_a_drill_by_command_counts(house: House):
    consultation = house.load().consultation
    said = house.command(
        *("consultations", "drill", "river-talks", "--as", "Farida"), typed=house.papers[1]
    )
    assert said == "paper key 2 opens river-talks; 1 of 2 drilled\n"
    assert lifecycle.drilled(house.session, consultation, TODAY) == 1
    assert not set(house.papers[1].split()[:6]) <= set(said.split())


def test_list_and_show_tell_what_is_missing(house: House):
    house.load()
    assert house.command("consultations", "list").split("\t")[:4] == [
        "river-talks",
        "rivr1",
        "draft",
        "raised",
    ]
    shown = house.command("consultations", "show", "river-talks")
    for line in ("version      1, not published, 2 questions", "missing      drill"):
        assert line in shown
    assert "Farida: editor" in shown
    house.command("consultations", "show", "no-such-talks", code=1)


def test_in_production_a_passphrase_set_by_file_is_good_only_for_her_own(
    house: House, passphrase_file
):
    consultation = house.load().consultation
    settings = house.app.extensions["settings"]
    house.app.extensions["settings"] = replace(settings, profile=Profile.PRODUCTION)
    of = ("--role", "analyst", "--consultation", "river-talks")
    house.command("users", "add", "Olga", *of, "--passphrase-file", passphrase_file)
    olga = person(house, "Olga")
    assert olga.must_set
    house.command("users", "grant", "Olga", *of, "--as", "Farida", code=1)
    assert not keys.holds(house.session, person_id=olga.id, consultation_id=consultation.id)


def test_a_passphrase_is_hashed_before_the_database_is_locked(house, monkeypatch, tmp_path):
    file = tmp_path / "passphrase"
    file.write_text("seven rivers meet at noon\n")
    database = house.app.extensions["database"]
    order: list[str] = []
    make, transaction = own_keys.make, database.transaction
    monkeypatch.setattr(own_keys, "make", lambda *a: order.append("hash") or make(*a))
    monkeypatch.setattr(database, "transaction", lambda: order.append("lock") or transaction())
    house.command("users", "add", "Karim", "--role", "editor", "--passphrase-file", str(file))
    assert order[:2] == ["hash", "lock"]
