"""What became of it, for those who spoke: the report-back and the briefing, without any key."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from consult import clock
from consult.briefings import html, published
from consult.consultations import lookup, texts, versions
from consult.consultations.models import State
from consult.db import reader
from consult.errors import NotFound
from consult.follow_up import report_back, wording
from consult.frame.marks import public
from consult.languages import locales

pages = Blueprint("follow_up_public", __name__, template_folder="templates")


@pages.get("/<language:segment>/<code:code>/report")
@public
def report(code: str) -> ResponseReturnValue:
    """Show what became of a consultation; before there is anything, whose turn it is."""
    language = locales.current()
    with reader() as session:
        consultation = lookup.by_code(session, code)
        if consultation.state in report_back.NOT_YET:
            raise NotFound("no consultation has this code")
        version = versions.current(session, consultation)
        title = texts.load(session, consultation, version, language.id).get("c.title")
        told = report_back.published(session, consultation)
        version_told = published.newest(session, consultation)
        briefing = version_told and published.render(session, version_told, language.id)
        listens = consultation.listens(clock.today(consultation.time_zone))
        return render_template(
            "follow_up/report.html",
            title=title,
            told=told,
            parts=report_back.PARTS,
            part_titles=wording.PART_TITLES,
            briefing=briefing,
            briefing_facts=briefing and html.facts(briefing),
            briefing_body=briefing and html.body(briefing),
            interim=consultation.state is State.OPEN,
            listens=listens,
            code=consultation.code,
            steps_before=wording.steps(consultation, listens=listens, briefing=bool(briefing)),
        )
