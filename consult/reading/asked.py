"""The questionnaires behind the answers, each with its own words, to say what an answer means."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations import texts, versions
from consult.consultations.models import Consultation, QuestionnaireVersion
from consult.consultations.texts import ContentTexts, Text
from consult.languages.locales import Language
from consult.questionnaires import places, profile
from consult.questionnaires.structure import Definition, Question


@dataclass(frozen=True)
class Version:
    """One published version: its questions, and its words in the language of the page."""

    id: int
    definition: Definition
    texts: ContentTexts


@dataclass(frozen=True)
class Asked:
    """All published versions of a consultation, the newest first."""

    versions: tuple[Version, ...]
    language: Language

    @property
    def name(self) -> str:
        """Give the title of the consultation; empty before a version is published."""
        return self.versions[0].texts.get("c.title").text if self.versions else ""

    def of(self, version_id: int) -> Version:
        """Give the version that a submission answered. Raises `versions.NoVersion`."""
        for version in self.versions:
            if version.id == version_id:
                return version
        raise versions.NoVersion(f"version {version_id} is not published")

    def questions(self, key: str) -> Iterator[tuple[Version, Question]]:
        """Give every question that had this key, the newest first."""
        for version in self.versions:
            if question := version.definition.question(key):
                yield version, question

    def choice(self, key: str, value: str) -> Text | str:
        """Give the words of a choice, or the name of a place, as the newest version has them."""
        if key == profile.PLACE:
            # A district has no name of its own here; its province has.
            place = places.PLACES.get(value) or places.PLACES.get(places.iso(value))
            return place.name(self.language.id) if place else value
        for version, question in self.questions(key):
            for choice in question.choices:
                if choice.key == value:
                    return version.texts.get(f"o:{choice.uuid}.title")
        return value

    def title(self, key: str) -> Text | str:
        """Give the words of a question as the newest version has them."""
        for version, question in self.questions(key):
            return version.texts.get(f"q:{question.uuid}.title")
        return key


def load(session: Session, consultation: Consultation, language: Language) -> Asked:
    """Give the published versions with their words in a language."""
    rows = session.scalars(
        select(QuestionnaireVersion)
        .where(
            QuestionnaireVersion.consultation_id == consultation.id,
            QuestionnaireVersion.published,
        )
        .order_by(QuestionnaireVersion.number.desc())
    )
    return Asked(
        tuple(
            Version(
                row.id,
                versions.definition(row),
                texts.load(session, consultation, row, language.id),
            )
            for row in rows
        ),
        language,
    )
