"""Deletes what the demonstration holds, for good: here alone no tombstone is left."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.briefings.models import Briefing, BriefingVersion
from consult.consultations.models import Approval, ApprovalKind, Consultation
from consult.follow_up.models import ReportBack
from consult.submissions.models import SealedPart, Submission

ABOUT_ANSWERS = (ApprovalKind.QUOTE, ApprovalKind.BRIEFING, ApprovalKind.RELEASE)


class NotADemonstration(AssertionError):
    """A real consultation was about to be emptied: a fault in the program."""


def clear(session: Session, consultation: Consultation) -> None:
    """Delete every submission, whatever rests on it, briefings and report-back.

    Quotes, evidence and published words go with the parts they refer to. Raises
    `NotADemonstration`.
    """
    if not consultation.demonstration:
        raise NotADemonstration(consultation.slug)
    here = consultation.id
    session.execute(delete(ReportBack).where(ReportBack.consultation_id == here))
    session.execute(delete(BriefingVersion).where(BriefingVersion.consultation_id == here))
    session.execute(delete(Briefing).where(Briefing.consultation_id == here))
    session.execute(
        delete(Approval).where(Approval.consultation_id == here, Approval.kind.in_(ABOUT_ANSWERS))
    )
    mine = select(Submission.id).where(Submission.consultation_id == here)
    session.execute(
        delete(SealedPart)
        .where(SealedPart.submission_id.in_(mine))
        .execution_options(synchronize_session=False)
    )
    session.execute(
        delete(Submission)
        .where(Submission.consultation_id == here)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
