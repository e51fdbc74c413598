"""A voice that is taken back: its words go, and with them all that rests on them."""

import secrets as random

from sqlalchemy import delete
from sqlalchemy.orm import Session

from consult.submissions.models import SealedPart, State, Submission


def withdraw(session: Session, submission: Submission) -> None:
    """Leave of a submission only that it was withdrawn. Doing it again changes nothing.

    Codings, quotes, evidence and published quotes refer to the deleted parts and go with them,
    in the same transaction and without a key (SAFETY 2.4).
    """
    session.execute(delete(SealedPart).where(SealedPart.submission_id == submission.id))
    submission.state = State.WITHDRAWN
    submission.kept = True
    submission.revision = random.token_bytes(16)
