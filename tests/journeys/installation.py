"""An installation that holds the demonstration, and servers over it: for journeys, pictures, bench."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from config.settings import Profile, Settings
from consult import clock
from consult.app import create_app
from consult.demo import accounts, load
from consult.demo.accounts import Credentials
from consult.people.sessions import SERVER_HALF, new_server_half
from consult.upkeep import installing

ROOT = Path(__file__).resolve().parents[2]
CODE = "demo1"
SLUG = load.SLUG
START_SECONDS, STOP_SECONDS = 30, 10


@dataclass(frozen=True)
class Installation:
    """A folder with the demonstration in it, and the accounts by role."""

    settings: Settings
    accounts: Mapping[str, Credentials]
    app: Flask


def make(instance: Path, submissions: int, **changed: object) -> Installation:
    """Set an installation up and load the demonstration, through the doors of the commands."""
    settings = Settings(
        **{  # type: ignore[arg-type] # a test says only what differs
            "profile": Profile.TESTING,
            "instance": instance,
            "argon_memory_bytes": 8 * 2**20,
            "argon_passes": 1,
            "free_disk_bytes": 0,
            **changed,
        }
    )
    installing.install(settings, instance / "recovery")
    app = create_app(settings)
    house = load.House(
        settings, app.extensions["secrets"], app.extensions["database"], clock.system()
    )
    with app.app_context():
        told = load.load(house, load.Size(submissions), lambda made, _total: made)
    return Installation(settings, told, app)


def known(instance: Path) -> Mapping[str, Credentials]:
    """Give the accounts of a demonstration that is there already."""
    return accounts.read(instance)


class Quiet(WSGIRequestHandler):
    """Serves without a word, and keeps connections open as a real server does."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application from a thread of this process, and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@contextmanager
def demonstration(instance: Path, submissions: int) -> Iterator[tuple[Installation, str]]:
    """Stand around the use of a demonstration of its own, served."""
    made = make(instance, submissions)
    with served(made.app) as address:
        yield made, address
    made.app.extensions["database"].engine.dispose()


@contextmanager
def granian(
    target: str, environment: Mapping[str, str], *options: str, port: int = 0, workers: int = 1
) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Stand around the real server in processes of its own, and give its port and process."""
    port = port or free_port()
    server = Path(sys.executable).with_name("granian")
    command = [
        str(server), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "8", "--backpressure", "128",
        "--no-access-log", "--log-level", "critical", *options, target,
    ]  # fmt: skip
    inherited = {**os.environ, SERVER_HALF: new_server_half(), **environment}
    process = subprocess.Popen(command, cwd=ROOT, env=inherited, start_new_session=True)
    try:
        wait_for(port, process)
        yield port, process
    finally:
        stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a server that leads a session of its own, with its workers.

    A worker that is still starting can miss the signal, and the server then waits for it for ever.
    """
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """Give a port of this machine that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return as soon as something listens. Raises `RuntimeError` where nothing ever does."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        threading.Event().wait(0.01)
    raise RuntimeError("the server did not start")
