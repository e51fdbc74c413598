"""An installation with the editor Farida and a consultation that has opened."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from consult.answering import public as answering
from consult.consultations.models import Consultation
from consult.db import Database
from consult.follow_up import public, staff
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
    for room in (answering, public, staff, people):
        made.register_blueprint(room.pages)
    marks.check_marks(made)
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def house(app: Flask, session: Session) -> House:
    return House.set_up(app, session)


@pytest.fixture
def consultation(house: House) -> Consultation:
    return house.opened()
