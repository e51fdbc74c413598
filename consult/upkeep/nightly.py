"""The night's work, done at each start: close what is over, forget, rewrite in key order."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from consult import clock
from consult.consultations import lifecycle, lookup
from consult.consultations.lifecycle import Act
from consult.consultations.models import Consultation
from consult.db import Database
from consult.safekeeping.secrets import Secrets
from consult.submissions.models import Submission
from consult.upkeep import rewriting

GRACE = timedelta(days=1)


def work(address: str, secrets: Secrets, now: datetime, *, rewrite: bool) -> None:
    """Do the night's work on a migrated database."""
    database = Database(address)
    with database.transaction() as session:
        for consultation in lookup.every(session):
            today = clock.day(now, consultation.time_zone)
            lifecycle.close_if_due(session, secrets, consultation, Act(None, today, now))
            if consultation.closed_on and today > consultation.closed_on + GRACE:
                _forget_import_ids(session, consultation)
    database.engine.dispose()
    if rewrite:
        rewriting.rewrite(address)


def _forget_import_ids(session: Session, consultation: Consultation) -> None:
    """Empty the import ids after the grace; imports are refused from then on (SAFETY 2.4)."""
    session.execute(
        update(Submission)
        .where(Submission.consultation_id == consultation.id)
        .where(Submission.import_hash.is_not(None))
        .values(import_hash=None)
    )
