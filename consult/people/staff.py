"""The staff pages of signing in, of one's own account, and of the people of an installation."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from sqlalchemy.orm import Session
from werkzeug.routing import MapAdapter

from consult import clock
from consult.db import database, reader, transaction
from consult.frame import addresses
from consult.frame.marks import administrator, public, signed_in
from consult.languages.locales import current
from consult.languages.messages import _
from consult.people import (
    accounts,
    destinations,
    invitations,
    kept,
    own_keys,
    passphrases,
    sessions,
    sign_in,
)
from consult.people.forms import (
    STANDING_NAMES,
    ChangeForm,
    InvitationForm,
    InviteForm,
    PressForm,
    SecondForm,
    SignInForm,
)
from consult.people.models import Person, Standing
from consult.people.own_keys import Keeping
from consult.safekeeping import audit, words
from consult.safekeeping.models import Event

pages = Blueprint(
    "people", __name__, url_prefix="/<language:segment>/staff", template_folder="templates"
)
# Pages that somebody without a session sends forms to.
OPEN = {"people.show_sign_in", "people.set_passphrase", "people.sign_out"}


@pages.before_app_request
def stop_on_arrival() -> ResponseReturnValue | None:
    """Let a link from another site lead to a page that sets nothing and asks for a press.

    A browser sends a strict cookie only from our own pages: whoever is signed in would be given
    another one here, and so be signed out by any link.
    """
    from_elsewhere = request.method == "GET" and addresses.is_staff(request.path)
    if not from_elsewhere or not sessions.arrives_without_cookie():
        return None
    return render_template("people/arrive.html", path=addresses.whole(request))


@pages.before_app_request
def keep_what_was_typed() -> ResponseReturnValue | None:
    """Answer a form whose session has ended with the sign-in page, which holds what it held."""
    # Set once the token has been proven: the cookie's half outlives the session.
    ours = g.get("csrf_valid", False)
    if not ours or request.endpoint is None or request.endpoint in OPEN:
        return None
    if current_user.is_authenticated:
        return None
    page = _sign_in_page(SignInForm(None), request.path, kept.typed(request.form), ended=True)
    return page, 409


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def show_sign_in() -> ResponseReturnValue:
    """Sign in."""
    then = request.args.get("next", "")
    if request.method == "GET" and current_user.is_authenticated:
        return _onward(then)
    form = SignInForm()
    if form.validate_on_submit():
        try:
            opened = sign_in.check(
                database(),
                form.name.data or "",
                form.passphrase.data or "",
                keeping=_keeping(),
                now=clock.now(),
            )
        except sign_in.NotRight:
            form.say_not_right()
        else:
            return _enter(opened, then)
    return _sign_in_page(form, then, kept.returned(request.form)), form.status


@pages.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this session, here and on the server."""
    logout_user()
    sessions.current().end()
    return redirect(addresses.sign_in(current()), 303)


@pages.route("/invitation/<token>", methods=["GET", "POST"])
@public
def set_passphrase(token: str) -> ResponseReturnValue:
    """Set one's own passphrase, behind a link that works once."""
    with reader() as session:
        invited = invitations.find(session, token, now=clock.now())
    form = InvitationForm()
    if form.validate_on_submit() and form.agrees():
        if fault := passphrases.fault(form.chosen(), name=invited.name):
            form.say_fault(fault)
        else:
            key = own_keys.make(invited.uid, form.chosen(), _keeping())
            with transaction() as session:
                person = invitations.accept(session, token, key, now=clock.now())
                _note(session, Event.NEW_KEY, person, actor=person.id)
            return render_template("people/passphrase_set.html", name=invited.name)
    page = render_template(
        "people/invitation.html", form=form, name=invited.name, proposed=_proposed(form)
    )
    return page, form.status


@pages.get("/account")
@signed_in
def show_account() -> ResponseReturnValue:
    """Show one's own account."""
    return render_template(
        "people/account.html",
        account=current_user,
        standing=STANDING_NAMES[current_user.standing],
        failed_before=sessions.current().get("failed_before", 0),
        form=PressForm(None),
    )


@pages.route("/account/passphrase", methods=["GET", "POST"])
@signed_in
def change_passphrase() -> ResponseReturnValue:
    """Change one's own passphrase."""
    form = ChangeForm()
    if form.validate_on_submit() and form.agrees():
        if fault := passphrases.fault(form.chosen(), name=current_user.name):
            form.say_fault(fault)
        elif opened := _proven(current_user.name, form.current_passphrase.data or ""):
            return _changed(form, opened)
        else:
            form.say_not_right()
    page = render_template("people/change_passphrase.html", form=form, proposed=_proposed(form))
    return page, form.status


@pages.post("/account/sessions/end")
@signed_in
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere."""
    with transaction() as session:
        accounts.end_sessions(session, session.get_one(Person, current_user.id))
    logout_user()
    sessions.current().end()
    return redirect(addresses.sign_in(current()), 303)


@pages.get("/people")
@administrator
def list_people() -> ResponseReturnValue:
    """List everybody with an account."""
    with reader() as session:
        living = accounts.living(session)
        return render_template("people/people.html", people=living, standings=STANDING_NAMES)


@pages.route("/people/invite", methods=["GET", "POST"])
@administrator
def invite() -> ResponseReturnValue:
    """Invite somebody: her name goes in, a link that works once comes out."""
    form = InviteForm()
    if form.validate_on_submit():
        standing = Standing(form.standing.data)
        if standing is not Standing.ADMINISTRATOR or _second_agrees(form):
            try:
                with transaction() as session:
                    person = accounts.add(session, form.name.data or "", standing)
                    link = _link(session, person)
                    name = person.name
            except accounts.NameTaken:
                form.say_name_taken()
            except accounts.BadName:
                form.say_bad_name()
            else:
                return render_template("people/invited.html", name=name, link=link)
    return render_template("people/invite.html", form=form), form.status


@pages.route("/people/<uid>/invitation", methods=["GET", "POST"])
@administrator
def invite_again(uid: str) -> ResponseReturnValue:
    """Give a person a new link, because hers ran out or her passphrase is forgotten."""
    name, standing = _named(uid)
    form = SecondForm()
    if form.validate_on_submit() and _may_go_on(form, standing):
        with transaction() as session:
            link = _link(session, _person(session, uid))
        return render_template("people/invited.html", name=name, link=link)
    page = render_template(
        "people/invite_again.html", form=form, name=name, takes_two=_takes_two(standing)
    )
    return page, form.status


@pages.route("/people/<uid>/remove", methods=["GET", "POST"])
@administrator
def remove(uid: str) -> ResponseReturnValue:
    """Remove a person, with all her access, at once."""
    name, standing = _named(uid)
    form = SecondForm()
    if form.validate_on_submit() and _may_go_on(form, standing):
        with transaction() as session:
            person = _person(session, uid)
            accounts.remove(session, person)
            _note(session, Event.REMOVAL, person, actor=current_user.id)
        return redirect(addresses.staff(current(), None, "people"), 303)
    page = render_template(
        "people/remove.html", form=form, name=name, takes_two=_takes_two(standing)
    )
    return page, form.status


def _sign_in_page(form: SignInForm, then: str, fields: kept.Fields, *, ended: bool = False) -> str:
    action = addresses.sign_in(current(), then or None)
    return render_template(
        "people/sign_in.html",
        form=form,
        action=action,
        fields=[(kept.PREFIX + name, value) for name, value in fields],
        ended=ended,
    )


def _enter(opened: sign_in.Opened, then: str) -> ResponseReturnValue:
    """Begin a session; a passphrase that others know leads only to setting her own."""
    if opened.must_set:
        with transaction() as session:
            person = session.get_one(Person, opened.person_id)
            token = invitations.invite(session, person, now=clock.now())
        return redirect(_invitation(token), 303)
    login_user(sessions.current().begin(opened))
    fields = kept.returned(request.form)
    if fields and (again := destinations.known(then, _routes(), method="POST")):
        return render_template("people/go_on.html", action=again, fields=fields)
    return _onward(then)


def _onward(then: str) -> ResponseReturnValue:
    return redirect(destinations.known(then, _routes()) or addresses.staff(current()), 303)


def _changed(form: ChangeForm, opened: sign_in.Opened) -> ResponseReturnValue:
    """Seal the same key anew, or under suspicion make another one and sign out everywhere."""
    if form.suspicion.data:
        key = own_keys.make(opened.uid, form.chosen(), _keeping())
        with transaction() as session:
            person = session.get_one(Person, opened.person_id)
            accounts.give_key(session, person, key)
            _note(session, Event.NEW_KEY, person, actor=person.id)
        logout_user()
        sessions.current().end()
        return render_template("people/passphrase_set.html", name=opened.name)
    blob = own_keys.sealed(opened.uid, opened.private_key, form.chosen(), _keeping())
    with transaction() as session:
        person = session.get_one(Person, opened.person_id)
        accounts.change_seal(session, person, blob)
        accounts.end_sessions(session, person)
    login_user(sessions.current().begin(opened))
    flash(_("Your passphrase is changed. You are signed out everywhere else."))
    return redirect(addresses.staff(current(), None, "account"), 303)


def _proven(name: str, passphrase: str) -> sign_in.Opened | None:
    try:
        return sign_in.prove(database(), name, passphrase, keeping=_keeping(), now=clock.now())
    except sign_in.NotRight:
        return None


def _may_go_on(form: SecondForm, standing: Standing) -> bool:
    return not _takes_two(standing) or _second_agrees(form)


def _takes_two(standing: Standing) -> bool:
    return standing is Standing.ADMINISTRATOR


def _second_agrees(form: SecondForm) -> bool:
    """Whether another administrator stands by, with name and passphrase (SAFETY 2.8)."""
    if not form.second_name.data:
        form.say_second_missing()
        return False
    second = _proven(form.second_name.data, form.second_passphrase.data or "")
    if (
        second is None
        or second.must_set
        or second.standing is not Standing.ADMINISTRATOR
        or second.person_id == current_user.id
    ):
        form.say_second_not_right()
        return False
    g.second_administrator = second.person_id
    return True


def _link(session: Session, person: Person) -> str:
    """Make the one link of a person, note it, and give its whole address."""
    token = invitations.invite(session, person, now=clock.now())
    _note(session, Event.INVITATION, person, actor=current_user.id)
    site = current_app.extensions["settings"].public_url or request.host_url
    return str(site).rstrip("/") + _invitation(token)


def _invitation(token: str) -> str:
    return addresses.staff(current(), None, "invitation", token)


def _note(session: Session, event: Event, person: Person, *, actor: int) -> None:
    second = g.get("second_administrator")
    audit.note(
        session,
        current_app.extensions["secrets"],
        event,
        actor=actor,
        subject=f"person={person.id}" + (f" second={second}" if second else ""),
        at=clock.now(),
    )


def _named(uid: str) -> tuple[str, Standing]:
    with reader() as session:
        person = _person(session, uid)
        return person.name, person.standing


def _person(session: Session, uid: str) -> Person:
    try:
        return accounts.by_uid(session, bytes.fromhex(uid))
    except ValueError:
        raise accounts.NoSuchPerson("There is no such person.") from None


def _proposed(form: InvitationForm | ChangeForm) -> str:
    """Give the words that are proposed: the same ones while a person mends what was refused."""
    shown = request.form.get("proposed_words", "")
    ours = shown and all(word in words.WORDS for word in shown.split())
    return shown if form.is_submitted() and ours else words.passphrase()


def _keeping() -> Keeping:
    extensions = current_app.extensions
    return Keeping.of(extensions["settings"], extensions["secrets"])


def _routes() -> MapAdapter:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        raise RuntimeError("no request")
    return adapter
