"""The operator's commands: `flask init`, `flask db …`, `flask serve`."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from config.settings import Settings
from consult.db import database
from consult.frame.refusals import Command, Commands
from consult.upkeep import installing, migrate, serving


@click.command("init", cls=Command)
@with_appcontext
@click.option("--recovery-out", type=click.Path(path_type=Path), help=installing.OUT_HELP)
def init(recovery_out: Path | None) -> None:
    """Create or upgrade the database and the installation secrets."""
    for line in installing.install(_settings(), recovery_out):
        click.echo(line)


@click.command("serve", cls=Command)
@with_appcontext
def serve() -> None:
    """Set up what is missing and serve: what `./start` calls."""
    serving.serve(_settings())


db = Commands("db", help="Bring the database to a schema.")


@db.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database up to REVISION, the newest by default."""
    migrate.upgrade(_settings().database, revision)
    click.echo(f"schema {migrate.current(database())}")


@db.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Bring the database down to REVISION; rows of dropped tables are lost."""
    migrate.downgrade(_settings().database, revision)
    click.echo(f"schema {migrate.current(database())}")


@db.command("current")
def current() -> None:
    """Say which schema the database has, and which one this program knows."""
    click.echo(f"schema {migrate.current(database())}, newest {migrate.head()}")


@db.command("revision")
@click.option("-m", "--message", required=True, help="One reason, in a few words.")
def revision(message: str) -> None:
    """Draft a migration from what the models have and the database lacks (for developers)."""
    migrate.draft(_settings().database, message)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


COMMANDS: list[click.Command] = [init, db, serve]
