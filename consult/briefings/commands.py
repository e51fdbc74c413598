"""`flask briefing`: the latest briefing as a file."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from consult.briefings import files, making
from consult.briefings.files import Format
from consult.consultations import access
from consult.consultations.access import Permission, Unlocked
from consult.errors import BadInput
from consult.frame import outfiles
from consult.frame.refusals import Command
from consult.languages import locales
from consult.languages.locales import LANGUAGES


class NoLanguage(BadInput):
    """A language that documents are not made in."""


@click.command("briefing", cls=Command)
@click.argument("slug")
@click.option("--lang", "language", required=True, help="en, fr, fa_AF or ps.")
@click.option("--format", "kind", type=Format, required=True, help="docx, pdf, html or md.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file to write, mode 600.",
)
@with_appcontext
@access.as_person(Permission.WRITE)
def briefing(unlocked: Unlocked, language: str, kind: Format, out: Path) -> None:
    """Write the latest briefing of consultation SLUG, published or draft, to a file."""
    locale = locales.known(language)
    if locale is None:
        raise NoLanguage(f"no briefing is made in {language!r}; there is {', '.join(LANGUAGES)}")
    made = making.latest(unlocked, locale)
    # Made in memory first, so that a failure leaves nothing half written.
    content = files.make(made, kind)
    making.note(unlocked, locale, kind)
    outfiles.write(out, content)
    click.echo(f"briefing in {made.locale} written to {out.name}")
