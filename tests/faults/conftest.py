"""A forking server over the instance of a test, and forms that are ready to be sent."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import ROOT
from tests.answering.walking import Phone, the_demonstration
from tests.consultations.factories import House
from tests.pages import Client
from tests.promises.serving import Wire, encoded, environment, free_port, until_today


class Dying:
    """Serves; is killed; serves again."""

    def __init__(self, instance: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.dying"],
            cwd=ROOT,
            env=environment(instance, PYTHONPATH=str(ROOT)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.child = 0

    def serve(self) -> Wire:
        port = free_port()
        assert self.process.stdin
        self.process.stdin.write(f"{port}\n")
        self.process.stdin.flush()
        told = {self._line(), self._line()}
        self.child = int((told - {"ready"}).pop())
        return Wire(port)

    def kill(self) -> None:
        os.kill(self.child, signal.SIGKILL)
        assert self._line() == "dead"

    def end(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


@pytest.fixture
def dying(settings) -> Iterator[Dying]:
    made = Dying(settings.instance)
    yield made
    made.end()


@pytest.fixture
def listening(house: House) -> House:
    """The demonstration's questionnaire, open on the machine's own day too."""
    the_demonstration(house)
    until_today(house)
    house.session.rollback()
    return house


def ready_to_send(client: Client, count: int) -> list[bytes]:
    """So many forms at their last step: the body of the POST that sends each."""
    phone = Phone(client, "demo1")
    phone.to_consent()
    bodies = []
    for _ in range(count):
        phone = Phone(client, "demo1")
        phone.to_consent()
        fields = {**phone.page.hidden(), "consent.use": "count", "go": "send"}
        bodies.append(encoded(fields))
    return bodies
