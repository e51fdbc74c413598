"""A person's own key pair: made when she sets her passphrase, opened by nothing else."""

from dataclasses import dataclass, field
from pathlib import Path

from config.settings import Settings
from consult.people import passphrases
from consult.people.models import Person
from consult.safekeeping import argon, keys
from consult.safekeeping.argon import WrongPassphrase
from consult.safekeeping.envelope import Argon, Tampered, new_pair
from consult.safekeeping.secrets import Secrets


@dataclass(frozen=True)
class Keeping:
    """What a slow hash rests on: the server's keys, its cost, and the folder of its queue."""

    secrets: Secrets
    cost: Argon
    instance: Path

    @classmethod
    def of(cls, settings: Settings, secrets: Secrets) -> "Keeping":
        """Take the cost and the folder from the settings."""
        cost = Argon(settings.argon_memory_bytes // 1024, settings.argon_passes)
        return cls(secrets, cost, settings.instance)


@dataclass(frozen=True)
class OwnKey:
    """A new key pair, its private half sealed under a passphrase; ready to be stored."""

    public: bytes
    mac: bytes
    blob: bytes


@dataclass(frozen=True)
class Locked:
    """A person's key as it is stored."""

    uid: bytes
    public: bytes
    blob: bytes = field(repr=False)


def make(uid: bytes, passphrase: str, keeping: Keeping) -> OwnKey:
    """Make a key pair for the person with this id.

    One slow hash: hold no lock meanwhile. Raises `Busy`.
    """
    pair = new_pair()
    return OwnKey(
        public=pair.public,
        mac=keys.person_mac(keeping.secrets, uid, pair.public),
        blob=sealed(uid, pair.private, passphrase, keeping),
    )


def sealed(uid: bytes, private: bytes, passphrase: str, keeping: Keeping) -> bytes:
    """Seal a private key under a passphrase.

    One slow hash: hold no lock meanwhile. Raises `Busy`.
    """
    return argon.seal_private(
        private,
        person=uid,
        passphrase=passphrases.canonical(passphrase),
        secrets=keeping.secrets,
        argon=keeping.cost,
        instance=keeping.instance,
    )


def locked(person: Person) -> Locked | None:
    """Give a person's key as it is stored, or nothing before she has one."""
    if person.stored_public_key is None or person.private_blob is None:
        return None
    return Locked(person.uid, person.stored_public_key, person.private_blob)


def opened(locked: Locked | None, passphrase: str, keeping: Keeping) -> bytes | None:
    """Open a private key: exactly one slow hash, also when there is none to open.

    Nothing comes back for a wrong passphrase and for a damaged blob alike. Raises `Busy`.
    """
    typed = passphrases.canonical(passphrase)
    if locked:
        try:
            return argon.open_private(
                locked.blob,
                public=locked.public,
                person=locked.uid,
                passphrase=typed,
                secrets=keeping.secrets,
                instance=keeping.instance,
            )
        except WrongPassphrase:
            return None
        except Tampered:
            # The blob is none at all, and so no hash was spent on it.
            pass
    argon.spend(typed, secrets=keeping.secrets, argon=keeping.cost, instance=keeping.instance)
    return None
