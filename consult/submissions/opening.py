"""The only door through which answers become readable. It opens in memory and writes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.consultations.access import Unlocked
from consult.errors import NotFound
from consult.safekeeping import envelope
from consult.safekeeping.envelope import Compartment, PartPlace, Tampered
from consult.submissions.consent import Use, lowest
from consult.submissions.inbox import Channel
from consult.submissions.models import Kind, Lane, SealedPart, State, Submission

COMPARTMENTS = {Kind.CONTENT: Compartment.CONTENT, Kind.AMENDMENT: Compartment.AMENDMENT}
BATCH = 500

Pair = tuple[bytes, bytes]


class NoSubmission(NotFound):
    """The consultation has no living submission with this id."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """One submission as it stands now: its amendments are merged in their order.

    `sources` gives for each answer the id of the sealed part that it was read from, so that
    what rests on an answer can refer to it.
    """

    id: bytes
    revision: bytes
    received_on: date
    lane: Lane
    version_id: int
    language: str
    channel: Channel
    use: Use
    organisation: str | None
    answers: Mapping[str, Any]
    sources: Mapping[str, bytes]
    quote: Mapping[str, bool] = field(default_factory=dict)
    contact: bool | None = None
    changed: frozenset[str] = frozenset()

    def may_quote(self, key: str) -> bool:
        """Say whether the answer to a question may be quoted at all."""
        return self.use.may_quote and self.quote.get(key, True)


@dataclass(frozen=True)
class Loaded:
    """What could be opened, and the ids of what could not: that is never 'no answer'."""

    opened: tuple[Opened, ...]
    unreadable: tuple[bytes, ...]


def living(session: Session, unlocked: Unlocked) -> set[Pair]:
    """Give (id, revision mark) of each submission that counts now."""
    rows = session.execute(sa.select(Submission.id, Submission.revision).where(*_counts(unlocked)))
    return {(row.id, row.revision) for row in rows}


def load(session: Session, unlocked: Unlocked, ids: Iterable[bytes] | None = None) -> Loaded:
    """Open the living submissions of the unlocked consultation, all or those of `ids`."""
    unreadable: list[bytes] = []
    opened = tuple(each(session, unlocked, ids, unreadable=unreadable))
    return Loaded(opened, tuple(unreadable))


def each(
    session: Session,
    unlocked: Unlocked,
    ids: Iterable[bytes] | None = None,
    *,
    unreadable: list[bytes],
) -> Iterator[Opened]:
    """Open like `load`, one after another, so that not all need to be held at the same time.

    The ids of what cannot be opened are added to `unreadable` on the way.
    """
    for rows in _grouped(session, unlocked, ids):
        try:
            opened = _open(rows, unlocked)
        except Tampered:
            unreadable.append(rows[0].id)
            continue
        yield opened


def one(session: Session, unlocked: Unlocked, submission_id: bytes) -> Opened:
    """Open one submission. Raises `NoSubmission`, or `Tampered` where it cannot be read."""
    for rows in _grouped(session, unlocked, [submission_id]):
        return _open(rows, unlocked)
    raise NoSubmission("no such submission")


def _counts(unlocked: Unlocked) -> tuple[sa.ColumnElement[bool], ...]:
    of_this = Submission.consultation_id == unlocked.consultation.id
    return of_this, Submission.state == State.RECEIVED


def _grouped(
    session: Session, unlocked: Unlocked, ids: Iterable[bytes] | None
) -> Iterator[list[Any]]:
    """Give the rows of each submission, the content first and amendments in their order."""
    select = (
        sa.select(
            Submission.id,
            Submission.revision,
            Submission.received_on,
            Submission.lane,
            SealedPart.id.label("part_id"),
            SealedPart.compartment,
            SealedPart.number,
            SealedPart.version_id,
            SealedPart.blob,
        )
        .join(SealedPart, SealedPart.submission_id == Submission.id)
        .where(*_counts(unlocked), SealedPart.compartment != Kind.CONTACT)
        .order_by(Submission.id, SealedPart.number)
        .execution_options(yield_per=1000)
    )
    for chunk in _chunks(ids):
        rows = session.execute(select if chunk is None else select.where(Submission.id.in_(chunk)))
        for _, group in groupby(rows, key=lambda row: row.id):
            yield list(group)


def _chunks(ids: Iterable[bytes] | None) -> Iterator[list[bytes] | None]:
    if ids is None:
        yield None
        return
    left = iter(sorted(ids))
    while chunk := list(islice(left, BATCH)):
        yield chunk


def _open(rows: list[Any], unlocked: Unlocked) -> Opened:
    first, *later = [(row, _read(row, unlocked)) for row in rows]
    row, content = first
    answers: dict[str, Any] = dict(content["answers"])
    sources = dict.fromkeys(answers, row.part_id)
    use, quote = Use(content["consent"]["use"]), dict(content["consent"].get("quote", {}))
    for amending, change in later:
        for key, value in change.get("answers", {}).items():
            answers[key], sources[key] = value, amending.part_id
        consent = change.get("consent", {})
        use = lowest(use, Use(consent.get("use", use.value)))
        quote |= {
            key: quote.get(key, True) and may for key, may in consent.get("quote", {}).items()
        }
    for key in [key for key, value in answers.items() if value is None]:
        del answers[key], sources[key]
    return Opened(
        id=row.id,
        revision=row.revision,
        received_on=row.received_on,
        lane=row.lane,
        version_id=rows[-1].version_id,
        language=content["language"],
        channel=Channel(content["channel"]),
        use=use,
        organisation=_organisation(content, use),
        answers=answers,
        sources=sources,
        quote=quote,
        contact=content["consent"].get("contact"),
        changed=frozenset(key for _, change in later for key in change.get("answers", {})),
    )


def _organisation(content: Mapping[str, Any], use: Use) -> str | None:
    """Give the organisation's name only as long as the consent reaches so far."""
    if use is not Use.QUOTE_ATTRIBUTED:
        return None
    name: str | None = content.get("organisation", {}).get("name")
    return name


def _read(row: Any, unlocked: Unlocked) -> Any:
    epoch = envelope.part_epoch(row.blob)
    place = PartPlace(
        unlocked.consultation.uid, epoch, row.id, COMPARTMENTS[row.compartment], row.number
    )
    return envelope.open_part(row.blob, place, unlocked.keys.content)
