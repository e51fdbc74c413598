"""What the page of opening and closing says: each step, how far it is, and whose turn it is."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy.orm import Session

from consult.consultations import approvals, lifecycle, versions
from consult.consultations.forms import GATES
from consult.consultations.lifecycle import DRILLS, ENOUGH_HOLDERS, Gate, Missing
from consult.consultations.models import ApprovalKind, Consultation, RiskLevel, State
from consult.languages.locales import LANGUAGES
from consult.languages.messages import Lazy, _, _n


class Step(NamedTuple):
    """One thing that has to be there; the note says whose turn it is."""

    words: Lazy
    state: Literal["done", "now"]
    note: str | None = None


@dataclass(frozen=True)
class View:
    """All that the page shows of a consultation at this moment.

    `begun` says that it has left draft and pilot. `waits` says that a new version of the
    questionnaire is not asked yet; `may_approve` that this person is the one to approve it,
    and `subject` what exactly.
    """

    steps: list[Step]
    begun: bool
    may_open: bool
    may_close: bool
    may_approve: bool
    may_drill: bool
    wants_second: bool
    waits: bool
    has_questions: bool
    subject: str | None
    turn: str | None
    few_holders: int | None
    listens: bool


def view(session: Session, consultation: Consultation, person_id: int, today: date) -> View:
    """Look at a consultation as this person sees it on this day."""
    begun = consultation.state not in (State.DRAFT, State.PILOT)
    missing = [] if begun else lifecycle.missing(session, consultation, today)
    waits = _waits(session, consultation)
    turn, subject = _second(session, consultation, person_id) if waits else (None, None)
    holders = lifecycle.holders(session, consultation)
    low = consultation.risk_level is RiskLevel.LOW
    return View(
        steps=[] if begun else _steps(session, consultation, missing, today, turn),
        begun=begun,
        may_open=not begun and not missing,
        may_close=consultation.state is State.OPEN,
        may_approve=subject is not None,
        may_drill=not begun or consultation.state is State.OPEN,
        wants_second=not begun and low and consultation.risk_second_id is None,
        waits=begun and waits,
        has_questions=versions.exists(session, consultation),
        subject=subject,
        turn=turn,
        few_holders=holders if holders < ENOUGH_HOLDERS else None,
        listens=consultation.listens(today),
    )


def _waits(session: Session, consultation: Consultation) -> bool:
    if consultation.state not in (State.DRAFT, State.PILOT, State.OPEN):
        return False
    try:
        return versions.waiting(session, consultation) is not None
    except versions.NoVersion:
        return False


def _second(
    session: Session, consultation: Consultation, person_id: int
) -> tuple[str | None, str | None]:
    """Say whose turn it is to read the newest questionnaire; if it is hers, name what she reads."""
    if consultation.risk_level is RiskLevel.LOW:
        return None, None
    version = versions.newest(session, consultation)
    subject = versions.fingerprint(session, consultation, version)
    asked = approvals.find(session, consultation, ApprovalKind.QUESTIONNAIRE, subject)
    if asked is None or asked.granted_by is not None:
        return None, None
    if asked.asked_by == person_id:
        return (
            _(
                "It is another editor’s turn: she reads the questionnaire and its translations "
                "and approves them on this page."
            ),
            None,
        )
    return (
        _("It is your turn: read the questionnaire and its translations, then approve them here."),
        subject,
    )


def _steps(
    session: Session,
    consultation: Consultation,
    missing: list[Missing],
    today: date,
    turn: str | None,
) -> list[Step]:
    by_gate = {_row(one.gate): one for one in missing}
    shown = [gate for gate in GATES if gate in by_gate or gate in _ALWAYS]
    return [_step(session, consultation, gate, by_gate.get(gate), today, turn) for gate in shown]


_ALWAYS = (Gate.TEXTS, Gate.DAYS, Gate.DRILL, Gate.SECOND_PERSON)
_SAME_ROW = {
    Gate.DAYS_PAST: Gate.DAYS,
    Gate.DAYS_LONG: Gate.DAYS,
    Gate.RISK_SECOND: Gate.SECOND_PERSON,
}


def _row(gate: Gate) -> Gate:
    return _SAME_ROW.get(gate, gate)


def _step(
    session: Session,
    consultation: Consultation,
    gate: Gate,
    missing: Missing | None,
    today: date,
    turn: str | None,
) -> Step:
    if missing is not None:
        return Step(GATES[gate], "now", _note(missing, turn))
    note = None
    if gate is Gate.DRILL:
        done = lifecycle.drilled(session, consultation, today)
        note = _drilled(done, max(done, DRILLS[consultation.risk_level]))
    elif gate is Gate.SECOND_PERSON and consultation.risk_level is RiskLevel.LOW:
        note = _("At risk level low a second person agreed to do without.")
    return Step(GATES[gate], "done", note)


def _note(missing: Missing, turn: str | None) -> str | None:
    match missing.gate:
        case Gate.QUESTIONNAIRE:
            return _("It is your turn: load the file of the consultation.")
        case Gate.TEXTS:
            return _texts_note(missing)
        case Gate.DAYS:
            return _("It is your turn: set both days below.")
        case Gate.DAYS_PAST:
            return _("The last day is over. Choose a later one below.")
        case Gate.DAYS_LONG:
            return _("More than a year lies between the two days. Choose a nearer last day below.")
        case Gate.DRILL:
            told = _("It is the turn of whoever keeps a paper key: she types it on the drill page.")
            return f"{_drilled(missing.done, missing.needed)} {told}"
        case Gate.SECOND_PERSON:
            return turn
        case Gate.RISK_SECOND:
            return _("It is your turn: name the second person below.")
        case Gate.DEMONSTRATION:
            return _(
                "This database has held the demonstration. No real consultation opens in it: "
                "set up another installation."
            )


def _texts_note(missing: Missing) -> str:
    """Say in which languages how many texts are missing, and whose turn it is."""
    counts = Counter(locale for locale, _key in missing.texts)
    parts = [
        _n(
            "%(language)s: %(count)s text",
            "%(language)s: %(count)s texts",
            count,
            language=LANGUAGES[locale].own_name,
        )
        for locale, count in counts.items()
    ]
    told = _("It is the translators’ turn; then load the file again.")
    return f"{' · '.join(parts)}. {told}"


def _drilled(done: int, needed: int) -> str:
    return _n(
        "%(done)s of %(count)s paper key.", "%(done)s of %(count)s paper keys.", needed, done=done
    )
