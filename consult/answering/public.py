"""The respondent's pages: one address for the whole form, complete without script and cookie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from config.settings import Settings
from consult import clock
from consult.answering import shown, state, steps
from consult.answering.floods import Floods
from consult.answering.page_keys import PageKeys
from consult.answering.state import CHECK, CONSENT, FormState, Key
from consult.consultations import access, lookup, texts, versions
from consult.consultations.models import Consultation
from consult.consultations.models import State as Stage
from consult.consultations.texts import ContentTexts
from consult.db import reader, transaction
from consult.errors import NotFound, NotNow
from consult.frame import addresses
from consult.frame.marks import public
from consult.languages import locales
from consult.languages.locales import LANGUAGES, Language
from consult.languages.messages import _
from consult.questionnaires.answers import Refusal
from consult.questionnaires.structure import Definition
from consult.submissions import inbox, receipts
from consult.submissions.inbox import Channel, Closed, Sending, Sent
from consult.submissions.models import Submission

pages = Blueprint("answering", __name__, template_folder="templates")
FORM = "/<language:segment>/<code:code>"
CONSENT_WORDING = 1
NOT_ANSWERS = {"state", "go", "receipt"}


@pages.record_once
def _count(setup: BlueprintSetupState) -> None:
    """Give the application its counts of sends and guesses, and its keys of the day."""
    extensions = setup.app.extensions
    extensions["floods"] = Floods(extensions["settings"])
    extensions["page_keys"] = PageKeys(extensions["database"])


@dataclass(frozen=True)
class Setting:
    """What every step needs to know about where it is: consultation, day, language, questions."""

    consultation: Consultation
    today: date
    language: Language
    key: Key
    definition: Definition
    texts: ContentTexts

    def address(self, language: Language) -> str:
        """Give the form's address in a language."""
        return addresses.form(language, self.consultation.code)

    @property
    def languages(self) -> list[Language]:
        """The languages that the form is offered in."""
        return [LANGUAGES[name] for name in LANGUAGES if name in self.consultation.locales]


@pages.get("/")
@public
def choose_language() -> ResponseReturnValue:
    """Lead to the list of open consultations in a language that the browser asks for."""
    settings: Settings = current_app.extensions["settings"]
    accepted = request.headers.get("Accept-Language")
    answer = redirect(addresses.home(locales.choose(accepted, settings.default_language)), 303)
    answer.headers["Vary"] = "Accept-Language"
    return answer


@pages.get("/<language:segment>/")
@public
def home() -> ResponseReturnValue:
    """List the open consultations that chose to be listed."""
    language = locales.current()
    with reader() as session:
        found = []
        for consultation in lookup.listed(session):
            if consultation.listens(clock.today(consultation.time_zone)):
                version = versions.current(session, consultation)
                titles = texts.load(session, consultation, version, language.id)
                found.append((consultation.code, titles.get("c.title"), consultation.closes_on))
    return render_template("answering/home.html", consultations=found)


@pages.get("/x")
@public
def leave() -> ResponseReturnValue:
    """Leave for a neutral site at once."""
    settings: Settings = current_app.extensions["settings"]
    return redirect(settings.exit_address, 303)


@pages.get("/<language:segment>/safety")
@public
def safety() -> ResponseReturnValue:
    """Say how to stay safe, and what nobody here can protect from."""
    return render_template("answering/safety.html")


@pages.get(FORM)
@public
def begin(code: str) -> ResponseReturnValue:
    """Show the introduction of a form, or say that it is closed."""
    _floods().refuse_without_disk()
    with reader() as session:
        consultation = lookup.by_code(session, code)
        today = clock.today(consultation.time_zone)
        if not consultation.listens(today):
            return _not_listening(session, consultation, today)
        language = locales.current()
        if language.id not in consultation.locales:
            source = LANGUAGES[consultation.source_locale]
            return redirect(addresses.form(source, code), 303)
        version = versions.current(session, consultation)
        here = _setting(session, consultation, version.id, _key())
        return _show(here, state.begin(version.id, today))


@pages.get(f"{FORM}/")
@public
def without_slash(code: str) -> ResponseReturnValue:
    """Lead from an address that was typed with a slash at its end to the form."""
    return redirect(addresses.form(locales.current(), code), 303)


@pages.post(FORM)
@public
def step(code: str) -> ResponseReturnValue:
    """Take one step of a form: any button, whatever was typed."""
    try:
        return _step(code)
    except (state.Damaged, state.Expired, Closed) as error:
        return _stopped(code, error)


def _step(code: str) -> ResponseReturnValue:
    go = request.form.get("go", "")
    with reader() as session:
        consultation = lookup.by_code(session, code)
        today = clock.today(consultation.time_zone)
        if go == "kept":
            return _kept(consultation)
        sealed = request.form.get("state", "")
        form = state.unseal(sealed, _accepted(sealed), consultation.uid)
        if sent := inbox.already_sent(
            session, form.token, secrets=access.server_keys(), today=today
        ):
            return _receipt(consultation, sent)
        form.check_age(today)
        if not consultation.listens(today, begun_on=form.begun_on):
            raise Closed("the consultation is closed")
        here = _setting(session, consultation, form.version_id, _key())
        typed = {name: request.form.getlist(name) for name in request.form}
        outcome = steps.press(here.definition, form, go, typed, consultation.offers)
        if not outcome.sends:
            return _show(here, outcome.state, outcome.refusals)
        sending = _sending(here, outcome.state)
    with transaction() as session:
        consultation = lookup.by_code(session, code)
        sent = inbox.receive(
            session, consultation, sending, secrets=access.server_keys(), today=today
        )
    return _receipt(consultation, sent)


@pages.get("/<language:segment>/receipt")
@public
def come_back() -> ResponseReturnValue:
    """Ask for a receipt code."""
    return render_template("answering/come_back.html", typed="")


@pages.post("/<language:segment>/receipt")
@public
def look_up() -> ResponseReturnValue:
    """Say what became of the submission with a receipt code; never what it says."""
    typed = request.form.get("code", "")
    with reader() as session:
        try:
            found = receipts.find(session, typed, access.server_keys())
        except receipts.UnknownCode:
            return _unknown(typed)
        return _status(session, found)


def _unknown(typed: str) -> ResponseReturnValue:
    """Say that a code is not known; from an address with too many of them, to wait.

    A right code is never turned away: many share one mobile address (decision 2).
    """
    floods, now = _floods(), clock.now().timestamp()
    if not floods.guesses.count(floods.address(), now):
        answer = make_response(render_template("answering/too_many.html"), 429)
        answer.headers["Retry-After"] = str(floods.guesses.seconds_left(now))
        return answer
    wrong = shown.Problem(_("We do not know this code. Check each digit."), "code")
    return render_template("answering/come_back.html", typed=typed, problems=[wrong]), 404


def _status(session: Session, found: Submission) -> str:
    consultation = session.get_one(Consultation, found.consultation_id)
    version = versions.one(session, consultation, found.version_id)
    language = locales.current()
    return render_template(
        "answering/status.html",
        title=texts.load(session, consultation, version, language.id).get("c.title"),
        received_on=found.received_on,
        withdrawn=found.state.value == "withdrawn",
        listens=consultation.listens(clock.today(consultation.time_zone)),
        reported=consultation.state in (Stage.REPORTED, Stage.ARCHIVED),
        report=addresses.report(language, consultation.code),
    )


def _setting(session: Session, consultation: Consultation, version_id: int, key: Key) -> Setting:
    version = versions.one(session, consultation, version_id)
    language = locales.current()
    return Setting(
        consultation=consultation,
        today=clock.today(consultation.time_zone),
        language=language,
        key=key,
        definition=versions.definition(version),
        texts=texts.load(session, consultation, version, language.id),
    )


def _show(here: Setting, form: FormState, refusals: Sequence[Refusal] = ()) -> ResponseReturnValue:
    """Render the step that a form stands on."""
    common: dict[str, Any] = {
        "here": here,
        "state": state.seal(form, here.key, here.consultation.uid),
        "title": here.texts.get("c.title"),
        "problems": shown.problems(refusals, {q.key: q for q in here.definition.questions()}),
    }
    status = 422 if refusals else 200
    if section := steps.section_of(here.definition, form):
        typed = form.typed.get(form.step, {})
        sections = steps.sections_of(here.definition, form)
        page = render_template(
            "answering/section.html",
            section=section,
            name=here.texts.get(f"s:{section.uuid}.title"),
            intro=here.texts.get(f"s:{section.uuid}.intro"),
            asked=shown.asked(section, here.texts, typed, refusals, here.language),
            last=steps.is_last(here.definition, form),
            number=[s.key for s in sections].index(section.key) + 1,
            total=len(sections) + 2,
            **common,
        )
        return page, status
    if form.step == CHECK:
        return render_template("answering/check.html", **common, **_checked(here, form)), status
    if form.step == CONSENT:
        typed = form.typed.get(CONSENT, {})
        page = render_template(
            "answering/consent.html",
            uses=here.consultation.offers,
            chosen=(typed.get(steps.USE) or [""])[0],
            organisation=(typed.get(steps.NAME) or [""])[0],
            wrong={refusal.field for refusal in refusals},
            total=len(steps.sections_of(here.definition, form)) + 2,
            **common,
        )
        return page, status
    return render_template("answering/start.html", **common), status


def _checked(here: Setting, form: FormState) -> dict[str, Any]:
    answers = steps.answers_of(here.definition, form)
    sections = steps.sections_of(here.definition, form)
    return {
        "sections": [
            (
                section.key,
                here.texts.get(f"s:{section.uuid}.title"),
                shown.answered(section, here.texts, answers, here.language),
            )
            for section in sections
        ],
        "number": len(sections) + 1,
        "total": len(sections) + 2,
    }


def _sending(here: Setting, form: FormState) -> Sending:
    given, _refusals = steps.given(form, here.consultation.offers)
    assert given is not None  # noqa: S101 - `press` sends only what was agreed to
    floods = _floods()
    return Sending(
        token=form.token,
        version_id=form.version_id,
        answers=steps.answers_of(here.definition, form),
        language=here.language.id,
        channel=Channel.WEB,
        consent=steps.consent_of(given, version=CONSENT_WORDING, language=here.language.id),
        lane=floods.lane(clock.now().timestamp()),
        begun_on=form.begun_on,
        organisation=given.organisation,
    )


def _receipt(consultation: Consultation, sent: Sent) -> ResponseReturnValue:
    """Show the code while it may be shown; no answer, ever."""
    if sent.code is None:
        return render_template("answering/received.html")
    sealed = state.seal_receipt(sent.hash, _key(), consultation.uid)
    code = receipts.grouped(sent.code)
    return render_template("answering/receipt.html", code=code, receipt=sealed)


def _kept(consultation: Consultation) -> ResponseReturnValue:
    sealed = request.form.get("receipt", "")
    receipt_hash = state.unseal_receipt(sealed, _accepted(sealed), consultation.uid)
    with transaction() as session:
        inbox.press_kept(session, receipt_hash)
    return render_template("answering/received.html")


def _not_listening(
    session: Session, consultation: Consultation, today: date
) -> ResponseReturnValue:
    """Say that a form is not open yet, or not any more; a draft is not known to anybody."""
    if consultation.state in (Stage.DRAFT, Stage.PILOT):
        raise NotFound("no consultation has this code")
    version = versions.current(session, consultation)
    language = locales.current()
    begins = consultation.opens_on
    early = consultation.state is Stage.OPEN and begins is not None and today < begins
    return render_template(
        "answering/closed.html",
        title=texts.load(session, consultation, version, language.id).get("c.title"),
        opens_on=begins if early else None,
        report=addresses.report(language, consultation.code),
    )


def _stopped(code: str, error: NotNow) -> ResponseReturnValue:
    """Say what to do about a form that cannot go on, and give back what this step typed."""
    typed = [
        value
        for name, values in request.form.lists()
        if name not in NOT_ANSWERS
        for value in values
        if len(value) > 1
    ]
    reason = "expired" if isinstance(error, state.Expired) else "damaged"
    page = render_template(
        "answering/stopped.html",
        reason="closed" if isinstance(error, Closed) else reason,
        typed=typed,
        form=addresses.form(locales.current(), code),
        report=addresses.report(locales.current(), code),
    )
    return page, 409


def _key() -> Key:
    """Give the key that new pages are sealed under."""
    keys: PageKeys = current_app.extensions["page_keys"]
    return keys.current(access.server_keys(), _utc_day())


def _accepted(sealed: str) -> Mapping[bytes, bytes]:
    """Give the keys that may open what a page carried."""
    keys: PageKeys = current_app.extensions["page_keys"]
    return keys.accepted(access.server_keys(), _utc_day(), state.key_id(sealed))


def _utc_day() -> date:
    return clock.now().date()


def _floods() -> Floods:
    floods: Floods = current_app.extensions["floods"]
    return floods
