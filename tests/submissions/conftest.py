from tests.consultations.conftest import app, house, session  # noqa: F401
