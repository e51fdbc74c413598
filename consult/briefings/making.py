"""Making the newest briefing for somebody: pages and the command do it in the same way."""

from consult import clock
from consult.briefings import document, published, writing
from consult.briefings.blocks import Document
from consult.briefings.files import Format
from consult.briefings.writing import Draft
from consult.consultations import access
from consult.consultations.access import Unlocked
from consult.db import reader, transaction
from consult.reading import answers
from consult.safekeeping import audit
from consult.safekeeping.models import Event


def latest(unlocked: Unlocked, locale: str) -> Document:
    """Give the newest briefing in a language, as published or as it stands.

    Raises `writing.NoBriefing`.
    """
    with reader() as session:
        draft = writing.current(session, unlocked)
        version = published.newest(session, unlocked.consultation)
        if version is not None and version.briefing_id == draft.id:
            return published.render(session, version, locale)
    return composed(unlocked, draft, locale)


def composed(unlocked: Unlocked, draft: Draft, locale: str) -> Document:
    """Give a draft as a document of today; what had to be opened for it is recorded."""
    note_opening(unlocked)
    today = clock.today(unlocked.consultation.time_zone)
    with reader() as session:
        return document.compose(session, unlocked, draft, locale, on=today)


def note_opening(unlocked: Unlocked) -> None:
    """Open what this sitting has not opened yet, and record how much that was."""
    with reader() as session:
        found = answers.load(session, unlocked)
    if found.fresh:
        with transaction() as session:
            keys = access.server_keys()
            answers.note_bulk(session, keys, unlocked, found.fresh, at=clock.now())


def note(unlocked: Unlocked, locale: str, kind: Format) -> None:
    """Record that somebody took a file away."""
    with transaction() as session:
        audit.note(
            session,
            access.server_keys(),
            Event.EXPORT,
            actor=unlocked.person.id,
            consultation=unlocked.consultation.id,
            subject=f"briefing format={kind.value} language={locale.lower()}",
            at=clock.now(),
        )
