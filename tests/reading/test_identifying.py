"""What could identify somebody is found, in any digits and on any keyboard."""

import csv
import json
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.demo.wording import IDENTIFYING
from consult.reading import identifying
from consult.reading.identifying import Kind

HOSTILE = Path(__file__).parents[1] / "hostile_inputs.jsonl"
LINES = [json.loads(line) for line in HOSTILE.read_text("utf-8").splitlines()]
PLANTED = [text for texts in IDENTIFYING.values() for text in texts]
SHAPES = [
    ("Write to jane [at] mail.example please", Kind.EMAIL, "jane [at] mail.example"),
    ("jane(at)mail(dot)example", Kind.EMAIL, "jane(at)mail(dot)example"),
    ("I am @some_body there", Kind.HANDLE, "@some_body"),
    ("facebook: somebody.person", Kind.HANDLE, "facebook: somebody.person"),
    ("see www.house.example/door", Kind.LINK, "www.house.example/door"),
    ("تذکره ۱۴۰۰-۰۰۰۰-۰۰۰۰۰", Kind.NUMBER, "تذکره ۱۴۰۰-۰۰۰۰-۰۰۰۰۰"),
    ("Carte d’électeur 12345678", Kind.NUMBER, "Carte d’électeur 12345678"),
    ("at 34.5553, 69.2075 near", Kind.COORDINATES, "34.5553, 69.2075"),
    ("٠٧٩٩١٢٣٤٥٦", Kind.PHONE, "٠٧٩٩١٢٣٤٥٦"),
    ("۰۷۹۹ ۱۲۳ ۴۵۶", Kind.PHONE, "۰۷۹۹ ۱۲۳ ۴۵۶"),
    ("appelez le 081 234 56 78", Kind.PHONE, "081 234 56 78"),
    ("Je m’appelle Jeanne Exemple.", Kind.NAME, "Je m’appelle Jeanne Exemple"),
    ("نامِ من نمونه گل است", Kind.NAME, "نامِ من نمونه گل"),
    ("قوماندان نمونه آمد", Kind.NAME, "قوماندان نمونه آمد"),
    ("حاجي بېلګه ته", Kind.NAME, "حاجي بېلګه"),
    ("Commander Example came", Kind.NAME, "Commander Example"),
]


def kinds(text: str) -> set[Kind]:
    return {detail.kind for detail in identifying.find(text)}


@pytest.mark.parametrize(("text", "kind", "found"), SHAPES)
def test_each_shape_is_found_where_it_stands(text: str, kind: Kind, found: str) -> None:
    details = [text[d.start : d.end] for d in identifying.find(text) if d.kind is kind]
    assert found in details


@pytest.mark.parametrize(
    "text", [line["value"] for line in LINES if line["category"] == "identifying"]
)
def test_every_hostile_text_that_identifies_is_flagged(text: str) -> None:
    assert identifying.find(text)


@pytest.mark.parametrize("text", PLANTED)
def test_every_planted_detail_is_flagged_also_in_small_letters(text: str) -> None:
    assert identifying.find(text)
    assert identifying.find(text.lower())


def test_clean_sentences_raise_no_alarm() -> None:
    table = files("consult.demo").joinpath("data/sample_texts.tsv").read_text("utf-8")
    rows = list(csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    alarms = [row["text"] for row in rows if identifying.find(row["text"])]
    assert alarms == []


@pytest.mark.parametrize(
    "text",
    [
        "In 2025 and 2026, 1,000,000 people",
        "nous étions 10 000 femmes en 2024-2025",
        "S/RES/1325 (2000)",
        "the commanders who are responsible",
        "call me on Monday".lower(),
        "خانم‌ها باید حضور داشته باشند",
    ],
)
def test_numbers_dates_and_common_words_are_left_alone(text: str) -> None:
    assert kinds(text) == set()


@given(st.text())
def test_pieces_join_to_the_text_again(text: str) -> None:
    assert "".join(piece.text for piece in identifying.pieces(text)) == text


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["id"])
def test_no_hostile_text_breaks_it(line: dict[str, object]) -> None:
    text = line.get("value")
    if isinstance(text, str):
        assert "".join(piece.text for piece in identifying.pieces(text)) == text
