"""From draft to publication: whose turn it is, a second pair of eyes, and the frozen version."""

import secrets as random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.briefings import blocks, document, evidence, numbers
from consult.briefings.blocks import Block, Document, References, Run
from consult.briefings.models import BriefingVersion
from consult.briefings.writing import Draft, is_published
from consult.consultations import approvals, lifecycle
from consult.consultations.access import Unlocked
from consult.consultations.lifecycle import Act
from consult.consultations.models import ApprovalKind, Consultation, RiskLevel
from consult.errors import NotNow
from consult.reading.models import Quote
from consult.safekeeping import audit
from consult.safekeeping.models import Event
from consult.safekeeping.secrets import Secrets
from consult.submissions.models import PublishedQuote

FORMAT = "briefing/1"


class Changed(NotNow):
    """The briefing is not what was read any more."""


class NotApproved(NotNow):
    """Nobody has approved the briefing as it stands."""


class OnlyOnce(NotNow):
    """The figures of a consultation are published once."""


class Stage(StrEnum):
    """How far a briefing has come; a change leads back to the draft."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    PUBLISHED = "published"


class Approving(StrEnum):
    """Whether somebody may approve a briefing."""

    YES = "yes"
    WITH_A_REASON = "with_a_reason"
    ANOTHER = "another"


def stage(session: Session, consultation: Consultation, draft: Draft) -> Stage:
    """Say how far a briefing has come."""
    if is_published(session, draft.id):
        return Stage.PUBLISHED
    asked = approvals.find(session, consultation, ApprovalKind.BRIEFING, draft.subject)
    if asked is None:
        return Stage.DRAFT
    return Stage.IN_REVIEW if asked.granted_by is None else Stage.APPROVED


def approving(consultation: Consultation, draft: Draft, person_id: int) -> Approving:
    """Say whether an editor may approve: never what she wrote in, but at risk level low."""
    if person_id not in draft.authors:
        return Approving.YES
    low = consultation.risk_level is RiskLevel.LOW
    return Approving.WITH_A_REASON if low else Approving.ANOTHER


def ask(session: Session, unlocked: Unlocked, draft: Draft) -> None:
    """Ask a second editor to read the briefing as it stands."""
    consultation = unlocked.consultation
    if is_published(session, draft.id):
        raise OnlyOnce("the briefing is published already")
    # An older request is of other words; nobody is to wait for it.
    for old in approvals.waiting(session, consultation, ApprovalKind.BRIEFING):
        if old.subject != draft.subject:
            session.delete(old)
    approvals.ask(
        session, consultation, ApprovalKind.BRIEFING, draft.subject, by=unlocked.person.id
    )


def approve(
    session: Session,
    secrets: Secrets,
    unlocked: Unlocked,
    draft: Draft,
    mark: str,
    *,
    reason: str | None,
    at: datetime,
) -> None:
    """Say, as a person who has read it whole, that the briefing may be published.

    `mark` is that of what she read. Raises `Changed`, and `approvals.OwnRequest` or
    `approvals.ReasonNeeded` for what she wrote in.
    """
    consultation, person = unlocked.consultation, unlocked.person.id
    if draft.mark != mark:
        raise Changed("the briefing has changed since")
    own = approving(consultation, draft, person)
    if own is Approving.ANOTHER:
        raise approvals.OwnRequest("somebody else has to look at what you wrote")
    if own is Approving.WITH_A_REASON and not (reason or "").strip():
        raise approvals.ReasonNeeded("say why no second person looks at it")
    approvals.grant(
        session, consultation, ApprovalKind.BRIEFING, draft.subject, by=person, reason=reason
    )
    audit.note(
        session,
        secrets,
        Event.WAIVER if own is Approving.WITH_A_REASON else Event.APPROVAL,
        actor=person,
        consultation=consultation.id,
        subject=f"briefing={draft.id.hex()}",
        at=at,
    )


def publish(
    session: Session, secrets: Secrets, unlocked: Unlocked, draft: Draft, act: Act
) -> BriefingVersion:
    """Freeze a briefing in every language of its consultation, with its figures of now.

    The quoted words lie in rows that go with the answers they were taken from. Raises
    `NotApproved`, `OnlyOnce` and `lifecycle.WrongState`.
    """
    consultation = session.get_one(Consultation, unlocked.consultation.id)
    released = select(BriefingVersion.id).where(BriefingVersion.consultation_id == consultation.id)
    if session.scalar(released.limit(1)) is not None:
        raise OnlyOnce("the figures of a consultation are published once")
    if stage(session, consultation, draft) is not Stage.APPROVED:
        raise NotApproved("nobody has approved the briefing as it stands")
    version = BriefingVersion(
        consultation_id=consultation.id,
        briefing_id=draft.id,
        number=1,
        published_on=act.today,
        document={},
    )
    session.add(version)
    session.flush()
    freezer = _Freezer(session, version.id)
    documents = {
        locale: freezer.frozen(
            document.compose(session, unlocked, draft, locale, on=act.today, published=True)
        )
        for locale in consultation.locales
    }
    version.document = {
        "format": FORMAT,
        "original": draft.body.original,
        "documents": {locale: blocks.to_json(made) for locale, made in documents.items()},
        "figures": _figures(session, unlocked, draft),
    }
    session.flush()
    audit.note(
        session,
        secrets,
        Event.PUBLICATION,
        actor=act.person_id,
        consultation=consultation.id,
        subject=f"briefing={draft.id.hex()} version={version.number}",
        at=act.at,
    )
    lifecycle.report(session, secrets, consultation, act)
    return version


def _figures(session: Session, unlocked: Unlocked, draft: Draft) -> dict[str, Any]:
    """Give the tally that was published, for a later release to be held against."""
    by = evidence.facets(draft)
    return numbers.load(session, unlocked, draft.body.original, by=by).whole.to_json()


@dataclass
class _Freezer:
    """Moves the quoted words of documents into rows, each text once."""

    session: Session
    version_id: int
    kept: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def frozen(self, made: Document) -> Document:
        """Give a document that names its quotes and holds none of their words."""
        return replace(made, blocks=tuple(self._blocks(made)))

    def _blocks(self, made: Document) -> Iterator[Block]:
        for block in made.blocks:
            yield self._quote(block, made.locale) if isinstance(block, blocks.Quote) else block

    def _quote(self, quote: blocks.Quote, locale: str) -> blocks.Quote:
        said = quote.translation
        kept = References(
            words=self._row(quote.source, "words", "", quote.words.text),
            line=self._row(quote.source, "line", locale, quote.line),
            translation=self._row(quote.source, "translation", locale, said.text) if said else "",
        )
        empty = replace(quote.words, text="")
        return replace(
            quote,
            words=empty,
            line="",
            translation=Run("", said.locale) if said else None,
            kept=kept,
            source="",
        )

    def _row(self, source: str, kind: str, locale: str, text: str) -> str:
        at = (source, kind, locale)
        if at not in self.kept:
            quote = self.session.get_one(Quote, bytes.fromhex(source))
            row = PublishedQuote(
                id=random.token_bytes(16),
                part_id=quote.part_id,
                briefing_version_id=self.version_id,
                text=text,
            )
            self.session.add(row)
            self.kept[at] = row.id.hex()
        return self.kept[at]
