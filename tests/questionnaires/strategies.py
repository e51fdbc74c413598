"""Questions of every type, values that answer them, and rubbish, for tests by property."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from hypothesis import strategies as st

from consult.questionnaires import places
from consult.questionnaires.conditions import AllOf, AnyOf, AtLeast, Is, Not
from consult.questionnaires.plain_text import is_blank, is_forbidden, tidy
from consult.questionnaires.structure import (
    EARLIEST_DAY,
    LARGEST_CELL,
    LATEST_DAY,
    PEOPLE_CELLS,
    Choice,
    Definition,
    Question,
    QuestionType,
    Row,
    Section,
)
from consult.questionnaires.units import units

CHOICES = ("water", "roads", "schools", "other", "none", "18_29")


def a_question(kind: QuestionType, key: str = "q", **changes: Any) -> Question:
    """A question of a type with all that its type must have."""
    made: dict[str, Any] = {"key": key, "uuid": f"uuid-{key}", "type": kind}
    keys = CHOICES
    if kind in (QuestionType.RANKING, QuestionType.RECOMMENDATION, QuestionType.MATRIX):
        keys = ("water", "roads", "schools")
    if kind in WITH_CHOICES:
        made["choices"] = tuple(
            Choice(c, f"o-{key}-{c}", exclusive=c == "none" and kind is QuestionType.MULTIPLE)
            for c in keys
        )
    if kind is QuestionType.MATRIX:
        made["rows"] = tuple(Row(r, f"r-{key}-{r}") for r in ("army", "police", "courts"))
    if kind is QuestionType.PLACE:
        made["countries"] = ("AF",)
    return Question(**(made | changes))


WITH_CHOICES = {
    QuestionType.SINGLE,
    QuestionType.MULTIPLE,
    QuestionType.SCALE,
    QuestionType.MATRIX,
    QuestionType.RANKING,
    QuestionType.RECOMMENDATION,
}


def a_definition(*sections: list[Question], relevance: Any = None) -> Definition:
    """Sections a, b, … with these questions; `relevance` is that of the last section."""
    made = [
        Section(key, f"s-{key}", tuple(questions))
        for key, questions in zip("abcdefgh", sections, strict=False)
    ]
    if relevance is not None:
        last = made.pop()
        made.append(Section(last.key, last.uuid, last.questions, relevance))
    return Definition(tuple(made))


EVERY_TYPE = [a_question(kind, f"q_{kind}") for kind in QuestionType]


def is_kept_as_it_is(text: str) -> bool:
    return tidy(text) == text and not is_blank(text) and not is_forbidden(text)


def words(most: int) -> st.SearchStrategy[str]:
    alphabet = st.characters(codec="utf-8")
    return (
        st.text(alphabet, min_size=1, max_size=most)
        .map(tidy)
        .filter(lambda text: is_kept_as_it_is(text) and len(text) <= most)
    )


def questions() -> st.SearchStrategy[Question]:
    """A question of any type, with limits that do not contradict each other."""
    return st.sampled_from(QuestionType).flatmap(_varied)


def _varied(kind: QuestionType) -> st.SearchStrategy[Question]:
    changes: dict[str, st.SearchStrategy[Any]] = {"required": st.booleans()}
    if kind is QuestionType.NOTE:
        changes = {}
    if kind is QuestionType.MULTIPLE:
        changes["most"] = st.none() | st.integers(2, 5)
    if kind is QuestionType.RANKING:
        changes["most"] = st.none() | st.integers(1, 3)
    if kind in (QuestionType.INTEGER, QuestionType.DECIMAL):
        changes["minimum"] = st.none() | st.integers(-100, 0)
        changes["maximum"] = st.none() | st.integers(1, 10_000)
        changes["plausible"] = st.none() | st.just((0, 50))
    if kind is QuestionType.DATE:
        changes["minimum"] = st.none() | st.dates(date(1900, 1, 1), date(1990, 1, 1))
        changes["maximum"] = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
    return st.fixed_dictionaries(changes).map(lambda found: a_question(kind, **found))


def values(question: Question) -> st.SearchStrategy[Any]:
    """Values that answer the question completely, in the form in which they are kept."""
    keys = question.choice_keys
    low: Any = question.lowest
    high: Any = question.highest
    match question.type:
        case QuestionType.SHORT_TEXT | QuestionType.LONG_TEXT:
            return words(60)
        case QuestionType.INTEGER:
            return st.integers(low, high)
        case QuestionType.DECIMAL:
            return st.integers(low * 10**6, high * 10**6).map(lambda n: round(n / 10**6, 6) + 0.0)
        case QuestionType.DATE:
            days = st.dates(question.minimum or EARLIEST_DAY, question.maximum or LATEST_DAY)
            return days.map(date.isoformat)
        case QuestionType.SINGLE | QuestionType.SCALE:
            return st.sampled_from(keys)
        case QuestionType.MULTIPLE:
            together = [key for key in keys if key not in question.exclusive_keys]
            some = st.sets(st.sampled_from(together), min_size=1, max_size=question.most)
            return some.map(lambda found: [key for key in keys if key in found]) | st.just(["none"])
        case QuestionType.MATRIX:
            return st.fixed_dictionaries(dict.fromkeys(question.row_keys, st.sampled_from(keys)))
        case QuestionType.RANKING:
            return st.permutations(keys).map(lambda found: found[: question.most])
        case QuestionType.PLACE:
            return st.sampled_from([place.code for place in places.of(question.countries)])
        case QuestionType.PEOPLE:
            cells = st.dictionaries(st.sampled_from(PEOPLE_CELLS), st.integers(0, LARGEST_CELL))
            ordered = cells.map(lambda found: {c: found[c] for c in PEOPLE_CELLS if c in found})
            return ordered.filter(lambda found: any(found.values()))
        case QuestionType.RECOMMENDATION:
            return st.builds(
                lambda text, addressee: {"text": text, "addressee": addressee},
                words(60),
                st.sampled_from(keys),
            )
        case _:
            return st.none()


_HINTS = st.sampled_from(
    [*CHOICES, "AF-KAB", "AF", "yes", "", " ", "1", "2", "3", "۱۲", "12.5", "2024-02-30", "\x00"]
)
_ANY_TEXT = st.text(max_size=30) | _HINTS
_SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | _ANY_TEXT | st.just(10**400)


def rubbish() -> st.SearchStrategy[Any]:
    """Any JSON value, and what only Python could hold."""
    keys = st.sampled_from(["water", "army", "text", "addressee", "women_18_29"]) | _ANY_TEXT
    return st.recursive(
        _SCALAR,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


def any_fields(names: set[str]) -> st.SearchStrategy[dict[str, list[str]]]:
    """Whatever a form could be made to send under these names."""
    sent = st.lists(_ANY_TEXT, max_size=3)
    return st.dictionaries(st.sampled_from(sorted(names)) if names else _ANY_TEXT, sent)


def conditions() -> st.SearchStrategy[Any]:
    """A condition over the questions of `EVERY_TYPE`."""
    leaf = (
        st.builds(
            Is,
            st.sampled_from(["q_single", "q_multiple", "q_scale"]),
            st.lists(st.sampled_from(CHOICES), min_size=1, max_size=3, unique=True).map(tuple),
        )
        | st.builds(Is, st.just("q_place"), st.sampled_from([("AF",), ("AF-KAB", "AF-HER")]))
        | st.builds(AtLeast, st.sampled_from(["q_integer", "q_people"]), st.integers(0, 100))
    )
    return st.recursive(
        leaf,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(tuple).map(AllOf)
            | st.lists(inner, min_size=1, max_size=3).map(tuple).map(AnyOf)
            | inner.map(Not)
        ),
        max_leaves=5,
    )


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """A questionnaire that `parse` accepts: conditions look at the sections before."""
    first = Section("first", _uuid("s0"), tuple(map(_with_uuids, EVERY_TYPE)))
    sections = [first]
    for number in range(draw(st.integers(0, 2))):
        found = [
            replace(
                question,
                key=f"{question.key}_{number}_{at}",
                relevance=draw(st.none() | conditions()),
            )
            for at, question in enumerate(draw(st.lists(questions(), min_size=1, max_size=3)))
        ]
        sections.append(
            Section(
                f"more_{number}",
                _uuid(f"s{number + 1}"),
                tuple(map(_with_uuids, found)),
                draw(st.none() | conditions()),
            )
        )
    return Definition(tuple(sections))


def _with_uuids(question: Question) -> Question:
    key = question.key
    return replace(
        question,
        uuid=_uuid(f"q/{key}"),
        choices=tuple(replace(c, uuid=_uuid(f"o/{key}/{c.key}")) for c in question.choices),
        rows=tuple(replace(r, uuid=_uuid(f"r/{key}/{r.key}")) for r in question.rows),
    )


def _uuid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


@st.composite
def wordings(draw: st.DrawFn, definition: Definition) -> dict[str, dict[str, str]]:
    """Texts for a questionnaire in English and Pashto; what may be left out sometimes is."""
    found = {}
    for unit in units(definition):
        if unit.required:
            found[unit.key] = {"en": draw(_TITLES), "ps": draw(_TITLES)}
        elif draw(st.booleans()):
            found[unit.key] = {"en": draw(_TITLES)}
    return found


_TITLES = st.sampled_from(
    ["Water", "وبه", "a: b # c", "yes", "- x", "«x»", "1", "e\u0301".upper()]
).map(tidy)
