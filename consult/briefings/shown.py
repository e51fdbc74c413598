"""What the pages of briefings show besides the document: choices, stages, whose turn it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consult.briefings import evidence, numbers, wording
from consult.briefings.forms import BETWEEN
from consult.briefings.numbers import Numbers
from consult.briefings.sign_off import Approving, Stage
from consult.briefings.writing import Draft, Found, Rests
from consult.consultations import access
from consult.consultations.access import Permission
from consult.consultations.members import Member
from consult.consultations.texts import Text
from consult.figures.questions import NUMBERS, Joined
from consult.languages.messages import Lazy, _, _l
from consult.questionnaires import profile
from consult.questionnaires.structure import QuestionType
from consult.reading.quotes import ClearedQuote

Options = list[tuple[str, str]]

STAGES: dict[Stage, Lazy] = {
    Stage.DRAFT: _l("Draft"),
    Stage.IN_REVIEW: _l("In review"),
    Stage.APPROVED: _l("Approved"),
    Stage.PUBLISHED: _l("Published"),
}
STEPS = (_l("Write it"), _l("A second editor reads it"), _l("Publish it"))
AT: dict[Stage, int] = {
    Stage.DRAFT: 0,
    Stage.IN_REVIEW: 1,
    Stage.APPROVED: 2,
    Stage.PUBLISHED: 3,
}


@dataclass(frozen=True)
class Piece:
    """One piece of evidence, as its finding's page lists it."""

    id: str
    words: str
    quote: bool


@dataclass(frozen=True)
class Looker:
    """Who looks at the page, and what she may do about its sign-off."""

    person_id: int
    members: Sequence[Member]
    own: Approving

    @property
    def is_editor(self) -> bool:
        """Whether she approves and publishes at all."""
        return any(one.person_id == self.person_id and _edits(one) for one in self.members)

    def others(self, draft: Draft) -> list[str]:
        """Name the editors who did not write in it."""
        return [m.name for m in self.members if _edits(m) and m.person_id not in draft.authors]


def steps(stage: Stage, note: str) -> list[tuple[Lazy, str, str]]:
    """Give the way to publication for the component of that name."""
    at = AT[stage]
    states = ["done" if i < at else "now" if i == at else "later" for i in range(len(STEPS))]
    return [
        (words, state, note if state == "now" else "")
        for words, state in zip(STEPS, states, strict=True)
    ]


def turn(stage: Stage, draft: Draft, looker: Looker) -> str:
    """Say whose turn it is."""
    match stage:
        case Stage.DRAFT:
            return _("It is your turn: write it, then ask a second editor to read it.")
        case Stage.IN_REVIEW:
            return _reviewing(draft, looker)
        case Stage.APPROVED if looker.is_editor:
            return _("It is your turn: it can be published.")
        case Stage.APPROVED:
            return _("It waits for an editor to publish it.")
    return ""


def _reviewing(draft: Draft, looker: Looker) -> str:
    if looker.is_editor and looker.own is Approving.YES:
        return _("It is your turn: read the whole briefing and approve it.")
    if looker.is_editor and looker.own is Approving.WITH_A_REASON:
        return _("It is your turn: at risk level low you may approve it yourself, with a reason.")
    others = looker.others(draft)
    if others:
        return _("It waits for one of these editors: %(names)s.", names=wording.listed(others))
    return _(
        "It waits for a second editor, and there is none yet. An editor adds one on the page of "
        "people."
    )


def tallies(found: Numbers) -> dict[str, Options]:
    """Give the figures that a finding can rest on, grouped by question."""
    made: dict[str, Options] = {}
    for joined in found.columns.questions:
        title = found.labels(f"q:{joined.newest.uuid}.title") or joined.key
        options = [(joined.key, _("All answers"))]
        if joined.type not in (*NUMBERS, QuestionType.PEOPLE):
            question = found.question(joined.key)
            labels = {row.key: row.label for row in question.rows} if question else {}
            options += [
                (f"{joined.key}{BETWEEN}{key}", labels.get(key, key))
                for key in numbers.choice_keys(joined)
                if joined.key != profile.PLACE
            ]
        made.setdefault(title, []).extend(options)
    return made


def facets(found: Numbers) -> Options:
    """Give the facets that a figure can be broken down by."""
    asked = [joined.key for joined in found.columns.questions.facets()]
    return [("", _("Nothing")), *((key, str(wording.FACETS[key])) for key in asked)]


def groups(found: Numbers) -> Options:
    """Give the groups that a recommendation can come from, places left out."""
    made: Options = []
    for facet in found.columns.questions.facets():
        if facet.key != profile.PLACE:
            name = str(wording.FACETS[facet.key])
            for position in facet.shown_choices:
                choice = facet.choices[position]
                label = found.labels(f"o:{choice.uuid}.title") or choice.key
                made.append((f"{facet.key}{BETWEEN}{choice.key}", f"{name}: {label}"))
    return made


def leading(found: Numbers) -> Options:
    """Give the questions whose chart can stand at the front."""
    every = [joined for joined in found.columns.questions if evidence.may_lead(joined)]
    return [("", _("The first that fits")), *((one.key, _title(found, one)) for one in every)]


def quote_options(cleared: Iterable[ClearedQuote]) -> list[tuple[str, Text]]:
    """Give the cleared quotes to choose from, each in its own language."""
    return [(one.id.hex(), Text(one.text, one.language)) for one in cleared]


def pieces(finding: Found, found: Numbers, quoted: Mapping[bytes, ClearedQuote]) -> list[Piece]:
    """Give the evidence of a finding for its page."""
    return [
        Piece(rests.id.hex(), _piece(rests, found, quoted), rests.tally is None)
        for rests in finding.evidence
    ]


def _piece(rests: Rests, found: Numbers, quoted: Mapping[bytes, ClearedQuote]) -> str:
    if rests.tally is None:
        quote = quoted.get(rests.quote_id or b"")
        return quote.text if quote else _("A quote that may not be shown now")
    question = found.question(rests.tally.question)
    row = found.row(rests.tally.question, rests.tally.choice or "")
    said = [question.label if question else rests.tally.question]
    said += [row.label] if row else []
    if rests.tally.by in wording.FACETS:
        said.append(_("broken down by: %(facet)s", facet=str(wording.FACETS[rests.tally.by])))
    return " · ".join(said)


def _title(found: Numbers, joined: Joined) -> str:
    return found.labels(f"q:{joined.newest.uuid}.title") or joined.key


def _edits(member: Member) -> bool:
    return not member.pending and access.allowed(member.role, Permission.APPROVE)
