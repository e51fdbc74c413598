"""Making an installation: secrets, schema, recovery keys."""

import sys
from pathlib import Path

from config.settings import Settings
from consult.db import Database
from consult.errors import BadInput
from consult.safekeeping import recovery, secrets
from consult.upkeep import migrate

OUT_HELP = "Write the recovery keys to FILE.1 and FILE.2, not to the terminal; never in production."
KEEP = (
    "Write both recovery keys down by hand and keep them in two places. Any one of them opens "
    "everything; nobody can make them again."
)


class Exposed(BadInput):
    """The recovery keys would go to a place where others can read them."""


def install(settings: Settings, recovery_out: Path | None = None) -> list[str]:
    """Make what is missing and give the lines to show; running it again changes nothing.

    Raises `Exposed` in production when the keys would be written to a file or piped away.
    """
    _refuse_exposed(settings, recovery_out)
    settings.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    migrate.upgrade(settings.database)
    made = _secrets(settings.instance)
    database = Database(settings.database)
    with database.transaction() as session:
        if recovery.exists(session):
            return ["The installation is set up."]
        keys = recovery.init(session, made)
        # Before the commit: a key that is on no paper and in no file must open nothing.
        return _hand_over(keys, recovery_out)


def _secrets(instance: Path) -> secrets.Secrets:
    made = secrets.path(instance).exists()
    return secrets.load(instance) if made else secrets.create(instance)


def _refuse_exposed(settings: Settings, recovery_out: Path | None) -> None:
    if not settings.production:
        return
    if recovery_out is not None:
        raise Exposed("--recovery-out is refused in production: the keys belong on paper")
    if not sys.stdout.isatty():
        raise Exposed("the output is no terminal: the recovery keys would be written somewhere")


def _hand_over(keys: list[str], recovery_out: Path | None) -> list[str]:
    if recovery_out is None:
        shown = [f"Recovery key {n}: {words}" for n, words in enumerate(keys, 1)]
        return [*shown, KEEP]
    recovery_out.parent.mkdir(parents=True, exist_ok=True)
    files = [Path(f"{recovery_out}.{n}") for n in range(1, len(keys) + 1)]
    for file, words in zip(files, keys, strict=True):
        file.touch(mode=0o600)
        file.write_text(words + "\n")
    return [f"Recovery keys written to {', '.join(file.name for file in files)}."]
