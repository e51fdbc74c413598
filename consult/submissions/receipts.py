"""Receipt codes: 20 digits made from a form's token, of which only a keyed hash is stored."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.errors import NotFound
from consult.languages import formats
from consult.safekeeping import codes
from consult.safekeeping.secrets import Secrets
from consult.submissions.models import Submission

GROUP = 4
# Looked up instead of what has not the length of a code, so that it takes the same time.
NO_CODE = "0" * codes.RECEIPT_DIGITS


class UnknownCode(NotFound):
    """No submission has this receipt code; a code of another form looks the same."""


@dataclass(frozen=True)
class Receipt:
    """What a token is worth: the code its owner keeps, and the hash under which it is found."""

    code: str
    hash: bytes


def issue(token: bytes, secrets: Secrets) -> Receipt:
    """Give the receipt of a form's 16-byte token; the same token always gives the same one."""
    code = codes.receipt_code(token, secrets.key("receipt-code"))
    return Receipt(code, look(code, secrets))


def look(code: str, secrets: Secrets) -> bytes:
    """Give the hash under which the submission of a code is stored."""
    return codes.receipt_look(code, secrets.key("receipt-look"))


def find(session: Session, typed: str, secrets: Secrets) -> Submission:
    """Give the submission of a code as somebody typed it: any script's digits, spaces, dashes.

    Raises `UnknownCode`. The look-up takes the same steps whatever was typed.
    """
    code = formats.read_code(typed)
    whole = len(code) == codes.RECEIPT_DIGITS
    mark = look(code if whole else NO_CODE, secrets)
    found = session.scalar(select(Submission).where(Submission.receipt_hash == mark))
    if found is None or not whole:
        raise UnknownCode("no submission has this receipt code")
    return found


def grouped(code: str) -> str:
    """Give a code in five groups of four digits, as it is shown."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
