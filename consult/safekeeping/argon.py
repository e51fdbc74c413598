"""The one slow hash: from a passphrase to the key that opens a person's private key.

Nothing else says whether a passphrase is right: it is, exactly when her key opens.
"""

import fcntl
import os
import secrets as random
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from nacl import bindings

from consult.errors import BadInput, Busy
from consult.safekeeping import envelope
from consult.safekeeping.envelope import Argon, Tampered
from consult.safekeeping.secrets import Secrets

AT_A_TIME = 2
WAITING = 8
LOOK_AGAIN_SECONDS = 0.01
# A blob from the database must not be able to ask for all the memory there is.
MOST_MEMORY_KIB = 2**20
MOST_PASSES = 16
_NOBODY = bytes(16)


class WrongPassphrase(BadInput):
    """The passphrase does not open the person's key."""


class Crowded(Busy):
    """Too many passphrases are being tried at this moment."""


def passphrase_key(passphrase: str, *, salt: bytes, argon: Argon, pepper: bytes) -> bytes:
    """Give the key of a passphrase: Argon2id of its NFC form, then BLAKE2b under `pepper`.

    It takes a tenth of a second and `argon.memory_kib`, so `turn` stands around it. Raises
    `Tampered` for a cost beyond what this program ever asks for.
    """
    if not (
        8 <= argon.memory_kib <= MOST_MEMORY_KIB
        and 1 <= argon.passes <= MOST_PASSES
        and argon.lanes == 1
    ):
        raise Tampered
    slow = bindings.crypto_pwhash_alg(
        32,
        # Whatever a client sends is a passphrase, though perhaps nobody's.
        unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass"),
        salt,
        argon.passes,
        argon.memory_kib * 1024,
        bindings.crypto_pwhash_ALG_ARGON2ID13,
    )
    return blake2b(slow, key=pepper, digest_size=32).digest()


def seal_private(
    private: bytes,
    *,
    person: bytes,
    passphrase: str,
    secrets: Secrets,
    argon: Argon,
    instance: Path,
) -> bytes:
    """Seal a person's private key under her passphrase, with a new salt. Raises `Crowded`."""
    salt = random.token_bytes(16)
    with turn(instance):
        key = passphrase_key(passphrase, salt=salt, argon=argon, pepper=secrets.key("pepper"))
    public = envelope.public_half(private)
    return envelope.seal_person(
        private, public=public, person=person, key=key, argon=argon, salt=salt
    )


def open_private(
    blob: bytes,
    *,
    public: bytes,
    person: bytes,
    passphrase: str,
    secrets: Secrets,
    instance: Path,
) -> bytes:
    """Open a person's private key.

    Raises `WrongPassphrase`, `Tampered` when the blob itself is no such blob, and `Crowded`. A
    blob damaged elsewhere cannot be told from a wrong passphrase.
    """
    argon, salt = envelope.person_head(blob)
    with turn(instance):
        key = passphrase_key(passphrase, salt=salt, argon=argon, pepper=secrets.key("pepper"))
    try:
        return envelope.open_person(blob, public=public, person=person, key=key)
    except Tampered:
        raise WrongPassphrase("The passphrase is not right.") from None


def spend(passphrase: str, *, secrets: Secrets, argon: Argon, instance: Path) -> None:
    """Take as long as `open_private`, for a name that nobody has. Raises `Crowded`."""
    with turn(instance):
        passphrase_key(passphrase, salt=_NOBODY, argon=argon, pepper=secrets.key("pepper"))


@contextmanager
def turn(instance: Path) -> Iterator[None]:
    """Stand around a slow hash: two at a time on a machine, eight waiting, else `Crowded`.

    The locks are files in the instance folder, so that they hold between processes, and the
    system frees them when a process dies.
    """
    folder = instance / "locks"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    slot = _free(folder, "hashing", AT_A_TIME)
    if slot is None:
        slot = _waited(folder)
    try:
        yield
    finally:
        os.close(slot)


def _waited(folder: Path) -> int:
    place = _free(folder, "waiting", WAITING)
    if place is None:
        raise Crowded("Too many people are signing in at this moment; try again shortly.")
    try:
        while (slot := _free(folder, "hashing", AT_A_TIME)) is None:
            time.sleep(LOOK_AGAIN_SECONDS)
        return slot
    finally:
        os.close(place)


def _free(folder: Path, name: str, count: int) -> int | None:
    """Lock the first free file of a kind and give its handle; closing it is the unlocking."""
    for number in range(count):
        handle = os.open(folder / f"{name}-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
        else:
            return handle
    return None
