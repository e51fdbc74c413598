"""The demonstration opened by its editor, over both databases."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from consult.briefings import commands, staff
from consult.db import Database
from consult.frame import marks, setup
from consult.languages import messages
from consult.people import sessions
from consult.people import staff as people
from consult.safekeeping import secrets
from tests.briefings.factories import Room
from tests.conftest import Hands
from tests.consultations.factories import House


@pytest.fixture
def app(settings: Settings, clock: Hands) -> Iterator[Flask]:
    """The pages of sign-in and of briefings, and the command, alone."""
    made = Flask("consult", static_folder=None, template_folder=None)
    made.extensions.update(
        settings=settings,
        clock=clock,
        database=Database(settings.database),
        secrets=secrets.load(settings.instance),
    )
    made.testing = True
    made.secret_key = made.extensions["secrets"].key("form-token")
    messages.install(made, default="en")
    setup.install(made, settings)
    sessions.install(made)
    made.register_blueprint(people.pages)
    made.register_blueprint(staff.pages)
    made.cli.add_command(commands.briefing)
    marks.check_marks(made)
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    # No application context: requests would share its `g`, and with it who is signed in.
    with Session(app.extensions["database"].engine) as made:
        yield made


@pytest.fixture
def house(app: Flask, session: Session) -> House:
    """Two paper keys and the editor Farida."""
    return House.set_up(app, session)


@pytest.fixture
def room(house: House) -> Room:
    """The demonstration with 120 voices."""
    return Room.demonstration(house, 120)
