"""The staff pages of reading: the list of submissions, one of them, and the quotes."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from consult import clock
from consult.consultations import access, approvals, members
from consult.consultations.access import Permission, Unlocked, unlocks
from consult.db import reader, transaction
from consult.frame import addresses
from consult.frame.forms import Form
from consult.languages.locales import LANGUAGES, current
from consult.languages.messages import _
from consult.reading import answers, asked, filters, identifying, quotes, shown, wording
from consult.reading.answers import Answers
from consult.reading.asked import Asked
from consult.reading.filters import Filters
from consult.reading.forms import ClearForm, PickForm, TranslateForm, translate_form
from consult.reading.quotes import Clearing, Picked, Standing
from consult.submissions import opening

pages = Blueprint(
    "reading",
    __name__,
    url_prefix="/<language:segment>/staff/<slug:slug>",
    template_folder="templates",
)


@pages.get("/submissions")
@unlocks(Permission.READ)
def list_submissions(unlocked: Unlocked) -> ResponseReturnValue:
    """List the submissions, fifty a page, in an order that says nothing."""
    chosen = Filters.read(request.args)
    found, known = _load(unlocked)
    page = filters.page(
        chosen.among(found),
        after=filters.read_id(request.args.get("after")),
        before=filters.read_id(request.args.get("before")),
    )
    return _page(
        "reading/submissions.html",
        unlocked,
        known,
        rows=shown.rows((found.opened[name] for name in page.ids), known),
        choices=shown.choices(found, chosen, known),
        filters=dict(chosen.values),
        page=page,
        total=len(found),
        unreadable=found.unreadable,
        unreadable_words=shown.unreadable(len(found.unreadable)),
    )


@pages.get("/submissions/<name>")
@unlocks(Permission.READ)
def show_submission(unlocked: Unlocked, name: str) -> ResponseReturnValue:
    """Show one submission, its words in their own language and direction."""
    submission_id, chosen = _id(name), Filters.read(request.args)
    found, known = _load(unlocked)
    with transaction() as session:
        secrets = access.server_keys()
        answers.note_one(session, secrets, unlocked, submission_id, at=clock.now())
    if submission_id in found.unreadable:
        page = _page("reading/unreadable.html", unlocked, known, name=shown.short_id(submission_id))
        return page, 409
    one = found.get(submission_id)
    if one is None:
        raise opening.NoSubmission("no such submission")
    before, after = filters.beside(chosen.among(found), submission_id)
    version = known.of(one.version_id)
    with reader() as session:
        picked = [q for q in quotes.load(session, unlocked).picked if q.submission_id == one.id]
    return _page(
        "reading/submission.html",
        unlocked,
        known,
        one=one,
        name=shown.short_id(one.id),
        row=shown.rows([one], known)[0],
        channel=wording.CHANNELS[one.channel],
        consent=wording.USES_TOLD[one.use],
        parts=shown.parts(version, one, current()),
        picked=picked,
        before=before,
        after=after,
        filters=dict(chosen.values),
    )


@pages.route("/submissions/<name>/quote/<source>", methods=["GET", "POST"])
@unlocks(Permission.QUOTE)
def pick_quote(unlocked: Unlocked, name: str, source: str) -> ResponseReturnValue:
    """Pick words out of one answer."""
    with reader() as session:
        one = opening.one(session, unlocked, _id(name))
        known = asked.load(session, unlocked.consultation, current())
        version = known.of(one.version_id)
        answer = quotes.source(version.definition, one, source)
    with transaction() as session:
        answers.note_one(session, access.server_keys(), unlocked, one.id, at=clock.now())
    form = PickForm(words=answer.text)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                picked = quotes.pick(session, unlocked, one, source, form.words.data or "")
        except quotes.NotInAnswer:
            form.say_not_in_answer()
        except quotes.TooShort:
            form.say_too_short()
        else:
            flash(_("The quote is picked."))
            return _to(unlocked, "quotes", picked.id.hex())
    page = _page(
        "reading/pick_quote.html",
        unlocked,
        known,
        form=form,
        one=one,
        name=shown.short_id(one.id),
        title=version.texts.get(f"q:{answer.question.uuid}.title"),
        pieces=identifying.pieces(answer.text),
    )
    return page, form.status


@pages.get("/quotes")
@unlocks(Permission.QUOTE)
def list_quotes(unlocked: Unlocked) -> ResponseReturnValue:
    """List the quotes: those that wait, those that are cleared, those that may not be shown."""
    found, known = _load(unlocked)
    with reader() as session:
        held = quotes.load(session, unlocked)
        everybody = members.every(session, unlocked.consultation)
        cleared = {q.id: q for q in quotes.cleared(session, unlocked, found, published=True)}
        by_standing: dict[Standing, list[Picked]] = {standing: [] for standing in Standing}
        for picked in held.picked:
            by_standing[quotes.standing(session, unlocked, picked, found)].append(picked)
    return _page(
        "reading/quotes.html",
        unlocked,
        known,
        waiting=[
            (picked, _language(found, picked), shown.turn(unlocked, picked, everybody))
            for picked in by_standing[Standing.WAITING]
        ],
        cleared=[
            (picked, _language(found, picked), shown.line_under(cleared[picked.id].line, known))
            for picked in by_standing[Standing.CLEARED]
        ],
        lowered=by_standing[Standing.LOWERED],
        changed=by_standing[Standing.CHANGED],
        unreadable=held.unreadable,
    )


@pages.get("/quotes/<name>")
@unlocks(Permission.QUOTE)
def show_quote(unlocked: Unlocked, name: str) -> ResponseReturnValue:
    """Show one quote: its words, its translations, and what it waits for."""
    return _quote_page(unlocked, _id(name))


@pages.post("/quotes/<name>/translations")
@unlocks(Permission.QUOTE)
def translate_quote(unlocked: Unlocked, name: str) -> ResponseReturnValue:
    """Keep the translations of a quote."""
    with reader() as session:
        picked = quotes.find(session, unlocked, _id(name))
    form = translate_form(_others(unlocked, ""), {}, sent=True)
    if not form.validate_on_submit():
        return _quote_page(unlocked, picked.id, translating=form)
    with transaction() as session:
        quotes.translate(session, unlocked, picked.id, form.texts())
    flash(_("The translations are saved."))
    return _to(unlocked, "quotes", name)


@pages.post("/quotes/<name>/clear")
@unlocks(Permission.CLEAR)
def clear_quote(unlocked: Unlocked, name: str) -> ResponseReturnValue:
    """Clear a quote, as a person who has read it."""
    form = ClearForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                quotes.clear(
                    session,
                    access.server_keys(),
                    unlocked,
                    _id(name),
                    form.mark.data or "",
                    reason=form.reason.data,
                    at=clock.now(),
                )
        except approvals.ReasonNeeded:
            form.say_reason_needed()
        else:
            flash(_("The quote is cleared."))
            return _to(unlocked, "quotes")
    return _quote_page(unlocked, _id(name), clearing=form)


@pages.post("/quotes/<name>/drop")
@unlocks(Permission.QUOTE)
def drop_quote(unlocked: Unlocked, name: str) -> ResponseReturnValue:
    """Unpick a quote."""
    if Form().validate_on_submit():
        with transaction() as session:
            quotes.drop(session, unlocked, _id(name))
        flash(_("The quote is removed."))
    return _to(unlocked, "quotes")


def _quote_page(
    unlocked: Unlocked,
    quote_id: bytes,
    *,
    translating: TranslateForm | None = None,
    clearing: ClearForm | None = None,
) -> ResponseReturnValue:
    found, known = _load(unlocked)
    with reader() as session:
        picked = quotes.find(session, unlocked, quote_id)
        everybody = members.every(session, unlocked.consultation)
        standing = quotes.standing(session, unlocked, picked, found)
        line = quotes.line(session, unlocked, found, picked, published=True)
    language = _language(found, picked)
    texts = {locale: said.text for locale, said in picked.translations.items()}
    refused = translating or clearing
    page = _page(
        "reading/quote.html",
        unlocked,
        known,
        picked=picked,
        standing=standing.value,
        locale=language,
        pieces=identifying.pieces(picked.text),
        translations=[
            (locale, said.by, identifying.pieces(said.text))
            for locale, said in picked.translations.items()
        ],
        kinds={
            detail.kind
            for text in (picked.text, *texts.values())
            for detail in identifying.find(text)
        },
        named=line is not None and line.organisation is not None,
        details=wording.DETAILS,
        title=known.title(picked.name.partition(".")[0]),
        submission=shown.short_id(picked.submission_id),
        line=shown.line_under(line, known) if line else None,
        turn=shown.turn(unlocked, picked, everybody),
        own=quotes.clearing(unlocked.consultation, picked, unlocked.person.id).value,
        may_clear=shown.may_clear(unlocked, everybody) and standing is Standing.WAITING,
        names={member.person_id: member.name for member in everybody},
        translating=translating or translate_form(_others(unlocked, language), texts, sent=False),
        clearing=clearing or ClearForm(None, data={"mark": picked.mark}),
        another=Clearing.ANOTHER.value,
        with_a_reason=Clearing.WITH_A_REASON.value,
        form=Form(None),
        problems=refused.problems if refused else [],
    )
    return page, refused.status if refused else 200


def _load(unlocked: Unlocked) -> tuple[Answers, Asked]:
    """Give what counts now and the questionnaires behind it; what had to be opened is noted."""
    with reader() as session:
        found = answers.load(session, unlocked)
        known = asked.load(session, unlocked.consultation, current())
    if found.fresh:
        with transaction() as session:
            answers.note_bulk(session, access.server_keys(), unlocked, found.fresh, at=clock.now())
    return found, known


def _page(template: str, unlocked: Unlocked, known: Asked, **values: Any) -> str:
    return render_template(
        template,
        consultation=unlocked.consultation,
        consultation_name=known.name or unlocked.consultation.slug,
        language_names=wording.LANGUAGE_NAMES,
        **values,
    )


def _language(found: Answers, picked: Picked) -> str | None:
    one = found.get(picked.submission_id)
    return one.language if one and one.language in LANGUAGES else None


def _others(unlocked: Unlocked, language: str | None) -> list[str]:
    return [locale for locale in unlocked.consultation.locales if locale != language]


def _id(text: str) -> bytes:
    found = filters.read_id(text)
    if found is None or len(found) != 16:
        raise opening.NoSubmission("no row has this id")
    return found


def _to(unlocked: Unlocked, *parts: str) -> ResponseReturnValue:
    return redirect(addresses.staff(current(), unlocked.consultation.slug, *parts), 303)
