"""People with an account, so that staff can sign in and nobody else reads."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=320), nullable=True),
        sa.Column(
            "standing",
            sa.Enum(
                "administrator",
                "editor",
                "member",
                name="standing_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=True),
        sa.Column("private_blob", sa.LargeBinary(), nullable=True),
        sa.Column("must_set", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("demonstration", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("removed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("(name_key IS NULL) = removed", name=op.f("person_removed_is_nameless")),
        sa.CheckConstraint(
            "(public_key IS NULL) = (private_blob IS NULL)"
            " AND (public_key IS NULL) = (mac IS NULL)",
            name=op.f("person_key_whole"),
        ),
        sa.CheckConstraint(
            "NOT removed OR private_blob IS NULL", name=op.f("person_removed_holds_no_key")
        ),
        sa.CheckConstraint("failures >= 0", name=op.f("person_failures_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
        sa.UniqueConstraint("name_key", name=op.f("person_name_once")),
        sa.UniqueConstraint("uid", name=op.f("person_uid_once")),
    )
    op.create_table(
        "person_invitation",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("person_invitation_person_id_known"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("person_invitation_pkey")),
        sa.UniqueConstraint("person_id", name=op.f("person_invitation_one_a_person")),
        sa.UniqueConstraint("token_hash", name=op.f("person_invitation_token_once")),
    )
    op.create_table(
        "staff_session",
        sa.Column("id_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("staff_session_person_id_known"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("staff_session_pkey")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # A crash signs staff out; nothing of a session is ever replayed or backed up.
        op.execute("ALTER TABLE staff_session SET UNLOGGED")


def downgrade() -> None:
    op.drop_table("staff_session")
    op.drop_table("person_invitation")
    op.drop_table("person")
