"""Paper keys: made once, typed in a drill before a consultation opens, and when all else is lost.

Any one of them opens everything. The server keeps their public halves only.
"""

import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.errors import NotNow
from consult.safekeeping import envelope, keys, words
from consult.safekeeping.envelope import KeyPair
from consult.safekeeping.keys import ConsultationKeys, KeySwapped, Locked
from consult.safekeeping.models import ConsultationKey, RecoveryKey
from consult.safekeeping.secrets import Secrets, derived
from consult.safekeeping.words import NotAPaperKey

PAPER_KEYS = 2


class RecoveryExists(NotNow):
    """The installation has its paper keys; they are shown once and never again."""


@dataclass(frozen=True)
class PaperKey:
    """What follows from the words on a paper: the box key opens wraps, age opens backups."""

    box_private: bytes = field(repr=False)
    age_private: bytes = field(repr=False)

    @property
    def box_public(self) -> bytes:
        """Give the key that consultations' keys are wrapped to."""
        return envelope.public_half(self.box_private)

    @property
    def age_public(self) -> bytes:
        """Give the key that backups are sealed to."""
        return envelope.public_half(self.age_private)


def from_root(root: bytes) -> PaperKey:
    """Derive the two private keys from the 32 bytes that the words stand for."""
    return PaperKey(derived(root, "recovery-box"), derived(root, "recovery-age"))


def init(session: Session, secrets: Secrets) -> list[str]:
    """Make the paper keys and give the words of each, to be shown once. Raises `RecoveryExists`."""
    if exists(session):
        raise RecoveryExists("There are recovery keys already.")
    made = []
    for number in range(1, PAPER_KEYS + 1):
        root = random.token_bytes(32)
        paper = from_root(root)
        box, age = paper.box_public, paper.age_public
        mac = keys.recovery_mac(secrets, number, box, age)
        session.add(RecoveryKey(number=number, box_public=box, age_public=age, mac=mac))
        made.append(" ".join(words.to_words(root)))
    session.flush()
    return made


def exists(session: Session) -> bool:
    """Say whether the installation has paper keys."""
    return session.scalar(select(RecoveryKey.number).limit(1)) is not None


def find(session: Session, secrets: Secrets, typed: str) -> tuple[int, PaperKey]:
    """Give number and keys of a paper by its words. Raises `NotAPaperKey`, `KeySwapped`."""
    paper = from_root(words.from_words(typed))
    for row in keys.recovery_keys(session, secrets):
        if compare_digest(row.box_public, paper.box_public):
            if not compare_digest(row.age_public, paper.age_public):
                raise KeySwapped(f"Recovery key {row.number} is not the one that was stored.")
            return row.number, paper
    raise NotAPaperKey("These words are a paper key, but not one of this installation.")


def open_with_paper(
    session: Session,
    secrets: Secrets,
    *,
    consultation_id: int,
    consultation_uid: bytes,
    typed: str,
) -> ConsultationKeys:
    """Open a consultation with the words of a paper key, to read or to grant.

    Raises `NotAPaperKey`, and like `keys.unlock`.
    """
    number, paper = find(session, secrets, typed)
    opened, _ = _opened(session, secrets, number, paper, (consultation_id, consultation_uid))
    return opened


def drill(
    session: Session,
    secrets: Secrets,
    *,
    consultation_id: int,
    consultation_uid: bytes,
    typed: str,
) -> int:
    """Prove that a paper opens every key of a consultation, and give the paper's number.

    Nothing of it is kept; the caller notes day and number. Raises `NotAPaperKey`, and like
    `keys.unlock`; `Locked` also when a single wrap is missing.
    """
    number, paper = find(session, secrets, typed)
    opened, contact = _opened(session, secrets, number, paper, (consultation_id, consultation_uid))
    of_it = ConsultationKey.consultation_id == consultation_id
    every = set(session.scalars(select(ConsultationKey.id).where(of_it)))
    if every != {*opened.content, *opened.working_keys, *contact}:
        raise Locked(f"Recovery key {number} does not hold every key of the consultation.")
    return number


def _opened(
    session: Session,
    secrets: Secrets,
    number: int,
    paper: PaperKey,
    consultation: tuple[int, bytes],
) -> tuple[ConsultationKeys, Mapping[bytes, KeyPair]]:
    return keys.unlock_with_paper(
        session,
        secrets,
        number=number,
        private_key=paper.box_private,
        consultation_id=consultation[0],
        consultation_uid=consultation[1],
    )
