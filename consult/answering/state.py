"""What a form carries from page to page, sealed: the server keeps nothing of it (SAFETY 3.1)."""

import secrets as random
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from consult.errors import NotNow
from consult.safekeeping import envelope
from consult.safekeeping.envelope import Purpose, Tampered

START = "start"
CHECK = "check"
CONSENT = "consent"
LONGEST_TRAIL = 40
GRACE = timedelta(days=1)

Typed = Mapping[str, list[str]]


class Damaged(NotNow):
    """The state of a page cannot be read: cut, changed, or sealed too long ago."""


class Expired(NotNow):
    """The form was begun too many days ago to be sent."""


@dataclass(frozen=True)
class Key:
    """The key that new states are sealed under."""

    id: bytes
    key: bytes


@dataclass(frozen=True, kw_only=True)
class FormState:
    """One form under way. `typed` holds, for each step, the fields just as they were typed.

    A step is `start`, a section's key with `section:` before it, `check` or `consent`. `trail`
    holds the steps sent, the last one last; `accepted` the sections whose answers were taken, each
    with the questions that were asked then; `doubted` the implausible values that the form asked
    about.
    """

    version_id: int
    token: bytes
    begun_on: date
    step: str = START
    trail: tuple[str, ...] = ()
    typed: Mapping[str, Typed] = field(default_factory=dict)
    accepted: Mapping[str, list[str]] = field(default_factory=dict)
    changing: bool = False
    doubted: Mapping[str, Any] = field(default_factory=dict)
    # What `steps` worked out from all this; a changed state begins with nothing.
    worked_out: dict[str, Any] = field(init=False, repr=False, compare=False, default_factory=dict)

    def with_typed(self, fields: Typed) -> "FormState":
        """Give the state with what was typed on its step."""
        return replace(self, typed={**self.typed, self.step: fields})

    def sent_to(self, step: str) -> "FormState":
        """Give the state on the next step; this one is remembered as sent."""
        return replace(self, step=step, trail=(*self.trail, self.step)[-LONGEST_TRAIL:])

    def check_age(self, today: date) -> None:
        """Raise `Expired` unless the form was begun today or yesterday."""
        if not self.begun_on <= today <= self.begun_on + GRACE:
            raise Expired("the form was begun too long ago")


def begin(version_id: int, today: date) -> FormState:
    """Give the state of a new form, with a token of its own."""
    return FormState(version_id=version_id, token=random.token_bytes(16), begun_on=today)


def seal(state: FormState, key: Key, consultation: bytes) -> str:
    """Give the text that a page carries."""
    value = {
        "version": state.version_id,
        "token": state.token.hex(),
        "begun_on": state.begun_on.isoformat(),
        "step": state.step,
        "trail": state.trail,
        "typed": state.typed,
        "accepted": state.accepted,
        "changing": state.changing,
        "doubted": state.doubted,
    }
    return _seal(value, key, consultation, Purpose.FORM)


def unseal(text: str, keys: Mapping[bytes, bytes], consultation: bytes) -> FormState:
    """Read what a page carried. Raises `Damaged`."""
    value = _unseal(text, keys, consultation, Purpose.FORM)
    return FormState(
        version_id=value["version"],
        token=bytes.fromhex(value["token"]),
        begun_on=date.fromisoformat(value["begun_on"]),
        step=value["step"],
        trail=tuple(value["trail"]),
        typed=value["typed"],
        accepted=value["accepted"],
        changing=value["changing"],
        doubted=value["doubted"],
    )


def key_id(text: str) -> bytes:
    """Tell which key the text of a page, as far as it is one, was sealed under."""
    try:
        return envelope.state_key_id(urlsafe_b64decode(text.encode()))
    except ValueError:
        return b""


def seal_receipt(receipt_hash: bytes, key: Key, consultation: bytes) -> str:
    """Give the hidden field of the receipt page, by which it says "kept" without the code."""
    return _seal(receipt_hash.hex(), key, consultation, Purpose.RECEIPT)


def unseal_receipt(text: str, keys: Mapping[bytes, bytes], consultation: bytes) -> bytes:
    """Read the hidden field of the receipt page. Raises `Damaged`."""
    return bytes.fromhex(_unseal(text, keys, consultation, Purpose.RECEIPT))


def _seal(value: Any, key: Key, consultation: bytes, purpose: Purpose) -> str:
    blob = envelope.seal_state(
        value, key_id=key.id, key=key.key, consultation=consultation, purpose=purpose
    )
    return urlsafe_b64encode(blob).decode()


def _unseal(text: str, keys: Mapping[bytes, bytes], consultation: bytes, purpose: Purpose) -> Any:
    try:
        blob = urlsafe_b64decode(text.encode())
        return envelope.open_state(blob, keys=keys, consultation=consultation, purpose=purpose)
    except (ValueError, Tampered) as error:
        raise Damaged("the state of the page cannot be read") from error
