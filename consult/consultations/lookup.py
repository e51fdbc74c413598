"""Find a consultation by what people call it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation, State
from consult.errors import NotFound


class NoConsultation(NotFound):
    """There is no consultation of this name."""


def by_code(session: Session, code: str) -> Consultation:
    """Give the consultation with a public code; raises `NoConsultation`."""
    found = session.scalar(select(Consultation).where(Consultation.code == code))
    if found is None:
        raise NoConsultation("no consultation has this code")
    return found


def by_slug(session: Session, slug: str) -> Consultation:
    """Give the consultation with a slug; raises `NoConsultation`."""
    found = session.scalar(select(Consultation).where(Consultation.slug == slug))
    if found is None:
        raise NoConsultation(f"there is no consultation {slug!r}")
    return found


def listed(session: Session) -> Sequence[Consultation]:
    """Give the open consultations that chose to be listed; ask each whether it `listens`."""
    wanted = select(Consultation).where(Consultation.listed, Consultation.state == State.OPEN)
    return session.scalars(wanted.order_by(Consultation.slug)).all()


def every(session: Session) -> Sequence[Consultation]:
    """Give all consultations, by slug."""
    return session.scalars(select(Consultation).order_by(Consultation.slug)).all()
