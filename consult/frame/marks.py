"""Who may open a route. Every view bears one mark, or the program does not start.

The marks that ask for rights in a consultation stand in `consultations/access.py` and are put on
with `mark`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from consult.errors import NotFound
from consult.frame import addresses
from consult.languages.locales import current

View = TypeVar("View", bound=Callable[..., Any])
_NAME = "consult_mark"


@dataclass(frozen=True)
class Mark:
    """What a view asks of its caller: `kind` is the decorator's name, `asks` its argument."""

    kind: str
    asks: str = ""


def mark(view: View, kind: str, asks: str = "") -> View:
    """Put a mark on a view and give it back; a second one is an error."""
    if hasattr(view, _NAME):
        raise TypeError(f"{view.__name__} has two marks")
    setattr(view, _NAME, Mark(kind, asks))
    return view


def public(view: View) -> View:
    """Let everybody in: the respondent's pages, and signing in."""
    return mark(view, "public")


def signed_in(view: View) -> View:
    """Let in whoever has an account; others are led to the sign-in page and back."""
    return mark(_guarded(view), "signed_in")


def administrator(view: View) -> View:
    """Let in administrators; to everybody else there is no such page."""

    @wraps(view)
    def asked(*args: Any, **values: Any) -> ResponseReturnValue:
        if getattr(current_user.standing, "value", current_user.standing) != "administrator":
            raise NotFound("no page for this person")
        answer: ResponseReturnValue = view(*args, **values)
        return answer

    return mark(_guarded(asked), "administrator")  # type: ignore[return-value] # same signature


def lead_to_sign_in() -> ResponseReturnValue | None:
    """Give the way to the sign-in page unless somebody is signed in; for marks of other rooms."""
    if current_user.is_authenticated:
        return None
    then = addresses.whole(request) if request.method == "GET" else None
    return redirect(addresses.sign_in(current(), then), 303)


def of(app: Flask) -> dict[str, Mark]:
    """Give the mark of every endpoint; raises `RuntimeError` naming those that have none."""
    bare = sorted(name for name, view in app.view_functions.items() if not hasattr(view, _NAME))
    if bare:
        raise RuntimeError(f"without a mark: {', '.join(bare)}")
    return {name: getattr(view, _NAME) for name, view in app.view_functions.items()}


def check_marks(app: Flask) -> None:
    """Refuse to go on while a route has no mark."""
    of(app)


def _guarded(view: View) -> View:
    @wraps(view)
    def guarded(*args: Any, **values: Any) -> ResponseReturnValue:
        answer: ResponseReturnValue = lead_to_sign_in() or current_app.ensure_sync(view)(
            *args, **values
        )
        return answer

    return guarded  # type: ignore[return-value] # wraps keeps the signature
