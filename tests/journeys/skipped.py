"""The last words of a run: how many browser tests were skipped, and how to get a browser."""

from typing import Any

from tests.journeys.browsers import HOW_TO_GET_ONE

REASON = "no Chromium"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Count the tests that had no browser; the root's `conftest.py` imports this."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if REASON in str(report.longrepr)
    ]
    if skipped:
        count = len(skipped)
        terminalreporter.write_line(f"{count} browser tests skipped ({HOW_TO_GET_ONE})")
