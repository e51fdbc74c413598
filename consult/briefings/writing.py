"""A briefing while it is written: masthead, running text, findings, recommendations, all sealed.

What is written in a language that is missing is shown in the original one. Each change gives the
briefing a new mark, so that an approval is always one of exactly these words.
"""

import secrets as random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.briefings.models import (
    Briefing,
    BriefingVersion,
    Evidence,
    Finding,
    Recommendation,
)
from consult.consultations.access import Unlocked
from consult.consultations.texts import Text
from consult.errors import BadInput, NotFound, NotNow
from consult.safekeeping import envelope
from consult.safekeeping.envelope import WorkPlace

Texts: TypeAlias = Mapping[str, str]
Lines: TypeAlias = Mapping[str, tuple[str, ...]]
FindQuote: TypeAlias = Callable[[Mapping[str, Any]], bytes | None]

LINES = ("summary", "context", "gaps", "caveats")


class NoBriefing(NotFound):
    """There is no such briefing, finding, recommendation or evidence."""


class Published(NotNow):
    """A published briefing is not changed any more."""


class TooMuch(BadInput):
    """More text than one part of a briefing holds."""


@dataclass(frozen=True)
class TallyOf:
    """A tally that a finding rests on; `choice` is ROW.CHOICE in a matrix, `by` a facet."""

    question: str
    choice: str | None = None
    by: str | None = None


@dataclass(frozen=True)
class Rests:
    """One piece of evidence: a quote, or a tally."""

    id: bytes
    quote_id: bytes | None = None
    tally: TallyOf | None = None


@dataclass(frozen=True)
class Found:
    """A finding with its evidence."""

    id: bytes
    text: Texts
    evidence: tuple[Rests, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A recommendation: to whom, and which groups (facet and choice) made it."""

    id: bytes
    addressee: str
    text: Texts
    made_by: tuple[tuple[str, str], ...] = ()


Part = TypeVar("Part", Found, Asked)


@dataclass(frozen=True)
class Body:
    """The masthead and the running text, by language id."""

    original: str
    for_whom: Texts = field(default_factory=dict)
    distribution: Texts = field(default_factory=dict)
    summary: Lines = field(default_factory=dict)
    context: Lines = field(default_factory=dict)
    gaps: Lines = field(default_factory=dict)
    caveats: Lines = field(default_factory=dict)
    top_question: str | None = None

    def text(self, texts: Texts, locale: str) -> Text:
        """Give a text in a language, else in the original one."""
        if said := texts.get(locale):
            return Text(said, locale)
        return Text(texts.get(self.original, ""), self.original)

    def lines(self, name: str, locale: str) -> tuple[Text, ...]:
        """Give the paragraphs of a part in a language, else in the original one."""
        held: Lines = getattr(self, name)
        chosen = locale if held.get(locale) else self.original
        return tuple(Text(line, chosen) for line in held.get(chosen, ()))


@dataclass(frozen=True)
class Draft:
    """A whole briefing, opened. `authors` are the people who wrote in it, by number."""

    id: bytes
    number: int
    mark: str
    authors: frozenset[int]
    body: Body
    findings: tuple[Found, ...] = ()
    recommendations: tuple[Asked, ...] = ()

    @property
    def subject(self) -> str:
        """Give what an approval names: exactly this state, by a random mark."""
        return f"{self.id.hex()}:{self.mark}"

    def finding(self, finding_id: bytes) -> Found:
        """Give one finding. Raises `NoBriefing`."""
        return _one(self.findings, finding_id)

    def recommendation(self, recommendation_id: bytes) -> Asked:
        """Give one recommendation. Raises `NoBriefing`."""
        return _one(self.recommendations, recommendation_id)


def begin(session: Session, unlocked: Unlocked, original: str) -> Draft:
    """Begin the next briefing of a consultation, in one language."""
    newest = _newest(session, unlocked)
    row = Briefing(
        id=random.token_bytes(16),
        consultation_id=unlocked.consultation.id,
        number=newest.number + 1 if newest else 1,
    )
    draft = Draft(
        row.id, row.number, _mark(), frozenset({unlocked.person.id}), Body(original=original)
    )
    row.blob = _sealed(unlocked, "briefing", row.id, _head(draft))
    session.add(row)
    session.flush()
    return draft


def newest(session: Session, unlocked: Unlocked) -> Draft | None:
    """Open the newest briefing, or give nothing. Raises `Tampered` where it cannot be read."""
    row = _newest(session, unlocked)
    return _opened(session, unlocked, row) if row else None


def current(session: Session, unlocked: Unlocked) -> Draft:
    """Open the newest briefing. Raises `NoBriefing`."""
    found = newest(session, unlocked)
    if found is None:
        raise NoBriefing("there is no briefing yet")
    return found


def keep(session: Session, unlocked: Unlocked, draft: Draft, body: Body) -> Draft:
    """Keep masthead and running text. Raises `Published`, `TooMuch`."""
    return _touch(session, unlocked, replace(draft, body=body))


def add_finding(session: Session, unlocked: Unlocked, draft: Draft, text: Texts) -> bytes:
    """Add a finding at the end, and give its id."""
    row = Finding(id=random.token_bytes(16), briefing_id=draft.id, position=len(draft.findings) + 1)
    row.blob = _sealed(unlocked, "finding", row.id, {"text": _said(text)})
    session.add(row)
    _touch(session, unlocked, draft)
    return row.id


def word_finding(
    session: Session, unlocked: Unlocked, draft: Draft, finding_id: bytes, text: Texts
) -> None:
    """Change the words of a finding. Raises `NoBriefing`."""
    row = _row(session, Finding, draft.finding(finding_id).id)
    row.blob = _sealed(unlocked, "finding", row.id, {"text": _said(text)})
    _touch(session, unlocked, draft)


def rest_on(
    session: Session, unlocked: Unlocked, draft: Draft, finding_id: bytes, evidence: bytes | TallyOf
) -> bytes:
    """Let a finding rest on a quote (its id) or a tally, and give the id of the evidence."""
    finding = draft.finding(finding_id)
    tally = evidence if isinstance(evidence, TallyOf) else None
    row = Evidence(
        id=random.token_bytes(16),
        finding_id=finding.id,
        quote_id=None if isinstance(evidence, TallyOf) else evidence,
        position=len(finding.evidence) + 1,
    )
    row.blob = _sealed(unlocked, "evidence", row.id, vars(tally) if tally else {})
    session.add(row)
    _touch(session, unlocked, draft)
    return row.id


def add_recommendation(
    session: Session,
    unlocked: Unlocked,
    draft: Draft,
    addressee: str,
    text: Texts,
    made_by: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Add a recommendation at the end, and give its id; its number is its position."""
    row = Recommendation(
        id=random.token_bytes(16),
        briefing_id=draft.id,
        position=len(draft.recommendations) + 1,
    )
    row.blob = _sealed(unlocked, "recommendation", row.id, _advice(addressee, text, made_by))
    session.add(row)
    _touch(session, unlocked, draft)
    return row.id


def word_recommendation(session: Session, unlocked: Unlocked, draft: Draft, changed: Asked) -> None:
    """Change a recommendation. Raises `NoBriefing`."""
    row = _row(session, Recommendation, draft.recommendation(changed.id).id)
    value = _advice(changed.addressee, changed.text, changed.made_by)
    row.blob = _sealed(unlocked, "recommendation", row.id, value)
    _touch(session, unlocked, draft)


def move(session: Session, unlocked: Unlocked, draft: Draft, part_id: bytes, *, by: int) -> None:
    """Move a finding or a recommendation up (-1) or down (1). Raises `NoBriefing`."""
    kind, parts = _beside(draft, part_id)
    order = [part.id for part in parts]
    at = order.index(part_id)
    to = at + by
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
        _number(session, kind, order)
        _touch(session, unlocked, draft)


def drop(session: Session, unlocked: Unlocked, draft: Draft, part_id: bytes) -> None:
    """Take out a finding, a recommendation or a piece of evidence. Raises `NoBriefing`."""
    pieces = {rests.id for finding in draft.findings for rests in finding.evidence}
    if part_id in pieces:
        session.delete(_row(session, Evidence, part_id))
    else:
        kind, parts = _beside(draft, part_id)
        session.delete(_row(session, kind, part_id))
        _number(session, kind, [part.id for part in parts if part.id != part_id])
    _touch(session, unlocked, draft)


def from_document(
    session: Session, unlocked: Unlocked, data: Mapping[str, Any], *, find_quote: FindQuote
) -> Draft:
    """Make a briefing from a written file, such as that of the demonstration.

    `find_quote` gives the id of the quote that an entry `quote` of the evidence means, or nothing:
    then the piece is left out.
    """
    original = unlocked.consultation.source_locale
    draft = begin(session, unlocked, original)
    body = Body(
        original=original,
        for_whom=_said(data["for_whom"]),
        distribution=_said(data["distribution"]),
        top_question=data.get("top_question"),
        **{name: _by_language(data.get(name, ())) for name in LINES},
    )
    draft = keep(session, unlocked, draft, body)
    for one in data.get("findings", ()):
        finding_id = add_finding(session, unlocked, draft, one["text"])
        draft = current(session, unlocked)
        for piece in one.get("evidence", ()):
            evidence = TallyOf(**piece["tally"]) if "tally" in piece else find_quote(piece["quote"])
            if evidence is not None:
                rest_on(session, unlocked, draft, finding_id, evidence)
                draft = current(session, unlocked)
    for one in data.get("recommendations", ()):
        made_by = [(group["facet"], group["value"]) for group in one.get("made_by", ())]
        add_recommendation(session, unlocked, draft, one["addressee"], one["text"], made_by)
        draft = current(session, unlocked)
    return draft


def is_published(session: Session, briefing_id: bytes) -> bool:
    """Say whether a briefing has been published."""
    found = select(BriefingVersion.id).where(BriefingVersion.briefing_id == briefing_id)
    return session.scalar(found.limit(1)) is not None


def _one(parts: Sequence[Part], part_id: bytes) -> Part:
    for part in parts:
        if part.id == part_id:
            return part
    raise NoBriefing("the briefing has no such part")


def _beside(draft: Draft, part_id: bytes) -> tuple[type[Any], Sequence[Any]]:
    if any(part.id == part_id for part in draft.findings):
        return Finding, draft.findings
    draft.recommendation(part_id)
    return Recommendation, draft.recommendations


def _number(session: Session, kind: type[Any], order: Sequence[bytes]) -> None:
    for position, part_id in enumerate(order, start=1):
        _row(session, kind, part_id).position = position


def _row(session: Session, kind: type[Any], row_id: bytes) -> Any:
    row = session.get(kind, row_id)
    if row is None:
        raise NoBriefing("the briefing has no such part")
    return row


def _newest(session: Session, unlocked: Unlocked) -> Briefing | None:
    return session.scalar(
        select(Briefing)
        .where(Briefing.consultation_id == unlocked.consultation.id)
        .order_by(Briefing.number.desc())
        .limit(1)
    )


def _touch(session: Session, unlocked: Unlocked, draft: Draft) -> Draft:
    """Note who wrote, and give the briefing a new mark. Raises `Published`."""
    if is_published(session, draft.id):
        raise Published("a published briefing is not changed")
    authors = draft.authors | {unlocked.person.id}
    changed = replace(draft, mark=_mark(), authors=authors)
    row = _row(session, Briefing, draft.id)
    row.blob = _sealed(unlocked, "briefing", draft.id, _head(changed))
    session.flush()
    return changed


def _mark() -> str:
    # Random, since a hash of the words in clear would let somebody try guesses.
    return random.token_hex(16)


def _head(draft: Draft) -> dict[str, Any]:
    body = {**vars(draft.body)}
    return {"mark": draft.mark, "authors": sorted(draft.authors), "body": body}


def _advice(addressee: str, text: Texts, made_by: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {"addressee": addressee, "text": _said(text), "made_by": [list(one) for one in made_by]}


def _said(texts: Texts) -> dict[str, str]:
    return {locale: text.strip() for locale, text in texts.items() if text and text.strip()}


def _by_language(lines: Sequence[Texts]) -> Lines:
    locales = list(dict.fromkeys(locale for line in lines for locale in line))
    return {locale: tuple(line[locale] for line in lines if locale in line) for locale in locales}


def _opened(session: Session, unlocked: Unlocked, row: Briefing) -> Draft:
    head = _open(unlocked, "briefing", row.id, row.blob)
    body = dict(head["body"])
    for name in LINES:
        body[name] = {locale: tuple(lines) for locale, lines in body[name].items()}
    evidence: dict[bytes, list[Rests]] = {}
    for piece in session.scalars(
        select(Evidence)
        .join(Finding, Finding.id == Evidence.finding_id)
        .where(Finding.briefing_id == row.id)
        .order_by(Evidence.position, Evidence.id)
    ):
        named = _open(unlocked, "evidence", piece.id, piece.blob)
        rests = Rests(piece.id, piece.quote_id, None if piece.quote_id else TallyOf(**named))
        evidence.setdefault(piece.finding_id, []).append(rests)
    return Draft(
        row.id,
        row.number,
        head["mark"],
        frozenset(head["authors"]),
        Body(**body),
        tuple(
            Found(
                finding.id,
                _open(unlocked, "finding", finding.id, finding.blob)["text"],
                tuple(evidence.get(finding.id, ())),
            )
            for finding in _ordered(session, Finding, row.id)
        ),
        tuple(
            _asked(one.id, _open(unlocked, "recommendation", one.id, one.blob))
            for one in _ordered(session, Recommendation, row.id)
        ),
    )


def _asked(row_id: bytes, value: Mapping[str, Any]) -> Asked:
    made_by = tuple((facet, choice) for facet, choice in value["made_by"])
    return Asked(row_id, value["addressee"], value["text"], made_by)


def _ordered(session: Session, kind: type[Any], briefing_id: bytes) -> Sequence[Any]:
    wanted = select(kind).where(kind.briefing_id == briefing_id)
    return session.scalars(wanted.order_by(kind.position, kind.id)).all()


def _place(unlocked: Unlocked, table: str, row_id: bytes) -> WorkPlace:
    return WorkPlace(unlocked.consultation.uid, table, row_id, None, "blob")


def _sealed(unlocked: Unlocked, table: str, row_id: bytes, value: Any) -> bytes:
    keys = unlocked.keys
    place = _place(unlocked, table, row_id)
    try:
        return envelope.seal_work(value, place, key_id=keys.working_id, key=keys.working)
    except envelope.TooLarge as error:
        raise TooMuch("this is more text than a briefing holds") from error


def _open(unlocked: Unlocked, table: str, row_id: bytes, blob: bytes) -> Any:
    return envelope.open_work(blob, _place(unlocked, table, row_id), unlocked.keys.working_keys)
