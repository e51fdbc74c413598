"""Bringing a database to the program's schema: one transaction, one process at a time."""

import fcntl
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from consult.db import Base, Database, lock_file
from consult.errors import NotNow, Refused

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
# Every room with tables; without its models a table would be missing from the metadata.
ROOMS = (
    "briefings",
    "consultations",
    "follow_up",
    "people",
    "reading",
    "safekeeping",
    "submissions",
)
POSTGRES_LOCK = 0x_C0_45_01


class NewerSchema(NotNow):
    """The database was made by a newer program; this one would damage it."""


class NoDatabase(Refused):
    """The database cannot be reached at the address in the settings."""


def metadata() -> sa.MetaData:
    """Give all tables of the program."""
    for room in ROOMS:
        importlib.import_module(f"consult.{room}.models")
    return Base.metadata


def head() -> str:
    """Give the newest revision that this program knows."""
    found = ScriptDirectory(str(FOLDER)).get_current_head()
    assert found is not None  # noqa: S101 - the folder ships with the program
    return found


def current(database: Database) -> str | None:
    """Give the revision of a database, or nothing for an empty one. Raises `NoDatabase`."""
    try:
        with database.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except sa.exc.OperationalError as error:
        raise NoDatabase(f"the database cannot be reached: {_reason(error)}") from error


def upgrade(address: str, revision: str = "head") -> None:
    """Bring a database up; raises `NewerSchema` and `NoDatabase`, and then has changed nothing."""
    with _connection(address) as connection:
        _refuse_newer(connection)
        command.upgrade(_config(connection), revision)


def downgrade(address: str, revision: str) -> None:
    """Bring a database down to a revision; it is for developers and their tests."""
    with _connection(address) as connection:
        command.downgrade(_config(connection), revision)


def draft(address: str, message: str) -> None:
    """Write a new revision with what the tables have and the database lacks."""
    with _connection(address) as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: sa.Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


@contextmanager
def _connection(address: str) -> Iterator[sa.Connection]:
    """Give a connection of its own in one transaction, without cascades (SAFETY 6.5)."""
    database = Database(address, cascades=False)
    try:
        with (
            _alone(database),
            database.engine.connect().execution_options(writes=True) as connection,
            connection.begin(),
        ):
            if connection.dialect.name == "postgresql":
                connection.execute(
                    sa.text("SELECT pg_advisory_xact_lock(:n)"), {"n": POSTGRES_LOCK}
                )
            yield connection
            _check_references(connection)
    except sa.exc.OperationalError as error:
        raise NoDatabase(f"the database cannot be reached: {_reason(error)}") from error
    except OSError as error:
        raise NoDatabase(f"the database cannot be reached: {error.strerror}") from error
    except CommandError as error:
        raise NewerSchema(str(error)) from error
    finally:
        database.engine.dispose()


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Let one process migrate an SQLite file; PostgreSQL has a lock of its own."""
    path = lock_file(database.url)
    if path is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _refuse_newer(connection: sa.Connection) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()}
    if found is not None and found not in known:
        raise NewerSchema(f"the database has schema {found}, which is newer than this program")


def _check_references(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            tables = ", ".join(sorted({row[0] for row in broken}))
            raise RuntimeError(f"rows refer to nothing after the migration: {tables}")


def _reason(error: sa.exc.OperationalError) -> str:
    return str(error.orig).strip().splitlines()[0]
