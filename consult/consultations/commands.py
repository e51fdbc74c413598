"""`flask users …` and `flask consultations …`; loading and dumping a file come from authoring."""

import secrets
import sys
from pathlib import Path

import click
from flask import current_app
from sqlalchemy.orm import Session

from config.settings import Settings
from consult import clock
from consult.consultations import access, lifecycle, lookup, members, versions
from consult.consultations.access import Permission, Unlocked
from consult.consultations.lifecycle import Act
from consult.consultations.models import Consultation, Role
from consult.db import reader, transaction
from consult.errors import BadInput
from consult.frame import addresses
from consult.frame.refusals import Commands
from consult.people import accounts, invitations, own_keys, passphrases
from consult.people.models import Person, Standing
from consult.people.own_keys import Keeping, OwnKey
from consult.safekeeping import audit, recovery
from consult.safekeeping.models import Event

ADMINISTRATOR = "administrator"
ROLES = click.Choice([ADMINISTRATOR, *(role.value for role in Role)])
CONSULTATION_ROLES = click.Choice([role.value for role in Role])

users = Commands("users", help="People: accounts, roles, access.")
consultations = Commands("consultations", help="Consultations, with their questionnaires.")


class NoConsultationNamed(BadInput):
    """The role belongs to a consultation, and none was named."""


class PassphraseRefused(BadInput):
    """The passphrase in the file is too short, too long, or one that is tried first."""


@users.command("add")
@click.argument("name")
@click.option("--role", type=ROLES, required=True, help="What the person may do.")
@click.option("--consultation", "slug", help="Where; not for administrator, and not to make new.")
@click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Set this passphrase instead of printing a link; in production good only for her own.",
)
def add(name: str, role: str, slug: str | None, passphrase_file: Path | None) -> None:
    """Add NAME; without a passphrase file a one-time link lets her set her own."""
    standing, in_consultation = _wanted(role, slug)
    passphrase = _checked(access.read_passphrase(passphrase_file), name) if passphrase_file else ""
    uid = secrets.token_bytes(16)
    key = own_keys.make(uid, passphrase, _keeping()) if passphrase else None
    with transaction() as session:
        person = accounts.add(session, name, standing, uid=uid)
        waits = _add_role(session, person, in_consultation, slug)
        link = "" if key else _invite(session, person)
        if key:
            _give_key(session, person, key)
    click.echo(f"{name} is added as {role}" + (f" in {slug}" if slug else ""))
    if waits:
        grant = f"flask users grant {name} --role {role} --consultation {slug} --as HOLDER"
        click.echo(f"waits for access: {grant}")
    if link:
        click.echo(f"one-time link, good for 72 hours: {link}")


@users.command("list")
def list_people() -> None:
    """List everybody with an account, her roles, and what is still waited for."""
    with reader() as session:
        for person in accounts.living(session):
            roles = [
                f"{consultation.slug}: {role.value}{'' if active else ' (pending)'}"
                for consultation, role, active in members.of_person(session, person.id)
            ]
            standing = [] if person.standing is Standing.MEMBER else [person.standing.value]
            waits = [] if person.public_key else ["has not set her own passphrase"]
            click.echo(f"{person.name}\t{', '.join([*standing, *roles, *waits]) or 'no role'}")


@users.command("grant")
@click.argument("name")
@click.option("--role", type=CONSULTATION_ROLES, required=True, help="What she may do there.")
@click.option("--consultation", "slug", required=True, help="In which consultation.")
@access.as_person(Permission.GRANT)
def grant(unlocked: Unlocked, name: str, role: str) -> None:
    """Give NAME a role; one that reads gets the keys, wrapped for her alone."""
    with transaction() as session:
        members.grant(
            session,
            access.server_keys(),
            unlocked.consultation,
            unlocked.keys,
            accounts.by_name(session, name),
            Role(role),
            granted_by=unlocked.person.id,
            at=clock.now(),
        )
    click.echo(f"{name} is {role} in {unlocked.consultation.slug}")


@users.command("rescue")
@click.argument("name")
@click.option("--role", type=CONSULTATION_ROLES, required=True, help="What she may do there.")
@click.option("--consultation", "slug", required=True, help="In which consultation.")
def rescue(name: str, role: str, slug: str) -> None:
    """Do as `grant` with the words of a paper key, when nobody else can."""
    words, keys = _typed_words(), access.server_keys()
    with transaction() as session:
        consultation = lookup.by_slug(session, slug)
        content = recovery.open_with_paper(
            session,
            keys,
            consultation_id=consultation.id,
            consultation_uid=consultation.uid,
            typed=words,
        )
        person, at = accounts.by_name(session, name), clock.now()
        subject = f"person={person.id}"
        audit.note(
            session, keys, Event.PAPER_KEY, consultation=consultation.id, subject=subject, at=at
        )
        members.grant(
            session, keys, consultation, content, person, Role(role), granted_by=None, at=at
        )
    click.echo(f"{name} is {role} in {slug}")


@users.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Remove NAME: her roles, keys and sessions end at once."""
    with transaction() as session:
        person = accounts.by_name(session, name)
        members.remove(session, access.server_keys(), person, by=None, at=clock.now())
    click.echo(f"{name} is removed")


@consultations.command("list")
def list_consultations() -> None:
    """List all consultations: slug, public code, state, risk level, days."""
    with reader() as session:
        for consultation in lookup.every(session):
            click.echo(
                f"{consultation.slug}\t{consultation.code}\t{consultation.state.value}"
                f"\t{consultation.risk_level.value}\t{_days(consultation)}"
            )


@consultations.command("show")
@click.argument("slug")
def show(slug: str) -> None:
    """Show one consultation, and what is missing before it can open."""
    with reader() as session:
        consultation = lookup.by_slug(session, slug)
        version = versions.newest(session, consultation)
        questions = sum(1 for _ in versions.definition(version).questions())
        click.echo(f"slug         {consultation.slug}")
        click.echo(f"code         {consultation.code}")
        click.echo(f"state        {consultation.state.value}")
        click.echo(f"risk level   {consultation.risk_level.value}")
        click.echo(f"days         {_days(consultation)} ({consultation.time_zone})")
        click.echo(f"languages    {', '.join(version.locales)}")
        published = "published" if version.published else "not published"
        click.echo(f"version      {version.number}, {published}, {questions} questions")
        click.echo(f"key holders  {lifecycle.holders(session, consultation)}")
        for member in members.every(session, consultation):
            waits = " (pending)" if member.pending else ""
            click.echo(f"member       {member.name}: {member.role.value}{waits}")
        if not version.published:
            today = clock.today(consultation.time_zone)
            for missing in lifecycle.missing(session, consultation, today):
                click.echo(f"missing      {missing.gate.value}")


@consultations.command("drill")
@click.argument("slug")
@access.as_person(Permission.EDIT)
def drill(unlocked: Unlocked) -> None:
    """Type a paper key whole, to prove that it opens SLUG; it is forgotten at once."""
    words = _typed_words()
    with transaction() as session:
        consultation = session.get_one(Consultation, unlocked.consultation.id)
        today = clock.today(consultation.time_zone)
        act = Act(unlocked.person.id, today, clock.now())
        number = lifecycle.drill(session, access.server_keys(), consultation, words, act)
        needed = lifecycle.DRILLS[consultation.risk_level]
        done = lifecycle.drilled(session, consultation, today)
    click.echo(f"paper key {number} opens {consultation.slug}; {done} of {needed} drilled")


def _wanted(role: str, slug: str | None) -> tuple[Standing, Role | None]:
    """Say what a person becomes. Raises `NoConsultationNamed` and `AdministratorNeverReads`."""
    if role == ADMINISTRATOR:
        if slug is not None:
            raise members.AdministratorNeverReads("an administrator has no role in a consultation")
        return Standing.ADMINISTRATOR, None
    if slug is not None:
        return Standing.MEMBER, Role(role)
    if role != Role.EDITOR:
        raise NoConsultationNamed(f"the role {role} needs --consultation SLUG")
    return Standing.EDITOR, None


def _checked(passphrase: str, name: str) -> str:
    if fault := passphrases.fault(passphrase, name=name):
        raise PassphraseRefused(f"the passphrase is refused: {fault.value.replace('_', ' ')}")
    return passphrase


def _add_role(session: Session, person: Person, role: Role | None, slug: str | None) -> bool:
    """Give a new person her role, and say whether it waits for a grant."""
    if role is None or slug is None:
        return False
    members.add(session, lookup.by_slug(session, slug), person, role)
    return role.reads


def _keeping() -> Keeping:
    return Keeping.of(_settings(), access.server_keys())


def _give_key(session: Session, person: Person, key: OwnKey) -> None:
    """Give a person her key; in production she has to choose her own passphrase first."""
    settings, keys = _settings(), access.server_keys()
    accounts.give_key(session, person, key, must_set=settings.production)
    subject = f"person={person.id}"
    audit.note(session, keys, Event.NEW_KEY, subject=subject, at=clock.now())


def _invite(session: Session, person: Person) -> str:
    """Give the whole address of a person's one-time link."""
    token = invitations.invite(session, person, now=clock.now())
    subject = f"person={person.id}"
    audit.note(session, access.server_keys(), Event.INVITATION, subject=subject, at=clock.now())
    settings = _settings()
    site = settings.public_url or f"http://{settings.host}:{settings.port}"
    path = addresses.staff(settings.default_language, None, "invitation", token)
    return site.rstrip("/") + path


def _typed_words() -> str:
    """Give the words of a paper key, typed unseen or piped in."""
    if sys.stdin.isatty():
        return str(click.prompt("The 24 words of the paper key", hide_input=True, err=True))
    return sys.stdin.read()


def _days(consultation: Consultation) -> str:
    return f"{consultation.opens_on or '?'} to {consultation.closes_on or '?'}"


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
