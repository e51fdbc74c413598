"""Who may do what in a consultation: the marks of pages and commands, and what they hand over.

A route or a command finds a consultation only among the person's own. One that she does not
belong to, one where her role waits, a right that she lacks and one that never was are all the
same answer.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import current_app, g
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.consultations import members
from consult.consultations.models import Consultation, Membership, Role
from consult.db import database, reader
from consult.errors import BadInput, NotFound
from consult.frame import marks
from consult.people import sessions, sign_in
from consult.people.own_keys import Keeping
from consult.people.sessions import Account, Sitting
from consult.people.sign_in import Opened
from consult.safekeeping import keys
from consult.safekeeping.keys import ConsultationKeys
from consult.safekeeping.secrets import NoSecret, Secrets

View = TypeVar("View", bound=Callable[..., Any])


class Permission(Enum):
    """What somebody may do in a consultation (SAFETY 2.8)."""

    SEE = "see"  # what is published, and suppressed figures
    READ = "read"  # submissions
    COUNT = "count"  # figures above the threshold
    CODE = "code"
    QUOTE = "quote"  # pick quotes
    WRITE = "write"  # findings and briefings
    CLEAR = "clear"  # a quote for publication, which she did not pick herself
    APPROVE = "approve"  # as the second person
    PUBLISH = "publish"
    ASK_TO_PUBLISH = "ask_to_publish"
    EXPORT = "export"
    EDIT = "edit"  # the consultation, its questionnaire, its gates
    INVITE = "invite"
    GRANT = "grant"  # reading
    TRANSLATE = "translate"  # texts of the questionnaire
    TRANSLATE_ANSWERS = "translate_answers"  # those assigned to her
    SEND = "send"  # for groups; reads nothing back
    AUDIT = "audit"  # events of this consultation


_ANALYST = frozenset(
    {
        Permission.SEE,
        Permission.READ,
        Permission.COUNT,
        Permission.CODE,
        Permission.QUOTE,
        Permission.WRITE,
        Permission.ASK_TO_PUBLISH,
        Permission.EXPORT,
    }
)
_EDITOR = _ANALYST | {
    Permission.CLEAR,
    Permission.APPROVE,
    Permission.PUBLISH,
    Permission.EDIT,
    Permission.INVITE,
    Permission.GRANT,
    Permission.TRANSLATE,
    Permission.AUDIT,
}
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.EDITOR: _EDITOR,
    Role.ANALYST: _ANALYST,
    Role.TRANSLATOR: frozenset({Permission.SEE, Permission.TRANSLATE}),
    Role.ANSWER_TRANSLATOR: frozenset({Permission.SEE, Permission.TRANSLATE_ANSWERS}),
    Role.FACILITATOR: frozenset({Permission.SEE, Permission.SEND}),
    Role.OBSERVER: frozenset({Permission.SEE}),
}


class NotYours(NotFound):
    """There is no such consultation among hers, or not with this right; the two are one."""


class NoPassphrase(BadInput):
    """The file with the passphrase cannot be read, or holds none."""


@dataclass(frozen=True)
class Unlocked:
    """A consultation that somebody may read, opened, for one request or command.

    Never kept. What a room remembers of opened answers hangs on `sitting`, weakly, and so ends
    with the session.
    """

    person: Account
    consultation: Consultation
    keys: ConsultationKeys = field(repr=False)
    sitting: Sitting = field(repr=False)


def allowed(role: Role, permission: Permission) -> bool:
    """Say whether a role has a right."""
    return permission in PERMISSIONS[role]


def find(session: Session, account: Account, slug: str, permission: Permission) -> Consultation:
    """Give a consultation in which a person has a right now. Raises `NotYours`."""
    row = session.execute(
        select(Consultation, Membership)
        .join(Membership, Membership.consultation_id == Consultation.id)
        .where(Consultation.slug == slug, Membership.person_id == account.id)
    ).one_or_none()
    if row is not None:
        consultation, member = row
        if allowed(member.role, permission) and members.is_active(session, member):
            return consultation
    raise NotYours(f"{account.name} has no consultation {slug!r} in which she may do this")


def has(account: Account, consultation: Consultation, permission: Permission) -> bool:
    """Say whether a person has a right in a consultation, for the links of a page.

    A page asks for each of its links, so the answer is kept for the request.
    """
    known: dict[tuple[int, int], frozenset[Permission]] = g.setdefault("rights", {})
    who = account.id, consultation.id
    if who not in known:
        with reader() as session:
            member = members.find(session, consultation, account.id)
            active = member is not None and members.is_active(session, member)
            known[who] = PERMISSIONS[member.role] if member and active else frozenset()
    return permission in known[who]


def unlock(
    session: Session,
    account: Account,
    private_key: bytes,
    slug: str,
    permission: Permission,
    sitting: Sitting,
) -> Unlocked:
    """Find a consultation and open its keys. Raises `NotYours` and what `keys.unlock` raises."""
    consultation = find(session, account, slug, permission)
    opened = keys.unlock(
        session,
        server_keys(),
        person_id=account.id,
        private_key=private_key,
        consultation_id=consultation.id,
        consultation_uid=consultation.uid,
    )
    return Unlocked(account, consultation, opened, sitting)


def needs(permission: Permission) -> Callable[[View], View]:
    """Mark a page below `/<lang>/staff/<slug>/`: it is handed `consultation` instead of `slug`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(slug: str, **values: Any) -> ResponseReturnValue:
            if answer := marks.lead_to_sign_in():
                return answer
            with reader() as session:
                consultation = find(session, account(), slug, permission)
            given: ResponseReturnValue = view(consultation=consultation, **values)
            return given

        return marks.mark(asked, "needs", permission.value)  # type: ignore[return-value] # wraps

    return decorate


def unlocks(permission: Permission) -> Callable[[View], View]:
    """Mark a page that reads: it is handed `unlocked` instead of `slug`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def asked(slug: str, **values: Any) -> ResponseReturnValue:
            if answer := marks.lead_to_sign_in():
                return answer
            held = sessions.current()
            with reader() as session:
                unlocked = unlock(
                    session, account(), held.private_key, slug, permission, held.sitting
                )
            given: ResponseReturnValue = view(unlocked=unlocked, **values)
            return given

        return marks.mark(asked, "unlocks", permission.value)  # type: ignore[return-value] # wraps

    return decorate


def account() -> Account:
    """Give who is signed in, on a page that asked for it."""
    found = sessions.current().account
    if found is None:
        raise NotYours("nobody is signed in")
    return found


def opens(command: View) -> View:
    """Give a command `--as NAME`: it is handed `opened`, the person who proved to be it.

    The passphrase comes from `--passphrase-file`, CONSULT_PASSPHRASE, or a prompt.
    """

    @click.option("--as", "as_name", required=True, metavar="NAME", help="Who does this.")
    @click.option(
        "--passphrase-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A file with the passphrase; else CONSULT_PASSPHRASE, else a prompt.",
    )
    @wraps(command)
    def asked(as_name: str, passphrase_file: Path | None, **values: Any) -> Any:
        return command(opened=sign_in_at_terminal(as_name, passphrase_file), **values)

    return asked  # type: ignore[return-value] # the signature that click sees


def as_person(permission: Permission, slug: str = "slug") -> Callable[[View], View]:
    """Do as `unlocks` for a command: it is handed `unlocked` for the parameter named `slug`."""

    def decorate(command: View) -> View:
        @opens
        @wraps(command)
        def asked(opened: Opened, **values: Any) -> Any:
            who = _account(opened)
            with reader() as session:
                unlocked = unlock(
                    session, who, opened.private_key, values.pop(slug), permission, Sitting()
                )
            return command(unlocked=unlocked, **values)

        return asked  # type: ignore[return-value] # the signature that click sees

    return decorate


def sign_in_at_terminal(name: str, passphrase_file: Path | None) -> Opened:
    """Open a person's key for one command. Raises what `sign_in.check_whole` raises."""
    keeping = Keeping.of(current_app.extensions["settings"], server_keys())
    passphrase = read_passphrase(passphrase_file)
    return sign_in.check_whole(database(), name, passphrase, keeping=keeping, now=clock.now())


def read_passphrase(file: Path | None) -> str:
    """Give a passphrase from a file, CONSULT_PASSPHRASE or a prompt. Raises `NoPassphrase`."""
    if file is None:
        return os.environ.get("CONSULT_PASSPHRASE") or str(
            click.prompt("Passphrase", hide_input=True, err=True)
        )
    try:
        found = file.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise NoPassphrase(f"the passphrase cannot be read from {file}") from error
    if not found:
        raise NoPassphrase(f"{file} is empty")
    return found


def server_keys() -> Secrets:
    """Give the installation's keys. Raises `NoSecret` before `flask init`."""
    found: Secrets | None = current_app.extensions["secrets"]
    if found is None:
        raise NoSecret("There is no installation secret; run `flask init`.")
    return found


def _account(opened: Opened) -> Account:
    return Account(opened.person_id, opened.uid, opened.name, opened.standing, opened.demonstration)
