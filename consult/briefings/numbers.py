"""The figures of one document, and the placeholders in its texts that stand for them.

A briefing uses the published threshold from the first draft on, so that a number which may not be
published is never seen beside one that may.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from consult.briefings import wording
from consult.consultations import texts, versions
from consult.consultations.access import Unlocked
from consult.consultations.texts import ContentTexts
from consult.figures import columns, tally
from consult.figures.columns import Columns
from consult.figures.questions import NUMBERS, Joined
from consult.figures.release import HIDDEN, Figure, NotShown
from consult.figures.tally import Labels, Question, Row, Tally
from consult.languages.messages import _
from consult.questionnaires.structure import Definition

PUBLISHED_THRESHOLD = 10
PLACEHOLDER = re.compile(
    r"%\((?P<what>[a-z]+)(?::(?P<of>[\w.-]+))?(?:\|(?P<facet>\w+)=(?P<value>[\w-]+))?\)s"
)
# Anything that looks as if it were meant to be one.
MEANT = re.compile(r"%\([^)]*\)s?")


@dataclass(frozen=True)
class Wanted:
    """What one placeholder stands for."""

    what: str
    question: str
    choice: str
    facet: str | None
    value: str | None


@dataclass(frozen=True)
class Numbers:
    """Every figure of a consultation as a document may show it, with labels in its language."""

    columns: Columns
    texts: ContentTexts
    labels: Labels
    whole: Tally
    consultation: str
    own_threshold: int
    definition: Definition
    _groups: dict[tuple[str, str, str], Question | None] = field(default_factory=dict)

    @property
    def threshold(self) -> int:
        """From which count on a number may be shown."""
        return self.whole.threshold

    def question(self, key: str) -> Question | None:
        """Give the figures of a question; None where there is none, or none at all is shown."""
        return next((question for question in self.whole.questions if question.key == key), None)

    def row(self, question: str, choice: str) -> Row | None:
        """Give the figures of one choice, in a matrix ROW.CHOICE."""
        found = self.question(question)
        return next((row for row in found.rows if row.key == choice), None) if found else None

    def figure(self, wanted: Wanted) -> Figure | None:
        """Give the figure that a placeholder means; None where it means nothing."""
        match wanted.what:
            case "submissions":
                return self.whole.submissions
            case "answered":
                return self._answered(wanted)
            case "count" | "share":
                return self._of_row(wanted)
            case "median":
                return self._median(wanted)
        return None

    def fill(self, text: str) -> str:
        """Put the figures into a text, worded in the language around."""
        return PLACEHOLDER.sub(lambda found: self._said(_wanted(found)), text)

    def _said(self, wanted: Wanted) -> str:
        figure = self.figure(wanted)
        if figure is None:
            # Too few submissions hide every figure; a name that means nothing is refused earlier.
            return wording.hidden_in_prose() if self.whole.too_few else _("not shown")
        if wanted.what == "share":
            return wording.share_in_prose(figure)
        return wording.count_in_prose(figure)

    def _answered(self, wanted: Wanted) -> Figure | None:
        found = self.question(wanted.question)
        if found is None or wanted.facet is None or wanted.value is None:
            return found.answered if found else None
        return found.groups.get(wanted.facet, {}).get(wanted.value)

    def _of_row(self, wanted: Wanted) -> Figure | None:
        row = self.row(wanted.question, wanted.choice)
        if row is None or wanted.facet is None or wanted.value is None:
            return row.figure if row else None
        return row.by.get(wanted.facet, {}).get(wanted.value)

    def _median(self, wanted: Wanted) -> Figure | None:
        found: Question | None
        if wanted.facet is None or wanted.value is None:
            found = self.question(wanted.question)
        else:
            at = (wanted.question, wanted.facet, wanted.value)
            if at not in self._groups:
                self._groups[at] = self._group(*at)
            found = self._groups[at]
            if found is None:
                return HIDDEN
        return found.summary.get("median") if found and found.summary else None

    def _group(self, question: str, facet: str, value: str) -> Question | None:
        try:
            made = tally.build(
                self.columns,
                [joined for joined in self.columns.questions if joined.key == question],
                self.labels,
                consultation=self.consultation,
                consultation_threshold=self.own_threshold,
                threshold=self.threshold,
                where={facet: value},
            )
        except NotShown:
            return None
        return made.questions[0] if made.questions else None


def load(session: Session, unlocked: Unlocked, locale: str, *, by: Collection[str] = ()) -> Numbers:
    """Count what lives now, for a document in a language, broken down by these facets alone.

    What may be shown does not depend on which facets are asked for; the time it takes does.
    """
    consultation = unlocked.consultation
    found = columns.load(session, unlocked)
    version = versions.current(session, consultation)
    words = texts.load(session, consultation, version, locale)
    labels = tally.labels_of(words, locale)
    whole = tally.build(
        found,
        found.questions,
        labels,
        consultation=consultation.slug,
        consultation_threshold=consultation.threshold,
        threshold=max(PUBLISHED_THRESHOLD, consultation.threshold),
        by=[facet.key for facet in found.questions.facets() if facet.key in by],
    )
    definition = versions.definition(version)
    return Numbers(
        found, words, labels, whole, consultation.slug, consultation.threshold, definition
    )


def facets_in(texts: Iterable[str]) -> set[str]:
    """Give the facets whose groups the placeholders of these texts name."""
    found = (one["facet"] for text in texts for one in PLACEHOLDER.finditer(text))
    return {facet for facet in found if facet}


def without(text: str) -> str:
    """Give a text with a short mark where figures will stand, for a list."""
    return PLACEHOLDER.sub("[…]", text)


def unknown(text: str, questions: Mapping[str, Joined]) -> Iterator[str]:
    """Give the placeholders of a text that mean no figure of these questions, by their keys."""
    for found in MEANT.finditer(text):
        whole = PLACEHOLDER.fullmatch(found[0])
        if whole is None or not _means(_wanted(whole), questions):
            yield found[0]


def _wanted(found: re.Match[str]) -> Wanted:
    question, _dot, choice = (found["of"] or "").partition(".")
    return Wanted(found["what"], question, choice, found["facet"], found["value"])


def _means(wanted: Wanted, questions: Mapping[str, Joined]) -> bool:
    if wanted.what == "submissions":
        return not (wanted.question or wanted.facet)
    joined = questions.get(wanted.question)
    if joined is None or not _has_group(wanted, questions):
        return False
    match wanted.what:
        case "answered":
            return not wanted.choice
        case "median":
            return joined.type in NUMBERS and not wanted.choice
        case "count" | "share":
            return wanted.choice in choice_keys(joined)
    return False


def _has_group(wanted: Wanted, questions: Mapping[str, Joined]) -> bool:
    if wanted.facet is None:
        return True
    facet = questions.get(wanted.facet)
    same = wanted.facet == wanted.question
    return facet is not None and facet.is_facet and wanted.value in facet.codes and not same


def choice_keys(joined: Joined) -> list[str]:
    """Give the rows of a question as figures name them: choices, in a matrix ROW.CHOICE."""
    choices = [joined.choices[position].key for position in joined.shown_choices]
    if not joined.rows:
        return choices
    rows = [joined.rows[position].key for position in joined.shown_rows]
    return [f"{row}.{choice}" for row in rows for choice in choices]
