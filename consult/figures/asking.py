"""From what somebody asked to a tally: the way of pages and commands, and the trace it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from consult import clock
from consult.consultations import access, texts, versions
from consult.consultations.access import Unlocked
from consult.consultations.models import Consultation
from consult.consultations.texts import ContentTexts
from consult.db import reader, transaction
from consult.figures import columns, tally
from consult.figures.columns import Columns
from consult.figures.tally import Tally
from consult.safekeeping import audit
from consult.safekeeping.models import Event


@dataclass(frozen=True)
class Asked:
    """What is asked of a tally: facets to break it down by, or a filter, and a threshold."""

    by: tuple[str, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    threshold: int | None = None


@dataclass(frozen=True)
class Source:
    """What one look at a consultation's figures is made from."""

    consultation: Consultation
    columns: Columns
    texts: ContentTexts
    language: str

    def tally(self, asked: Asked = Asked()) -> Tally:  # noqa: B008 - frozen
        """Give a tally. Raises what `tally.build` raises."""
        return tally.build(
            self.columns,
            self.columns.questions,
            tally.labels_of(self.texts, self.language),
            consultation=self.consultation.slug,
            consultation_threshold=self.consultation.threshold,
            threshold=asked.threshold,
            by=asked.by,
            where=asked.where,
        )


def source(unlocked: Unlocked, language: str) -> Source:
    """Open what counts now, with labels in a language id; who opened how many is noted."""
    with reader() as session:
        found = columns.load(session, unlocked)
        version = versions.current(session, unlocked.consultation)
        words = texts.load(session, unlocked.consultation, version, language)
    if found.fresh:
        _note(unlocked, found.fresh)
    return Source(unlocked.consultation, found, words, language)


def _note(unlocked: Unlocked, count: int) -> None:
    with transaction() as session:
        audit.note(
            session,
            access.server_keys(),
            Event.OPENING,
            actor=unlocked.person.id,
            consultation=unlocked.consultation.id,
            subject=f"submissions={count}",
            at=clock.now(),
        )
