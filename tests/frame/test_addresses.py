"""Paths for any room, and the language in them."""

import pytest
from flask import url_for

from consult.frame import addresses
from consult.languages.locales import LANGUAGES


def test_paths_are_those_of_the_outside():
    dari = LANGUAGES["fa_AF"]
    assert addresses.home(dari) == "/fa-af/"
    assert addresses.form("fa_AF", "demo1") == "/fa-af/demo1"
    assert addresses.report("ps", "demo1") == "/ps/demo1/report"
    assert addresses.receipt("fr") == "/fr/receipt"
    assert addresses.safety("en") == "/en/safety"
    assert addresses.leave() == "/x"
    assert addresses.staff("en") == "/en/staff/"
    assert (
        addresses.staff("en", "inclusive-peace", "opening") == "/en/staff/inclusive-peace/opening"
    )
    assert addresses.staff("en", None, "sign-in") == addresses.sign_in("en") == "/en/staff/sign-in"
    with pytest.raises(ValueError, match="tlh"):
        addresses.home("tlh")


@pytest.mark.parametrize(
    ("path", "staff"),
    [
        ("/en/staff", True),
        ("/fa-af/staff/x/y", True),
        ("/en/staffroom", False),
        ("/xx/staff/", False),
        ("/staff", False),
        ("/", False),
        ("/en/demo1/staff", False),
    ],
)
def test_staff_paths_are_told_apart(path, staff):
    assert addresses.is_staff(path) is staff


def test_the_same_page_in_another_language():
    assert addresses.other_language("/en/demo1/report", "ps") == "/ps/demo1/report"
    assert addresses.other_language("/en/", "fa_AF") == "/fa-af/"
    assert addresses.other_language("/x", "fr") == "/fr/"


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/prs", "/fa-af/"),
        ("/dari/", "/fa-af/"),
        ("/fa/demo1/report", "/fa-af/demo1/report"),
        ("/prs/staff/sign-in?next=%2Fa", "/fa-af/staff/sign-in?next=%2Fa"),
    ],
)
def test_other_names_of_dari_lead_to_its_address(client, path, to):
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, to)


def test_a_room_names_its_endpoints_without_the_language(app):
    with app.test_request_context("/ps/gallery"):
        assert url_for("gallery.staff_gallery") == "/ps/staff/gallery"
        assert url_for("gallery.staff_gallery", segment="en") == "/en/staff/gallery"


@pytest.mark.parametrize(
    ("code", "known"),
    [("demo1", True), ("12345", True), ("staff", False), ("demo12", False), ("Demo1", True)],
)
def test_a_code_is_never_a_word_of_a_path(app, code, known):
    app.add_url_rule("/<language:segment>/<code:code>", "form", lambda code: code)
    assert (app.test_client().get(f"/en/{code}").status_code == 200) is known
