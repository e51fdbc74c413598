"""What the program is made of: every room that has pages or commands is named here."""

import os
from collections.abc import Callable, Iterable
from typing import Any

import click
from flask import Blueprint, Flask
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from config.settings import BadSetting, Face, Profile, Settings, load
from consult import clock as clocks
from consult.clock import Clock
from consult.consultations import access
from consult.consultations.access import Permission
from consult.db import Database
from consult.demo.banner import Banner
from consult.frame import marks, setup
from consult.frame.menu import Entry, Menu
from consult.languages import messages
from consult.languages.messages import _l
from consult.people import sessions
from consult.people.models import Standing
from consult.safekeeping import secrets


def create_app(settings: Settings | None = None, *, clock: Clock = clocks.system) -> Flask:
    """Build the application. Raises `BadSetting` where a setting is wrong or unsafe."""
    settings = settings or load()
    if problems := settings.problems():
        raise BadSetting("; ".join(problems))
    os.umask(0o077)
    app = Flask("consult", static_folder=None, template_folder=None)
    app.testing = settings.profile is Profile.TESTING
    database, keys = _database(settings), _secrets(settings)
    # Flask-WTF asks for it; without the installation secret no page has a form anyway.
    app.secret_key = keys.key("form-token") if keys else None
    app.extensions.update(
        settings=settings,
        clock=clock,
        database=database,
        secrets=keys,
        banner=Banner(database),
    )
    messages.install(app, default=settings.default_language)
    setup.install(app, settings, _menu())
    if settings.face is not Face.STAFF:
        _register(app, _public_pages())
    sessions.install(app, staff=settings.face is not Face.PUBLIC)
    if settings.face is not Face.PUBLIC:
        _register(app, _staff_pages())
    for group in _commands(settings.face):
        app.cli.add_command(group)
    marks.check_marks(app)
    return app


def _database(settings: Settings) -> Database:
    try:
        return Database(settings.database)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise BadSetting("DATABASE_URL is no address of SQLite or PostgreSQL") from error


def _secrets(settings: Settings) -> secrets.Secrets | None:
    """Give the server keys, or nothing before `flask init` has made them."""
    made = secrets.path(settings.instance).exists()
    return secrets.load(settings.instance) if made else None


def _menu() -> Menu:
    """Give the links at the head of the staff pages, and for whom each is."""

    def may(permission: Permission) -> Callable[[Any, Any], bool]:
        return lambda person, consultation: access.has(person, consultation, permission)

    def administers(person: Any, _consultation: Any) -> bool:
        return bool(person.standing is Standing.ADMINISTRATOR)

    return Menu(
        everywhere=(
            Entry(_l("Consultations")),
            Entry(_l("People"), ("people",), administers),
            Entry(_l("Your account"), ("account",)),
        ),
        consultation=(
            Entry(_l("Overview")),
            Entry(_l("Opening"), ("opening",), may(Permission.EDIT)),
            Entry(_l("Submissions"), ("submissions",), may(Permission.READ)),
            Entry(_l("Figures"), ("figures",), may(Permission.SEE)),
            Entry(_l("Quotes"), ("quotes",), may(Permission.QUOTE)),
            Entry(_l("Briefing"), ("briefing",), may(Permission.WRITE)),
            Entry(_l("Report-back"), ("report-back",), may(Permission.PUBLISH)),
            Entry(_l("People"), ("people",), may(Permission.INVITE)),
        ),
    )


def _register(app: Flask, blueprints: Iterable[Blueprint]) -> None:
    for blueprint in blueprints:
        app.register_blueprint(blueprint)


def _public_pages() -> list[Blueprint]:
    from consult.answering import public as answering
    from consult.follow_up import public as follow_up
    from consult.upkeep import public as upkeep

    return [answering.pages, follow_up.pages, upkeep.pages]


def _staff_pages() -> list[Blueprint]:
    from consult.briefings import staff as briefings
    from consult.consultations import staff as consultations
    from consult.desk import staff as desk
    from consult.figures import staff as figures
    from consult.follow_up import staff as follow_up
    from consult.people import staff as people
    from consult.reading import staff as reading

    rooms = [desk, reading, figures, briefings, follow_up, consultations, people]
    return [room.pages for room in rooms]


def _commands(face: Face) -> list[click.Command]:
    """Give the commands; a public process has the operator's alone, so that it can read nothing."""
    from consult.upkeep import commands as upkeep

    if face is Face.PUBLIC:
        return upkeep.COMMANDS
    from consult.authoring import commands as authoring
    from consult.briefings import commands as briefings
    from consult.consultations import commands as consultations
    from consult.demo import commands as demo
    from consult.figures import commands as figures
    from consult.submissions import commands as submissions
    from consult.translating import commands as translating

    authoring.add_to(consultations.consultations)
    return [
        *upkeep.COMMANDS,
        consultations.users,
        consultations.consultations,
        submissions.submissions,
        figures.tally,
        briefings.briefing,
        translating.translations,
        demo.demo,
    ]
