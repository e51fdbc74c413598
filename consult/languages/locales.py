"""What is true of each language: the only place of a language fact (LANGUAGES section 0)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import flask_babel  # type: ignore[import-untyped] # ships none
from flask import has_app_context

Direction = Literal["ltr", "rtl"]
Calendar = Literal["gregorian", "solar_hijri"]

LATIN_DIGITS = "0123456789"
EASTERN_DIGITS = "۰۱۲۳۴۵۶۷۸۹"


def _one_other(n: int) -> int:
    return int(n != 1)


def _zero_one_other(n: int) -> int:
    return int(n > 1)


@dataclass(frozen=True)
class Language:
    """One language: how data, addresses and HTML name it, and how it is written."""

    id: str
    segment: str
    html: str
    dir: Direction
    own_name: str
    digits: str
    calendar: Calendar
    plural: Callable[[int], int]
    plural_header: str
    names: tuple[str, ...]


_ONE_OTHER = "nplurals=2; plural=(n != 1);"
_ZERO_ONE_OTHER = "nplurals=2; plural=(n > 1);"

LANGUAGES: dict[str, Language] = {
    language.id: language
    for language in (
        Language(
            id="en",
            segment="en",
            html="en",
            dir="ltr",
            own_name="English",
            digits=LATIN_DIGITS,
            calendar="gregorian",
            plural=_one_other,
            plural_header=_ONE_OTHER,
            names=("en", "eng"),
        ),
        Language(
            id="fr",
            segment="fr",
            html="fr",
            dir="ltr",
            own_name="Français",
            digits=LATIN_DIGITS,
            calendar="gregorian",
            plural=_zero_one_other,
            plural_header=_ZERO_ONE_OTHER,
            names=("fr", "fra", "fre"),
        ),
        Language(
            id="fa_AF",
            segment="fa-af",
            html="fa-AF",
            dir="rtl",
            own_name="دری",
            digits=EASTERN_DIGITS,
            calendar="solar_hijri",
            plural=_zero_one_other,
            plural_header=_ZERO_ONE_OTHER,
            names=("fa", "prs", "pes", "per", "fas"),
        ),
        Language(
            id="ps",
            segment="ps",
            html="ps",
            dir="rtl",
            own_name="پښتو",
            digits=EASTERN_DIGITS,
            calendar="solar_hijri",
            plural=_one_other,
            plural_header=_ONE_OTHER,
            names=("ps", "pus", "pbt", "pbu"),
        ),
    )
}

# First segments of an address that redirect to the one we write.
ALIASES = {"prs": "fa-af", "dari": "fa-af", "fa": "fa-af"}

_BY_SEGMENT = {language.segment: language for language in LANGUAGES.values()}
_BY_NAME = {name: language.id for language in LANGUAGES.values() for name in language.names}


def known(name: str) -> str | None:
    """Give the id of a language that data or a command named, or nothing; `prs-AF` is `fa_AF`."""
    return _BY_NAME.get(name.strip().replace("_", "-").lower().partition("-")[0])


def by_segment(segment: str) -> Language | None:
    """Give the language of the first segment of an address, spelled just as we write it."""
    return _BY_SEGMENT.get(segment)


def choose(accept_language: str | None, default: str = "en") -> Language:
    """Choose the language of `/` from an Accept-Language header; `default` is an id.

    Own code, since the choosers of Werkzeug and Babel know no `prs` and then take English.
    """
    for name in _by_quality(accept_language or ""):
        if found := known(name):
            return LANGUAGES[found]
    return LANGUAGES[default]


def current() -> Language:
    """Give the language of the request, or of the `force_locale` around.

    Raises `RuntimeError` outside an application context.
    """
    if not has_app_context():
        raise RuntimeError("a language is known only inside an application context")
    return LANGUAGES[str(flask_babel.get_locale())]


def _by_quality(header: str) -> list[str]:
    """Order the names of a header by their q, keeping the reader's order among equals."""
    weighed = []
    for part in header.split(","):
        name, _, parameters = part.partition(";")
        quality = _quality(parameters)
        if name.strip() and quality > 0:
            weighed.append((-quality, name))
    return [name for _, name in sorted(weighed, key=lambda pair: pair[0])]


def _quality(parameters: str) -> float:
    """Read `q=0.8`; without it a name weighs 1, and what is no number weighs nothing."""
    key, _, value = parameters.strip().partition("=")
    if key.strip().lower() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    # Not-a-number compares false, so it weighs nothing too.
    return quality if 0 < quality <= 1 else 0.0
