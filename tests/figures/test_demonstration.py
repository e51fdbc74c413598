"""What a user of the demonstration sees: recounted from exported lines, and the planted truths."""

import csv
import io
import json
import stat
from collections import Counter

import openpyxl
import pytest

from consult.demo.planted import PLANTED
from consult.figures.exports import Format, write
from consult.questionnaires.places import iso
from tests.figures import demonstration
from tests.figures.demonstration import SLUG

FACETS = ("sex", "place", "setting", "age_band")


def rows_told(question, value):
    """Give the keys of the rows an answer counts for."""
    match question["type"]:
        case "place":
            return [iso(value)]
        case "matrix":
            return [f"{row}.{choice}" for row, choice in value.items()]
        case "ranking":
            return value[:1]
        case "recommendation":
            return [value["addressee"]]
        case "integer" | "decimal" | "date" | "people":
            return []
    return value if isinstance(value, list) else [value]


def group_of(facet, answers):
    value = answers.get(facet)
    return iso(value) if facet == "place" and value else value


def recount(question, lines):
    """Count one question in plain loops: rows, those who answered, those who answered a row."""
    counts, parts, answered = Counter(), Counter(), 0
    for answers in lines:
        value = answers.get(question["key"])
        if value is None:
            continue
        answered += 1
        counts.update(rows_told(question, value))
        if question["type"] == "matrix":
            parts.update(value.keys())
    return counts, parts, answered


def check_row(question, row, lines):
    counts, parts, answered = recount(question, lines)
    total = parts[row["key"].partition(".")[0]] if question["type"] == "matrix" else answered
    assert row["count"] == counts[row["key"]]
    assert row["share"] == row["count"] / total


def check(data, lines, facets):
    """Hold every number that is shown to a recount; give how many there were."""
    shown = 0
    assert data["submissions"] == len(lines)
    for question in data["questions"]:
        if question.get("hidden"):
            continue
        assert question["answered"] == recount(question, lines)[2]
        assert question["not_answered"] == len(lines) - question["answered"]
        for row in question.get("rows", ()):
            if not row.get("hidden"):
                check_row(question, row, lines)
                shown += 1
        for facet in facets:
            for value, group in question["groups"].get(facet, {}).items():
                some = [answers for answers in lines if group_of(facet, answers) == value]
                if group.get("hidden"):
                    continue
                assert group["answered"] == recount(question, some)[2]
                for row in question.get("rows", ()):
                    if not (cell := row["by"][facet][value]).get("hidden"):
                        check_row(question, {**cell, "key": row["key"]}, some)
                        shown += 1
    return shown


@pytest.mark.parametrize(
    ("count", "seed"), [(400, 1), (400, 2), pytest.param(2000, 1, marks=pytest.mark.long)]
)
def test_every_shown_number_equals_a_recount_in_plain_loops(count, seed):
    lines = demonstration.answers(count, seed)
    data = demonstration.tallied(count, seed, by=FACETS).to_json()
    assert check(data, lines, FACETS) > 500


def command(filled, *words, **more):
    return filled.house.command("tally", SLUG, *words, "--as", "Farida", **more)


def test_the_command_counts_what_the_export_holds(filled, tmp_path):
    lines = tmp_path / "lines.jsonl"
    filled.house.command(
        *("submissions", "export", SLUG, "--format", "jsonl", "--out", str(lines)), "--as", "Farida"
    )
    exported = [json.loads(line)["answers"] for line in lines.read_text().splitlines()]
    data = json.loads(command(filled, "--by", "sex", "--by", "place", "--format", "json"))
    assert check(data, exported, ("sex", "place")) > 300
    assert "Withdrawn" not in lines.read_text()


def test_an_answer_outside_its_condition_counts_like_any_other(house):
    filled = demonstration.Filled.of(house, 0)
    lines = []
    for number in range(60):
        asked = number < 30
        answers = {"mission_contact": "in_person" if asked else "not_tried"}
        if asked or number < 45:
            answers["last_contact"] = "2026-05-01"
        lines.append(answers)
    file = filled.house.app.extensions["settings"].instance / "lines.jsonl"
    head = {"language": "en", "received_on": "2026-11-20", "consent": {"use": "count"}}
    file.write_text("".join(json.dumps({**head, "answers": a}) + "\n" for a in lines))
    filled.house.command("submissions", "import", SLUG, str(file))
    data = json.loads(command(filled, "--format", "json"))
    found = {question["key"]: question for question in data["questions"]}
    assert found["last_contact"]["answered"] == 45


def test_a_file_is_only_for_its_owner_and_holds_what_stdout_does(filled, tmp_path):
    out = tmp_path / "tally.json"
    out.write_text("before")
    out.chmod(0o644)
    said = command(filled, "--by", "sex", "--format", "json", "--out", str(out))
    assert said == "400 submissions tallied into tally.json\n"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert out.read_text() == command(filled, "--by", "sex", "--format", "json")


REFUSED = [
    (["--weight", "people"], "later version"),
    (["--where", "sex=woman", "--where", "setting=rural"], "later version"),
    (["--where", "sex=woman", "--by", "place"], "later version"),
    (["--where", "sex"], "FACET=VALUE"),
    (["--where", "sex=another"], "too few are inside or outside"),
    (["--where", "place=AF-NUR"], "too few are inside or outside"),
    (["--where", "place=AF-PKA"], "too few are inside or outside"),
    (["--where", "sex=x"], "no choice x"),
    (["--by", "shoe_size"], "does not ask shoe_size"),
    (["--threshold", "4"], "only be raised"),
    (["--out", "/nowhere/tally.json"], "cannot be written"),
]


def test_what_cannot_be_tallied_is_refused_in_one_line(filled):
    for words, says in REFUSED:
        said = command(filled, *words, "--format", "json", code=1)
        assert says in said, words
        assert said.startswith("Error: ")
        assert said.count("\n") == 1


def test_a_tally_leaves_a_trace_with_the_count(filled):
    command(filled, "--format", "csv")
    shown = filled.house.session.connection().exec_driver_sql(
        "select subject from audit_event where kind = 'opening' order by id desc"
    )
    assert shown.scalar() == "submissions=400"


def shown_in(data):
    """Give every number of a tally by its place, as plain text."""
    found = {}
    for question in data["questions"]:
        key = question["key"]
        for measure in ("answered", "not_answered"):
            found[key, "", "", "", measure] = question[measure]
        for facet, groups in question["groups"].items():
            for value, group in groups.items():
                found[key, "", facet, value, "answered"] = group["answered"]
        for row in question.get("rows", ()):
            found[key, row["key"], "", "", "count"] = row["count"]
            for facet, cells in row["by"].items():
                for value, cell in cells.items():
                    found[key, row["key"], facet, value, "count"] = cell["count"]
        for name, value in question.get("summary", {}).items():
            if isinstance(value, dict):
                found[key, name, "", "", "people"] = value["people"]
            elif name != "hidden":
                found[key, "", "", "", name] = value
    return {place: plain(value) for place, value in found.items()}


def plain(value):
    """Give a number as text: 2.0 and 2 are the same."""
    if value is None or value == "":
        return ""
    try:
        return repr(float(value))
    except ValueError:
        return str(value)


def in_lines(rows):
    names = ("question", "row", "facet", "group", "measure")
    return {
        tuple(row[name] or "" for name in names): plain(row["value"])
        for row in rows
        if row["question"]
    }


@pytest.mark.parametrize("more", [{"by": FACETS}, {"where": {"sex": "woman"}}, {"threshold": 12}])
def test_every_format_holds_the_same_numbers(more):
    tally = demonstration.tallied(400, **more)
    files = {}
    for kind in Format:
        file = io.BytesIO()
        write(tally, kind, file)
        files[kind] = file.getvalue()
    wanted = shown_in(json.loads(files[Format.JSON]))
    text = io.StringIO(files[Format.CSV].decode("utf-8-sig"), newline="")
    assert in_lines(csv.DictReader(text)) == wanted
    sheet = openpyxl.load_workbook(io.BytesIO(files[Format.XLSX])).active
    heads, *rows = sheet.iter_rows(values_only=True)
    assert in_lines(dict(zip(heads, row, strict=True)) for row in rows) == wanted


@pytest.fixture(scope="module")
def seen():
    data = demonstration.tallied(400, by=FACETS).to_json()
    return {question["key"]: question for question in data["questions"]}


def row_of(question, key):
    return next(row for row in question["rows"] if row["key"] == key)


def test_women_are_15_points_above_men_on_one_choice(seen):
    cells = row_of(seen[PLANTED.gap_question], PLANTED.gap_choice)["by"]["sex"]
    assert cells["woman"]["share"] - cells["man"]["share"] == pytest.approx(PLANTED.gap, abs=0.02)


def test_nobody_rural_answered_one_question_and_it_reads_as_few_do(seen):
    groups = seen[PLANTED.silent_question]["groups"]["setting"]
    assert groups[PLANTED.silent_setting] == {"answered": None, "hidden": True}


def test_a_province_of_three_and_one_of_none_look_alike(seen):
    thin, empty = (
        row_of(seen["place"], place) for place in (PLANTED.thin_place, PLANTED.empty_place)
    )
    assert thin["hidden"]
    assert {**thin, "key": "", "label": ""} == {**empty, "key": "", "label": ""}
    for question in seen.values():
        if question["key"] != "place":
            groups = question["groups"]["place"]
            assert groups[PLANTED.thin_place] == groups[PLANTED.empty_place]


def test_a_cell_of_four_beside_three_is_hidden_with_its_complement(seen):
    row = row_of(seen[PLANTED.split_question], PLANTED.split_choice)
    assert row["count"] == PLANTED.split_women + PLANTED.split_men
    assert row["by"]["sex"]["woman"]["count"] is None
    assert row["by"]["sex"]["man"]["count"] is None


def test_a_group_of_two_is_hidden_and_another_row_covers_it(seen):
    rows = seen["sex"]["rows"]
    assert row_of(seen["sex"], PLANTED.small_sex)["hidden"]
    assert sum(row["count"] is None for row in rows) >= 2


def test_a_row_of_three_is_hidden_and_another_row_covers_it(seen):
    rows = seen[PLANTED.thin_row_question]["rows"]
    assert row_of(seen[PLANTED.thin_row_question], PLANTED.thin_row_choice)["hidden"]
    assert sum(row["count"] is None for row in rows) >= 2


def test_a_cell_of_people_that_one_table_fills_is_hidden(seen):
    cells = seen["people"]["summary"]
    assert cells[PLANTED.people_cell] == {"people": None, "hidden": True}
    assert any(cell["people"] for cell in cells.values())


def test_the_withdrawn_voice_is_in_no_figure(filled):
    data = json.loads(command(filled, "--format", "json"))
    assert data["submissions"] == filled.count
