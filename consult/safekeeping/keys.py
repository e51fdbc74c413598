"""A consultation's keys: made, wrapped for those who may hold them, opened by those who do."""

import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from hashlib import blake2b
from hmac import compare_digest
from typing import Protocol

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from consult.errors import Busy, NotNow
from consult.safekeeping import codes, envelope
from consult.safekeeping.codes import Owner
from consult.safekeeping.envelope import KeyPair, Share, Tampered
from consult.safekeeping.models import ConsultationKey, KeyUse, KeyWrap, RecoveryKey, WrapKind
from consult.safekeeping.secrets import Secrets

FIRST_EPOCH = 1
# 3 stands for amendments in the envelope, which are sealed to the content key.
_USE_BYTE = {KeyUse.CONTENT: 1, KeyUse.CONTACT: 2, KeyUse.WORKING: 4}
_SHARES = {
    WrapKind.WHOLE: Share.WHOLE,
    WrapKind.SHARE_A: Share.A,
    WrapKind.SHARE_B: Share.B,
}
_DAMAGED = "A wrap of the consultation's key is damaged; another holder can grant it again."


class KeySwapped(Busy):
    """A public key is not the one we stored: the form closes, grants stop, staff are told."""


class Locked(NotNow):
    """Nobody has given this person the consultation's key yet."""


class WrapDamaged(Tampered, NotNow):
    """A wrap does not open with its holder's key; somebody else who holds the key can renew it."""


class NoKeyOfHerOwn(NotNow):
    """The person has not set a passphrase yet, so nothing can be wrapped for her."""


class NeverForAdministrators(NotNow):
    """An administrator runs the installation and is never given a key to what people said."""


class Holder(Protocol):
    """What is asked of a person before a key is wrapped for her: a `Person` row has it."""

    @property
    def id(self) -> int:
        """Give her number."""

    @property
    def uid(self) -> bytes:
        """Give her random id of 16 bytes."""

    @property
    def standing(self) -> Enum:
        """Give what she is to the installation."""

    @property
    def public_key(self) -> bytes | None:
        """Give her public key, once she has set a passphrase."""

    @property
    def mac(self) -> bytes | None:
        """Give the MAC of her public key."""


@dataclass(frozen=True)
class PublicKey:
    """What is needed to seal to a consultation: the key, its id and its epoch."""

    id: bytes
    epoch: int
    key: bytes


@dataclass(frozen=True)
class ConsultationKeys:
    """What a holder has opened: content pairs of every epoch, and the working keys."""

    consultation_id: int
    content: Mapping[bytes, KeyPair] = field(repr=False)
    working_id: bytes
    working_keys: Mapping[bytes, bytes] = field(repr=False)

    @property
    def working(self) -> bytes:
        """Give the working key that new rows are sealed under; `working_keys` opens all."""
        return self.working_keys[self.working_id]


def birth(
    session: Session,
    secrets: Secrets,
    *,
    consultation_id: int,
    consultation_uid: bytes,
    holder: Holder | None,
) -> None:
    """Make a new consultation's keys, wrapped for every paper key and for its editor.

    The contact key is wrapped for the paper keys alone. Raises `NoKeyOfHerOwn`,
    `NeverForAdministrators`, `KeySwapped`, and `NotNow` while there are no paper keys.
    """
    recovery = recovery_keys(session, secrets)
    if not recovery:
        raise NotNow("There are no recovery keys; run `flask init`.")
    if holder is not None:
        _her_public_key(secrets, holder)
    for use in KeyUse:
        pair = envelope.new_pair()
        row = ConsultationKey(
            id=pair.id,
            consultation_id=consultation_id,
            compartment=use,
            epoch=FIRST_EPOCH,
            public_key=None if use is KeyUse.WORKING else pair.public,
        )
        row.mac = _key_mac(secrets, row, consultation_uid, _mac_content(row, pair.private))
        session.add(row)
        session.flush()
        for paper in recovery:
            wrap = _wrap(row.id, pair.private, paper.box_public)
            wrap.recovery_number = paper.number
            session.add(wrap)
        if holder is not None and use is not KeyUse.CONTACT:
            session.add(_wrap_for_person(secrets, row.id, pair.private, holder, granted_by=None))
    session.flush()


def public_key(
    session: Session,
    secrets: Secrets,
    *,
    consultation_id: int,
    consultation_uid: bytes,
    compartment: KeyUse,
) -> PublicKey:
    """Give the newest public key to seal to, its MAC checked. Raises `KeySwapped`."""
    row = session.scalar(
        select(ConsultationKey)
        .where(ConsultationKey.consultation_id == consultation_id)
        .where(ConsultationKey.compartment == compartment)
        .order_by(ConsultationKey.epoch.desc())
        .limit(1)
    )
    if row is None or row.public_key is None:
        raise KeySwapped("The consultation's key is missing.")
    _check(secrets, row, consultation_uid, row.public_key)
    return PublicKey(row.id, row.epoch, row.public_key)


def unlock(
    session: Session,
    secrets: Secrets,
    *,
    person_id: int,
    private_key: bytes,
    consultation_id: int,
    consultation_uid: bytes,
) -> ConsultationKeys:
    """Open a person's wraps and compare every public half with its private one.

    Raises `Locked` without wraps, `KeySwapped` when a key is not ours, `WrapDamaged` when a
    wrap of hers does not open.
    """
    holding = KeyWrap.person_id == person_id
    opened = _open_wraps(
        session, secrets, holding, private_key, (consultation_id, consultation_uid)
    )
    return _gathered(consultation_id, opened)


def unlock_with_paper(
    session: Session,
    secrets: Secrets,
    *,
    number: int,
    private_key: bytes,
    consultation_id: int,
    consultation_uid: bytes,
) -> tuple[ConsultationKeys, Mapping[bytes, KeyPair]]:
    """Open what is wrapped for a paper key: the same as for a person, and the contact pairs."""
    holding = KeyWrap.recovery_number == number
    opened = _open_wraps(
        session, secrets, holding, private_key, (consultation_id, consultation_uid)
    )
    contact = {row.id: _pair(row, key) for row, key in opened if row.compartment is KeyUse.CONTACT}
    return _gathered(consultation_id, opened), contact


def wrap_for(
    session: Session,
    secrets: Secrets,
    keys: ConsultationKeys,
    *,
    person: Holder,
    granted_by: int | None,
) -> None:
    """Wrap content and working keys for a person; what she had of them before is replaced.

    `granted_by` is the granter's number, or None when a paper key grants. Raises
    `NoKeyOfHerOwn`, `NeverForAdministrators` and `KeySwapped`.
    """
    _her_public_key(secrets, person)
    remove_wraps(session, person_id=person.id, consultation_id=keys.consultation_id)
    privates = {pair.id: pair.private for pair in keys.content.values()}
    for key_id, key in {**privates, **keys.working_keys}.items():
        session.add(_wrap_for_person(secrets, key_id, key, person, granted_by=granted_by))
    session.flush()


def remove_wraps(session: Session, *, person_id: int, consultation_id: int | None) -> None:
    """Take a person's keys away: those of one consultation, or of all."""
    doomed = delete(KeyWrap).where(KeyWrap.person_id == person_id)
    if consultation_id is not None:
        of_it = select(ConsultationKey.id).where(ConsultationKey.consultation_id == consultation_id)
        doomed = doomed.where(KeyWrap.key_id.in_(of_it))
    session.execute(doomed)


def holds(session: Session, *, person_id: int, consultation_id: int) -> bool:
    """Say whether a person has the consultation's working key, without opening it."""
    found = session.scalar(
        select(KeyWrap.id)
        .join(ConsultationKey, ConsultationKey.id == KeyWrap.key_id)
        .where(ConsultationKey.consultation_id == consultation_id)
        .where(ConsultationKey.compartment == KeyUse.WORKING)
        .where(KeyWrap.person_id == person_id)
        .limit(1)
    )
    return found is not None


def person_mac(secrets: Secrets, uid: bytes, public: bytes) -> bytes:
    """Give the MAC that goes beside a person's public key."""
    return codes.public_mac(secrets.key("public-mac"), Owner.PERSON, uid, public)


def check_person(secrets: Secrets, uid: bytes, public: bytes, mac: bytes) -> None:
    """See that a person's public key is the one we stored. Raises `KeySwapped`."""
    if not compare_digest(person_mac(secrets, uid, public), mac):
        raise KeySwapped("The public key of a person is not the one that was stored.")


def working_check(key: bytes) -> bytes:
    """Give the hash of a working key that its MAC is over, in place of a public half.

    Without it, whoever can write to the database could put a wrap of his own key in its place,
    and staff would write under it.
    """
    return blake2b(key=key, person=b"working-check", digest_size=32).digest()


def recovery_mac(secrets: Secrets, number: int, box_public: bytes, age_public: bytes) -> bytes:
    """Give the MAC that goes beside the public halves of a paper key."""
    owner_id = number.to_bytes(16, "big")
    both = box_public + age_public
    return codes.public_mac(secrets.key("public-mac"), Owner.RECOVERY, owner_id, both)


def recovery_keys(session: Session, secrets: Secrets) -> list[RecoveryKey]:
    """Give the paper keys' public halves, their MACs checked. Raises `KeySwapped`."""
    rows = list(session.scalars(select(RecoveryKey).order_by(RecoveryKey.number)))
    for row in rows:
        mac = recovery_mac(secrets, row.number, row.box_public, row.age_public)
        if not compare_digest(mac, row.mac):
            raise KeySwapped(
                f"Recovery key {row.number} is not the one that was stored, "
                "or the installation secret is not the one it was stored with."
            )
    return rows


Opened = list[tuple[ConsultationKey, bytes]]


def _open_wraps(
    session: Session,
    secrets: Secrets,
    holding: ColumnElement[bool],
    private_key: bytes,
    consultation: tuple[int, bytes],
) -> Opened:
    consultation_id, consultation_uid = consultation
    rows = session.execute(
        select(ConsultationKey, KeyWrap)
        .join(KeyWrap, KeyWrap.key_id == ConsultationKey.id)
        .where(ConsultationKey.consultation_id == consultation_id)
        .where(holding)
        .where(KeyWrap.kind == WrapKind.WHOLE)
        .order_by(ConsultationKey.epoch)
    )
    opened = []
    for row, wrap in rows:
        key = _opened(wrap, private_key)
        if row.compartment is not KeyUse.WORKING:
            ours = envelope.public_half(key)
            if row.public_key is None or not compare_digest(ours, row.public_key):
                raise KeySwapped("A consultation's public key does not belong to its private one.")
        _check(secrets, row, consultation_uid, _mac_content(row, key))
        opened.append((row, key))
    return opened


def _opened(wrap: KeyWrap, private_key: bytes) -> bytes:
    try:
        kind, key_id, key = envelope.open_wrap(wrap.blob, private_key)
    except Tampered as error:
        raise WrapDamaged(_DAMAGED) from error
    if kind is not _SHARES[wrap.kind] or key_id != wrap.key_id:
        raise WrapDamaged(_DAMAGED)
    return key


def _gathered(consultation_id: int, opened: Opened) -> ConsultationKeys:
    content = {row.id: _pair(row, key) for row, key in opened if row.compartment is KeyUse.CONTENT}
    working = {row.id: key for row, key in opened if row.compartment is KeyUse.WORKING}
    if not content or not working:
        raise Locked("The consultation's key has not been granted yet.")
    newest = list(working)[-1]
    return ConsultationKeys(consultation_id, content, newest, working)


def _pair(row: ConsultationKey, private: bytes) -> KeyPair:
    return KeyPair(row.id, private, envelope.public_half(private))


def _wrap_for_person(
    secrets: Secrets, key_id: bytes, key: bytes, person: Holder, *, granted_by: int | None
) -> KeyWrap:
    wrap = _wrap(key_id, key, _her_public_key(secrets, person))
    wrap.person_id, wrap.granted_by = person.id, granted_by
    return wrap


def _her_public_key(secrets: Secrets, person: Holder) -> bytes:
    """Give the key to wrap to, once she is somebody for whom a key may be wrapped."""
    if person.standing.value == "administrator":
        raise NeverForAdministrators("An administrator is never given a consultation's key.")
    if person.public_key is None or person.mac is None:
        raise NoKeyOfHerOwn("The person has not set a passphrase yet.")
    check_person(secrets, person.uid, person.public_key, person.mac)
    return person.public_key


def _wrap(key_id: bytes, key: bytes, public: bytes) -> KeyWrap:
    return KeyWrap(
        id=random.token_bytes(16),
        key_id=key_id,
        kind=WrapKind.WHOLE,
        blob=envelope.seal_wrap(Share.WHOLE, key_id, key, public),
    )


def _mac_content(row: ConsultationKey, key: bytes) -> bytes:
    return working_check(key) if row.compartment is KeyUse.WORKING else envelope.public_half(key)


def _key_mac(secrets: Secrets, row: ConsultationKey, uid: bytes, content: bytes) -> bytes:
    return codes.public_mac(
        secrets.key("public-mac"),
        Owner.CONSULTATION,
        uid,
        content,
        key_id=row.id,
        compartment=_USE_BYTE[row.compartment],
        epoch=row.epoch,
    )


def _check(secrets: Secrets, row: ConsultationKey, uid: bytes, content: bytes) -> None:
    if not compare_digest(_key_mac(secrets, row, uid, content), row.mac):
        raise KeySwapped("A key of the consultation is not the one that was stored.")
