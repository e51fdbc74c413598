"""The same installation as the consultations' own tests."""

from tests.consultations.conftest import app, house

__all__ = ["app", "house"]
