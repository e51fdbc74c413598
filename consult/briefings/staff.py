"""The staff pages of a briefing: writing it, its preview and files, its sign-off."""

from collections.abc import Callable
from typing import Any, TypeAlias

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consult import clock
from consult.briefings import (
    document,
    files,
    html,
    making,
    numbers,
    published,
    shown,
    sign_off,
    writing,
)
from consult.briefings.blocks import Document
from consult.briefings.files import Format
from consult.briefings.forms import (
    PREFIX,
    AdviceForm,
    ApproveForm,
    BodyForm,
    PressForm,
    QuoteForm,
    TallyForm,
    WordsForm,
    say_unknown,
    words_form,
)
from consult.briefings.numbers import Numbers
from consult.briefings.shown import Looker
from consult.briefings.sign_off import Approving, Stage
from consult.briefings.writing import LINES, Asked, Draft, Found, TallyOf
from consult.consultations import access, approvals, members
from consult.consultations.access import Permission, Unlocked, needs, unlocks
from consult.consultations.lifecycle import Act, WrongState
from consult.consultations.models import Consultation, State
from consult.db import reader, transaction
from consult.frame.forms import Form
from consult.languages.locales import current
from consult.languages.messages import _
from consult.reading import answers, asked, quotes

pages = Blueprint(
    "briefings",
    __name__,
    url_prefix="/<language:segment>/staff/<slug:slug>",
    template_folder="templates",
)

Change: TypeAlias = Callable[[Session, Draft], object]
NONE_YET = "briefings/none.html"


@pages.get("/briefing")
@unlocks(Permission.WRITE)
def show(unlocked: Unlocked) -> ResponseReturnValue:
    """Show how far the briefing is, what it is made of, and whose turn it is."""
    return _overview(unlocked)


@pages.post("/briefing/begin")
@unlocks(Permission.WRITE)
def begin(unlocked: Unlocked) -> ResponseReturnValue:
    """Begin a briefing in the language of the page."""
    if PressForm().validate_on_submit():
        with transaction() as session:
            if writing.newest(session, unlocked) is None:
                writing.begin(session, unlocked, current().id)
    return _to("show", unlocked)


@pages.route("/briefing/text", methods=["GET", "POST"])
@unlocks(Permission.WRITE)
def edit_text(unlocked: Unlocked) -> ResponseReturnValue:
    """Write masthead and running text in the language of the page."""
    draft, found = _draft(unlocked), _numbers(unlocked)
    form = _body_form(draft, found)
    if form.validate_on_submit() and _names_figures(form, found):
        if form.mark.data != draft.mark:
            form.say_changed()
            form.mark.data = draft.mark
        else:
            body = form.body(draft.body, current().id)
            with transaction() as session:
                writing.keep(session, unlocked, writing.current(session, unlocked), body)
            flash(_("The text is saved."))
            return _to("show", unlocked)
    page = _page(
        "briefings/text.html", unlocked, form=form, draft=draft, placeholders=_placeholders(found)
    )
    return page, form.status


@pages.route("/briefing/findings/add", methods=["GET", "POST"])
@unlocks(Permission.WRITE)
def add_finding(unlocked: Unlocked) -> ResponseReturnValue:
    """Add a finding; its evidence is chosen on its own page afterwards."""
    draft, found = _draft(unlocked), _numbers(unlocked)
    form = words_form(WordsForm, unlocked.consultation.locales, draft.body.original, {})
    if form.validate_on_submit() and _names_figures(form, found):
        with transaction() as session:
            held = writing.current(session, unlocked)
            finding_id = writing.add_finding(session, unlocked, held, form.texts())
        return _to("show_finding", unlocked, name=finding_id.hex())
    page = _page(
        "briefings/add_finding.html", unlocked, form=form, placeholders=_placeholders(found)
    )
    return page, form.status


@pages.route("/briefing/findings/<name>", methods=["GET", "POST"])
@unlocks(Permission.WRITE)
def show_finding(unlocked: Unlocked, name: str) -> ResponseReturnValue:
    """Show a finding with its evidence, and change its words."""
    draft, found = _draft(unlocked), _numbers(unlocked)
    finding = draft.finding(_id(name))
    locales = unlocked.consultation.locales
    form = words_form(WordsForm, locales, draft.body.original, finding.text)
    if form.validate_on_submit() and _names_figures(form, found):
        with transaction() as session:
            held = writing.current(session, unlocked)
            writing.word_finding(session, unlocked, held, finding.id, form.texts())
        flash(_("The finding is saved."))
        return _to("show", unlocked)
    return _finding_page(unlocked, draft, finding, found, form)


@pages.post("/briefing/findings/<name>/tally")
@unlocks(Permission.WRITE)
def rest_on_tally(unlocked: Unlocked, name: str) -> ResponseReturnValue:
    """Let a finding rest on a figure."""
    draft, found = _draft(unlocked), _numbers(unlocked)
    finding = draft.finding(_id(name))
    form = _tally_form(found)
    if form.validate_on_submit():
        _change(
            unlocked,
            lambda session, held: writing.rest_on(
                session, unlocked, held, finding.id, TallyOf(*form.chosen())
            ),
        )
        return _to("show_finding", unlocked, name=name)
    return _finding_page(unlocked, draft, finding, found, None, tally=form)


@pages.post("/briefing/findings/<name>/quote")
@unlocks(Permission.WRITE)
def rest_on_quote(unlocked: Unlocked, name: str) -> ResponseReturnValue:
    """Let a finding rest on a cleared quote."""
    draft, found = _draft(unlocked), _numbers(unlocked)
    finding = draft.finding(_id(name))
    form = _quote_form(unlocked, draft)
    if form.validate_on_submit():
        _change(
            unlocked,
            lambda session, held: writing.rest_on(
                session, unlocked, held, finding.id, bytes.fromhex(str(form.quote.data))
            ),
        )
        return _to("show_finding", unlocked, name=name)
    return _finding_page(unlocked, draft, finding, found, None, quote=form)


@pages.route("/briefing/recommendations/add", methods=["GET", "POST"])
@unlocks(Permission.WRITE)
def add_recommendation(unlocked: Unlocked) -> ResponseReturnValue:
    """Add a recommendation."""
    return _recommendation_page(unlocked, None)


@pages.route("/briefing/recommendations/<name>", methods=["GET", "POST"])
@unlocks(Permission.WRITE)
def show_recommendation(unlocked: Unlocked, name: str) -> ResponseReturnValue:
    """Change a recommendation."""
    return _recommendation_page(unlocked, _id(name))


@pages.post("/briefing/parts/<name>/<any(up, down, drop):step>")
@unlocks(Permission.WRITE)
def step_part(unlocked: Unlocked, name: str, step: str) -> ResponseReturnValue:
    """Move a finding or a recommendation, or take it or a piece of evidence out."""
    part_id, by = _id(name), -1 if step == "up" else 1
    if PressForm().validate_on_submit():
        if step == "drop":
            _change(unlocked, lambda s, held: writing.drop(s, unlocked, held, part_id))
        else:
            _change(unlocked, lambda s, held: writing.move(s, unlocked, held, part_id, by=by))
    return _to("show", unlocked)


@pages.get("/briefing/preview")
@unlocks(Permission.WRITE)
def preview(unlocked: Unlocked) -> ResponseReturnValue:
    """Show the document in the language of the page."""
    made = making.latest(unlocked, current().id)
    return _page(
        "briefings/preview.html",
        unlocked,
        document=made,
        facts=html.facts(made),
        body=html.body(made),
        formats=list(Format),
    )


@pages.get("/briefing/file/<any(docx, pdf, html, md):kind>")
@unlocks(Permission.WRITE)
def download(unlocked: Unlocked, kind: str) -> ResponseReturnValue:
    """Give the newest briefing as a file in the language of the page."""
    made = making.latest(unlocked, current().id)
    answer = _file(unlocked.consultation, made, Format(kind))
    making.note(unlocked, made.locale, Format(kind))
    return answer


@pages.get("/briefing/published/<any(docx, pdf, html, md):kind>")
@needs(Permission.SEE)
def download_published(consultation: Consultation, kind: str) -> ResponseReturnValue:
    """Give the published briefing as a file; it takes no key."""
    with reader() as session:
        version = published.newest(session, consultation)
        if version is None:
            raise writing.NoBriefing("nothing is published yet")
        made = published.render(session, version, current().id)
    return _file(consultation, made, Format(kind))


@pages.post("/briefing/review")
@unlocks(Permission.ASK_TO_PUBLISH)
def review(unlocked: Unlocked) -> ResponseReturnValue:
    """Ask a second editor to read the briefing."""
    if PressForm().validate_on_submit():
        _change(unlocked, lambda session, held: sign_off.ask(session, unlocked, held))
        flash(_("A second editor is asked to read it."))
    return _to("show", unlocked)


@pages.post("/briefing/approve")
@unlocks(Permission.APPROVE)
def approve(unlocked: Unlocked) -> ResponseReturnValue:
    """Say, as a second editor, that the briefing may be published."""
    form = ApproveForm()
    if not form.validate_on_submit():
        return _overview(unlocked, form)
    try:
        with transaction() as session:
            sign_off.approve(
                session,
                access.server_keys(),
                unlocked,
                writing.current(session, unlocked),
                form.mark.data or "",
                reason=form.reason.data,
                at=clock.now(),
            )
    except approvals.ReasonNeeded:
        form.say_reason_needed()
        return _overview(unlocked, form)
    except (sign_off.Changed, approvals.OwnRequest):
        return _overview(unlocked, status=409)
    flash(_("You have approved the briefing."))
    return _to("show", unlocked)


@pages.post("/briefing/publish")
@unlocks(Permission.PUBLISH)
def publish(unlocked: Unlocked) -> ResponseReturnValue:
    """Freeze the briefing and show it to everybody."""
    if not PressForm().validate_on_submit():
        return _to("show", unlocked)
    making.note_opening(unlocked)
    today = clock.today(unlocked.consultation.time_zone)
    try:
        with transaction() as session:
            sign_off.publish(
                session,
                access.server_keys(),
                unlocked,
                writing.current(session, unlocked),
                Act(unlocked.person.id, today, clock.now()),
            )
    except (sign_off.NotApproved, sign_off.OnlyOnce, WrongState):
        return _overview(unlocked, status=409)
    flash(_("The briefing is published."))
    return _to("show", unlocked)


def _overview(
    unlocked: Unlocked, approving: ApproveForm | None = None, *, status: int = 200
) -> ResponseReturnValue:
    with reader() as session:
        draft = writing.newest(session, unlocked)
        if draft is None:
            return _page(NONE_YET, unlocked)
        stage = sign_off.stage(session, unlocked.consultation, draft)
        everybody = members.every(session, unlocked.consultation)
        known = asked.load(session, unlocked.consultation, current())
    own = sign_off.approving(unlocked.consultation, draft, unlocked.person.id)
    looker = Looker(unlocked.person.id, everybody, own)
    names = {member.person_id: member.name for member in everybody}
    page = _page(
        "briefings/briefing.html",
        unlocked,
        draft=draft,
        stage=stage,
        stages=shown.STAGES,
        steps=shown.steps(stage, shown.turn(stage, draft, looker)),
        authors=[names[one] for one in sorted(draft.authors) if one in names],
        addressees=document.addressee_choices(known),
        formats=list(Format),
        brief=numbers.without,
        may_approve=stage is Stage.IN_REVIEW and looker.is_editor and own is not Approving.ANOTHER,
        with_a_reason=own is Approving.WITH_A_REASON,
        may_publish=stage is Stage.APPROVED and looker.is_editor,
        still_open=unlocked.consultation.state is State.OPEN,
        approving=approving or ApproveForm(None, data={"mark": draft.mark}),
        problems=approving.problems if approving else [],
    )
    return page, approving.status if approving else status


def _finding_page(
    unlocked: Unlocked,
    draft: Draft,
    finding: Found,
    found: Numbers,
    form: Form | None,
    *,
    tally: TallyForm | None = None,
    quote: QuoteForm | None = None,
) -> ResponseReturnValue:
    refused = form or tally or quote
    locales, original = unlocked.consultation.locales, draft.body.original
    quoting = quote or _quote_form(unlocked, draft)
    page = _page(
        "briefings/finding.html",
        unlocked,
        draft=draft,
        finding=finding,
        number=[one.id for one in draft.findings].index(finding.id) + 1,
        pieces=shown.pieces(finding, found, _cleared(unlocked)),
        form=form or words_form(WordsForm, locales, original, finding.text),
        tally=tally or _tally_form(found),
        quoting=quoting,
        placeholders=_placeholders(found),
        problems=refused.problems if refused else [],
    )
    return page, refused.status if refused else 200


def _recommendation_page(unlocked: Unlocked, one_id: bytes | None) -> ResponseReturnValue:
    draft, found = _draft(unlocked), _numbers(unlocked)
    one = draft.recommendation(one_id) if one_id else None
    form = _advice_form(unlocked, draft, found, one)
    if form.validate_on_submit() and _names_figures(form, found):
        said = (str(form.addressee.data), form.texts(), tuple(form.groups()))
        with transaction() as session:
            held = writing.current(session, unlocked)
            if one is None:
                writing.add_recommendation(session, unlocked, held, *said)
            else:
                writing.word_recommendation(session, unlocked, held, Asked(one.id, *said))
        flash(_("The recommendation is saved."))
        return _to("show", unlocked)
    number = [each.id for each in draft.recommendations].index(one.id) + 1 if one else None
    page = _page("briefings/recommendation.html", unlocked, form=form, one=one, number=number)
    return page, form.status


def _body_form(draft: Draft, found: Numbers) -> BodyForm:
    locale, body = current().id, draft.body
    data: dict[str, Any] = {"mark": draft.mark, "top_question": body.top_question or ""}
    for name in ("for_whom", "distribution"):
        data[name] = getattr(body, name).get(locale, "")
    for name in LINES:
        data[name] = "\n".join(getattr(body, name).get(locale, ()))
    form = BodyForm(data=data)
    form.top_question.choices = shown.leading(found)
    return form


def _advice_form(unlocked: Unlocked, draft: Draft, found: Numbers, one: Asked | None) -> AdviceForm:
    with reader() as session:
        known = asked.load(session, unlocked.consultation, current())
    locales, original = unlocked.consultation.locales, draft.body.original
    form: AdviceForm = words_form(AdviceForm, locales, original, one.text if one else {})
    addressees = list(document.addressee_choices(known).items())
    if one and one.addressee not in dict(addressees):
        addressees.append((one.addressee, one.addressee))
    form.addressee.choices = addressees
    form.made_by.choices = shown.groups(found)
    if one and not form.is_submitted():
        form.addressee.data = one.addressee
        form.made_by.data = ["|".join(pair) for pair in one.made_by]
    return form


def _tally_form(found: Numbers) -> TallyForm:
    form = TallyForm()
    form.row.choices = shown.tallies(found)
    form.by.choices = shown.facets(found)
    return form


def _quote_form(unlocked: Unlocked, draft: Draft) -> QuoteForm:
    used = {rests.quote_id for finding in draft.findings for rests in finding.evidence}
    form = QuoteForm()
    unused = [one for one in _cleared(unlocked).values() if one.id not in used]
    form.quote.choices = shown.quote_options(unused)
    return form


def _cleared(unlocked: Unlocked) -> dict[bytes, quotes.ClearedQuote]:
    with reader() as session:
        found = answers.load(session, unlocked)
        return {one.id: one for one in quotes.cleared(session, unlocked, found, published=True)}


def _names_figures(form: Form, found: Numbers) -> bool:
    known = {joined.key: joined for joined in found.columns.questions}
    texts = ("for_whom", "distribution", *LINES)
    return say_unknown(
        form,
        {
            field.name: list(numbers.unknown(field.data or "", known))
            for field in form
            if field.name in texts or field.name.startswith(PREFIX)
        },
    )


def _placeholders(found: Numbers) -> list[str]:
    """Give an example of each kind of placeholder, of this questionnaire."""
    made = ["%(submissions)s"]
    for joined in found.columns.questions:
        if keys := numbers.choice_keys(joined):
            made += [f"%({what}:{joined.key}.{keys[0]})s" for what in ("count", "share")]
            facets = [facet.key for facet in found.columns.questions.facets()]
            if "sex" in facets and joined.key != "sex":
                made.append(f"%(share:{joined.key}.{keys[0]}|sex=woman)s")
            break
    return made


def _draft(unlocked: Unlocked) -> Draft:
    with reader() as session:
        return writing.current(session, unlocked)


def _numbers(unlocked: Unlocked) -> Numbers:
    making.note_opening(unlocked)
    with reader() as session:
        return numbers.load(session, unlocked, current().id)


def _change(unlocked: Unlocked, change: Change) -> None:
    with transaction() as session:
        change(session, writing.current(session, unlocked))


def _file(consultation: Consultation, made: Document, kind: Format) -> Response:
    # A page of another origin is never to be shown from ours, so HTML too is only a file.
    mimetype = "application/octet-stream" if kind is Format.HTML else kind.mimetype
    name = files.name(consultation.slug, made, kind)
    answer = Response(files.make(made, kind), mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(template: str, unlocked: Unlocked, **values: Any) -> str:
    with reader() as session:
        name = asked.load(session, unlocked.consultation, current()).name
    consultation = unlocked.consultation
    return render_template(
        template, consultation=consultation, consultation_name=name or consultation.slug, **values
    )


def _id(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != 16:
        raise writing.NoBriefing("no part has this id")
    return found


def _to(view: str, unlocked: Unlocked, **values: str) -> ResponseReturnValue:
    path = url_for(f".{view}", **{"slug": unlocked.consultation.slug, **values})  # type: ignore[arg-type] # no value is an option of `url_for`
    return redirect(path, 303)
