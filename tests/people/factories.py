"""People who are ready to sign in, and the way through the sign-in page."""

from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.people import accounts, own_keys
from consult.people.models import Person, PersonInvitation, StaffSessionRow, Standing
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


def stored(session: Session, instance: Path) -> bytes:
    """All bytes of the people's tables, and with SQLite of the files they lie in."""
    session.rollback()
    found = [file.read_bytes() for file in instance.glob("consult.sqlite3*")]
    for model in (Person, PersonInvitation, StaffSessionRow):
        for row in session.execute(select(model.__table__)):
            found += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\0".join(found)
