"""What Consult is measured against: a bare Flask page, and a bare durable POST of 4 kB."""

import fcntl
import os
import secrets
import sqlite3
import threading
from pathlib import Path

from flask import Flask, request

from consult.db import PRAGMAS

app = Flask(__name__)
FOLDER = Path(os.environ.get("BENCH_FOLDER", "."))
SIZE = 4_000
_held = threading.local()
_lock = threading.Lock()


@app.get("/")
def hello() -> str:
    """Say hello."""
    return "hello"


@app.post("/")
def keep() -> str:
    """Store 4 kB so that they outlive a power cut, with the queue that Consult has for writers."""
    content = request.form["content"].encode()[:SIZE]
    connection = _connection()
    with _lock, (FOLDER / "bare.lock").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO kept VALUES (?, ?)", (secrets.token_bytes(16), content))
        connection.execute("COMMIT")
    return "kept"


def prepare(folder: Path) -> None:
    """Make the database."""
    connection = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    _set(connection)
    connection.execute("CREATE TABLE kept (id BLOB PRIMARY KEY, content BLOB) WITHOUT ROWID")
    connection.close()


def _connection() -> sqlite3.Connection:
    if not hasattr(_held, "connection"):
        _held.connection = sqlite3.connect(FOLDER / "bare.sqlite3", isolation_level=None)
        _set(_held.connection)
    connection: sqlite3.Connection = _held.connection
    return connection


def _set(connection: sqlite3.Connection) -> None:
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}")
