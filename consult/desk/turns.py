"""What a consultation waits for, and whose turn it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from consult.consultations import access, approvals, lifecycle, members, versions
from consult.consultations.access import Permission
from consult.consultations.lifecycle import Gate
from consult.consultations.members import Member
from consult.consultations.models import ApprovalKind, Consultation, RiskLevel, Role, State
from consult.languages.messages import _, _n
from consult.reading import quotes


@dataclass(frozen=True)
class Turn:
    """One thing that waits: what and for whom, whether it is hers, and where it is done.

    `parts` is the path below the consultation; nothing where she has no page for it.
    """

    words: str
    yours: bool = False
    parts: tuple[str, ...] | None = None


@dataclass(frozen=True)
class _Look:
    """One person looking at one consultation on a day."""

    session: Session
    consultation: Consultation
    person_id: int
    role: Role
    everybody: Sequence[Member]
    today: date

    def may(self, permission: Permission) -> bool:
        return access.allowed(self.role, permission)

    def turn(self, words: str, permission: Permission, *parts: str) -> Turn:
        """Give a turn that is everybody's who has a right."""
        may = self.may(permission)
        return Turn(words, may, parts if may else None)

    def names(self, people: Iterable[int]) -> str:
        """Name members; those who have left have no name any more."""
        wanted = set(people)
        return ", ".join(one.name for one in self.everybody if one.person_id in wanted)


def of(
    session: Session, consultation: Consultation, person_id: int, role: Role, today: date
) -> list[Turn]:
    """Give what waits in a consultation, as a person with an active role in it may know.

    Hers come first.
    """
    if role in (Role.OBSERVER, Role.FACILITATOR, Role.ANSWER_TRANSLATOR):
        return []
    everybody = members.every(session, consultation)
    look = _Look(session, consultation, person_id, role, everybody, today)
    found = [*_opening(look), *_version(look), *_closing(look), *_people(look), *_clearing(look)]
    found += _briefing(look)
    return sorted(found, key=lambda turn: not turn.yours)


def of_pending() -> list[Turn]:
    """Say what a role that is not active yet waits for."""
    return [Turn(_("Your role waits for access: it is the turn of an editor who holds the key."))]


def days(consultation: Consultation, today: date) -> str:
    """Say how a day stands to the days of a consultation; empty where there is nothing to say."""
    first, last = consultation.opens_on, consultation.closes_on
    match consultation.state:
        case State.DRAFT | State.PILOT if first is not None:
            return _("It is to listen from %(day)s.", day=first)
        case State.OPEN if first is not None and last is not None:
            if today < first:
                return _("It listens from %(day)s.", day=first)
            if today > last:
                return _("Its last day is over.")
            if today == last:
                return _("Today is the last day.")
            return _n(
                "%(count)s day left; the last day is %(day)s.",
                "%(count)s days left; the last day is %(day)s.",
                (last - today).days,
                day=last,
            )
        case State.CLOSED | State.REPORTED | State.ARCHIVED if consultation.closed_on:
            return _("Closed on %(day)s.", day=consultation.closed_on)
    return ""


def _opening(look: _Look) -> Iterator[Turn]:
    if look.consultation.state not in (State.DRAFT, State.PILOT):
        return
    missing = lifecycle.missing(look.session, look.consultation, look.today)
    said: set[str] = set()
    for one in missing:
        turn = _gate(look, one.gate)
        if turn.words not in said:
            said.add(turn.words)
            yield turn
    if not missing:
        yield look.turn(_("Everything is there: an editor opens it."), Permission.EDIT, "opening")


def _gate(look: _Look, gate: Gate) -> Turn:
    match gate:
        case Gate.QUESTIONNAIRE:
            words = _("Waits for its questionnaire: it is an editor’s turn.")
        case Gate.TEXTS:
            words = _("Waits for translations of the questionnaire: it is the translators’ turn.")
            yours = look.role is Role.TRANSLATOR
            return Turn(words, yours, ("opening",) if look.may(Permission.EDIT) else None)
        case Gate.DRILL:
            words = _("Waits for the drill by an editor, with a paper key.")
            return look.turn(words, Permission.EDIT, "drill")
        case Gate.SECOND_PERSON:
            return _second(look)
        case Gate.RISK_SECOND:
            words = _("Waits for an editor to name the second person.")
        case Gate.DEMONSTRATION:
            return Turn(_("Cannot open here: this installation has held the demonstration."))
        case _:
            words = _("Waits for its days: it is an editor’s turn.")
    return look.turn(words, Permission.EDIT, "opening")


def _second(look: _Look) -> Turn:
    version = versions.newest(look.session, look.consultation)
    subject = versions.fingerprint(look.session, look.consultation, version)
    asked = approvals.find(look.session, look.consultation, ApprovalKind.QUESTIONNAIRE, subject)
    yours = look.may(Permission.APPROVE) and (
        asked is not None and asked.asked_by != look.person_id
    )
    names = look.names([asked.asked_by] if asked else [])
    words = (
        _("The questionnaire waits for an editor other than %(names)s.", names=names)
        if names
        else _("The questionnaire waits for a second editor to read it.")
    )
    return Turn(words, yours, ("opening",) if look.may(Permission.EDIT) else None)


def _version(look: _Look) -> Iterator[Turn]:
    """Say that a new version of a questionnaire that is already asked waits."""
    if look.consultation.state is not State.OPEN:
        return
    if versions.waiting(look.session, look.consultation) is not None:
        yield _second(look)


def _closing(look: _Look) -> Iterator[Turn]:
    last = look.consultation.closes_on
    if look.consultation.state is State.OPEN and last is not None and look.today > last:
        words = _("Its last day is over: an editor closes it.")
        yield look.turn(words, Permission.EDIT, "opening")


def _people(look: _Look) -> Iterator[Turn]:
    waiting = [member for member in look.everybody if member.pending]
    if ready := sum(member.has_key for member in waiting):
        words = _n(
            "%(count)s person waits for access: it is an editor’s turn.",
            "%(count)s people wait for access: it is an editor’s turn.",
            ready,
        )
        yield look.turn(words, Permission.GRANT, "people")
    for member in waiting:
        if not member.has_key:
            words = _("Waits for %(name)s to set a passphrase of her own.", name=member.name)
            yield Turn(words, False, ("people",) if look.may(Permission.GRANT) else None)


def _clearing(look: _Look) -> Iterator[Turn]:
    waiting = quotes.waiting(look.session, look.consultation)
    if not waiting or not look.may(Permission.QUOTE):
        return
    low = look.consultation.risk_level is RiskLevel.LOW
    yours = look.may(Permission.CLEAR) and (
        low or any(asker != look.person_id for asker in waiting.values())
    )
    count, askers = len(waiting), set(waiting.values())
    names = look.names(askers)
    if names and not low and len(askers) == 1:
        words = _n(
            "%(count)s quote waits for an editor other than %(names)s.",
            "%(count)s quotes wait for an editor other than %(names)s.",
            count,
            names=names,
        )
    elif not low:
        words = _n(
            "%(count)s quote waits for an editor who did not pick it.",
            "%(count)s quotes wait for an editor who did not pick them.",
            count,
        )
    else:
        words = _n(
            "%(count)s quote waits to be cleared by an editor.",
            "%(count)s quotes wait to be cleared by an editor.",
            count,
        )
    yield Turn(words, yours, ("quotes",))


def _briefing(look: _Look) -> Iterator[Turn]:
    for kind in (ApprovalKind.BRIEFING, ApprovalKind.RELEASE):
        for asked in approvals.waiting(look.session, look.consultation, kind):
            yours = look.may(Permission.APPROVE) and asked.asked_by != look.person_id
            names = look.names([asked.asked_by])
            words = (
                _("The briefing waits for an editor other than %(names)s.", names=names)
                if names
                else _("The briefing waits for a second editor.")
            )
            yield Turn(words, yours, ("briefing",) if look.may(Permission.WRITE) else None)
            return
    if look.consultation.state is State.CLOSED:
        words = _("Waits for its briefing: it is the turn of analysts and editors.")
        yield look.turn(words, Permission.WRITE, "briefing")
