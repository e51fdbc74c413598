"""What a passphrase may be: long enough, not too long, and not made of words anybody would try.

No rule asks for capitals, digits or signs, since such rules make people write it down.
"""

import re
import unicodedata
from enum import Enum
from importlib.resources import files

from consult.errors import BadInput
from consult.languages import folding

SHORTEST = 15
LONGEST = 256
# What is left after the words below must still be worth guessing.
LEFT_OVER = 6

# Words somebody who knows this program would try first, and what the usual lists begin with.
EXPECTED = tuple(files("consult.people").joinpath("data/expected.txt").read_text("utf-8").split())


class Fault(Enum):
    """Why a passphrase is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    EXPECTED = "expected"
    UNREADABLE = "unreadable"


class BadPassphrase(BadInput):
    """A passphrase that is refused, said in a line for the terminal."""


_SAID = {
    Fault.TOO_SHORT: f"The passphrase needs at least {SHORTEST} characters.",
    Fault.TOO_LONG: f"The passphrase may have at most {LONGEST} characters.",
    Fault.EXPECTED: "The passphrase is made of words that are tried first; take others.",
    Fault.UNREADABLE: "The passphrase holds signs that cannot be typed.",
}


def demand(text: str, *, name: str) -> str:
    """Give a passphrase back if the person of that name may have it. Raises `BadPassphrase`."""
    if found := fault(text, name=name):
        raise BadPassphrase(_SAID[found])
    return text


def canonical(text: str) -> str:
    """Give the one form that is hashed: composed letters, and every kind of space as a space.

    Keyboards differ in both for what is the same text to the person who types it.
    """
    spaced = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in text)
    return unicodedata.normalize("NFC", spaced)


def fault(text: str, *, name: str) -> Fault | None:
    """Say why a passphrase is refused to the person of that name, or nothing."""
    typed = canonical(text)
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in typed):
        return Fault.UNREADABLE
    if len(typed) < SHORTEST:
        return Fault.TOO_SHORT
    if len(typed) > LONGEST:
        return Fault.TOO_LONG
    return Fault.EXPECTED if _is_expected(typed, name) else None


def _is_expected(typed: str, name: str) -> bool:
    """Whether little is left without the expected words, digits and signs around them."""
    folded = _plain(typed)
    if re.fullmatch(r"([a-z0-9]{1,4}?)\1+[a-z0-9]{0,3}", folded):
        return True
    if folded and (folded in "0123456789" * 30 or folded in "9876543210" * 30):
        return True
    left = folded
    words = {_plain(word) for word in [*EXPECTED, *name.split(), name]}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= 3:
            left = left.replace(word, "")
    return left != folded and len(re.sub(r"\d", "", left)) < LEFT_OVER


def _plain(text: str) -> str:
    kept = "".join(sign for sign in text if unicodedata.category(sign)[0] not in "ZPC")
    return folding.key(kept)
