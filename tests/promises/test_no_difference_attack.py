"""No hidden number is worked out: from tables, filters, formats or a raised threshold together.

The rules behind it are attacked table by table in `tests/figures`; here stands what goes out.
"""

import csv
import json
from collections import Counter
from typing import Any

import numpy as np
import openpyxl
import pytest

from consult.errors import BadInput
from consult.questionnaires.profile import is_facet
from tests.figures import attack
from tests.figures.demonstration import SLUG, Filled, answers, tallied
from tests.promises import raw

FACETS = ("sex", "age_band", "setting")
T = 5


def shown(count: int, seed: int, **more: Any) -> dict[str, Any]:
    return json.loads(json.dumps(tallied(count, seed, **more).to_json()))


def by_key(tally: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {question["key"]: question for question in tally["questions"]}


def hidden(cell: dict[str, Any]) -> bool:
    return bool(cell.get("hidden"))


def knowledge(told: list[dict], tally: dict, question: dict, facet: str):
    """What somebody knows who reads one table; the truth is counted from the answers alone."""
    key, values = question["key"], list(question["groups"][facet])
    rows = [row["key"] for row in question["rows"]]
    truth, silent = Counter(), Counter()
    for one in told:
        group = one.get(facet)
        if key in one:
            truth[one[key], group] += 1
        else:
            silent[group] += 1
    counts = np.array([[truth[row, value] for value in (*values, None)] for row in rows])
    quiet = np.array([silent[value] for value in (*values, None)])
    own = {row["key"]: hidden(row) for row in by_key(tally)[facet]["rows"]}
    own_hidden = np.array([own[value] for value in values])
    groups = np.array([not hidden(question["groups"][facet][value]) for value in values])
    row_hidden = np.array([hidden(row) for row in question["rows"]])
    cells = np.array(
        [[not hidden(row["by"][facet][value]) for value in values] for row in question["rows"]]
    )
    check_shown(question, facet, values, counts)
    totals = counts.sum(0)[:-1] + quiet[:-1]
    if own.get("undisclosed") and totals[own_hidden].sum() == totals[values.index("undisclosed")]:
        # Alone too small, it counts as "not answered", which is no secret.
        at = values.index("undisclosed")
        for table in (counts, quiet):
            table[..., -1] += table[..., at]
            table[..., at] = 0
    return attack.table(counts, quiet, T, row_hidden, groups, cells, own_hidden)


def check_shown(question: dict, facet: str, values: list[str], counts: np.ndarray) -> None:
    """A number that is shown is the right one, and never a small one."""
    for i, row in enumerate(question["rows"]):
        for j, value in enumerate(values):
            cell = row["by"][facet][value]
            assert hidden(cell) or cell["count"] == counts[i, j], (question["key"], row["key"])
            assert hidden(cell) or cell["count"] == 0 or cell["count"] >= T


@pytest.mark.parametrize(("count", "seed"), [(40, 3), (90, 4), (160, 5), (400, 1)])
def test_no_difference_attack(count, seed):
    """A linear programme over each table that goes out finds no small count to within five."""
    told = answers(count, seed)
    tally = shown(count, seed, by=FACETS)
    attacked = 0
    for question in tally["questions"]:
        if question["type"] not in ("single", "scale") or question.get("hidden"):
            continue
        if is_facet(question["key"]):
            # A facet by another is known from both sides; `tests/figures` attacks the pairs.
            continue
        for facet in question.get("groups", {}):
            if all(hidden(row) for row in question["rows"]):
                continue
            known, secrets = knowledge(told, tally, question, facet)
            assert attack.narrow(known, secrets, T) == [], (question["key"], facet)
            attacked += len(secrets)
    assert attacked > 0, "there was nothing to hide"


@pytest.mark.parametrize("count", [60, 400])
def test_breaking_down_by_several_facets_shows_what_each_shows_alone(count):
    together = by_key(shown(count, 2, by=FACETS))
    for facet in FACETS:
        alone = by_key(shown(count, 2, by=(facet,)))
        for key, question in alone.items():
            for row, other in zip(
                question.get("rows", []), together[key].get("rows", []), strict=True
            ):
                assert row.get("by", {}).get(facet) == other.get("by", {}).get(facet)
                assert row["count"] == other["count"]


@pytest.mark.parametrize("count", [60, 400])
def test_a_raised_threshold_and_a_lower_one_together_show_no_more_than_the_lower(count):
    """What N shows, the consultation's own threshold shows too: two releases cannot be taken apart."""
    least, more = (shown(count, 2, by=FACETS, **raised) for raised in ({}, {"threshold": 12}))
    fewer = by_key(least)
    for key, question in by_key(more).items():
        for row, other in zip(question.get("rows", []), fewer[key].get("rows", []), strict=True):
            assert hidden(row) or not hidden(other), (key, row["key"])
            for facet, cells in row.get("by", {}).items():
                for value, cell in cells.items():
                    assert hidden(cell) or not hidden(other["by"][facet][value])


@pytest.mark.parametrize("count", [120, 400])
def test_a_filter_shows_a_column_of_the_table_and_nothing_beside_it(count):
    whole = by_key(shown(count, 2, by=FACETS))
    tried = 0
    for facet in FACETS:
        for value in (row["key"] for row in whole[facet]["rows"]):
            try:
                part = by_key(shown(count, 2, where={facet: value}))
            except BadInput:
                continue
            tried += 1
            assert facet not in part
            for key, question in part.items():
                for row, other in zip(
                    question.get("rows", []), whole[key].get("rows", []), strict=True
                ):
                    cell = other["by"][facet][value]
                    assert hidden(row) or not hidden(cell), (facet, value, key, row["key"])
                    assert hidden(row) or row["count"] == cell["count"]
    assert tried > 3


def test_every_refused_filter_is_refused_in_the_same_words():
    """Nobody learns from the refusal which group is small, hidden or empty."""
    whole = by_key(shown(60, 2, by=FACETS))
    told = set()
    for facet in FACETS:
        for row in whole[facet]["rows"]:
            try:
                shown(60, 2, where={facet: row["key"]})
            except BadInput as error:
                told.add(str(error).replace(f"{facet}={row['key']}", "…"))
    assert len(told) == 1


@raw.on_sqlite
def test_every_format_hides_the_same_numbers(house, tmp_path):
    """CSV and XLSX hold no number that JSON hides, and nothing beside their one sheet."""
    Filled.of(house, 60)
    house.session.commit()
    files = {kind: tmp_path / f"tally.{kind}" for kind in ("json", "csv", "xlsx")}
    for kind, path in files.items():
        house.command(
            "tally", SLUG, "--by", "sex", "--by", "setting", "--format", kind,
            "--out", str(path), "--as", "Farida",
        )  # fmt: skip
    tally = json.loads(files["json"].read_bytes())
    with files["csv"].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    silent = [row for row in rows if row["hidden"] == "true"]
    assert len(silent) > 50
    for row in silent:
        assert {row[name] for name in ("value", "share", "low", "high")} == {""}, row
    whole, compared = by_key(tally), 0
    for row in rows:
        if row["measure"] == "count":
            cell = next(r for r in whole[row["question"]]["rows"] if r["key"] == row["row"])
            if row["facet"]:
                cell = cell["by"][row["facet"]][row["group"]]
            assert (row["hidden"] == "true") == hidden(cell), row
            assert row["value"] == ("" if hidden(cell) else str(cell["count"])), row
            compared += 1
    assert compared > 200
    book = openpyxl.load_workbook(files["xlsx"])
    (sheet,) = book
    assert sheet.sheet_state == "visible"
    assert [cell for row in sheet.iter_rows() for cell in row if cell.comment] == []
    held = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert len(held) == len(rows)
    for line, row in zip(held, rows, strict=True):
        for value, text in zip(line, row.values(), strict=True):
            # XLSX keeps 15 digits of a share.
            same = said(value) == text or float(text) == pytest.approx(value, rel=1e-12)
            assert same, row


def said(value: Any) -> str:
    if isinstance(value, bool) or value in ("true", "false"):
        return str(value).lower()
    return "" if value is None else str(value)
