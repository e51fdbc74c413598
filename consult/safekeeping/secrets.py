"""The installation secret and every server key that comes from it (SAFETY 2.2)."""

import os
import secrets
from hashlib import blake2b
from pathlib import Path

from consult.errors import BadInput, NotNow

SIZE = 32
LABELS = frozenset(
    {
        "receipt-code",
        "receipt-look",
        "import-id",
        "card-code",
        "draft-salt",
        "state-wrap",
        "pepper",
        "public-mac",
        "blob-check",
        "audit",
        "question",
        "form-token",
    }
)


class NoSecret(BadInput):
    """There is no installation secret, or the file is not one."""


class SecretExists(NotNow):
    """There is an installation secret already; another would make all that is stored useless."""


class Secrets:
    """Every server key, each for one use. Printing one shows nothing."""

    def __init__(self, root: bytes) -> None:
        if len(root) != SIZE:
            raise ValueError(f"an installation secret has {SIZE} bytes")
        self._keys = {label: derived(root, label) for label in LABELS}

    def key(self, label: str) -> bytes:
        """Give the server key for one of `LABELS`: 32 bytes."""
        return self._keys[label]

    def __repr__(self) -> str:
        return "Secrets(…)"


def derived(secret: bytes, label: str) -> bytes:
    """Derive a key of 32 bytes for one use; the label may have 16 bytes, zeros fill the rest."""
    return blake2b(key=secret, person=label.encode(), digest_size=32).digest()


def path(instance: Path) -> Path:
    """Name the file of the installation secret."""
    return instance / "secrets" / "installation.key"


def load(instance: Path) -> Secrets:
    """Read the installation secret, once in a process. Raises `NoSecret`."""
    file = path(instance)
    try:
        root = file.read_bytes()
    except FileNotFoundError:
        raise NoSecret(f"No installation secret at {file}; run `flask init`.") from None
    except OSError as error:
        raise NoSecret(
            f"The installation secret {file} cannot be read: {error.strerror}."
        ) from error
    if len(root) != SIZE:
        raise NoSecret(
            f"{file} is no installation secret ({len(root)} bytes instead of {SIZE}); "
            "put the right one back, or run `flask init` in an empty instance folder."
        )
    return Secrets(root)


def create(instance: Path) -> Secrets:
    """Make the installation secret, readable by its owner alone. Raises `SecretExists`."""
    file = path(instance)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    root = secrets.token_bytes(SIZE)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SecretExists(f"There is an installation secret at {file} already.") from None
    with os.fdopen(handle, "wb") as writing:
        writing.write(root)
        writing.flush()
        os.fsync(writing.fileno())
    return Secrets(root)
