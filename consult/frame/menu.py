"""What the head of a staff page leads to. `app.py` fills it, so no room needs to know another."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user

from consult.frame import addresses
from consult.languages.locales import current
from consult.languages.messages import Lazy


def _always(_person: Any, _consultation: Any) -> bool:
    return True


@dataclass(frozen=True)
class Entry:
    """One link: its words, the parts of its path, and for whom it is.

    `shown(person, consultation)` is asked when a page is made; the consultation is the page's own.
    """

    label: Lazy
    parts: tuple[str, ...] = ()
    shown: Callable[[Any, Any], bool] = _always


@dataclass(frozen=True)
class Menu:
    """The links of every staff page, and those of a consultation's pages."""

    everywhere: tuple[Entry, ...] = ()
    consultation: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Link:
    """One link of a page: `here` says that it is this page or the one above it."""

    label: Lazy
    path: str
    here: bool


def links(consultation: Any = None) -> list[Link]:
    """Give the links of a consultation's pages, or without one those of every staff page."""
    menu: Menu = current_app.extensions.get("menu", Menu())
    entries = menu.consultation if consultation else menu.everywhere
    slug = consultation.slug if consultation else None
    return [
        _link(entry, addresses.staff(current(), slug, *entry.parts))
        for entry in entries
        if entry.shown(current_user, consultation)
    ]


def install(app: Flask, menu: Menu) -> None:
    """Give an application its menu."""
    app.extensions["menu"] = menu


def _link(entry: Entry, path: str) -> Link:
    below = bool(entry.parts) and request.path.startswith(f"{path}/")
    return Link(entry.label, path, here=request.path.rstrip("/") == path.rstrip("/") or below)
