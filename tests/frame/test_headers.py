"""The four header sets, on pages, redirects, errors and files."""

import pytest

from config.settings import Profile
from consult.frame.static import files, static_url
from tests.frame.conftest import make

P = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
F = (
    "accelerometer=(), camera=(), clipboard-read=(), clipboard-write=(), display-capture=(), "
    "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "publickey-credentials-get=(), usb=()"
)
ALL = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}
PAGE = {
    **ALL,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cache-Control": "no-store",
}
PUBLIC = {
    **PAGE,
    "Content-Security-Policy": P,
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": F.replace("clipboard-write=()", "clipboard-write=(self)"),
}
STAFF = {
    **PAGE,
    "Content-Security-Policy": P + "; frame-src 'self'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": F,
}
PREVIEW = {
    **STAFF,
    "Content-Security-Policy": P.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "X-Frame-Options": "SAMEORIGIN",
}
STATIC = {
    **ALL,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, max-age=31536000, immutable",
    "Permissions-Policy": F,
}
EVERY = {*PUBLIC, "Strict-Transport-Security", "Clear-Site-Data"}
NAMED = {"X-Test-Person": "amina"}


def sent(answer):
    return {name: value for name, value in answer.headers.items() if name in EVERY}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/en/gallery", 200),
        ("GET", "/en/nowhere", 404),
        ("GET", "/static/nowhere.css", 404),
        ("DELETE", "/en/gallery", 405),
        ("OPTIONS", "/en/gallery", 200),
        ("GET", "/dari/gallery", 303),
        ("GET", "/en/refuse/409", 409),
        ("GET", "/en/refuse/422", 422),
        ("GET", "/en/refuse/guesses", 429),
        ("GET", "/en/refuse/locked", 503),
        ("POST", "/en/refuse/503", 503),
    ],
)
def test_public_pages_and_their_errors_send_the_public_set(client, method, path, status):
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert sent(answer) == PUBLIC


@pytest.mark.parametrize(
    ("path", "status"),
    [("/ps/staff/gallery", 200), ("/ps/staff/nowhere", 404), ("/ps/staff/refuse/500", 500)],
)
def test_staff_pages_and_their_errors_send_the_staff_set(client, path, status):
    answer = client.get(path, headers=NAMED)
    assert answer.status_code == status
    assert sent(answer) == STAFF


def test_a_preview_may_be_framed_by_ourselves_alone(client):
    assert sent(client.get("/en/staff/preview", headers=NAMED)) == PREVIEW


def test_an_error_that_nobody_foresaw_sends_the_set_too(tmp_path):
    app = make(tmp_path, Profile.DEVELOPMENT)
    answer = app.test_client().get("/en/refuse/fault")
    assert answer.status_code == 500
    assert sent(answer) == PUBLIC


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_file_may_be_kept_for_a_year_and_does_nothing_by_itself(client, method):
    answer = client.open(static_url("page.css"), method=method)
    assert answer.status_code == (405 if method == "POST" else 200)
    assert sent(answer) == STATIC


def test_leaving_clears_what_can_be_cleared(client):
    answer = client.get("/x")
    assert answer.status_code == 303
    assert sent(answer) == {**PUBLIC, "Clear-Site-Data": '"cache", "cookies", "storage"'}


@pytest.mark.parametrize("path", ["/en/gallery", "/en/nowhere", static_url("page.css")])
def test_production_asks_for_https_for_a_year(tmp_path, path):
    app = make(tmp_path, Profile.PRODUCTION, public_url="https://consult.example")
    answer = app.test_client().get(path)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_files_travel_packed_and_are_asked_for_once(client, coding):
    answer = client.get(static_url("page.css"), headers={"Accept-Encoding": coding})
    assert answer.headers["Content-Encoding"] == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert (
        len(answer.data) == int(answer.headers["Content-Length"]) < len(files()["page.css"].plain)
    )
    again = client.get(static_url("page.css"), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_what_a_page_fetches_first_is_small():
    style, script = files()["page.css"].contents, files()["js/exit.js"].contents
    fonts = [file.plain for name, file in files().items() if name.endswith(".woff2")]
    assert len(style["gzip"]) < 6000
    assert len(script["gzip"]) < 1000
    assert sum(map(len, fonts)) < 30_000


def test_styles_name_only_our_own_hashed_files():
    for name in ("page.css", "staff.css"):
        style = files()[name].plain.decode()
        urls = [part.split(")")[0].strip('"') for part in style.split("url(")[1:]]
        assert set(urls) <= {file.url for file in files().values()}
        assert "@import" not in style


def test_styles_turn_round_by_themselves():
    for name in ("page.css", "staff.css"):
        style = files()[name].plain.decode().replace(":root", "")
        for side in ("left", "right"):
            assert side not in style.replace("copyright", ""), name
