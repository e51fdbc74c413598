"""Who took part: the tables of a document that tell it, and whom it did not hear."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from consult.briefings import wording
from consult.briefings.blocks import Block, Row, Run, Table
from consult.briefings.numbers import Numbers
from consult.consultations.models import Consultation
from consult.figures import release, words
from consult.figures.release import Figure
from consult.figures.tables import Counted, Form
from consult.figures.tables import Table as CountedTable
from consult.figures.tally import Row as TallyRow
from consult.languages import formats, locales
from consult.languages.messages import Lazy, _, _l, _n
from consult.questionnaires import places, profile
from consult.submissions.models import Lane
from consult.submissions.opening import Opened

LANES: dict[Lane, Lazy] = {
    Lane.OPEN: _l("Web form, open to all"),
    Lane.BURST: _l("Web form, many from one address"),
    Lane.INVITED: _l("Web form, with an invitation code"),
    Lane.NONE: _l("Facilitators, paper and files"),
}


@dataclass(frozen=True)
class Line:
    """A choice and how many it stands for."""

    label: Run
    figure: Figure
    place: bool = False


@dataclass(frozen=True)
class Heard:
    """Who came forward, as far as it may be shown."""

    facets: Sequence[tuple[str, Figure, Sequence[Line]]]
    places: Sequence[tuple[str, Line]]
    languages: Sequence[Line]
    lanes: Sequence[Line]

    def tables(self) -> list[Block]:
        """Give the tables: background, then places."""
        head = (_("Group"), _("Submissions"), _("Share"))
        made: list[Block] = []
        rows: list[Row] = []
        for name, answered, lines in self.facets:
            rows += [_band(f"{name} · {words.answered(answered)}"), *map(_row, lines)]
        rows += [_band(_("Language of the answers")), *map(_row, self.languages)]
        rows += [_band(_("Way in")), *map(_row, self.lanes)]
        made.append(Table(_("Who took part"), head, tuple(rows), words.note_on_hidden()))
        if shown := [(c, line) for c, line in self.places if not line.figure.hidden]:
            head = (_("Place"), _("Submissions"), _("Share"))
            caption, note = _("Where voices came from"), _("Places that are not listed: see gaps.")
            made.append(Table(caption, head, tuple(_by_country(shown)), note))
        return made

    def gaps(self) -> tuple[Run, ...]:
        """Say which languages and places were not heard, or so little that it is hidden."""
        items = []
        silent = [line.label.text for line in self.languages if line.figure.hidden]
        if silent:
            items.append(
                _(
                    "In these languages none or few answered, or their number is hidden to "
                    "protect a smaller one: %(names)s.",
                    names=wording.listed(silent),
                )
            )
        for country in dict.fromkeys(code for code, _line in self.places):
            unheard = [
                line.label.text
                for code, line in self.places
                if code == country and line.figure.hidden and line.place
            ]
            if unheard:
                items.append(_unheard(country, unheard))
        return tuple(Run(item) for item in items)


def of(consultation: Consultation, numbers: Numbers, opened: Iterable[Opened]) -> Heard:
    """Tell who took part."""
    voices = list(opened)
    language = locales.current()
    facets = []
    found: list[tuple[str, Line]] = []
    for question in numbers.whole.questions:
        if not profile.is_facet(question.key):
            continue
        lines = [Line(Run(_name(question.key, row)), row.figure) for row in question.rows]
        if question.key == profile.PLACE:
            lines = [
                replace(line, place=not places.PLACES[row.key].is_country)
                for line, row in zip(lines, question.rows, strict=True)
            ]
            keys = [places.country(row.key) for row in question.rows]
            by_name = formats.sort_key(language)
            found = sorted(
                zip(keys, lines, strict=True),
                key=lambda pair: (keys.index(pair[0]), by_name(pair[1].label.text)),
            )
        else:
            facets.append((str(wording.FACETS[question.key]), question.answered, lines))
    spoken = _counted(numbers, [one.language for one in voices], consultation.locales)
    came = _counted(numbers, [one.lane.value for one in voices], [lane.value for lane in LANES])
    return Heard(
        facets,
        found,
        [
            Line(Run(str(wording.LANGUAGES.get(locale, locale))), figure)
            for locale, figure in zip(consultation.locales, spoken, strict=True)
        ],
        [
            Line(Run(str(name)), figure)
            for name, figure in zip(LANES.values(), came, strict=True)
            # Ways that do not exist yet are no news.
            if name is not LANES[Lane.INVITED]
        ],
    )


def _counted(numbers: Numbers, values: Sequence[str], keys: Sequence[str]) -> Sequence[Figure]:
    """Give how many have each value, decided like a facet's own tally."""
    if numbers.whole.too_few:
        return [release.HIDDEN for _key in keys]
    found = Counter(values)
    counts = np.array([found[key] for key in keys], np.int64)
    table = CountedTable(Form.ONE_OF, counts, int(counts.sum()), {}, {})
    counted = Counted("of", "of", (table,), int(counts.sum()), {}, facet=True)
    rules = release.rules(numbers.own_threshold, numbers.threshold)
    decided = release.decide([counted], [], rules)
    return release.question(counted, decided, len(values)).rows


def _name(facet: str, row: TallyRow) -> str:
    if facet == profile.PLACE and places.PLACES[row.key].is_country:
        return _("No province named")
    return row.choice


def _band(text: str) -> Row:
    return Row((Run(text),), band=True)


def _row(line: Line) -> Row:
    return Row((line.label, Run(words.count(line.figure)), Run(words.share(line.figure))))


def _by_country(shown: Sequence[tuple[str, Line]]) -> Iterable[Row]:
    language = locales.current()
    for country in dict.fromkeys(code for code, _line in shown):
        yield _band(places.PLACES[country].name(language.id))
        for code, line in shown:
            if code == country:
                yield _row(line)


def _unheard(country: str, names: Sequence[str]) -> str:
    name = places.PLACES[country].name(locales.current().id)
    return _n(
        "%(country)s: from %(count)s place none or few voices came, or their number is hidden to "
        "protect a smaller one: %(names)s.",
        "%(country)s: from %(count)s places none or few voices came, or their number is hidden to "
        "protect a smaller one: %(names)s.",
        len(names),
        country=name,
        names=wording.listed(names),
    )
