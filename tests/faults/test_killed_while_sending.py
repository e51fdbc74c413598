"""A receipt only when the text is on disk, and nothing twice: killed, repeated, cut off."""

import http.client
import random
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from consult.clock import system
from consult.consultations import lookup
from consult.languages import formats
from consult.submissions import opening, receipts
from consult.submissions.models import SealedPart, Submission
from tests.answering.walking import Phone
from tests.consultations.factories import House
from tests.faults.conftest import Dying, ready_to_send
from tests.pages import Page
from tests.promises import raw
from tests.promises.serving import Wire
from tests.submissions.factories import unlocked

AT_ONCE = 6


@pytest.fixture
def clock():
    """The machine's own time, which the server in the other process goes by."""
    return system


def send(wire: Wire, body: bytes) -> str | None:
    """Send a form; gives the code that was shown, or nothing when no answer came."""
    try:
        answer = wire.ask("POST", "/en/demo1", body)
    except (OSError, http.client.HTTPException):
        return None
    if answer.status_code != 200:
        return None
    node = Page(answer).tree.css_first("#receipt-code")  # type: ignore[arg-type]
    return node.text() if node else None


def all_at_once(wire: Wire, bodies: list[bytes]) -> list[str | None]:
    with ThreadPoolExecutor(AT_ONCE) as people:
        return list(people.map(lambda body: send(wire, body), bodies))


def killed(house: House, dying: Dying, client, moments: int, seed: int) -> None:
    dice = random.Random(seed)
    bodies = ready_to_send(house, client, (moments + 1) * AT_ONCE)
    codes: dict[bytes, str] = {}
    unanswered = 0

    # Once without a death, to know how long it takes on this machine.
    wire = dying.serve()
    wire.get("/en/")
    began = time.perf_counter()
    whole = bodies[:AT_ONCE]
    codes |= {
        body: code for body, code in zip(whole, all_at_once(wire, whole), strict=True) if code
    }
    takes = time.perf_counter() - began
    dying.kill()
    assert len(codes) == AT_ONCE

    for start in range(AT_ONCE, len(bodies), AT_ONCE):
        mine = bodies[start : start + AT_ONCE]
        wire = dying.serve()
        wire.get("/en/")
        death = threading.Timer(dice.uniform(0, 1.2 * takes), dying.kill)
        death.start()
        shown = all_at_once(wire, mine)
        death.join()
        house.look()
        for body, code in zip(mine, shown, strict=True):
            if code is not None:
                codes[body] = code
                assert receipts.find(house.session, code, house.secrets)
        unanswered += shown.count(None)
        house.session.rollback()
    assert unanswered > 0, "no moment was a bad one"
    again = dying.serve()
    for body in bodies:
        code = send(again, body)
        assert code is not None
        assert codes.setdefault(body, code) == code
    dying.kill()
    house.look()
    assert stored(house) == (len(bodies), 2 * len(bodies))
    assert len(set(codes.values())) == len(bodies)
    demonstration = lookup.by_code(house.session, "demo1")
    loaded = opening.load(house.session, unlocked(house, demonstration))
    assert (len(loaded.opened), loaded.unreadable) == (len(bodies), ())


def stored(house: House) -> tuple[int, int]:
    count = select(func.count())
    session = house.session
    rows = session.scalar(count.select_from(Submission)) or 0
    return rows, session.scalar(count.select_from(SealedPart)) or 0


@raw.on_sqlite
def test_killed_while_sending(listening, dying, client):
    """Twenty moments: what was acknowledged is there, and nothing is there twice."""
    killed(listening, dying, client, moments=20, seed=20)


@raw.on_sqlite
@pytest.mark.long
@pytest.mark.timeout(900)
def test_killed_while_sending_two_hundred_times(listening, dying, client):
    killed(listening, dying, client, moments=200, seed=200)


def repeated(house: House, client, times: int) -> None:
    phone = Phone(client, "demo1")
    code = phone.to_receipt().tree.css_first("#receipt-code").text()
    for _ in range(times):
        again = phone.again()
        assert again.status == 200
        assert again.tree.css_first("#receipt-code").text() == code
    house.look()
    assert stored(house) == (1, 2)


def test_sending_again(listening, client):
    repeated(listening, client, 100)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_sending_again_three_thousand_times(listening, client):
    repeated(listening, client, 3_000)


def test_many_at_the_same_moment_send_the_same_form_once(listening, app, client):
    """A double click, two tabs, a retry behind a slow line: the constraint decides."""
    (body,) = ready_to_send(listening, client, 1)
    urlencoded = "application/x-www-form-urlencoded"

    def press(_: int) -> str:
        answer = app.test_client().post("/en/demo1", data=body, content_type=urlencoded)
        assert answer.status_code == 200
        return Page(answer).tree.css_first("#receipt-code").text()

    with ThreadPoolExecutor(8) as hands:
        codes = set(hands.map(press, range(24)))
    listening.look()
    assert len(codes) == 1
    assert stored(listening) == (1, 2)


def test_two_tabs_of_one_form_give_one_receipt_and_the_first_stands(listening, client):
    phone = Phone(client, "demo1")
    phone.to_consent()
    first, page = phone, phone.page
    second = Phone(client, "demo1")
    second.page = page
    code = first.press("send", consent__use="count").tree.css_first("#receipt-code").text()
    for go in ("back", "send", "lang:ps", "section:profile", "check", "nonsense"):
        second.page = page
        answer = second.press(go, consent__use="quote_anonymous")
        assert answer.status == 200
        shown = answer.tree.css_first("#receipt-code").text()
        assert formats.read_code(shown) == formats.read_code(code)
    listening.look()
    assert stored(listening) == (1, 2)


@raw.on_sqlite
def test_a_client_that_is_gone_after_sending_finds_her_receipt(listening, dying, client):
    """The line broke before the answer came: the very same POST gives the code."""
    (body,) = ready_to_send(listening, client, 1)
    wire = dying.serve()
    head = (
        "POST /en/demo1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", wire.port)) as line:
        line.sendall(head.encode() + body)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    code = send(wire, body)
    assert code is not None
    assert send(wire, body) == code
    dying.kill()
    listening.look()
    assert stored(listening) == (1, 2)
