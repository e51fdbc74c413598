"""Figures put into words in a language, and an installation that shows the demonstration's."""

from collections.abc import Iterator

import flask_babel
import pytest
from flask import Flask

from consult.languages import messages
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
def filled(house: House) -> Filled:
    """The demonstration with 400 voices."""
    return Filled.of(house, 400)
