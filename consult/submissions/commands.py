"""`flask submissions import` and `export`."""

import io
from pathlib import Path

import click

from consult import clock
from consult.consultations import access, lookup, versions
from consult.consultations.access import Permission, Unlocked
from consult.db import reader, transaction
from consult.frame import outfiles
from consult.frame.refusals import Commands
from consult.safekeeping import audit
from consult.safekeeping.models import Event
from consult.submissions import exports, imports, opening
from consult.submissions.exports import Format
from consult.submissions.imports import OnBad

submissions = Commands("submissions", help="What came in: from files, and into files.")
FILE = click.Path(path_type=Path, dir_okay=False)


@submissions.command("import")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--skip-bad",
    "on_bad",
    flag_value=OnBad.SKIP,
    default=OnBad.STOP,
    type=OnBad,
    help="Leave bad lines out, each named, instead of storing nothing.",
)
def import_lines(slug: str, file: Path, on_bad: OnBad) -> None:
    """Store the submissions of FILE (JSON lines) in consultation SLUG: all of them or none."""
    with transaction() as session, file.open("rb") as lines:
        consultation = lookup.by_slug(session, slug)
        version = versions.current(session, consultation)
        done = imports.load(
            session,
            consultation,
            version.id,
            versions.definition(version),
            lines,
            on_bad=on_bad,
            secrets=access.server_keys(),
            today=clock.today(consultation.time_zone),
        )
    for bad in done.bad:
        click.echo(str(bad), err=True)
    click.echo(f"{done.stored} stored, {done.known} known already, {len(done.bad)} left out")


@submissions.command("export")
@click.argument("slug")
@click.option("--format", "kind", type=Format, required=True, help="csv, xlsx or jsonl.")
@click.option("--out", type=FILE, required=True, help="The file to write, mode 600.")
@access.as_person(Permission.EXPORT)
def export(unlocked: Unlocked, kind: Format, out: Path) -> None:
    """Write every living submission of consultation SLUG to a file, in random order."""
    exports.check_allowed(unlocked.consultation)
    with reader() as session:
        loaded = opening.load(session, unlocked)
        definitions = [
            versions.definition(versions.one(session, unlocked.consultation, version_id))
            for version_id in sorted({one.version_id for one in loaded.opened}, reverse=True)
        ] or [versions.definition(versions.current(session, unlocked.consultation))]
    # Made in memory first, so that a failure leaves nothing half written.
    made = io.BytesIO()
    count = exports.write(made, kind, definitions, loaded.opened)
    with transaction() as session:
        audit.note(
            session,
            access.server_keys(),
            Event.EXPORT,
            actor=unlocked.person.id,
            consultation=unlocked.consultation.id,
            subject=f"format={kind.value} count={count}",
            at=clock.now(),
        )
    outfiles.write(out, made.getvalue())
    click.echo(f"{count} submissions written to {out.name}")
    if loaded.unreadable:
        click.echo(f"{len(loaded.unreadable)} could not be read", err=True)
