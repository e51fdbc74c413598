"""One typed object with every setting: the defaults below, then a file, then the environment.

The file is TOML, named by `CONSULT_CONFIG` or `config/consult.toml` beside this one. The name in
the file is the field's name; the variable's is given with each field. `.env.example` lists all.
"""

import os
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

LEAST_SHARE_FREE = 0.03
ROOT = Path(__file__).resolve().parent.parent


class BadSetting(Exception):
    """A setting that cannot be read; the message names it and says what it takes."""


class Profile(StrEnum):
    """What the installation is for: the defaults and what is refused depend on it."""

    DEVELOPMENT = "development"
    TESTING = "testing"
    PRODUCTION = "production"


class Face(StrEnum):
    """Which pages a process serves (SAFETY 4.6)."""

    PUBLIC = "public"
    STAFF = "staff"
    BOTH = "both"


def _whole(text: str) -> int:
    return int(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace(",", " ").split() if word)


def _switch(text: str) -> bool:
    if text.lower() not in {"0", "1", "no", "yes", "false", "true", "off", "on"}:
        raise ValueError(text)
    return text.lower() in {"1", "yes", "true", "on"}


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _set(variable: str, default: Any, read: Callable[[str], Any], what: str) -> Any:
    return field(default=default, metadata={"variable": variable, "read": read, "what": what})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting of an installation."""

    profile: Profile = _set(
        "CONSULT_PROFILE",
        Profile.DEVELOPMENT,
        Profile,
        "development, testing or production; production refuses what is unsafe",
    )
    instance: Path = _set(
        "INSTANCE", ROOT / "instance", _folder, "folder of the database and the secrets"
    )
    database_url: str = _set(
        "DATABASE_URL", "", str, "address of the database; empty: SQLite in the instance folder"
    )
    host: str = _set("HOST", "127.0.0.1", str, "address to serve at")
    port: int = _set("PORT", 8000, _whole, "port to serve at")
    workers: int = _set("CONSULT_WORKERS", 2, _whole, "number of worker processes")
    face: Face = _set(
        "CONSULT_FACE", Face.BOTH, Face, "public, staff or both: which pages are served"
    )
    public_url: str = _set(
        "CONSULT_PUBLIC_URL",
        "",
        str,
        "address people type, such as https://consult.example; required in production",
    )
    proxy_header: str = _set(
        "CONSULT_PROXY_HEADER",
        "",
        str,
        "the one header in which the proxy hands over the caller's address; empty: no proxy",
    )
    default_language: str = _set(
        "CONSULT_DEFAULT_LANGUAGE", "en", str, "language of `/` for a browser that names none"
    )
    time_zone: str = _set(
        "CONSULT_TIME_ZONE", "Asia/Kabul", str, "time zone proposed for a new consultation"
    )
    high_risk_places: tuple[str, ...] = _set(
        "CONSULT_HIGH_RISK_PLACES",
        ("AF", "CD"),
        _words,
        "countries whose consultations are never below risk level raised",
    )
    exit_address: str = _set(
        "CONSULT_EXIT_ADDRESS",
        "https://www.wikipedia.org/",
        str,
        "neutral site to which the exit leads; never a news site",
    )
    idle_minutes: int = _set("CONSULT_IDLE_MINUTES", 15, _whole, "minutes until a session ends")
    session_hours: int = _set("CONSULT_SESSION_HOURS", 8, _whole, "hours a session lasts at most")
    argon_memory_bytes: int = _set(
        "CONSULT_ARGON_MEMORY_BYTES", 64 * 2**20, _whole, "memory of one passphrase hash"
    )
    argon_passes: int = _set("CONSULT_ARGON_PASSES", 3, _whole, "passes of one passphrase hash")
    sends_per_address: int = _set(
        "CONSULT_SENDS_PER_ADDRESS",
        60,
        _whole,
        "sends in ten minutes from one address before the lane is `burst`",
    )
    free_disk_bytes: int = _set(
        "CONSULT_FREE_DISK_BYTES", 200 * 10**6, _whole, "free disk below which no new form begins"
    )
    rewrite_at_start: bool = _set(
        "CONSULT_REWRITE_AT_START",
        True,
        _switch,
        "rewrite the tables in key order when the server starts (SAFETY 6.2)",
    )

    @property
    def production(self) -> bool:
        """Whether people's safety hangs on this installation."""
        return self.profile is Profile.PRODUCTION

    @property
    def database(self) -> str:
        """The database address in use."""
        return self.database_url or f"sqlite:///{self.instance / 'consult.sqlite3'}"

    def lacks_disk(self) -> bool:
        """Whether less is free than the set bytes or 3 %: then no new form begins."""
        usage = shutil.disk_usage(self.instance)
        return usage.free < max(self.free_disk_bytes, LEAST_SHARE_FREE * usage.total)

    def problems(self) -> list[str]:
        """Say what is wrong or unsafe for the profile, one line each; empty when all is well."""
        found = [text for wrong, text in self._wrong() if wrong]
        if self.production:
            found += [text for unsafe, text in self._unsafe() if unsafe]
        return found

    def _wrong(self) -> list[tuple[bool, str]]:
        loopback = self.host in {"127.0.0.1", "::1", "localhost"}
        return [
            (not 0 < self.port < 65536, f"PORT is {self.port}: use 1 to 65535"),
            (self.workers < 1, f"CONSULT_WORKERS is {self.workers}: use 1 or more"),
            (
                self.time_zone not in available_timezones(),
                f"CONSULT_TIME_ZONE is {self.time_zone}: use a name such as Asia/Kabul",
            ),
            (
                not loopback and not self.production,
                f"HOST is {self.host}: outside the production profile only this machine is served",
            ),
            (
                self.idle_minutes < 1 or self.session_hours < 1,
                "CONSULT_IDLE_MINUTES and CONSULT_SESSION_HOURS must be 1 or more",
            ),
        ]

    def _unsafe(self) -> list[tuple[bool, str]]:
        return [
            (
                not self.public_url.startswith("https://"),
                "CONSULT_PUBLIC_URL must begin with https:// in production",
            ),
            (
                not self.database.startswith("sqlite:"),
                "PostgreSQL is refused in production until its nightly rewrite exists: rows would "
                "tell the order of arrival (DATABASE_URL)",
            ),
            (
                self.argon_memory_bytes < 64 * 2**20 or self.argon_passes < 3,
                "CONSULT_ARGON_MEMORY_BYTES and CONSULT_ARGON_PASSES are below 64 MiB and 3",
            ),
            (
                self.idle_minutes > 15 or self.session_hours > 8,
                "CONSULT_IDLE_MINUTES and CONSULT_SESSION_HOURS are above 15 and 8",
            ),
            (
                not self.rewrite_at_start,
                "CONSULT_REWRITE_AT_START is off: rows would tell the order of arrival",
            ),
        ]


def load(environment: Mapping[str, str] | None = None, **changes: Any) -> Settings:
    """Read the settings: defaults, then the file, then the environment, then `changes`.

    Raises `BadSetting` for a value or a name that cannot be understood.
    """
    environment = os.environ if environment is None else environment
    known = {item.name: item for item in fields(Settings)}
    values: dict[str, Any] = {}
    for name, raw in _from_file(environment).items():
        if name not in known:
            raise BadSetting(f"the settings file names {name}, which is no setting")
        words = " ".join(map(str, raw)) if isinstance(raw, list) else str(raw)
        values[name] = _read(name, known[name].metadata["read"], words)
    for name, item in known.items():
        if raw := environment.get(item.metadata["variable"]):
            values[name] = _read(item.metadata["variable"], item.metadata["read"], raw)
    return Settings(**{**values, **changes})


def _from_file(environment: Mapping[str, str]) -> dict[str, Any]:
    named = environment.get("CONSULT_CONFIG")
    path = Path(named) if named else ROOT / "config" / "consult.toml"
    if not path.exists():
        if named:
            raise BadSetting(f"CONSULT_CONFIG names {named}, which does not exist")
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path.name} is not TOML: {error}") from error


def _read(name: str, read: Callable[[str], Any], raw: str) -> Any:
    try:
        return read(raw)
    except ValueError as error:
        raise BadSetting(f"{name} is {raw!r}, which cannot be read") from error
