"""One question as an author wrote it, turned into a `Question`; what is wrong is noted.

Nothing is left out on the way: a broken part becomes a placeholder, so that the parts after it
keep their numbers and their own problems are found in the same pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from consult.languages import calendars
from consult.questionnaires import keys, places, profile
from consult.questionnaires.problems import Problem, quoted
from consult.questionnaires.structure import (
    LARGEST_NUMBER,
    LONGEST_TEXT,
    Bound,
    Choice,
    Question,
    QuestionType,
    Row,
)
from consult.questionnaires.values import DECIMAL_PLACES

MOST_CHOICES = 60
LATER = "group"
LATER_REASON = "a repeating group comes with a later version"

_Q = QuestionType
_COMMON = frozenset({"key", "uuid", "type", "title", "hint", "relevance"})
_ASKING = _COMMON | {"why", "required", "sensitive"}
_NUMBER = _ASKING | {"min", "max", "plausible"}
_TEXT = _ASKING | {"max_length", "quotable"}
FIELDS: dict[QuestionType, frozenset[str]] = {
    _Q.NOTE: _COMMON,
    _Q.SHORT_TEXT: _TEXT,
    _Q.LONG_TEXT: _TEXT,
    _Q.INTEGER: _NUMBER,
    _Q.DECIMAL: _NUMBER,
    _Q.DATE: _ASKING | {"min", "max"},
    _Q.SINGLE: _ASKING | {"choices"},
    _Q.MULTIPLE: _ASKING | {"choices", "least", "most"},
    _Q.SCALE: _ASKING | {"choices"},
    _Q.MATRIX: _ASKING | {"choices", "rows"},
    _Q.RANKING: _ASKING | {"choices", "least", "most"},
    _Q.PLACE: _ASKING | {"countries"},
    _Q.PEOPLE: _ASKING | {"plausible"},
    _Q.RECOMMENDATION: _TEXT | {"choices"},
}
_ANY_FIELD = frozenset().union(*FIELDS.values())
_FEWEST_CHOICES = {
    _Q.SINGLE: 2,
    _Q.MULTIPLE: 1,
    _Q.SCALE: 2,
    _Q.MATRIX: 2,
    _Q.RANKING: 2,
    _Q.RECOMMENDATION: 1,
}
# Any fixed value does: the same key gives the same uuid, so a file loaded twice stays the same.
_NAMESPACE = UUID("0f6f2c1e-5c39-4c0c-9a53-6a5d1d3c7a10")


@dataclass
class Notes:
    """What was found while a questionnaire is read: problems, uuids, and the texts given."""

    countries: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)
    _uuids: set[str] = field(default_factory=set)

    def wrong(self, place: str, reason: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(place, reason))

    def uuid(self, data: Mapping[Any, Any], place: str, *path: str) -> str:
        """Give the uuid that was written, or the one that follows from the keys."""
        written = data.get("uuid")
        found = str(uuid5(_NAMESPACE, "/".join(path if all(path) else (place,))))
        if written is not None:
            if _is_uuid(written):
                found = written
            else:
                self.wrong(place, f"uuid {quoted(written)} is no uuid in small letters")
        if found in self._uuids:
            self.wrong(place, f"uuid {found} belongs to something else already")
        self._uuids.add(found)
        return found

    def texts(self, stem: str, data: Mapping[Any, Any], *names: str) -> None:
        """Keep the texts given for a thing, to be checked once all units are known."""
        self.given |= {f"{stem}.{name}": data[name] for name in names if name in data}

    def know(self, data: Mapping[Any, Any], allowed: frozenset[str], place: str) -> None:
        """Note every field that may not stand here."""
        for name in data:
            if name not in allowed:
                self.wrong(place, f"unknown field {quoted(name)}")

    def mapping(self, data: object, place: str) -> Mapping[Any, Any]:
        """Give what should be fields with values."""
        if isinstance(data, Mapping):
            return data
        self.wrong(place, "must be fields with values, such as key: …")
        return {}

    def items(self, data: Mapping[Any, Any], name: str, place: str) -> list[Any]:
        """Give a list that has to have something in it."""
        value = data.get(name)
        if isinstance(value, list) and value:
            return value
        self.wrong(place, f"{name} is missing" if value is None else f"{name} must be a list")
        return []

    def key(
        self, data: Mapping[Any, Any], place: str, is_key: Callable[[str], bool] = keys.is_key
    ) -> str:
        """Give the key, or nothing when it cannot be one."""
        value = spelled(data.get("key"))
        if value is not None and is_key(value):
            return value
        if isinstance(data.get("key"), bool):
            self.wrong(place, "the key was read as true or false: write it in quotes")
        elif value is None:
            self.wrong(place, "key is missing")
        else:
            first = "a-z" if is_key is keys.is_key else "a-z or 0-9"
            self.wrong(
                place,
                f"key {quoted(value)} is not allowed: {first}, then a-z, 0-9 and _, "
                f"at most {keys.LONGEST_KEY}",
            )
        return ""


def spelled(value: object) -> str | None:
    """Give a key or choice as text; a whole number is its digits, true and false are none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) <= LARGEST_NUMBER else None
    return value if isinstance(value, str) else None


def question(data: Mapping[Any, Any], place: str, notes: Notes) -> Question:
    """Give the question, without its relevance."""
    key = notes.key(data, place)
    if key in keys.RESERVED:
        notes.wrong(place, f"key {key} is used by the form itself")
    kind = _type(data.get("type"), place, notes)
    uuid = notes.uuid(data, place, "question", key)
    notes.texts(f"q:{uuid}", data, "title", "hint", "why")
    made = Question(key, uuid, kind or _Q.NOTE)
    if kind is None:
        return made
    _know_fields(data, kind, place, notes)
    made = replace(
        made,
        required=_flag(data, "required", place, notes),
        sensitive=_flag(data, "sensitive", place, notes),
        quotable=_flag(data, "quotable", place, notes),
        max_length=_size(data, "max_length", LONGEST_TEXT, place, notes),
    )
    if "choices" in FIELDS[kind]:
        made = _with_choices(made, data, place, notes)
    if kind is _Q.MATRIX:
        made = replace(made, rows=_rows(made, data, place, notes))
    made = _with_limits(made, data, place, notes)
    if kind is _Q.PLACE:
        made = replace(made, countries=_countries(data, place, notes))
    _check_facet(made, place, notes)
    return made


def _is_uuid(value: object) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _type(value: object, place: str, notes: Notes) -> QuestionType | None:
    if value == LATER:
        notes.wrong(place, LATER_REASON)
        return None
    if isinstance(value, str) and value in set(QuestionType):
        return QuestionType(value)
    reason = "type is missing" if value is None else f"unknown type {quoted(value)}"
    notes.wrong(place, f"{reason}; known are {', '.join(QuestionType)}")
    return None


def _know_fields(data: Mapping[Any, Any], kind: QuestionType, place: str, notes: Notes) -> None:
    for name in data:
        if name in FIELDS[kind]:
            continue
        if name in _ANY_FIELD:
            notes.wrong(place, f"{name} does not belong to a question of type {kind}")
        else:
            notes.wrong(place, f"unknown field {quoted(name)}")


def _flag(data: Mapping[Any, Any], name: str, place: str, notes: Notes) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        notes.wrong(place, f"{name} must be true or false")
    return value is True


def _size(data: Mapping[Any, Any], name: str, most: int, place: str, notes: Notes) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        notes.wrong(place, f"{name} must be a whole number from 1 to {most}")
        return None
    return value


def _with_choices(made: Question, data: Mapping[Any, Any], place: str, notes: Notes) -> Question:
    found: list[Choice] = []
    for at, given in enumerate(notes.items(data, "choices", place), start=1):
        where = f"{place}, choice {at}"
        fields = notes.mapping(given, where)
        key = notes.key(fields, where, keys.is_choice_key)
        if key and key in {choice.key for choice in found}:
            notes.wrong(where, f"key {key} stands twice")
        if key in keys.RESERVED_PARTS and made.type is _Q.RANKING:
            notes.wrong(where, f"key {key} cannot be a choice of a ranking")
        uuid = notes.uuid(fields, where, "choice", made.key, key)
        notes.texts(f"o:{uuid}", fields, "title")
        may = {"exclusive"} if made.type is _Q.MULTIPLE else set()
        notes.know(fields, frozenset({"key", "uuid", "title"} | may), where)
        found.append(Choice(key, uuid, bool(may) and _flag(fields, "exclusive", where, notes)))
    fewest = _FEWEST_CHOICES[made.type]
    if found and not fewest <= len(found) <= MOST_CHOICES:
        notes.wrong(place, f"it must have {fewest} to {MOST_CHOICES} choices")
    return replace(made, choices=tuple(found))


def _rows(made: Question, data: Mapping[Any, Any], place: str, notes: Notes) -> tuple[Row, ...]:
    found: list[Row] = []
    for at, given in enumerate(notes.items(data, "rows", place), start=1):
        where = f"{place}, row {at}"
        fields = notes.mapping(given, where)
        key = notes.key(fields, where, keys.is_choice_key)
        if key and key in {row.key for row in found}:
            notes.wrong(where, f"key {key} stands twice")
        if key in keys.RESERVED_PARTS:
            notes.wrong(where, f"key {key} cannot be a row of a matrix")
        uuid = notes.uuid(fields, where, "row", made.key, key)
        notes.texts(f"r:{uuid}", fields, "title")
        notes.know(fields, frozenset({"key", "uuid", "title"}), where)
        found.append(Row(key, uuid))
    if len(found) > MOST_CHOICES:
        notes.wrong(place, f"it must have at most {MOST_CHOICES} rows")
    return tuple(found)


def _with_limits(made: Question, data: Mapping[Any, Any], place: str, notes: Notes) -> Question:
    kind = made.type
    if "min" in FIELDS[kind]:
        made = replace(
            made,
            minimum=_bound(data, "min", kind, place, notes),
            maximum=_bound(data, "max", kind, place, notes),
        )
        low: Any = made.lowest
        high: Any = made.highest
        if low > high:
            notes.wrong(place, f"min {low} is above max {high}")
    if "plausible" in FIELDS[kind]:
        made = replace(made, plausible=_plausible(made, data, place, notes))
    if "least" in FIELDS[kind]:
        together = len(made.choices) - len(made.exclusive_keys)
        least = _size(data, "least", max(together, 1), place, notes)
        most = _size(data, "most", max(together, 1), place, notes)
        if least is not None and most is not None and least > most:
            notes.wrong(place, f"least {least} is above most {most}")
        made = replace(made, least=least, most=most)
    return made


def _bound(
    data: Mapping[Any, Any], name: str, kind: QuestionType, place: str, notes: Notes
) -> Bound | None:
    value = data.get(name)
    if value is None:
        return None
    if kind is _Q.DATE:
        return _day(value, name, place, notes)
    found = _number(value)
    if found is None or (kind is _Q.INTEGER and not isinstance(found, int)):
        whole = "a whole number" if kind is _Q.INTEGER else "a number"
        notes.wrong(place, f"{name} must be {whole} of at most nine digits")
        return None
    return found


def _day(value: object, name: str, place: str, notes: Notes) -> date | None:
    try:
        day = value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is not None and calendars.EARLIEST <= day <= calendars.LATEST:
        return day
    years = f"{calendars.EARLIEST.year} to {calendars.LATEST.year}"
    notes.wrong(place, f"{name} must be a day such as 2026-11-30, of the years {years}")
    return None


def _number(value: object) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        return None
    return value if isinstance(value, int) else round(value, DECIMAL_PLACES) + 0.0


def _plausible(
    made: Question, data: Mapping[Any, Any], place: str, notes: Notes
) -> tuple[int | float, int | float] | None:
    value = data.get("plausible")
    if value is None:
        return None
    pair = [_number(item) for item in value] if isinstance(value, list) else []
    if len(pair) != 2 or pair[0] is None or pair[1] is None:
        notes.wrong(place, "plausible must be two numbers, such as [0, 500]")
        return None
    low, high = pair[0], pair[1]
    lowest: Any = made.lowest
    highest: Any = made.highest
    if low > high:
        notes.wrong(place, f"plausible begins at {low} and ends at {high}")
    elif low > highest or high < lowest:
        notes.wrong(place, "plausible lies outside min and max")
    return low, high


def _countries(data: Mapping[Any, Any], place: str, notes: Notes) -> tuple[str, ...]:
    known = ", ".join(places.COUNTRIES)
    if "countries" not in data:
        found = tuple(code for code in notes.countries if code in places.COUNTRIES)
        if notes.countries and not found:
            notes.wrong(place, f"no places are known in the consultation's countries, only {known}")
        return found or places.COUNTRIES
    named = notes.items(data, "countries", place)
    if unknown := [code for code in named if code not in places.COUNTRIES]:
        notes.wrong(place, f"countries: {quoted(unknown[0])} is not one of {known}")
        return ()
    if len(set(named)) < len(named):
        notes.wrong(place, "countries names one twice")
    return tuple(named)


def _check_facet(made: Question, place: str, notes: Notes) -> None:
    wanted = {profile.PLACE: _Q.PLACE, profile.PEOPLE: _Q.PEOPLE}.get(made.key)
    if wanted is None and made.key in profile.FACETS:
        wanted = _Q.SINGLE
    if wanted is None:
        return
    if made.type is not wanted:
        notes.wrong(place, f"{made.key} belongs to the profile and must be of type {wanted}")
        return
    facet = profile.FACETS.get(made.key, ())
    if wanted is _Q.SINGLE:
        for at, key in enumerate(made.choice_keys, start=1):
            if key and key not in facet:
                where = f"{place}, choice {at}"
                notes.wrong(where, f"{key} is no choice of {made.key}: {', '.join(facet)}")
        known = [key for key in made.choice_keys if key in facet]
        if known != sorted(known, key=facet.index):
            notes.wrong(place, f"its choices must stand in this order: {', '.join(facet)}")
