"""The only door through which answers come in: sealed, once, and on disk before anybody says so."""

import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.errors import BadInput, NotNow
from consult.safekeeping import envelope, keys
from consult.safekeeping.envelope import Compartment, PartPlace
from consult.safekeeping.models import KeyUse
from consult.safekeeping.secrets import Secrets
from consult.submissions import receipts
from consult.submissions.consent import Use
from consult.submissions.models import Kind, Lane, SealedPart, State, Submission
from consult.submissions.receipts import Receipt


class Closed(NotNow):
    """The consultation does not listen on this day, nor did it when the form was begun."""


class TooMuch(BadInput):
    """All answers together are longer than one submission may be."""


class Channel(Enum):
    """By which way a submission came."""

    WEB = "web"
    FACILITATOR = "facilitator"
    PAPER = "paper"
    OFFLINE = "offline"
    STATEMENT = "statement"
    ODK = "odk"
    KOBO = "kobo"
    IMPORT = "import"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What was agreed to, and under which wording: its version and language."""

    use: Use
    wording: Mapping[str, Any] = field(default_factory=dict)
    quote: Mapping[str, bool] = field(default_factory=dict)
    contact: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the form that is sealed."""
        found: dict[str, Any] = {"use": self.use.value, "wording": dict(self.wording)}
        if self.quote:
            found["quote"] = dict(self.quote)
        if self.contact is not None:
            found["contact"] = self.contact
        return found


@dataclass(frozen=True, kw_only=True)
class Sending:
    """One set of answers on its way in. `token` is 16 random bytes that stand for the sending."""

    token: bytes
    version_id: int
    answers: Mapping[str, Any]
    language: str
    channel: Channel
    consent: Consent
    lane: Lane
    begun_on: date
    organisation: str | None = None
    import_hash: bytes | None = None

    def content(self) -> dict[str, Any]:
        """Give what the content part holds."""
        found: dict[str, Any] = {
            "answers": dict(self.answers),
            "language": self.language,
            "channel": self.channel.value,
            "consent": self.consent.as_json(),
        }
        if self.organisation:
            found["organisation"] = {"name": self.organisation}
        return found


@dataclass(frozen=True)
class Sent:
    """That a sending is stored; the code only while it may still be shown."""

    code: str | None
    hash: bytes


def receive(
    session: Session,
    consultation: Consultation,
    sending: Sending,
    *,
    secrets: Secrets,
    today: date,
) -> Sent:
    """Seal and store one submission once, and give its receipt code.

    `today` is a day in the consultation's time zone. A token sent before stores nothing,
    whatever comes with it: the first sending stands, also after closing (SAFETY 3.2).
    Raises `Closed` unless the form was begun while the consultation was open, today or
    yesterday, so that nobody is shut out half-way (SAFETY 3.1), and `TooMuch`.
    """
    if sent := already_sent(session, sending.token, secrets=secrets, today=today):
        return sent
    if not consultation.listens(today, begun_on=sending.begun_on):
        raise Closed(f"consultation {consultation.code} does not listen on {today}")
    return store(session, consultation, sending, secrets=secrets, received_on=today)


def store(
    session: Session,
    consultation: Consultation,
    sending: Sending,
    *,
    secrets: Secrets,
    received_on: date,
) -> Sent:
    """Seal and store, without asking whether the consultation listens: that is the caller's."""
    receipt = receipts.issue(sending.token, secrets)
    row = _sealed(session, consultation, sending, receipt, secrets, received_on)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        # Two requests can race past the look before; the constraint decides.
        if sent := already_sent(session, sending.token, secrets=secrets, today=received_on):
            return sent
        raise
    return Sent(receipt.code, receipt.hash)


def already_sent(session: Session, token: bytes, *, secrets: Secrets, today: date) -> Sent | None:
    """Say whether a token is stored; the code only on its day and until it was kept.

    Each POST of the public form asks this before anything else.
    """
    receipt = receipts.issue(token, secrets)
    row = session.execute(
        select(Submission.received_on, Submission.kept).where(
            Submission.receipt_hash == receipt.hash
        )
    ).one_or_none()
    if row is None:
        return None
    may_show = row.received_on == today and not row.kept
    return Sent(receipt.code if may_show else None, receipt.hash)


def press_kept(session: Session, receipt_hash: bytes) -> None:
    """Note that the code was kept: no page shows it again. Saying it twice changes nothing."""
    session.execute(
        update(Submission).where(Submission.receipt_hash == receipt_hash).values(kept=True)
    )


def _sealed(
    session: Session,
    consultation: Consultation,
    sending: Sending,
    receipt: Receipt,
    secrets: Secrets,
    received_on: date,
) -> Submission:
    row = Submission(
        id=random.token_bytes(16),
        consultation_id=consultation.id,
        version_id=sending.version_id,
        received_on=received_on,
        lane=sending.lane,
        state=State.RECEIVED,
        kept=False,
        receipt_hash=receipt.hash,
        import_hash=sending.import_hash,
        revision=random.token_bytes(16),
    )
    web = sending.channel is Channel.WEB
    limit = envelope.WEB_LIMIT if web else envelope.IMPORT_LIMIT
    content = _Compartment(Kind.CONTENT, Compartment.CONTENT, KeyUse.CONTENT, limit)
    contact = _Compartment(Kind.CONTACT, Compartment.CONTACT, KeyUse.CONTACT, limit)
    row.epoch, first = content.part(session, consultation, row, sending.content(), secrets)
    # Every submission has a contact part of one length, so that none tells whether it is empty.
    _, second = contact.part(session, consultation, row, {}, secrets)
    row.parts = [first, second]
    return row


@dataclass(frozen=True)
class _Compartment:
    """One compartment of a submission: its kind in the table, in the envelope, and its limit."""

    kind: Kind
    number: Compartment
    use: KeyUse
    limit: int

    def part(
        self,
        session: Session,
        consultation: Consultation,
        row: Submission,
        value: Mapping[str, Any],
        secrets: Secrets,
    ) -> tuple[int, SealedPart]:
        """Seal a value under the compartment's public key; give the key's epoch and the row."""
        public = keys.public_key(
            session,
            secrets,
            consultation_id=consultation.id,
            consultation_uid=consultation.uid,
            compartment=self.use,
        )
        place = PartPlace(consultation.uid, public.epoch, row.id, self.number, 0)
        try:
            blob = envelope.seal_part(
                value, place, key_id=public.id, public_key=public.key, limit=self.limit
            )
        except envelope.TooLarge as error:
            raise TooMuch("the answers together are too long") from error
        part = SealedPart(
            id=random.token_bytes(16),
            compartment=self.kind,
            number=0,
            version_id=row.version_id,
            checksum=envelope.blob_check(secrets.key("blob-check"), blob),
            blob=blob,
        )
        return public.epoch, part
