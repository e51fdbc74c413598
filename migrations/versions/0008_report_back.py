"""What respondents get to read of what became of their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "report_back",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.Column("published", sa.JSON(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(published IS NULL) = (published_on IS NULL)",
            name=op.f("report_back_published_on_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("report_back_consultation_id_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("report_back_pkey")),
        sa.UniqueConstraint("consultation_id", name=op.f("report_back_one_a_consultation")),
    )


def downgrade() -> None:
    op.drop_table("report_back")
