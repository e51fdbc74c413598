"""An installation with paper keys and an editor, in which consultations can be made."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.consultations.factories import House


@pytest.fixture
def house(app: Flask, session: Session) -> House:
    """Two paper keys and the editor Farida."""
    return House.set_up(app, session)
