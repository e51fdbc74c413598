"""Walks through the pages in a real browser."""

import pytest

# Their assertions say what they saw, as those in test files do.
pytest.register_assert_rewrite("tests.journeys.look")
