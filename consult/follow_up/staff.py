"""The staff page of the report-back: writing it in each language, looking, publishing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult import clock
from consult.briefings import published as briefings
from consult.consultations import access
from consult.consultations.access import Permission, Unlocked, unlocks
from consult.consultations.lifecycle import Act
from consult.consultations.models import State
from consult.db import reader, transaction
from consult.errors import NotFound
from consult.follow_up import report_back, wording
from consult.follow_up.forms import PressForm, ReportForm, filled
from consult.frame import addresses
from consult.languages.locales import LANGUAGES, Language, by_segment, current
from consult.languages.messages import _

pages = Blueprint(
    "follow_up",
    __name__,
    url_prefix="/<language:segment>/staff/<slug:slug>/report-back",
    template_folder="templates",
)


@pages.get("")
@unlocks(Permission.PUBLISH)
def show_report(unlocked: Unlocked) -> ResponseReturnValue:
    """Show what is written in which language, and what has to happen before it is published."""
    return _overview(unlocked)


@pages.route("/<name>", methods=["GET", "POST"])
@unlocks(Permission.PUBLISH)
def write(unlocked: Unlocked, name: str) -> ResponseReturnValue:
    """Write the report-back in one language."""
    language = _language(unlocked, name)
    with reader() as session:
        report = report_back.written(session, unlocked)
    form = ReportForm() if request.method == "POST" else filled(report, language.id)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                before = report_back.written(session, unlocked)
                changed = before.with_words(language.id, form.parts())
                report_back.keep(session, unlocked, changed)
        except report_back.TooMuch:
            form.say_too_much()
        else:
            flash(_("Saved. Respondents read it once it is published."))
            return redirect(url_for(".show_report", slug=unlocked.consultation.slug), 303)
    page = render_template(
        "follow_up/write.html",
        form=form,
        parts=report_back.PARTS,
        written_in=language,
        report=report,
        consultation=unlocked.consultation,
    )
    return page, form.status


@pages.get("/<name>/preview")
@unlocks(Permission.PUBLISH)
def preview(unlocked: Unlocked, name: str) -> ResponseReturnValue:
    """Show how respondents will read it in one language."""
    language = _language(unlocked, name)
    with reader() as session:
        report = report_back.written(session, unlocked)
    return render_template(
        "follow_up/preview.html",
        report=report,
        parts=report_back.PARTS,
        part_titles=wording.PART_TITLES,
        shown_in=language,
        consultation=unlocked.consultation,
    )


@pages.post("/publish")
@unlocks(Permission.PUBLISH)
def publish(unlocked: Unlocked) -> ResponseReturnValue:
    """Publish what is written, in every language that it is written in."""
    if not PressForm().validate_on_submit():
        return _overview(unlocked)
    consultation = unlocked.consultation
    act = Act(unlocked.person.id, clock.today(consultation.time_zone), clock.now())
    try:
        with transaction() as session:
            report_back.publish(session, access.server_keys(), unlocked, act)
    except (report_back.TooEarly, report_back.NotWritten):
        return _overview(unlocked, status=409)
    flash(_("The report-back is published. Everybody with a receipt code is led to it."))
    return redirect(url_for(".show_report", slug=consultation.slug), 303)


def _overview(unlocked: Unlocked, status: int = 200) -> ResponseReturnValue:
    consultation = unlocked.consultation
    with reader() as session:
        report = report_back.written(session, unlocked)
        told = report_back.published(session, consultation)
        briefing = briefings.newest(session, consultation) is not None
    languages = [LANGUAGES[name] for name in LANGUAGES if name in consultation.locales]
    early = consultation.state in report_back.NOT_YET
    page = render_template(
        "follow_up/overview.html",
        consultation=consultation,
        report=report,
        told=told,
        changed=told is not None and told.words != report.words,
        briefing=briefing,
        early=early,
        interim=consultation.state is State.OPEN,
        may_publish=not early and not report.missing(report.original),
        written_languages=languages,
        part_titles=wording.PART_TITLES,
        public_address=addresses.report(current(), consultation.code),
    )
    return page, status


def _language(unlocked: Unlocked, name: str) -> Language:
    found = by_segment(name)
    if found is None or found.id not in unlocked.consultation.locales:
        raise NotFound("the consultation is not in this language")
    return found
