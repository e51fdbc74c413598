"""The words for the parts of a report-back, and whose turn it is before there is one."""

from collections.abc import Sequence

from consult.consultations.models import Consultation, State
from consult.languages.messages import Lazy, _, _l

PART_TITLES: dict[str, Lazy] = {
    "heard": _l("What we heard"),
    "done": _l("What we did with it"),
    "taken_up": _l("What was taken up"),
    "next": _l("What happens next"),
}

Step = tuple[str, str, str | None]


def steps(consultation: Consultation, *, listens: bool, briefing: bool) -> Sequence[Step]:
    """Give what has to happen before people can read what became of it: who does what next."""
    if consultation.state is State.OPEN and not listens:
        asking = _("This consultation opens on %(day)s.", day=consultation.opens_on)
    else:
        asking = _("Others can still send their answers.")
    over = consultation.state is not State.OPEN
    turn = _("It is the staff’s turn.")
    return (
        (_("People and organisations answer"), _state(over), None if over else asking),
        (
            _("Staff read and count the answers, and write a briefing"),
            "done" if briefing else ("now" if over else "later"),
            turn if over and not briefing else None,
        ),
        (
            _("Staff write here, in plain words, what became of it"),
            "now" if briefing else "later",
            turn if briefing else None,
        ),
    )


def _state(over: bool) -> str:
    return "done" if over else "now"
