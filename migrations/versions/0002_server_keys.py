"""Recovery keys, the keys of pages, and a record of staff that is only ever added to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TRIGGERS = {
    "sqlite": [
        """
        CREATE TRIGGER audit_event_never_changed BEFORE UPDATE ON audit_event
        BEGIN SELECT RAISE(ABORT, 'audit_event is only ever added to'); END
        """,
        """
        CREATE TRIGGER audit_event_never_deleted BEFORE DELETE ON audit_event
        BEGIN SELECT RAISE(ABORT, 'audit_event is only ever added to'); END
        """,
        """
        CREATE TRIGGER audit_event_never_replaced BEFORE INSERT ON audit_event
        WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'audit_event is only ever added to'); END
        """,
    ],
    "postgresql": [
        """
        CREATE FUNCTION audit_event_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'audit_event is only ever added to'
          USING ERRCODE = 'integrity_constraint_violation'; END $$
        """,
        """
        CREATE TRIGGER audit_event_never_changed BEFORE UPDATE OR DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION audit_event_only_added_to()
        """,
        """
        CREATE TRIGGER audit_event_never_emptied BEFORE TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_only_added_to()
        """,
    ],
}
FUNCTIONS = ["audit_event_only_added_to()"]


def upgrade() -> None:
    op.create_table(
        "recovery_key",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("box_public", sa.LargeBinary(length=32), nullable=False),
        sa.Column("age_public", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("recovery_key_numbered_from_one")),
        sa.PrimaryKeyConstraint("number", name=op.f("recovery_key_pkey")),
    )
    op.create_table(
        "state_key",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("state_key_pkey")),
        sa.UniqueConstraint("made_on", name=op.f("state_key_one_a_day")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "sign_in",
                "invitation",
                "new_key",
                "grant",
                "removal",
                "opening",
                "contact",
                "export",
                "gate",
                "waiver",
                "approval",
                "publication",
                "drill",
                "paper_key",
                "purge",
                "alarm",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("length(subject) <= 200", name=op.f("audit_event_subject_short")),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_event_pkey")),
    )
    for trigger in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(trigger)


def downgrade() -> None:
    op.drop_table("audit_event")
    op.drop_table("state_key")
    op.drop_table("recovery_key")
    if op.get_bind().dialect.name == "postgresql":
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}")
