"""The page of figures: it shows what the tally shows, in each language, and nothing else."""

import csv
import io
import json
import re

import pytest
from sqlalchemy import select

from consult.consultations import members
from consult.consultations.models import Role
from consult.demo.planted import PLANTED
from consult.languages import formats
from consult.languages.locales import LANGUAGES
from consult.people.models import Standing
from consult.submissions.models import SealedPart
from tests.figures.demonstration import SLUG, Filled
from tests.pages import Client

PATH = f"/en/staff/{SLUG}/figures"


COUNT = 150


@pytest.fixture
def filled(house) -> Filled:
    """Enough voices for what is planted, and few enough to be quick."""
    return Filled.of(house, COUNT)


@pytest.fixture
def browser(filled) -> Client:
    return filled.house.browser()


def tally(browser, query=""):
    answer = browser.flask.get(f"{PATH}/tally.json{query}")
    assert answer.status_code == 200
    return json.loads(answer.data)


def cells(page, section):
    """Give the cells of a question's first table, by row and column."""
    table = page.tree.css_first(f"#q-{section} table")
    heads = [head.text(deep=False).strip() for head in table.css("thead th")]
    return {
        row.css_first("th").text().strip(): dict(
            zip(
                heads[1:],
                [cell.text(separator=" ").replace(",", " ").split() for cell in row.css("td")],
                strict=True,
            )
        )
        for row in table.css("tbody tr")
    }


def test_the_page_shows_the_numbers_of_the_tally(browser):
    page, data = browser.get(PATH), tally(browser)
    assert page.status == 200
    assert page.title == "Figures"
    assert str(COUNT) in page.text
    needs = next(q for q in data["questions"] if q["key"] == "needs")
    found = cells(page, "needs")
    for row in needs["rows"]:
        wanted = "hidden" if row.get("hidden") else str(row["count"])
        assert found[row["label"]]["Number"] == [wanted]


def test_a_breakdown_shows_the_cells_of_the_tally(browser):
    page, data = browser.get(f"{PATH}?by=sex"), tally(browser, "?by=sex")
    assert page.status == 200
    found = cells(page, "needs")
    for row in next(q for q in data["questions"] if q["key"] == "needs")["rows"]:
        for group, label in (("woman", "Woman"), ("man", "Man")):
            cell = row["by"]["sex"][group]
            shown = found[row["label"]][label]
            assert shown == ["hidden"] if cell["count"] is None else str(cell["count"]) in shown
    assert "Another answer" not in found["Other"]


def test_each_question_has_a_chart_with_a_name_a_sentence_and_a_table(browser):
    page = browser.get(PATH)
    for section in page.tree.css("section.tally"):
        assert section.css_first("h3").text().strip()
        assert section.css("p, li")
        if "Hidden whole" in section.text():
            assert not section.css("svg, table")
            continue
        assert section.css("table caption")
        for chart in section.css("svg"):
            assert chart.attributes["role"] == "img"
            assert chart.attributes["aria-label"]
    links = [a.attributes["href"] for a in page.tree.css(".figures-contents a")]
    assert links
    assert all(page.tree.css_first(link) for link in links)


def test_it_reads_in_each_language_with_its_digits(browser):
    for language in LANGUAGES.values():
        page = browser.get(f"/{language.segment}/staff/{SLUG}/figures?by=sex")
        assert page.status == 200
        assert formats.number(COUNT, language) in page.text


def test_a_hidden_number_is_nowhere_in_the_source(filled, browser):
    page = browser.get(f"{PATH}?by=place")
    section = page.tree.css_first("#q-place")
    nuristan = [row for row in section.css("tr") if "Nuristan" in row.text()]
    paktika = [row for row in section.css("tr") if "Paktika" in row.text()]
    assert len(nuristan) == len(paktika) == 1
    bare = [re.sub("Nuristan|Paktika", "", row.html) for row in (*nuristan, *paktika)]
    assert bare[0] == bare[1]
    thin = page.tree.css_first(f"#q-{PLANTED.thin_row_question}").html
    assert "data-" not in thin
    assert not re.search(rf">\s*{PLANTED.thin_row_voices}\s*<", thin)


def test_one_group_alone_is_the_column_of_the_breakdown(browser):
    page = browser.get(f"{PATH}?where=sex:woman")
    data = tally(browser, "?where=sex:woman")
    assert page.status == 200
    assert "Only one group is counted: Sex: Woman" in page.text
    assert data["where"] == {"sex": "woman"}
    assert str(data["submissions"]) in page.text
    assert not page.tree.css("#q-sex")


REFUSED = [
    ("by=sex&where=sex:woman", "where", "not both"),
    ("where=sex:another", "where", "cannot be shown by itself"),
    ("where=place:AF-NUR", "where", "cannot be shown by itself"),
    ("where=place:AF-PKA", "where", "cannot be shown by itself"),
    ("threshold=4", "threshold", "5 or more"),
    ("threshold=x", "threshold", "5 or more"),
    ("by=shoe_size", "by", "one of the list"),
    ("where=sex", "by", "one of the list"),
]


def test_a_choice_that_cannot_be_shown_is_refused_beside_its_field(browser):
    for query, field, says in REFUSED:
        page = browser.get(f"{PATH}?{query}")
        assert page.status == 422, query
        assert page.title.startswith("Error:")
        assert says in page.tree.css_first(f"#{field}-error").text()
        assert page.field(field).attributes["aria-invalid"] == "true"
        assert not page.tree.css("section.tally")


def test_a_threshold_in_any_digits_hides_more(browser):
    page = browser.get(f"/ps/staff/{SLUG}/figures?threshold=۲۰")
    assert page.status == 200
    own = browser.get(f"/ps/staff/{SLUG}/figures")
    assert len(page.tree.css(".hidden-number")) > len(own.tree.css(".hidden-number"))


def test_files_hold_the_same_and_are_named_by_us(browser):
    query = "?by=sex&threshold=7"
    data = tally(browser, query)
    csv_file = browser.flask.get(f"{PATH}/tally.csv{query}")
    assert csv_file.headers["Content-Disposition"] == (
        f"attachment; filename={SLUG}-figures-sex.csv"
    )
    assert csv_file.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(csv_file.data.decode("utf-8-sig"), newline="")))
    assert rows[0]["value"] == str(data["submissions"])
    assert rows[1]["value"] == "7"
    xlsx = browser.flask.get(f"/ps/staff/{SLUG}/figures/tally.xlsx{query}")
    assert xlsx.status_code == 200
    assert xlsx.data[:2] == b"PK"
    assert browser.get(f"{PATH}/tally.pdf").status == 404


def test_too_few_submissions_show_no_figure(house):
    Filled.of(house, 9)
    page = house.browser().get(PATH)
    assert page.status == 200
    assert "Figures appear from 10 submissions on" in page.text
    assert not page.tree.css("section.tally")


def test_what_cannot_be_opened_is_told(filled, browser):
    session = filled.house.session
    part = session.scalars(select(SealedPart).where(SealedPart.compartment == "content")).first()
    part.blob = part.blob[:-1] + bytes([part.blob[-1] ^ 1])
    session.commit()
    page = browser.get(PATH)
    assert "1 submission could not be opened and is in no figure." in page.text
    assert tally(browser)["submissions"] == COUNT - 1


def test_an_observer_is_led_to_what_is_published_and_sees_no_figure(filled):
    house = filled.house
    person = house.person("Observer", Standing.MEMBER)
    members.add(house.session, filled.consultation, person, Role.OBSERVER)
    house.session.commit()
    browser = house.browser("Observer")
    page = browser.get(PATH)
    assert page.status == 200
    assert "what is published" in page.text
    assert [a for a in page.tree.css("main a") if a.attributes["href"] == "/en/demo1/report"]
    assert not page.tree.css("table, svg")
    assert browser.get(f"{PATH}/tally.json").status == 404


def test_who_does_not_belong_finds_no_page(filled):
    filled.house.person("Stranger", Standing.MEMBER)
    assert filled.house.browser("Stranger").get(PATH).status == 404
    assert Client(filled.house.app).get(PATH).status == 303
