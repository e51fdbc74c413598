"""The pages of a briefing, from nothing to publication, as people walk them."""

import io
import json

import docx
import pytest

from consult.briefings import writing
from consult.consultations.models import Role
from tests.briefings.factories import Room, a_briefing
from tests.consultations.factories import PASSPHRASE, send, token
from tests.pages import Client, Page

BRIEFING = "/en/staff/inclusive-peace/briefing"


@pytest.fixture
def editor(room: Room) -> Client:
    room.session.commit()
    return room.house.browser()


def press(client: Client, page: str, path: str, **fields: str) -> Page:
    """Press a button that stands on a page."""
    return client.post(path, {"csrf_token": token(client.get(page)), **fields})


def draft(room: Room) -> writing.Draft:
    room.session.expire_all()
    room.session.rollback()
    return writing.current(room.session, room.unlocked)


def test_a_briefing_is_written_reviewed_and_published_page_by_page(room, editor):
    assert "There is no briefing yet." in editor.get(BRIEFING).text
    assert press(editor, BRIEFING, f"{BRIEFING}/begin").status == 303
    text = {"summary": "Open the schools.\nPay the teachers.", "for_whom": "Everybody"}
    mark = editor.get(f"{BRIEFING}/text").field("mark").attributes["value"] or ""
    assert send(editor, f"{BRIEFING}/text", {**text, "mark": mark}).status == 303
    words = {"in_en": "Schools: %(share:needs.schools)s.", "in_ps": "ښوونځي."}
    added = send(editor, f"{BRIEFING}/findings/add", words)
    assert added.status == 303
    finding = added.location
    tally = {"row": "needs|schools", "by": "sex"}
    assert press(editor, finding, f"{finding}/tally", **tally).status == 303
    advice = {"addressee": "donors", "in_en": "Pay.", "made_by": "sex|woman"}
    assert send(editor, f"{BRIEFING}/recommendations/add", advice).status == 303

    preview = editor.get(f"{BRIEFING}/preview")
    for wanted in ("Open the schools.", "per cent.", "R1", "Pay.", "Draft, not to be passed on"):
        assert wanted in preview.text
    assert "%(" not in preview.text

    assert "ask a second editor" in editor.get(BRIEFING).text
    press(editor, BRIEFING, f"{BRIEFING}/review")
    page = editor.get(BRIEFING)
    assert "with a reason" in page.text
    refused = press(editor, BRIEFING, f"{BRIEFING}/approve", read="y", mark=draft(room).mark)
    assert refused.status == 422
    assert refused.error_beside("Why no second person looks at it")
    done = press(
        editor, BRIEFING, f"{BRIEFING}/approve", read="y", mark=draft(room).mark, reason="Alone."
    )
    assert done.status == 303
    assert "Figures are published once" in editor.get(BRIEFING).text
    assert press(editor, BRIEFING, f"{BRIEFING}/publish").status == 303
    page = editor.get(BRIEFING)
    assert "It is published and is not changed any more." in page.text
    assert not page.tree.css('a[href$="/briefing/text"]')
    assert "Draft" not in editor.get(f"{BRIEFING}/preview").text
    assert press(editor, BRIEFING, f"{BRIEFING}/publish").status == 409


def test_every_page_stands_in_each_language(room, editor):
    room.written()
    held = draft(room)
    finding = f"/findings/{held.findings[0].id.hex()}"
    advice = f"/recommendations/{held.recommendations[0].id.hex()}"
    paths = ("", "/text", "/findings/add", finding, "/recommendations/add", advice, "/preview")
    for segment in ("en", "fr", "fa-af", "ps"):
        for path in paths:
            page = editor.get(f"/{segment}/staff/inclusive-peace/briefing{path}")
            assert page.status == 200, path


def test_a_file_is_made_in_the_language_of_the_page_and_kept_by_nobody(room, editor):
    a_briefing(room)
    begins = {"docx": b"PK", "pdf": b"%PDF", "html": b"<!doctype", "md": b"**"}
    for kind, first in begins.items():
        answer = editor.flask.get(f"{BRIEFING}/file/{kind}")
        assert answer.status_code == 200
        assert answer.data.startswith(first)
        name = f'attachment; filename="inclusive-peace-briefing-en.{kind}"'
        assert answer.headers["Content-Disposition"] == name
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_placeholder_that_names_nothing_is_refused_beside_the_field(room, editor):
    a_briefing(room)
    page = send(editor, f"{BRIEFING}/findings/add", {"in_en": "%(share:needs.wings)s want them"})
    assert page.status == 422
    assert "%(share:needs.wings)s" in page.error_beside("In English")
    assert page.typed("In English").strip() == "%(share:needs.wings)s want them"


def test_whoever_saves_over_the_words_of_another_is_told_and_loses_nothing(room, editor):
    a_briefing(room)
    page = send(editor, f"{BRIEFING}/text", {"mark": "0" * 32, "summary": "Mine."})
    assert page.status == 422
    assert "Somebody changed the briefing" in page.error_beside("For whom")
    assert page.typed("In short").strip() == "Mine."
    mark = page.field("mark").attributes["value"]
    assert mark == draft(room).mark


def test_a_language_is_laid_beside_the_others(room, editor):
    a_briefing(room)
    path = BRIEFING.replace("/en/", "/ps/") + "/text"
    mark = editor.get(path).field("mark").attributes["value"] or ""
    assert send(editor, path, {"summary": "لنډ.", "mark": mark}).status == 303
    assert draft(room).body.summary == {"en": ("In short.",), "ps": ("لنډ.",)}


def test_a_cleared_quote_is_picked_and_evidence_is_taken_out_again(room, editor):
    held = a_briefing(room)
    quote = room.quote(room.voices[0], "needs_words")
    room.session.commit()
    finding = f"{BRIEFING}/findings/{held.findings[0].id.hex()}"
    assert press(editor, finding, f"{finding}/quote", quote=quote.hex()).status == 303
    page = editor.get(finding)
    assert "زموږ لوڼې" in page.text
    (rests,) = draft(room).findings[0].evidence
    press(editor, finding, f"{BRIEFING}/parts/{rests.id.hex()}/drop")
    assert not draft(room).findings[0].evidence


def test_findings_are_moved_and_taken_out(room, editor):
    held = a_briefing(room)
    writing.add_finding(room.session, room.unlocked, held, {"en": "Second."})
    room.session.commit()
    second = draft(room).findings[1].id.hex()
    press(editor, BRIEFING, f"{BRIEFING}/parts/{second}/up")
    assert [one.text["en"] for one in draft(room).findings] == ["Second.", "Said in en."]
    press(editor, BRIEFING, f"{BRIEFING}/parts/{second}/drop")
    assert [one.text["en"] for one in draft(room).findings] == ["Said in en."]


def test_an_observer_sees_nothing_that_is_not_published(room, editor):
    from consult.consultations import members

    a_briefing(room)
    members.add(room.session, room.consultation, room.house.person("Observer"), Role.OBSERVER)
    room.session.commit()
    observer = room.house.browser("Observer")
    for path in ("", "/text", "/preview", "/file/pdf", "/findings/add", "/recommendations/add"):
        assert observer.get(f"{BRIEFING}{path}").status == 404
    assert observer.get(f"{BRIEFING}/published/pdf").status == 404


def test_what_is_published_is_given_to_everybody_who_belongs_to_it(room, editor):
    from consult.consultations import members
    from tests.briefings.test_sign_off import publish

    room.written()
    publish(room)
    members.add(room.session, room.consultation, room.house.person("Observer"), Role.OBSERVER)
    room.session.commit()
    observer = room.house.browser("Observer")
    answer = observer.flask.get(f"{BRIEFING}/published/md")
    assert answer.status_code == 200
    assert "Our daughters study at home in secret." in answer.get_data(as_text=True)


def test_parts_that_are_not_there_are_404(room, editor):
    a_briefing(room)
    for path in ("/findings/zz", "/findings/00", "/recommendations/" + "0" * 32):
        assert editor.get(f"{BRIEFING}{path}").status == 404


def test_the_command_writes_the_briefing_for_its_owner_alone(room, tmp_path):
    room.written()
    out = tmp_path / "briefing.docx"
    said = room.house.command(
        *("briefing", "inclusive-peace", "--lang", "prs", "--format", "docx"),
        *("--out", str(out), "--as", "Farida"),
    )
    assert "briefing.docx" in said
    assert out.stat().st_mode & 0o777 == 0o600
    text = "\n".join(p.text for p in docx.Document(io.BytesIO(out.read_bytes())).paragraphs)
    assert "R9" in text


def test_bad_input_is_one_line_and_writes_nothing(room, tmp_path):
    a_briefing(room)
    out = tmp_path / "out"
    for options, reason in (
        (("--lang", "de", "--format", "pdf", "--out", str(out)), "no briefing is made in 'de'"),
        (("--lang", "en", "--format", "odt", "--out", str(out)), "odt"),
        (("--lang", "en", "--format", "md", "--out", str(tmp_path / "no/x")), "cannot be written"),
    ):
        said = room.house.command("briefing", "inclusive-peace", *options, "--as", "Farida", code=1)
        assert reason in said
        assert len(said.strip().split("\n")) == 1
        assert not out.exists()


def test_without_a_briefing_the_command_says_so(room, tmp_path):
    said = room.house.command(
        *("briefing", "inclusive-peace", "--lang", "en", "--format", "md"),
        *("--out", str(tmp_path / "x"), "--as", "Farida"),
        code=1,
    )
    assert "there is no briefing yet" in said
    assert json.dumps(PASSPHRASE) not in said
