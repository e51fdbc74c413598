"""Briefings while they are written, sealed; and as they were published, in the clear."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base


class Briefing(Base):
    """One briefing of a consultation: its masthead and running text lie sealed."""

    __tablename__ = "briefing"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    number: Mapped[int]
    blob: Mapped[bytes]


class Finding(Base):
    """One sentence of a briefing that says something was found."""

    __tablename__ = "finding"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    briefing_id: Mapped[bytes] = mapped_column(ForeignKey("briefing.id", ondelete="CASCADE"))
    position: Mapped[int]
    blob: Mapped[bytes]


class Evidence(Base):
    """What a finding rests on: a quote, with which it goes, or a tally that the blob names."""

    __tablename__ = "evidence"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    finding_id: Mapped[bytes] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"))
    quote_id: Mapped[bytes | None] = mapped_column(ForeignKey("quote.id", ondelete="CASCADE"))
    position: Mapped[int]
    blob: Mapped[bytes]


class Recommendation(Base):
    """What somebody is asked to do; its number R1, R2 … is its position."""

    __tablename__ = "recommendation"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    briefing_id: Mapped[bytes] = mapped_column(ForeignKey("briefing.id", ondelete="CASCADE"))
    position: Mapped[int]
    blob: Mapped[bytes]


class BriefingVersion(Base):
    """A briefing as it was published, with frozen figures.

    `document` holds everything but the quoted words: it names rows of `published_quote`, so that
    a withdrawn voice is gone from it at once.
    """

    __tablename__ = "briefing_version"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number", name="number_once"),
        CheckConstraint("number > 0", name="number_from_1"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    briefing_id: Mapped[bytes | None] = mapped_column(
        ForeignKey("briefing.id", ondelete="SET NULL")
    )
    number: Mapped[int]
    published_on: Mapped[date]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
