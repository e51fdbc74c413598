"""The document: what it says, with which numbers, and whose words are in it."""

import re
from collections import Counter
from datetime import date
from functools import cache

import pytest
import yaml
from sqlalchemy import select

from consult.briefings import blocks, document, files, markdown, numbers, writing
from consult.briefings.blocks import Chart, Finding, Quote, Recommendation, SummaryBox, Table
from consult.briefings.files import Format
from consult.briefings.writing import TallyOf
from consult.figures.questions import Joined, Questions
from consult.languages.locales import LANGUAGES
from consult.questionnaires.definition import parse
from consult.submissions import withdrawal
from consult.submissions.models import Submission
from tests.briefings.factories import TEXTS, Room, a_briefing, demo_file
from tests.briefings.test_files import html_text, pdf_text, word_text

ON = date(2026, 11, 25)


def compose(room: Room, locale: str = "en", **more) -> blocks.Document:
    with room.app.app_context():
        draft = writing.current(room.session, room.unlocked)
        return document.compose(room.session, room.unlocked, draft, locale, on=ON, **more)


@cache
def questions() -> dict[str, Joined]:
    """The questions of the demonstration."""
    document = yaml.safe_load(demo_file("inclusive_peace.yaml"))
    definition = parse(document, tuple(LANGUAGES)).definition
    return {joined.key: joined for joined in Questions({1: definition})}


def numbers_in(text: str) -> list[str]:
    return re.findall("[0-9۰-۹]+", text)


def of(made: blocks.Document, kind: type) -> list:
    return [block for block in made.blocks if isinstance(block, kind)]


def test_the_written_briefing_is_whole_in_each_language(room):
    room.written()
    for locale in LANGUAGES:
        made = compose(room, locale)
        assert len(of(made, SummaryBox)[0].items) == 4
        assert len(of(made, Finding)) == 7
        assert [one.number for one in of(made, Recommendation)] == [f"R{n}" for n in range(1, 10)]
        assert len(of(made, Quote)) == 8
        assert len(of(made, Chart)) == 1
        assert len(made.facts) == 4
        assert "%(" not in markdown.file(made).decode()


def test_a_draft_and_a_demonstration_are_marked_as_such(room):
    a_briefing(room)
    assert (
        compose(room).mark == "Demonstration: all voices are made up · Draft, not to be passed on"
    )
    assert compose(room, published=True).mark == "Demonstration: all voices are made up"


def test_every_language_has_the_same_numbers_in_its_own_digits(room):
    room.written()
    found = {}
    for locale in LANGUAGES:
        tables = of(compose(room, locale), Table)
        latin = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
        # Places are sorted by name, so they stand in another order in each language.
        found[locale] = [
            [re.sub("[^0-9]", "", cell.text.translate(latin)) for cell in row.cells[1:]]
            for table in tables[:1] + tables[2:]
            for row in table.rows
        ]
        if locale in ("fa_AF", "ps"):
            cells = [cell.text for table in tables for row in table.rows for cell in row.cells[1:]]
            assert not any(re.search("[0-9]", cell) for cell in cells)
    assert found["en"] == found["fr"] == found["fa_AF"] == found["ps"]


def test_no_number_from_1_to_9_is_in_a_table_of_submissions(room):
    room.written()
    for table in of(compose(room), Table):
        if table.head[1] != "Submissions":
            continue
        for row in table.rows:
            if not row.band:
                count = row.cells[1].text
                assert count in ("hidden", "0") or int(count.replace(",", "")) >= 10


def test_placeholders_are_filled_in_prose_and_a_hidden_number_is_said_to_be_hidden(room):
    with room.app.test_request_context("/en/"):
        found = numbers.load(room.session, room.unlocked, "en", by=["sex"])
        assert found.fill("%(submissions)s came.") == "120 came."
        share = found.row("needs", "schools").by["sex"]["woman"].share
        assert found.fill("%(share:needs.schools|sex=woman)s") == f"{round(share * 100)} per cent"
        assert found.fill("%(count:sex.another)s") == "a hidden number"
        assert found.fill("%(median:clinic_hours|age_band=under_18)s") == "a hidden number"
        assert found.fill("100 %, %s and %(nothing)s") == "100 %, %s and not shown"


@pytest.mark.parametrize(
    "text",
    [
        "%(submissions)s",
        "%(answered:needs)s",
        "%(count:threats.yes)s",
        "%(share:trust.reaches_rural.disagree|setting=rural)s",
        "%(median:clinic_hours)s",
        "100 % of it",
    ],
)
def test_placeholders_that_mean_a_figure_are_known(text):
    assert not list(numbers.unknown(text, questions()))


@pytest.mark.parametrize(
    "text",
    [
        "%(count:needs)s",
        "%(count:nothing.yes)s",
        "%(share:needs.wings)s",
        "%(share:needs.schools|sex=wolf)s",
        "%(share:needs.schools|threats=yes)s",
        "%(median:needs)s",
        "%(__class__)s",
        "%(submissions)",
    ],
)
def test_placeholders_that_mean_nothing_are_named(text):
    assert list(numbers.unknown(text, questions())) == [text]


def test_a_withdrawn_voice_is_in_no_document_made_afterwards(room):
    room.written()
    words = "La radio communautaire"
    assert any(quote.words.text.startswith(words) for quote in of(compose(room), Quote))
    row = room.session.scalars(select(Submission).where(Submission.id == room.voices[3])).one()
    withdrawal.withdraw(room.session, row)
    room.session.commit()
    made = compose(room)
    assert len(of(made, Quote)) == 7
    assert words not in markdown.file(made).decode()
    assert "119 submissions are counted." in markdown.file(made).decode()


def test_a_quote_stands_in_its_own_language_and_its_translation_says_that_it_is_one(room):
    room.written()
    quote = of(compose(room), Quote)[0]
    assert quote.words.locale == "ps"
    assert quote.words.direction(LANGUAGES["en"]) == "rtl"
    assert quote.translated == "Translated from Pashto by those who made this briefing:"
    own = of(compose(room, "ps"), Quote)[0]
    assert own.words.locale is None
    assert own.translation is None


def test_what_is_not_there_in_a_language_stands_in_the_original_and_says_so(room):
    a_briefing(room)
    box = of(compose(room, "ps"), SummaryBox)[0]
    assert box.items[0].text == "In short."
    assert box.items[0].locale == "en"
    assert of(compose(room, "ps"), Finding)[0].runs[0].text == TEXTS["ps"]


def test_with_fewer_than_ten_voices_no_figure_is_shown(house):
    room = Room.demonstration(house, 9)
    room.written()
    made = compose(room)
    assert not of(made, Table)
    assert not of(made, Chart)
    text = markdown.file(made).decode()
    assert "Fewer than 10 submissions came in." in text
    assert "(women: a hidden number; men: a hidden number)" in text


def test_evidence_that_names_no_question_any_more_is_left_out(room):
    draft = a_briefing(room)
    writing.rest_on(
        room.session, room.unlocked, draft, draft.findings[0].id, TallyOf("gone", "yes", "sex")
    )
    room.session.commit()
    assert len(of(compose(room), Finding)) == 1


def test_every_format_holds_the_same_numbers(room, tmp_path):
    room.written()
    for locale in LANGUAGES:
        made = compose(room, locale)
        tables = [row.cells for table in of(made, Table) for row in table.rows]
        wanted = Counter(one for cells in tables for cell in cells for one in numbers_in(cell.text))
        assert sum(wanted.values()) > 100
        texts = {
            Format.HTML: html_text(files.make(made, Format.HTML)),
            Format.MARKDOWN: files.make(made, Format.MARKDOWN).decode(),
            Format.DOCX: word_text(files.make(made, Format.DOCX)),
            Format.PDF: pdf_text(files.make(made, Format.PDF), tmp_path),
        }
        for kind, text in texts.items():
            missing = wanted - Counter(numbers_in(text))
            assert not missing, (locale, kind)
        # In Word the chart is a picture; what it says stands in the table below it.
        page = re.sub("(?s)<svg.*?</svg>", "", files.make(made, Format.HTML).decode())
        words = html_text(page.encode())
        assert Counter(numbers_in(words)) - Counter(numbers_in(texts[Format.DOCX])) == Counter()


def test_a_document_survives_its_json(room):
    room.written()
    made = compose(room, "fa_AF")
    assert blocks.from_json(blocks.to_json(made)) == made


def test_what_is_shown_does_not_depend_on_which_facets_a_briefing_uses(room):
    every = ["sex", "age_band", "setting", "place", "organisation_kind", "displacement"]
    with room.app.app_context():
        few = numbers.load(room.session, room.unlocked, "en", by=["setting"])
        all_ = numbers.load(room.session, room.unlocked, "en", by=every)
    for one, other in zip(few.whole.questions, all_.whole.questions, strict=True):
        assert (one.hidden, one.answered) == (other.hidden, other.answered)
        assert [row.figure for row in one.rows] == [row.figure for row in other.rows]
        cells = [row.by.get("setting") for row in one.rows]
        assert cells == [row.by.get("setting") for row in other.rows]
