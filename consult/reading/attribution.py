"""The line under a quote: fewer and fewer facets, until enough submissions share it. Pure.

ANALYSIS section 4, rule 12. A place is named at the ISO 3166-2 level or as a country, never finer.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from consult.questionnaires import places, profile
from consult.submissions.opening import Opened

SHARED_INSIDE = 5
SHARED_PUBLISHED = 10
# In the order in which a line reads. Disability and minority are never named under a quote.
NAMED = ("sex", "age_band", "organisation_kind", "displacement", "setting", "place")
# In the order in which they are left out.
LEFT_OUT = ("place", "age_band", "sex", "displacement", "organisation_kind", "setting")
# What says nothing of a person that a reader would miss.
UNSAID = {profile.UNDISCLOSED, "none"}


@dataclass(frozen=True)
class Crowd:
    """The submissions that count now, by what a line could name of them."""

    members: tuple[Mapping[str, str], ...]
    _counted: dict[tuple[str, ...], Counter[tuple[str | None, ...]]] = field(default_factory=dict)

    @classmethod
    def of(cls, opened: Iterable[Opened]) -> "Crowd":
        """Look at living submissions."""
        return cls(tuple(facets(one) for one in opened))

    def sharing(self, named: Mapping[str, str]) -> int:
        """Count the submissions of which this line would be true."""
        keys = tuple(named)
        if keys not in self._counted:
            self._counted[keys] = Counter(
                tuple(member.get(key) for key in keys) for member in self.members
            )
        return self._counted[keys][tuple(named.values())]


def facets(one: Opened) -> dict[str, str]:
    """Give what a line could name of a submission, in the order in which it reads."""
    found: dict[str, str] = {}
    for key in NAMED:
        value = one.answers.get(key)
        if isinstance(value, str) and value not in UNSAID:
            found[key] = places.iso(value) if key == profile.PLACE else value
    return found


def coarsened(
    one: Opened, crowd: Crowd, *, least: int, unnamed: Collection[str] = ()
) -> dict[str, str]:
    """Give the facets that may be named: those which at least `least` submissions share.

    `unnamed` are facets that this consultation asks as sensitive questions.
    """
    named = {key: value for key, value in facets(one).items() if key not in unnamed}
    for key in LEFT_OUT:
        if crowd.sharing(named) >= least:
            break
        named.pop(key, None)
    return named
