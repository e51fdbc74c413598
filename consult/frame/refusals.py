"""How the program says no: a page in the reader's language, or one line on a terminal.

Nothing of what a person typed is logged, neither here nor in what Flask would log by itself.
"""

import logging
import traceback
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import click
import flask_babel  # type: ignore[import-untyped] # ships none
from flask import Flask, Response, current_app, make_response, request
from flask.cli import AppGroup
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, TooManyRequests

from consult.errors import BadInput, Busy, NotFound, NotNow, Refused
from consult.languages.locales import Language, by_segment, choose
from consult.languages.messages import Lazy, _l

RETRY_SECONDS = 10
KINDS: dict[type[Refused], int] = {NotFound: 404, NotNow: 409, BadInput: 422, Busy: 503}
_NEVER_SHOWN_AGAIN = ("passphrase", "secret", "words")


@dataclass(frozen=True)
class Wording:
    """What a page of refusal says: what happened, and what to do about it."""

    title: Lazy
    advice: Lazy


WORDINGS: dict[int, Wording] = {
    400: Wording(
        _l("This could not be understood"),
        _l("Go back, load the page again, and send it once more."),
    ),
    403: Wording(
        _l("This was not sent from our own page"),
        _l("For your safety nothing was done. Open the page here and send it again."),
    ),
    404: Wording(
        _l("There is no page at this address"),
        _l("Look for a typing mistake in the address, or begin at the first page."),
    ),
    405: Wording(
        _l("This page cannot be opened like this"),
        _l("Begin again at the first page."),
    ),
    409: Wording(
        _l("This is not possible now"),
        _l("It may be closed, or the page may be too old. Begin again at the first page."),
    ),
    413: Wording(
        _l("That was too much for one page"),
        _l("Nothing was stored. Go back, shorten what you wrote, and send it again."),
    ),
    422: Wording(
        _l("Something in this cannot be used"),
        _l("Nothing was stored. Go back, look at what was entered, and send it again."),
    ),
    429: Wording(
        _l("Too many tries"),
        _l("Wait ten minutes, then try again."),
    ),
    500: Wording(
        _l("Something went wrong here"),
        _l("The fault is ours, not yours. Try again in a few minutes."),
    ),
    503: Wording(
        _l("This was not saved"),
        _l("Too much is going on at this moment. Wait a little, then try again."),
    ),
}
STALE = Wording(
    _l("This page was open for too long"),
    _l("Nothing was stored. What you entered is still in this page: press the button."),
)
NOT_SAVED = Wording(
    _l("This was not saved"),
    _l("What you entered is still in this page. Wait a little, then press the button."),
)


def page(
    status: int, wording: Wording | None = None, *, retry: bool = False, token: str | None = None
) -> Response:
    """Give a page of refusal; `retry` offers to send again what this request held.

    `token` is a new CSRF token to send with it. The page asks neither session nor database, so
    it still comes when those are the fault.
    """
    known = WORDINGS.get(status) or WORDINGS[500 if status >= 500 else 400]
    typed = _typed() if retry and request.method == "POST" else []
    if token:
        typed = [pair for pair in typed if pair[0] != "csrf_token"] + [("csrf_token", token)]
    said = wording or (NOT_SAVED if typed and status == 503 else known)
    with flask_babel.force_locale(_reader().id):
        text = current_app.jinja_env.get_template("frame/refused.html").render(
            title=said.title, advice=said.advice, typed=typed
        )
    answer = make_response(text, status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def install(app: Flask) -> None:
    """Answer every error with a page in the reader's language."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(OperationalError, _not_written)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _broken)


def _refused(error: Refused) -> Response:
    status = next((code for kind, code in KINDS.items() if isinstance(error, kind)), 422)
    return page(status, retry=status == HTTPStatus.SERVICE_UNAVAILABLE)


def _not_written(error: OperationalError) -> Response:
    _log().error("database: %s", type(error.orig).__name__)
    return page(503, retry=True)


def _stale(_error: CSRFError) -> Response:
    """Offer to send again with a token of today; another site was refused before this."""
    return page(400, STALE, retry=True, token=generate_csrf())


def _http(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    answer = page(error.code)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    if isinstance(error, TooManyRequests):
        answer.headers.setdefault("Retry-After", "600")
    return answer


def _broken(error: Exception) -> Response:
    if current_app.testing or current_app.debug:
        raise error
    # The message and the variables may hold what a person wrote: only places are logged.
    steps = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{step.filename.rsplit('/', 1)[-1]}:{step.lineno}" for step in steps[::-1])
    _log().error("fault in %s: %s at %s", request.endpoint, type(error).__name__, places)
    return page(500)


def _reader() -> Language:
    """Give the language of the address; where it names none, the one that the browser asks for."""
    named = by_segment(request.path.split("/", 2)[1])
    settings = current_app.extensions["settings"]
    asked = request.headers.get("Accept-Language")
    return named or choose(asked, settings.default_language)


def _typed() -> list[tuple[str, str]]:
    """Give what was sent, to be sent again, without what must not stand in a page."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(word in name.lower() for word in _NEVER_SHOWN_AGAIN)
    ]


def _log() -> logging.Logger:
    return current_app.logger


class _Plain(click.Command):
    """Turns a refusal, a wrong argument, or a failing database into one line and exit 1."""

    def make_context(self, *args: Any, **values: Any) -> click.Context:
        """Read the arguments."""
        try:
            return super().make_context(*args, **values)
        except click.UsageError as error:
            if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
                raise
            raise _stopped(error.format_message()) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Do the work."""
        try:
            return super().invoke(ctx)
        except Refused as error:
            raise _stopped(str(error)) from error
        except click.ClickException as error:
            raise _stopped(error.format_message()) from error
        except OperationalError as error:
            raise _stopped(f"the database answers: {error.orig}") from error


class Command(_Plain):
    """A command by itself: `app.cli.command("init", cls=Command)`."""


class Commands(_Plain, AppGroup):
    """A group of commands: `@click.group("users", cls=Commands)`, then `@users.command("add")`."""

    command_class = Command
    group_class = type


def _stopped(reason: str) -> click.exceptions.Exit:
    line = " ".join(reason.split())
    click.echo(f"Error: {line}", err=True)
    return click.exceptions.Exit(1)
