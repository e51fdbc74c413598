"""`flask translations`: the catalogues of the interface."""

import click

from consult.frame.refusals import Commands
from consult.translating import catalogues

translations = Commands("translations", help="The interface texts in every language.")


@translations.command(with_appcontext=False)
def status() -> None:
    """Count texts, missing ones, and those that no native speaker has read."""
    for standing in catalogues.standings(catalogues.ROOT):
        click.echo(
            f"{standing.language.id:<6} {standing.messages - standing.missing} of"
            f" {standing.messages} texts, {standing.missing} missing,"
            f" {standing.unreviewed} unreviewed"
        )


@translations.command(with_appcontext=False)
def extract() -> None:
    """Write translations/messages.pot from the code and templates."""
    click.echo(f"{catalogues.extract(catalogues.ROOT)} messages")


@translations.command(with_appcontext=False)
def update() -> None:
    """Extract, then give every catalogue the messages it lacks."""
    catalogues.update(catalogues.ROOT)
    click.echo("catalogues are up to date with the code")


@translations.command(with_appcontext=False)
def check() -> None:
    """Find all that must not be shipped, in catalogues, code and templates."""
    found = catalogues.faults(catalogues.ROOT)
    for fault in found:
        click.echo(fault)
    if catalogues.msgfmt() is None:
        click.echo("msgfmt is not on the path, so its own check was left out")
    if found:
        raise click.ClickException(f"{len(found)} faults")
    click.echo("no faults")
