"""What staff see first: their consultations, and one of them at a glance."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from consult import clock
from consult.consultations import access, members, versions
from consult.consultations.access import Permission, Unlocked, needs
from consult.consultations.forms import ROLES, STATES
from consult.consultations.models import Consultation, Role
from consult.consultations.texts import Text
from consult.db import reader, transaction
from consult.desk import overview, turns
from consult.desk.overview import Overview
from consult.desk.turns import Turn
from consult.figures import words
from consult.frame.marks import signed_in
from consult.languages.locales import current
from consult.languages.messages import Lazy
from consult.people import sessions
from consult.people.models import Standing
from consult.reading import answers

pages = Blueprint(
    "desk", __name__, url_prefix="/<language:segment>/staff", template_folder="templates"
)


@dataclass(frozen=True)
class Card:
    """One consultation of the list."""

    consultation: Consultation
    title: Text
    state: Lazy
    role: Lazy
    active: bool
    days: str
    turns: list[Turn]


@pages.get("/")
@signed_in
def list_consultations() -> ResponseReturnValue:
    """List the person's consultations, each with its state and what it waits for."""
    with reader() as session:
        cards = [
            _card(session, consultation, role, active=active)
            for consultation, role, active in members.of_person(session, current_user.id)
        ]
        return render_template(
            "desk/consultations.html",
            cards=cards,
            administrator=current_user.standing is Standing.ADMINISTRATOR,
            may_make=current_user.standing is Standing.EDITOR,
        )


@pages.get("/<slug:slug>/")
@needs(Permission.SEE)
def show_overview(consultation: Consultation) -> ResponseReturnValue:
    """Show one consultation at a glance: numbers only to those who may read."""
    today = clock.today(consultation.time_zone)
    seen = _seen(consultation)
    with reader() as session:
        held = session.get_one(Consultation, consultation.id)
        everybody = members.every(session, held)
        role = next(one.role for one in everybody if one.person_id == current_user.id)
        return render_template(
            "desk/overview.html",
            consultation=held,
            consultation_name=versions.title(session, held, current().id).text,
            title=versions.title(session, held, current().id),
            state=STATES[held.state],
            listens=held.listens(today),
            days=turns.days(held, today),
            turns=turns.of(session, held, current_user.id, role, today),
            seen=seen[0] if seen else None,
            unreadable=seen[1] if seen else 0,
            members=everybody if seen else [],
            roles=ROLES,
            may={one.value for one in access.PERMISSIONS[role]},
            word=words.count,
            note_on_hidden=words.note_on_hidden,
        )


def _seen(consultation: Consultation) -> tuple[Overview, int] | None:
    """Give the numbers and how many submissions are unreadable, to somebody who may read."""
    if not access.has(access.account(), consultation, Permission.READ):
        return None
    held = sessions.current()
    with reader() as session:
        unlocked = access.unlock(
            session,
            access.account(),
            held.private_key,
            consultation.slug,
            Permission.READ,
            held.sitting,
        )
        found = answers.load(session, unlocked)
        seen = overview.look(session, unlocked, found, current())
    _note(unlocked, found.fresh)
    return seen, len(found.unreadable)


def _note(unlocked: Unlocked, fresh: int) -> None:
    if fresh:
        with transaction() as session:
            answers.note_bulk(session, access.server_keys(), unlocked, fresh, at=clock.now())


def _card(session: Session, consultation: Consultation, role: Role, *, active: bool) -> Card:
    today = clock.today(consultation.time_zone)
    return Card(
        consultation,
        versions.title(session, consultation, current().id),
        STATES[consultation.state],
        ROLES[role],
        active,
        turns.days(consultation, today),
        turns.of(session, consultation, current_user.id, role, today)
        if active
        else turns.of_pending(),
    )
