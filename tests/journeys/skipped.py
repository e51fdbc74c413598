"""The last words of a run: how many browser tests were skipped, and how to get a browser."""

from typing import Any

from tests.journeys.browsers import HOW_TO_GET_ONE

REASON = "no Chromium"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Count the tests that had no browser.

    A `conftest.py` makes it known by importing it; the root's has to where several processes
    test, since only that one is read by the process that sums up. Said once all the same.
    """
    if getattr(terminalreporter, "told_of_browsers", False):
        return
    terminalreporter.told_of_browsers = True
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if REASON in str(report.longrepr)
    ]
    if skipped:
        count = len(skipped)
        terminalreporter.write_line(f"{count} browser tests skipped ({HOW_TO_GET_ONE})")
