"""The texts of every language as they stand now: the shipped files and what lies over them.

Files are read as they are, without a compile step, and every worker notices a change within two
seconds. A file or a row that is broken never takes away what was there before (LANGUAGES 4).
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import flask_babel  # type: ignore[import-untyped] # ships none
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, PoFileParser
from flask import g
from sqlalchemy.exc import SQLAlchemyError

from consult.languages import checker, formats, locales
from consult.languages.locales import LANGUAGES, Language
from consult.languages.overlay import Overlay

log = logging.getLogger(__name__)

# Babel's parser takes an unclosed quote for no error, and then shows a text that is cut.
LINE = re.compile(r'\s*(#.*|((msgctxt|msgid|msgid_plural|msgstr(\[\d\])?)\s+)?"([^"\\]|\\.)*")?\s*')
SECONDS_BETWEEN_LOOKS = 1.0

Forms = dict[tuple[str | None, str], tuple[str, ...]]
Stamp = tuple[int, int, int]


class NotWhole(ValueError):
    """A catalogue cannot be what its makers meant; the message holds no text of it."""


class Po(Catalog):
    """A catalogue whose number of forms is ours, never what a header says."""

    num_plurals = 2


class Texts(NamedTuple):
    """All texts of one language at one moment."""

    language: Language
    stamp: Stamp | None
    shipped: int
    forms: Forms

    def find(
        self, context: str | None, one: str, many: str | None = None, n: int | None = None
    ) -> str:
        """Give the translation; where there is none the English, isolated on an Arabic page."""
        if found := self.forms.get((context, one)):
            if many is None or n is None:
                return found[0]
            return found[self.language.plural(n)]
        text = one if many is None or n == 1 else many
        if self.language.dir == "rtl":
            return f"{formats.FSI}{text}{formats.PDI}"
        return text


@dataclass
class _Held:
    texts: Texts
    looked_at: float
    refused: Any = None


class Catalogue(flask_babel.Domain):  # type: ignore[misc] # no types there
    """The catalogues of all languages, kept in memory and renewed when something changed."""

    def __init__(
        self, folder: Path, overlay: Overlay, *, timer: Callable[[], float] = time.monotonic
    ) -> None:
        """Read from `folder/<id>/LC_MESSAGES/messages.po`; `timer` gives seconds."""
        super().__init__()
        self.folder = folder
        self.overlay = overlay
        self._timer = timer
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}

    def path(self, language_id: str) -> Path:
        """Name the file of a language."""
        return self.folder / language_id / "LC_MESSAGES" / "messages.po"

    def texts(self) -> Texts:
        """Give the texts of the request's language; one page is all old or all new."""
        held: dict[str, Texts] = g.setdefault("texts", {})
        language_id = locales.current().id
        if language_id not in held:
            held[language_id] = self.current(language_id)
        return held[language_id]

    def current(self, language_id: str) -> Texts:
        """Give the texts of a language, looking at most once a second whether they changed."""
        now = self._timer()
        held = self._held.get(language_id)
        if held and now - held.looked_at < SECONDS_BETWEEN_LOOKS:
            return held.texts
        with self._lock:
            held = self._held.get(language_id)
            if held is None:
                held = _Held(Texts(LANGUAGES[language_id], None, 0, {}), now)
            elif now - held.looked_at < SECONDS_BETWEEN_LOOKS:
                return held.texts
            self._renew(language_id, held)
            held.looked_at = now
            self._held[language_id] = held
            return held.texts

    def build(self, language_id: str, stamp: Stamp, have: Texts | None = None) -> Texts:
        """Read a language anew.

        Raises `NotWhole` when a line is cut, or when more than a fifth of `have` has gone;
        `OSError`, `PoFileError`, `ValueError` or `SQLAlchemyError` when it cannot be read.
        """
        po = Po(language_id)
        PoFileParser(po, ignore_obsolete=True, abort_invalid=True).parse(
            whole_lines(self.path(language_id))
        )
        shipped = [(m.context, m.id, m.string) for m in po if m.id and m.string and not m.fuzzy]
        if have and len(shipped) < 0.8 * have.shipped:
            raise NotWhole("more than a fifth of its texts has gone")
        forms: Forms = {}
        for context, source, translation in [*shipped, *self.overlay.published(language_id)]:
            ids, strings = as_forms(source), as_forms(translation)
            if all(strings) and not checker.errors(ids, strings, locale=language_id):
                forms[context or None, ids[0]] = strings
        return Texts(LANGUAGES[language_id], stamp, len(shipped), forms)

    def _renew(self, language_id: str, held: _Held) -> None:
        stamp: Any = None
        try:
            seen = self.path(language_id).stat()
            stamp = (seen.st_mtime_ns, seen.st_size, self.overlay.revision(language_id))
            if stamp in (held.texts.stamp, held.refused):
                return
            held.texts = self.build(language_id, stamp, held.texts)
            held.refused = None
        except (OSError, ValueError, PoFileError, SQLAlchemyError) as error:
            # Without a stamp the kind of error stands for it, so that it is said once.
            stamp = stamp or type(error)
            if held.refused != stamp:
                reason = str(error) if isinstance(error, NotWhole) else type(error).__name__
                log.error("texts of %s kept as they were: %s", language_id, reason)
            held.refused = stamp


def whole_lines(path: Path) -> list[str]:
    """Give the lines of a catalogue, each of which must be well formed by itself.

    Raises `NotWhole`, `OSError`, or `UnicodeDecodeError` (a `ValueError`).
    """
    lines = path.read_text("utf-8").split("\n")
    if not all(map(LINE.fullmatch, lines)):
        raise NotWhole("a line is cut, or is no PO")
    return lines


def as_forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """Give a text, or its plural forms, as a tuple; nothing is one empty text."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)
