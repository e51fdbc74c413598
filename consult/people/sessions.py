"""Sessions as rows, for staff pages only. The cookie holds one random token (SAFETY 2.5, 4.2).

The token is an id and a half. A hash of the id finds the row; the half, together with the
server's half, opens it. So neither the cookie nor the database opens anything alone, and a
restart of the server signs everybody out.
"""

import os
import secrets as random
import threading
import weakref
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, NoReturn

from flask import Flask, Request, Response, current_app, g, request
from flask import session as flask_session
from flask.sessions import SessionInterface, SessionMixin
from flask_login import LoginManager
from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import CallbackDict

from config.settings import Profile, Settings
from consult import clock
from consult.db import Database, reader, transaction
from consult.frame import addresses
from consult.people.models import Person, StaffSessionRow, Standing
from consult.people.sign_in import Opened
from consult.safekeeping.envelope import Tampered, open_session, seal_session

SERVER_HALF = "CONSULT_SERVER_HALF"
ID_BYTES, HALF_BYTES = 16, 32
STRICT = "Strict"
SWEEP_SECONDS = 60
# How stale `seen_at` may get before it is written again: most requests then only read.
SEEN_STEP = timedelta(seconds=15)
# A clock that was set back further than this ends what began after it.
AHEAD = timedelta(minutes=5)
CSRF = "csrf_token"
# Flask-Login writes a hash of address and browser, and its own wish about a cookie.
NEVER_KEPT = {CSRF, "_id", "_remember", "_remember_seconds"}


class Sitting:
    """Stands for a session while it lives in this process; what it opened hangs on it weakly."""

    __slots__ = ("__weakref__",)


@dataclass(frozen=True)
class Account:
    """Who is signed in, as read at this request; what Flask-Login calls the user."""

    id: int
    uid: bytes
    name: str
    standing: Standing
    demonstration: bool

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Give the id as Flask-Login keeps it."""
        return str(self.id)


@dataclass(frozen=True)
class Limits:
    """After how long a session ends."""

    idle: timedelta
    whole: timedelta


@dataclass(frozen=True)
class Found:
    """A living session row, opened."""

    account: Account
    private_key: bytes
    data: dict[str, Any]
    seen_at: datetime


class Token:
    """What the cookie holds: an id of 16 bytes and a half of 32."""

    def __init__(self, raw: bytes) -> None:
        self.id_hash = blake2b(raw[:ID_BYTES], digest_size=32).digest()
        self.half = raw[ID_BYTES:]
        self.text = urlsafe_b64encode(raw).decode()

    @classmethod
    def new(cls) -> "Token":
        """Make a random token."""
        return cls(random.token_bytes(ID_BYTES + HALF_BYTES))

    @classmethod
    def read(cls, text: str) -> "Token | None":
        """Read a cookie; nothing unless it is written as we write it."""
        try:
            raw = urlsafe_b64decode(text.encode("ascii"))
        except ValueError:
            return None
        token = cls(raw)
        return token if len(raw) == ID_BYTES + HALF_BYTES and token.text == text else None

    @property
    def csrf(self) -> str:
        """Give the secret of this browser's forms, which Flask-WTF signs."""
        return blake2b(self.half, digest_size=20, person=b"csrf").hexdigest()


class Nobody(dict[str, Any], SessionMixin):
    """The session of a public page: reads as empty and refuses to be written."""

    modified = False
    accessed = False

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise RuntimeError("a public page has no session")

    __setitem__ = _refuse
    setdefault = _refuse
    update = _refuse


class StaffSession(CallbackDict[str, Any], SessionMixin):
    """One browser's session on the staff pages, signed in or not."""

    def __init__(self, token: Token | None, found: Found | None, rows: "Rows") -> None:
        self.renewed = token is None
        self.token = token or Token.new()
        self.account = found.account if found else None
        self.seen_at = found.seen_at if found else None
        self._private_key = found.private_key if found else None
        self._rows = rows
        data = {**(found.data if found else {}), CSRF: self.token.csrf}
        super().__init__(data, on_update=StaffSession._changed)
        self.modified = False

    def _changed(self) -> None:
        self.modified = True

    @property
    def person(self) -> str | None:
        """Give whose session it is, as Flask-Login writes it."""
        return self.account.get_id() if self.account else None

    @property
    def private_key(self) -> bytes:
        """Give the signed-in person's private key; for this request only."""
        if self._private_key is None:
            raise RuntimeError("nobody is signed in")
        return self._private_key

    @property
    def sitting(self) -> Sitting:
        """Give the object on which this process hangs what the session opened."""
        if self.account is None:
            raise RuntimeError("nobody is signed in")
        return self._rows.sitting(self.token.id_hash)

    def begin(self, opened: Opened) -> Account:
        """Make it the session of somebody who has just signed in, under a new token."""
        self.renew()
        self.account = Account(
            opened.person_id, opened.uid, opened.name, opened.standing, opened.demonstration
        )
        self._private_key = opened.private_key
        self.seen_at = None
        self["failed_before"] = opened.failed_before
        return self.account

    def end(self) -> None:
        """Sign out: the row, the token and what this process had opened are gone."""
        self.renew()
        self.account = self._private_key = self.seen_at = None

    def renew(self) -> None:
        """Take another token; whoever knew the one before knows nothing now."""
        if self.account is not None:
            self._rows.drop(self.token.id_hash)
        self.token, self.renewed = Token.new(), True
        self.clear()
        self[CSRF] = self.token.csrf
        # Flask-WTF keeps the signed token of the old half for the rest of the request.
        g.pop(CSRF, None)


class Rows:
    """The stored sessions, and the sittings of this process."""

    def __init__(self, server_half: bytes, limits: Limits) -> None:
        self._server_half = server_half
        self._limits = limits
        self._sittings: dict[bytes, Sitting] = {}
        self._lock = threading.Lock()

    def find(self, token: Token, *, now: datetime) -> Found | None:
        """Open the living session of a token, or give nothing."""
        with reader() as session:
            found = self._read(session, token, now)
        if found is None:
            self._forget(token.id_hash)
        return found

    def keep(self, staff: StaffSession, *, now: datetime) -> None:
        """Store a session: a new row for a new token, else the row it has, if that still lives."""
        if staff.account is None:
            return
        values = {"blob": self._sealed(staff), "seen_at": now}
        row = StaffSessionRow
        with transaction() as session:
            if not staff.renewed:
                # Never an insert: a row that was ended meanwhile must not come back.
                session.execute(
                    update(row).where(row.id_hash == staff.token.id_hash).values(**values)
                )
            elif _lives(session, staff.account):
                new = {"id_hash": staff.token.id_hash, "person_id": staff.account.id}
                session.execute(insert(row).values(**new, started_at=now, **values))

    def drop(self, id_hash: bytes) -> None:
        """End a session."""
        with transaction() as session:
            session.execute(delete(StaffSessionRow).where(StaffSessionRow.id_hash == id_hash))
        self._forget(id_hash)

    def sitting(self, id_hash: bytes) -> Sitting:
        """Give the one sitting of a session in this process."""
        with self._lock:
            return self._sittings.setdefault(id_hash, Sitting())

    def sweep(self, database: Database, *, now: datetime) -> None:
        """Delete ended sessions, and forget what this process opened in those that are gone."""
        row = StaffSessionRow
        ended = or_(
            row.seen_at <= now - self._limits.idle,
            row.started_at <= now - self._limits.whole,
            row.seen_at > now + AHEAD,
        )
        with self._lock:
            # Before the look: a sitting that begins after it stands for a row we did not see.
            held = set(self._sittings)
        with database.reader() as session:
            dead = set(session.scalars(select(row.id_hash).where(ended)))
            living = set(session.scalars(select(row.id_hash))) - dead
        if dead:
            with database.transaction() as session:
                session.execute(delete(row).where(ended))
        for id_hash in held - living:
            self._forget(id_hash)

    def _read(self, session: Session, token: Token, now: datetime) -> Found | None:
        query = (
            select(StaffSessionRow, Person)
            .join(Person, Person.id == StaffSessionRow.person_id)
            .where(StaffSessionRow.id_hash == token.id_hash, Person.removed.is_(False))
        )
        pair = session.execute(query).one_or_none()
        if pair is None or self._ended(pair[0], now):
            return None
        row, person = pair
        try:
            value = open_session(row.blob, id_hash=row.id_hash, key=self._key(token))
        except Tampered:
            # Another server's half: this session began before a restart.
            return None
        account = Account(person.id, person.uid, person.name, person.standing, person.demonstration)
        return Found(account, bytes.fromhex(value["key"]), value["data"], row.seen_at)

    def _ended(self, row: StaffSessionRow, now: datetime) -> bool:
        return (
            now - row.seen_at >= self._limits.idle
            or now - row.started_at >= self._limits.whole
            or row.seen_at > now + AHEAD
        )

    def _sealed(self, staff: StaffSession) -> bytes:
        data = {name: value for name, value in staff.items() if name not in NEVER_KEPT}
        value = {"key": staff.private_key.hex(), "data": data}
        return seal_session(value, id_hash=staff.token.id_hash, key=self._key(staff.token))

    def _key(self, token: Token) -> bytes:
        return blake2b(token.half, key=self._server_half, digest_size=32).digest()

    def _forget(self, id_hash: bytes) -> None:
        with self._lock:
            self._sittings.pop(id_hash, None)


class StaffSessions(SessionInterface):
    """Sessions as rows, for staff pages only. The cookie holds one random token."""

    def __init__(self, rows: Rows, sweeper: "Sweeper | None") -> None:
        self.rows = rows
        self._sweeper = sweeper

    def open_session(self, app: Flask, request: Request) -> StaffSession | Nobody:
        """Find the session of a request; public pages have none and set no cookie."""
        if not addresses.is_staff(request.path):
            return Nobody()
        if self._sweeper:
            self._sweeper.see_that_it_runs()
        token = Token.read(request.cookies.get(self.get_cookie_name(app), ""))
        found = self.rows.find(token, now=clock.now()) if token else None
        return StaffSession(token, found, self.rows)

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Store a signed-in session that changed or was seen, and send a new token."""
        if not isinstance(session, StaffSession):
            return
        if session.get("_user_id") not in (None, session.person):
            raise RuntimeError("signed in without a new token")
        now = clock.now()
        unseen = session.seen_at is None or now - session.seen_at >= SEEN_STEP
        if session.account and (session.modified or unseen):
            self.rows.keep(session, now=now)
        if session.renewed and not (session.account is None and arrives_without_cookie()):
            response.set_cookie(
                self.get_cookie_name(app),
                session.token.text,
                secure=self.get_cookie_secure(app),
                httponly=True,
                samesite=STRICT,
            )


class Sweeper:
    """The thread of a process that ends what has to end, once a minute."""

    def __init__(self, app: Flask, rows: Rows) -> None:
        self._app = weakref.ref(app)
        self._rows = rows
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._enough = threading.Event()

    def see_that_it_runs(self) -> None:
        """Start the thread at a worker's first staff request, since no thread survives a fork."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="sessions", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._enough.wait(SWEEP_SECONDS):
            if (app := self._app()) is None:
                return
            extensions = app.extensions
            self._rows.sweep(extensions["database"], now=extensions["clock"]())
            del app, extensions


def new_server_half() -> str:
    """Make the server's half; whoever starts the workers hands it down as `SERVER_HALF`."""
    return random.token_hex(32)


def current() -> StaffSession:
    """Give the session of this request, on a staff page."""
    held: Any = flask_session._get_current_object()  # type: ignore[attr-defined] # a proxy
    if not isinstance(held, StaffSession):
        raise RuntimeError("a public page has no session")
    return held


def arrives_without_cookie() -> bool:
    """Whether a link from another site led here, from where no browser sends our cookie."""
    name = current_app.session_interface.get_cookie_name(current_app)
    return request.headers.get("Sec-Fetch-Site") == "cross-site" and name not in request.cookies


class NoSessions(SessionInterface):
    """The sessions of a process that serves no staff pages: there are none, and no cookie."""

    def open_session(self, app: Flask, request: Request) -> Nobody:  # noqa: ARG002 - the interface
        """Give the session of a public page."""
        return Nobody()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep nothing."""


def install(app: Flask, *, staff: bool = True) -> None:
    """Give an application its sessions and Flask-Login; without `staff`, none at all."""
    if not staff:
        app.session_interface = NoSessions()
        return
    settings: Settings = app.extensions["settings"]
    app.config.update(
        SESSION_COOKIE_NAME="__Host-consult" if settings.production else "consult",
        SESSION_COOKIE_SECURE=settings.production,
    )
    limits = Limits(
        timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.session_hours)
    )
    rows = Rows(bytes.fromhex(os.environ.get(SERVER_HALF) or new_server_half()), limits)
    # A test sweeps when it wants to, by its own clock.
    sweeper = None if settings.profile is Profile.TESTING else Sweeper(app, rows)
    app.session_interface = StaffSessions(rows, sweeper)
    logins = LoginManager()
    logins.session_protection = None
    logins.user_loader(_account)
    logins.init_app(app, add_context_processor=True)


def _account(person: str) -> Account | None:
    """Give the account of this session, and of no other, whatever asks."""
    held = flask_session
    account: Account | None = getattr(held, "account", None)
    return account if account and account.get_id() == person else None


def _lives(session: Session, account: Account) -> bool:
    query = select(Person.id).where(Person.id == account.id, Person.removed.is_(False))
    return session.scalar(query) is not None
