"""The schema goes up and down with rows in it, on both databases, and only once (SAFETY 6.5)."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from consult.briefings.models import BriefingVersion
from consult.db import PRAGMAS, Database
from consult.submissions.models import PublishedQuote, SealedPart, Submission
from consult.upkeep import migrate
from consult.upkeep.migrate import NewerSchema, NoDatabase
from tests.conftest import KINDS
from tests.factories import Room, a_room
from tests.promises import raw

THREE = ("submission", "sealed_part", "published_quote")


@pytest.fixture(params=KINDS)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    else:
        yield request.getfixturevalue("empty_postgres")


def revisions() -> list[str]:
    """Every revision, the first one first."""
    scripts = ScriptDirectory(str(migrate.FOLDER)).walk_revisions()
    return [script.revision for script in scripts][::-1]


def counts(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        return {name: connection.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in THREE}


@pytest.fixture
def quoted(house) -> Room:
    """A room in which a quote lies on a part, and the part on a submission."""
    room = a_room(house)
    room.voices(3)
    part = room.session.scalars(sa.select(SealedPart)).first()
    version = BriefingVersion(
        consultation_id=room.consultation.id,
        number=1,
        published_on=date(2026, 12, 1),
        document={},
    )
    room.session.add(version)
    room.session.flush()
    quote = PublishedQuote(
        id=secrets.token_bytes(16),
        part_id=part.id,
        briefing_version_id=version.id,
        text="We need a road.",
    )
    room.session.add(quote)
    room.session.commit()
    room.session.close()
    return room


def test_there_is_one_head_and_every_step_has_a_reason_and_a_way_back():
    scripts = ScriptDirectory(str(migrate.FOLDER))
    assert len(scripts.get_heads()) == 1
    for script in scripts.walk_revisions():
        assert script.doc.strip(), script.revision
        text = Path(script.path).read_text()
        assert "def downgrade" in text.split("def upgrade")[1], script.revision


def test_up_and_down_step_by_step_and_what_is_up_is_what_the_models_say(empty):
    database = Database(empty)
    steps = revisions()
    for revision in steps:
        migrate.upgrade(empty, revision)
        assert migrate.current(database) == revision
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, migrate.metadata()) == []
    for revision in [*steps[:-1][::-1], "base"]:
        migrate.downgrade(empty, revision)
    assert migrate.current(database) is None
    with database.engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(empty)
    assert migrate.current(database) == migrate.head()
    database.engine.dispose()


def test_rows_survive_an_upgrade_that_has_nothing_to_do(quoted, settings):
    database = quoted.house.app.extensions["database"]
    before = counts(database)
    assert before == {"submission": 3, "sealed_part": 6, "published_quote": 1}
    migrate.upgrade(settings.database)
    assert counts(database) == before


def test_down_to_before_the_newest_steps_and_up_again_with_rows_of_all_three_tables(
    quoted, settings
):
    """A step over another room's tables leaves a quote on a part on a submission alone."""
    database = quoted.house.app.extensions["database"]
    before = counts(database)
    creates = {revision: text_of(revision) for revision in revisions()}
    last = max(i for i, r in enumerate(revisions()) if any(f'"{t}"' in creates[r] for t in THREE))
    database.engine.dispose()
    if last < len(revisions()) - 1:
        migrate.downgrade(settings.database, revisions()[last])
        assert counts(database) == before
        migrate.upgrade(settings.database)
    assert counts(database) == before
    migrate.downgrade(settings.database, "base")
    migrate.upgrade(settings.database)
    assert counts(database) == dict.fromkeys(THREE, 0)


def text_of(revision: str) -> str:
    script = ScriptDirectory(str(migrate.FOLDER)).get_revision(revision)
    return Path(script.path).read_text()


@raw.on_sqlite
def test_a_rebuilt_table_takes_nothing_with_it(quoted, settings):
    """With cascades on, rebuilding `sealed_part` would silently empty what hangs on it."""
    quoted.house.app.extensions["database"].engine.dispose()
    with migrate._connection(settings.database) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0
        from alembic.operations import Operations

        context = MigrationContext.configure(connection)
        with Operations(context).batch_alter_table("sealed_part", recreate="always") as table:
            table.add_column(sa.Column("later", sa.Integer(), nullable=True))
    database = Database(settings.database)
    assert counts(database) == {"submission": 3, "sealed_part": 6, "published_quote": 1}
    database.engine.dispose()


@raw.on_sqlite
def test_rows_that_would_refer_to_nothing_stop_a_migration_and_undo_it(quoted, settings):
    quoted.house.app.extensions["database"].engine.dispose()
    with (
        pytest.raises(RuntimeError, match="published_quote"),
        migrate._connection(settings.database) as connection,
    ):
        connection.exec_driver_sql("DELETE FROM sealed_part")
    database = Database(settings.database)
    assert counts(database)["sealed_part"] == 6
    database.engine.dispose()


def test_a_newer_schema_is_refused_and_nothing_is_changed(app, settings, session):
    session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    session.commit()
    with pytest.raises(NewerSchema, match="newer"):
        migrate.upgrade(settings.database)
    assert session.scalar(sa.text("SELECT version_num FROM alembic_version")) == "9999"
    runner = app.test_cli_runner()
    done = runner.invoke(args=["db", "upgrade"])
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert done.output.count("\n") == 1
    ready = app.test_client().get("/readyz")
    assert (ready.status_code, "schema" in ready.text) == (503, True)


def test_of_two_processes_one_migrates_and_both_end_well(empty):
    program = f"from consult.upkeep import migrate; migrate.upgrade({empty!r})"
    running = [
        subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(2)
    ]
    told = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0, 0], told
    database = Database(empty)
    assert migrate.current(database) == migrate.head()
    database.engine.dispose()


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////dev/null/folder/x.sqlite3",
        "sqlite:////proc/x.sqlite3",
        "postgresql://127.0.0.1:1/none",
    ],
)
def test_a_database_that_cannot_be_reached_is_one_clear_line(address):
    with pytest.raises(NoDatabase) as told:
        migrate.upgrade(address)
    assert "\n" not in str(told.value)
    assert "cannot be reached" in str(told.value)


@raw.on_sqlite
def test_every_connection_has_the_pragmas(app, settings, house):
    """Also a connection that is opened late, and the one that rewrites."""
    database = app.extensions["database"]
    held = [database.engine.raw_connection() for _ in range(4)]
    for connection in held:
        for name, value in PRAGMAS.items():
            assert connection.execute(f"PRAGMA {name}").fetchone()[0] == value, name
        connection.close()
    assert PRAGMAS == {
        "page_size": 65_536,
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "trusted_schema": 0,
    }
    without_cascades = Database(settings.database, cascades=False)
    connection = without_cascades.engine.raw_connection()
    assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 0
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    connection.close()
    without_cascades.engine.dispose()


def test_a_published_questionnaire_never_changes(house):
    room = a_room(house)
    for statement in (
        "UPDATE questionnaire_version SET definition = '{}'",
        "UPDATE questionnaire_version SET published = false",
        "DELETE FROM questionnaire_version",
    ):
        with pytest.raises(sa.exc.DBAPIError):
            room.session.execute(sa.text(statement))
        room.session.rollback()


@raw.on_sqlite
def test_tables_of_respondents_keep_no_row_number_time_or_counter(app, session):
    """What such a table may hold in clear is this list (SAFETY 2.4)."""
    for name in ("submission", "sealed_part", "published_quote", "quote"):
        made = session.scalar(sa.text("SELECT sql FROM sqlite_master WHERE name = :n"), {"n": name})
        assert "WITHOUT ROWID" in made, name
    columns = {
        Submission: {
            "id", "consultation_id", "version_id", "epoch", "received_on", "lane", "state",
            "kept", "receipt_hash", "import_hash", "revision",
        },
        SealedPart: {
            "id", "submission_id", "compartment", "number", "version_id", "checksum", "blob",
        },
        PublishedQuote: {"id", "part_id", "briefing_version_id", "text"},
    }  # fmt: skip
    for model, wanted in columns.items():
        assert set(model.__table__.columns.keys()) == wanted
