"""What came in: that it came, in the clear, and what it says, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column(
            "lane",
            sa.Enum(
                "invited",
                "open",
                "burst",
                "none",
                name="lane_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "withdrawn",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("import_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("revision", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("submission_consultation_id_known")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["questionnaire_version.id"], name=op.f("submission_version_id_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("submission_pkey")),
        sa.UniqueConstraint(
            "consultation_id", "import_hash", name=op.f("submission_imported_once")
        ),
        sa.UniqueConstraint("receipt_hash", name=op.f("submission_sent_once")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sealed_part",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("submission_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "compartment",
            sa.Enum(
                "content",
                "contact",
                "amendment",
                name="compartment_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("checksum", sa.LargeBinary(length=32), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(compartment = 'amendment') = (number > 0)",
            name=op.f("sealed_part_amendments_numbered"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("sealed_part_submission_id_known")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["questionnaire_version.id"], name=op.f("sealed_part_version_id_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("sealed_part_pkey")),
        sa.UniqueConstraint(
            "submission_id", "compartment", "number", name=op.f("sealed_part_part_once")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("sealed_part")
    op.drop_table("submission")
