"""`flask demo`: everything made up, to try it all."""

import sys
from collections.abc import Iterable
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from consult import clock
from consult.consultations import access
from consult.db import database
from consult.frame.refusals import Command


@click.command("demo", cls=Command)
@click.option(
    "--submissions",
    type=click.IntRange(min=0),
    default=400,
    show_default=True,
    help="How many living submissions; one that is withdrawn comes on top.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The same number makes the same submissions.",
)
@with_appcontext
def demo(submissions: int, seed: int) -> None:
    """Load the demonstration, or delete what it holds and build it anew.

    A database that ever held it is marked for good: every page says so, and no other consultation
    opens. Refused in production.
    """
    # With the generator come libraries that no other command or process needs.
    from consult.demo import accounts, load

    settings = current_app.extensions["settings"]
    house = load.House(settings, access.server_keys(), database(), clock.now())
    told = load.load(house, load.Size(submissions, seed), _watched)
    click.echo(f"The demonstration {load.SLUG} holds {submissions} submissions.")
    width = max(len(credentials.name) for credentials in told.values())
    for credentials in told.values():
        click.echo(f"  {credentials.name:{width}}  {credentials.passphrase}")
    click.echo(f"These accounts stand in {settings.instance / accounts.FILE}.")


def _watched(made: Iterable[Any], total: int) -> Iterable[Any]:
    """Show how far it is, if somebody looks."""
    if not sys.stderr.isatty():
        yield from made
        return
    with click.progressbar(made, length=total, label="Submissions", file=sys.stderr) as bar:
        yield from bar
