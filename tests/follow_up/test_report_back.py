"""The report-back: sealed until it is published, then for everybody, without a key."""

import pytest
from sqlalchemy.orm import Session

from consult.briefings.models import BriefingVersion
from consult.consultations import lifecycle, members
from consult.consultations.models import Consultation, Role, State
from consult.follow_up.models import ReportBack
from consult.follow_up.report_back import LONGEST, Report
from tests.consultations.factories import TODAY, House, send
from tests.pages import Client

PUBLIC = "/en/rivr1/report"
STAFF = "/en/staff/river-talks/report-back"
HEARD = "You told us that the well is dry."
NEXT = "In spring we tell you what was decided."


@pytest.fixture
def editor(house: House, consultation: Consultation) -> Client:  # noqa: ARG001 - has to be there
    return house.browser()


def write(editor: Client, segment: str = "en", **parts: str) -> None:
    page = send(editor, f"{STAFF}/{segment}", {"heard": HEARD, "next": NEXT, **parts})
    assert page.status == 303


def publish(editor: Client) -> int:
    return send(editor, f"{STAFF}/publish", seen=STAFF).status


def a_briefing(session: Session, consultation: Consultation) -> None:
    session.add(
        BriefingVersion(
            consultation_id=consultation.id,
            number=1,
            published_on=TODAY,
            document={
                "original": "en",
                "documents": {
                    "en": {
                        "kind_of": "Document",
                        "locale": "en",
                        "kind": "Briefing summary",
                        "title": {"kind_of": "Run", "text": "Words"},
                        "mark": "",
                        "facts": [],
                        "blocks": [{"kind_of": "Heading", "level": 1, "text": "Gaps"}],
                        "table_word": "Table",
                        "chart_word": "Chart",
                        "colon": ":",
                    }
                },
            },
        )
    )
    session.commit()


def test_before_anything_is_published_the_page_says_who_does_what_next(
    consultation: Consultation, client: Client
) -> None:
    page = client.get(PUBLIC)
    assert page.status == 200
    assert "Nothing has been published yet" in page.text
    assert "Staff read and count the answers" in page.text
    assert page.tree.css_first("li[aria-current=step]").text().split()[0] == "People"


def test_after_closing_it_is_the_turn_of_the_staff(
    house: House, consultation: Consultation, client: Client
) -> None:
    lifecycle.close(house.session, house.secrets, consultation, house.act())
    house.session.commit()
    now = client.get(PUBLIC).tree.css_first("li[aria-current=step]")
    assert "write a briefing" in now.text()
    assert "It is the staff’s turn." in now.text()


def test_a_draft_is_known_to_nobody(house: House, client: Client) -> None:
    house.ready()
    assert client.get(PUBLIC).status == client.get("/en/abcd9/report").status == 404


def test_what_is_written_is_sealed_and_shown_to_nobody_before_it_is_published(
    editor: Client, client: Client, session: Session
) -> None:
    write(editor)
    row = session.query(ReportBack).one()
    assert row.published is None
    assert HEARD.encode() not in row.blob
    assert HEARD not in client.get(PUBLIC).text
    assert HEARD in editor.get(f"{STAFF}/en/preview").text


def test_published_it_is_read_in_the_language_of_the_page_or_else_in_the_original(
    editor: Client, client: Client
) -> None:
    write(editor)
    write(editor, "ps", heard="کوهی وچ دی.")
    assert publish(editor) == 303
    pashto, french = client.get("/ps/rivr1/report"), client.get("/fr/rivr1/report")
    assert "کوهی وچ دی." in pashto.text
    assert HEARD not in pashto.text
    assert HEARD in french.text
    english = french.tree.css_first("section.part [lang=en]")
    assert english.attributes["dir"] == "ltr"
    assert HEARD in english.text()


def test_while_the_consultation_is_open_it_says_that_it_is_an_interim_report(
    house: House, editor: Client, client: Client, consultation: Consultation
) -> None:
    write(editor)
    publish(editor)
    assert "interim report" in client.get(PUBLIC).text
    lifecycle.close(house.session, house.secrets, consultation, house.act())
    house.session.commit()
    assert "interim report" not in client.get(PUBLIC).text


def test_without_the_needed_parts_nothing_is_published(editor: Client, client: Client) -> None:
    write(editor)
    seen = editor.get(STAFF)
    write(editor, heard="")
    assert "Publish the report-back" not in editor.get(STAFF).text
    token = seen.field("csrf_token").attributes["value"] or ""
    assert editor.post(f"{STAFF}/publish", {"csrf_token": token}).status == 409
    assert "Nothing has been published yet" in client.get(PUBLIC).text


def test_before_opening_it_can_be_written_and_not_published(house: House) -> None:
    house.ready()
    editor = house.browser()
    write(editor)
    page = editor.get(STAFF)
    assert "You can write already, and publish later." in page.text
    token = page.field("csrf_token").attributes["value"] or ""
    assert editor.post(f"{STAFF}/publish", {"csrf_token": token}).status == 409


def test_with_a_published_briefing_a_closed_consultation_counts_as_reported(
    house: House, editor: Client, client: Client, consultation: Consultation
) -> None:
    write(editor)
    lifecycle.close(house.session, house.secrets, consultation, house.act())
    house.session.commit()
    publish(editor)
    house.look()
    assert consultation.state is State.CLOSED
    a_briefing(house.session, consultation)
    write(editor, done="Two people read it.")
    publish(editor)
    house.look()
    assert consultation.state is State.REPORTED
    page = client.get(PUBLIC)
    assert "Two people read it." in page.text
    assert "Gaps" in page.text


def test_a_briefing_in_another_language_says_so(
    house: House, consultation: Consultation, client: Client
) -> None:
    a_briefing(house.session, consultation)
    held = client.get("/ps/rivr1/report").tree.css_first("#briefing")
    assert (held.attributes["lang"], held.attributes["dir"]) == ("en", "ltr")


def test_a_change_is_read_only_once_it_is_published_again(editor: Client, client: Client) -> None:
    write(editor)
    publish(editor)
    write(editor, heard="The well is mended.")
    assert "Changed since it was published" in editor.get(STAFF).text
    assert HEARD in client.get(PUBLIC).text
    publish(editor)
    assert "The well is mended." in client.get(PUBLIC).text
    assert HEARD not in client.get(PUBLIC).text


def test_too_much_is_refused_beside_the_field_and_nothing_typed_is_lost(editor: Client) -> None:
    long = "a" * (LONGEST + 1)
    page = send(editor, f"{STAFF}/en", {"heard": long, "next": NEXT})
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert page.error_beside("What we heard") == "Use at most 4,000 letters."
    assert page.typed("What we heard").strip() == long
    assert page.typed("What happens next").strip() == NEXT


def test_a_language_that_the_consultation_has_not_is_no_page(editor: Client) -> None:
    assert editor.get(f"{STAFF}/de").status == 404
    assert editor.get(f"{STAFF}/publish").status in (404, 405)


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.FACILITATOR, Role.OBSERVER])
def test_who_may_not_publish_has_no_such_page(
    house: House, consultation: Consultation, role: Role
) -> None:
    person = house.person("Zala")
    members.add(house.session, consultation, person, role)
    house.session.commit()
    browser = house.browser("Zala")
    assert browser.get(STAFF).status == browser.get(f"{STAFF}/en").status == 404


def test_nobody_else_reads_the_staff_page(consultation: Consultation, client: Client) -> None:
    assert client.get(STAFF).status == 303


def test_words_with_markup_stay_words(editor: Client, client: Client) -> None:
    write(editor, heard="<script>alert(1)</script> & <b>more</b>")
    publish(editor)
    assert "<script>alert(1)</script> & <b>more</b>" in client.get(PUBLIC).text


def test_a_translation_lacks_what_the_original_says() -> None:
    report = Report("en").with_words("en", {"heard": "a", "done": "b", "next": "c"})
    assert report.missing("en") == []
    assert report.missing("ps") == ["heard", "done", "next"]
    assert str(report.with_words("ps", {"heard": " x "}).part("heard", "ps")) == "x"
    assert report.part("done", "ps").locale == "en"
