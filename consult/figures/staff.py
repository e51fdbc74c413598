"""The staff page of figures, and the same tally as files."""

import io

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from consult.consultations import access
from consult.consultations.access import Permission, Unlocked, needs, unlocks
from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.figures import asking, exports, forms, shown, words
from consult.figures.asking import Asked
from consult.figures.exports import Format
from consult.figures.forms import Chosen
from consult.figures.release import NotShown, TooLow
from consult.figures.tally import NoFacet, OneAtATime, Tally
from consult.languages.locales import current

MIME_TYPES = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHOICES_REFUSED = (NotShown, NoFacet, OneAtATime, TooLow, forms.Unreadable)

pages = Blueprint(
    "figures",
    __name__,
    url_prefix="/<language:segment>/staff/<slug:slug>",
    template_folder="templates",
)


class NoSuchFormat(NotFound):
    """Figures are not offered as such a file."""


@pages.get("/figures")
@needs(Permission.SEE)
def show_figures(consultation: Consultation) -> ResponseReturnValue:
    """Show the figures to whoever counts, and to others where to read what is published."""
    if access.has(access.account(), consultation, Permission.COUNT):
        # The decorated page finds and unlocks the consultation anew.
        answer: ResponseReturnValue = _figures(slug=consultation.slug)  # type: ignore[call-arg]
        return answer
    return render_template("figures/published.html", consultation=consultation)


@pages.get("/figures/tally.<kind>")
@unlocks(Permission.COUNT)
def download(unlocked: Unlocked, kind: str) -> ResponseReturnValue:
    """Give the tally of this address as a file."""
    if kind not in list(Format):
        raise NoSuchFormat("json, csv or xlsx")
    asked = Chosen.read(request.args).asked()
    source = asking.source(unlocked, current().id)
    file = io.BytesIO()
    made = source.tally(asked)
    exports.write(made, Format(kind), file, right_to_left=current().dir == "rtl")
    file.seek(0)
    return _sent(file, Format(kind), made, asked)


@unlocks(Permission.COUNT)
def _figures(unlocked: Unlocked) -> ResponseReturnValue:
    source = asking.source(unlocked, current().id)
    chosen = Chosen.read(request.args)
    whole, made, problems = source.tally(), None, []
    try:
        made = source.tally(chosen.asked())
    except CHOICES_REFUSED as error:
        problems = [forms.problem(error, unlocked.consultation.threshold)]
    page = render_template(
        "figures/figures.html",
        consultation=unlocked.consultation,
        consultation_name=source.texts.get("c.title").text,
        chosen=chosen,
        options=forms.options(source, whole),
        problems=problems,
        tally=made,
        parts=shown.parts(made) if made else [],
        group=_group(made, whole) if made else "",
        words=words,
        formats=list(Format),
    )
    return page, 422 if problems else 200


def _group(made: Tally, whole: Tally) -> str:
    """Name the one group that a filter selects."""
    for facet, value in made.where.items():
        for question in whole.questions:
            for row in question.rows:
                if (question.key, row.key) == (facet, value):
                    return words.named(words.facet(facet), row.label)
    return ""


def _sent(file: io.BytesIO, kind: Format, made: Tally, asked: Asked) -> Response:
    """Send a file under a name of ours, that says what is in it."""
    about = [*asked.by, *(part for pair in made.where.items() for part in pair)]
    name = "-".join([made.consultation, "figures", *about])
    return send_file(
        file,
        mimetype=MIME_TYPES[kind],
        as_attachment=True,
        download_name=f"{name}.{kind.value}",
        etag=False,
        max_age=0,
    )
