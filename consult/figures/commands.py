"""`flask tally`: every closed question's figures, as JSON, CSV or XLSX."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import with_appcontext

from consult.consultations import access
from consult.consultations.access import Permission, Unlocked
from consult.errors import BadInput
from consult.figures import asking, exports
from consult.figures.asking import Asked
from consult.figures.exports import Format
from consult.figures.tally import OneAtATime
from consult.frame import outfiles
from consult.frame.outfiles import NotWritten
from consult.frame.refusals import Command

LABELS_IN = "en"


class NoFilter(BadInput):
    """A filter is written `FACET=VALUE`."""


class Later(BadInput):
    """What a later version brings."""


@click.command("tally", cls=Command)
@click.argument("slug")
@click.option("--by", multiple=True, metavar="FACET", help="Break down by a facet; repeatable.")
@click.option("--where", multiple=True, metavar="FACET=VALUE", help="Only one group of a facet.")
@click.option("--weight", type=click.Choice(["people"]), help="Comes with a later version.")
@click.option("--threshold", type=int, help="Hide counts below this; it can only be raised.")
@click.option("--format", "kind", type=Format, required=True, help="json, csv or xlsx.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A file, mode 600.")
@with_appcontext
@access.as_person(Permission.COUNT)
def tally(
    unlocked: Unlocked,
    by: Sequence[str],
    where: Sequence[str],
    weight: str | None,
    threshold: int | None,
    kind: Format,
    out: Path | None,
) -> None:
    """Tally every closed question of consultation SLUG; small numbers are hidden."""
    if weight:
        raise Later("figures by people represented come with a later version")
    if out is None and kind is Format.XLSX and sys.stdout.isatty():
        raise NotWritten("a terminal cannot show an XLSX file; give --out FILE")
    asked = Asked(tuple(dict.fromkeys(by)), _filters(where), threshold)
    source = asking.source(unlocked, LABELS_IN)
    made = source.tally(asked)
    # Made in memory first, so that a failure leaves nothing half written.
    file = io.BytesIO()
    exports.write(made, kind, file)
    if out is None:
        click.echo(file.getvalue(), nl=False)
    else:
        outfiles.write(out, file.getvalue())
        click.echo(f"{made.submissions.value} submissions tallied into {out.name}")
    if made.unreadable:
        click.echo(f"{made.unreadable} could not be read and are in no figure", err=True)


def _filters(where: Sequence[str]) -> dict[str, str]:
    if len(where) > 1:
        raise OneAtATime("a second filter comes with a later version")
    found = {}
    for text in where:
        facet, sign, value = text.partition("=")
        if not (facet and sign and value):
            raise NoFilter(f"{text!r} is no filter; write FACET=VALUE, such as sex=woman")
        found[facet] = value
    return found
