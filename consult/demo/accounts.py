"""The demonstration's accounts, one a role, and the file that tells their passphrases."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from consult.consultations.models import Role
from consult.errors import BadInput
from consult.people import accounts, own_keys
from consult.people.models import Person, Standing
from consult.people.own_keys import Keeping, OwnKey
from consult.safekeeping import words

FILE = "demo-accounts.json"
ADMINISTRATOR = "administrator"
ROLES = (ADMINISTRATOR, *(role.value for role in Role))
STANDINGS = {ADMINISTRATOR: Standing.ADMINISTRATOR, Role.EDITOR.value: Standing.EDITOR}


class NoAccounts(BadInput):
    """The file with the accounts is not there, or not as it was written."""


@dataclass(frozen=True)
class Credentials:
    """A name and its passphrase."""

    name: str
    passphrase: str = field(repr=False)


def add(session: Session) -> dict[str, Person]:
    """Give a person for each role, adding who is not there. Raises `NameTaken`."""
    found = {}
    for role in ROLES:
        name = _name(role)
        person = accounts.find(session, name)
        if person is None or not person.demonstration:
            standing = STANDINGS.get(role, Standing.MEMBER)
            person = accounts.add(session, name, standing, demonstration=True)
        found[role] = person
    session.flush()
    return found


def propose() -> dict[str, Credentials]:
    """Give each role its name and a random passphrase."""
    return {role: Credentials(_name(role), words.passphrase()) for role in ROLES}


def keys(
    uids: Mapping[str, bytes], proposed: Mapping[str, Credentials], keeping: Keeping
) -> dict[str, OwnKey]:
    """Make a key pair for each role: a slow hash each, so hold no lock meanwhile."""
    return {
        role: own_keys.make(uids[role], credentials.passphrase, keeping)
        for role, credentials in proposed.items()
    }


def write(instance: Path, told: Mapping[str, Credentials]) -> Path:
    """Write the file, for the owner's eyes alone."""
    path = instance / FILE
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    document = {role: vars(credentials) for role, credentials in told.items()}
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=2)
        file.write("\n")
    beside.replace(path)
    return path


def read(instance: Path) -> dict[str, Credentials]:
    """Read the file back. Raises `NoAccounts`."""
    path = instance / FILE
    try:
        document = json.loads(path.read_text("utf-8"))
        return {
            role: Credentials(str(document[role]["name"]), str(document[role]["passphrase"]))
            for role in ROLES
        }
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoAccounts(
            f"{path} is needed to sign in as the editor, and cannot be read"
        ) from error


def _name(role: str) -> str:
    return f"demo-{role.replace('_', '-')}"
