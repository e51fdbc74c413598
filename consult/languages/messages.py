"""The only door of interface text: `_` and its kin, for pages, forms and templates.

A message is text, never markup: links and emphasis are values. The only placeholder is
`%(name)s`; translations never meet Python's own formatting (LANGUAGES sections 3 and 4).
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import flask_babel  # type: ignore[import-untyped] # ships none
from flask import Flask, has_request_context, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from consult.languages import checker, formats, locales
from consult.languages.catalogue import Catalogue
from consult.languages.overlay import Nothing, Overlay

TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"


def _(text: str, /, **values: Any) -> str:
    """Give a message in the reader's language, its placeholders filled."""
    return _say(None, text, None, None, values)


def _n(one: str, many: str, count: int, /, **values: Any) -> str:
    """Give the form of a message that fits a number; `count` fills itself."""
    return _say(None, one, many, count, {"count": count, **values})


def _p(context: str, text: str, /, **values: Any) -> str:
    """Give a message told apart from its like by a context, such as `safety`."""
    return _say(context, text, None, None, values)


class Lazy:
    """A message that is put into words when it is shown, as form classes need.

    It has no `__html__`, so templates and WTForms escape it like any other text.
    """

    def __init__(self, call: Callable[..., str], *args: Any, **values: Any) -> None:
        self._call, self._args, self._values = call, args, values

    def __str__(self) -> str:
        return str(self._call(*self._args, **self._values))

    def __repr__(self) -> str:
        return f"Lazy({self._args!r})"

    def __mod__(self, values: Mapping[str, Any]) -> str:
        """Fill placeholders, as WTForms does with the message of a validator."""
        return str(self._call(*self._args, **{**self._values, **values}))

    def format(self, *_args: Any, **_values: Any) -> str:
        """Refuse what would let a translation reach into Python."""
        raise TypeError("messages are filled with %, by name")


def _l(text: str, /, **values: Any) -> Lazy:
    """Give a message for a form class or table, to be put into words when shown."""
    return Lazy(_, text, **values)


def _lp(context: str, text: str, /, **values: Any) -> Lazy:
    """Give a message with a context, to be put into words when shown."""
    return Lazy(_p, context, text, **values)


class FormMessages:
    """WTForms' own messages, said by our catalogues; `Meta.get_translations` returns it."""

    def gettext(self, text: str) -> Lazy:
        """Give one of WTForms' messages."""
        return Lazy(_, text)

    def ngettext(self, one: str, many: str, n: int) -> Lazy:
        """Give one of WTForms' messages with a number."""
        return Lazy(_n, one, many, n)


def install(
    app: Flask,
    *,
    default: str | None = None,
    folder: Path = TRANSLATIONS,
    overlay: Overlay | None = None,
) -> Catalogue:
    """Give an application its languages: the choice by address, the texts, the template names.

    `default` is the language of addresses that name none; without it the settings decide.
    """
    chosen = default or app.extensions["settings"].default_language
    known = locales.known(chosen)
    if known is None:
        raise ValueError(f"no such language: {chosen}")
    babel = flask_babel.Babel(
        app,
        configure_jinja=False,
        default_locale=known,
        locale_selector=lambda: _of_the_address(known),
    )
    catalogue = Catalogue(folder, overlay or Nothing())
    babel.domain_instance = catalogue
    app.jinja_env.globals.update(_=_, _n=_n, _p=_p)
    app.jinja_env.filters.update(
        isolate=isolate,
        code=code,
        digits=_digits,
        number=_number,
        percent=_percent,
        date=_date,
        direction=formats.first_strong_direction,
    )
    return catalogue


def isolate(text: Any) -> Markup:
    """Give what somebody typed, or any text of unknown direction, as a `<bdi>`."""
    return Markup("<bdi>{}</bdi>").format(_cleaned(text))


def code(text: Any) -> Markup:
    """Give a code, phone, range or address as a left-to-right run, its characters unchanged."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(_cleaned(text))


# Jinja folds a filter of a literal when it compiles a template, in whatever language that is; one
# that is handed the context stays for each page.
@pass_context
def _digits(_context: Context, text: Any) -> str:
    return formats.digits(str(text), locales.current())


@pass_context
def _number(_context: Context, value: Any, decimals: int | None = None) -> str:
    return formats.number(value, locales.current(), decimals)


@pass_context
def _percent(_context: Context, value: Any, decimals: int = 0) -> str:
    return formats.percent(value, locales.current(), decimals)


@pass_context
def _date(_context: Context, day: date) -> str:
    return formats.date(day, locales.current())


def _cleaned(text: Any) -> Any:
    return text if hasattr(text, "__html__") else formats.clean_bidi(str(text))


def _of_the_address(default: str) -> str:
    if has_request_context():
        language = locales.by_segment(request.path.split("/", 2)[1])
        if language:
            return language.id
    return default


def _say(
    context: str | None, one: str, many: str | None, n: int | None, values: Mapping[str, Any]
) -> str:
    catalogue: Catalogue = flask_babel.get_babel().instance.domain_instance
    texts = catalogue.texts()
    text = texts.find(context, one, many, n)
    if not values:
        return text
    shown = {name: formats.shown(value, texts.language) for name, value in values.items()}
    if any(hasattr(value, "__html__") for value in shown.values()):
        # Everything that goes in here is escaped or was markup before.
        return Markup(_fill(str(escape(text)), {k: escape(v) for k, v in shown.items()}))  # noqa: S704
    return _fill(text, shown)


def _fill(text: str, values: Mapping[str, str]) -> str:
    return checker.PLACEHOLDER.sub(lambda found: values.get(found[0][2:-2], found[0]), text)
