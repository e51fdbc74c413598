"""An installation with paper keys and an editor, and the way to make a consultation in it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from consult.authoring import commands as authoring
from consult.consultations import commands, staff
from consult.db import Database
from consult.frame import marks, setup
from consult.languages import messages
from consult.people import sessions
from consult.people import staff as people
from consult.safekeeping import secrets
from tests.conftest import Hands
from tests.consultations.factories import House


@pytest.fixture
def app(settings: Settings, clock: Hands) -> Iterator[Flask]:
    """These rooms alone, over both databases."""
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
    if "load" not in commands.consultations.commands:
        authoring.add_to(commands.consultations)
    for group in (commands.users, commands.consultations):
        made.cli.add_command(group)
    marks.check_marks(made)
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def house(app: Flask, session: Session) -> House:
    """Two paper keys and the editor Farida."""
    return House.set_up(app, session)
