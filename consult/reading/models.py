"""What staff pick out of the answers; it goes with the answer it rests on."""

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base


class Quote(Base):
    """Words picked from one answer. Which words, and who cleared them, lies sealed."""

    __tablename__ = "quote"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultation.id"))
    submission_id: Mapped[bytes] = mapped_column(ForeignKey("submission.id"))
    part_id: Mapped[bytes] = mapped_column(ForeignKey("sealed_part.id", ondelete="CASCADE"))
    blob: Mapped[bytes]
