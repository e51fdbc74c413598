"""An application context in each language, so that figures can be put into words."""

from collections.abc import Iterator

import flask_babel
import pytest
from flask import Flask

from consult.languages import messages


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
