"""The texts of a consultation in its languages, and the words that a page may show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models import (
    Consultation,
    Origin,
    QuestionnaireVersion,
    TextTranslation,
    TextUnit,
    TranslationState,
    UnitKind,
)
from consult.languages.locales import LANGUAGES, Language

Wording = dict[str, dict[str, str]]
KEPT_WORDINGS = 64


@dataclass(frozen=True)
class UnitSpec:
    """What the rules of asking say of one text: where it stands, how long it may be."""

    key: str
    kind: UnitKind
    required: bool
    max_len: int
    safety: bool = False


CONSULTATION_UNITS = (
    UnitSpec("c.title", UnitKind.PLAIN, required=True, max_len=160),
    UnitSpec("c.asks", UnitKind.LINES, required=True, max_len=2000),
    UnitSpec("c.purpose", UnitKind.LINES, required=True, max_len=2000),
    UnitSpec("c.use", UnitKind.LINES, required=True, max_len=2000, safety=True),
    UnitSpec("c.safety", UnitKind.LINES, required=False, max_len=2000, safety=True),
)


@dataclass(frozen=True)
class Author:
    """Who wrote texts, when, and by which way they came."""

    id: int | None
    at: datetime
    origin: Origin = Origin.HUMAN


@dataclass(frozen=True)
class Text:
    """A text and the language it really is in; empty when there is none in any language."""

    text: str
    locale: str

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text

    @property
    def language(self) -> Language:
        """Give the language, with the `html` and `dir` of the element that shows the text."""
        return LANGUAGES[self.locale]


@dataclass(frozen=True)
class ContentTexts:
    """All texts of one version in one language, falling back to the source language."""

    locale: str
    source_locale: str
    own: Mapping[str, str]
    source: Mapping[str, str]

    def get(self, key: str) -> Text:
        """Give the text of a unit, such as `q:<uuid>.title`; never another translation."""
        if text := self.own.get(key):
            return Text(text, self.locale)
        return Text(self.source.get(key, ""), self.source_locale)


class _Published:
    """Wordings of published versions, which never change, kept by their random ids."""

    def __init__(self) -> None:
        self._held: dict[bytes, Wording] = {}
        self._lock = Lock()

    def wording(self, version: QuestionnaireVersion) -> Wording:
        held = self._held.get(version.uid)
        if held is None:
            held = version.wording
            with self._lock:
                while len(self._held) >= KEPT_WORDINGS:
                    del self._held[next(iter(self._held))]
                self._held[version.uid] = held
        return held


_published = _Published()


def load(
    session: Session, consultation: Consultation, version: QuestionnaireVersion, locale: str
) -> ContentTexts:
    """Give the texts of a version in a language; an unpublished one shows the texts of now."""
    if version.published:
        wording = _published.wording(version)
    else:
        wording = now_worded(session, consultation, version.locales)
    source = consultation.source_locale
    return ContentTexts(locale, source, wording.get(locale, {}), wording.get(source, {}))


def now_worded(session: Session, consultation: Consultation, locales: Sequence[str]) -> Wording:
    """Give every text as it stands now: language, then unit, in the order of the questionnaire."""
    held = {key: row.text for key, row in _translations(session, consultation).items()}
    wording: Wording = {locale: {} for locale in locales}
    for unit in unit_rows(session, consultation):
        for locale, words in wording.items():
            own = locale == unit.source_locale
            if text := unit.source_text if own else held.get((unit.id, locale)):
                words[unit.key] = text
    return wording


def unit_rows(session: Session, consultation: Consultation) -> Sequence[TextUnit]:
    """Give the units in the order of the questionnaire."""
    wanted = (
        select(TextUnit)
        .where(TextUnit.consultation_id == consultation.id)
        .order_by(TextUnit.position)
    )
    return session.scalars(wanted).all()


def missing(
    session: Session, consultation: Consultation, locales: Sequence[str]
) -> list[tuple[str, str]]:
    """Name the required texts that are not there: language and unit."""
    wording = now_worded(session, consultation, locales)
    required = [unit.key for unit in unit_rows(session, consultation) if unit.required]
    return [(locale, key) for locale in locales for key in required if not wording[locale].get(key)]


def keep(
    session: Session,
    consultation: Consultation,
    specs: Sequence[UnitSpec],
    texts: Mapping[str, Mapping[str, str]],
    author: Author,
) -> None:
    """Make the stored texts equal to these; what did not change keeps its review.

    `texts` holds unit, then language. Units that are not among the specs go, with their
    translations; published versions have their own words and lose nothing.
    """
    source = consultation.source_locale
    held = {unit.key: unit for unit in unit_rows(session, consultation)}
    wanted = [spec for spec in specs if texts.get(spec.key, {}).get(source)]
    for key in held.keys() - {spec.key for spec in wanted}:
        session.delete(held[key])
    units = []
    for position, spec in enumerate(wanted):
        unit = held.get(spec.key) or TextUnit(consultation_id=consultation.id, key=spec.key)
        _word(unit, spec, position, Text(texts[spec.key][source], source))
        session.add(unit)
        units.append(unit)
    session.flush()
    rows = _translations(session, consultation)
    for unit in units:
        own = {locale: row for (unit_id, locale), row in rows.items() if unit_id == unit.id}
        words = {k: v for k, v in texts[unit.key].items() if v and k != source}
        _keep_translations(session, unit, own, words, author)
    session.flush()


def source_hash(locale: str, text: str) -> bytes:
    """Give what a translation remembers of the source that it was made from."""
    return blake2b(f"{locale}\0{text}".encode(), digest_size=32).digest()


def _translations(
    session: Session, consultation: Consultation
) -> dict[tuple[int, str], TextTranslation]:
    wanted = (
        select(TextTranslation)
        .join(TextUnit, TextUnit.id == TextTranslation.unit_id)
        .where(TextUnit.consultation_id == consultation.id)
    )
    return {(row.unit_id, row.locale): row for row in session.scalars(wanted)}


def _word(unit: TextUnit, spec: UnitSpec, position: int, source: Text) -> None:
    unit.kind, unit.safety, unit.required = spec.kind, spec.safety, spec.required
    unit.max_len, unit.position = spec.max_len, position
    unit.source_locale, unit.source_text = source.locale, source.text
    unit.source_hash = source_hash(source.locale, source.text)


def _keep_translations(
    session: Session,
    unit: TextUnit,
    held: Mapping[str, TextTranslation],
    wanted: Mapping[str, str],
    author: Author,
) -> None:
    for locale in held.keys() - wanted.keys():
        session.delete(held[locale])
    for locale, text in wanted.items():
        row = held.get(locale)
        if row is not None and (row.text, row.base_hash) == (text, unit.source_hash):
            continue
        if row is None:
            row = TextTranslation(unit_id=unit.id, locale=locale, version=0)
            session.add(row)
        row.text, row.base_hash, row.origin = text, unit.source_hash, author.origin
        row.state, row.reviewer_id = TranslationState.DRAFT, None
        row.author_id, row.updated_at, row.version = author.id, author.at, row.version + 1
