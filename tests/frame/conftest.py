"""A small application that holds the frame alone, with a gallery of its components."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Blueprint, Flask, abort, render_template, request
from flask.testing import FlaskClient
from flask_login import LoginManager, UserMixin
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms import SelectChoice as Choice
from wtforms.validators import InputRequired, Length

from config.settings import Profile, Settings
from consult import clock
from consult.errors import BadInput, Busy, NotFound, NotNow
from consult.frame import forms, marks, menu, setup
from consult.frame.headers import preview
from consult.languages import messages
from consult.languages.messages import _l

REFUSALS = {"404": NotFound, "409": NotNow, "422": BadInput, "503": Busy}


class Person(UserMixin):
    """Somebody who is signed in, in a test."""

    def __init__(self, name: str) -> None:
        self.id, self.name = name, name
        self.standing = "administrator" if name == "administrator" else "member"


class GalleryForm(forms.Form):
    """One field of each kind."""

    name = StringField(
        _l("Name"),
        [
            InputRequired(_l("Enter a name.")),
            Length(max=8, message=_l("Use at most %(max)s letters.")),
        ],
        description=_l("A word or two."),
    )
    meaning = TextAreaField(_l("Meaning"))
    count = forms.NumberField(_l("Number of people"))
    day = forms.DayField(_l("Last day"))
    level = RadioField(
        _l("Risk"), choices=[Choice("low", _l("Low")), Choice("high", _l("High"))], default="low"
    )
    kinds = forms.CheckboxesField(
        _l("Kinds"), choices=[Choice("a", _l("Radio")), Choice("b", _l("Paper"))]
    )
    role = SelectField(_l("Role"), choices=[Choice("e", _l("Editor")), Choice("o", _l("Observer"))])


gallery = Blueprint("gallery", __name__, template_folder="templates")


@gallery.route("/<language:segment>/gallery", methods=["GET", "POST"])
@marks.public
def public_gallery():
    problems = [forms.Problem("age", "Enter a number."), forms.Problem("sex-0", "Choose one.")]
    wrong = "wrong" in request.args
    values = {"code": "1234 5678 9012 3456 7890", "many": 1234, "part": 0.25}
    page = render_template("public_gallery.html", problems=problems if wrong else [], **values)
    return page, 422 if wrong else 200


@gallery.route("/<language:segment>/staff/gallery", methods=["GET", "POST"])
@marks.signed_in
def staff_gallery():
    form = GalleryForm()
    form.validate_on_submit()
    return render_template(
        "staff_gallery.html", form=form, consultation=type("C", (), {"slug": "inclusive-peace"})
    ), form.status


@gallery.route("/<language:segment>/staff/rooms")
@marks.administrator
def rooms():
    return render_template("staff_gallery.html", form=GalleryForm())


@gallery.route("/<language:segment>/staff/preview")
@preview
@marks.signed_in
def shown_in_a_frame():
    return "seen"


@gallery.route("/<language:segment>/refuse/<kind>", methods=["GET", "POST"])
@gallery.route("/<language:segment>/staff/refuse/<kind>", methods=["GET", "POST"])
@marks.public
def refuse(kind):
    if kind in REFUSALS:
        raise REFUSALS[kind]("with a secret word")
    if kind == "locked":
        raise OperationalError("INSERT secret", {}, Exception("database is locked"))
    if kind == "guesses":
        raise TooManyRequests(retry_after=600)
    if kind == "fault":
        raise ZeroDivisionError("with a secret word")
    abort(int(kind))


@gallery.route("/x")
@marks.public
def leave():
    return "", 303, {"Location": "/en/nowhere"}


def make(tmp_path: Path, profile: Profile = Profile.TESTING, **changes) -> Flask:
    settings = Settings(profile=profile, instance=tmp_path, **changes)
    app = Flask("consult", static_folder=None)
    app.config["SECRET_KEY"] = "for tests"
    app.extensions.update(settings=settings, clock=clock.system)
    messages.install(app)
    everywhere = (menu.Entry(_l("Consultations")), menu.Entry(_l("People"), ("rooms",)))
    below = (menu.Entry(_l("Overview")), menu.Entry(_l("Answers"), ("submissions",)))
    setup.install(app, settings, menu.Menu(everywhere, below))
    login = LoginManager(app)
    login.user_loader(Person)
    login.request_loader(
        lambda asked: (name := asked.headers.get("X-Test-Person")) and Person(name)
    )
    app.register_blueprint(gallery)
    marks.check_marks(app)
    return app


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return make(tmp_path)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client
