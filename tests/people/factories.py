"""People who are ready to sign in, and the way through the sign-in page."""

from flask import Flask
from sqlalchemy.orm import Session

from consult.people import accounts, own_keys
from consult.people.models import Person, Standing
from consult.people.own_keys import Keeping
from tests.pages import Client, Page

PASSPHRASE = "tulip rain seven rivers"
ACCOUNT = "/en/staff/account"
SIGN_IN = "/en/staff/sign-in"


def a_person(
    session: Session,
    keeping: Keeping,
    *,
    name: str = "Palwasha",
    standing: Standing = Standing.EDITOR,
    passphrase: str = PASSPHRASE,
    must_set: bool = False,
) -> Person:
    """A person with a key of her own, stored."""
    person = accounts.add(session, name, standing)
    key = own_keys.make(person.uid, passphrase, keeping)
    accounts.give_key(session, person, key, must_set=must_set)
    session.commit()
    return person


def token(page: Page) -> str:
    return page.field("csrf_token").attributes["value"] or ""


def send(client: Client, path: str, fields: dict[str, str] | None = None) -> Page:
    """Open a page with a form and send the form as a browser would."""
    return client.post(path, {"csrf_token": token(client.get(path)), **(fields or {})})


def sign_in(
    client: Client, name: str = "Palwasha", passphrase: str = PASSPHRASE, path: str = SIGN_IN
) -> Page:
    return send(client, path, {"name": name, "passphrase": passphrase})


def signed_in(app: Flask, name: str = "Palwasha") -> Client:
    """A browser of its own in which a person has signed in."""
    client = Client(app)
    assert sign_in(client, name).status == 303
    return client


def cookie(client: Client) -> str:
    found = client.flask.get_cookie("consult")
    return found.value if found else ""
