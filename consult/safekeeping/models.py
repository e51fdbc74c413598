"""Keys, wrapped for those who may hold them, and the record of what staff did."""

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Moment, one_of


class KeyUse(Enum):
    """What a consultation's key is for. A contact key opens contact parts and nothing else."""

    CONTENT = "content"
    CONTACT = "contact"
    WORKING = "working"


class WrapKind(Enum):
    """Whether a wrap holds the key or one of two shares, which make the key only together."""

    WHOLE = "whole"
    SHARE_A = "share_a"
    SHARE_B = "share_b"


class Event(Enum):
    """What staff did that must leave a trace. No act of a respondent is among them."""

    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    NEW_KEY = "new_key"
    GRANT = "grant"
    REMOVAL = "removal"
    OPENING = "opening"
    CONTACT = "contact"
    EXPORT = "export"
    GATE = "gate"
    WAIVER = "waiver"
    APPROVAL = "approval"
    PUBLICATION = "publication"
    DRILL = "drill"
    PAPER_KEY = "paper_key"
    PURGE = "purge"
    ALARM = "alarm"


class RecoveryKey(Base):
    """The public halves of a paper key; the paper itself is nowhere on the server."""

    __tablename__ = "recovery_key"
    __table_args__ = (CheckConstraint("number > 0", name="numbered_from_one"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    box_public: Mapped[bytes] = mapped_column(LargeBinary(32))
    age_public: Mapped[bytes] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class ConsultationKey(Base):
    """One key of a consultation in one epoch: a pair, or the symmetric working key."""

    __tablename__ = "consultation_key"
    __table_args__ = (
        UniqueConstraint("consultation_id", "compartment", "epoch", name="one_an_epoch"),
        CheckConstraint("epoch > 0", name="epochs_from_one"),
        CheckConstraint(
            "(compartment = 'working') = (public_key IS NULL)", name="pair_has_public_half"
        ),
    )

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    compartment: Mapped[KeyUse] = mapped_column(one_of(KeyUse, name="compartment_known"))
    epoch: Mapped[int]
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))


class KeyWrap(Base):
    """A consultation's key sealed to one person or one paper key. No administrator has one."""

    __tablename__ = "key_wrap"
    __table_args__ = (
        UniqueConstraint("key_id", "person_id", "kind", name="person_once"),
        UniqueConstraint("key_id", "recovery_number", "kind", name="recovery_once"),
        CheckConstraint("(person_id IS NULL) <> (recovery_number IS NULL)", name="one_holder"),
    )

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    key_id: Mapped[bytes] = mapped_column(ForeignKey("consultation_key.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    recovery_number: Mapped[int | None] = mapped_column(ForeignKey("recovery_key.number"))
    kind: Mapped[WrapKind] = mapped_column(one_of(WrapKind, name="kind_known"))
    blob: Mapped[bytes] = mapped_column(LargeBinary)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class StateKey(Base):
    """A day's key for the state that pages carry, wrapped under a server key."""

    __tablename__ = "state_key"
    __table_args__ = (UniqueConstraint("made_on", name="one_a_day"),)

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    made_on: Mapped[date]
    blob: Mapped[bytes] = mapped_column(LargeBinary)


class AuditEvent(Base):
    """One act of staff, chained to the one before. Triggers refuse to change or delete it.

    It refers to people and consultations by number only, without foreign keys: a record must
    outlive what it names.
    """

    __tablename__ = "audit_event"
    __table_args__ = (CheckConstraint("length(subject) <= 200", name="subject_short"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int | None]
    kind: Mapped[Event] = mapped_column(one_of(Event, name="kind_known"))
    consultation_id: Mapped[int | None]
    subject: Mapped[str] = mapped_column(String(200))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
