"""A consultation with its questions and every translation as one file, both ways without loss."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.authoring import head as heads
from consult.authoring import uuids, yaml_text
from consult.authoring.head import Head
from consult.consultations import lifecycle, lookup, members, texts, versions
from consult.consultations.lifecycle import Act
from consult.consultations.models import (
    Consultation,
    Membership,
    Origin,
    QuestionnaireVersion,
    RiskLevel,
    Role,
    State,
    UnitKind,
)
from consult.consultations.texts import CONSULTATION_UNITS, Author, UnitSpec
from consult.errors import NotFound, NotNow
from consult.languages import checker, locales
from consult.people.models import Person, Standing
from consult.questionnaires import definition as asking
from consult.questionnaires.definition import Definition, Problem, Texts, Wrong
from consult.safekeeping import keys
from consult.safekeeping.secrets import Secrets


class Change(StrEnum):
    """What loading a file did."""

    MADE = "made"
    REPLACED = "replaced"
    NEW_VERSION = "new version"
    WAITS = "new version, which waits for a second person"
    UNCHANGED = "unchanged"


class NotTheEditor(NotFound):
    """Whoever loads the file may not make this consultation, or not change it."""


class Finished(NotNow):
    """The consultation has closed; its questions stay as they were asked."""


@dataclass(frozen=True)
class Loader:
    """Who loads a file, when, and what the installation asks of it.

    `demonstration` marks a new consultation as one for good; only the demonstration may lie below
    risk level raised at a place of the list.
    """

    editor: Person
    at: datetime
    high_risk_places: Sequence[str]
    demonstration: bool = False


@dataclass(frozen=True)
class Loaded:
    """What came of a file."""

    consultation: Consultation
    version: QuestionnaireVersion
    change: Change


@dataclass(frozen=True)
class _File:
    head: Head
    definition: Definition
    texts: Texts

    def specs(self) -> list[UnitSpec]:
        asked = [
            UnitSpec(unit.key, UnitKind(unit.kind), unit.required, unit.max_len, unit.safety)
            for unit in asking.units(self.definition)
        ]
        return [*CONSULTATION_UNITS, *asked]


def load(session: Session, secrets: Secrets, content: bytes, loader: Loader) -> Loaded:
    """Make a draft of a file, replace a draft, or make a new version of what is open.

    A new consultation is born with its keys and with the loader as its editor. Raises
    `yaml_text.NotReadable`, `Wrong` with every problem, `NotTheEditor` and `Finished`;
    nothing is written before the whole file is found right.
    """
    document = yaml_text.read(content)
    if not isinstance(document, dict):
        raise Wrong((Problem("file", "must hold the keys of a consultation"),))
    before = _before(session, document.get("slug"), loader)
    file = _read(session, document, before, loader)
    if before is None:
        return _make(session, secrets, file, loader)
    if before.state in (State.DRAFT, State.PILOT):
        return _replace(session, secrets, before, file, loader)
    return _renew(session, secrets, before, file, loader)


def dump(session: Session, slug: str) -> str:
    """Give a consultation, with its newest questions and all their texts, as a file."""
    consultation = lookup.by_slug(session, slug)
    version = versions.newest(session, consultation)
    wording = version.wording
    if not version.published:
        wording = texts.now_worded(session, consultation, version.locales)
    questions = asking.to_document(versions.definition(version), _by_unit(wording))
    document = heads.write(consultation, version.locales)
    document |= {"texts": heads.write_texts(wording), "sections": questions}
    return yaml_text.write(document)


def _before(session: Session, slug: Any, loader: Loader) -> Consultation | None:
    """Give the consultation that the file replaces; raises `NotTheEditor`."""
    found = session.scalar(select(Consultation).where(Consultation.slug == str(slug)))
    if found is None:
        if loader.editor.standing is not Standing.EDITOR:
            raise NotTheEditor(f"{loader.editor.name} may not make consultations")
        return None
    member = members.find(session, found, loader.editor.id)
    if not _edits(session, member):
        raise NotTheEditor(f"{loader.editor.name} has no consultation {found.slug!r} to change")
    if found.state not in (State.DRAFT, State.PILOT, State.OPEN):
        raise Finished(f"{found.slug} is {found.state.value}; its questions stay as they were")
    return found


def _edits(session: Session, member: Membership | None) -> bool:
    return member is not None and member.role is Role.EDITOR and members.is_active(session, member)


def _read(
    session: Session, document: dict[str, Any], before: Consultation | None, loader: Loader
) -> _File:
    problems: list[Problem] = []
    head = heads.read(document, problems)
    if not head.locales:
        raise Wrong(tuple(problems))
    if before is not None:
        known = versions.definition(versions.newest(session, before))
        document = {**document, "sections": uuids.fill(document.get("sections"), known)}
    try:
        parsed = asking.parse(
            document, head.locales, source=head.source_locale or None, known=locales.known
        )
    except Wrong as wrong:
        raise Wrong((*problems, *wrong.problems)) from wrong
    file = _File(head, parsed.definition, {**head.texts, **parsed.texts})
    problems += _translation_problems(file)
    problems += _gate_problems(session, file.head, before, loader)
    if problems:
        raise Wrong(tuple(problems))
    return file


def _translation_problems(file: _File) -> list[Problem]:
    """Name the translations that no language may be published with (LANGUAGES section 9)."""
    source, problems = file.head.source_locale, []
    for spec in file.specs():
        words = file.texts.get(spec.key, {})
        for locale, text in words.items():
            if locale == source or source not in words:
                continue
            for found in checker.errors([words[source]], [text], locale=locale):
                problems.append(Problem(f"{spec.key} in {locale}", str(found)))
    return problems


def _gate_problems(
    session: Session, head: Head, before: Consultation | None, loader: Loader
) -> list[Problem]:
    problems = []
    demonstration = before.demonstration if before else loader.demonstration
    risky = [place for place in head.places if place in loader.high_risk_places]
    if head.risk_level is RiskLevel.LOW and risky and not demonstration:
        problems.append(Problem("risk_level", f"must be raised or high in {', '.join(risky)}"))
    same_code = select(Consultation).where(Consultation.code == head.code)
    other = session.scalar(same_code)
    if other is not None and other is not before:
        problems.append(Problem("code", "is another consultation's"))
    if before is not None and before.state is State.OPEN:
        problems += _fixed_problems(head, before)
    return problems


def _fixed_problems(head: Head, before: Consultation) -> list[Problem]:
    """Name what must not change while people answer."""
    told = "must stay while the consultation is open"
    fixed = {
        "code": (head.code, before.code),
        "source_language": (head.source_locale, before.source_locale),
        "time_zone": (head.time_zone, before.time_zone),
        "opens_on": (head.opens_on or before.opens_on, before.opens_on),
    }
    problems = [Problem(key, told) for key, (new, old) in fixed.items() if new != old]
    if head.risk_level.rank < before.risk_level.rank:
        problems.append(Problem("risk_level", "must not go down while the consultation is open"))
    if head.threshold < before.threshold:
        problems.append(Problem("threshold", "must not go down while the consultation is open"))
    return problems


def _make(session: Session, secrets: Secrets, file: _File, loader: Loader) -> Loaded:
    consultation = Consultation(
        slug=file.head.slug, state=State.DRAFT, demonstration=loader.demonstration
    )
    _apply(consultation, file.head)
    consultation.locales = list(file.head.locales)
    session.add(consultation)
    session.flush()
    keys.birth(
        session,
        secrets,
        consultation_id=consultation.id,
        consultation_uid=consultation.uid,
        holder=loader.editor,
    )
    members.found(session, consultation, loader.editor)
    version = _write(session, secrets, consultation, file, loader)
    return Loaded(consultation, version, Change.MADE)


def _replace(
    session: Session, secrets: Secrets, before: Consultation, file: _File, loader: Loader
) -> Loaded:
    if (before.risk_level, before.risk_reason) != (file.head.risk_level, file.head.risk_reason):
        before.risk_second_id = None
    _apply(before, file.head)
    before.locales = list(file.head.locales)
    version = _write(session, secrets, before, file, loader)
    return Loaded(before, version, Change.REPLACED)


def _renew(
    session: Session, secrets: Secrets, before: Consultation, file: _File, loader: Loader
) -> Loaded:
    current = versions.current(session, before)
    _apply(before, file.head)
    if versions.waiting(session, before) is None and _same(current, file):
        session.flush()
        return Loaded(before, current, Change.UNCHANGED)
    version = _write(session, secrets, before, file, loader)
    return Loaded(before, version, Change.NEW_VERSION if version.published else Change.WAITS)


def _same(version: QuestionnaireVersion, file: _File) -> bool:
    return (
        versions.definition(version) == file.definition
        and version.locales == list(file.head.locales)
        and version.wording == _by_locale(file)
    )


def _apply(consultation: Consultation, head: Head) -> None:
    """Take over what the file says of the consultation; days it does not name stay."""
    consultation.code, consultation.time_zone = head.code, head.time_zone
    consultation.risk_level, consultation.risk_reason = head.risk_level, head.risk_reason
    consultation.source_locale, consultation.listed = head.source_locale, head.listed
    consultation.places, consultation.threshold = list(head.places), head.threshold
    consultation.offers, consultation.process = list(head.offers), dict(head.process)
    consultation.opens_on = head.opens_on or consultation.opens_on
    consultation.closes_on = head.closes_on or consultation.closes_on


def _write(
    session: Session, secrets: Secrets, consultation: Consultation, file: _File, loader: Loader
) -> QuestionnaireVersion:
    author = Author(loader.editor.id, loader.at, Origin.IMPORT)
    texts.keep(session, consultation, file.specs(), file.texts, author)
    version = versions.write(session, consultation, file.definition, list(file.head.locales))
    today = clock.day(loader.at, consultation.time_zone)
    act = Act(loader.editor.id, today, loader.at)
    lifecycle.propose(session, secrets, consultation, version, act)
    return version


def _by_unit(wording: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for locale, words in wording.items():
        for key, text in words.items():
            found.setdefault(key, {})[locale] = text
    return found


def _by_locale(file: _File) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {locale: {} for locale in file.head.locales}
    for spec in file.specs():
        for locale, text in file.texts.get(spec.key, {}).items():
            found[locale][spec.key] = text
    return found
