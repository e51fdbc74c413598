"""Briefings while they are written, sealed, and as published, in the clear."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "briefing",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("briefing_consultation_id_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("briefing_pkey")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("briefing_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["briefing_id"],
            ["briefing.id"],
            name=op.f("finding_briefing_id_known"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("finding_pkey")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("finding_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("quote_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["finding.id"],
            name=op.f("evidence_finding_id_known"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quote.id"], name=op.f("evidence_quote_id_known"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("evidence_pkey")),
    )
    op.create_table(
        "recommendation",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("briefing_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["briefing_id"],
            ["briefing.id"],
            name=op.f("recommendation_briefing_id_known"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("recommendation_pkey")),
    )
    op.create_table(
        "briefing_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("briefing_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("briefing_version_number_from_1")),
        sa.ForeignKeyConstraint(
            ["briefing_id"],
            ["briefing.id"],
            name=op.f("briefing_version_briefing_id_known"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("briefing_version_consultation_id_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("briefing_version_pkey")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("briefing_version_number_once")),
    )
    op.create_table(
        "published_quote",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("part_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("briefing_version_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["briefing_version_id"],
            ["briefing_version.id"],
            name=op.f("published_quote_briefing_version_id_known"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["part_id"],
            ["sealed_part.id"],
            name=op.f("published_quote_part_id_known"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("published_quote_pkey")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("published_quote")
    op.drop_table("briefing_version")
    op.drop_table("recommendation")
    op.drop_table("evidence")
    op.drop_table("finding")
    op.drop_table("briefing")
