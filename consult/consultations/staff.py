"""The staff pages of a consultation's people, of its opening and closing, and of the drill."""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consult import clock
from consult.consultations import access, approvals, lifecycle, members, opening, outline, versions
from consult.consultations.access import Permission, Unlocked, needs, unlocks
from consult.consultations.forms import (
    RISK_LEVELS,
    ROLES,
    STATES,
    AddForm,
    DaysForm,
    DrillForm,
    PressForm,
    SecondForm,
)
from consult.consultations.lifecycle import Act
from consult.consultations.models import Consultation, Role
from consult.db import reader, transaction
from consult.frame import addresses
from consult.frame.forms import Form
from consult.languages.locales import current
from consult.languages.messages import _
from consult.people import accounts, invitations
from consult.people.models import Standing
from consult.safekeeping import audit
from consult.safekeeping.models import Event
from consult.safekeeping.secrets import Secrets
from consult.safekeeping.words import NotAPaperKey

Step: TypeAlias = Callable[[Session, Secrets, Consultation, Act], None]

pages = Blueprint(
    "consultations",
    __name__,
    url_prefix="/<language:segment>/staff/<slug:slug>",
    template_folder="templates",
)


@pages.app_template_global("title_of")
def title_of(consultation: Consultation) -> str:
    """Give the title that stands over the links of a consultation's pages."""
    with reader() as session:
        return versions.title(session, consultation, current().id).text


@pages.get("/people")
@needs(Permission.GRANT)
def show_people(consultation: Consultation) -> ResponseReturnValue:
    """List who belongs to a consultation, and who waits for access."""
    with reader() as session:
        found = members.every(session, consultation)
    return render_template(
        "consultations/people.html", consultation=consultation, members=found, roles=ROLES
    )


@pages.route("/people/add", methods=["GET", "POST"])
@needs(Permission.INVITE)
def add_person(consultation: Consultation) -> ResponseReturnValue:
    """Give somebody a role; somebody new gets a link that works once."""
    form = AddForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                link = _add(session, consultation, form.name.data or "", Role(form.role.data))
        except members.AdministratorNeverReads:
            form.say_administrator()
        except members.HasARole:
            form.say_has_a_role()
        except accounts.BadName:
            form.say_bad_name()
        else:
            if link is None:
                return _to("show_people", consultation)
            return render_template(
                "consultations/invited.html",
                consultation=consultation,
                name=form.name.data,
                link=link,
            )
    page = render_template("consultations/add_person.html", form=form, consultation=consultation)
    return page, form.status


@pages.post("/people/<uid>/grant")
@unlocks(Permission.GRANT)
def grant(unlocked: Unlocked, uid: str) -> ResponseReturnValue:
    """Give a person who waits the consultation's keys."""
    consultation = unlocked.consultation
    if PressForm().validate_on_submit():
        with transaction() as session:
            person = accounts.by_uid(session, _uid(uid))
            waiting = members.find(session, consultation, person.id)
            if waiting is None:
                raise accounts.NoSuchPerson("not in this consultation")
            members.grant(
                session,
                access.server_keys(),
                consultation,
                unlocked.keys,
                person,
                waiting.role,
                granted_by=unlocked.person.id,
                at=clock.now(),
            )
            name = person.name
        flash(_("%(name)s can now read the answers.", name=name))
    return _to("show_people", consultation)


@pages.get("/questionnaire")
@needs(Permission.EDIT)
def show_questionnaire(consultation: Consultation) -> ResponseReturnValue:
    """Show all that is asked, in the language of the page, to be read before it is approved."""
    with reader() as session:
        held = session.get_one(Consultation, consultation.id)
        found = outline.read(session, held, current().id)
    return render_template(
        "consultations/questionnaire.html", consultation=consultation, outline=found
    )


@pages.get("/opening")
@needs(Permission.EDIT)
def show_opening(consultation: Consultation) -> ResponseReturnValue:
    """Show what is still missing before a consultation opens, or how it can be closed."""
    return _opening_page(consultation)


@pages.post("/opening/days")
@needs(Permission.EDIT)
def set_days(consultation: Consultation) -> ResponseReturnValue:
    """Set the first and the last day."""
    form = DaysForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                held = session.get_one(Consultation, consultation.id)
                lifecycle.set_days(session, held, *form.chosen())
        except lifecycle.BadDays:
            form.say_order()
        except lifecycle.FirstDayStays:
            form.say_has_begun()
        else:
            flash(_("The days are set."))
            return _to("show_opening", consultation)
    return _opening_page(consultation, days=form)


@pages.post("/opening/second")
@needs(Permission.EDIT)
def name_second(consultation: Consultation) -> ResponseReturnValue:
    """Name the second person whom risk level low takes."""
    form = SecondForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                held = session.get_one(Consultation, consultation.id)
                second = accounts.by_name(session, form.second_name.data or "")
                keys = access.server_keys()
                lifecycle.name_second(session, keys, held, second, _act(held))
        except (accounts.NoSuchPerson, lifecycle.SecondHerself):
            form.say_unknown()
        else:
            return _to("show_opening", consultation)
    return _opening_page(consultation, second=form)


@pages.post("/opening/approve")
@needs(Permission.APPROVE)
def approve(consultation: Consultation) -> ResponseReturnValue:
    """Say, as the second person, that questionnaire and translations may be asked."""
    approved = partial(lifecycle.approve, seen=request.form.get("seen"))
    return _step(consultation, approved, _("You have approved the questionnaire."))


@pages.post("/opening/open")
@needs(Permission.EDIT)
def open_up(consultation: Consultation) -> ResponseReturnValue:
    """Open a consultation."""
    return _step(consultation, lifecycle.open_up, _("The consultation is open."))


@pages.post("/opening/close")
@needs(Permission.EDIT)
def close(consultation: Consultation) -> ResponseReturnValue:
    """Close a consultation."""
    return _step(consultation, lifecycle.close, _("The consultation is closed."))


@pages.route("/drill", methods=["GET", "POST"])
@needs(Permission.EDIT)
def drill(consultation: Consultation) -> ResponseReturnValue:
    """Type a paper key whole, to prove that it opens the consultation."""
    form = DrillForm()
    valid, words = form.validate_on_submit(), form.taken()
    if valid:
        try:
            with transaction() as session:
                held = session.get_one(Consultation, consultation.id)
                keys = access.server_keys()
                number = lifecycle.drill(session, keys, held, words, _act(held))
        except NotAPaperKey:
            form.say_wrong()
        else:
            flash(
                _(
                    "Paper key %(number)s opens this consultation. It is forgotten here; put the "
                    "paper away.",
                    number=number,
                )
            )
            return _to("show_opening", consultation)
    page = render_template("consultations/drill.html", form=form, consultation=consultation)
    return page, form.status


def _add(session: Session, consultation: Consultation, name: str, role: Role) -> str | None:
    """Give a person a role; for somebody new, give the address of her one-time link."""
    person = accounts.find(session, name)
    if person is not None:
        members.add(session, consultation, person, role, granted_by=access.account().id)
        return None
    person = accounts.add(session, name, Standing.MEMBER)
    members.add(session, consultation, person, role, granted_by=access.account().id)
    token = invitations.invite(session, person, now=clock.now())
    audit.note(
        session,
        access.server_keys(),
        Event.INVITATION,
        actor=access.account().id,
        consultation=consultation.id,
        subject=f"person={person.id} role={role.value}",
        at=clock.now(),
    )
    return _site() + addresses.staff(current(), None, "invitation", token)


def _opening_page(
    consultation: Consultation,
    *,
    days: DaysForm | None = None,
    second: SecondForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    refused: Form | None = days or second
    with reader() as session:
        held = session.get_one(Consultation, consultation.id)
        view = opening.view(session, held, access.account().id, _act(held).today)
    page = render_template(
        "consultations/opening.html",
        consultation=consultation,
        view=view,
        address=_site() + addresses.form(current(), consultation.code),
        days=days or DaysForm(None, obj=consultation),
        second=second or SecondForm(None),
        problems=refused.problems if refused else [],
        states=STATES,
        levels=RISK_LEVELS,
    )
    return page, refused.status if refused else status


def _step(consultation: Consultation, step: Step, done: str) -> ResponseReturnValue:
    """Take a step of the lifecycle; what is missing is told by the page itself."""
    if not PressForm().validate_on_submit():
        return _to("show_opening", consultation)
    try:
        with transaction() as session:
            held = session.get_one(Consultation, consultation.id)
            step(session, access.server_keys(), held, _act(held))
    except (lifecycle.NotReady, lifecycle.WrongState, approvals.OwnRequest):
        with reader() as session:
            held = session.get_one(Consultation, consultation.id)
            session.expunge(held)
        return _opening_page(held, status=409)
    flash(done)
    return _to("show_opening", consultation)


def _act(consultation: Consultation) -> Act:
    return Act(access.account().id, clock.today(consultation.time_zone), clock.now())


def _to(view: str, consultation: Consultation) -> ResponseReturnValue:
    return redirect(url_for(f".{view}", slug=consultation.slug), 303)


def _site() -> str:
    """Give the address that people type, without a path."""
    return str(current_app.extensions["settings"].public_url or request.host_url).rstrip("/")


def _uid(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise accounts.NoSuchPerson("no person has this id") from None
