"""Who may open a route, and which POST is refused before any view sees it."""

import re

import pytest

from config.settings import Profile
from consult.frame import marks
from tests.frame.conftest import make

NAMED = {"X-Test-Person": "amina"}


def token(client, headers=NAMED):
    page = client.get("/en/staff/gallery", headers=headers).get_data(as_text=True)
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def test_a_route_without_a_mark_stops_the_program(app):
    app.add_url_rule("/en/bare", "bare", lambda: "")
    with pytest.raises(RuntimeError, match="bare"):
        marks.check_marks(app)


def test_two_marks_on_one_view_are_a_mistake():
    with pytest.raises(TypeError):
        marks.public(marks.signed_in(lambda: ""))


def test_every_route_tells_its_mark(app):
    found = marks.of(app)
    assert found["gallery.public_gallery"] == marks.Mark("public")
    assert found["gallery.staff_gallery"].kind == "signed_in"
    assert found["gallery.rooms"].kind == "administrator"


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(client):
    answer = client.get("/ps/staff/gallery?page=2")
    assert answer.status_code == 303
    assert answer.location == "/ps/staff/sign-in?next=%2Fps%2Fstaff%2Fgallery%3Fpage%3D2"


def test_a_page_of_administrators_does_not_exist_for_others(client):
    assert client.get("/en/staff/rooms", headers=NAMED).status_code == 404
    assert (
        client.get("/en/staff/rooms", headers={"X-Test-Person": "administrator"}).status_code == 200
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 200),
        ({"Origin": "null"}, 200),
        ({}, 200),
    ],
)
def test_a_public_post_from_another_site_is_refused(client, headers, status):
    assert client.post("/fr/gallery", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 422),
        ({}, 422),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:8001"}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_a_staff_post_comes_from_our_own_origin(client, headers, status):
    data = {"csrf_token": token(client)}
    answer = client.post("/en/staff/gallery", data=data, headers={**NAMED, **headers})
    assert answer.status_code == status


@pytest.mark.parametrize("data", [{}, {"csrf_token": "wrong"}])
def test_a_staff_post_needs_its_token(client, data):
    token(client)
    typed = {**data, "name": "<Water>", "passphrase": "hidden words"}
    answer = client.post("/en/staff/gallery", data=typed, headers=NAMED)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "&lt;Water&gt;" in text
    assert "hidden words" not in text
    new = re.findall(r'name="csrf_token" value="([^"]+)"', text)
    again = client.post("/en/staff/gallery", data={"name": "x", "csrf_token": new}, headers=NAMED)
    assert (len(new), again.status_code) == (1, 422)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", "name=x"),
        ("application/json", "{}"),
        ("", "name=x"),
        ("multipart/form-data", "name=x"),
        ("application/x-www-form-urlencoded", "n" * 1000 + "=x"),
    ],
)
def test_what_is_no_form_of_ours_is_not_understood(client, kind, body):
    assert client.post("/en/gallery", data=body, content_type=kind).status_code == 400


def test_a_body_of_unknown_length_is_not_taken_for_an_empty_form(client):
    chunked = {"Transfer-Encoding": "chunked"}
    kind = "application/x-www-form-urlencoded"
    assert client.post("/en/gallery", headers=chunked, content_type=kind).status_code == 400


@pytest.mark.parametrize("path", ["/en/gallery", "/en/nowhere", "/en/staff/gallery"])
def test_another_host_is_not_answered_for(client, path):
    answer = client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(path, headers={"Host": "127.0.0.1:8000", **NAMED}).status_code in (200, 404)


def test_behind_a_proxy_the_address_people_type_is_our_origin(tmp_path):
    app = make(tmp_path, Profile.PRODUCTION, public_url="https://consult.example/")
    client = app.test_client()
    data = {"csrf_token": token(client)}
    ours = {**NAMED, "Origin": "https://consult.example"}
    assert client.post("/en/staff/gallery", data=data, headers=ours).status_code == 422
    theirs = {**NAMED, "Origin": "http://localhost"}
    assert client.post("/en/staff/gallery", data=data, headers=theirs).status_code == 403


def test_a_public_page_sets_no_cookie(client):
    assert "Set-Cookie" not in client.get("/en/gallery").headers
    assert "Set-Cookie" not in client.post("/en/gallery").headers
