"""The exact headers of SAFETY 3.6, on every route, every method and every error."""

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from consult.consultations.models import Role
from consult.frame.static import files
from tests.answering.walking import Phone, the_demonstration
from tests.consultations.factories import House
from tests.factories import Room, a_room
from tests.frame.test_headers import EVERY, PREVIEW, PUBLIC, STAFF, STATIC
from tests.pages import Client
from tests.promises import raw

pytestmark = raw.on_sqlite
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH")
VALUES = {
    "segment": "ps",
    "code": "rivr1",
    "slug": "river-talks",
    "name": "ab" * 16,
    "source": "story",
    "uid": "cd" * 16,
    "token": "t" * 43,
    "kind": "csv",
    "rest": "staff/",
    "step": "up",
}


def sent(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name in EVERY}


def paths(app: Flask) -> list[tuple[Rule, str]]:
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        values = {name: VALUES[name] for name in rule.arguments}
        if "any(docx" in rule.rule:
            values["kind"] = "md"
        found.append((rule, adapter.build(rule.endpoint, values, method=min(rule.methods or {}))))
    assert len(found) > 40
    return found


def expected(path: str) -> dict[str, str]:
    if path == "/x":
        return {**PUBLIC, "Clear-Site-Data": '"cache", "cookies", "storage"'}
    return STAFF if "/staff" in path and not path.startswith(("/dari", "/prs", "/fa/")) else PUBLIC


@pytest.fixture
def room(house: House) -> Room:
    return a_room(house)


@pytest.mark.parametrize("who", ["nobody", "the editor"])
def test_headers_on_every_route_and_method(room, who):
    browser = room.browser() if who == "the editor" else Client(room.house.app)
    statuses = set()
    for rule, path in paths(room.house.app):
        for method in METHODS:
            if rule.endpoint == "people.sign_out":
                continue
            answer = browser.flask.open(path, method=method)
            statuses.add(answer.status_code)
            if rule.endpoint.endswith(".preview") and "frame" in rule.endpoint:
                assert sent(answer) == PREVIEW, (method, path)
                continue
            assert sent(answer) == expected(path), (method, path, answer.status_code)
            assert answer.status_code < 500, (method, path)
    assert {200, 303, 404, 405} <= statuses


def test_headers_on_every_error(room, client):
    """404, 405, 413, 422, 409, 403, 400, 429, 500, 503, on either face where there is one."""
    app = room.house.app
    room.member("Amina", Role.ANALYST, granted=False)
    flask = client.flask
    form, staff = "/en/rivr1", "/en/staff"
    cross = {"Sec-Fetch-Site": "cross-site"}
    urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
    asked = [
        (404, flask.get("/en/nowhere")),
        (404, flask.get("/nowhere")),
        (404, flask.get(f"{staff}/no/where")),
        (404, flask.get("/static/nowhere.css")),
        (404, flask.get("/%ff%00")),
        (405, flask.post("/en/safety")),
        (405, flask.delete(form)),
        (413, flask.post(form, data=b"go=" + b"x" * 300_000, headers=urlencoded)),
        (413, flask.post(f"{staff}/sign-in", data=b"n=" + b"x" * 300_000, headers=urlencoded)),
        (409, flask.post(form, data={"state": "cut", "go": "next"})),
        (403, flask.post(form, data={"go": "next"}, headers=cross)),
        (403, flask.post(f"{staff}/sign-in", data={}, headers=cross)),
        (400, flask.post(form, data=b"{}", headers={"Content-Type": "application/json"})),
        (400, flask.post(f"{staff}/sign-in", data={"name": "a"})),
        (404, flask.post("/en/receipt", data={"code": "1"})),
    ]
    for status, answer in asked:
        assert answer.status_code == status, answer.request.path
        assert sent(answer) == expected(answer.request.path), answer.request.path
    for _ in range(40):
        answer = flask.post("/en/receipt", data={"code": "1234"})
    assert (answer.status_code, sent(answer)) == (429, PUBLIC)
    assert answer.headers["Retry-After"]

    def broken() -> str:
        raise ZeroDivisionError

    app.testing = False
    app.view_functions["answering.safety"] = broken
    app.view_functions["people.show_sign_in"] = broken
    for path in ("/en/safety", f"{staff}/sign-in"):
        answer = flask.get(path)
        assert (answer.status_code, sent(answer)) == (500, expected(path))


def test_headers_on_a_refused_field_and_when_nothing_can_be_stored(house, client):
    the_demonstration(house)
    phone = Phone(client, "demo1")
    phone.forward()
    page = phone.forward()
    while page.status == 200:
        page = phone.forward()
    assert page.status == 422
    assert {k: v for k, v in page.headers.items() if k in EVERY} == PUBLIC
    phone = Phone(client, "demo1")
    phone.to_consent()
    house.session.execute(text("DELETE FROM key_wrap"))
    house.session.execute(text("DELETE FROM consultation_key"))
    house.session.commit()
    page = phone.press("send", consent__use="count")
    assert page.status == 503
    assert {k: v for k, v in page.headers.items() if k in EVERY} == PUBLIC


def test_headers_on_every_static_file(client):
    for file in files().values():
        for method in ("GET", "HEAD", "POST"):
            assert sent(client.flask.open(file.url, method=method)) == STATIC, file.url


def test_no_public_answer_sets_a_cookie_or_names_another_host(room):
    browser = room.browser()
    for rule, path in paths(room.house.app):
        if "/staff" in path or path == "/x":
            continue
        for method in ("GET", "POST"):
            for client in (browser, Client(room.house.app)):
                answer = client.flask.open(path, method=method)
                assert "Set-Cookie" not in answer.headers, rule
                page = answer.get_data(as_text=True)
                for start in ('src="http', 'href="http', 'action="http', 'src="//', "url(http"):
                    assert start not in page, (path, start)


def test_nothing_tells_which_program_answers(client):
    for path in ("/en/", "/nowhere", "/healthz"):
        answer = client.flask.get(path)
        assert not {"Server", "X-Powered-By", "Via"} & set(answer.headers.keys())
