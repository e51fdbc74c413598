"""A second implementation of suite 1, after docs/formats.md, to check the vectors with.

It shares no line with `consult/`: where both agree, the document is enough.
"""

import json
import unicodedata
from hashlib import blake2b
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import Box, PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import Aead

Vector = dict[str, Any]
STORED = (4000, 16000, 64000, 256000)


class Unreadable(Exception):
    """The blob does not open."""


def raw(vector: Vector, name: str) -> bytes:
    return bytes.fromhex(vector[name])


def u32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def associated(vector: Vector) -> bytes:
    """Build the associated data from the vector's inputs."""

    def of(*names: str) -> bytes:
        return b"".join(raw(vector, name) for name in names)

    match vector["layout"]:
        case "part":
            place = of("consultation") + u32(vector["epoch"]) + of("submission")
            tail = bytes([vector["compartment"]]) + u32(vector["number"])
            return b"consult/part\0\x01" + place + tail
        case "state":
            return (
                b"consult/state\0\x01" + of("key_id", "consultation") + bytes([vector["purpose"]])
            )
        case "draft":
            return b"consult/state\0\x01" + of("look", "consultation") + b"\x02"
        case "work":
            table, column = vector["table"].encode(), vector["column"].encode()
            rows = of("row", "submission")
            return (
                b"consult/work\0\x01" + of("key_id", "consultation") + table + b"\0" + rows + column
            )
        case "person":
            return b"consult/person\0\x01" + costs(vector) + of("person", "public")
        case "state_key":
            return b"consult/statekey\0\x01" + of("key_id")
        case "session":
            return b"consult/session\0\x01" + of("id_hash")
    raise AssertionError(vector["layout"])


def costs(vector: Vector) -> bytes:
    return u32(vector["memory_kib"]) + u32(vector["passes"]) + u32(vector["lanes"])


def opened(vector: Vector) -> Any:
    """Open a vector's blob at the place and with the keys that the vector names."""
    blob, layout = raw(vector, "blob"), vector["layout"]
    if blob[:1] != b"\x01":
        raise Unreadable
    try:
        if layout == "wrap":
            content = SealedBox(PrivateKey(raw(vector, "private"))).decrypt(blob[1:])
            if content[0] not in (1, 2, 3):
                raise Unreadable
            return content[0], content[1:17].hex(), content[17:].hex()
        head, key = head_and_key(vector, blob)
        rest = blob[len(head) :]
        if blob[: len(head)] != head:
            raise Unreadable
        body = Aead(key).decrypt(rest[24:], associated(vector), rest[:24])
    except (CryptoError, ValueError) as error:
        raise Unreadable from error
    return body.hex() if layout in ("person", "state_key") else unpadded(body)


def head_and_key(vector: Vector, blob: bytes) -> tuple[bytes, bytes]:
    """Give what must stand before the nonce, and the key of the body."""
    layout = vector["layout"]
    if layout == "part":
        contact = vector["compartment"] == 2
        if len(blob) not in (STORED[:1] if contact else STORED):
            raise Unreadable
        key = SealedBox(PrivateKey(raw(vector, "private"))).decrypt(blob[21:101])
        return b"\x01" + u32(vector["epoch"]) + raw(vector, "key_id") + blob[21:101], key
    if layout in ("state", "work"):
        return b"\x01" + raw(vector, "key_id"), raw(vector, "key")
    if layout == "person":
        return b"\x01" + costs(vector) + raw(vector, "salt"), raw(vector, "key")
    return b"\x01", raw(vector, "key")


def unpadded(body: bytes) -> Any:
    length = int.from_bytes(body[:4], "big")
    if length > len(body) - 4 or any(body[4 + length :]):
        raise Unreadable
    try:
        return json.loads(body[4 : 4 + length])
    except ValueError as error:
        raise Unreadable from error


def sealed(vector: Vector, *, content: bytes | None = None, size: int = 0) -> bytes:
    """Seal a vector's value again, with its nonces and keys, to the given or its own length."""
    layout = vector["layout"]
    if layout == "wrap":
        inner = bytes([vector["kind"]]) + raw(vector, "key_id") + raw(vector, "key")
        return b"\x01" + box(inner, raw(vector, "public"), raw(vector, "ephemeral_private"))
    if layout == "part":
        data_key = raw(vector, "data_key")
        boxed = box(data_key, raw(vector, "public"), raw(vector, "ephemeral_private"))
        head = b"\x01" + u32(vector["epoch"]) + raw(vector, "key_id") + boxed
    else:
        head, data_key = head_and_key(vector, b"")
    if layout in ("person", "state_key"):
        body = raw(vector, "content")
    else:
        text = vector["json"].encode() if content is None else content
        room = (size or len(raw(vector, "blob"))) - len(head) - 24 - 16
        body = (u32(len(text)) + text).ljust(room, b"\0")
        assert len(body) == room
    return head + Aead(data_key).encrypt(body, associated(vector), raw(vector, "nonce"))


def box(content: bytes, public: bytes, ephemeral: bytes) -> bytes:
    sender = PrivateKey(ephemeral)
    theirs = bytes(sender.public_key)
    nonce = blake2b(theirs + public, digest_size=24).digest()
    return theirs + Box(sender, PublicKey(public)).encrypt(content, nonce).ciphertext


def passphrase_key(vector: Vector) -> bytes:
    typed = unicodedata.normalize("NFC", vector["passphrase"]).encode()
    memory = vector["memory_kib"] * 1024
    slow = argon2id.kdf(32, typed, raw(vector, "salt"), vector["passes"], memory)
    return blake2b(slow, key=raw(vector, "pepper"), digest_size=32).digest()
