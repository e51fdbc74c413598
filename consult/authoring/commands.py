"""`flask consultations load` and `dump`: a consultation as one file."""

from pathlib import Path

import click
from flask import current_app

from consult import clock
from consult.authoring import exchange
from consult.authoring.exchange import Loader
from consult.consultations import access
from consult.db import reader, transaction
from consult.errors import BadInput
from consult.frame import outfiles
from consult.frame.refusals import Commands
from consult.people.models import Person
from consult.people.sign_in import Opened
from consult.questionnaires.definition import Wrong

FILE = click.Path(path_type=Path, dir_okay=False)


class NoFile(BadInput):
    """The file cannot be read or written."""


def add_to(group: Commands) -> None:
    """Add the two commands to `flask consultations`."""
    group.command("load")(load)
    group.command("dump")(dump)


@click.argument("file", type=FILE)
@access.opens
def load(opened: Opened, file: Path) -> None:
    """Make a draft of FILE, replace a draft, or make a new version of what is open."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise NoFile(f"{file} cannot be read: {error.strerror}") from error
    places = current_app.extensions["settings"].high_risk_places
    try:
        with transaction() as session:
            editor = session.get_one(Person, opened.person_id)
            loader = Loader(editor, clock.now(), places)
            done = exchange.load(session, access.server_keys(), content, loader)
            number, slug = done.version.number, done.consultation.slug
    except Wrong as wrong:
        for problem in wrong.problems[:-1]:
            click.echo(str(problem), err=True)
        raise NoFile(f"{wrong.problems[-1]}; nothing was loaded") from wrong
    click.echo(f"{slug}: {done.change.value}, version {number}")


@click.argument("slug")
@click.option("--out", type=FILE, required=True, help="The file to write, mode 600.")
def dump(slug: str, out: Path) -> None:
    """Write consultation SLUG with its newest questions and all their texts."""
    with reader() as session:
        text = exchange.dump(session, slug)
    outfiles.write(out, text.encode())
    click.echo(f"{slug} is written to {out}")
