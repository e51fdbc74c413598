"""An application of this room alone: the pages of the others would only make it slower."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from consult.clock import Clock
from consult.db import Database
from consult.frame import marks, setup
from consult.languages import messages
from consult.people import sessions, staff
from consult.people.own_keys import Keeping
from consult.safekeeping import secrets


def create_app(settings: Settings, *, clock: Clock) -> Flask:
    """Build what `consult.app` builds, with these pages only."""
    app = Flask("consult", static_folder=None, template_folder=None)
    held = secrets.load(settings.instance)
    app.extensions.update(
        settings=settings, clock=clock, database=Database(settings.database), secrets=held
    )
    app.config.update(TESTING=True, SECRET_KEY=held.key("form-token"))
    messages.install(app)
    setup.install(app, settings)
    sessions.install(app)
    app.register_blueprint(staff.pages)
    marks.check_marks(app)
    return app


@pytest.fixture
def app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    made = create_app(settings, clock=clock)
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    # No application context: requests would share its `g`, and with it who is signed in.
    with Session(app.extensions["database"].engine) as made:
        yield made


@pytest.fixture
def keeping(app: Flask) -> Keeping:
    return Keeping.of(app.extensions["settings"], app.extensions["secrets"])
