"""Saying no: a page in the reader's language, or one line and exit 1."""

import logging

import click
import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy.exc import OperationalError

from config.settings import Profile
from consult.errors import BadInput
from consult.frame.refusals import Command, Commands
from tests.frame.conftest import make

LANGUAGES = {
    "en": ("en", "ltr"),
    "fr": ("fr", "ltr"),
    "fa-af": ("fa-AF", "rtl"),
    "ps": ("ps", "rtl"),
}
KINDS = ["400", "403", "404", "405", "409", "413", "422", "429", "500", "503"]


def read(answer):
    page = LexborHTMLParser(answer.get_data(as_text=True))
    root = page.css_first("html")
    return page, (root.attributes["lang"], root.attributes["dir"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("segment", LANGUAGES)
@pytest.mark.parametrize("below", ["", "staff/"])
def test_each_refusal_is_a_page_in_the_language_of_its_address(client, segment, kind, below):
    answer = client.get(f"/{segment}/{below}refuse/{kind}")
    page, written = read(answer)
    assert answer.status_code == int(kind)
    assert written == LANGUAGES[segment]
    assert page.css_first("h1").text() == page.css_first("title").text()
    assert page.css_first("main .lead").text().strip()
    assert page.css_first("main a.button").attributes["href"] == f"/{segment}/{below}"
    assert "secret" not in page.html


def test_an_address_without_a_language_answers_in_the_one_the_browser_asks_for(client):
    answer = client.get("/nowhere", headers={"Accept-Language": "prs-AF,prs;q=0.9,en;q=0.7"})
    assert read(answer)[1] == ("fa-AF", "rtl")
    assert read(client.get("/nowhere"))[1] == ("en", "ltr")


def test_a_page_that_is_not_there_is_none_in_any_method(client):
    assert client.post("/en/nowhere").status_code == 404
    assert client.post("/en/staff/nowhere").status_code == 404
    answer = client.delete("/en/gallery")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("kind", ["503", "locked"])
def test_what_could_not_be_saved_is_still_in_the_page_and_can_be_sent_again(client, kind):
    typed = [("water", "wells"), ("water", "<b>"), ("go", "next"), ("passphrase", "hidden words")]
    answer = client.post(f"/ps/refuse/{kind}", data=_pairs(typed))
    page, _ = read(answer)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    kept = [(f.attributes["name"], f.attributes["value"]) for f in page.css("main form input")]
    assert kept == typed[:3]
    assert page.css_first("main form button") is not None


def test_wrong_guesses_say_when_to_come_back(client):
    assert client.get("/en/refuse/guesses").headers["Retry-After"] == "600"


def test_a_fault_is_logged_by_its_place_and_nothing_of_its_content(tmp_path, caplog):
    app = make(tmp_path, Profile.DEVELOPMENT)
    with caplog.at_level(logging.DEBUG):
        app.test_client().post("/en/refuse/fault", data={"a": "needle"})
        app.test_client().get("/en/refuse/locked")
    assert "ZeroDivisionError" in caplog.text
    assert "conftest.py" in caplog.text
    assert "secret" not in caplog.text
    assert "needle" not in caplog.text


@pytest.mark.parametrize(
    "body",
    ["a=" + "x" * 262_144, "&".join(f"k{n}=v" for n in range(1001))],
    ids=["256 kB", "1,001 parts"],
)
@pytest.mark.parametrize("path", ["/en/gallery", "/en/staff/gallery"])
def test_a_body_that_is_too_large_is_refused(client, path, body):
    kind = "application/x-www-form-urlencoded"
    answer = client.post(path, data=body, content_type=kind)
    assert answer.status_code == 413
    assert read(answer)[1] == ("en", "ltr")


def test_a_body_that_is_too_large_is_called_so_whatever_its_kind(client):
    answer = client.post("/en/gallery", data="x" * 262_145, content_type="application/json")
    assert answer.status_code == 413


def _pairs(typed):
    from werkzeug.datastructures import MultiDict

    return MultiDict(typed)


def _commands():
    group = Commands("things")

    @group.command("add")
    @click.argument("name")
    def add(name: str) -> None:
        if name == "locked":
            raise OperationalError("INSERT secret", {"x": "secret"}, Exception("is locked"))
        if name == "bad":
            raise BadInput("line 3:\n no such language")
        click.echo(f"{name} added")

    return group


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["things", "add", "bad"], "Error: line 3: no such language"),
        (["things", "add", "locked"], "Error: the database answers: is locked"),
        (["things", "add"], "Error: Missing argument 'NAME'."),
        (["things", "subtract"], "Error: No such command 'subtract'."),
        (["alone"], "Error: not like this"),
    ],
)
def test_a_command_refuses_in_one_line_with_exit_1(app, arguments, line):
    app.cli.add_command(_commands())

    @app.cli.command("alone", cls=Command)
    def alone() -> None:
        raise BadInput("not like this")

    done = app.test_cli_runner().invoke(args=arguments)
    assert (done.exit_code, done.stderr, done.stdout) == (1, line + "\n", "")


def test_a_command_that_works_exits_0(app):
    app.cli.add_command(_commands())
    done = app.test_cli_runner().invoke(args=["things", "add", "one"])
    assert (done.exit_code, done.stdout) == (0, "one added\n")
    assert app.test_cli_runner().invoke(args=["things", "--help"]).exit_code == 0
