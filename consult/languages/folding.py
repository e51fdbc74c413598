"""Two forms of a text for comparing; neither is ever stored in its place or shown.

Keyboards and people write one word in several ways: Arabic and Persian yeh and kaf, with and
without vowel marks or joiners (ANALYSIS section 6).
"""

import unicodedata

_SAME = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ە": "ه",
        "ہ": "ه",
        "ة": "ه",
        "ۀ": "ه",
        "ۂ": "ه",
        "ٱ": "ا",
    }
)
_ALIKE = str.maketrans(
    {
        "ې": "ی",
        "ۍ": "ی",
        "ئ": "ی",
        "ے": "ی",
        "ي": "ی",
        "ګ": "گ",
        "ړ": "ر",
        "ډ": "د",
        "ټ": "ت",
        "ڼ": "ن",
        "ښ": "ش",
        "ځ": "ز",
        "څ": "س",
        "ږ": "ژ",
        "ؤ": "و",
        "\u200c": " ",
    }
)
# Tatweel, zero-width joiner, and what only steers direction.
_DROPPED = "\u0640\u200d\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def canonical(text: str) -> str:
    """Give the form in which passages are counted and told apart; it keeps ZWNJ and all letters."""
    folded = unicodedata.normalize("NFKC", text).translate(_canonical)
    # What was dropped may have stood between a letter and its accent.
    return unicodedata.normalize("NFKC", folded)


def key(text: str) -> str:
    """Give the form in which texts are searched: case, accents and like letters are one."""
    return unicodedata.normalize("NFD", canonical(text).casefold()).translate(_key)


class _Filled(dict[int, str | int | None]):
    """A table for `str.translate` that looks a character up once, when it is first met."""

    def __missing__(self, code: int) -> str | int | None:
        self[code] = self.rule(code)
        return self[code]

    def rule(self, code: int) -> str | int | None:
        raise NotImplementedError


class _Canonical(_Filled):
    def rule(self, code: int) -> str | int | None:
        character = chr(code)
        if character in _DROPPED:
            return None
        if 0x0600 <= code <= 0x06FF and unicodedata.category(character) == "Mn":
            return None
        return _SAME.get(code, code)


class _Key(_Filled):
    def rule(self, code: int) -> str | int | None:
        character = chr(code)
        category = unicodedata.category(character)
        if category == "Mn":
            return None
        if category == "Nd":
            return str(unicodedata.decimal(character))
        return _ALIKE.get(code, code)


_canonical = _Canonical()
_key = _Key()
