"""Numbers, dates and runs of text as a language writes them, and as people type them. Pure.

Babel and the browser are wrong for Dari and Pashto in most of this (LANGUAGES section 1).
"""

import datetime
import re
import unicodedata
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, Protocol

from consult.languages import calendars, folding
from consult.languages.calendars import Calendar

Direction = Literal["ltr", "rtl"]


class Written(Protocol):
    """What these functions need to know of a language; a `locales.Language` has it."""

    @property
    def id(self) -> str:
        """The internal id, such as `fa_AF`."""

    @property
    def dir(self) -> Direction:
        """The direction of its script."""

    @property
    def digits(self) -> str:
        """Its ten digits, from nought."""


LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"
MINUS = "\u2212"
ASCII_DIGITS = "0123456789"

# Group mark, decimal mark, per cent with the space before it.
_LATIN_MARKS = (",", ".", "%")
_EASTERN_MARKS = ("٬", "٫", "٪")
_MARKS = {"fr": ("\u202f", ",", "\u00a0%"), "fa_AF": _EASTERN_MARKS, "ps": _EASTERN_MARKS}


def digits(text: str, language: Written) -> str:
    """Give a text with its ASCII digits in the language's own."""
    return text.translate(str.maketrans(ASCII_DIGITS, language.digits))


def number(value: float | Decimal, language: Written, decimals: int | None = None) -> str:
    """Give a number with the language's digits and marks, half rounded away from nought.

    Without `decimals` an integer has none and any other number those it needs. A negative
    number is a left-to-right run of its own on a right-to-left page, so that its sign stays
    on one side in a sentence and in a table.
    """
    text = _plain(value, language, decimals)
    return _one_form(text, language) if text.startswith(MINUS) else text


def percent(fraction: float | Decimal, language: Written, decimals: int = 0) -> str:
    """Give a share of one as per cent: 0.25 is `25%`, `25 %` or `۲۵٪`."""
    hundredfold = Decimal(str(fraction)) * 100
    sign = _MARKS.get(language.id, _LATIN_MARKS)[2]
    return _one_form(_plain(hundredfold, language, decimals) + sign, language)


def date(day: datetime.date, language: Written) -> str:
    """Give a day in words; Dari and Pashto show both calendars, since official use has varied."""
    if language.id == "fa_AF":
        year, month, number_of_day = calendars.solar_hijri(day)
        own = f"{number_of_day} {calendars.SOLAR_HIJRI['fa_AF'][month - 1]} {year}"
        other = f"{day.day} {calendars.GREGORIAN['fa_AF'][day.month - 1]} {day.year}"
        return digits(f"{own} ({other})", language)
    if language.id == "ps":
        year, month, number_of_day = calendars.solar_hijri(day)
        own = f"د {year} کال د {calendars.SOLAR_HIJRI_AFTER_DE[month - 1]} {number_of_day}مه"
        other = f"د {day.year} کال د {calendars.GREGORIAN['ps'][day.month - 1]} {day.day}مه"
        return digits(f"{own} ({other})", language)
    month_name = calendars.GREGORIAN[language.id][day.month - 1]
    first = "1er" if language.id == "fr" and day.day == 1 else str(day.day)
    return f"{first} {month_name} {day.year}"


def months(language: Written, calendar: Calendar) -> list[tuple[int, str]]:
    """Give the months of a calendar to choose from: number and name, in order."""
    return list(enumerate(calendars.month_names(language.id, calendar), start=1))


def shown(value: Any, language: Written) -> Any:
    """Give a value as it stands in a message: numbers and days written out, strings isolated.

    What is markup already comes back as it is. A number that must stay Latin is a string.
    Raises `TypeError` for a moment: only its day, in a time zone, can be said.
    """
    if hasattr(value, "__html__"):
        return value
    if isinstance(value, datetime.datetime):
        raise TypeError("a moment has no day until it has a time zone")
    if isinstance(value, datetime.date):
        return date(value, language)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return number(value, language)
    text = str(value)
    if language.dir == "rtl" or first_strong_direction(text) == "rtl":
        return isolate_text(text)
    return clean_bidi(text)


def ascii_digits(text: str) -> str:
    """Give a text with the digits of every script in ASCII; `²` is no digit."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in text
    )


_INVISIBLE = re.compile("[\u061c\u200c-\u200f\u202a-\u202e\u2066-\u2069]")
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
# One mark throughout, and only between whole groups: `12 34` and `1.23` are not integers.
_GROUPED = re.compile(
    "([+-]?[0-9]{1,3})(?:([٬,.\u0020\u00a0\u202f'\u2019])[0-9]{3}(?:\\2[0-9]{3})*)"
)
_FRACTION = re.compile(r"[0-9]{1,6}")


def read_integer(text: str) -> int:
    """Read a whole number as people type it, in any script's digits, at most nine of them.

    Raises `ValueError`.
    """
    return _integer(_typed(text))


def read_decimal(text: str) -> float:
    """Read a number with up to six decimals, whichever mark stands before them.

    A `.` or `,` that stands twice groups; so `1.234` is a little more than one, and
    `1.234.567` more than a million. Raises `ValueError`.
    """
    typed = _typed(text)
    at = max(typed.rfind(mark) for mark in "٫.,")
    if at < 0 or (typed[at] != "٫" and typed.count(typed[at]) > 1):
        return float(_integer(typed))
    whole, fraction = typed[:at], typed[at + 1 :]
    if not _FRACTION.fullmatch(fraction):
        raise ValueError("no digits, or more than six, behind the mark")
    sign = -1.0 if whole.startswith("-") else 1.0
    whole_value = 0 if whole in ("", "+", "-") else abs(_integer(whole))
    # Adding nought makes minus nought plain nought.
    return sign * float(f"{whole_value}.{fraction}") + 0.0


def read_code(text: str) -> str:
    """Read a receipt or invitation code: its digits, in ASCII; all else is dropped."""
    return "".join(c for c in ascii_digits(text) if c in ASCII_DIGITS)


def read_date(day: str | int, month: str | int, year: str | int, calendar: str) -> datetime.date:
    """Read a day from the three fields and the calendar beside them.

    Raises `ValueError` when there is no such day, or no such calendar.
    """
    for known in calendars.CALENDARS:
        if known == calendar:
            numbers = [read_integer(str(part)) for part in (year, month, day)]
            return calendars.gregorian(numbers[0], numbers[1], numbers[2], known)
    raise ValueError("no such calendar")


def isolate_text(text: str) -> str:
    """Put a text of unknown direction into a run of its own, for plain text without markup."""
    return f"{FSI}{clean_bidi(text)}{PDI}"


def clean_bidi(text: str) -> str:
    """Take out what could turn the text around it: overrides, embeddings, isolates left open.

    Isolates that are closed in the same line stay, for they harm nothing outside.
    """
    if not _BIDI_CONTROL.search(text):
        return text
    kept: list[str] = []
    open_at: list[int] = []
    for character in text:
        if character in _EMBEDDINGS or (character == PDI and not open_at):
            continue
        if character in _LINE_ENDS:
            _drop(kept, open_at)
        elif character in _ISOLATES:
            open_at.append(len(kept))
        elif character == PDI:
            open_at.pop()
        kept.append(character)
    _drop(kept, open_at)
    return "".join(kept)


def first_strong_direction(text: str, default: Direction = "ltr") -> Direction:
    """Give the direction of the first letter that has one; `default` when none has."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return default


def sort_key(language: Written) -> Callable[[str], tuple[Any, ...]]:  # noqa: ARG001 - see below
    """Give the key that orders names: spaces, digits, Latin, then Arabic letters as in Kabul.

    Accents and vowel marks only break ties. One order serves our four languages; the caller
    names hers all the same, since an added language may bring its own.
    """
    return _order


_ALPHABET = "آاأإءبپتټثجځچڅحخدډذرړزژږسشښصضطظعغفقکگګلمنڼوؤهیېۍئ"
_RANK = {letter: rank for rank, letter in enumerate(_ALPHABET)}
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
_JOINERS = "\u200c\u200d"
_EMBEDDINGS = "\u202a\u202b\u202c\u202d\u202e"
_ISOLATES = "\u2066\u2067\u2068"
_LINE_ENDS = "\n\r\u001c\u001d\u001e\u0085\u2029"
_BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _plain(value: float | Decimal, language: Written, decimals: int | None) -> str:
    exact = Decimal(str(value))
    if not exact.is_finite():
        raise ValueError("not a number that can be written")
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(exact):,f}".partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    group, mark, _ = _MARKS.get(language.id, _LATIN_MARKS)
    text = whole.replace(",", group) + (mark + fraction if fraction else "")
    sign = MINUS if exact < 0 else ""
    return sign + digits(text, language)


def _one_form(text: str, language: Written) -> str:
    return f"{LRI}{text}{PDI}" if language.dir == "rtl" else text


def _typed(text: str) -> str:
    return _INVISIBLE.sub("", ascii_digits(text)).replace(MINUS, "-").strip()


def _integer(typed: str) -> int:
    if _GROUPED.fullmatch(typed):
        typed = re.sub("[^0-9+-]", "", typed)
    if not _INTEGER.fullmatch(typed):
        raise ValueError("not a whole number of at most nine digits")
    return int(typed)


def _drop(kept: list[str], open_at: list[int]) -> None:
    """Take the isolates out that no mark has closed, the last one first."""
    while open_at:
        del kept[open_at.pop()]


def _order(text: str) -> tuple[Any, ...]:
    folded = folding.canonical(text)
    ranks = []
    for character in folded:
        if character in _RANK:
            ranks.append((4, _RANK[character], ""))
        else:
            bare = unicodedata.normalize("NFD", character.casefold().translate(_LIGATURES))
            ranks += [_latin(c) for c in bare if unicodedata.category(c) != "Mn"]
    return [rank for rank in ranks if rank[0] >= 0], folded.casefold(), text


def _latin(character: str) -> tuple[int, int, str]:
    if character in _JOINERS:
        return (-1, 0, "")
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return (0, 0, "")
    if category == "Nd":
        return (2, unicodedata.decimal(character), "")
    if category.startswith("L"):
        return (3, 0, character)
    return (1, 0, character)
