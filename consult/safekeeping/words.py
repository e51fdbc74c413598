"""Words instead of bytes: proposed passphrases, and paper keys that a person can copy by hand.

The list is BIP-39's English one, and a paper key is written as BIP-39 writes 256 bits, so that
any program which knows that standard can check it: 24 words of 11 bits, the last 8 a checksum.
"""

import re
import secrets
from hashlib import sha256
from importlib.resources import files

from consult.errors import BadInput

WORDS = tuple(files("consult.safekeeping").joinpath("data/words.txt").read_text().split())
PASSPHRASE_WORDS = 6
PAPER_WORDS = 24
_NUMBERS = {word: number for number, word in enumerate(WORDS)}


class NotAPaperKey(BadInput):
    """The words are no paper key: one is misspelt, missing, or in the wrong place."""


def passphrase() -> str:
    """Propose a passphrase: six random words, 66 bits."""
    return " ".join(secrets.choice(WORDS) for _ in range(PASSPHRASE_WORDS))


def to_words(key: bytes) -> list[str]:
    """Write 32 bytes as 24 words."""
    if len(key) != 32:
        raise ValueError("a paper key has 32 bytes")
    bits = int.from_bytes(key + _checksum(key), "big")
    return [WORDS[bits >> 11 * place & 2047] for place in range(PAPER_WORDS - 1, -1, -1)]


def from_words(text: str) -> bytes:
    """Read 24 words, however spaced, numbered or capitalised. Raises `NotAPaperKey`."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) != PAPER_WORDS:
        raise NotAPaperKey(f"A paper key has {PAPER_WORDS} words; these are {len(words)}.")
    bits = 0
    for place, word in enumerate(words, 1):
        if word not in _NUMBERS:
            raise NotAPaperKey(f"Word {place} is not in the list of words.")
        bits = bits << 11 | _NUMBERS[word]
    whole = bits.to_bytes(33, "big")
    if _checksum(whole[:32]) != whole[32:]:
        raise NotAPaperKey("The words do not belong together: one is wrong or out of place.")
    return whole[:32]


def _checksum(key: bytes) -> bytes:
    return sha256(key).digest()[:1]
