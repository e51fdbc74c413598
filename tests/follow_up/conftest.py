"""An installation with the editor Farida and a consultation that has opened."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from tests.consultations.factories import House


@pytest.fixture
def house(app: Flask, session: Session) -> House:
    return House.set_up(app, session)


@pytest.fixture
def consultation(house: House) -> Consultation:
    return house.opened()
