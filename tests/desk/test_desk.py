"""What staff see first, and a consultation at a glance."""

from datetime import date

import pytest
from sqlalchemy import event

from consult.consultations.models import Role
from consult.people.models import Standing
from consult.reading import quotes
from consult.submissions import opening
from consult.submissions.inbox import Channel
from consult.submissions.models import Lane
from tests.conftest import Hands
from tests.consultations.factories import House
from tests.factories import Room
from tests.pages import Page

DESK = "/en/staff/"


def cells(page: Page, table: str) -> dict[str, str]:
    """A table of the overview: label and number."""
    frame = page.tree.css_first(f"[aria-labelledby={table}-caption]")
    rows = [[cell.text().strip() for cell in row.css("th,td")] for row in frame.css("tbody tr")]
    return {row[0]: row[1] for row in rows}


def test_the_desk_lists_ones_own_consultations_and_how_many_days_are_left(room: Room) -> None:
    page = room.browser().get(DESK)
    assert "Open" in page.text
    assert "Editor" in page.text
    assert "25 days left; the last day is 20 December 2026." in page.text


def test_somebody_elses_consultation_is_neither_listed_nor_found(room: Room) -> None:
    room.house.person("Nadia")
    client = room.browser("Nadia")
    assert room.consultation.slug not in client.get(DESK).html
    assert client.get(f"{room.path}/").status == 404


def test_a_draft_waits_for_the_drill_by_an_editor(house: House) -> None:
    house.load()
    page = house.browser().get(DESK)
    assert "Waits for the drill by an editor" in page.text
    assert "Waits for its days: it is an editor’s turn." in page.text
    assert "an editor other than Farida" in page.text
    assert "Your turn" in page.text


def test_a_pending_role_says_who_grants_it_and_leads_nowhere(room: Room) -> None:
    room.member("Amina", Role.ANALYST, granted=False)
    page = room.browser("Amina").get(DESK)
    assert "Your role waits for access: it is the turn of an editor" in page.text
    assert page.tree.css_first(".card h2 a") is None
    assert room.browser("Amina").get(f"{room.path}/").status == 404
    assert "1 person waits for access: it is an editor’s turn." in room.browser().get(DESK).text


def test_after_the_last_day_an_editor_is_asked_to_close(room: Room, clock: Hands) -> None:
    clock.move(days=30)
    assert "Its last day is over: an editor closes it." in room.browser().get(DESK).text


def test_an_administrator_has_no_consultation(room: Room) -> None:
    room.house.person("Adela", Standing.ADMINISTRATOR)
    client = room.browser("Adela")
    assert "reads no answers" in client.get(DESK).text
    assert client.get(f"{room.path}/").status == 404


def test_below_ten_there_is_no_number_but_the_whole(room: Room) -> None:
    room.voices(9)
    page = room.browser().get(f"{room.path}/")
    assert "Fewer than ten have spoken" in page.text
    assert page.tree.css_first("#weeks-caption") is None


def test_small_numbers_are_hidden_and_cannot_be_worked_out_from_the_rest(room: Room) -> None:
    room.voices(20, language="en")
    room.voices(8, language="fr")
    room.voices(3, language="ps")
    page = room.browser().get(f"{room.path}/")
    shown = cells(page, "languages")
    assert shown == {"English": "20", "French": "hidden", "Pashto": "hidden"}
    assert "Small numbers hidden" in page.text


def test_weeks_are_counted_and_no_day_is_named(room: Room) -> None:
    room.voices(6, day=date(2026, 11, 12))
    room.voices(7, day=date(2026, 11, 25))
    shown = cells(room.browser().get(f"{room.path}/"), "weeks")
    assert shown == {"9 November 2026": "6", "16 November 2026": "0", "23 November 2026": "7"}


def test_channel_and_lane_are_one_table(room: Room) -> None:
    room.voices(12)
    room.voices(6, lane=Lane.BURST)
    room.voices(5, channel=Channel.PAPER, lane=Lane.NONE)
    shown = cells(room.browser().get(f"{room.path}/"), "ways")
    assert shown == {
        "Web form: Open to all": "12",
        "Web form: Many from one address": "6",
        "Paper form": "5",
    }


def test_a_province_with_few_and_one_with_none_look_alike(room: Room) -> None:
    room.voices(12, {"place": "AF-KAB"})
    room.voices(11, {"place": "AF-HER"})
    room.voices(3, {"place": "AF-NUR"})
    page = room.browser().get(f"{room.path}/")
    few = [node.text().strip() for node in page.tree.css(".names li")]
    assert "Kabul" in cells(page, "places")
    assert {"Nuristan", "Paktika"} <= set(few)
    assert "Kabul" not in few


def test_the_members_and_the_ways_on_are_those_of_her_role(room: Room) -> None:
    room.member("Amina", Role.ANALYST)
    page = room.browser("Amina").get(f"{room.path}/")
    links = {node.attributes["href"] for node in page.tree.css(".ways a")}
    assert "Farida" in page.text
    assert f"{room.path}/submissions" in links
    assert f"{room.path}/figures" in links
    assert f"{room.path}/opening" not in links


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.TRANSLATOR])
def test_who_holds_no_key_sees_no_number_and_no_names(room: Room, role: Role) -> None:
    room.voices(12)
    room.member("Omid", role)
    page = room.browser("Omid").get(f"{room.path}/")
    assert page.status == 200
    assert "Farida" not in page.text
    assert page.tree.css_first(".tile") is None
    assert [node.text() for node in page.tree.css(".ways a")] == ["What is published"]


def test_quotes_that_wait_say_for_whom(room: Room) -> None:
    room.member("Amina", Role.ANALYST)
    found = room.voice()
    unlocked = room.unlocked("Amina")
    one = opening.one(room.session, unlocked, found)
    quotes.pick(room.session, unlocked, one, "story", "We need a road.")
    room.session.commit()
    page = room.browser().get(f"{room.path}/")
    assert "1 quote waits for an editor other than Amina." in page.text
    assert "Your turn" in page.text


@pytest.mark.parametrize("language", ["fr", "fa-af", "ps"])
def test_both_pages_are_whole_in_each_language(room: Room, language: str) -> None:
    room.voices(12, {"place": "AF-KAB", "sex": "woman", "story": "x y"})
    client = room.browser()
    for path in ("", f"{room.consultation.slug}/", f"{room.consultation.slug}/submissions"):
        assert client.get(f"/{language}/staff/{path}").status == 200


@pytest.mark.parametrize("below", ["/", "/opening", "/people", "/report-back", "/submissions"])
def test_the_title_and_not_the_slug_stands_over_the_links_of_each_page(room, below):
    page = room.browser().get(room.path + below)
    assert page.tree.css_first(".submenu-name").text().strip() == "Words"


def test_an_observer_is_led_to_the_figures_page(room):
    room.member("Looker", Role.OBSERVER)
    page = room.browser("Looker").get(f"{room.path}/")
    assert f"{room.path}/figures" in {a.attributes["href"] for a in page.tree.css(".submenu a")}


def test_the_links_of_a_page_ask_for_the_role_once(room):
    browser = room.browser()
    browser.get(room.path + "/opening")
    asked: list[str] = []
    engine = room.house.app.extensions["database"].engine

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_):
        if "FROM membership" in statement:
            asked.append(statement)

    browser.get(room.path + "/opening")
    assert len(asked) == 1
