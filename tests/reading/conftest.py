"""The rooms of reading and the desk over both databases, and a consultation that listens."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Settings
from consult.consultations import staff as consultations
from consult.db import Database
from consult.desk import staff as desk
from consult.frame import marks, setup
from consult.languages import messages
from consult.people import sessions
from consult.people import staff as people
from consult.reading import staff as reading
from consult.safekeeping import secrets
from tests.conftest import Hands
from tests.consultations.factories import House
from tests.factories import Room, a_room


@pytest.fixture
def app(settings: Settings, clock: Hands) -> Iterator[Flask]:
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
    for pages in (desk.pages, reading.pages, consultations.pages, people.pages):
        made.register_blueprint(pages)
    marks.check_marks(made)
    yield made
    made.extensions["database"].engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    # No application context: requests would share its `g`, and with it who is signed in.
    # Looking at what was made opens no transaction that a page would then wait for.
    with Session(app.extensions["database"].engine, expire_on_commit=False) as made:
        yield made


@pytest.fixture
def house(app: Flask, session: Session) -> House:
    """Two paper keys and the editor Farida."""
    return House.set_up(app, session)


@pytest.fixture
def room(house: House) -> Room:
    """An open consultation at risk level raised."""
    return a_room(house)
