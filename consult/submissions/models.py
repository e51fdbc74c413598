"""What came in: that it came, in the clear, and what it says, sealed."""

from datetime import date
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.db import Base, one_of


class Lane(Enum):
    """How a submission came (SAFETY 3.7); lanes are counted apart."""

    INVITED = "invited"
    OPEN = "open"
    BURST = "burst"
    NONE = "none"


class State(Enum):
    """Whether a submission counts, or is only a tombstone."""

    RECEIVED = "received"
    WITHDRAWN = "withdrawn"


class Kind(Enum):
    """Which compartment a sealed part is."""

    CONTENT = "content"
    CONTACT = "contact"
    AMENDMENT = "amendment"


class Submission(Base):
    """That something came in. No column may say who, from where, or at what hour."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("receipt_hash", name="sent_once"),
        UniqueConstraint("consultation_id", "import_hash", name="imported_once"),
        # An ordinary SQLite table would keep the order of arrival in its hidden row number.
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    epoch: Mapped[int]
    received_on: Mapped[date]
    lane: Mapped[Lane] = mapped_column(one_of(Lane, name="lane_known"))
    state: Mapped[State] = mapped_column(one_of(State, name="state_known"))
    kept: Mapped[bool]
    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    import_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    revision: Mapped[bytes] = mapped_column(LargeBinary(16))
    parts: Mapped[list["SealedPart"]] = relationship(
        lazy="raise", back_populates="submission", passive_deletes=True
    )


class SealedPart(Base):
    """What can be read, sealed. A withdrawal deletes it, and the row above stays."""

    __tablename__ = "sealed_part"
    __table_args__ = (
        UniqueConstraint("submission_id", "compartment", "number", name="part_once"),
        CheckConstraint("(compartment = 'amendment') = (number > 0)", name="amendments_numbered"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    submission_id: Mapped[bytes] = mapped_column(ForeignKey("submission.id"))
    compartment: Mapped[Kind] = mapped_column(one_of(Kind, name="compartment_known"))
    number: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("questionnaire_version.id"))
    checksum: Mapped[bytes] = mapped_column(LargeBinary(32))
    blob: Mapped[bytes]
    submission: Mapped[Submission] = relationship(lazy="raise", back_populates="parts")


class PublishedQuote(Base):
    """Words that are public. They go with the part they were taken from."""

    __tablename__ = "published_quote"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    part_id: Mapped[bytes] = mapped_column(ForeignKey("sealed_part.id", ondelete="CASCADE"))
    briefing_version_id: Mapped[int] = mapped_column(
        ForeignKey("briefing_version.id", ondelete="CASCADE")
    )
    text: Mapped[str] = mapped_column(Text)
