"""Words that staff pick; they go with the answer they were taken from."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "quote",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("part_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("quote_consultation_id_known")
        ),
        sa.ForeignKeyConstraint(
            ["part_id"], ["sealed_part.id"], name=op.f("quote_part_id_known"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("quote_submission_id_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("quote_pkey")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("quote")
