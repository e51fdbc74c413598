"""The report-back: what those who spoke get to read, in plain words, in every language.

While it is written it lies sealed; publishing puts it in the clear, for a page that holds no key.
"""

import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.briefings import published as briefings
from consult.consultations import lifecycle
from consult.consultations.access import Unlocked
from consult.consultations.lifecycle import Act
from consult.consultations.models import Consultation, State
from consult.consultations.texts import Text
from consult.errors import BadInput, NotNow
from consult.follow_up.models import ReportBack
from consult.safekeeping import audit, envelope
from consult.safekeeping.envelope import WorkPlace
from consult.safekeeping.models import Event
from consult.safekeeping.secrets import Secrets

Words: TypeAlias = Mapping[str, Mapping[str, str]]

PARTS = ("heard", "done", "taken_up", "next")
MUST = ("heard", "next")
LONGEST = 4000
NOT_YET = (State.DRAFT, State.PILOT)


class TooEarly(NotNow):
    """Nobody has been asked yet, so there is nothing to report back."""


class NotWritten(NotNow):
    """In the consultation's own language something that everybody must be told is missing."""


class TooMuch(BadInput):
    """More text than a report-back holds."""


@dataclass(frozen=True)
class Report:
    """What it says: language, then part, then words; one language is the consultation's own."""

    original: str
    words: Words = field(default_factory=dict)

    def part(self, name: str, locale: str) -> Text:
        """Give a part in a language, else in the consultation's own."""
        if said := self.words.get(locale, {}).get(name):
            return Text(said, locale)
        return Text(self.words.get(self.original, {}).get(name, ""), self.original)

    def missing(self, locale: str) -> list[str]:
        """Name the parts that every language should have and this one lacks.

        These are the parts that must be there, and whatever the original says.
        """
        own, original = self.words.get(locale, {}), self.words.get(self.original, {})
        wanted = [name for name in PARTS if name in MUST or original.get(name)]
        return [name for name in wanted if not own.get(name)]

    def with_words(self, locale: str, parts: Mapping[str, str]) -> "Report":
        """Give the same with other words in one language."""
        said = {name: text for name in PARTS if (text := parts.get(name, "").strip())}
        kept = {**self.words, locale: said}
        return replace(self, words={name: parts for name, parts in kept.items() if parts})


@dataclass(frozen=True)
class Published(Report):
    """What respondents can read, since this day."""

    published_on: date = date.min


def written(session: Session, unlocked: Unlocked) -> Report:
    """Open what has been written so far. Raises `Tampered` where it cannot be read."""
    consultation = unlocked.consultation
    row = _row(session, consultation)
    if row is None:
        return Report(consultation.source_locale)
    keys = unlocked.keys
    words = envelope.open_work(row.blob, _place(consultation, row.id), keys.working_keys)
    return Report(consultation.source_locale, words)


def keep(session: Session, unlocked: Unlocked, report: Report) -> None:
    """Keep what is written, sealed; what is published stays until it is published again.

    Raises `TooMuch`.
    """
    consultation, keys = unlocked.consultation, unlocked.keys
    row = _row(session, consultation)
    if row is None:
        row = ReportBack(id=random.token_bytes(16), consultation_id=consultation.id)
    words = {locale: dict(parts) for locale, parts in report.words.items()}
    place = _place(consultation, row.id)
    try:
        row.blob = envelope.seal_work(words, place, key_id=keys.working_id, key=keys.working)
    except envelope.TooLarge as error:
        raise TooMuch("this is more text than a report-back holds") from error
    session.add(row)
    session.flush()


def publish(session: Session, secrets: Secrets, unlocked: Unlocked, act: Act) -> None:
    """Put what is written in the clear; once a briefing is published too, all is reported.

    Raises `TooEarly` before the consultation has opened, and `NotWritten`.
    """
    consultation = session.get_one(Consultation, unlocked.consultation.id)
    if consultation.state in NOT_YET:
        raise TooEarly(f"{consultation.slug} is {consultation.state.value}")
    report, row = written(session, unlocked), _row(session, consultation)
    if row is None or report.missing(report.original):
        raise NotWritten("what was heard and what happens next has to be written first")
    row.published = {locale: dict(parts) for locale, parts in report.words.items()}
    row.published_on = act.today
    session.flush()
    audit.note(
        session,
        secrets,
        Event.PUBLICATION,
        actor=act.person_id,
        consultation=consultation.id,
        subject=f"report-back={row.id.hex()}",
        at=act.at,
    )
    briefing = briefings.newest(session, consultation)
    if briefing is not None and consultation.state is not State.ARCHIVED:
        lifecycle.report(session, secrets, consultation, act)


def published(session: Session, consultation: Consultation) -> Published | None:
    """Give what respondents can read, or nothing; it takes no key."""
    row = _row(session, consultation)
    if row is None or row.published is None or row.published_on is None:
        return None
    return Published(consultation.source_locale, row.published, row.published_on)


def _row(session: Session, consultation: Consultation) -> ReportBack | None:
    return session.scalar(select(ReportBack).where(ReportBack.consultation_id == consultation.id))


def _place(consultation: Consultation, row_id: bytes) -> WorkPlace:
    return WorkPlace(consultation.uid, "report_back", row_id, None, "blob")
