"""A real server over an instance of its own, and clients that speak to it through a socket."""

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import update
from werkzeug.datastructures import Headers

from config.settings import ROOT
from consult.consultations.models import Consultation
from tests.consultations.factories import House
from tests.pages import Fields, Page, check

PATIENCE_SECONDS = 60
NEEDLE = "zqneedle"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until_today(house: House) -> None:
    """Let every consultation be open on the machine's own day, which a real server goes by."""
    today = date.today()
    days = {"opens_on": today - timedelta(days=20), "closes_on": today + timedelta(days=20)}
    house.session.execute(update(Consultation).values(days))
    house.session.commit()


def environment(instance: Path, **more: str) -> dict[str, str]:
    """The settings of a real server in a small installation; nothing of ours leaks in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "INSTANCE": str(instance),
        "CONSULT_ARGON_MEMORY_BYTES": str(8 * 2**20),
        "CONSULT_ARGON_PASSES": "1",
        "CONSULT_FREE_DISK_BYTES": "0",
        "CONSULT_WORKERS": "1",
        "CONSULT_CONFIG": "/dev/null",
        **more,
    }


@dataclass
class Answer:
    """What came back through the socket, as the page reader of the tests wants it."""

    status_code: int
    headers: Headers
    body: bytes
    mimetype: str = field(init=False)

    def __post_init__(self) -> None:
        self.mimetype = (self.headers.get("Content-Type") or "").split(";")[0]

    def get_data(self, *, as_text: bool = False) -> Any:
        return self.body.decode("utf-8", "replace") if as_text else self.body


class Wire:
    """A client like `tests.pages.Client`, through a real socket; it keeps the staff's cookie."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.body = b""

    def get(self, path: str, **headers: str) -> Page:
        return self._read("GET", path, None, headers)

    def post(self, path: str, fields: Fields | None = None, **headers: str) -> Page:
        return self._read("POST", path, encoded(fields or {}), headers)

    def _read(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Page:
        answer = self.ask(method, path, body, headers)
        self.body = answer.body
        page = Page(answer)  # type: ignore[arg-type] # it has what a page reads
        if answer.mimetype == "text/html" and page.status not in range(300, 400):
            check(page, path)
        return page

    def ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        sent = {k.replace("_", "-"): v for k, v in (headers or {}).items()}
        if body is not None:
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        if self.cookies and "/staff" in path:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        try:
            connection.request(method, path, body, sent)
            came = connection.getresponse()
            held = Headers(came.getheaders())
            for line in held.getlist("Set-Cookie"):
                self.cookies |= {k: morsel.value for k, morsel in SimpleCookie(line).items()}
            return Answer(came.status, held, came.read())
        finally:
            connection.close()


def encoded(fields: Fields) -> bytes:
    pairs = [
        (name, one)
        for name, value in fields.items()
        for one in ([value] if isinstance(value, str) else value)
    ]
    return urlencode(pairs).encode()


@dataclass
class Server:
    """One server with the settings that ship; what it says lies in two files."""

    port: int
    process: subprocess.Popen[bytes]
    told: tuple[Path, Path]

    @property
    def client(self) -> Wire:
        return Wire(self.port)

    def said(self) -> str:
        """All it wrote since it began to serve."""
        text = "\n".join(path.read_text("utf-8", "replace") for path in self.told)
        first, _, rest = text.partition("(Ctrl-C ends it)")
        return rest or first

    def command_lines(self) -> bytes:
        """The arguments and the environment of every process of the server."""
        found = b""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(folder.name)) == self.process.pid:
                    found += (folder / "cmdline").read_bytes()
                    found += (folder / "environ").read_bytes()
            except (OSError, ProcessLookupError):
                continue
        return found

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, how)
        self.process.wait(PATIENCE_SECONDS)


@contextmanager
def serving(instance: Path, logs: Path, **more: str) -> Iterator[Server]:
    """Serve an instance as `./start` does, until the block ends."""
    port = free_port()
    told = (logs / f"out-{port}", logs / f"err-{port}")
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]
    with told[0].open("wb") as out, told[1].open("wb") as err:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(instance, PORT=str(port), **more),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
    server = Server(port, process, told)
    try:
        _wait(server)
        yield server
    finally:
        server.end(signal.SIGKILL)


def _wait(server: Server) -> None:
    """Ask until it answers; a server that ended instead is shown with what it said."""
    until, pause = time.monotonic() + PATIENCE_SECONDS, threading.Event()
    while time.monotonic() < until:
        assert server.process.poll() is None, server.said()
        try:
            if server.client.ask("GET", "/healthz", None).status_code == 200:
                return
        except OSError:
            pause.wait(0.02)
    raise AssertionError(server.said())


def needle() -> str:
    """A word that nothing else in the world holds; all begin alike, to be looked for at once."""
    return NEEDLE + secrets.token_hex(6)
