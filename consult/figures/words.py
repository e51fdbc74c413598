"""How a figure is put into words: what may be said of its size, and which caution stands by it.

`reading` is pure and says what is to be said; the functions below it say it in the reader's
language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from consult.figures.disclosure import FEWEST
from consult.figures.release import SMALL_BASE, Figure, Flag
from consult.figures.statistics import percent, percent_of
from consult.languages import formats, locales
from consult.languages.messages import Lazy, _, _l, _n

ROUGHLY = 5
RIGHT_TO_LEFT_MARK = "\u200f"
# The titles of the questions themselves are whole sentences.
FACETS: dict[str, Lazy] = {
    "sex": _l("Sex"),
    "age_band": _l("Age"),
    "place": _l("Place"),
    "setting": _l("Setting"),
    "organisation_kind": _l("Kind of organisation"),
    "displacement": _l("Displacement"),
    "disability": _l("Disability"),
    "minority": _l("Minority"),
    "scale_of_work": _l("Scale of work"),
}


class Kind(StrEnum):
    """What may be said of a figure."""

    HIDDEN = "hidden"
    NUMBER = "number"
    FEW = "few"
    ROUGH = "rough"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Reading:
    """What may be said of a share; `percent`, `low` and `high` are whole per cent.

    FEW has no percentage; ROUGH one to the nearest 5; WHOLE has an interval as well.
    """

    kind: Kind
    percent: int | None = None
    low: int | None = None
    high: int | None = None


def reading(figure: Figure) -> Reading:
    """Give what may be said of a figure, rounded half up from the exact fraction."""
    if figure.hidden:
        return Reading(Kind.HIDDEN)
    if figure.denominator is None or not isinstance(figure.value, int):
        return Reading(Kind.NUMBER)
    if figure.denominator < FEWEST or figure.low is None or figure.high is None:
        return Reading(Kind.FEW)
    if figure.denominator < SMALL_BASE:
        return Reading(Kind.ROUGH, percent(figure.value, figure.denominator, ROUGHLY))
    return Reading(
        Kind.WHOLE,
        percent(figure.value, figure.denominator),
        percent_of(figure.low),
        percent_of(figure.high),
    )


def count(figure: Figure) -> str:
    """Say the number itself: a count, a median, a day; or that it is hidden."""
    if figure.hidden:
        return _("hidden")
    if figure.value is None:
        return _("not shown")
    if isinstance(figure.value, date):
        return formats.date(figure.value, locales.current())
    return formats.number(figure.value, locales.current())


def share(figure: Figure) -> str:
    """Say the share as far as its size allows; empty where there is none."""
    said = reading(figure)
    if said.kind is Kind.HIDDEN:
        return _("hidden")
    if said.kind is Kind.FEW:
        return _("fewer than 10 answered")
    return "" if said.percent is None else _percent(said.percent)


def interval(figure: Figure) -> str:
    """Say the indicative interval of a share, in words; empty where none may be said."""
    said = reading(figure)
    if said.low is None or said.high is None:
        return ""
    return _("indicative: %(low)s to %(high)s", low=_percent(said.low), high=_percent(said.high))


def between(figure: Figure) -> str:
    """Give the indicative interval where its column says what it is; empty where there is none."""
    said = reading(figure)
    if said.low is None or said.high is None:
        return ""
    return _("%(low)s to %(high)s", low=_percent(said.low), high=_percent(said.high))


def bar(figure: Figure) -> float | None:
    """Give how long a bar is, from 0 to 1, to agree with what is said; None for no bar."""
    said = reading(figure)
    if said.kind is Kind.ROUGH and said.percent is not None:
        return said.percent / 100
    return figure.share if said.kind is Kind.WHOLE else None


def cautions(figure: Figure) -> list[str]:
    """Say the cautions that stand beside a figure."""
    return [caution(flag) for flag in figure.flags]


def caution(flag: Flag) -> str:
    """Say one caution."""
    match flag:
        case Flag.SMALL_BASE:
            return _("small base")
        case Flag.WIDE:
            return _("uncertain: the interval is wide")
        case Flag.NONRESPONSE:
            return _("more than a fifth of those asked did not answer")


def answered(figure: Figure) -> str:
    """Say how many answered a question."""
    if figure.hidden or not isinstance(figure.value, int):
        return _("hidden: fewer than 10 answered, or a small number would show")
    return _n("%(count)s answer", "%(count)s answers", figure.value)


def facet(key: str) -> str:
    """Name a facet in a word or two."""
    return str(FACETS.get(key, key))


def named(name: str, value: str) -> str:
    """Give a name with its value, such as a group with its share."""
    return _directed(_("%(name)s: %(value)s", name=name.rstrip("."), value=value))


def listed(names: Iterable[str]) -> str:
    """Give names one after the other, each a run of its own, with the comma of the language."""
    language = locales.current()
    comma = "، " if language.dir == "rtl" else ", "
    return _directed(comma.join(str(formats.shown(str(name), language)) for name in names))


def note_on_hidden() -> str:
    """Say, under a table, what "hidden" means in it."""
    return _(
        "Small numbers hidden. Some larger numbers are hidden too, so that the small ones cannot "
        "be worked out."
    )


def _directed(text: str) -> str:
    """Give the page's direction to a text of isolated runs alone, for when it is isolated itself.

    The rule for the first strong letter does not look into isolates, and then takes left to right.
    """
    return RIGHT_TO_LEFT_MARK + text if locales.current().dir == "rtl" else text


def _percent(whole: int) -> str:
    return formats.percent(whole / 100, locales.current())
