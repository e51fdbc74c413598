"""What `./start` does: set up what is missing, then hand over to the server."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import click
from sqlalchemy import func, select

from config.settings import Settings
from consult import clock
from consult.consultations.models import Consultation
from consult.db import Database
from consult.errors import NotNow
from consult.people.sessions import SERVER_HALF, new_server_half
from consult.safekeeping import secrets
from consult.upkeep import installing, migrate, nightly

RECOVERY_FILE = "recovery"


class NotSetUp(NotNow):
    """A production installation without its secret: only `flask init` may make it."""


class PortInUse(NotNow):
    """Another program serves at this address already."""


def serve(settings: Settings) -> None:
    """Prepare the installation and become the server. Raises `NotSetUp` and `PortInUse`."""
    _refuse_port_in_use(settings)
    if settings.production:
        if not secrets.path(settings.instance).exists():
            raise NotSetUp("there is no installation secret here; run `flask init` first")
        migrate.upgrade(settings.database)
    else:
        for line in installing.install(settings, settings.instance / RECOVERY_FILE):
            click.echo(line)
        _demonstrate(settings)
    keys = secrets.load(settings.instance)
    nightly.work(settings.database, keys, clock.system(), rewrite=settings.rewrite_at_start)
    _become_server(settings)


def _demonstrate(settings: Settings) -> None:
    """Load the demonstration into an empty database, in a process of its own."""
    with Database(settings.database).reader() as session:
        empty = session.scalar(select(func.count()).select_from(Consultation)) == 0
    if empty:
        click.echo("Loading the demonstration …")
        status = subprocess.run([sys.executable, *_flask("demo")]).returncode  # noqa: S603 - ours
        if status:
            sys.exit(status)
    elif (accounts := settings.instance / "demo-accounts.json").exists():
        click.echo(f"Accounts of the demonstration: {accounts}")


def _flask(*arguments: str) -> list[str]:
    return ["-m", "flask", "--app", "wsgi", *arguments]


def _refuse_port_in_use(settings: Settings) -> None:
    """Try the address first: the server itself would share a port that is taken."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise PortInUse(f"{where} cannot be served: {error.strerror}") from error


def _become_server(settings: Settings) -> None:
    click.echo(f"Serving at http://{settings.host}:{settings.port}/  (Ctrl-C ends it)")
    sys.stdout.flush()
    # The half of every session key that no disk ever sees (SAFETY 2.5).
    environment = {**os.environ, SERVER_HALF: new_server_half()}
    server = str(Path(sys.executable).with_name("granian"))
    options = [
        "--interface", "wsgi", "--host", settings.host, "--port", str(settings.port),
        "--workers", str(settings.workers), "--blocking-threads", "8", "--backpressure", "128",
        "--no-access-log", "--log-level", "critical", "--respawn-failed-workers", "wsgi:app",
    ]  # fmt: skip
    os.execve(server, [server, *options], environment)  # noqa: S606 - becomes the server
