"""The one writer of CSV and XLSX: no cell becomes a formula, no character breaks the file.

Rows are written as they come, so memory stays flat. Nothing is left on a disk but the file that
was asked for: the pieces of an XLSX lie in a memory file system, or where there is none, in memory.
"""

import csv
import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import xlsxwriter

from consult.errors import BadInput

Cell: TypeAlias = str | int | float | bool | date | None

# What begins a formula, with the full-width twins that some programs take for the same.
FORMULA_STARTS = frozenset("=+-@|＝＋－＠｜")
LINE_STARTS = frozenset("\t\r\n")
GUARD = "'"
MOST_ROWS = 1_000_000
LONGEST_CELL = 32_767
MEMORY_FILES = Path("/dev/shm")  # noqa: S108 - a memory file system; the folder in it is private
# Neither XML nor a terminal can hold them; lone surrogates are no characters at all.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


class DoesNotFit(BadInput):
    """An XLSX sheet cannot hold this; CSV can."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the heads of its columns and its rows."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    right_to_left: bool = False


@dataclass(frozen=True)
class Written:
    """What was written: rows without the heads, and cells that lost unwritable characters."""

    rows: int
    stripped: int


def write_csv(file: BinaryIO, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Written:
    """Write CSV as spreadsheet programs open it: UTF-8 with BOM, every field quoted.

    A text that could be taken for a formula gets an apostrophe before it; numbers do not.
    """
    count = _Count()
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([_csv(head, count) for head in heads])
    for row in rows:
        count.rows += 1
        writer.writerow([_csv(cell, count) for cell in row])
    text.flush()
    text.detach()
    return Written(count.rows, count.stripped)


def write_xlsx(file: BinaryIO, sheets: Sequence[Sheet]) -> Written:
    """Write an XLSX file of text and number cells. Raises `DoesNotFit`."""
    count = _Count()
    with _workbook(file) as book:
        styles = {
            "head": book.add_format({"bold": True, "quote_prefix": True}),
            "guarded": book.add_format({"quote_prefix": True}),
        }
        for sheet in sheets:
            page = book.add_worksheet(_SHEET_NAME.sub(" ", sheet.name)[:31])
            if sheet.right_to_left:
                page.right_to_left()
            page.freeze_panes(1, 0)
            for column, head in enumerate(sheet.heads):
                page.write_string(0, column, _fitting(head, count), styles["head"])
            for number, row in enumerate(sheet.rows, start=1):
                if number > MOST_ROWS:
                    raise DoesNotFit(f"more than {MOST_ROWS} rows: choose CSV")
                count.rows += 1
                for column, cell in enumerate(row):
                    _write(page, (number, column), cell, styles, count)
    return Written(count.rows, count.stripped)


def is_formula_like(text: str) -> bool:
    """Say whether a spreadsheet could take a text for a formula, or lose its beginning.

    What cannot be seen is looked through: some programs drop it.
    """
    if text[:1] in LINE_STARTS and text:
        return True
    for character in text:
        if character in FORMULA_STARTS:
            return True
        if not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc"):
            return False
    return False


def writable(text: str) -> str:
    """Give a text without the characters that no spreadsheet can hold."""
    return _UNWRITABLE.sub("", text)


class _Count:
    def __init__(self) -> None:
        self.rows = 0
        self.stripped = 0

    def clean(self, text: str) -> str:
        cleaned = writable(text)
        self.stripped += cleaned != text
        return cleaned


def _csv(cell: Cell, count: _Count) -> str:
    if isinstance(cell, str):
        text = count.clean(cell)
        return GUARD + text if is_formula_like(text) else text
    return _plain(cell)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat() if isinstance(cell, date) else repr(cell)


def _write(
    page: Any, at: tuple[int, int], cell: Cell, styles: Mapping[str, Any], count: _Count
) -> None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        page.write_number(*at, cell)
    elif isinstance(cell, str) and cell:
        text = _fitting(cell, count)
        page.write_string(*at, text, styles["guarded"] if is_formula_like(cell) else None)
    elif cell is not None and cell != "":
        page.write_string(*at, _plain(cell))


def _fitting(text: str, count: _Count) -> str:
    # A cell knows one line end; another would show as `_x000D_`.
    text = count.clean(text).replace("\r\n", "\n").replace("\r", "\n")
    # XlsxWriter would leave a longer text out without a word.
    if len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
        raise DoesNotFit(f"a text has more than {LONGEST_CELL} characters: choose CSV")
    return text


@contextmanager
def _workbook(file: BinaryIO) -> Iterator[Any]:
    options: dict[str, Any] = {
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    if not (MEMORY_FILES.is_dir() and os.access(MEMORY_FILES, os.W_OK)):
        with _closing(xlsxwriter.Workbook(file, {**options, "in_memory": True})) as book:
            yield book
        return
    with tempfile.TemporaryDirectory(prefix="consult-", dir=MEMORY_FILES) as folder:
        options |= {"constant_memory": True, "tmpdir": folder}
        with _closing(xlsxwriter.Workbook(file, options)) as book:
            yield book


@contextmanager
def _closing(book: Any) -> Iterator[Any]:
    """Assemble the file only if all of it could be written."""
    try:
        yield book
    except BaseException:
        for page in book.worksheets():
            if page.constant_memory:
                page._opt_close()  # noqa: SLF001 - the one way to give a half-written sheet up
        book.fileclosed = True
        raise
    book.close()
