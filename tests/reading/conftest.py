"""A consultation that listens, in the whole program over both databases."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.consultations.factories import House
from tests.factories import Room, a_room


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
