"""Keys of consultations, wrapped for their holders and never for an administrator."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TRIGGERS = {
    "sqlite": [
        """
        CREATE TRIGGER key_wrap_never_for_administrators BEFORE INSERT ON key_wrap
        WHEN EXISTS (
          SELECT 1 FROM person WHERE id = NEW.person_id AND standing = 'administrator'
        )
        BEGIN SELECT RAISE(ABORT, 'no key is wrapped for an administrator'); END
        """,
        """
        CREATE TRIGGER key_wrap_never_moved_to_administrators BEFORE UPDATE OF person_id ON key_wrap
        WHEN EXISTS (
          SELECT 1 FROM person WHERE id = NEW.person_id AND standing = 'administrator'
        )
        BEGIN SELECT RAISE(ABORT, 'no key is wrapped for an administrator'); END
        """,
        """
        CREATE TRIGGER person_with_keys_never_administrator BEFORE UPDATE OF standing ON person
        WHEN NEW.standing = 'administrator'
          AND EXISTS (SELECT 1 FROM key_wrap WHERE person_id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'no key is wrapped for an administrator'); END
        """,
    ],
    "postgresql": [
        """
        CREATE FUNCTION key_wrap_not_for_administrators() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS (
            SELECT 1 FROM person WHERE id = NEW.person_id AND standing = 'administrator'
          ) THEN
            RAISE EXCEPTION 'no key is wrapped for an administrator'
              USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW;
        END $$
        """,
        """
        CREATE TRIGGER key_wrap_never_for_administrators
        BEFORE INSERT OR UPDATE OF person_id ON key_wrap
        FOR EACH ROW EXECUTE FUNCTION key_wrap_not_for_administrators()
        """,
        """
        CREATE FUNCTION person_with_keys_not_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.standing = 'administrator'
            AND EXISTS (SELECT 1 FROM key_wrap WHERE person_id = NEW.id) THEN
            RAISE EXCEPTION 'no key is wrapped for an administrator'
              USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN NEW;
        END $$
        """,
        """
        CREATE TRIGGER person_with_keys_never_administrator BEFORE UPDATE OF standing ON person
        FOR EACH ROW EXECUTE FUNCTION person_with_keys_not_administrator()
        """,
    ],
}
FUNCTIONS = ["key_wrap_not_for_administrators()", "person_with_keys_not_administrator()"]


def upgrade() -> None:
    op.create_table(
        "consultation_key",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column(
            "compartment",
            sa.Enum(
                "content",
                "contact",
                "working",
                name="compartment_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint(
            "(compartment = 'working') = (public_key IS NULL)",
            name=op.f("consultation_key_pair_has_public_half"),
        ),
        sa.CheckConstraint("epoch > 0", name=op.f("consultation_key_epochs_from_one")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("consultation_key_consultation_id_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("consultation_key_pkey")),
        sa.UniqueConstraint(
            "consultation_id", "compartment", "epoch", name=op.f("consultation_key_one_an_epoch")
        ),
    )
    op.create_table(
        "key_wrap",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recovery_number", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "whole",
                "share_a",
                "share_b",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (recovery_number IS NULL)", name=op.f("key_wrap_one_holder")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"],
            ["person.id"],
            name=op.f("key_wrap_granted_by_known"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["consultation_key.id"],
            name=op.f("key_wrap_key_id_known"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("key_wrap_person_id_known"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recovery_number"],
            ["recovery_key.number"],
            name=op.f("key_wrap_recovery_number_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("key_wrap_pkey")),
        sa.UniqueConstraint("key_id", "person_id", "kind", name=op.f("key_wrap_person_once")),
        sa.UniqueConstraint(
            "key_id", "recovery_number", "kind", name=op.f("key_wrap_recovery_once")
        ),
    )
    for trigger in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(trigger)


def downgrade() -> None:
    on_person = " ON person" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER person_with_keys_never_administrator{on_person}")
    op.drop_table("key_wrap")
    op.drop_table("consultation_key")
    if op.get_bind().dialect.name == "postgresql":
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}")
