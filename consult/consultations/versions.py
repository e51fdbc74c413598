"""Versions of a questionnaire: the one being written, and the published, which never change."""

import json
from hashlib import blake2b
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations import texts
from consult.consultations.models import Consultation, QuestionnaireVersion
from consult.consultations.texts import Text
from consult.errors import NotFound
from consult.questionnaires import structure
from consult.questionnaires.structure import Definition

KEPT_DEFINITIONS = 64


class NoVersion(NotFound):
    """The consultation has no such version of its questionnaire."""


class _Published:
    """Definitions of published versions, which never change, kept by their random ids."""

    def __init__(self) -> None:
        self._held: dict[bytes, Definition] = {}
        self._lock = Lock()

    def definition(self, version: QuestionnaireVersion) -> Definition:
        held = self._held.get(version.uid)
        if held is None:
            held = structure.from_json(version.definition)
            with self._lock:
                while len(self._held) >= KEPT_DEFINITIONS:
                    del self._held[next(iter(self._held))]
                self._held[version.uid] = held
        return held


_published = _Published()


def exists(session: Session, consultation: Consultation) -> bool:
    """Say whether there is a version at all, published or not."""
    wanted = select(QuestionnaireVersion.id).where(
        QuestionnaireVersion.consultation_id == consultation.id
    )
    return session.scalar(wanted.limit(1)) is not None


def newest(session: Session, consultation: Consultation) -> QuestionnaireVersion:
    """Give the version with the highest number, published or not; raises `NoVersion`."""
    return _first(session, consultation, published=None)


def current(session: Session, consultation: Consultation) -> QuestionnaireVersion:
    """Give the newest published version, which new forms show; raises `NoVersion`."""
    return _first(session, consultation, published=True)


def waiting(session: Session, consultation: Consultation) -> QuestionnaireVersion | None:
    """Give the newest version while it is not published."""
    found = newest(session, consultation)
    return None if found.published else found


def one(session: Session, consultation: Consultation, version_id: int) -> QuestionnaireVersion:
    """Give a version of this consultation; raises `NoVersion`."""
    found = session.get(QuestionnaireVersion, version_id)
    if found is None or found.consultation_id != consultation.id:
        raise NoVersion(f"{consultation.slug} has no such version")
    return found


def title(session: Session, consultation: Consultation, locale: str) -> Text:
    """Give a consultation's title in a language; while it has none, what staff know it by."""
    try:
        found = texts.load(session, consultation, newest(session, consultation), locale)
    except NoVersion:
        return Text(consultation.slug, locale)
    return found.get("c.title") or Text(consultation.slug, locale)


def definition(version: QuestionnaireVersion) -> Definition:
    """Give the questions of a version."""
    if version.published:
        return _published.definition(version)
    return structure.from_json(version.definition)


def write(
    session: Session, consultation: Consultation, questions: Definition, locales: list[str]
) -> QuestionnaireVersion:
    """Replace the unpublished version, or begin the next one."""
    numbers = select(QuestionnaireVersion).where(
        QuestionnaireVersion.consultation_id == consultation.id
    )
    latest = session.scalar(numbers.order_by(QuestionnaireVersion.number.desc()).limit(1))
    if latest is None or latest.published:
        number = latest.number + 1 if latest else 1
        latest = QuestionnaireVersion(consultation_id=consultation.id, number=number)
        session.add(latest)
    latest.definition, latest.locales, latest.wording = structure.to_json(questions), locales, {}
    session.flush()
    return latest


def publish(session: Session, consultation: Consultation, version: QuestionnaireVersion) -> None:
    """Freeze a version with the words of now; new forms show it from the commit on."""
    version.wording = texts.now_worded(session, consultation, version.locales)
    version.published = True
    consultation.locales = version.locales
    session.flush()


def fingerprint(session: Session, consultation: Consultation, version: QuestionnaireVersion) -> str:
    """Give a short name of exactly these questions and words, for a second person to approve."""
    wording = version.wording
    if not version.published:
        wording = texts.now_worded(session, consultation, version.locales)
    whole = json.dumps([version.definition, wording], sort_keys=True, ensure_ascii=False)
    return f"{version.number}:{blake2b(whole.encode(), digest_size=16).hexdigest()}"


def _first(
    session: Session, consultation: Consultation, *, published: bool | None
) -> QuestionnaireVersion:
    wanted = select(QuestionnaireVersion).where(
        QuestionnaireVersion.consultation_id == consultation.id
    )
    if published is not None:
        wanted = wanted.where(QuestionnaireVersion.published == published)
    found = session.scalar(wanted.order_by(QuestionnaireVersion.number.desc()).limit(1))
    if found is None:
        raise NoVersion(f"{consultation.slug} has no questionnaire yet")
    return found
