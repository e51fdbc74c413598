"""Every format of a tally holds the same numbers and hides the same."""

import csv
import io
import json

import openpyxl
import pytest

from consult.figures import columns, exports, tally
from consult.figures.exports import Format
from tests.figures import made_up


def make(**more):
    held = columns.build(made_up.opened(250, 4), made_up.questions())
    return tally.build(
        held,
        held.questions,
        made_up.labels,
        consultation="needs",
        consultation_threshold=5,
        **more,
    )


def written(made, format_):
    file = io.BytesIO()
    exports.write(made, format_, file, right_to_left=True)
    return file.getvalue()


def from_csv(made):
    text = written(made, Format.CSV).decode("utf-8-sig")
    return [[cell or None for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]


def from_xlsx(made):
    sheet = openpyxl.load_workbook(io.BytesIO(written(made, Format.XLSX))).active
    assert sheet.sheet_view.rightToLeft
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def same(a, b):
    if a is None or b is None:
        return a is b
    try:
        return float(a) == pytest.approx(float(b), rel=1e-14)
    except ValueError:
        return str(a) == str(b)


@pytest.mark.parametrize("more", [{"by": ("sex", "place")}, {"where": {"sex": "woman"}}])
def test_csv_and_xlsx_hold_the_same_cells(more):
    made = make(**more)
    rows, others = from_csv(made), from_xlsx(made)
    assert len(rows) == len(others)
    assert all(
        same(a, b)
        for row, other in zip(rows, others, strict=True)
        for a, b in zip(row, other, strict=True)
    )


def test_csv_holds_each_number_of_the_json_and_no_other():
    made = make(by=("sex",))
    lines = list(csv.DictReader(io.StringIO(written(made, Format.CSV).decode("utf-8-sig"))))
    data = json.loads(written(made, Format.JSON))
    for question in data["questions"]:
        mine = [line for line in lines if line["question"] == question["key"]]
        for row in question.get("rows", ()):
            found = {
                (line["facet"], line["group"]): line
                for line in mine
                if line["row"] == row["key"] and line["measure"] == "count"
            }
            check(found.pop(("", "")), row)
            for group, cell in row["by"].get("sex", {}).items():
                check(found.pop(("sex", group)), cell)
            assert not found


def check(line, found):
    assert line["hidden"] == ("true" if found.get("hidden") else "false")
    assert line["value"] == ("" if found["count"] is None else str(found["count"]))
    assert line["share"] == ("" if found["share"] is None else repr(found["share"]))


def test_a_whole_tally_is_no_longer_than_its_numbers():
    made = make()
    assert from_csv(made)[1][7:9] == ["submissions", "250"]
