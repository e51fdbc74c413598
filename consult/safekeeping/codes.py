"""Codes that people keep, and the hashes under which we look for them. Pure."""

from hashlib import blake2b

RECEIPT_DIGITS = 20
CARD_DIGITS = 12


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


def _look(code: str, digits: int, key: bytes) -> bytes:
    if len(code) != digits or not (code.isascii() and code.isdigit()):
        raise ValueError(f"a code has {digits} digits of 0 to 9")
    return blake2b(code.encode(), key=key, digest_size=32).digest()
