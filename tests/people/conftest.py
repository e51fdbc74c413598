"""An application of this room alone, until every room has its pages."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from consult.db import Base, Database
from consult.frame import marks, setup, static
from consult.languages import messages
from consult.people import sessions, staff
from consult.people.own_keys import Keeping
from consult.safekeeping import secrets


@pytest.fixture
def database_url(instance: Path) -> str:
    return f"sqlite:///{instance / 'consult.sqlite3'}"


def create_app(settings, *, clock):
    static.install = lambda *a: None
    static.static_url = lambda n: "/s/" + n
    app = Flask("consult", static_folder=None, template_folder=None)
    app.extensions.update(
        settings=settings,
        clock=clock,
        database=Database(settings.database),
        secrets=secrets.load(settings.instance),
    )
    app.secret_key = app.extensions["secrets"].key("form-token")
    app.testing = True
    messages.install(app, default="en")
    setup.install(app, settings)
    sessions.install(app)
    app.register_blueprint(staff.pages)
    marks.check_marks(app)
    return app


@pytest.fixture
def app(settings: Settings, clock) -> Iterator[Flask]:
    app = create_app(settings, clock=clock)
    for room in ("people", "safekeeping", "consultations"):
        importlib.import_module(f"consult.{room}.models")
    names = ("person", "person_invitation", "staff_session", "audit_event")
    engine = app.extensions["database"].engine
    Base.metadata.create_all(engine, tables=[Base.metadata.tables[n] for n in names])
    with engine.begin() as c:
        c.execute(sa.text("create table key_wrap (id blob, key_id blob, person_id int)"))
    yield app
    engine.dispose()


@pytest.fixture
def keeping(app: Flask) -> Keeping:
    return Keeping.of(app.extensions["settings"], app.extensions["secrets"])


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    # No application context: requests would share its `g`, and with it who is signed in.
    with Session(app.extensions["database"].engine) as made:
        yield made
