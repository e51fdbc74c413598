"""People with an account, the links that invite them, and their sessions."""

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    event,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, Moment, one_of


class Standing(Enum):
    """What a person is to the whole installation; her roles belong to consultations."""

    ADMINISTRATOR = "administrator"
    EDITOR = "editor"
    MEMBER = "member"


class Person(Base):
    """Somebody with an account, or, once removed, only the name that others' work refers to."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("uid", name="uid_once"),
        # A removed person's key is empty, so her name is free for another.
        UniqueConstraint("name_key", name="name_once"),
        CheckConstraint("(name_key IS NULL) = removed", name="removed_is_nameless"),
        CheckConstraint(
            "(public_key IS NULL) = (private_blob IS NULL)"
            " AND (public_key IS NULL) = (mac IS NULL)",
            name="key_whole",
        ),
        CheckConstraint("NOT removed OR private_blob IS NULL", name="removed_holds_no_key"),
        CheckConstraint("failures >= 0", name="failures_counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[bytes] = mapped_column(LargeBinary(16))
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str | None] = mapped_column(String(320))
    standing: Mapped[Standing] = mapped_column(one_of(Standing, name="standing_known"))
    stored_public_key: Mapped[bytes | None] = mapped_column("public_key", LargeBinary(32))
    mac: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    private_blob: Mapped[bytes | None] = mapped_column(LargeBinary)
    must_set: Mapped[bool] = mapped_column(default=False, server_default=false())
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    demonstration: Mapped[bool] = mapped_column(default=False, server_default=false())
    removed: Mapped[bool] = mapped_column(default=False, server_default=false())

    @property
    def public_key(self) -> bytes | None:
        """Give the key to wrap to: nothing while somebody else set the passphrase over it."""
        return None if self.must_set else self.stored_public_key


class PersonInvitation(Base):
    """The one link by which a person sets her own passphrase; only its hash is stored."""

    __tablename__ = "person_invitation"
    __table_args__ = (
        UniqueConstraint("token_hash", name="token_once"),
        UniqueConstraint("person_id", name="one_a_person"),
    )

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    expires_at: Mapped[datetime] = mapped_column(Moment)


class StaffSessionRow(Base):
    """A signed-in session. What it holds opens only with the cookie and this server's half."""

    __tablename__ = "staff_session"

    id_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    blob: Mapped[bytes] = mapped_column(LargeBinary)
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)


@event.listens_for(StaffSessionRow.__table__, "after_create")
def _leave_no_log(_table: Table, connection: Connection, **_: Any) -> None:
    """Keep sessions out of PostgreSQL's write-ahead log (SAFETY 2.5)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE staff_session SET UNLOGGED")
