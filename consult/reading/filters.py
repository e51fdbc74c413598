"""Which submissions a list shows. Pure: it looks at opened answers in memory.

Filters stand in the address, so they hold only names of our own: never a word of a respondent.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from consult.errors import BadInput
from consult.languages.locales import LANGUAGES
from consult.questionnaires import places, profile
from consult.reading.answers import week
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel
from consult.submissions.models import Lane
from consult.submissions.opening import Opened

PAGE = 50

TRAITS: Mapping[str, Callable[[Opened], str | None]] = {
    "language": lambda one: one.language,
    "channel": lambda one: one.channel.value,
    "lane": lambda one: one.lane.value,
    "week": lambda one: week(one.received_on).isoformat(),
    "place": lambda one: _place(one),
    "sex": lambda one: one.answers.get("sex"),
    "use": lambda one: one.use.value,
}


class NoSuchFilter(BadInput):
    """The address names a filter value that there is not."""


@dataclass(frozen=True)
class Filters:
    """What each submission of a list has in common, by the name of the trait."""

    values: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Filters":
        """Read the query of an address. Raises `NoSuchFilter`."""
        values = {name: args[name] for name in TRAITS if args.get(name)}
        for name, value in values.items():
            if not _known(name, value):
                raise NoSuchFilter(f"no submission can have such a {name}")
        return cls(values)

    def meets(self, one: Opened) -> bool:
        """Say whether a submission has all of it."""
        return all(TRAITS[name](one) == value for name, value in self.values.items())

    def among(self, opened: Iterable[Opened]) -> list[bytes]:
        """Give the ids of those that meet it, in the order that says nothing."""
        return [one.id for one in opened if self.meets(one)]


@dataclass(frozen=True)
class Keyset:
    """One page of a list, and from which ids the pages around it go on."""

    ids: Sequence[bytes]
    before: bytes | None
    after: bytes | None


def page(
    ids: Sequence[bytes], *, after: bytes | None = None, before: bytes | None = None
) -> Keyset:
    """Give at most `PAGE` of sorted ids after one id, or before one."""
    if before is not None:
        end = bisect_left(ids, before)
        start = max(0, end - PAGE)
    else:
        start = 0 if after is None else bisect_right(ids, after)
    shown = ids[start : start + PAGE]
    return Keyset(
        shown,
        shown[0] if shown and start > 0 else None,
        shown[-1] if shown and start + PAGE < len(ids) else None,
    )


def beside(ids: Sequence[bytes], of: bytes) -> tuple[bytes | None, bytes | None]:
    """Give the ids before and after one of sorted ids; it need not be among them itself."""
    before, after = bisect_left(ids, of), bisect_right(ids, of)
    return (ids[before - 1] if before else None, ids[after] if after < len(ids) else None)


def values(opened: Iterable[Opened]) -> dict[str, set[str]]:
    """Give the values that occur, by trait: what is worth offering as a filter."""
    found: dict[str, set[str]] = {name: set() for name in TRAITS}
    for one in opened:
        for name, trait in TRAITS.items():
            if value := trait(one):
                found[name].add(value)
    return found


def read_id(text: str | None) -> bytes | None:
    """Read an id of an address. Raises `NoSuchFilter`."""
    if not text:
        return None
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise NoSuchFilter("an id is made of hexadecimal digits") from None


def _place(one: Opened) -> str | None:
    value = one.answers.get(profile.PLACE)
    return places.iso(value) if isinstance(value, str) else None


def _known(name: str, value: str) -> bool:
    match name:
        case "language":
            return value in LANGUAGES
        case "channel":
            return any(value == channel.value for channel in Channel)
        case "lane":
            return any(value == lane.value for lane in Lane)
        case "use":
            return any(value == use.value for use in Use)
        case "week":
            return _is_day(value)
        case "place":
            return value in places.PLACES
    return value in profile.FACETS[name]


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
