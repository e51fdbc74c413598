"""The head of a consultation's file: everything but its questions, read once into typed values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from consult.consultations.models import Consultation, RiskLevel, UnitKind
from consult.consultations.texts import CONSULTATION_UNITS, UnitSpec
from consult.languages import locales
from consult.questionnaires import plain_text
from consult.questionnaires.problems import Problem, quoted

FORMAT = "consult/1"
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
CODE = re.compile(r"(?=.*[0-9])[a-z0-9]{5}")
COUNTRY = re.compile(r"[A-Z]{2}")
# First words of addresses for staff, which a consultation's name must not hide.
TAKEN_SLUGS = frozenset({"sign-in", "sign-out", "invitation", "account", "people", "settings"})
USES = ("count", "quote_anonymous", "quote_attributed")
PROCESSES = (
    "negotiation",
    "mandate_renewal",
    "council_briefing",
    "resolution",
    "programme_design",
    "mission_exit",
)
LOWEST_THRESHOLD = 5
HIGHEST_THRESHOLD = 1000
LONGEST_REASON = 500
KEYS = (
    *("format", "slug", "code", "source_language", "languages", "time_zone"),
    *("risk_level", "risk_reason", "listed", "places", "threshold", "opens_on", "closes_on"),
    *("consent", "process", "texts", "sections"),
)
PROCESS_KEYS = ("kind", "decides_on", "places", "bodies")


@dataclass(frozen=True)
class Head:
    """What a file says of the consultation itself."""

    slug: str
    code: str
    source_locale: str
    locales: tuple[str, ...]
    time_zone: str
    risk_level: RiskLevel
    risk_reason: str | None
    listed: bool
    places: tuple[str, ...]
    threshold: int
    opens_on: date | None
    closes_on: date | None
    offers: tuple[str, ...]
    process: Mapping[str, Any]
    texts: Mapping[str, Mapping[str, str]]


class Reading:
    """Reads value by value and collects every problem, so that all are told at once."""

    def __init__(self, document: Mapping[str, Any], problems: list[Problem]) -> None:
        self.document = document
        self.problems = problems

    def wrong(self, place: str, reason: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(place, reason))

    def word(self, key: str, shape: re.Pattern[str], told: str) -> str:
        """Give a text that has to have a shape."""
        value = self.document.get(key)
        if isinstance(value, str) and shape.fullmatch(value):
            return value
        self.wrong(key, "is missing" if value is None else told)
        return ""

    def one_of(self, key: str, known: Sequence[str], default: str | None = None) -> str:
        """Give one of the known words."""
        value = self.document.get(key, default)
        if value in known:
            return str(value)
        self.wrong(key, f"must be one of {', '.join(known)}")
        return known[0]

    def flag(self, key: str) -> bool:
        """Give true or false; false when nothing is said."""
        value = self.document.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "must be true or false")
        return value is True

    def day(self, key: str) -> date | None:
        """Give a day written as 2026-11-30, or nothing."""
        return _day(self.document.get(key), key, self)

    def text(self, place: str, value: Any, max_len: int, *, lines: bool) -> str:
        """Give a text in the form in which it is kept, or nothing if it cannot be taken."""
        text = plain_text.tidy(value).strip() if isinstance(value, str) else ""
        if plain_text.is_blank(text):
            self.wrong(place, "must be a text")
        elif plain_text.is_forbidden(text):
            self.wrong(place, "holds a control character")
        elif "\n" in text and not lines:
            self.wrong(place, "must be one line")
        elif len(text) > max_len:
            self.wrong(place, f"has {len(text)} characters; at most {max_len} are taken")
        else:
            return text
        return ""

    def words(self, key: str, *, at_least: int = 1) -> list[str]:
        """Give a list of different words."""
        value = self.document.get(key, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self.wrong(key, "must be a list of words")
            return []
        if len(value) < at_least:
            self.wrong(key, f"must name at least {at_least}")
        if len(set(value)) < len(value):
            self.wrong(key, "names something twice")
        return value


def read(document: Mapping[str, Any], problems: list[Problem]) -> Head:
    """Read the head of a file; what is wrong is added to the problems."""
    reading = Reading(document, problems)
    _know_keys(reading)
    names = _locales(reading)
    opens_on, closes_on = reading.day("opens_on"), reading.day("closes_on")
    if opens_on and closes_on and closes_on < opens_on:
        reading.wrong("closes_on", "must not be before opens_on")
    source = locales.known(str(document.get("source_language", "")))
    if source not in names:
        reading.wrong("source_language", "must be one of the languages")
    level = RiskLevel(reading.one_of("risk_level", list(RiskLevel), RiskLevel.RAISED))
    return Head(
        slug=_slug(reading),
        code=reading.word("code", CODE, "must be five of a-z and 0-9, at least one a digit"),
        source_locale=source or "",
        locales=tuple(names),
        time_zone=_time_zone(reading),
        risk_level=level,
        risk_reason=_reason(reading, level),
        listed=reading.flag("listed"),
        places=_countries(reading),
        threshold=_threshold(reading),
        opens_on=opens_on,
        closes_on=closes_on,
        offers=_offers(reading),
        process=_process(reading),
        texts=_texts(reading, names, source or ""),
    )


def write(consultation: Consultation, names: Sequence[str]) -> dict[str, Any]:
    """Give the head of a file without its texts; what `read` makes of it is the same."""
    head: dict[str, Any] = {
        "format": FORMAT,
        "slug": consultation.slug,
        "code": consultation.code,
        "source_language": consultation.source_locale,
        "languages": list(names),
        "time_zone": consultation.time_zone,
        "risk_level": consultation.risk_level.value,
    }
    if consultation.risk_reason is not None:
        head["risk_reason"] = consultation.risk_reason
    head |= {
        "listed": consultation.listed,
        "places": consultation.places,
        "threshold": consultation.threshold,
    }
    for key, day in (("opens_on", consultation.opens_on), ("closes_on", consultation.closes_on)):
        if day is not None:
            head[key] = day.isoformat()
    return head | {"consent": consultation.offers, "process": consultation.process}


def write_texts(wording: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Give the consultation's own texts: unit, then language."""
    found = {}
    for spec in CONSULTATION_UNITS:
        texts = {locale: words[spec.key] for locale, words in wording.items() if spec.key in words}
        if texts:
            found[spec.key.removeprefix("c.")] = texts
    return found


def _know_keys(reading: Reading) -> None:
    if reading.document.get("format") != FORMAT:
        reading.wrong("format", f"must be {FORMAT}")
    for key in reading.document:
        if key not in KEYS:
            reading.wrong(key, "is not known here")


def _slug(reading: Reading) -> str:
    slug = reading.word("slug", SLUG, "must be words of a-z and 0-9 with single hyphens")
    if len(slug) > 40:
        reading.wrong("slug", "must have at most 40 characters")
    if slug in TAKEN_SLUGS:
        reading.wrong("slug", "is the name of a page; choose another")
    return slug


def _locales(reading: Reading) -> list[str]:
    names = []
    for name in reading.words("languages"):
        found = locales.known(name)
        if found is None:
            reading.wrong("languages", f"{quoted(name)} is not known")
        elif found in names:
            reading.wrong("languages", f"{quoted(name)} stands twice")
        else:
            names.append(found)
    return names


def _time_zone(reading: Reading) -> str:
    zone = reading.document.get("time_zone")
    if isinstance(zone, str) and zone in available_timezones():
        return ZoneInfo(zone).key
    reading.wrong("time_zone", "must be the name of a time zone, such as Asia/Kabul")
    return "UTC"


def _reason(reading: Reading, level: RiskLevel) -> str | None:
    reason = reading.document.get("risk_reason")
    if reason is None:
        if level is RiskLevel.LOW:
            reading.wrong("risk_reason", "low needs one sentence that says what is given up")
        return None
    return reading.text("risk_reason", reason, LONGEST_REASON, lines=False) or None


def _countries(reading: Reading) -> tuple[str, ...]:
    named = reading.words("places")
    for place in named:
        if not COUNTRY.fullmatch(place):
            reading.wrong("places", f"{quoted(place)} is no country code, such as AF")
    return tuple(named)


def _threshold(reading: Reading) -> int:
    value = reading.document.get("threshold", LOWEST_THRESHOLD)
    whole = isinstance(value, int) and not isinstance(value, bool)
    if whole and LOWEST_THRESHOLD <= value <= HIGHEST_THRESHOLD:
        return int(value)
    reading.wrong("threshold", f"must be a number from {LOWEST_THRESHOLD} to {HIGHEST_THRESHOLD}")
    return LOWEST_THRESHOLD


def _offers(reading: Reading) -> tuple[str, ...]:
    named = reading.words("consent")
    if unknown := [use for use in named if use not in USES]:
        reading.wrong("consent", f"{quoted(unknown[0])} is not one of {', '.join(USES)}")
    elif named and named != [use for use in USES if use in named]:
        reading.wrong("consent", f"must stand in this order: {', '.join(USES)}")
    elif named and USES[0] not in named:
        reading.wrong("consent", f"must offer {USES[0]}")
    return tuple(named)


def _process(reading: Reading) -> dict[str, Any]:
    value = reading.document.get("process")
    if not isinstance(value, dict):
        reading.wrong("process", "must say kind and, if it is known, decides_on")
        return {}
    if value.get("kind") not in PROCESSES:
        reading.wrong("process.kind", f"must be one of {', '.join(PROCESSES)}")
    _day(value.get("decides_on"), "process.decides_on", reading)
    inner = Reading(value, [])
    for key in ("places", "bodies"):
        if key in value:
            inner.words(key)
    for key in value:
        if key not in PROCESS_KEYS:
            inner.wrong(key, "is not known here")
    for problem in inner.problems:
        reading.wrong(f"process.{problem.place}", problem.reason)
    return dict(value)


def _texts(reading: Reading, names: Sequence[str], source: str) -> dict[str, dict[str, str]]:
    value = reading.document.get("texts")
    if not isinstance(value, dict):
        reading.wrong("texts", "is missing")
        return {}
    specs = {spec.key.removeprefix("c."): spec for spec in CONSULTATION_UNITS}
    for key in value.keys() - specs.keys():
        reading.wrong(f"texts.{key}", "is not known here")
    found: dict[str, dict[str, str]] = {}
    for key, spec in specs.items():
        if key not in value and not spec.required:
            continue
        found[spec.key] = _languages(reading, value.get(key), spec, names, source)
    return found


def _languages(
    reading: Reading, given: Any, spec: UnitSpec, names: Sequence[str], source: str
) -> dict[str, str]:
    place = spec.key.replace("c.", "texts.", 1)
    if not isinstance(given, dict):
        reading.wrong(place, "must hold a text in each language, such as en: …")
        return {}
    found: dict[str, str] = {}
    for name, text in given.items():
        locale = locales.known(name)
        if locale is None or locale not in names or locale in found:
            reading.wrong(f"{place}.{name}", "is not one of the languages, or stands twice")
        else:
            lines = spec.kind is UnitKind.LINES
            found[locale] = reading.text(f"{place}.{name}", text, spec.max_len, lines=lines)
    for locale in names if spec.required else [source]:
        if locale not in found:
            reading.wrong(f"{place}.{locale}", "is missing")
    return {locale: found[locale] for locale in names if locale in found}


def _day(value: Any, place: str, reading: Reading) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        reading.wrong(place, "must be a day such as 2026-11-30")
        return None
