import pytest
from sqlalchemy import select

from consult.people import accounts, invitations, own_keys
from consult.people.invitations import NoSuchInvitation
from consult.people.models import Person, PersonInvitation, Standing
from consult.safekeeping import keys, words
from consult.safekeeping.models import AuditEvent, Event
from tests.people.factories import a_person, send, sign_in, signed_in, stored

OWN = "violin market snow ladder"
LANGUAGES = ["en", "fr", "fa-af", "ps"]


@pytest.fixture
def invited(session, clock):
    """The token of somebody who has been invited."""
    person = accounts.add(session, "Palwasha", Standing.EDITOR)
    token = invitations.invite(session, person, now=clock())
    session.commit()
    return token


def path(token: str, language: str = "en") -> str:
    return f"/{language}/staff/invitation/{token}"


def choose(client, token: str, passphrase: str = OWN, again: str | None = None):
    fields = {"passphrase": passphrase, "passphrase_again": again or passphrase}
    return send(client, path(token), fields)


def test_behind_the_link_she_sets_her_passphrase_and_her_key_is_made(client, session, invited):
    page = choose(client, invited)
    assert page.status == 200
    assert "Palwasha" in page.text
    person = session.scalars(select(Person)).one()
    assert person.public_key
    assert not person.must_set
    assert sign_in(client, passphrase=OWN).status == 303


def test_before_that_she_has_no_key_and_nothing_can_be_wrapped(session, keeping, invited):
    person = session.scalars(select(Person)).one()
    assert person.public_key is None
    with pytest.raises(keys.NoKeyOfHerOwn):
        keys._wrap_for_person(keeping.secrets, bytes(16), bytes(32), person, granted_by=None)


def test_nothing_can_be_wrapped_while_somebody_else_set_her_passphrase(session, keeping):
    person = a_person(session, keeping, must_set=True)
    assert person.public_key is None
    with pytest.raises(keys.NoKeyOfHerOwn):
        keys._wrap_for_person(keeping.secrets, bytes(16), bytes(32), person, granted_by=None)


def test_the_public_key_is_tied_to_her_by_its_mac(client, session, keeping, invited):
    choose(client, invited)
    person = session.scalars(select(Person)).one()
    keys.check_person(keeping.secrets, person.uid, person.public_key, person.mac)
    with pytest.raises(keys.KeySwapped):
        keys.check_person(keeping.secrets, bytes(16), person.public_key, person.mac)


def test_a_link_works_once(client, invited):
    assert choose(client, invited).status == 200
    assert client.get(path(invited)).status == 404


def test_a_used_a_late_and_an_unknown_link_look_alike(client, session, clock, invited):
    choose(client, invited)
    late = invitations.invite(session, session.scalars(select(Person)).one(), now=clock())
    session.commit()
    clock.move(hours=72)
    texts = {client.get(path(token)).text for token in (invited, late, "unknown", "é", "a" * 500)}
    assert len(texts) == 1
    assert "There is no page at this address" in texts.pop()


def test_a_link_holds_for_72_hours(client, clock, invited):
    clock.move(hours=71, minutes=59)
    assert client.get(path(invited)).status == 200


def test_a_second_link_makes_the_first_one_useless(client, session, clock, invited):
    second = invitations.invite(session, session.scalars(select(Person)).one(), now=clock())
    session.commit()
    assert client.get(path(invited)).status == 404
    assert client.get(path(second)).status == 200


def test_only_a_hash_of_the_token_is_stored(session, invited, instance):
    assert session.scalars(select(PersonInvitation)).one().token_hash
    disk = stored(session, instance)
    assert invited.encode() not in disk


def test_a_link_that_another_request_used_meanwhile_sets_nothing(session, keeping, clock, invited):
    found = invitations.find(session, invited, now=clock())
    key = own_keys.make(found.uid, OWN, keeping)
    invitations.accept(session, invited, key, now=clock())
    with pytest.raises(NoSuchInvitation):
        invitations.accept(session, invited, key, now=clock())


def test_six_words_are_proposed_and_stay_while_she_mends_what_was_refused(client, invited):
    page = client.get(path(invited))
    proposed = page.field("proposed_words").attributes["value"]
    assert len(proposed.split()) == 6
    assert set(proposed.split()) <= set(words.WORDS)
    fields = {**page.hidden(), "passphrase": "short", "passphrase_again": "short"}
    refused = client.post(path(invited), fields)
    assert refused.status == 422
    assert refused.field("proposed_words").attributes["value"] == proposed


def test_words_that_are_not_ours_are_not_proposed_back(client, invited):
    page = client.get(path(invited))
    fields = {**page.hidden(), "proposed_words": "<b>evil</b>", "passphrase": "x"}
    assert "evil" not in client.post(path(invited), fields).html


@pytest.mark.parametrize(
    ("passphrase", "again", "label", "error"),
    [
        ("tulip rain", None, "New passphrase", "Use at least 15 characters."),
        ("tulip " * 50, None, "New passphrase", "Use at most 256 characters."),
        (
            "Consultation2026",
            None,
            "New passphrase",
            "This is made of words that are tried first. Take other words, or the six above.",
        ),
        (
            OWN,
            OWN + "x",
            "The same passphrase again",
            "The two passphrases differ. Enter the same one twice.",
        ),
    ],
)
def test_a_refused_passphrase_is_explained_and_never_shown_again(
    client, session, invited, passphrase, again, label, error
):
    page = choose(client, invited, passphrase, again)
    assert page.status == 422
    assert page.error_beside(label) == error
    assert passphrase.strip() not in page.html
    session.rollback()
    assert session.scalars(select(Person)).one().public_key is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_without_a_session_are_whole_in_every_language(client, invited, language):
    assert client.get(path(invited, language)).status == 200
    assert client.get(f"/{language}/staff/sign-in").status == 200


def test_a_new_link_leaves_the_old_passphrase_alone_until_it_is_used(
    app, client, session, keeping, clock
):
    person = a_person(session, keeping)
    before = person.public_key
    session.rollback()
    browser = signed_in(app)
    token = invitations.invite(session, person, now=clock())
    session.commit()
    assert browser.get("/en/staff/account").status == 200
    choose(client, token)
    assert browser.get("/en/staff/account").status == 303
    assert sign_in(client).status == 422
    session.rollback()
    assert session.scalars(select(Person)).one().public_key != before


def test_setting_a_passphrase_is_noted(client, session, invited):
    choose(client, invited)
    event = session.scalars(select(AuditEvent)).one()
    assert event.kind is Event.NEW_KEY


def test_names_that_look_the_same_are_one(session):
    accounts.add(session, "Zarghona Ana", Standing.MEMBER)
    for name in ("zarghona  ana", "ZARGHONA ANA", "Zarghóna Ana", "Zarghona\u200d Ana"):
        with pytest.raises(accounts.NameTaken):
            accounts.add(session, name, Standing.MEMBER)


@pytest.mark.parametrize("name", ["", "  ", "\u200d", "a\nb", "a\0b", "x" * 81, "a\u2028b"])
def test_a_name_is_one_line_that_can_be_typed(session, name):
    with pytest.raises(accounts.BadName):
        accounts.add(session, name, Standing.MEMBER)


def test_the_name_of_a_removed_person_is_free_and_she_stays_as_a_row(session, keeping):
    first = a_person(session, keeping)
    accounts.remove(session, first)
    second = a_person(session, keeping)
    assert second.id != first.id
    assert (first.name, first.removed, first.private_blob) == ("Palwasha", True, None)
    assert accounts.by_name(session, "Palwasha").id == second.id
    assert [person.id for person in accounts.living(session)] == [second.id]


def test_a_removed_person_is_found_by_nothing(session, keeping):
    person = a_person(session, keeping)
    accounts.remove(session, person)
    with pytest.raises(accounts.NoSuchPerson):
        accounts.by_name(session, "Palwasha")
    with pytest.raises(accounts.NoSuchPerson):
        accounts.by_uid(session, person.uid)
