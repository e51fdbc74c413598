"""What respondents get to read of what became of their answers."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base


class ReportBack(Base):
    """The report-back of a consultation: its draft sealed, what is published in the clear.

    `published` holds language, then part, then words.
    """

    __tablename__ = "report_back"
    __table_args__ = (
        UniqueConstraint("consultation_id", name="one_a_consultation"),
        CheckConstraint("(published IS NULL) = (published_on IS NULL)", name="published_on_a_day"),
    )

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    blob: Mapped[bytes]
    published: Mapped[dict[str, dict[str, str]] | None] = mapped_column(JSON(none_as_null=True))
    published_on: Mapped[date | None]
