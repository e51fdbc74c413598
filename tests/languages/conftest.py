"""Small applications with catalogues of their own, each in a folder of the test."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from flask import Flask

from consult.languages.catalogue import Catalogue
from consult.languages.locales import LANGUAGES
from consult.languages.messages import install

Entry = tuple[str, str | tuple[str, str]]


class Watch:
    """A clock in seconds that moves when the test says so."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class Rows:
    """Published edits, as the database of two workers would hold them."""

    def __init__(self) -> None:
        self.number = 0
        self.rows: dict[str, list] = {}

    def publish(self, language_id: str, *row) -> None:
        self.rows.setdefault(language_id, []).append(row)
        self.number += 1

    def revision(self, language_id: str) -> int:
        return self.number

    def published(self, language_id: str) -> Iterable:
        return self.rows.get(language_id, [])


def po(language_id: str, entries: Iterable[tuple], *, header: str | None = None) -> str:
    """Write a catalogue of (context, ids, strings)."""
    rule = header or LANGUAGES[language_id].plural_header
    lines = ['msgid ""', 'msgstr ""', f'"Plural-Forms: {rule}\\n"', ""]
    for context, ids, strings in entries:
        if context:
            lines.append(f"msgctxt {_quoted(context)}")
        if isinstance(ids, str):
            lines += [f"msgid {_quoted(ids)}", f"msgstr {_quoted(strings)}", ""]
        else:
            lines += [f"msgid {_quoted(ids[0])}", f"msgid_plural {_quoted(ids[1])}"]
            lines += [f"msgstr[{n}] {_quoted(text)}" for n, text in enumerate(strings)] + [""]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty catalogue folder."""
    return tmp_path / "translations"


@pytest.fixture
def shipped(folder: Path):
    """Write the catalogue of a language: `shipped("ps", (None, "Yes", "هو"))`."""

    def write(language_id: str, *entries: tuple, **how) -> Path:
        path = folder / language_id / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(po(language_id, entries, **how), "utf-8")
        return path

    return write


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def an_app(folder: Path, rows: Rows, watch: Watch):
    """Make an application over the folder and the rows; each call is another worker."""

    def make() -> Flask:
        app = Flask("worker")
        catalogue = install(app, default="en", folder=folder, overlay=rows)
        catalogue._timer = watch
        app.extensions["catalogue"] = catalogue
        return app

    return make


@pytest.fixture
def app(an_app) -> Flask:
    return an_app()


@pytest.fixture
def catalogue(folder: Path, rows: Rows, watch: Watch) -> Catalogue:
    """The texts alone, without an application."""
    return Catalogue(folder, rows, timer=watch)


@pytest.fixture
def on_page(app: Flask):
    """Say something as on a page: `on_page("fa-af", lambda: _("Yes"))`."""

    def say(segment: str, call):
        with app.test_request_context(f"/{segment}/"):
            return call()

    return say
