"""What is asked, by whom, when: consultations, versions, texts, and who belongs to them."""

import secrets
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Moment, one_of

NEXT_DAY = timedelta(days=1)


class State(StrEnum):
    """How far a consultation has come."""

    DRAFT = "draft"
    PILOT = "pilot"
    OPEN = "open"
    CLOSED = "closed"
    REPORTED = "reported"
    ARCHIVED = "archived"


class RiskLevel(StrEnum):
    """What could happen to those who speak; it decides gates and pairs of eyes (SAFETY 2.7)."""

    LOW = "low"
    RAISED = "raised"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """Give 0 for the lowest level; a higher level asks for more."""
        return list(RiskLevel).index(self)


class Role(StrEnum):
    """What somebody is to one consultation; `administrator` is no role of a consultation."""

    EDITOR = "editor"
    ANALYST = "analyst"
    TRANSLATOR = "translator"
    ANSWER_TRANSLATOR = "answer_translator"
    FACILITATOR = "facilitator"
    OBSERVER = "observer"

    @property
    def reads(self) -> bool:
        """Say whether the role needs the consultation's key."""
        return self in (Role.EDITOR, Role.ANALYST)


class MembershipState(StrEnum):
    """A role that reads is pending until a holder of the key grants it."""

    PENDING = "pending"
    ACTIVE = "active"


class UnitKind(StrEnum):
    """Whether a text is one line, or keeps its line breaks."""

    PLAIN = "plain"
    LINES = "lines"


class TranslationState(StrEnum):
    """Whether a second person has read a translation."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


class Origin(StrEnum):
    """Where a translation came from."""

    HUMAN = "human"
    IMPORT = "import"
    MEMORY = "memory"


class ApprovalKind(StrEnum):
    """What a second person is asked for."""

    QUESTIONNAIRE = "questionnaire"
    QUOTE = "quote"
    BRIEFING = "briefing"
    RELEASE = "release"
    EXPORT = "export"
    CONTACT = "contact"
    PURGE = "purge"


class Consultation(Base):
    """One round of listening for a process. Every day in it is a day in its own time zone."""

    __tablename__ = "consultation"
    __table_args__ = (
        UniqueConstraint("uid", name="uid_once"),
        UniqueConstraint("slug", name="slug_once"),
        UniqueConstraint("code", name="code_once"),
        CheckConstraint("length(code) = 5", name="code_of_five"),
        CheckConstraint("threshold >= 5", name="threshold_at_least_5"),
        CheckConstraint("opens_on <= closes_on", name="opens_before_it_closes"),
        CheckConstraint("risk_level <> 'low' OR risk_reason IS NOT NULL", name="low_has_a_reason"),
        CheckConstraint(
            "state IN ('draft', 'pilot') OR (opens_on IS NOT NULL AND closes_on IS NOT NULL)",
            name="days_before_opening",
        ),
        CheckConstraint(
            "state IN ('draft', 'pilot', 'open') OR closed_on IS NOT NULL", name="closed_on_a_day"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[bytes] = mapped_column(
        LargeBinary(16), default=lambda: secrets.token_bytes(16), nullable=False
    )
    slug: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(5))
    state: Mapped[State] = mapped_column(one_of(State, name="state_known"), default=State.DRAFT)
    risk_level: Mapped[RiskLevel] = mapped_column(
        one_of(RiskLevel, name="risk_level_known"), default=RiskLevel.RAISED
    )
    risk_reason: Mapped[str | None] = mapped_column(Text)
    risk_second_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    time_zone: Mapped[str] = mapped_column(String(64))
    source_locale: Mapped[str] = mapped_column(String(16))
    locales: Mapped[list[str]] = mapped_column(JSON)
    places: Mapped[list[str]] = mapped_column(JSON)
    listed: Mapped[bool] = mapped_column(default=False)
    demonstration: Mapped[bool] = mapped_column(default=False)
    threshold: Mapped[int] = mapped_column(default=5)
    offers: Mapped[list[str]] = mapped_column(JSON)
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    process: Mapped[dict[str, Any]] = mapped_column(JSON)

    def listens(self, today: date, begun_on: date | None = None) -> bool:
        """Say whether a form may begin today, or, with `begun_on`, be sent today.

        A form begun while the consultation was open may be sent on that day and on the next,
        also when it has closed between (SAFETY 3.1).
        """
        if begun_on is None:
            return self.state is State.OPEN and self._window_holds(today)
        return begun_on <= today <= begun_on + NEXT_DAY and self._was_open_on(begun_on)

    def takes_imports(self, today: date) -> bool:
        """Say whether lines may be imported: while open, and in the grace after closing."""
        if self.state not in (State.OPEN, State.CLOSED) or self.closes_on is None:
            return False
        return today <= (self.closed_on or self.closes_on) + NEXT_DAY

    def _was_open_on(self, day: date) -> bool:
        if self.state in (State.DRAFT, State.PILOT):
            return False
        return self._window_holds(day) and (self.closed_on is None or day <= self.closed_on)

    def _window_holds(self, day: date) -> bool:
        if self.opens_on is None or self.closes_on is None:
            return False
        return self.opens_on <= day <= self.closes_on


class QuestionnaireVersion(Base):
    """The questions of a consultation at one time. Once published it never changes.

    Its words are kept with it, so that no answer ever sits under another wording.
    Both columns are large and read only where they are needed.
    """

    __tablename__ = "questionnaire_version"
    __table_args__ = (
        UniqueConstraint("uid", name="uid_once"),
        UniqueConstraint("consultation_id", "number", name="number_once"),
        CheckConstraint("number > 0", name="number_from_1"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[bytes] = mapped_column(
        LargeBinary(16), default=lambda: secrets.token_bytes(16), nullable=False
    )
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    locales: Mapped[list[str]] = mapped_column(JSON)
    published: Mapped[bool] = mapped_column(default=False)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    wording: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, deferred=True)


class TextUnit(Base):
    """One text of a consultation in its source language. Keys hang on uuids, not on positions."""

    __tablename__ = "text_unit"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key", name="key_once"),
        CheckConstraint("max_len > 0", name="max_len_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[UnitKind] = mapped_column(one_of(UnitKind, name="kind_known"))
    safety: Mapped[bool]
    required: Mapped[bool]
    source_locale: Mapped[str] = mapped_column(String(16))
    source_text: Mapped[str] = mapped_column(Text)
    source_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    max_len: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)
    position: Mapped[int]


class TextTranslation(Base):
    """One text in one other language, and the source that it was made from."""

    __tablename__ = "text_translation"
    __table_args__ = (CheckConstraint("version > 0", name="version_from_1"),)

    unit_id: Mapped[int] = mapped_column(
        ForeignKey("text_unit.id", ondelete="CASCADE"), primary_key=True
    )
    locale: Mapped[str] = mapped_column(String(16), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    base_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    state: Mapped[TranslationState] = mapped_column(
        one_of(TranslationState, name="state_known"), default=TranslationState.DRAFT
    )
    origin: Mapped[Origin] = mapped_column(one_of(Origin, name="origin_known"))
    version: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    updated_at: Mapped[datetime] = mapped_column(Moment)


class Membership(Base):
    """The one role that a person has in a consultation."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "consultation_id", name="role_once"),
        CheckConstraint(
            "role IN ('editor', 'analyst') OR state = 'active'", name="only_readers_wait"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    role: Mapped[Role] = mapped_column(one_of(Role, name="role_known"))
    state: Mapped[MembershipState] = mapped_column(one_of(MembershipState, name="state_known"))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Drill(Base):
    """That a paper key was typed whole and opened a consultation's keys, and on which day."""

    __tablename__ = "drill"
    __table_args__ = (
        UniqueConstraint("consultation_id", "recovery_number", "drilled_on", name="once_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    recovery_number: Mapped[int] = mapped_column(ForeignKey("recovery_key.number"))
    drilled_on: Mapped[date]
    simulated: Mapped[bool] = mapped_column(default=False)


class Approval(Base):
    """A request for a second pair of eyes, and who gave them."""

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("consultation_id", "kind", "subject", name="asked_once"),
        CheckConstraint(
            "granted_by IS NULL OR granted_by <> asked_by OR reason IS NOT NULL",
            name="another_person_or_a_reason",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    kind: Mapped[ApprovalKind] = mapped_column(one_of(ApprovalKind, name="kind_known"))
    subject: Mapped[str] = mapped_column(String(120))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(Text)
