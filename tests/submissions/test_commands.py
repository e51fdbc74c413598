import csv
import io
import json
import stat

import openpyxl
import pytest

from consult.questionnaires import definition
from consult.submissions import exports
from consult.submissions.models import Submission
from tests.answering.walking import Phone, the_demonstration
from tests.consultations.factories import TODAY, House
from tests.pages import Client
from tests.submissions.factories import sent
from tests.submissions.test_imports import A_LINE


@pytest.fixture
def demo(house: House):
    return the_demonstration(house)


def a_file(tmp_path, *lines: object):
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    return str(path)


def test_an_import_says_what_it_did(house, tmp_path):
    house.opened()
    path = a_file(tmp_path, A_LINE, {**A_LINE, "id": "1"}, {**A_LINE, "id": "1"})
    said = house.command("submissions", "import", "river-talks", path)
    assert said.strip() == "2 stored, 1 known already, 0 left out"


def test_a_wrong_line_stops_the_import_with_number_and_reason(house, tmp_path):
    house.opened()
    path = a_file(tmp_path, A_LINE, {**A_LINE, "language": "de"})
    said = house.command("submissions", "import", "river-talks", path, code=1)
    assert said.strip() == "Error: line 2: language is not en, fr, fa_AF or ps"
    assert house.session.query(Submission).count() == 0
    said = house.command("submissions", "import", "river-talks", path, "--skip-bad")
    assert "line 2" in said
    assert "1 stored, 0 known already, 1 left out" in said


def test_an_import_into_what_is_not_there_is_one_line(house, tmp_path):
    said = house.command("submissions", "import", "nowhere", a_file(tmp_path, A_LINE), code=1)
    assert said.startswith("Error: ")


def test_above_risk_level_low_an_export_is_refused(house, tmp_path):
    sent(house, house.opened())
    out = tmp_path / "out.csv"
    words = ["submissions", "export", "river-talks", "--format", "csv", "--out", str(out)]
    said = house.command(*words, "--as", "Farida", code=1)
    assert "second person" in said
    assert not out.exists()


def exported(house: House, kind: str, tmp_path) -> bytes:
    out = tmp_path / f"out.{kind}"
    words = ["submissions", "export", "inclusive-peace", "--format", kind, "--out", str(out)]
    house.command(*words, "--as", "Farida")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    return out.read_bytes()


def test_every_format_holds_the_same_answers_without_ids(house, app, demo, tmp_path):
    phone = Phone(Client(app), demo.code, "ps")
    phone.to_receipt(needs=["schools", "health"], needs_words="=1+1\nسمې لارې")
    (line,) = [json.loads(raw) for raw in exported(house, "jsonl", tmp_path).splitlines()]
    assert set(line) == {"language", "channel", "received_on", "consent", "answers"}
    assert line["language"] == "ps"
    assert line["received_on"] == TODAY.isoformat()
    assert line["answers"]["needs"] == ["schools", "health"]
    text = exported(house, "csv", tmp_path).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["needs.schools"], row["needs.income"], row["sex"]) == ("1", "0", "woman")
    assert row["needs_words"] == "'=1+1\nسمې لارې"
    sheet = openpyxl.load_workbook(io.BytesIO(exported(house, "xlsx", tmp_path))).active
    heads, cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert dict(zip(heads, cells, strict=True))["needs_words"] == "=1+1\nسمې لارې"
    assert heads == list(row)


def test_what_was_exported_can_be_imported_again(house, app, demo, tmp_path):
    Phone(Client(app), demo.code).to_receipt(needs_words="Wells")
    raw = exported(house, "jsonl", tmp_path).decode()
    path = tmp_path / "again.jsonl"
    path.write_text(raw.replace('"channel": "web"', '"channel": "paper"'))
    said = house.command("submissions", "import", "inclusive-peace", str(path))
    assert said.startswith("1 stored")


def test_a_folder_that_is_not_there_is_one_clear_line(house, app, demo, tmp_path):
    out = tmp_path / "nowhere" / "out.csv"
    words = ["submissions", "export", "inclusive-peace", "--format", "csv", "--out", str(out)]
    said = house.command(*words, "--as", "Farida", code=1)
    assert "cannot be written" in said
    assert len(said.strip().splitlines()) == 1


def test_an_answer_to_a_question_of_an_older_version_keeps_its_column(house):
    old = definition.from_json(versions_of(["sex", "story"]))
    new = definition.from_json(versions_of(["sex"]))
    made = io.BytesIO()
    exports.write(made, exports.Format.CSV, [new, old], [])
    heads = made.getvalue().decode("utf-8-sig").strip().replace('"', "").split(",")
    assert heads[-2:] == ["sex", "story"]


def versions_of(keys: list[str]) -> dict:
    questions = [{"key": key, "uuid": key, "type": "short_text"} for key in keys]
    return {"sections": [{"key": "life", "uuid": "life", "questions": questions}]}
