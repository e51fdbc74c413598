"""What makes a translation dangerous, doubtful or untidy: one checker for every way in. Pure.

An error is never waived and the text is not shown; a warning is for the translator to confirm.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from consult.languages import folding, formats

PLACEHOLDER = re.compile(r"%\([A-Za-z_]\w*\)[sd]", re.ASCII)


class Kind(StrEnum):
    """What is wrong; the values are short names for a list on a terminal."""

    PLACEHOLDERS = "placeholders differ from the source"
    PERCENT = "a % that the source lacks"
    MARKUP = "a tag or entity"
    CONTROL = "a control character"
    BIDI = "a direction mark left open, or an override"
    LINE_BREAK = "a line break added at an end"
    PLURAL = "a plural form is missing"
    LENGTH = "too long"
    SCRIPT = "letters of a foreign script"
    MIXED = "a word that mixes scripts"
    ADDED = "a number, address or link that the source lacks"

    SAME = "same as the source"
    MOSTLY_LATIN = "mostly Latin letters"
    PASHTO_LETTERS = "Pashto letters in Dari"
    PUNCTUATION = "Latin ? ; or , beside Arabic script"
    ARABIC_DIGITS = "Arabic-Indic digits"
    LOST = "an address or link of the source is missing"
    SPACE = "white space at an end"
    RATIO = "much shorter or longer than the source"
    TERM = "a term of the glossary is not used"


@dataclass(frozen=True)
class Problem:
    """One thing found in one form of a translation (0 when there is only one form)."""

    kind: Kind
    form: int
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.detail}" if self.detail else self.kind.value


def errors(
    ids: Sequence[str],
    strings: Sequence[str],
    *,
    locale: str | None = None,
    limit: int | None = None,
) -> list[Problem]:
    """Find what forbids to publish or show a translation.

    `ids` holds the source, or its singular and plural; `strings` each form of the translation.
    Every plural form is held against the plural source. With a `locale` its own script is known;
    without, both Latin and Arabic letters pass.
    """
    wanted = 2 if len(ids) > 1 else 1
    found = []
    if len(strings) != wanted or not all(strings):
        found.append(Problem(Kind.PLURAL if wanted > 1 else Kind.PLACEHOLDERS, 0, "empty"))
    for form, text in enumerate(strings):
        found += [
            Problem(kind, form, detail)
            for kind, detail in (
                *_form_errors(ids[-1], text, limit),
                *_letter_errors(ids[-1], text, locale),
            )
        ]
    return found


def warnings(
    ids: Sequence[str],
    strings: Sequence[str],
    locale: str,
    *,
    terms: Mapping[str, str] | None = None,
) -> list[Problem]:
    """Find what a translator should look at again; `terms` maps English terms to this language."""
    return [
        Problem(kind, form, detail)
        for form, text in enumerate(strings)
        for kind, detail in _form_warnings(ids, text, locale, terms or {})
    ]


def repaired(text: str, locale: str) -> str:
    """Give the text with the slips of a keyboard mended: letters that look alike, French spaces."""
    text = unicodedata.normalize("NFC", text)
    if locale == "fa_AF":
        return text.translate(_DARI)
    if locale == "ps":
        return _NON_FINAL_YEH.sub("ی", text.translate(_PASHTO))
    if locale == "fr":
        return _french_spaces(text)
    return text


def without_placeholders(text: str) -> str:
    """Give the words of a message, each placeholder replaced by a space."""
    return PLACEHOLDER.sub(" ", text)


_DARI = str.maketrans("يكى", "یکی")
_PASHTO = str.maketrans("كگ", "کګ")
_NON_FINAL_YEH = re.compile("ي(?=[\u0620-\u064a\u066e-\u06d3])")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_TAG = re.compile(r"<[A-Za-z/!]|&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9A-Fa-f]+);")
_LINK = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|\b(?:javascript|data|mailto|tel|vbscript):", re.I)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_HOST = re.compile(r"\b(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}\b")
_DIGITS = re.compile(r"[0-9]+")
_WORD = re.compile(r"[\w\u200c\u200d]+")
_NO_SCRIPT = {"MODIFIER", "MASCULINE", "FEMININE", "MICRO"}
_PASHTO_ONLY = set("ټډړږښګڼېۍځڅ")
_ARABIC_LETTER = "[\u0620-\u064a\u066e-\u06d3]"
_LATIN_MARK = re.compile(rf"{_ARABIC_LETTER}[\"»”)\u2069]?[?;,]|[?;,]\s?{_ARABIC_LETTER}")
_RATIO = (0.4, 2.5)


def _form_errors(source: str, text: str, limit: int | None) -> Iterator[tuple[Kind, str]]:
    missing = Counter(PLACEHOLDER.findall(source))
    missing.subtract(PLACEHOLDER.findall(text))
    if wrong := sorted(name for name, count in missing.items() if count):
        yield Kind.PLACEHOLDERS, " ".join(wrong)
    bare_source, bare = without_placeholders(source), without_placeholders(text)
    if "%(" in bare or bare.count("%") > bare_source.count("%"):
        yield Kind.PERCENT, ""
    if tag := _TAG.search(text):
        yield Kind.MARKUP, tag[0]
    if _CONTROL.search(text):
        yield Kind.CONTROL, ""
    if formats.clean_bidi(text) != text:
        yield Kind.BIDI, ""
    for end in (str.startswith, str.endswith):
        if end(text, "\n") and not end(source, "\n"):
            yield Kind.LINE_BREAK, ""
    if limit is not None and len(text) > limit:
        yield Kind.LENGTH, str(limit)
    yield from _additions(bare_source, bare)


def _additions(source: str, text: str) -> Iterator[tuple[Kind, str]]:
    """Find what could send a reader elsewhere, or tell her another number."""
    source, text = formats.ascii_digits(source), formats.ascii_digits(text)
    for pattern in (_DIGITS, _LINK, _EMAIL, _HOST):
        added = Counter(map(str.lower, pattern.findall(text)))
        added.subtract(map(str.lower, pattern.findall(source)))
        if new := sorted(part for part, count in added.items() if count > 0):
            yield Kind.ADDED, " ".join(new)
    if text.count("@") > source.count("@"):
        yield Kind.ADDED, "@"


def _letter_errors(source: str, text: str, locale: str | None) -> Iterator[tuple[Kind, str]]:
    allowed = {"LATIN"} if locale in ("en", "fr") else {"LATIN", "ARABIC"}
    allowed |= _scripts(source)
    if foreign := _scripts(text) - allowed:
        yield Kind.SCRIPT, " ".join(sorted(foreign))
    for word in _WORD.findall(without_placeholders(text)):
        if len(_scripts(word)) > 1 and word not in source:
            yield Kind.MIXED, word


def _scripts(text: str) -> set[str]:
    """Name the scripts of the letters of a text; what belongs to no script is left out."""
    return {_script(c) for c in set(text) if c.isalpha()} - _NO_SCRIPT


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "NAMELESS").split()[0]


def _form_warnings(
    ids: Sequence[str], text: str, locale: str, terms: Mapping[str, str]
) -> Iterator[tuple[Kind, str]]:
    source = ids[-1]
    words = without_placeholders(text)
    right_to_left = locale in ("fa_AF", "ps")
    if locale != "en" and text in ids and any(c.isalpha() for c in words):
        yield Kind.SAME, ""
    letters = [c for c in words if c.isalpha()]
    if right_to_left and sum(_is_latin(c) for c in letters) * 2 > len(letters):
        yield Kind.MOSTLY_LATIN, ""
    if locale == "fa_AF" and (pashto := _PASHTO_ONLY & set(text)):
        yield Kind.PASHTO_LETTERS, "".join(sorted(pashto))
    if right_to_left and (mark := _LATIN_MARK.search(text)):
        yield Kind.PUNCTUATION, mark[0]
    if any("\u0660" <= c <= "\u0669" for c in text):
        yield Kind.ARABIC_DIGITS, ""
    for pattern in (_EMAIL, _HOST):
        if len(pattern.findall(text)) < len(pattern.findall(source)):
            yield Kind.LOST, ""
            break
    if text.strip() != text and source.strip() == source:
        yield Kind.SPACE, ""
    if len(source) >= 20 and not _RATIO[0] <= len(text) / len(source) <= _RATIO[1]:
        yield Kind.RATIO, f"{len(text)} letters for {len(source)}"
    yield from _unused(source, text, terms)


def _unused(source: str, text: str, terms: Mapping[str, str]) -> Iterator[tuple[Kind, str]]:
    haystack, wording = f" {folding.key(source)} ", folding.key(text)
    for term, wanted in terms.items():
        if f" {folding.key(term)} " in haystack and folding.key(wanted) not in wording:
            yield Kind.TERM, f"{term}: {wanted}"


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")


def _french_spaces(text: str) -> str:
    """Put U+202F before ; ! ? and inside guillemets, U+00A0 before : and %, for plain spaces."""
    # A placeholder begins with a per cent sign and takes an ordinary space.
    text = re.sub(r" (?=:|%(?!\())", "\u00a0", text)
    text = re.sub(r" (?=[;!?»])", "\u202f", text)
    return text.replace("« ", "«\u202f")
