"""The list of submissions and the page of one."""

from datetime import date

from sqlalchemy import select, update

from consult.consultations.models import Role
from consult.safekeeping.models import AuditEvent, Event
from consult.submissions import withdrawal
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel
from consult.submissions.models import Kind, Lane, SealedPart, Submission
from tests.factories import Room
from tests.pages import Client, Page


def listed(page: Page) -> list[str]:
    return [
        (node.attributes["href"] or "").partition("?")[0].rpartition("/")[2]
        for node in page.tree.css("tbody th a")
    ]


def readings(room: Room) -> list[str]:
    room.session.expire_all()
    wanted = select(AuditEvent.subject).where(AuditEvent.kind == Event.OPENING)
    return list(room.session.scalars(wanted.order_by(AuditEvent.id)))


def test_an_analyst_sees_each_submission_by_a_neutral_name_and_its_week(room: Room) -> None:
    room.member("Amina", Role.ANALYST)
    found = room.voice({"sex": "woman", "place": "AF-KAB-01", "organisation_kind": "women_led"})
    page = room.browser("Amina").get(f"{room.path}/submissions")
    row = page.tree.css_first("tbody tr").text()
    assert page.status == 200
    assert listed(page) == [found.hex()]
    assert found.hex()[:8] in row
    assert "23 November 2026" in row
    assert "25 November" not in page.text
    assert "Kabul" in row
    assert "Women led" in row
    assert "Quote without a name" in row


def test_a_filter_keeps_what_has_that_trait_and_nothing_typed_is_in_the_address(room: Room) -> None:
    woman, man = room.voice({"sex": "woman"}), room.voice({"sex": "man"}, language="ps")
    client = room.browser()
    assert listed(client.get(f"{room.path}/submissions?sex=woman")) == [woman.hex()]
    assert listed(client.get(f"{room.path}/submissions?language=ps")) == [man.hex()]
    assert listed(client.get(f"{room.path}/submissions?language=ps&sex=woman")) == []
    assert client.get(f"{room.path}/submissions?sex=woman&story=x").status == 200


def test_every_trait_filters(room: Room) -> None:
    room.voice({"sex": "woman", "place": "AF-HER"})
    found = room.voice(
        {"sex": "man", "place": "AF-KAB"},
        use=Use.COUNT,
        channel=Channel.PAPER,
        lane=Lane.NONE,
        day=date(2026, 11, 12),
    )
    client = room.browser()
    for query in ("channel=paper", "lane=none", "use=count", "place=AF-KAB", "week=2026-11-09"):
        assert listed(client.get(f"{room.path}/submissions?{query}")) == [found.hex()], query


def test_a_filter_that_there_cannot_be_is_refused(room: Room) -> None:
    client = room.browser()
    for query in ("sex=x", "week=yesterday", "channel=fax", "after=zz", "place=AF-XXX"):
        assert client.get(f"{room.path}/submissions?{query}").status == 422, query


def test_pages_turn_by_id_and_show_each_submission_once(room: Room) -> None:
    ids = [one.hex() for one in sorted(room.voices(53))]
    client = room.browser()
    first = client.get(f"{room.path}/submissions")
    assert listed(first) == ids[:50]
    link = first.tree.css_first(".pagination [rel=next]").attributes["href"] or ""
    second = client.get(link)
    assert listed(second) == ids[50:]
    back = second.tree.css_first(".pagination [rel=prev]").attributes["href"] or ""
    assert listed(client.get(back)) == ids[:50]


def test_what_no_key_opens_is_named_as_unreadable_and_never_shown_as_empty(room: Room) -> None:
    broken, whole = room.voice(), room.voice()
    room.session.execute(
        update(SealedPart)
        .where(SealedPart.submission_id == broken, SealedPart.compartment == Kind.CONTENT)
        .values(blob=b"\1" + bytes(3999))
    )
    room.session.commit()
    client = room.browser()
    page = client.get(f"{room.path}/submissions")
    assert listed(page) == [whole.hex()]
    assert "1 submission cannot be read" in page.text
    assert broken.hex()[:8] in page.text
    one = client.get(f"{room.path}/submissions/{broken.hex()}")
    assert one.status == 409
    assert "cannot be read" in one.title
    assert "not answered" not in one.text


def test_a_withdrawn_submission_is_gone_at_the_next_request(room: Room) -> None:
    found = room.voice()
    client = room.browser()
    assert listed(client.get(f"{room.path}/submissions")) == [found.hex()]
    withdrawal.withdraw(room.session, room.session.get_one(Submission, found))
    room.session.commit()
    assert listed(client.get(f"{room.path}/submissions")) == []
    assert client.get(f"{room.path}/submissions/{found.hex()}").status == 404


def test_a_submission_is_read_in_its_own_language_under_labels_of_the_page(room: Room) -> None:
    found = room.voice(
        {"story": "سړک ته اړتیا لرو.\nاو اوبه.", "sex": "woman", "place": "AF-KAB"}, language="ps"
    )
    page = room.browser().get(f"{room.path}/submissions/{found.hex()}")
    said = page.tree.css_first(".written")
    assert said.attributes["lang"] == "ps"
    assert said.attributes["dir"] == "auto"
    assert said.text() == "سړک ته اړتیا لرو.\nاو اوبه."
    assert "Your story" in page.text
    assert "Kabul" in page.text
    assert "Woman" in page.text
    assert "quoted without saying who wrote it" in page.text
    assert "not answered" in page.text


def test_markup_in_an_answer_is_text(room: Room) -> None:
    found = room.voice({"story": "<script>alert(1)</script><b>x</b>"})
    page = room.browser().get(f"{room.path}/submissions/{found.hex()}")
    assert page.tree.css_first(".written").text() == "<script>alert(1)</script><b>x</b>"


def test_before_and_after_lead_through_the_filtered_list(room: Room) -> None:
    ids = [one.hex() for one in sorted(room.voices(3, {"sex": "man"}))]
    room.voices(4, {"sex": "woman"})
    client = room.browser()
    page = client.get(f"{room.path}/submissions/{ids[1]}?sex=man")
    links = {
        node.attributes["rel"]: (node.attributes["href"] or "")
        for node in page.tree.css(".pagination a")
    }
    assert links["prev"].endswith(f"/{ids[0]}?sex=man")
    assert links["next"].endswith(f"/{ids[2]}?sex=man")
    first = client.get(f"{room.path}/submissions/{ids[0]}?sex=man")
    assert [node.attributes["rel"] for node in first.tree.css(".pagination a")] == ["next"]


def test_many_readings_are_noted_as_a_count_and_one_by_its_row(room: Room) -> None:
    ids = room.voices(3)
    client = room.browser()
    client.get(f"{room.path}/submissions")
    client.get(f"{room.path}/submissions/{ids[0].hex()}")
    assert readings(room) == ["submissions=3", f"submission={ids[0].hex()}"]
    client.get(f"{room.path}/submissions")
    assert len(readings(room)) == 2


def test_an_observer_a_pending_analyst_and_a_stranger_find_no_submissions(room: Room) -> None:
    found = room.voice()
    room.member("Omid", Role.OBSERVER)
    room.member("Parwin", Role.ANALYST, granted=False)
    room.house.person("Nadia")
    for name in ("Omid", "Parwin", "Nadia"):
        client = room.browser(name)
        for path in ("submissions", f"submissions/{found.hex()}", "quotes"):
            assert client.get(f"{room.path}/{path}").status == 404, (name, path)


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(room: Room) -> None:
    page = Client(room.house.app).get(f"{room.path}/submissions")
    assert page.status == 303
    assert "/sign-in" in page.location
