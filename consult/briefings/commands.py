"""`flask briefing`."""

import click

from consult.frame.refusals import Command


@click.command("briefing", cls=Command)
def briefing() -> None:
    """Give the latest briefing."""
