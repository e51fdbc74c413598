"""A forking server over the instance of a test, and forms that are ready to be sent."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import ROOT
from consult.answering import state
from consult.consultations import lookup
from consult.safekeeping import state_keys
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


def ready_to_send(house: House, client: Client, count: int) -> list[bytes]:
    """So many forms at their last step: the body of the POST that sends each.

    One is walked to; the others are the same form begun by somebody else, with another token.
    """
    phone = Phone(client, "demo1")
    phone.to_consent()
    fields = {**phone.page.hidden(), "consent.use": "count", "go": "send"}
    session, today = house.session, client.flask.application.extensions["clock"]().date()
    uid = lookup.by_code(session, "demo1").uid
    keys = state_keys.accepted(session, house.secrets, today)
    key = state.Key(*state_keys.current(session, house.secrets, today))
    form = state.unseal(fields["state"], keys, uid)
    session.rollback()
    bodies = []
    for _ in range(count):
        own = replace(form, token=secrets.token_bytes(16))
        bodies.append(encoded({**fields, "state": state.seal(own, key, uid)}))
    return bodies
