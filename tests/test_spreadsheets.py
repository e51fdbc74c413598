"""No cell becomes a formula and no text breaks the file, in CSV and in XLSX."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from consult import spreadsheets
from consult.spreadsheets import DoesNotFit, Sheet

HOSTILE = [
    json.loads(line)["value"]
    for line in (Path(__file__).parent / "hostile_inputs.jsonl").read_text("utf-8").splitlines()
]
TEXTS = sorted({value for value in HOSTILE if isinstance(value, str) and value})
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@A1",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "\u200f=1+1",
    " =1",
    "|calc",
]


def csv_cells(rows, heads=("text",)):
    file = io.BytesIO()
    spreadsheets.write_csv(file, heads, rows)
    assert file.getvalue().startswith(b"\xef\xbb\xbf")
    text = file.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def xlsx_book(rows, **more):
    file = io.BytesIO()
    spreadsheets.write_xlsx(file, [Sheet("Texts", ("text",), rows, **more)])
    return openpyxl.load_workbook(io.BytesIO(file.getvalue()))


def read(text):
    """XML knows one line end, and openpyxl escapes as Excel does."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_hostile_texts_come_back_from_csv_as_they_were_or_guarded():
    for text, (cell,) in zip(TEXTS, csv_cells([[text] for text in TEXTS]), strict=True):
        kept = spreadsheets.writable(text)
        assert cell in (kept, "'" + kept)
        assert not spreadsheets.is_formula_like(cell)


def test_hostile_texts_come_back_from_xlsx_as_strings():
    texts = [text for text in TEXTS if len(text) < 30_000]
    sheet = xlsx_book([[text] for text in texts]).active
    for text, (cell,) in zip(texts, sheet.iter_rows(min_row=2), strict=True):
        assert cell.data_type in ("s", "n")
        if cell.data_type == "n":
            assert cell.value is None
        else:
            assert read(cell.value) == read(spreadsheets.writable(text))


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_is_guarded(text):
    assert csv_cells([[text]]) == [["'" + text]]
    cell = xlsx_book([[text]]).active["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("text", ["water", "a=b", "د اوبو ستونزه", "1 + 1", "it's"])
def test_an_honest_text_is_left_as_it_is(text):
    assert csv_cells([[text]]) == [[text]]
    assert xlsx_book([[text]]).active["A2"].value == text


def test_numbers_stay_numbers_and_nothing_stays_nothing():
    row = (-5, 0.25, None, date(2026, 11, 19), True)
    heads = tuple("abcde")
    assert csv_cells([row], heads) == [["-5", "0.25", "", "2026-11-19", "true"]]
    file = io.BytesIO()
    spreadsheets.write_xlsx(file, [Sheet("Numbers", heads, [row])])
    cells = next(openpyxl.load_workbook(io.BytesIO(file.getvalue())).active.iter_rows(min_row=2))
    assert [cell.value for cell in cells] == [-5, 0.25, None, "2026-11-19", "true"]


def test_every_csv_field_is_quoted():
    file = io.BytesIO()
    spreadsheets.write_csv(file, ("a", "b"), [('say "no"', 3)])
    assert file.getvalue().decode("utf-8-sig") == '"a","b"\r\n"say ""no""","3"\r\n'


def test_characters_that_no_file_can_hold_are_taken_out_and_counted():
    file = io.BytesIO()
    done = spreadsheets.write_csv(file, ("text",), [["a\x00b"], ["c\ud800"], ["d"]])
    assert (done.rows, done.stripped) == (3, 2)
    assert [
        row["text"] for row in csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig")))
    ] == ["ab", "c", "d"]


def test_a_sheet_runs_right_to_left_where_asked():
    assert xlsx_book([["الف"]], right_to_left=True).active.sheet_view.rightToLeft
    assert not xlsx_book([["a"]]).active.sheet_view.rightToLeft


def test_a_text_too_long_for_xlsx_is_refused_and_never_left_out():
    with pytest.raises(DoesNotFit):
        xlsx_book([["a" * 32_768]])
    assert csv_cells([["a" * 32_768]]) == [["a" * 32_768]]


def test_nothing_is_left_in_the_memory_file_system():
    if not spreadsheets.MEMORY_FILES.is_dir():
        pytest.skip("no memory file system here")
    before = set(spreadsheets.MEMORY_FILES.glob("consult-*"))
    xlsx_book([["a"]])
    with pytest.raises(DoesNotFit):
        xlsx_book([["a" * 40_000]])
    assert set(spreadsheets.MEMORY_FILES.glob("consult-*")) <= before
