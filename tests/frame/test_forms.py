"""What every staff form has."""

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from tests.frame.conftest import GalleryForm

WHOLE = {"name": "Water", "level": "low", "role": "e"}


@pytest.fixture
def filled(app):
    def fill(segment="en", **typed):
        with app.test_request_context(f"/{segment}/staff/gallery", method="POST"):
            form = GalleryForm(MultiDict({**WHOLE, **typed}), meta={"csrf": False})
            form.validate()
            return form.status, [(p.field_id, str(p.text)) for p in form.problems], form

    return fill


def test_a_whole_form_is_accepted(filled):
    status, problems, form = filled(count="۱۲", meaning="a\r\nb\rc")
    assert (status, problems) == (200, [])
    assert form.count.data == 12
    assert form.meaning.data == "a\nb\nc"


def test_each_problem_stands_in_the_summary_in_the_order_of_the_fields(filled):
    status, problems, _ = filled(name="", count="many", level="none")
    assert status == 422
    assert [field for field, _ in problems] == ["name", "count", "level-0"]
    assert problems[0][1] == "Enter a name."
    assert problems[1][1] == "Enter a whole number."


def test_a_limit_is_said_in_the_digits_of_the_page(filled):
    assert "8" in filled(name="too long for it")[1][0][1]
    assert "۸" in filled("ps", name="too long for it")[1][0][1]


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\x85b", "\udcff"])
def test_control_characters_are_refused_and_nothing_is_changed(filled, text):
    status, problems, form = filled(meaning=text)
    assert status == 422
    assert [field for field, _ in problems] == ["meaning"]
    assert form.meaning.data == text


@pytest.mark.parametrize("text", ["a\tb\nc", "‏علي‌ها", "e\u0301", "👩🏽‍🌾"])
def test_an_honest_odd_text_is_left_alone(filled, text):
    status, _, form = filled(meaning=text)
    assert (status, form.meaning.data) == (200, text)


def test_a_day_is_read_in_the_calendar_beside_it(filled):
    parts = {"day.day": "۴", "day.month": "9", "day.year": "۱۴۰۵", "day.calendar": "solar_hijri"}
    assert filled(**parts)[2].day.data == date(2026, 11, 25)
    status, problems, form = filled(**{**parts, "day.day": "31"})
    assert (status, problems[0][0]) == (422, "day-day")
    assert form.day.typed["day"] == "31"
    assert filled()[2].day.data is None


def test_the_page_keeps_what_was_typed_and_says_it_twice(client):
    import re

    named = {"X-Test-Person": "amina"}
    text = client.get("/en/staff/gallery", headers=named).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)[1]
    data = {**WHOLE, "csrf_token": token, "name": "<i>too long</i>", "count": "۱۲x", "day.day": "7"}
    answer = client.post("/en/staff/gallery", data=data, headers=named)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "<title>Error: " in text
    assert text.count("Use at most 8 letters.") == 2
    assert 'href="#name"' in text
    assert "&lt;i&gt;too long&lt;/i&gt;" in text
    assert 'value="۱۲x"' in text
    assert 'name="day.day" id="day-day" value="7"' in text
