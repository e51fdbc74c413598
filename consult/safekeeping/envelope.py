"""Sealing and opening, byte for byte as in docs/formats.md. Pure: bytes and values, no storage.

Suite 0x01: X25519 sealed boxes carry keys, XChaCha20-Poly1305 (IETF) carries bodies. Whatever
does not fit raises `Tampered` and is shown as unreadable, never counted as "no answer".
`draw` is where randomness comes from; only the test vectors pass another source.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import blake2b
from hmac import compare_digest
from typing import Any

from nacl import bindings
from nacl.exceptions import CryptoError

SUITE = b"\x01"
SIZES = (4_000, 16_000, 64_000, 256_000)
WORK_SIZES = (500, *SIZES)
STATE_STEP = 256
WEB_LIMIT = 64_000
IMPORT_LIMIT = 256_000
ZEROS = bytes(16)

ID, KEY, NONCE, TAG, BOX = 16, 32, 24, 16, 80
PART_HEAD = 1 + 4 + ID + BOX + NONCE
KEYED_HEAD = 1 + ID + NONCE
PLAIN_HEAD = 1 + NONCE
PERSON_HEAD = 1 + 12 + 16 + NONCE
PERSON_SIZE = PERSON_HEAD + KEY + TAG
STATE_KEY_SIZE = PLAIN_HEAD + KEY + TAG
WRAP_SIZE = 1 + KEY + TAG + 1 + ID + KEY

Draw = Callable[[int], bytes]


class Tampered(Exception):
    """A blob that does not open where it lies: damaged, moved, swapped or of an unknown suite."""


class TooLarge(Exception):
    """The value does not fit into the largest blob that its place allows."""

    def __init__(self, size: int, room: int) -> None:
        super().__init__(f"{size} bytes where {room} fit")
        self.size, self.room = size, room


class Compartment(IntEnum):
    """What a sealed part is."""

    CONTENT = 1
    CONTACT = 2
    AMENDMENT = 3


class Purpose(IntEnum):
    """What a page state or a draft is for; none opens as another."""

    FORM = 1
    DRAFT = 2
    TEST = 3
    RECEIPT = 4


class Share(IntEnum):
    """What a wrap of a consultation key holds: all of it, or one of two shares."""

    WHOLE = 1
    A = 2
    B = 3


@dataclass(frozen=True)
class KeyPair:
    """An X25519 pair and the random id under which its private half is found."""

    id: bytes
    private: bytes = field(repr=False)
    public: bytes


@dataclass(frozen=True)
class PartPlace:
    """Where a sealed part lies; it opens nowhere else. Ids are the random 16 bytes."""

    consultation: bytes
    epoch: int
    submission: bytes
    compartment: Compartment
    number: int = 0


@dataclass(frozen=True)
class WorkPlace:
    """Where a row under the working key lies; it opens in no other row or column."""

    consultation: bytes
    table: str
    row: bytes
    submission: bytes | None
    column: str


@dataclass(frozen=True)
class Argon:
    """The cost of a slow hash, as it is written into the blob: KiB, passes, lanes."""

    memory_kib: int
    passes: int
    lanes: int = 1


def new_pair(draw: Draw = secrets.token_bytes) -> KeyPair:
    """Make a key pair with an id of its own."""
    key_id, private = draw(ID), draw(KEY)
    return KeyPair(key_id, private, public_half(private))


def public_half(private: bytes) -> bytes:
    """Give the public key that belongs to a private one."""
    return bindings.crypto_scalarmult_base(_exact(private, KEY))


def json_bytes(value: Any) -> bytes:
    """Write a value as it is sealed: UTF-8, sorted keys, text as typed.

    Raises `ValueError` for lone surrogates and numbers that JSON does not have.
    """
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def part_room(limit: int = WEB_LIMIT) -> int:
    """Say how many bytes of JSON fit into a part whose blob may have `limit` bytes."""
    return limit - PART_HEAD - TAG - 4


def seal_part(
    value: Any,
    place: PartPlace,
    *,
    key_id: bytes,
    public_key: bytes,
    limit: int = WEB_LIMIT,
    draw: Draw = secrets.token_bytes,
) -> bytes:
    """Seal what a respondent said, under a data key of its own. Raises `TooLarge`.

    The contact part always has the smallest size, so that its length never says that it is full.
    """
    sizes = SIZES[:1] if place.compartment is Compartment.CONTACT else _up_to(SIZES, limit)
    body = _padded(json_bytes(value), sizes, PART_HEAD + TAG)
    data_key = draw(KEY)
    box = seal_box(data_key, public_key, draw)
    head = SUITE + _u32(place.epoch) + _exact(key_id, ID) + box
    return head + _encrypted(body, part_data(place), data_key, draw)


def open_part(blob: bytes, place: PartPlace, pairs: Mapping[bytes, KeyPair]) -> Any:
    """Open a sealed part with the key pair that its head names. Raises `Tampered`.

    It takes pairs, not private keys: computing the public half for every row costs a fifth more.
    """
    sizes = SIZES[:1] if place.compartment is Compartment.CONTACT else SIZES
    _require(len(blob) in sizes and blob[:1] == SUITE)
    _require(part_epoch(blob) == place.epoch)
    pair = pairs.get(part_key_id(blob))
    if pair is None:
        raise Tampered
    data_key = _unboxed(blob[21 : 21 + BOX], pair.public, pair.private)
    return _value(_decrypted(blob[21 + BOX :], part_data(place), data_key))


def part_key_id(blob: bytes) -> bytes:
    """Tell which key the data key of a part is sealed to."""
    return blob[5:21]


def part_epoch(blob: bytes) -> int:
    """Tell the epoch in which a part was sealed (an amendment's may be later than its form's)."""
    return int.from_bytes(blob[1:5], "big")


def part_data(place: PartPlace) -> bytes:
    """Give the associated data of a part."""
    return b"".join(
        (
            b"consult/part\0" + SUITE,
            _exact(place.consultation, ID),
            _u32(place.epoch),
            _exact(place.submission, ID),
            bytes([place.compartment]),
            _u32(place.number),
        )
    )


def seal_state(
    value: Any,
    *,
    key_id: bytes,
    key: bytes,
    consultation: bytes,
    purpose: Purpose,
    draw: Draw = secrets.token_bytes,
) -> bytes:
    """Seal the state that a page carries, padded to the next 256 bytes."""
    content = json_bytes(value)
    whole = KEYED_HEAD + TAG + 4 + len(content)
    size = -(-whole // STATE_STEP) * STATE_STEP
    body = _padded(content, (size,), KEYED_HEAD + TAG)
    data = state_data(key_id, consultation, purpose)
    return SUITE + key_id + _encrypted(body, data, key, draw)


def open_state(
    blob: bytes, *, keys: Mapping[bytes, bytes], consultation: bytes, purpose: Purpose
) -> Any:
    """Open a page's state with whichever of the accepted keys it names. Raises `Tampered`."""
    _require(len(blob) > 0 and len(blob) % STATE_STEP == 0 and blob[:1] == SUITE)
    key_id = state_key_id(blob)
    data = state_data(key_id, consultation, purpose)
    return _value(_decrypted(blob[17:], data, _found(keys, key_id)))


def state_key_id(blob: bytes) -> bytes:
    """Tell which state key a page's state is sealed under."""
    return blob[1:17]


def state_data(key_id: bytes, consultation: bytes, purpose: Purpose) -> bytes:
    """Give the associated data of a page's state."""
    if purpose is Purpose.DRAFT:
        raise ValueError("a draft is no page state")
    return (
        b"consult/state\0"
        + SUITE
        + _exact(key_id, ID)
        + _exact(consultation, ID)
        + bytes([purpose])
    )


def seal_draft(
    value: Any, *, key: bytes, look: bytes, consultation: bytes, draw: Draw = secrets.token_bytes
) -> bytes:
    """Seal a kept form under the key that its code gives. Raises `TooLarge`."""
    body = _padded(json_bytes(value), _up_to(SIZES, WEB_LIMIT), PLAIN_HEAD + TAG)
    return SUITE + _encrypted(body, draft_data(look, consultation), key, draw)


def open_draft(blob: bytes, *, key: bytes, look: bytes, consultation: bytes) -> Any:
    """Open a kept form. Raises `Tampered`."""
    _require(len(blob) in SIZES and blob[:1] == SUITE)
    return _value(_decrypted(blob[1:], draft_data(look, consultation), key))


def draft_data(look: bytes, consultation: bytes) -> bytes:
    """Give the associated data of a draft."""
    return (
        b"consult/state\0"
        + SUITE
        + _exact(look, KEY)
        + _exact(consultation, ID)
        + bytes([Purpose.DRAFT])
    )


def seal_work(
    value: Any,
    place: WorkPlace,
    *,
    key_id: bytes,
    key: bytes,
    draw: Draw = secrets.token_bytes,
) -> bytes:
    """Seal what staff wrote: a coding, a finding, a draft of a briefing. Raises `TooLarge`."""
    body = _padded(json_bytes(value), WORK_SIZES, KEYED_HEAD + TAG)
    return SUITE + key_id + _encrypted(body, work_data(place, key_id), key, draw)


def open_work(blob: bytes, place: WorkPlace, keys: Mapping[bytes, bytes]) -> Any:
    """Open what staff wrote with the key that it names. Raises `Tampered`."""
    _require(len(blob) in WORK_SIZES and blob[:1] == SUITE)
    key_id = blob[1:17]
    return _value(_decrypted(blob[17:], work_data(place, key_id), _found(keys, key_id)))


def work_data(place: WorkPlace, key_id: bytes) -> bytes:
    """Give the associated data of a row under the working key; a staff question's id is zeros."""
    if "\0" in place.table:
        raise ValueError("a table name ends at its zero byte")
    return b"".join(
        (
            b"consult/work\0" + SUITE,
            _exact(key_id, ID),
            _exact(place.consultation, ID),
            place.table.encode() + b"\0",
            _exact(place.row, ID),
            _exact(place.submission or ZEROS, ID),
            place.column.encode(),
        )
    )


def seal_person(
    private: bytes,
    *,
    public: bytes,
    person: bytes,
    key: bytes,
    argon: Argon,
    salt: bytes,
    draw: Draw = secrets.token_bytes,
) -> bytes:
    """Seal a person's private key under the key that her passphrase gave for `argon` and `salt`."""
    head = _argon_bytes(argon)
    data = person_data(argon, public, person)
    return SUITE + head + _exact(salt, 16) + _encrypted(_exact(private, KEY), data, key, draw)


def open_person(blob: bytes, *, public: bytes, person: bytes, key: bytes) -> bytes:
    """Open a person's private key and see that it is the half of `public`. Raises `Tampered`."""
    argon, _ = person_head(blob)
    private = _decrypted(blob[29:], person_data(argon, public, person), key)
    _require(compare_digest(public_half(private), public))
    return private


def person_head(blob: bytes) -> tuple[Argon, bytes]:
    """Read the cost and the salt with which a person's blob was sealed. Raises `Tampered`."""
    _require(len(blob) == PERSON_SIZE and blob[:1] == SUITE)
    memory, passes, lanes = (int.from_bytes(blob[at : at + 4], "big") for at in (1, 5, 9))
    return Argon(memory, passes, lanes), blob[13:29]


def person_data(argon: Argon, public: bytes, person: bytes) -> bytes:
    """Give the associated data of a person's private key."""
    return (
        b"consult/person\0" + SUITE + _argon_bytes(argon) + _exact(person, ID) + _exact(public, KEY)
    )


def seal_state_key(
    key: bytes, *, key_id: bytes, wrapping: bytes, draw: Draw = secrets.token_bytes
) -> bytes:
    """Wrap a state key under the server key `state-wrap`."""
    return SUITE + _encrypted(_exact(key, KEY), state_key_data(key_id), wrapping, draw)


def open_state_key(blob: bytes, *, key_id: bytes, wrapping: bytes) -> bytes:
    """Open a wrapped state key. Raises `Tampered`."""
    _require(len(blob) == STATE_KEY_SIZE and blob[:1] == SUITE)
    return _decrypted(blob[1:], state_key_data(key_id), wrapping)


def state_key_data(key_id: bytes) -> bytes:
    """Give the associated data of a wrapped state key."""
    return b"consult/statekey\0" + SUITE + _exact(key_id, ID)


def seal_session(
    value: Any, *, id_hash: bytes, key: bytes, draw: Draw = secrets.token_bytes
) -> bytes:
    """Seal what a staff session holds, under the key of cookie half and server half."""
    body = _padded(json_bytes(value), SIZES, PLAIN_HEAD + TAG)
    return SUITE + _encrypted(body, session_data(id_hash), key, draw)


def open_session(blob: bytes, *, id_hash: bytes, key: bytes) -> Any:
    """Open what a staff session holds. Raises `Tampered`."""
    _require(len(blob) in SIZES and blob[:1] == SUITE)
    return _value(_decrypted(blob[1:], session_data(id_hash), key))


def session_data(id_hash: bytes) -> bytes:
    """Give the associated data of a session: the hash of its id."""
    return b"consult/session\0" + SUITE + _exact(id_hash, KEY)


def seal_wrap(
    kind: Share,
    key_id: bytes,
    key: bytes,
    public_key: bytes,
    *,
    draw: Draw = secrets.token_bytes,
) -> bytes:
    """Wrap a consultation's key, or a share of it, for a person or a paper key."""
    content = bytes([kind]) + _exact(key_id, ID) + _exact(key, KEY)
    return SUITE + seal_box(content, public_key, draw)


def open_wrap(blob: bytes, private: bytes) -> tuple[Share, bytes, bytes]:
    """Give kind, key id and key of a wrap; the caller compares them. Raises `Tampered`."""
    _require(len(blob) == WRAP_SIZE and blob[:1] == SUITE)
    content = open_box(blob[1:], private)
    _require(content[0] in tuple(Share))
    return Share(content[0]), content[1:17], content[17:]


def seal_box(content: bytes, public_key: bytes, draw: Draw = secrets.token_bytes) -> bytes:
    """Make libsodium's sealed box: ephemeral public key, then the box under its own nonce."""
    ephemeral = draw(KEY)
    sender = public_half(ephemeral)
    nonce = blake2b(sender + _exact(public_key, KEY), digest_size=NONCE).digest()
    return sender + bindings.crypto_box(content, nonce, public_key, ephemeral)


def open_box(box: bytes, private: bytes) -> bytes:
    """Open a sealed box. Raises `Tampered`."""
    return _unboxed(box, public_half(private), private)


def blob_check(key: bytes, blob: bytes) -> bytes:
    """Give the keyed checksum (`blob-check`) that finds bit rot without a private key."""
    return blake2b(blob, key=key, digest_size=32).digest()


def _encrypted(body: bytes, data: bytes, key: bytes, draw: Draw) -> bytes:
    nonce = draw(NONCE)
    sealed = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
        body, data, nonce, _exact(key, KEY)
    )
    return nonce + sealed


def _decrypted(sealed: bytes, data: bytes, key: bytes) -> bytes:
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed[NONCE:], data, sealed[:NONCE], _exact(key, KEY)
        )
    except CryptoError as error:
        raise Tampered from error


def _unboxed(box: bytes, public: bytes, private: bytes) -> bytes:
    try:
        return bindings.crypto_box_seal_open(box, public, private)
    except CryptoError as error:
        raise Tampered from error


def _padded(content: bytes, sizes: Sequence[int], around: int) -> bytes:
    """Lay length, content and zeros so that the blob, with all around it, has one of the sizes."""
    for size in sizes:
        room = size - around - 4
        if len(content) <= room:
            return _u32(len(content)) + content + bytes(room - len(content))
    raise TooLarge(len(content), sizes[-1] - around - 4)


def _value(body: bytes) -> Any:
    length = int.from_bytes(body[:4], "big")
    _require(length <= len(body) - 4 and body[4 + length :] == bytes(len(body) - 4 - length))
    try:
        return _decoder.decode(body[4 : 4 + length].decode())
    # Anybody can seal to a public key, so the JSON inside may be made to hurt.
    except (ValueError, RecursionError) as error:
        raise Tampered from error


def _no_constant(name: str) -> Any:
    raise ValueError(name)


# Made once: a tenth of opening a row went into making one for each.
_decoder = json.JSONDecoder(parse_constant=_no_constant)


def _up_to(sizes: Sequence[int], limit: int) -> Sequence[int]:
    if limit not in sizes:
        raise ValueError(f"{limit} is no size of a blob")
    return sizes[: sizes.index(limit) + 1]


def _argon_bytes(argon: Argon) -> bytes:
    return _u32(argon.memory_kib) + _u32(argon.passes) + _u32(argon.lanes)


def _u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def _exact(value: bytes, length: int) -> bytes:
    if len(value) != length:
        raise ValueError(f"{len(value)} bytes where {length} belong")
    return value


def _found(keys: Mapping[bytes, bytes], key_id: bytes) -> bytes:
    _require(key_id in keys)
    return keys[key_id]


def _require(fits: bool) -> None:
    if not fits:
        raise Tampered
