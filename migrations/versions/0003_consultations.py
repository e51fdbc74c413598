"""What is asked, and by whom; a published questionnaire never changes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TRIGGERS = {
    "sqlite": [
        """
        CREATE TRIGGER questionnaire_version_stays BEFORE UPDATE ON questionnaire_version
        WHEN OLD.published
        BEGIN SELECT RAISE(ABORT, 'a published questionnaire version never changes'); END
        """,
        """
        CREATE TRIGGER questionnaire_version_is_kept BEFORE DELETE ON questionnaire_version
        WHEN OLD.published
        BEGIN SELECT RAISE(ABORT, 'a published questionnaire version never changes'); END
        """,
    ],
    "postgresql": [
        """
        CREATE FUNCTION questionnaire_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'a published questionnaire version never changes'
          USING ERRCODE = 'restrict_violation'; END $$
        """,
        """
        CREATE TRIGGER questionnaire_version_stays BEFORE UPDATE OR DELETE ON questionnaire_version
        FOR EACH ROW WHEN (OLD.published) EXECUTE FUNCTION questionnaire_version_stays()
        """,
    ],
}
FUNCTIONS = ["questionnaire_version_stays()"]


def upgrade() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "pilot",
                "open",
                "closed",
                "reported",
                "archived",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "risk_level",
            sa.Enum(
                "low",
                "raised",
                "high",
                name="risk_level_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("risk_reason", sa.Text(), nullable=True),
        sa.Column("risk_second_id", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("source_locale", sa.String(length=16), nullable=False),
        sa.Column("locales", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("offers", sa.JSON(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("process", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "risk_level <> 'low' OR risk_reason IS NOT NULL",
            name=op.f("consultation_low_has_a_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'pilot') OR (opens_on IS NOT NULL AND closes_on IS NOT NULL)",
            name=op.f("consultation_days_before_opening"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'pilot', 'open') OR closed_on IS NOT NULL",
            name=op.f("consultation_closed_on_a_day"),
        ),
        sa.CheckConstraint("length(code) = 5", name=op.f("consultation_code_of_five")),
        sa.CheckConstraint(
            "opens_on <= closes_on", name=op.f("consultation_opens_before_it_closes")
        ),
        sa.CheckConstraint("threshold >= 5", name=op.f("consultation_threshold_at_least_5")),
        sa.ForeignKeyConstraint(
            ["risk_second_id"], ["person.id"], name=op.f("consultation_risk_second_id_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("consultation_pkey")),
        sa.UniqueConstraint("code", name=op.f("consultation_code_once")),
        sa.UniqueConstraint("slug", name=op.f("consultation_slug_once")),
        sa.UniqueConstraint("uid", name=op.f("consultation_uid_once")),
    )
    op.create_table(
        "questionnaire_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.LargeBinary(length=16), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("locales", sa.JSON(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("questionnaire_version_number_from_1")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("questionnaire_version_consultation_id_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("questionnaire_version_pkey")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("questionnaire_version_number_once")
        ),
        sa.UniqueConstraint("uid", name=op.f("questionnaire_version_uid_once")),
    )
    op.create_table(
        "text_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "plain",
                "lines",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("safety", sa.Boolean(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("source_locale", sa.String(length=16), nullable=False),
        sa.Column("source_text", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("max_len", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("max_len > 0", name=op.f("text_unit_max_len_positive")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("text_unit_consultation_id_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("text_unit_pkey")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("text_unit_key_once")),
    )
    op.create_table(
        "text_translation",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("base_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "reviewed",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "human",
                "import",
                "memory",
                name="origin_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("text_translation_version_from_1")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("text_translation_author_id_known")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["person.id"], name=op.f("text_translation_reviewer_id_known")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["text_unit.id"],
            name=op.f("text_translation_unit_id_known"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("unit_id", "locale", name=op.f("text_translation_pkey")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "editor",
                "analyst",
                "translator",
                "answer_translator",
                "facilitator",
                "observer",
                name="role_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "active",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "role IN ('editor', 'analyst') OR state = 'active'",
            name=op.f("membership_only_readers_wait"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("membership_consultation_id_known")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["person.id"], name=op.f("membership_granted_by_known")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("membership_person_id_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("membership_pkey")),
        sa.UniqueConstraint("person_id", "consultation_id", name=op.f("membership_role_once")),
    )
    op.create_table(
        "drill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("recovery_number", sa.Integer(), nullable=False),
        sa.Column("drilled_on", sa.Date(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("drill_consultation_id_known")
        ),
        sa.ForeignKeyConstraint(
            ["recovery_number"], ["recovery_key.number"], name=op.f("drill_recovery_number_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("drill_pkey")),
        sa.UniqueConstraint(
            "consultation_id", "recovery_number", "drilled_on", name=op.f("drill_once_a_day")
        ),
    )
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "questionnaire",
                "quote",
                "briefing",
                "release",
                "export",
                "contact",
                "purge",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "granted_by IS NULL OR granted_by <> asked_by OR reason IS NOT NULL",
            name=op.f("approval_another_person_or_a_reason"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("approval_asked_by_known")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("approval_consultation_id_known")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["person.id"], name=op.f("approval_granted_by_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("approval_pkey")),
        sa.UniqueConstraint("consultation_id", "kind", "subject", name=op.f("approval_asked_once")),
    )
    for trigger in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(trigger)


def downgrade() -> None:
    op.drop_table("approval")
    op.drop_table("drill")
    op.drop_table("membership")
    op.drop_table("text_translation")
    op.drop_table("text_unit")
    op.drop_table("questionnaire_version")
    op.drop_table("consultation")
    if op.get_bind().dialect.name == "postgresql":
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}")
