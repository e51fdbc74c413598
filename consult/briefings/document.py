"""The one way out for documents: everything a briefing says, worded and in order.

Renderers translate what is composed here and decide nothing. Quotes and figures are asked for at
this moment, so a document made after a withdrawal holds nothing of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import flask_babel  # type: ignore[import-untyped] # ships none
from sqlalchemy.orm import Session

from consult.briefings import blocks, evidence, heard, numbers, wording
from consult.briefings.blocks import (
    Block,
    Bullets,
    Document,
    Fact,
    Finding,
    Heading,
    Paragraph,
    Quote,
    Recommendation,
    Run,
    SummaryBox,
)
from consult.briefings.numbers import Numbers
from consult.briefings.writing import Draft, Found
from consult.consultations.access import Unlocked
from consult.consultations.models import Consultation
from consult.consultations.texts import Text
from consult.figures.questions import NUMBERS
from consult.languages import formats
from consult.languages.locales import LANGUAGES
from consult.languages.messages import _, _n
from consult.questionnaires.structure import QuestionType
from consult.reading import answers, asked, quotes
from consult.reading.answers import Answers
from consult.reading.asked import Asked
from consult.reading.quotes import ClearedQuote


@dataclass(frozen=True)
class _Work:
    """What is at hand while one document is made."""

    draft: Draft
    locale: str
    consultation: Consultation
    numbers: Numbers
    asked: Asked
    answers: Answers
    quotes: dict[bytes, ClearedQuote]

    def run(self, text: Text) -> Run:
        """Give words with the language they are in, their placeholders filled."""
        return Run(
            self.numbers.fill(text.text), None if text.locale == self.locale else text.locale
        )

    def lines(self, name: str) -> tuple[Run, ...]:
        """Give the paragraphs of a part of the briefing."""
        return tuple(self.run(line) for line in self.draft.body.lines(name, self.locale))

    def choice(self, key: str, value: str) -> str:
        """Give the words of a choice, or the name of a place, so that they stand by themselves."""
        said = str(self.asked.choice(key, value))
        if key not in wording.ANSWERS:
            return said
        return _("%(question)s: %(answer)s", question=str(wording.FACETS[key]), answer=said)


def compose(
    session: Session,
    unlocked: Unlocked,
    draft: Draft,
    locale: str,
    *,
    on: date,
    published: bool = False,
) -> Document:
    """Make a briefing as a document in a language, with the figures and quotes of this moment.

    `on` is the day that stands in its masthead; a draft is marked as one on every page.
    """
    with flask_babel.force_locale(locale):
        found = answers.load(session, unlocked)
        wanted = {
            rests.quote_id for one in draft.findings for rests in one.evidence if rests.quote_id
        }
        cleared = quotes.cleared(session, unlocked, found, published=True, ids=wanted)
        work = _Work(
            draft,
            locale,
            unlocked.consultation,
            numbers.load(session, unlocked, locale, by=evidence.facets(draft)),
            asked.load(session, unlocked.consultation, LANGUAGES[locale]),
            found,
            {quote.id: quote for quote in cleared},
        )
        return blocks.cleaned(_document(work, on, published=published))


def _document(work: _Work, on: date, *, published: bool) -> Document:
    return Document(
        locale=work.locale,
        kind=_("Briefing summary"),
        title=_own(work, work.numbers.texts.get("c.title")),
        mark=_mark(work.consultation, published=published),
        facts=tuple(_facts(work, on)),
        blocks=tuple(_blocks(work)),
        table_word=_("Table"),
        chart_word=_("Chart"),
        colon=wording.colon(LANGUAGES[work.locale]),
    )


def _mark(consultation: Consultation, *, published: bool) -> str:
    said = [_("Demonstration: all voices are made up")] if consultation.demonstration else []
    said += [] if published else [_("Draft, not to be passed on")]
    return " · ".join(said)


def _facts(work: _Work, on: date) -> Iterator[Fact]:
    body = work.draft.body
    for name, texts in ((_("For"), body.for_whom), (_("Distribution"), body.distribution)):
        run = work.run(body.text(texts, work.locale))
        if run.text:
            yield Fact(name, run)
    yield Fact(_("Date"), Run(formats.date(on, LANGUAGES[work.locale])))
    original = wording.LANGUAGES.get(body.original, body.original)
    yield Fact(_("Original language"), Run(str(original)))


def _blocks(work: _Work) -> Iterator[Block]:
    if summary := work.lines("summary"):
        yield SummaryBox(_("In short"), summary)
    if context := work.lines("context"):
        yield Heading(1, _("Context"))
        yield from (Paragraph((run,)) for run in context)
    told = heard.of(work.consultation, work.numbers, work.answers)
    yield Heading(1, _("Who took part"))
    yield Paragraph((Run(_came(work)),))
    if not work.numbers.whole.too_few:
        yield from told.tables()
    if top := evidence.top_question(work.numbers, work.draft.body.top_question):
        yield Heading(1, _("What is named most"))
        yield from evidence.top(work.numbers, top)
    yield from _findings(work)
    yield from _recommendations(work)
    yield from _gaps(work, told)
    yield Heading(1, _("How this was made"))
    yield Bullets(tuple(Run(line) for line in _method(work)))


def _came(work: _Work) -> str:
    whole = work.numbers.whole
    if whole.too_few:
        return _("Fewer than 10 submissions came in. No figure is shown.")
    count = int(str(whole.submissions.value))
    return _n("%(count)s submission is counted.", "%(count)s submissions are counted.", count)


def _findings(work: _Work) -> Iterator[Block]:
    if work.draft.findings:
        yield Heading(1, _("Findings"))
    for number, finding in enumerate(work.draft.findings, start=1):
        yield Finding(formats.number(number, LANGUAGES[work.locale]), (_worded(work, finding),))
        for rests in finding.evidence:
            if rests.tally is not None:
                yield from evidence.of_tally(work.numbers, rests.tally)
            elif rests.quote_id in work.quotes:
                yield _quote(work, work.quotes[rests.quote_id])


def _worded(work: _Work, finding: Found) -> Run:
    return work.run(work.draft.body.text(finding.text, work.locale))


def _quote(work: _Work, quote: ClearedQuote) -> Quote:
    said = [quote.line.organisation] if quote.line.organisation else []
    said += [work.choice(key, value) for key, value in quote.line.facets.items()]
    own = quote.language == work.locale
    if not own:
        said.append(str(wording.LANGUAGES.get(quote.language, quote.language)))
    translation = None if own else quote.translation.get(work.locale)
    return Quote(
        Run(quote.text, None if own else quote.language),
        " · ".join(said) or _("Somebody who took part"),
        Run(translation) if translation else None,
        wording.translated(quote.language) if translation else "",
        source=quote.id.hex(),
    )


def _recommendations(work: _Work) -> Iterator[Block]:
    every = list(enumerate(work.draft.recommendations, start=1))
    if every:
        yield Heading(1, _("Recommendations"))
    for addressee in _addressees(work, [one.addressee for _number, one in every]):
        yield Heading(2, _addressee_name(work, addressee))
        for number, one in every:
            if one.addressee == addressee:
                groups = [work.choice(facet, value) for facet, value in one.made_by]
                made_by = _("Asked for by: %(groups)s", groups=wording.listed(groups))
                yield Recommendation(
                    # A name by which it is called in every language, so its digits stay.
                    f"R{number}",
                    (work.run(work.draft.body.text(one.text, work.locale)),),
                    made_by if groups else "",
                )


def addressee_choices(known: Asked) -> dict[str, str]:
    """Give those whom a recommendation may be addressed to: key and words, in their order."""
    found: dict[str, str] = {}
    for version in known.versions:
        for question in version.definition.questions():
            if question.type is QuestionType.RECOMMENDATION:
                for choice in question.choices:
                    words = version.texts.get(f"o:{choice.uuid}.title").text
                    found.setdefault(choice.key, words)
    return found


def _addressees(work: _Work, used: Iterable[str]) -> list[str]:
    order = list(addressee_choices(work.asked))
    return sorted(dict.fromkeys(used), key=lambda key: order.index(key) if key in order else 99)


def _addressee_name(work: _Work, key: str) -> str:
    return addressee_choices(work.asked).get(key, key)


def _gaps(work: _Work, told: heard.Heard) -> Iterator[Block]:
    yield Heading(1, _("Gaps and caveats"))
    gaps = list(work.lines("gaps"))
    if not work.numbers.whole.too_few:
        gaps += told.gaps()
    if gaps:
        yield Heading(2, _("Not heard, or hardly"))
        yield Bullets(tuple(gaps))
    said = list(work.lines("caveats"))
    if silent := evidence.silent(work.numbers, _questions(work)):
        names = " · ".join(silent)
        said.append(
            Run(
                _(
                    "More than a fifth of those asked did not answer: %(questions)s",
                    questions=names,
                )
            )
        )
    if unreadable := len(work.answers.unreadable):
        said.append(
            Run(
                _n(
                    "%(count)s submission could not be read and is in no figure.",
                    "%(count)s submissions could not be read and are in no figure.",
                    unreadable,
                )
            )
        )
    if said:
        yield Heading(2, _("To be read with care"))
        yield Bullets(tuple(said))


def _questions(work: _Work) -> list[str]:
    """Give the questions that the briefing rests on."""
    keys = [
        rests.tally.question
        for finding in work.draft.findings
        for rests in finding.evidence
        if rests.tally is not None
    ]
    top = evidence.top_question(work.numbers, work.draft.body.top_question)
    return [*([top] if top else []), *keys]


def _method(work: _Work) -> Iterator[str]:
    consultation = work.consultation
    if consultation.opens_on and consultation.closes_on:
        names = [str(wording.LANGUAGES.get(name, name)) for name in consultation.locales]
        yield _(
            "Answers could be sent from %(first)s to %(last)s, in these languages: %(languages)s.",
            first=consultation.opens_on,
            last=consultation.closed_on or consultation.closes_on,
            languages=wording.listed(names),
        )
    yield _(
        "Each submission counts once, whether it comes from a person, a group or an organisation. "
        "Who comes forward is no sample: nothing is weighted, and no figure speaks for a whole "
        "population."
    )
    yield _(
        "Small numbers are hidden so that nobody can be recognised: a number is shown from "
        "%(threshold)s on, and nothing where fewer than 10 answered. Some larger numbers are "
        "hidden too, so that the small ones cannot be worked out. Hidden does not mean nought.",
        threshold=work.numbers.threshold,
    )
    yield _(
        "Shares are of those who answered the question and are rounded. Where 10 to 29 answered, "
        "the base is small and the share is given to the nearest 5 per cent, without an interval."
    )
    yield _(
        "The indicative interval is the 95 per cent interval of Wilson. It shows what chance alone "
        "can do with so few or so many answers, not how well those who answered stand for others."
    )
    if any(joined.type in NUMBERS for joined in work.numbers.columns.questions):
        yield _("A median is the number in the middle: half gave less or as much, half gave more.")
    yield _(
        "Quotes stand in the language in which they came, with the consent of those who said them. "
        "Under a quote stands only what many share, unless an organisation agreed to be named."
    )


def _own(work: _Work, text: Text) -> Run:
    return Run(text.text, None if text.locale == work.locale else text.locale)
