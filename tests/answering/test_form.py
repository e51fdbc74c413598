import json
import unicodedata
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from consult.app import create_app
from consult.safekeeping.models import ConsultationKey, KeyUse
from consult.submissions import opening
from consult.submissions.models import Lane, Submission
from tests.answering.walking import Phone, buttons, offers, shown, the_demonstration, way_forward
from tests.pages import Client
from tests.submissions.factories import unlocked

SEGMENTS = ["en", "fr", "fa-af", "ps"]
ERROR = {"en": "Error:", "fr": "Erreur", "fa-af": "خطا", "ps": "تېروتنه"}
HOSTILE = [
    json.loads(line) for line in Path("tests/hostile_inputs.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture
def demo(house):
    return the_demonstration(house)


@pytest.fixture
def phone(client, demo):
    return Phone(client, demo.code)


def read(house, consultation):
    house.session.rollback()
    return opening.load(house.session, unlocked(house, consultation)).opened


@pytest.mark.parametrize("segment", SEGMENTS)
def test_a_respondent_reaches_her_receipt_in_her_language(client, house, demo, segment):
    phone = Phone(client, demo.code, segment)
    page = phone.to_receipt(needs=["schools"])
    assert page.status == 200
    assert page.tree.css_first("#receipt-code").text().count(" ") == 4
    (one,) = read(house, demo)
    assert one.answers["needs"] == ["schools"]
    assert one.answers["sex"] == "woman"
    assert one.language == {"fa-af": "fa_AF"}.get(segment, segment)


def test_the_first_button_of_each_step_is_the_way_forward(phone):
    for _ in range(3):
        assert buttons(phone.page)[0] in ("next", "check", "send")
        phone.forward()
    assert "back" in buttons(phone.page)


def test_going_back_and_on_again_keeps_what_was_typed(phone):
    phone.forward()
    phone.forward(needs=["health", "income"], needs_words="Wells\nand roads")
    before = phone.press("back")
    assert shown(before)["needs"] == ["health", "income"]
    assert "Wells" in shown(before)["needs_words"][0]


def test_the_language_switch_keeps_valid_and_invalid_values(phone):
    phone.forward()
    name = next(n.attributes["name"] for n in phone.page.tree.css("input[inputmode]"))
    page = phone.press("lang:ps", **{name: "x"}, needs=["health"])
    assert (page.lang, page.dir, page.status) == ("ps", "rtl", 200)
    assert shown(page)[name] == ["x"]
    assert shown(page)["needs"] == ["health"]
    back = phone.press("lang:en")
    assert shown(back)[name] == ["x"]


@pytest.mark.parametrize("segment", SEGMENTS)
def test_a_refused_step_says_what_to_do_beside_the_field_and_in_the_summary(client, demo, segment):
    phone = Phone(client, demo.code, segment)
    phone.forward()
    name = next(n.attributes["name"] for n in phone.page.tree.css("input[inputmode]"))
    page = phone.forward(**{name: "x"}, needs=["health"])
    assert page.status == 422
    assert page.title.startswith(ERROR[segment])
    summary = page.tree.css_first(".error-summary a")
    target = page.tree.css_first(summary.attributes["href"])
    assert target.attributes["aria-invalid"] == "true"
    told = page.tree.css_first(f"#{target.attributes['aria-describedby'].split()[-1]}")
    assert told.text().strip() == summary.text().strip()
    assert shown(page)[name] == ["x"]
    assert shown(page)["needs"] == ["health"]


def test_a_change_leads_back_to_the_check_page(phone):
    check = phone.to_check(needs=["health"])
    first = next(go for go in buttons(check) if go.startswith("section:"))
    section = phone.press(first)
    assert shown(section)["needs"] == ["health"]
    again = phone.forward(needs=["income"])
    assert any(go.startswith("section:") for go in buttons(again))


def test_after_a_change_what_has_become_relevant_is_asked_before_the_check_page(phone, house, demo):
    phone.to_check(mission_contact="letter")
    phone.press("section:safety")
    page = phone.forward(mission_contact="in_person")
    assert offers(page, "last_contact.day")
    page = phone.forward()
    assert "section:safety" in buttons(page)


def test_answers_that_became_irrelevant_are_not_kept(phone, house, demo):
    phone.to_check(
        mission_contact="in_person",
        last_contact__day="3",
        last_contact__month="2",
        last_contact__year="2025",
        last_contact__calendar="gregorian",
    )
    phone.press("section:safety")
    phone.forward(mission_contact="letter")
    phone.to_receipt()
    (one,) = read(house, demo)
    assert "last_contact" not in one.answers


def test_a_solar_hijri_date_is_stored_as_its_day(client, house, demo):
    phone = Phone(client, demo.code, "ps")
    phone.to_receipt(
        mission_contact="in_person",
        last_contact__day="۲۸",
        last_contact__month="8",
        last_contact__year="۱۴۰۴",
        last_contact__calendar="solar_hijri",
    )
    (one,) = read(house, demo)
    assert one.answers["last_contact"] == "2025-11-19"


def test_nothing_is_chosen_beforehand_and_the_least_comes_first(phone):
    page = phone.to_consent()
    radios = page.tree.css('input[name="consent.use"]')
    assert [r.attributes["value"] for r in radios] == [
        "count",
        "quote_anonymous",
        "quote_attributed",
    ]
    assert not [r for r in radios if "checked" in r.attributes]
    assert phone.press("send").status == 422


def test_being_quoted_with_a_name_takes_a_name(phone, house, demo):
    phone.to_consent()
    assert phone.press("send", consent__use="quote_attributed").status == 422
    name = {"organisation__name": "Women of the valley"}
    assert phone.press("send", consent__use="quote_attributed", **name).status == 200
    (one,) = read(house, demo)
    assert one.organisation == "Women of the valley"


def test_a_name_without_the_consent_to_use_it_is_not_stored(phone, house, demo):
    phone.to_consent()
    phone.press("send", consent__use="count", organisation__name="Women of the valley")
    (one,) = read(house, demo)
    assert one.organisation is None


def test_sending_again_gives_the_same_code_and_stores_nothing(phone, house, demo):
    first = phone.to_receipt().tree.css_first("#receipt-code").text()
    assert phone.again().tree.css_first("#receipt-code").text() == first
    assert len(read(house, demo)) == 1


def test_an_earlier_step_posted_after_sending_gives_the_receipt(phone, house, demo):
    phone.forward()
    phone.forward()
    earlier = phone.last
    receipt = phone.to_receipt()
    page = phone.client.post(*earlier)
    assert page.tree.css_first("#receipt-code").text() == (
        receipt.tree.css_first("#receipt-code").text()
    )
    assert "state" not in page.html.split("<main")[1]


def test_kept_takes_the_code_off_every_page(phone, house, demo):
    page = phone.to_receipt()
    code = page.tree.css_first("#receipt-code").text().replace(" ", "")
    sent = phone.last
    hidden = page.hidden()
    assert code not in str(hidden)
    for _ in (1, 2):
        kept = phone.client.post(sent[0], {**hidden, "go": "kept"})
        assert kept.status == 200
        assert kept.tree.css_first("#receipt-code") is None
    assert phone.client.post(*sent).tree.css_first("#receipt-code") is None


def test_the_day_after_the_code_is_not_shown_again(phone, clock):
    phone.to_receipt()
    clock.move(days=1)
    page = phone.again()
    assert page.status == 200
    assert page.tree.css_first("#receipt-code") is None


def test_a_form_of_two_days_ago_is_told_so_and_gives_back_what_was_typed(phone, clock):
    phone.forward()
    clock.move(days=2)
    page = phone.forward(needs_words="Wells and pipes for the school")
    assert page.status == 409
    assert "Wells and pipes for the school" in page.text


def test_a_form_of_yesterday_goes_on(phone, clock):
    phone.forward()
    clock.move(days=1)
    assert phone.to_receipt().status == 200


@pytest.mark.parametrize("state", ["", "AAAA garbage", "ﬁ", "A" * 1000])
def test_a_damaged_state_is_told_so(client, demo, state):
    page = client.post(f"/fr/{demo.code}", {"state": state, "go": "next", "needs_words": "Puits"})
    assert page.status == 409
    assert page.lang == "fr"
    assert "Puits" in page.text


def test_one_flipped_letter_of_the_state_is_noticed(phone):
    hidden = phone.page.hidden()["state"]
    flipped = hidden[:60] + ("A" if hidden[60] != "A" else "B") + hidden[61:]
    assert phone.client.post("/en/" + phone.code, {"state": flipped, "go": "next"}).status == 409


def test_another_workers_keys_open_the_state_too(app, settings, clock, phone):
    other = create_app(settings, clock=clock)
    phone.client = Client(other)
    assert phone.forward().status == 200
    other.extensions["database"].engine.dispose()


def test_a_swapped_key_closes_the_form_and_keeps_what_was_typed(phone, house, demo):
    phone.to_consent()
    house.session.rollback()
    key = house.session.scalars(
        select(ConsultationKey).where(ConsultationKey.compartment == KeyUse.CONTENT)
    ).one()
    key.public_key = bytes(32)
    house.session.commit()
    page = phone.press("send", consent__use="count")
    assert page.status == 503
    assert page.headers["Retry-After"]
    assert house.session.query(Submission).count() == 0


def test_beyond_the_limit_a_send_is_stored_in_the_burst_lane(client, house, demo, app):
    app.extensions["floods"].sends.limit = 1
    for _ in range(2):
        assert Phone(client, demo.code).to_receipt().status == 200
    house.session.rollback()
    lanes = [row.lane for row in house.session.scalars(select(Submission))]
    assert sorted(lane.value for lane in lanes) == [Lane.BURST.value, Lane.OPEN.value]


def test_wrong_codes_are_answered_alike_and_then_throttled_but_never_the_right_one(phone):
    code = phone.to_receipt().tree.css_first("#receipt-code").text()
    client = phone.client
    page = client.post("/en/receipt", {"code": "1234"})
    other = client.post("/en/receipt", {"code": "1" * 20})
    assert page.status == other.status == 404
    assert page.text == other.text
    for _ in range(28):
        client.post("/en/receipt", {"code": "1" * 20})
    late = client.post("/en/receipt", {"code": "1" * 20})
    assert late.status == 429
    assert int(late.headers["Retry-After"]) > 0
    assert client.post("/en/receipt", {"code": code}).status == 200


def test_a_code_tells_the_day_and_never_the_answers(phone, house, demo):
    code = phone.to_receipt(needs_words="Wells and pipes").tree.css_first("#receipt-code").text()
    page = phone.client.post("/en/receipt", {"code": code})
    assert page.status == 200
    assert "25 November 2026" in page.text
    assert "Wells" not in page.html
    assert f"/en/{demo.code}/report" in page.html


def test_once_closed_the_introduction_says_so_and_leads_to_the_report(client, demo, clock):
    clock.move(days=40)
    page = client.get(f"/ps/{demo.code}")
    assert page.status == 200
    assert f"/ps/{demo.code}/report" in page.html
    assert not page.tree.css('input[name="state"]')


def test_a_code_typed_in_capitals_leads_to_the_same_form(client, demo):
    assert client.get(f"/en/{demo.code.upper()}").status == 200
    assert client.get("/en/ABCDE").status == 404


def test_an_address_typed_with_a_slash_at_its_end_leads_to_the_form(client, demo):
    page = client.get(f"/ps/{demo.code}/")
    assert (page.status, page.location) == (303, f"/ps/{demo.code}")


def test_a_draft_is_known_to_nobody(client, house):
    loaded = house.load()
    assert client.get(f"/en/{loaded.consultation.code}").status == 404


@pytest.mark.parametrize("header", ["cross-site"])
def test_a_post_from_another_site_is_refused(phone, header):
    fields = {**phone.page.hidden(), "go": "next"}
    path = f"/en/{phone.code}"
    assert phone.client.post(path, fields, Sec_Fetch_Site=header).status == 403
    assert phone.client.post(path, fields, Origin="null").status == 200


def test_too_little_disk_lets_no_new_form_begin_but_those_under_way_go_on(
    phone, app, demo, settings
):
    app.extensions["floods"].settings = replace(settings, free_disk_bytes=10**18)
    page = phone.client.get(f"/en/{demo.code}")
    assert page.status == 503
    assert page.headers["Retry-After"]
    assert phone.to_receipt().status == 200


def texts_of(item):
    value = item["value"]
    if "repeat" in item:
        value = item.get("prefix", "") + value * item["repeat"] + item.get("suffix", "")
    return value


TEXTS = [
    item
    for item in HOSTILE
    if item["category"] in ("markup", "bidi", "template", "formula", "sql", "honest", "encoding")
    and "kind" not in item
    and "raw" not in item
    and len(texts_of(item)) <= 1500
    and not any(0xD800 <= ord(c) < 0xE000 for c in texts_of(item))
]


@pytest.mark.parametrize("category", sorted({item["category"] for item in TEXTS}))
def test_hostile_and_honest_texts_are_stored_as_typed_and_shown_as_text(
    client, house, demo, category
):
    typed = {}
    for item in (item for item in TEXTS if item["category"] == category):
        value = texts_of(item)
        phone = Phone(client, demo.code)
        phone.forward()
        if phone.forward(needs=["health"], needs_words=value).status == 422:
            assert category == "encoding", item["id"]
            assert shown(phone.page)["needs_words"] == [value]
            continue
        check = phone.to_check()
        assert not check.tree.css("script:not([src]), iframe, math, svg, base, style"), item["id"]
        phone.to_consent()
        assert phone.press("send", consent__use="count").status == 200
        typed[item["id"]] = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    stored = sorted(one.answers.get("needs_words", "") for one in read(house, demo))
    assert stored == sorted(typed.values())


def test_way_forward_is_named_on_every_step(phone):
    assert way_forward(phone.page) == "next"
    assert not offers(phone.page, "needs")


def test_a_clock_that_steps_back_a_day_and_forward_again_loses_nothing(phone, clock):
    phone.forward()
    before = phone.page
    clock.move(days=-1)
    assert phone.forward(needs=["health"], needs_words="Wells").status in (200, 409)
    clock.move(days=1)
    phone.page = before
    assert phone.to_receipt(needs_words="Wells").status == 200


def test_the_form_begun_before_midnight_in_kabul_may_be_sent_after_it(client, house, demo, clock):
    clock.now = clock.now.replace(hour=19, minute=20)
    phone = Phone(client, demo.code)
    phone.forward()
    clock.move(minutes=20)
    assert phone.to_receipt().status == 200
    (one,) = read(house, demo)
    assert one.received_on == (clock.now + timedelta(hours=4, minutes=30)).date()
