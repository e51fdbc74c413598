"""The catalogues as files: taken from the code, brought up to date, counted and checked."""

import contextlib
import io
import os
import shutil
import subprocess
import tempfile
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import PoFileError, PoFileParser, write_po
from jinja2 import TemplateSyntaxError

from consult.errors import BadInput
from consult.languages import checker
from consult.languages.catalogue import NotWhole, as_forms, whole_lines
from consult.languages.locales import LANGUAGES, Language
from consult.translating import lints

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = Path("translations/messages.pot")
SOURCE = "en"
# The translator comment of a text that nobody who speaks the language has read.
UNREVIEWED = "unreviewed"

_EXTRACT = (
    "pybabel -q extract -F babel.cfg --no-default-keywords -k _ -k _l -k _n:1,2 -k _p:1c,2"
    " -k _lp:1c,2 -c Translators: --no-wrap --sort-by-file --add-location file --project Consult"
)
_NOT_SAID = {"Project-Id-Version", "POT-Creation-Date", "Generated-By"}
_NOT_FILLED_IN = ("EMAIL@ADDRESS", "YEAR-MO-DA", "LL@li.org")
_HEADER = """\
# Consult: {what}.
# Written by `flask translations update`; translators change the msgstr lines alone.
# "unreviewed" stands above a text that no native speaker has read yet."""


_Some = TypeVar("_Some", bound=Catalog)


class Unreadable(BadInput):
    """A template, a module or a catalogue cannot be read; the message says which and where."""


class Template(Catalog):
    """A file of messages whose header says only what is true, so that it changes with them."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The lines of the header; without dates, which git keeps, and what nobody filled in."""
        named = [("Project-Id-Version", "Consult")]
        for name, value in super()._get_mime_headers():
            if name not in _NOT_SAID and not any(word in value for word in _NOT_FILLED_IN):
                named.append((name, value))
        # Babel counts on the last line to end itself.
        name, value = named[-1]
        return [*named[:-1], (name, value + "\n")]

    @mime_headers.setter
    def mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        super()._set_mime_headers(headers)


class PoFile(Template):
    """A catalogue file whose plural rule is the table's, whatever stood in its header."""

    num_plurals = 2

    def __init__(self, language: Language) -> None:
        """Begin an empty one."""
        super().__init__(locale=language.id, project="Consult", fuzzy=False)
        self.language = language

    @property
    def plural_expr(self) -> str:
        """The rule, as other tools read it from the header."""
        return self.language.plural_header.partition("plural=")[2].removesuffix(";")


@dataclass(frozen=True)
class Standing:
    """How far one language is."""

    language: Language
    messages: int
    missing: int
    unreviewed: int


def path_of(root: Path, language: Language) -> Path:
    """Name the file of a language."""
    return root / "translations" / language.id / "LC_MESSAGES" / "messages.po"


def extract(root: Path, to: Path | None = None) -> int:
    """Write the messages of code and templates to `messages.pot`; give their number.

    Raises `Unreadable` when a template or module is broken, for then messages would vanish.
    """
    target = to or root / TEMPLATE
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "messages.pot"
        arguments = [*_EXTRACT.split(), "-o", str(raw), "."]
        with contextlib.chdir(root):
            try:
                CommandLineInterface().run(arguments)  # type: ignore[no-untyped-call] # Babel
            except TemplateSyntaxError as error:
                where = error.filename or "a template"
                raise Unreadable(f"{where}:{error.lineno}: {error.message}") from error
            except (SyntaxError, tokenize.TokenError) as error:
                raise Unreadable(f"a module is not Python: {error}") from error
        found = _parsed(raw, Template())
    found.header_comment = _HEADER.format(what="all messages, to be translated")
    found.fuzzy = False
    _write(target, found)
    return len(found)


def update(root: Path) -> None:
    """Extract, then give every catalogue the messages it lacks; old ones go to its end.

    Nothing is matched by likeness. English is its own source and always whole.
    """
    extract(root)
    for language in LANGUAGES.values():
        _write(path_of(root, language), _updated(root, language))


def standings(root: Path) -> list[Standing]:
    """Count what is there, what is missing and what nobody has read, language by language."""
    wanted = [message.id for message in read_template(root) if message.id]
    found = []
    for language in LANGUAGES.values():
        messages = [m for m in read(root, language) if m.id]
        there = [m for m in messages if _is_whole(m)]
        unread = sum(UNREVIEWED in m.user_comments for m in there)
        found.append(Standing(language, len(wanted), len(wanted) - len(there), unread))
    return found


def read(root: Path, language: Language) -> PoFile:
    """Read a catalogue; an absent one is empty. Raises `Unreadable`."""
    path = path_of(root, language)
    found = PoFile(language)
    if path.exists():
        _parsed(path, found)
    return found


def read_template(root: Path) -> Template:
    """Read `messages.pot`. Raises `Unreadable`."""
    return _parsed(root / TEMPLATE, Template())


def faults(root: Path) -> list[str]:
    """Find all that must not be shipped: in the files, their texts, the code and templates."""
    found = [str(fault) for fault in lints.faults(root)]
    try:
        found += _behind_the_code(root)
        for language in LANGUAGES.values():
            where = path_of(root, language).relative_to(root)
            found += [f"{where}: {fault}" for fault in _language_faults(root, language)]
    except Unreadable as error:
        found.append(str(error))
    return found


def msgfmt() -> str | None:
    """Give the path of gettext's own checker, when there is one."""
    return shutil.which("msgfmt")


def _behind_the_code(root: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "messages.pot"
        extract(root, fresh)
        shipped = root / TEMPLATE
        if not shipped.exists() or fresh.read_bytes() != shipped.read_bytes():
            yield f"{TEMPLATE}: is behind the code; run `flask translations update`"


def _language_faults(root: Path, language: Language) -> Iterator[str]:
    path = path_of(root, language)
    if not path.exists():
        yield "there is no such file; run `flask translations update`"
        return
    if f'"Plural-Forms: {language.plural_header}\\n"' not in path.read_text("utf-8"):
        yield f"the header lacks Plural-Forms: {language.plural_header}"
    catalogue = read(root, language)
    if _rendered(catalogue) != _rendered(_updated(root, language)):
        yield "is behind messages.pot; run `flask translations update`"
    missing = [as_forms(m.id)[0] for m in catalogue if m.id and not _is_whole(m)]
    if missing:
        yield f"{len(missing)} texts are missing; the first is {missing[0]!r}"
    for message in catalogue:
        if message.id and _is_whole(message):
            name = as_forms(message.id)[0]
            yield from (f"{name!r}: {reason}" for reason in _text_reasons(message, language))
        if message.fuzzy and message.id:
            yield f"{as_forms(message.id)[0]!r}: fuzzy"
    yield from _msgfmt_faults(path)


def _text_reasons(message: Message, language: Language) -> Iterator[str]:
    ids, strings = as_forms(message.id), as_forms(message.string)
    for problem in checker.errors(ids, strings, locale=language.id):
        yield str(problem)
    for problem in checker.warnings(ids, strings, language.id):
        if problem.kind in (checker.Kind.ARABIC_DIGITS, checker.Kind.PASHTO_LETTERS):
            yield str(problem)
    if any(checker.repaired(text, language.id) != text for text in strings):
        yield "has letters or spaces of another language's keyboard"
    if language.id == SOURCE and strings != ids:
        yield "differs from the code, which is the English text"


def _msgfmt_faults(path: Path) -> Iterator[str]:
    program = msgfmt()
    if program is None:
        return
    # Our own files, by a program of the operator's path.
    done = subprocess.run(  # noqa: S603
        [program, "-c", "-o", os.devnull, str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        yield f"msgfmt: {(done.stderr.strip().splitlines() or ['failed'])[0]}"


def _updated(root: Path, language: Language) -> PoFile:
    """Give the catalogue as the template wants it; the file stays as it is."""
    catalogue = read(root, language)
    catalogue.update(
        read_template(root),
        no_fuzzy_matching=True,
        keep_user_comments=True,
        update_creation_date=False,
    )
    catalogue.header_comment = _HEADER.format(what=f"the texts in {language.own_name}")
    catalogue.fuzzy = False
    if language.id == SOURCE:
        for message in catalogue:
            if message.id:
                message.string = message.id
    return catalogue


def _is_whole(message: Message) -> bool:
    return not message.fuzzy and bool(message.string) and all(as_forms(message.string))


def _parsed(path: Path, into: _Some) -> _Some:
    try:
        PoFileParser(into, ignore_obsolete=False, abort_invalid=True).parse(whole_lines(path))
    except (NotWhole, PoFileError, OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: {error}") from error
    return into


def _rendered(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=0, include_lineno=False)
    return out.getvalue()


def _write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue in one step, so that a running program never reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".new")
    half.write_bytes(_rendered(catalogue))
    half.replace(path)
