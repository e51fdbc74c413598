"""Details in a text by which somebody could be found: shown to a person, who decides. Pure.

It finds phone numbers, addresses, numbers of documents, coordinates, and names behind a word that
announces one. A name that nothing announces is missed, so a person reads every quote.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers

from consult.languages import folding, formats

REGIONS = ("AF", "CD")
MOST_PER_KIND = 50


class Kind(StrEnum):
    """What was found; pages word it."""

    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    LINK = "link"
    NUMBER = "number"
    COORDINATES = "coordinates"
    NAME = "name"


@dataclass(frozen=True, order=True)
class Detail:
    """One of them: from which to before which character of the text."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: a detail, or what lies between."""

    text: str
    kind: Kind | None = None


def find(text: str) -> list[Detail]:
    """Give what could identify somebody, in the order of the text; none lies within another."""
    found = sorted([*_phones(text), *_patterns(text)], key=lambda d: (d.start, -d.end))
    kept: list[Detail] = []
    for detail in found:
        if not kept or detail.end > kept[-1].end:
            kept.append(detail)
    return kept


def pieces(text: str) -> list[Piece]:
    """Cut a text at its details, for a page that marks them; joined it is the text again."""
    cut: list[Piece] = []
    at = 0
    for detail in find(text):
        start = max(at, detail.start)
        if start > at:
            cut.append(Piece(text[at:start]))
        cut.append(Piece(text[start : detail.end], detail.kind))
        at = detail.end
    return [*cut, Piece(text[at:])] if at < len(text) else cut


def _phones(text: str) -> Iterator[Detail]:
    digits = formats.ascii_digits(text)
    for region in REGIONS:
        for match in phonenumbers.PhoneNumberMatcher(
            digits, region, leniency=phonenumbers.Leniency.VALID, max_tries=MOST_PER_KIND
        ):
            yield Detail(match.start, match.end, Kind.PHONE)


def _patterns(text: str) -> Iterator[Detail]:
    folded, at = _folded(text)
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            yield Detail(at[match.start()], at[match.end() - 1] + 1, kind)
    shouted = text == text.lower()
    for pattern, wants_capital in ((_SAID, False), (_SHORT, not shouted), (_LONG, True)):
        for match in pattern.finditer(folded):
            if match["name"] in _NO_NAMES:
                continue
            if wants_capital and not _begins_name(text[at[match.start("name")]]):
                continue
            end = match.end("name")
            if match["more"] and match["more"] not in _NO_NAMES:
                more = _begins_name(text[at[match.start("more")]])
                end = match.end("more") if more or not wants_capital else end
            yield Detail(at[match.start()], at[end - 1] + 1, Kind.NAME)


def _begins_name(character: str) -> bool:
    """Say whether a word may be a name by its first letter; some scripts have no capitals."""
    return character.isupper() or not (character.isupper() or character.islower())


def _folded(text: str) -> tuple[str, list[int]]:
    """Give the search form of a text, and for each of its characters where it came from."""
    folded: list[str] = []
    at: list[int] = []
    for position, character in enumerate(text):
        for one in _fold(character):
            folded.append(one)
            at.append(position)
    return "".join(folded), at


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    # Marks that are written in several ways, before the folding that would keep them apart.
    return folding.key(_MARKS.get(character, character))


_MARKS = {"’": "'", "ʼ": "'", "`": "'", "′": "'", "″": '"', "”": '"', "٫": ".", "−": "-"}


def _words(*words: str) -> str:
    return "|".join(sorted((re.escape(folding.key(word)) for word in words), key=len, reverse=True))


_AT = r"(?:@|\s?[\[({]\s?(?:at|arobase)\s?[\])}]\s?)"
_DOT = r"(?:\.|\s?[\[({]\s?(?:dot|point)\s?[\])}]\s?)"
_ENDINGS = "com|org|net|info|edu|gov|int|me|io|app|example|af|cd|fr|uk|de|ir|pk"
_NETWORKS = _words(
    *("telegram", "whatsapp", "signal", "facebook", "instagram", "twitter", "tiktok", "skype"),
    *("تلگرام", "تلیگرام", "واتساپ", "واتسپ", "فیسبوک", "فېسبوک", "انستاگرام", "توییتر"),
)
_PAPERS = _words(
    *("tazkira", "tazkera", "passport", "national id", "id card", "id number", "voter card"),
    *("passeport", "carte d'identité", "carte d'électeur", "numéro national", "matricule"),
    *("تذکره", "تذکرهٔ", "پاسپورت", "شناسنامه", "کارت هویت", "نمبر تذکره", "پېژندپاڼه"),
)
_PATTERNS = (
    (Kind.EMAIL, re.compile(rf"[a-z0-9._%+-]+{_AT}[a-z0-9-]+(?:{_DOT}[a-z0-9-]+)+")),
    (Kind.LINK, re.compile(r"(?:https?://|www\.)[^\s<>]+[^\s<>.,;:!?،؛)]")),
    (Kind.LINK, re.compile(rf"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:{_ENDINGS})\b(?:/[^\s<>]*)?")),
    (Kind.HANDLE, re.compile(r"(?<![\w@.])@[a-z0-9_.]{2,}")),
    (Kind.HANDLE, re.compile(rf"\b(?:{_NETWORKS})\s?:\s?[^\s,;،؛]{{3,}}")),
    (Kind.NUMBER, re.compile(rf"\b(?:{_PAPERS})\b[^\d\n]{{0,20}}\d[\d /.-]{{2,}}\d")),
    (Kind.NUMBER, re.compile(r"(?<![\d.,])\+?\d(?:[ ./-]?\d){8,18}(?![\d])")),
    (
        Kind.COORDINATES,
        re.compile(r"-?\d{1,2}\.\d{3,}\s?°?\s?[ns]?\s?[,;/ ،]\s?-?\d{1,3}\.\d{3,}"),
    ),
    (
        Kind.COORDINATES,
        re.compile(r"(?:\b[nsewo]\s?)?\d{1,3}\s?°\s?\d{1,2}(?:\.\d+)?\s?'(?:\s?[\d.]+\s?\")?"),
    ),
    (
        Kind.COORDINATES,
        re.compile(r"\b[2-9cfghjmpqrvwx]{4,8}\+[2-9cfghjmpqrvwx]{2,3}\b"),
    ),
)
_NAME = r"[\s:.]{1,3}(?P<name>[^\W\d_]{2,})(?:\s(?P<more>[^\W\d_]{2,}))?"
# Behind these words any word is a name.
_SAID = re.compile(
    "".join(
        (
            r"\b(?:",
            _words(
                *("my name is", "my name's", "je m'appelle", "mon nom est", "je me nomme"),
                *("نام من", "اسم من", "نامم", "اسمم", "زما نوم", "نوم مې"),
            ),
            ")",
            _NAME,
        )
    )
)
# Behind these a capital, or in a text without capitals any word.
_SHORT = re.compile(
    "".join(
        (
            r"\b(?:",
            _words(
                *("mr", "mrs", "ms", "dr", "haji", "hajji", "mullah", "mawlawi", "maulvi"),
                *("mme", "mlle", "madame", "monsieur"),
                *("خانم", "آقای", "بی بی", "قوماندان", "حاجی", "ملا", "مولوی", "استاد", "داکتر"),
                *("انجینر", "جنرال", "والی", "ولسوال"),
                *("حاجي", "مولوي", "ښاغلی", "ښاغلي", "مېرمن", "آغلې", "ډاکټر", "انجنیر"),
            ),
            ")",
            _NAME,
        )
    )
)
# Behind these only a capital: they are common words.
_LONG = re.compile(
    "".join(
        (
            r"\b(?:",
            _words(
                *("call me", "i am", "commander", "general", "colonel", "captain", "sheikh"),
                *("doctor", "teacher", "miss", "son of", "daughter of", "wife of", "sister"),
                *("commandant", "colonel", "capitaine", "docteur", "pasteur", "abbé", "maître"),
                *("fils de", "fille de", "épouse de", "je suis", "soeur", "sœur"),
            ),
            ")",
            r"[\s.]{1,2}(?P<name>[a-z]{2,})(?:\s(?P<more>[a-z]{2,}))?",
        )
    )
)
_NO_NAMES = frozenset(
    folding.key(word)
    for word in (
        *("ها", "های", "هایی", "هائی", "هایم", "و", "یا", "که", "را", "از", "در", "به", "با", "بر"),
        *("است", "هست", "بود", "بودند", "هم", "زن", "زنان", "مرد", "مردان", "محل", "محلی", "مکتب"),
        *("برای", "باید", "نباید", "نیست", "ندارد", "ندارند", "دارد", "دارند", "مسلح", "خانه"),
        *("ته", "له", "په", "د", "او", "چې", "کې", "سره", "هم", "ښځه", "ښځې", "نشته", "نه", "دي"),
        *(
            "دی",
            "ده",
            "مې",
            "یې",
            "می",
            "نمی",
            "من",
            "ما",
            "خود",
            "زن",
            "معلم",
            "دولت",
            "ولایت",
            "قابل",
        ),
    )
)
