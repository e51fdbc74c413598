"""What the pages of reading show of submissions and quotes; templates only loop over it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from consult.answering import shown as answering
from consult.consultations import access
from consult.consultations.access import Permission, Unlocked
from consult.consultations.members import Member
from consult.consultations.texts import Text
from consult.languages import formats
from consult.languages.locales import LANGUAGES, Language
from consult.languages.messages import Lazy, _, _n
from consult.questionnaires import relevance
from consult.questionnaires.structure import Question, QuestionType
from consult.reading import filters, quotes, wording
from consult.reading.answers import Answers, week
from consult.reading.asked import Asked, Version
from consult.reading.filters import Filters
from consult.reading.quotes import Clearing, Picked
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel
from consult.submissions.models import Lane
from consult.submissions.opening import Opened

Words = Text | str | Lazy
SHORT_BYTES = 4


@dataclass(frozen=True)
class Row:
    """One submission of the list."""

    id: bytes
    week: date
    language: Words
    place: Words | None
    kind: Words | None
    lane: Words
    consent: Words

    @property
    def short(self) -> str:
        """Give the short name by which people speak of it; it says nothing of whose it is."""
        return short_id(self.id)


@dataclass(frozen=True)
class Choice:
    """One filter: its name, what it is called, and what can be chosen."""

    name: str
    title: Words
    options: Sequence[tuple[str, Words]]
    chosen: str


@dataclass(frozen=True)
class Line:
    """A line of an answer; `said` are a respondent's own words."""

    text: Words
    said: bool


@dataclass(frozen=True)
class Answer:
    """A question with its answer; `quotable` is the name of the source words can be picked from."""

    title: Text
    lines: Sequence[Line]
    changed: bool
    quotable: Sequence[str]


@dataclass(frozen=True)
class Part:
    """A section with the answers to what was asked in it."""

    title: Text
    answers: Sequence[Answer]


def short_id(submission_id: bytes) -> str:
    """Give the first digits of a random id."""
    return submission_id[:SHORT_BYTES].hex()


def rows(opened: Iterable[Opened], asked: Asked) -> list[Row]:
    """Give the lines of the list."""
    return [
        Row(
            id=one.id,
            week=week(one.received_on),
            language=wording.language_name(one.language),
            place=_choice(one, "place", asked),
            kind=_choice(one, "organisation_kind", asked),
            lane=wording.LANES[one.lane],
            consent=wording.USES[one.use],
        )
        for one in opened
    ]


def choices(answers: Answers, chosen: Filters, asked: Asked) -> list[Choice]:
    """Give the filters, each with the values that occur and the one that is chosen."""
    found = filters.values(answers)
    for name, value in chosen.values.items():
        found[name].add(value)
    by_name = formats.sort_key(asked.language)
    made = []
    for name, title in _TITLES.items():
        options = [(value, _worded(name, value, asked)) for value in _ordered(name, found[name])]
        if name == "place":
            options.sort(key=lambda option: by_name(str(option[1])))
        made.append(Choice(name, title(asked), options, chosen.values.get(name, "")))
    return made


def parts(version: Version, one: Opened, language: Language) -> list[Part]:
    """Give a submission to read: what was asked of it, and anything else that it answers."""
    asked = {question.key for question in relevance.asked(version.definition, one.answers)}
    sources = quotes.sources(version.definition, one)
    found = []
    for section in version.definition.sections:
        answers = [
            _answer(question, one, version, language, sources)
            for question in section.questions
            if question.type is not QuestionType.NOTE
            and (question.key in asked or question.key in one.answers)
        ]
        if answers:
            found.append(Part(version.texts.get(f"s:{section.uuid}.title"), answers))
    return found


def line_under(line: quotes.Line, asked: Asked) -> list[Words]:
    """Give what stands under a quote: the organisation, or the facets that may be named."""
    if line.organisation:
        return [line.organisation]
    return [asked.choice(key, value) for key, value in line.facets.items()]


def turn(unlocked: Unlocked, picked: Picked, members: Sequence[Member]) -> str:
    """Say whose turn it is to clear a quote that waits."""
    own = quotes.clearing(unlocked.consultation, picked, unlocked.person.id)
    names = {member.person_id: member.name for member in members}
    if may_clear(unlocked, members) and own is not Clearing.ANOTHER:
        if own is Clearing.WITH_A_REASON:
            return _(
                "It is your turn: at risk level low you may clear your own quote, with a reason."
            )
        return _("It is your turn: read it and clear it.")
    known = [names[author] for author in sorted(picked.authors) if author in names]
    if not any(_clears(member) and member.person_id not in picked.authors for member in members):
        return _(
            "It waits for a second editor, and there is none yet. An editor adds one on the "
            "page of people."
        )
    if not known:
        return _("It waits for an editor.")
    return _("It waits for an editor other than %(names)s.", names=", ".join(known))


def may_clear(unlocked: Unlocked, members: Sequence[Member]) -> bool:
    """Say whether the person who looks is an editor who can clear quotes at all."""
    return any(_clears(member) and member.person_id == unlocked.person.id for member in members)


def unreadable(count: int) -> str:
    """Say how many submissions no key opens."""
    return _n(
        "%(count)s submission cannot be read. It is in no figure and no quote.",
        "%(count)s submissions cannot be read. They are in no figure and no quote.",
        count,
    )


def _clears(member: Member) -> bool:
    return not member.pending and access.allowed(member.role, Permission.CLEAR)


def _choice(one: Opened, key: str, asked: Asked) -> Words | None:
    value = one.answers.get(key)
    return asked.choice(key, value) if isinstance(value, str) else None


_TITLES: Mapping[str, Callable[[Asked], Words]] = {
    "language": lambda _asked: _("Language"),
    "week": lambda _asked: _("Week of receipt"),
    "place": lambda _asked: _("Place"),
    "sex": lambda _asked: _("Sex"),
    "channel": lambda _asked: _("Channel"),
    "lane": lambda _asked: _("Lane"),
    "use": lambda _asked: _("Consent"),
}
_ORDERS: Mapping[str, Sequence[str]] = {
    "language": tuple(LANGUAGES),
    "channel": tuple(channel.value for channel in Channel),
    "lane": tuple(lane.value for lane in Lane),
    "use": tuple(use.value for use in Use),
}


def _ordered(name: str, found: set[str]) -> list[str]:
    if name in _ORDERS:
        return [value for value in _ORDERS[name] if value in found]
    return sorted(found)


def _worded(name: str, value: str, asked: Asked) -> Words:
    match name:
        case "language":
            return wording.language_name(value)
        case "week":
            return formats.date(date.fromisoformat(value), asked.language)
        case "channel":
            return wording.CHANNELS[Channel(value)]
        case "lane":
            return wording.LANES[Lane(value)]
        case "use":
            return wording.USES[Use(value)]
    return asked.choice(name, value)


def _answer(
    question: Question,
    one: Opened,
    version: Version,
    language: Language,
    sources: Sequence[quotes.Source],
) -> Answer:
    lines = answering.lines_of(question, one.answers, version.texts, language)
    own = _own_words(question, len(lines), f"{question.key}.other" in one.answers)
    return Answer(
        version.texts.get(f"q:{question.uuid}.title"),
        [Line(text, position in own) for position, text in enumerate(lines)],
        bool({question.key, f"{question.key}.other"} & one.changed),
        [source.name for source in sources if source.question.key == question.key],
    )


def _own_words(question: Question, count: int, other: bool) -> set[int]:
    """Give which lines of an answer are a respondent's own words."""
    if question.type in quotes.TEXTS:
        return set(range(count))
    own = {0} if question.type is QuestionType.RECOMMENDATION and count else set()
    return own | {count - 1} if other and count else own
