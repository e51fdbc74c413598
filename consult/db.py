"""The engine, its pragmas, and the two blocks that stand around every use of the database."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase, Session

NAMES = {
    "ix": "%(table_name)s_%(column_0_name)s_index",
    "uq": "%(table_name)s_%(constraint_name)s",
    "ck": "%(table_name)s_%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_name)s_known",
    "pk": "%(table_name)s_pkey",
}
# WAL+NORMAL lost acknowledged rows in most simulated power cuts, FULL in none (SAFETY 6.1).
PRAGMAS = {
    "page_size": 65536,
    "journal_mode": "wal",
    "synchronous": 2,
    "secure_delete": 1,
    "foreign_keys": 1,
    "busy_timeout": 10000,
    "trusted_schema": 0,
}


class Base(DeclarativeBase):
    """Every table. A rule without a name is an error, since its name is what a log shows."""

    metadata = sa.MetaData(naming_convention=NAMES)


class Moment(sa.TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone of what it stores."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Store UTC; a moment without a zone is refused."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Give UTC."""
        if value is not None and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value and value.astimezone(UTC)


def one_of(kind: type[Enum], *, name: str) -> sa.Enum:
    """Give a text column type that holds the values of an enum and nothing else."""
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Database:
    """One database: its engine, and for SQLite the lock that keeps writers from busy waiting."""

    def __init__(self, address: str, *, cascades: bool = True) -> None:
        """Connect to a URL; `cascades=False` is for migrations alone (SAFETY 6.5)."""
        self.url = driver_url(address)
        self.engine = sa.create_engine(self.url)
        self._thread = threading.Lock()
        self._lock_file = lock_file(self.url)
        if self.url.get_backend_name() == "sqlite":
            _prepare_sqlite(self.engine, cascades=cascades)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session; leaving the block without an error is the commit.

        What was loaded keeps its values afterwards, for the page that confirms.
        """
        with self._writing(), Session(self.engine, expire_on_commit=False) as session:
            if self._lock_file is not None:
                session.connection(execution_options={"writes": True})
            yield session
            session.commit()

    @contextmanager
    def reader(self) -> Iterator[Session]:
        """Give a session for looking only; nothing is kept of what it changes."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Queue the writers of an SQLite file: its own busy loop sleeps and makes a long tail."""
        if self._lock_file is None:
            yield
            return
        with self._thread, self._lock_file.open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def driver_url(address: str) -> URL:
    """Read a database address; `postgresql://` means psycopg 3. Raises `ArgumentError`."""
    url = make_url(address)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def lock_file(url: URL) -> Path | None:
    """Name the file beside an SQLite database that its writers lock."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database + ".lock")


def transaction() -> Any:
    """Stand around the one writing call of a page or command: leaving the block commits."""
    return database().transaction()


def reader() -> Any:
    """Stand around a page or command that writes nothing."""
    return database().reader()


def database() -> Database:
    """Give the database of the running application."""
    found: Database = current_app.extensions["database"]
    return found


def _prepare_sqlite(engine: sa.Engine, *, cascades: bool) -> None:
    pragmas = {**PRAGMAS, "foreign_keys": int(cascades)}

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _: Any) -> None:
        # The driver's own transactions begin too late; ours begin in the listener below.
        connection.isolation_level = None
        cursor = connection.cursor()
        for name, value in pragmas.items():
            cursor.execute(f"PRAGMA {name}={value}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
