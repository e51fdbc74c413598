"""From draft to archive: what is still missing before a consultation opens, and its steps."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations import approvals, texts, versions
from consult.consultations.models import (
    ApprovalKind,
    Consultation,
    Drill,
    QuestionnaireVersion,
    RiskLevel,
    State,
)
from consult.errors import BadInput, NotNow
from consult.people.models import Person
from consult.safekeeping import audit, recovery
from consult.safekeeping.models import ConsultationKey, Event, KeyUse, KeyWrap
from consult.safekeeping.secrets import Secrets

DRILLS = {RiskLevel.LOW: 1, RiskLevel.RAISED: 2, RiskLevel.HIGH: 2}
DRILL_HOLDS_AT_HIGH = timedelta(days=90)
LONGEST_OPEN = timedelta(days=366)
ENOUGH_HOLDERS = 3


class Gate(StrEnum):
    """What can be missing before opening; pages word it."""

    QUESTIONNAIRE = "questionnaire"
    DRILL = "drill"
    TEXTS = "texts"
    DAYS = "days"
    DAYS_PAST = "days_past"
    DAYS_LONG = "days_long"
    SECOND_PERSON = "second_person"
    RISK_SECOND = "risk_second"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: how many are there of how many, or which texts."""

    gate: Gate
    done: int = 0
    needed: int = 0
    texts: tuple[tuple[str, str], ...] = ()


class NotReady(NotNow):
    """Something is still missing before the consultation may open."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__("still missing: " + ", ".join(one.gate.value for one in missing))
        self.missing = missing


class WrongState(NotNow):
    """The step does not follow from the state that the consultation is in."""


class FirstDayStays(WrongState):
    """The consultation has opened, so its first day is history."""


class BadDays(BadInput):
    """The last day lies before the first."""


class SecondHerself(BadInput):
    """The second person must be somebody else, with an account of her own."""


@dataclass(frozen=True)
class Act:
    """Who takes a step, on which day of the consultation, at which moment."""

    person_id: int | None
    today: date
    at: datetime


def missing(session: Session, consultation: Consultation, today: date) -> list[Missing]:
    """List what has to be there before the consultation may open, in the order of the page."""
    try:
        version = versions.newest(session, consultation)
    except versions.NoVersion:
        return [Missing(Gate.QUESTIONNAIRE)]
    found = []
    if absent := texts.missing(session, consultation, version.locales):
        found.append(Missing(Gate.TEXTS, needed=len(absent), texts=tuple(absent)))
    found += _missing_days(consultation, today)
    needed, done = DRILLS[consultation.risk_level], drilled(session, consultation, today)
    if done < needed:
        found.append(Missing(Gate.DRILL, done=done, needed=needed))
    found += _missing_second(session, consultation, version)
    if held_demonstration(session) and not consultation.demonstration:
        found.append(Missing(Gate.DEMONSTRATION))
    return found


def drilled(session: Session, consultation: Consultation, today: date) -> int:
    """Count the different paper keys whose drill counts today; simulated ones only in the demo."""
    wanted = select(Drill.recovery_number).where(Drill.consultation_id == consultation.id)
    if consultation.risk_level is RiskLevel.HIGH:
        wanted = wanted.where(Drill.drilled_on >= today - DRILL_HOLDS_AT_HIGH)
    if not consultation.demonstration:
        wanted = wanted.where(Drill.simulated.is_(False))
    return len(session.scalars(wanted.distinct()).all())


def held_demonstration(session: Session) -> bool:
    """Say whether this database ever held the demonstration: it is marked for good.

    A consultation is never deleted and a removed person stays as a row, so either tells.
    """
    consultation = select(Consultation.id).where(Consultation.demonstration).limit(1)
    person = select(Person.id).where(Person.demonstration).limit(1)
    return session.scalar(consultation) is not None or session.scalar(person) is not None


def holders(session: Session, consultation: Consultation) -> int:
    """Count who could still open the answers: people with a wrap, and paper keys."""
    wraps = (
        select(KeyWrap.person_id, KeyWrap.recovery_number)
        .join(ConsultationKey, ConsultationKey.id == KeyWrap.key_id)
        .where(
            ConsultationKey.consultation_id == consultation.id,
            ConsultationKey.compartment == KeyUse.WORKING,
        )
        .distinct()
    )
    return len(session.execute(wraps).all())


def set_days(session: Session, consultation: Consultation, opens_on: date, closes_on: date) -> None:
    """Set the first and the last day; the first stays once the consultation has opened."""
    if closes_on < opens_on:
        raise BadDays("the last day lies before the first")
    if consultation.state not in (State.DRAFT, State.PILOT, State.OPEN):
        raise WrongState(f"{consultation.slug} is {consultation.state.value}")
    if consultation.state is State.OPEN and opens_on != consultation.opens_on:
        raise FirstDayStays(f"{consultation.slug} has opened; its first day stays")
    consultation.opens_on, consultation.closes_on = opens_on, closes_on
    session.flush()


def name_second(
    session: Session, secrets: Secrets, consultation: Consultation, second: Person, act: Act
) -> None:
    """Note the second person whom choosing risk level low takes (SAFETY 2.7)."""
    if second.id == act.person_id or second.removed:
        raise SecondHerself("the second person must be somebody else with an account")
    consultation.risk_second_id = second.id
    _note(session, secrets, Event.WAIVER, consultation, act, subject=f"person={second.id}")


def drill(
    session: Session,
    secrets: Secrets,
    consultation: Consultation,
    words: str,
    act: Act,
    *,
    simulated: bool = False,
) -> int:
    """Prove that a paper key opens the consultation's keys, and note it; the words are forgotten.

    Gives the number of the key. Raises what `safekeeping.recovery` raises for wrong words.
    """
    number = recovery.drill(
        session,
        secrets,
        consultation_id=consultation.id,
        consultation_uid=consultation.uid,
        typed=words,
    )
    known = select(Drill.id).where(
        Drill.consultation_id == consultation.id,
        Drill.recovery_number == number,
        Drill.drilled_on == act.today,
    )
    if session.scalar(known) is None:
        session.add(
            Drill(
                consultation_id=consultation.id,
                recovery_number=number,
                drilled_on=act.today,
                simulated=simulated,
            )
        )
    _note(session, secrets, Event.DRILL, consultation, act, subject=f"key={number}")
    return number


def propose(
    session: Session,
    secrets: Secrets,
    consultation: Consultation,
    version: QuestionnaireVersion,
    act: Act,
) -> None:
    """Ask a second person to read a version; at risk level low a running one needs nobody."""
    subject = versions.fingerprint(session, consultation, version)
    if act.person_id is not None:
        approvals.ask(session, consultation, ApprovalKind.QUESTIONNAIRE, subject, by=act.person_id)
    if consultation.state is State.OPEN and consultation.risk_level is RiskLevel.LOW:
        _publish(session, secrets, consultation, version, act)


def approve(
    session: Session,
    secrets: Secrets,
    consultation: Consultation,
    act: Act,
    *,
    seen: str | None = None,
) -> None:
    """Grant, as the second person, that the newest questionnaire may be asked.

    `seen` is the fingerprint of what she was shown. A new version of an open consultation is
    published by it. Raises `approvals.OwnRequest`, and `WrongState` when what she was shown has
    been replaced since.
    """
    version = versions.newest(session, consultation)
    if version.published or act.person_id is None:
        raise WrongState("there is nothing to approve")
    subject = versions.fingerprint(session, consultation, version)
    if seen is not None and seen != subject:
        raise WrongState("the questionnaire has been replaced since")
    approvals.grant(session, consultation, ApprovalKind.QUESTIONNAIRE, subject, by=act.person_id)
    _note(session, secrets, Event.APPROVAL, consultation, act, subject=f"version={version.number}")
    if consultation.state is State.OPEN:
        _publish(session, secrets, consultation, version, act)


def open_up(session: Session, secrets: Secrets, consultation: Consultation, act: Act) -> None:
    """Open a consultation: its questionnaire is frozen and it listens from its first day on.

    Raises `NotReady` with what is missing, and `WrongState`.
    """
    if consultation.state not in (State.DRAFT, State.PILOT):
        raise WrongState(f"{consultation.slug} is {consultation.state.value} already")
    if found := missing(session, consultation, act.today):
        raise NotReady(found)
    consultation.state = State.OPEN
    if version := versions.waiting(session, consultation):
        _publish(session, secrets, consultation, version, act)
    _note(session, secrets, Event.GATE, consultation, act, subject="open")


def close(session: Session, secrets: Secrets, consultation: Consultation, act: Act) -> None:
    """Close it on this day; forms begun today may still be sent tomorrow. Raises `WrongState`."""
    if consultation.state is not State.OPEN:
        raise WrongState(f"{consultation.slug} is not open")
    consultation.state, consultation.closed_on = State.CLOSED, act.today
    _note(session, secrets, Event.GATE, consultation, act, subject="close")


def close_if_due(session: Session, secrets: Secrets, consultation: Consultation, act: Act) -> bool:
    """Close a consultation whose last day is over, and say whether that was so."""
    last = consultation.closes_on
    if consultation.state is not State.OPEN or last is None or act.today <= last:
        return False
    consultation.state, consultation.closed_on = State.CLOSED, last
    _note(session, secrets, Event.GATE, consultation, act, subject="close")
    return True


def report(session: Session, secrets: Secrets, consultation: Consultation, act: Act) -> None:
    """Note that a briefing has been published; raises `WrongState` before it has closed.

    A consultation that is still open stays open: an interim briefing changes no state.
    """
    if consultation.state in (State.DRAFT, State.PILOT, State.ARCHIVED):
        raise WrongState(f"{consultation.slug} is {consultation.state.value}")
    if consultation.state is State.CLOSED:
        consultation.state = State.REPORTED
        _note(session, secrets, Event.GATE, consultation, act, subject="report")


def archive(session: Session, secrets: Secrets, consultation: Consultation, act: Act) -> None:
    """Put a consultation away that has closed. Raises `WrongState`."""
    if consultation.state not in (State.CLOSED, State.REPORTED):
        raise WrongState(f"{consultation.slug} is {consultation.state.value}")
    consultation.state = State.ARCHIVED
    _note(session, secrets, Event.GATE, consultation, act, subject="archive")


def _missing_days(consultation: Consultation, today: date) -> list[Missing]:
    if consultation.opens_on is None or consultation.closes_on is None:
        return [Missing(Gate.DAYS)]
    if consultation.closes_on < today:
        return [Missing(Gate.DAYS_PAST)]
    if consultation.closes_on - consultation.opens_on > LONGEST_OPEN:
        return [Missing(Gate.DAYS_LONG)]
    return []


def _missing_second(
    session: Session, consultation: Consultation, version: QuestionnaireVersion
) -> list[Missing]:
    if consultation.risk_level is RiskLevel.LOW:
        return [] if consultation.risk_second_id else [Missing(Gate.RISK_SECOND)]
    subject = versions.fingerprint(session, consultation, version)
    if approvals.stands(session, consultation, ApprovalKind.QUESTIONNAIRE, subject):
        return []
    return [Missing(Gate.SECOND_PERSON)]


def _publish(
    session: Session,
    secrets: Secrets,
    consultation: Consultation,
    version: QuestionnaireVersion,
    act: Act,
) -> None:
    versions.publish(session, consultation, version)
    _note(
        session, secrets, Event.PUBLICATION, consultation, act, subject=f"version={version.number}"
    )


def _note(
    session: Session,
    secrets: Secrets,
    event: Event,
    consultation: Consultation,
    act: Act,
    *,
    subject: str,
) -> None:
    session.flush()
    audit.note(
        session,
        secrets,
        event,
        actor=act.person_id,
        consultation=consultation.id,
        subject=subject,
        at=act.at,
    )
