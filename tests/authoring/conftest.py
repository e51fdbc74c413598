"""The same installation as the consultations' own tests."""

from tests.consultations.conftest import house

__all__ = ["house"]
