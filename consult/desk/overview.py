"""How a consultation stands: how many were heard, when, by which way, from where.

Each number goes through the one door for figures, so that small ones are hidden here as well.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
from sqlalchemy.orm import Session

from consult.consultations.access import Unlocked
from consult.consultations.texts import Text
from consult.figures import columns, counting, release
from consult.figures.release import Figure
from consult.figures.tables import Counted, Form, Table
from consult.languages import formats
from consult.languages.locales import LANGUAGES, Language
from consult.languages.messages import Lazy, _
from consult.questionnaires import places, profile
from consult.reading import wording
from consult.reading.answers import Answers, week
from consult.submissions.inbox import Channel
from consult.submissions.models import Lane

WEEK = timedelta(days=7)
Words = str | Lazy | Text
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Line:
    """What was counted, and how often."""

    label: Words
    figure: Figure


@dataclass(frozen=True)
class Places:
    """The provinces that were heard from, and by country those of which none or few spoke."""

    heard: Sequence[Line]
    none_or_few: Sequence[tuple[str, Sequence[str]]]

    @property
    def few(self) -> int:
        """How many provinces, in all countries, were not heard from or hardly."""
        return sum(len(names) for _country, names in self.none_or_few)


@dataclass(frozen=True)
class Overview:
    """What somebody who may read sees of a consultation at a glance."""

    total: Figure
    too_few: bool
    weeks: Sequence[Line]
    languages: Sequence[Line]
    ways: Sequence[Line]
    places: Places | None

    @property
    def hides(self) -> bool:
        """Whether any number of it is hidden."""
        tables = (self.weeks, self.languages, self.ways)
        return any(line.figure.hidden for table in tables for line in table)


def look(session: Session, unlocked: Unlocked, answers: Answers, language: Language) -> Overview:
    """Count what lives now. Raises what `columns.load` raises."""
    total = len(answers)
    if release.too_few(total):
        return Overview(release.submissions(total), True, (), (), (), None)
    rules = release.rules(unlocked.consultation.threshold)
    weeks = Counter(week(one.received_on) for one in answers)
    languages = Counter(one.language for one in answers)
    # One table for both: from two, lanes of the web form could be worked out by subtraction.
    ways = Counter((one.channel, one.lane) for one in answers)
    return Overview(
        total=release.submissions(total),
        too_few=False,
        weeks=_lines(weeks, ((day, formats.date(day, language)) for day in _between(weeks)), rules),
        languages=_lines(
            languages,
            ((key, wording.language_name(key)) for key in LANGUAGES if languages[key]),
            rules,
        ),
        ways=_lines(ways, ((way, _way(*way)) for way in _ordered(ways)), rules),
        places=_places(session, unlocked, rules, language),
    )


def _lines(
    counts: Counter[Key], labels: Iterable[tuple[Key, Words]], rules: release.Rules
) -> list[Line]:
    shown = list(labels)
    numbers = np.array([counts[key] for key, _label in shown], np.int64)
    total = int(numbers.sum())
    table = Table(Form.ONE_OF, numbers, total, {}, {})
    counted = Counted("overview", "overview", (table,), total, {})
    decided = release.decide([counted], (), rules)
    figures = release.question(counted, decided, total).rows
    return [Line(label, figure) for (_key, label), figure in zip(shown, figures, strict=True)]


def _ordered(ways: Counter[tuple[Channel, Lane]]) -> list[tuple[Channel, Lane]]:
    return [(channel, lane) for channel in Channel for lane in Lane if (channel, lane) in ways]


def _way(channel: Channel, lane: Lane) -> Words:
    if lane is Lane.NONE:
        return wording.CHANNELS[channel]
    return _("%(channel)s: %(lane)s", channel=wording.CHANNELS[channel], lane=wording.LANES[lane])


def _between(weeks: Counter[date]) -> list[date]:
    """Give every week from the first to the last, those without a submission too."""
    first, last = min(weeks), max(weeks)
    return [first + WEEK * n for n in range((last - first).days // 7 + 1)]


def _places(
    session: Session, unlocked: Unlocked, rules: release.Rules, language: Language
) -> Places | None:
    """Give the place facet's own tally, just as the figures have it."""
    loaded = columns.load(session, unlocked)
    joined = next((f for f in loaded.questions.facets() if f.key == profile.PLACE), None)
    if joined is None:
        return None
    counted = counting.count(loaded, [])
    decided = release.decide(counted, (), rules)
    place = next(one for one in counted if one.id == joined.id)
    figures = release.question(place, decided, len(loaded)).rows
    heard: list[Line] = []
    few: dict[str, list[str]] = {}
    for position, figure in zip(joined.shown_choices, figures, strict=True):
        found = places.PLACES[joined.choices[position].key]
        name = found.name(language.id)
        if found.is_country:
            name = _("%(country)s, no province named", country=name)
        if not figure.hidden and figure.value:
            heard.append(Line(name, figure))
        elif not found.is_country:
            few.setdefault(found.country, []).append(name)
    by_name = formats.sort_key(language)
    heard.sort(key=lambda line: by_name(str(line.label)))
    return Places(
        heard,
        [
            (places.PLACES[country].name(language.id), sorted(names, key=by_name))
            for country, names in few.items()
        ],
    )
