"""Picking, translating and clearing a quote in a browser."""

import pytest

from consult.consultations.models import Role
from consult.submissions.consent import Use
from tests.consultations.factories import House, send
from tests.factories import Room, a_room
from tests.pages import Client, Page

STORY = "We need a road. My name is Jane Example."


@pytest.fixture
def room(house: House) -> Room:
    made = a_room(house)
    made.member("Amina", Role.ANALYST)
    return made


def pick(room: Room, client: Client, words: str, **more: str) -> Page:
    found = room.voice({"story": STORY, "sex": "woman"}, **more)  # type: ignore[arg-type]
    return send(client, f"{room.path}/submissions/{found.hex()}/quote/story", {"words": words})


def test_the_page_offers_the_whole_answer_and_marks_what_could_identify(room: Room) -> None:
    found = room.voice({"story": STORY})
    client = room.browser("Amina")
    submission = client.get(f"{room.path}/submissions/{found.hex()}")
    link = submission.tree.css_first(".read-pick a").attributes["href"] or ""
    page = client.get(link)
    assert page.typed("Words of the quote").strip() == STORY
    assert page.tree.css_first("mark").text() == "My name is Jane Example"


def test_words_that_the_answer_does_not_have_are_refused_beside_the_field(room: Room) -> None:
    page = pick(room, room.browser("Amina"), "We need two roads.")
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert "do not stand in the answer" in page.error_beside("Words of the quote")
    assert page.typed("Words of the quote").strip() == "We need two roads."


def test_from_picking_to_clearing_each_page_says_whose_turn_it_is(room: Room) -> None:
    analyst, editor = room.browser("Amina"), room.browser("Farida")
    quote = pick(room, analyst, "We need a road.").location
    assert "an editor other than Amina" in analyst.get(quote).text
    assert "an editor other than Amina" in analyst.get(f"{room.path}/quotes").text
    assert "It is your turn" in editor.get(f"{room.path}/quotes").text
    assert send(editor, f"{quote}/clear", seen=quote).status == 422
    page = editor.get(quote)
    mark = page.field("mark").attributes["value"] or ""
    done = send(editor, f"{quote}/clear", {"read": "y", "mark": mark}, seen=quote)
    assert done.status == 303
    assert "Cleared by Farida" in analyst.get(quote).text


def test_flags_are_told_where_the_quote_is_cleared(room: Room) -> None:
    quote = pick(room, room.browser("Amina"), STORY).location
    page = room.browser().get(quote)
    assert "This could tell who speaks" in page.text
    assert page.tree.css_first(".quote mark").text() == "My name is Jane Example"


def test_an_analyst_cannot_clear(room: Room) -> None:
    client = room.browser("Amina")
    quote = pick(room, client, "We need a road.").location
    assert client.get(quote).tree.css_first("[name=read]") is None
    assert send(client, f"{quote}/clear", {"read": "y"}, seen=quote).status == 404


def test_without_a_second_editor_the_page_says_so(room: Room) -> None:
    client = room.browser("Farida")
    quote = pick(room, client, "We need a road.").location
    assert "a second editor, and there is none yet" in client.get(quote).text


def test_a_translation_is_marked_with_its_language_and_translator(room: Room) -> None:
    client = room.browser("Amina")
    quote = pick(room, client, "We need a road.").location
    done = send(client, f"{quote}/translations", {"to_ps": "سړک ته اړتیا لرو."}, seen=quote)
    assert done.status == 303
    page = client.get(quote)
    assert "Translated from English by Amina" in page.text
    said = [node for node in page.tree.css(".quote blockquote") if "سړک" in node.text()]
    assert said[0].attributes["lang"] == "ps"
    assert said[0].attributes["dir"] == "auto"


def test_a_removed_quote_is_gone(room: Room) -> None:
    client = room.browser("Amina")
    quote = pick(room, client, "We need a road.").location
    assert send(client, f"{quote}/drop", seen=quote).status == 303
    assert client.get(quote).status == 404


def test_counted_only_offers_no_quote_and_its_address_is_unknown(room: Room) -> None:
    found = room.voice({"story": STORY}, use=Use.COUNT)
    client = room.browser("Amina")
    page = client.get(f"{room.path}/submissions/{found.hex()}")
    assert page.tree.css_first(".read-pick") is None
    assert client.get(f"{room.path}/submissions/{found.hex()}/quote/story").status == 404
