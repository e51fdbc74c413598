"""Keyed hashes: of codes that people keep, of imported ids, and of public keys. Pure."""

from enum import IntEnum
from hashlib import blake2b

RECEIPT_DIGITS = 20
CARD_DIGITS = 12
NO_ID = bytes(16)


class Owner(IntEnum):
    """Whose public key a MAC speaks of."""

    CONSULTATION = 1
    PERSON = 2
    RECOVERY = 3


def receipt_code(token: bytes, key: bytes) -> str:
    """Give the 20 digits of a form's token, under `receipt-code`: always the same for a token."""
    digest = blake2b(token, key=key, digest_size=32).digest()
    return f"{int.from_bytes(digest, 'big') % 10**RECEIPT_DIGITS:020d}"


def receipt_look(code: str, key: bytes) -> bytes:
    """Give what is stored instead of a receipt code, under `receipt-look`: 32 bytes."""
    return _look(code, RECEIPT_DIGITS, key)


def card_look(code: str, key: bytes) -> bytes:
    """Give what is stored instead of an invitation card's code, under `card-code`: 32 bytes."""
    return _look(code, CARD_DIGITS, key)


def import_look(consultation: bytes, line_id: str, key: bytes) -> bytes:
    """Give what is stored instead of an imported line's id, under `import-id`: 32 bytes."""
    if len(consultation) != 16:
        raise ValueError("a consultation's id has 16 bytes")
    return blake2b(consultation + line_id.encode(), key=key, digest_size=32).digest()


def public_mac(
    mac_key: bytes,
    owner: Owner,
    owner_id: bytes,
    key: bytes,
    *,
    key_id: bytes = NO_ID,
    compartment: int = 0,
    epoch: int = 0,
) -> bytes:
    """Give the MAC (`public-mac`) that ties a public key to its owner and use."""
    if len(owner_id) != len(key_id) or len(key_id) != len(NO_ID):
        raise ValueError("an id has 16 bytes")
    data = b"consult/public\0\1" + bytes([owner]) + owner_id
    data += bytes([compartment]) + epoch.to_bytes(4, "big") + key_id + key
    return blake2b(data, key=mac_key, digest_size=32).digest()


def _look(code: str, digits: int, key: bytes) -> bytes:
    if len(code) != digits or not (code.isascii() and code.isdigit()):
        raise ValueError(f"a code has {digits} digits of 0 to 9")
    return blake2b(code.encode(), key=key, digest_size=32).digest()
