"""What a text may hold, when it counts as empty, and the one form in which it is kept.

One rule for every page, import and file: newlines are LF and the text is in NFC before it is
counted or kept; nothing else of it is changed. Control characters other than tab and newline,
lone surrogates and noncharacters (U+FDD0 to U+FDEF, U+FFFE and U+FFFF of every plane) are refused,
because no spreadsheet or document could hold them. Private use is allowed: some fonts need it.
"""

import re
import unicodedata

# Every plane ends in two noncharacters; a class of ranges keeps the search in C.
_PLANE_ENDS = "".join(
    f"{chr(plane + 0xFFFE)}-{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_FORBIDDEN = re.compile(
    f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANE_ENDS}]",
)
_NEWLINE = re.compile(r"\r\n?")
# Letters and symbols by category, but nothing is seen of them: fillers of Hangul, blank Braille.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Marks that change or join their neighbours and show nothing alone.
_JOINERS = frozenset("\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f")
_SPACES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})


def tidy(text: str) -> str:
    """Give the form in which a text is counted and kept: newlines LF, NFC."""
    return unicodedata.normalize("NFC", _NEWLINE.sub("\n", text))


def is_forbidden(text: str) -> bool:
    """Say whether a tidied text holds a character that no kept text may hold."""
    return _FORBIDDEN.search(text) is not None


def is_blank(text: str) -> bool:
    """Say whether nothing of a text can be seen, so that it counts as not answered."""
    return all(map(_is_unseen, text))


def _is_unseen(character: str) -> bool:
    return (
        character.isspace()
        or character in _FILLERS
        or character in _JOINERS
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0000" <= character <= "\U000e0fff"
        or unicodedata.category(character) in _SPACES
    )
