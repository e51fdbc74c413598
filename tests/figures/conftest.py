"""Figures put into words in a language, and an installation that shows them."""

from collections.abc import Iterator

import flask_babel
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from consult.authoring import commands as authoring
from consult.consultations import commands as consultations
from consult.db import Database
from consult.figures import commands, staff
from consult.frame import marks, setup
from consult.languages import messages
from consult.people import sessions
from consult.people import staff as people
from consult.safekeeping import secrets
from consult.submissions import commands as submissions
from tests.conftest import Hands
from tests.consultations.factories import House
from tests.figures.demonstration import Filled


@pytest.fixture
def speaking() -> Flask:
    app = Flask("consult")
    messages.install(app, default="en")
    return app


@pytest.fixture
def english(speaking: Flask) -> Iterator[None]:
    with speaking.app_context(), flask_babel.force_locale("en"):
        yield


@pytest.fixture
def dari(speaking: Flask) -> Iterator[None]:
    with speaking.app_context(), flask_babel.force_locale("fa_AF"):
        yield


@pytest.fixture
def app(settings: Settings, clock: Hands) -> Iterator[Flask]:
    """The rooms that figures rest on, over both databases."""
    made = build(settings, clock)
    yield made
    made.extensions["database"].engine.dispose()


def build(settings: Settings, clock: Hands) -> Flask:
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
    if "load" not in consultations.consultations.commands:
        authoring.add_to(consultations.consultations)
    for group in (consultations.consultations, submissions.submissions, commands.tally):
        made.cli.add_command(group)
    marks.check_marks(made)
    return made


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
def filled(house: House) -> Filled:
    """The demonstration with 400 voices."""
    return Filled.of(house, 400)
