"""Two people: a request, and who granted it. Above risk level low never its maker (SAFETY 2.7)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models import Approval, ApprovalKind, Consultation, RiskLevel
from consult.errors import BadInput, NotFound, NotNow


class NotAsked(NotFound):
    """Nobody asked for this approval."""


class OwnRequest(NotNow):
    """Whoever asks cannot grant it herself at this risk level."""


class ReasonNeeded(BadInput):
    """Whoever does without a second person says why."""


def ask(
    session: Session, consultation: Consultation, kind: ApprovalKind, subject: str, *, by: int
) -> Approval:
    """Ask a second person for a look at a subject; asking again changes nothing.

    `subject` names what is approved so closely that a change of it needs another approval.
    """
    found = find(session, consultation, kind, subject)
    if found is None:
        found = Approval(consultation_id=consultation.id, kind=kind, subject=subject, asked_by=by)
        session.add(found)
        session.flush()
    return found


def grant(
    session: Session,
    consultation: Consultation,
    kind: ApprovalKind,
    subject: str,
    *,
    by: int,
    reason: str | None = None,
) -> Approval:
    """Grant what somebody else asked for; at risk level low its maker may, and says why.

    Raises `NotAsked`, `OwnRequest` and `ReasonNeeded`.
    """
    found = find(session, consultation, kind, subject)
    if found is None:
        raise NotAsked("nobody asked for this approval")
    if found.granted_by is not None:
        return found
    if found.asked_by == by:
        if consultation.risk_level is not RiskLevel.LOW:
            raise OwnRequest("somebody else has to look at what you made")
        if not (reason or "").strip():
            raise ReasonNeeded("say why no second person looks at it")
    found.granted_by = by
    found.reason = (reason or "").strip() or None
    session.flush()
    return found


def find(
    session: Session, consultation: Consultation, kind: ApprovalKind, subject: str
) -> Approval | None:
    """Give the request for a subject, granted or not."""
    return session.scalar(
        select(Approval).where(
            Approval.consultation_id == consultation.id,
            Approval.kind == kind,
            Approval.subject == subject,
        )
    )


def stands(session: Session, consultation: Consultation, kind: ApprovalKind, subject: str) -> bool:
    """Say whether exactly this subject has been granted."""
    found = find(session, consultation, kind, subject)
    return found is not None and found.granted_by is not None


def waiting(
    session: Session, consultation: Consultation, kind: ApprovalKind | None = None
) -> Sequence[Approval]:
    """Give the requests that nobody has granted yet."""
    wanted = select(Approval).where(
        Approval.consultation_id == consultation.id, Approval.granted_by.is_(None)
    )
    if kind is not None:
        wanted = wanted.where(Approval.kind == kind)
    return session.scalars(wanted.order_by(Approval.id)).all()
