"""Words picked from answers, and the one door through which they may be shown as quotes.

What is picked lies sealed; a quote refers to the part it was taken from and goes with it. Whether
it may be shown is asked each time: does the consent still reach so far, does the answer still
hold these words, has a person cleared exactly these words and translations?
"""

import secrets as random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations import approvals, versions
from consult.consultations.access import Unlocked
from consult.consultations.models import ApprovalKind, Consultation, RiskLevel
from consult.errors import BadInput, NotFound, NotNow
from consult.questionnaires.structure import OTHER, Definition, Question, QuestionType
from consult.reading import attribution
from consult.reading.answers import Answers
from consult.reading.attribution import SHARED_INSIDE, SHARED_PUBLISHED, Crowd
from consult.reading.models import Quote
from consult.safekeeping import audit, envelope
from consult.safekeeping.envelope import Tampered, WorkPlace
from consult.safekeeping.models import Event
from consult.safekeeping.secrets import Secrets
from consult.submissions import opening
from consult.submissions.opening import Opened

TEXTS = (QuestionType.SHORT_TEXT, QuestionType.LONG_TEXT)
SHORTEST = 2


class NoQuote(NotFound):
    """The consultation has no such quote; it may have gone with the answer it rested on."""


class NoWords(NotFound):
    """The submission has no answer of this name that may be quoted."""


class NotInAnswer(BadInput):
    """The words do not stand in the answer exactly like this."""


class TooShort(BadInput):
    """A quote has at least two characters."""


class MayNotQuote(NotNow):
    """The consent does not reach so far any more, or the answer has changed."""


class Standing(StrEnum):
    """What may become of a quote now; pages word it and say whose turn it is."""

    WAITING = "waiting"
    CLEARED = "cleared"
    LOWERED = "lowered"
    CHANGED = "changed"


class Clearing(StrEnum):
    """Whether somebody may clear a quote that waits."""

    YES = "yes"
    WITH_A_REASON = "with_a_reason"
    ANOTHER = "another"


@dataclass(frozen=True)
class Source:
    """A text of a submission that may be quoted: the name of its answer, and what it says."""

    name: str
    question: Question
    text: str


@dataclass(frozen=True)
class Translated:
    """A quote in another language, and who translated it."""

    text: str
    by: int


@dataclass(frozen=True)
class Picked:
    """A quote as it lies sealed. `mark` changes with each change of what is to be cleared."""

    id: bytes
    submission_id: bytes
    part_id: bytes
    name: str
    start: int
    text: str
    by: int
    mark: str
    translations: Mapping[str, Translated] = field(default_factory=dict)
    cleared_by: int | None = None

    @property
    def subject(self) -> str:
        """Give what an approval names: exactly these words, by a random mark."""
        return f"{self.id.hex()}:{self.mark}"

    @property
    def authors(self) -> frozenset[int]:
        """Give everybody whose work it is, by number."""
        return frozenset({self.by, *(one.by for one in self.translations.values())})


@dataclass(frozen=True)
class Held:
    """The quotes of a consultation, and how many of them cannot be read."""

    picked: tuple[Picked, ...]
    unreadable: int = 0


@dataclass(frozen=True)
class Line:
    """What may stand under a quote: the organisation's name, or facets with their choices.

    Facets are in the order in which they read, and so few that enough submissions share them.
    """

    organisation: str | None
    facets: Mapping[str, str]


@dataclass(frozen=True)
class ClearedQuote:
    """A quote that may be shown at this moment, with the line that may stand under it.

    `language` is that of the submission. `translation` and `translators` (numbers of people) are
    by language id; whatever shows a translation marks it as translated from `language`.
    """

    id: bytes
    part_id: bytes
    name: str
    text: str
    language: str
    line: Line
    translation: Mapping[str, str]
    translators: Mapping[str, int]


def sources(definition: Definition, one: Opened) -> list[Source]:
    """Give the texts of a submission that may be quoted, in the order of the questionnaire."""
    if not one.use.may_quote:
        return []
    return [
        source
        for question in definition.questions()
        if one.may_quote(question.key)
        for source in _sources(question, one.answers)
    ]


def source(definition: Definition, one: Opened, name: str) -> Source:
    """Give one of them by its name. Raises `NoWords`."""
    for found in sources(definition, one):
        if found.name == name:
            return found
    raise NoWords("no such answer may be quoted")


def pick(session: Session, unlocked: Unlocked, one: Opened, name: str, words: str) -> Picked:
    """Pick words of an answer, and ask an editor to clear them.

    Raises `NoWords`, `TooShort`, and `NotInAnswer` unless the words stand in it just so.
    """
    consultation = unlocked.consultation
    version = versions.one(session, consultation, one.version_id)
    answer = source(versions.definition(version), one, name).text
    words = words.strip()
    if len(words) < SHORTEST:
        raise TooShort("a quote has at least two characters")
    start = answer.find(words)
    if start < 0:
        raise NotInAnswer("these words do not stand in the answer like this")
    picked = Picked(
        id=random.token_bytes(16),
        submission_id=one.id,
        part_id=one.sources[name],
        name=name,
        start=start,
        text=words,
        by=unlocked.person.id,
        mark=_mark(),
    )
    session.add(
        Quote(
            id=picked.id,
            consultation_id=consultation.id,
            submission_id=picked.submission_id,
            part_id=picked.part_id,
            blob=_sealed(picked, unlocked),
        )
    )
    approvals.ask(session, consultation, ApprovalKind.QUOTE, picked.subject, by=picked.by)
    return picked


def translate(
    session: Session, unlocked: Unlocked, quote_id: bytes, texts: Mapping[str, str]
) -> Picked:
    """Keep translations by language id; an empty one goes. Changed ones must be cleared anew."""
    row = _row(session, unlocked, quote_id)
    before = _opened(row, unlocked)
    kept = dict(before.translations)
    for locale, text in texts.items():
        said = text.strip()
        if not said:
            kept.pop(locale, None)
        elif locale not in kept or kept[locale].text != said:
            kept[locale] = Translated(said, unlocked.person.id)
    if kept == before.translations:
        return before
    after = replace(before, translations=kept, mark=_mark(), cleared_by=None)
    row.blob = _sealed(after, unlocked)
    _ask_anew(session, unlocked.consultation, before, after)
    return after


def clear(
    session: Session,
    secrets: Secrets,
    unlocked: Unlocked,
    quote_id: bytes,
    mark: str,
    *,
    reason: str | None,
    at: datetime,
) -> Picked:
    """Say, as a person who has read these words and translations, that they may be shown.

    `mark` is that of the words she read. Raises `MayNotQuote` where it may not be shown, or is
    not what she read, and `approvals.OwnRequest`, `approvals.ReasonNeeded` for her own work.
    """
    consultation, person = unlocked.consultation, unlocked.person.id
    row = _row(session, unlocked, quote_id)
    picked = _opened(row, unlocked)
    one = opening.one(session, unlocked, picked.submission_id)
    if picked.mark != mark or _fault(picked, one) is not None:
        raise MayNotQuote("the quote is not what it was")
    own = clearing(consultation, picked, person)
    if own is Clearing.ANOTHER:
        raise approvals.OwnRequest("somebody else has to look at what you picked or translated")
    if own is Clearing.WITH_A_REASON and not (reason or "").strip():
        raise approvals.ReasonNeeded("say why no second person looks at it")
    approvals.grant(
        session, consultation, ApprovalKind.QUOTE, picked.subject, by=person, reason=reason
    )
    cleared = replace(picked, cleared_by=person)
    row.blob = _sealed(cleared, unlocked)
    session.flush()
    audit.note(
        session,
        secrets,
        Event.WAIVER if own is Clearing.WITH_A_REASON else Event.APPROVAL,
        actor=person,
        consultation=consultation.id,
        subject=f"quote={quote_id.hex()}",
        at=at,
    )
    return cleared


def drop(session: Session, unlocked: Unlocked, quote_id: bytes) -> None:
    """Unpick a quote. Raises `NoQuote`."""
    session.delete(_row(session, unlocked, quote_id))


def find(session: Session, unlocked: Unlocked, quote_id: bytes) -> Picked:
    """Open one quote. Raises `NoQuote`, or `Tampered` where it cannot be read."""
    return _opened(_row(session, unlocked, quote_id, lock=False), unlocked)


def load(session: Session, unlocked: Unlocked) -> Held:
    """Open every quote of the consultation, in the order of their random ids."""
    rows = session.scalars(
        select(Quote).where(Quote.consultation_id == unlocked.consultation.id).order_by(Quote.id)
    )
    picked, unreadable = [], 0
    for row in rows:
        try:
            picked.append(_opened(row, unlocked))
        except Tampered:
            unreadable += 1
    return Held(tuple(picked), unreadable)


def standing(session: Session, unlocked: Unlocked, picked: Picked, answers: Answers) -> Standing:
    """Say what may become of a quote now."""
    one = answers.get(picked.submission_id)
    fault = Standing.CHANGED if one is None else _fault(picked, one)
    if fault is not None:
        return fault
    if picked.cleared_by is not None and approvals.stands(
        session, unlocked.consultation, ApprovalKind.QUOTE, picked.subject
    ):
        return Standing.CLEARED
    return Standing.WAITING


def clearing(consultation: Consultation, picked: Picked, person_id: int) -> Clearing:
    """Say whether an editor may clear a quote: not her own work, but at risk level low."""
    if person_id not in picked.authors:
        return Clearing.YES
    low = consultation.risk_level is RiskLevel.LOW
    return Clearing.WITH_A_REASON if low else Clearing.ANOTHER


def cleared(
    session: Session,
    unlocked: Unlocked,
    answers: Answers,
    *,
    published: bool,
    ids: Collection[bytes] | None = None,
) -> list[ClearedQuote]:
    """Give the quotes that may be shown at this moment, all or those of `ids`.

    Called whenever quotes are rendered. `published` is true for a briefing from its first draft
    on: then more submissions must share the line under a quote. A consultation's own threshold
    may ask for still more.
    """
    lines = _Lines(session, unlocked, answers, published=published)
    shown = []
    for picked in load(session, unlocked).picked:
        one = answers.get(picked.submission_id)
        if one is None or (ids is not None and picked.id not in ids):
            continue
        if standing(session, unlocked, picked, answers) is Standing.CLEARED:
            shown.append(_shown(picked, one, lines.under(one)))
    return shown


def line(
    session: Session, unlocked: Unlocked, answers: Answers, picked: Picked, *, published: bool
) -> Line | None:
    """Give the line that a quote would have; whoever clears it has to see that too."""
    one = answers.get(picked.submission_id)
    if one is None or _fault(picked, one) is not None:
        return None
    return _Lines(session, unlocked, answers, published=published).under(one)


def waiting(session: Session, consultation: Consultation) -> dict[bytes, int]:
    """Give the quotes that wait to be cleared, each with who asked; it takes no key."""
    living = set(session.scalars(select(Quote.id).where(Quote.consultation_id == consultation.id)))
    found = {}
    for asked in approvals.waiting(session, consultation, ApprovalKind.QUOTE):
        quote_id = bytes.fromhex(asked.subject.partition(":")[0])
        if quote_id in living:
            found[quote_id] = asked.asked_by
    return found


def _sources(question: Question, answers: Mapping[str, Any]) -> Iterator[Source]:
    key = question.key
    value = answers.get(key)
    if question.quotable and value is not None:
        if question.type in TEXTS:
            yield Source(key, question, value)
        elif question.type is QuestionType.RECOMMENDATION:
            yield Source(key, question, value["text"])
    other = answers.get(f"{key}.{OTHER}")
    # A file cannot mark a choice as quotable; what stands beside one is, unless it is sensitive.
    if question.takes_other and other and not question.sensitive:
        yield Source(f"{key}.{OTHER}", question, other)


def _fault(picked: Picked, one: Opened) -> Standing | None:
    """Say why a quote may not be shown, whoever cleared it."""
    if not one.may_quote(picked.name.partition(".")[0]):
        return Standing.LOWERED
    value = one.answers.get(picked.name)
    answer = value.get("text", "") if isinstance(value, Mapping) else value
    same = one.sources.get(picked.name) == picked.part_id
    end = picked.start + len(picked.text)
    if not same or not isinstance(answer, str) or answer[picked.start : end] != picked.text:
        return Standing.CHANGED
    return None


def _shown(picked: Picked, one: Opened, line: Line) -> ClearedQuote:
    return ClearedQuote(
        id=picked.id,
        part_id=picked.part_id,
        name=picked.name,
        text=picked.text,
        language=one.language,
        line=line,
        translation={locale: said.text for locale, said in picked.translations.items()},
        translators={locale: said.by for locale, said in picked.translations.items()},
    )


class _Lines:
    """Makes the lines under the quotes of one page or document."""

    def __init__(
        self, session: Session, unlocked: Unlocked, answers: Answers, *, published: bool
    ) -> None:
        self._session, self._consultation = session, unlocked.consultation
        self._crowd = Crowd.of(answers)
        shared = SHARED_PUBLISHED if published else SHARED_INSIDE
        self._least = max(shared, unlocked.consultation.threshold)
        self._unnamed: dict[int, frozenset[str]] = {}

    def under(self, one: Opened) -> Line:
        """Give the line under the words of a submission."""
        if one.organisation:
            return Line(one.organisation, {})
        unnamed = self._sensitive(one.version_id)
        return Line(
            None, attribution.coarsened(one, self._crowd, least=self._least, unnamed=unnamed)
        )

    def _sensitive(self, version_id: int) -> frozenset[str]:
        if version_id not in self._unnamed:
            version = versions.one(self._session, self._consultation, version_id)
            questions = versions.definition(version).questions()
            self._unnamed[version_id] = frozenset(q.key for q in questions if q.sensitive)
        return self._unnamed[version_id]


def _ask_anew(session: Session, consultation: Consultation, before: Picked, after: Picked) -> None:
    held = approvals.find(session, consultation, ApprovalKind.QUOTE, before.subject)
    if held is not None and held.granted_by is None:
        held.subject = after.subject
    else:
        approvals.ask(session, consultation, ApprovalKind.QUOTE, after.subject, by=after.by)


def _row(session: Session, unlocked: Unlocked, quote_id: bytes, *, lock: bool = True) -> Quote:
    wanted = select(Quote).where(
        Quote.id == quote_id, Quote.consultation_id == unlocked.consultation.id
    )
    row = session.scalar(wanted.with_for_update() if lock else wanted)
    if row is None:
        raise NoQuote("no such quote")
    return row


def _mark() -> str:
    # Random, since a hash of the words in clear would let somebody try guesses.
    return random.token_hex(16)


def _place(unlocked: Unlocked, quote_id: bytes, submission_id: bytes) -> WorkPlace:
    return WorkPlace(unlocked.consultation.uid, "quote", quote_id, submission_id, "blob")


def _sealed(picked: Picked, unlocked: Unlocked) -> bytes:
    value = {
        "name": picked.name,
        "start": picked.start,
        "text": picked.text,
        "by": picked.by,
        "mark": picked.mark,
        "translations": {
            locale: {"text": said.text, "by": said.by}
            for locale, said in picked.translations.items()
        },
        "cleared_by": picked.cleared_by,
    }
    place = _place(unlocked, picked.id, picked.submission_id)
    keys = unlocked.keys
    return envelope.seal_work(value, place, key_id=keys.working_id, key=keys.working)


def _opened(row: Quote, unlocked: Unlocked) -> Picked:
    place = _place(unlocked, row.id, row.submission_id)
    value = envelope.open_work(row.blob, place, unlocked.keys.working_keys)
    translations = {
        locale: Translated(said["text"], said["by"])
        for locale, said in value.pop("translations").items()
    }
    return Picked(row.id, row.submission_id, row.part_id, translations=translations, **value)
