"""Whether the program lives, and whether it can take anything in."""

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from consult.db import database
from consult.errors import Refused
from consult.frame.marks import public
from consult.upkeep import migrate

pages = Blueprint("upkeep", __name__)


@pages.get("/healthz")
@public
def live() -> ResponseReturnValue:
    """Say that the process answers."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}


@pages.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Say whether database, schema and disk allow work; 503 names what does not."""
    missing = _missing()
    text = f"not ready: {', '.join(missing)}\n" if missing else "ok\n"
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    if missing:
        headers["Retry-After"] = "30"
    return text, 503 if missing else 200, headers


def _missing() -> list[str]:
    settings: Settings = current_app.extensions["settings"]
    found = []
    if current_app.extensions["secrets"] is None:
        found.append("secret")
    try:
        if migrate.current(database()) != migrate.head():
            found.append("schema")
    except (Refused, SQLAlchemyError):
        found.append("database")
    if settings.lacks_disk():
        found.append("disk")
    return found
