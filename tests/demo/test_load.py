"""The demonstration: exactly as many voices as asked for, whatever was there before."""

import json
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from config.settings import Profile
from consult import clock as clocks
from consult.briefings.models import Briefing, BriefingVersion, Finding
from consult.consultations import lifecycle, lookup, members, texts, versions
from consult.consultations.access import Unlocked
from consult.consultations.lifecycle import Act, Gate
from consult.consultations.models import (
    Approval,
    ApprovalKind,
    Consultation,
    Drill,
    Role,
    State,
)
from consult.db import Database
from consult.demo import banner, load
from consult.demo.accounts import FILE, ROLES, NoAccounts
from consult.demo.planted import PLANTED
from consult.demo.voices import VOICES
from consult.figures import columns, tally
from consult.follow_up.models import ReportBack
from consult.people import accounts, own_keys
from consult.people.models import Person, Standing
from consult.people.own_keys import Keeping
from consult.reading import answers, quotes
from consult.reading.models import Quote
from consult.safekeeping import recovery
from consult.submissions import imports, opening
from consult.submissions.imports import OnBad
from consult.submissions.models import SealedPart, Submission
from consult.submissions.models import State as Stage
from tests.conftest import NOW, Hands
from tests.pages import Client

ENOUGH_TO_PLANT = 120
Load = Callable[..., dict[str, Any]]


@pytest.fixture
def paper(app: Flask, instance: Path) -> list[str]:
    """The paper keys, as `flask init --recovery-out INSTANCE/recovery` leaves them."""
    database: Database = app.extensions["database"]
    with database.transaction() as session:
        papers = recovery.init(session, app.extensions["secrets"])
    (instance / load.PAPER_KEY).write_text(papers[0], "utf-8")
    return papers


@pytest.fixture
def demonstrate(app: Flask, paper: list[str]) -> Load:  # noqa: ARG001 - has to be there
    """Load the demonstration of so many submissions, at the moment of the clock."""

    def done(submissions: int, seed: int = 1) -> dict[str, Any]:
        with app.app_context():
            size = load.Size(submissions, seed)
            return dict(load.load(_house(app), size, lambda made, _total: made))

    return done


def _house(app: Flask) -> load.House:
    found = app.extensions
    return load.House(found["settings"], found["secrets"], found["database"], found["clock"]())


def _opened(app: Flask, session: Session) -> Unlocked:
    """The consultation, opened by the editor of the accounts file."""
    editor = load._signed_in(_house(app), _told(app)["editor"])
    return load._unlocked(session, _house(app), editor, lookup.by_slug(session, load.SLUG))


def _told(app: Flask) -> dict[str, Any]:
    return dict(load.accounts.read(app.extensions["settings"].instance))


def _count(session: Session, table: type[Any], *where: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0


def _living(session: Session) -> int:
    return _count(session, Submission, Submission.state == Stage.RECEIVED)


def test_it_holds_exactly_as_many_as_asked_for_and_one_withdrawn(
    demonstrate: Load, session: Session
) -> None:
    demonstrate(9)
    assert _living(session) == 9
    assert _count(session, Submission) == 10
    # Content and contact of the living, and nothing of the withdrawn.
    assert _count(session, SealedPart) == 18


def test_it_is_open_listed_and_low_and_every_gate_was_passed(
    demonstrate: Load, session: Session
) -> None:
    demonstrate(3)
    consultation = lookup.by_slug(session, "inclusive-peace")
    today = clocks.day(NOW, consultation.time_zone)
    assert (consultation.code, consultation.state) == ("demo1", State.OPEN)
    assert consultation.demonstration
    assert consultation.listed
    assert consultation.listens(today)
    assert session.scalars(sa.select(Drill.simulated)).all() == [True]
    assert consultation.opens_on is not None
    assert consultation.opens_on < today - timedelta(days=14)


def test_each_role_has_an_account_in_a_file_for_the_owner_alone(
    app: Flask, demonstrate: Load, session: Session
) -> None:
    demonstrate(0)
    path = app.extensions["settings"].instance / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    told = json.loads(path.read_text("utf-8"))
    assert list(told) == list(ROLES)
    keeping = Keeping.of(app.extensions["settings"], app.extensions["secrets"])
    for role, one in told.items():
        assert set(one) == {"name", "passphrase"}
        person = accounts.by_name(session, one["name"])
        assert person.demonstration
        assert len(one["passphrase"].split()) == 6
        assert own_keys.opened(own_keys.locked(person), one["passphrase"], keeping), role
        consultation = lookup.by_slug(session, load.SLUG)
        member = members.find(session, consultation, person.id)
        if role == "administrator":
            assert member is None
            assert person.standing is Standing.ADMINISTRATOR
        else:
            assert member is not None
            assert member.role is Role(role)
            assert members.is_active(session, member)


def test_run_again_it_is_built_anew_whatever_came_in_between(
    app: Flask, demonstrate: Load, session: Session
) -> None:
    first = demonstrate(9)
    with app.extensions["database"].transaction() as between:
        consultation = lookup.by_slug(between, load.SLUG)
        version = versions.current(between, consultation)
        line = {
            "id": "from-elsewhere",
            "language": "en",
            "received_on": "2026-11-20",
            "consent": {"use": "count"},
            "answers": {"sex": "woman"},
        }
        imports.load(
            between,
            consultation,
            version.id,
            versions.definition(version),
            [json.dumps(line).encode()],
            on_bad=OnBad.STOP,
            secrets=app.extensions["secrets"],
            today=consultation.closes_on or NOW.date(),
        )
        act = Act(None, clocks.day(NOW, consultation.time_zone), NOW)
        lifecycle.close(between, app.extensions["secrets"], consultation, act)
    before = set(session.scalars(sa.select(Submission.id)))
    session.rollback()
    assert demonstrate(7, seed=2) == first
    assert _living(session) == 7
    assert _count(session, Submission) == 8
    assert not before & set(session.scalars(sa.select(Submission.id)))
    assert _count(session, ReportBack) == 1
    assert _count(session, Briefing) == _count(session, BriefingVersion) == 1
    assert _count(session, Person) == len(ROLES)
    assert lookup.by_slug(session, load.SLUG).state is State.OPEN
    assert _count(session, Approval, Approval.kind == ApprovalKind.QUOTE) == _count(session, Quote)


def test_it_can_be_built_anew_months_later(
    demonstrate: Load, session: Session, clock: Hands
) -> None:
    demonstrate(3)
    clock.move(days=200)
    demonstrate(3)
    consultation = lookup.by_slug(session, load.SLUG)
    assert consultation.listens(clocks.day(clock.now, consultation.time_zone))
    assert _living(session) == 3


def test_none_at_all_is_a_demonstration_too(
    app: Flask, demonstrate: Load, session: Session, client: Client
) -> None:
    demonstrate(0)
    assert _count(session, Submission) == 0
    assert client.get("/en/demo1/report").status == 200
    demonstrate(3)
    demonstrate(0)
    assert _count(session, Submission) == _count(session, SealedPart) == 0


def test_the_planted_truths_are_found_again_in_the_figures(
    app: Flask, demonstrate: Load, session: Session
) -> None:
    demonstrate(400)
    made = _tally(app, session)
    women, men = (_share(made, "needs", "schools", sex) for sex in ("woman", "man"))
    assert women is not None
    assert men is not None
    assert women - men == pytest.approx(PLANTED.gap, abs=0.02)
    silent = _question(made, PLANTED.silent_question)
    assert silent["groups"]["setting"][PLANTED.silent_setting].get("hidden")
    places = {row["key"]: row for row in _question(made, "place")["rows"]}
    thin, empty = places[PLANTED.thin_place], places[PLANTED.empty_place]
    assert _shown(thin) == _shown(empty)
    assert thin["hidden"]
    split = _row(made, PLANTED.split_question, PLANTED.split_choice)
    assert split["count"] in (None, PLANTED.split_women + PLANTED.split_men)
    assert split["by"]["sex"]["woman"].get("hidden")
    assert split["by"]["sex"]["man"].get("hidden")
    assert _row(made, PLANTED.thin_row_question, PLANTED.thin_row_choice)["hidden"]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("key", "label")}


def _tally(app: Flask, session: Session) -> dict[str, Any]:
    with app.app_context():
        unlocked = _opened(app, session)
        found = columns.load(session, unlocked)
        version = versions.current(session, unlocked.consultation)
        words = texts.load(session, unlocked.consultation, version, "en")
        made = tally.build(
            found,
            found.questions,
            tally.labels_of(words, "en"),
            consultation=unlocked.consultation.slug,
            consultation_threshold=unlocked.consultation.threshold,
            threshold=unlocked.consultation.threshold,
            by=[facet.key for facet in found.questions.facets()],
        )
        return made.to_json()


def _question(made: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in made["questions"] if one["key"] == key)


def _row(made: dict[str, Any], key: str, choice: str) -> dict[str, Any]:
    return next(row for row in _question(made, key)["rows"] if row["key"] == choice)


def _share(made: dict[str, Any], key: str, choice: str, sex: str) -> float | None:
    share: float | None = _row(made, key, choice)["by"]["sex"][sex]["share"]
    return share


def test_the_withdrawn_voice_is_in_no_figure_and_opens_nowhere(
    app: Flask, demonstrate: Load, session: Session
) -> None:
    demonstrate(ENOUGH_TO_PLANT)
    assert _tally(app, session)["submissions"] == ENOUGH_TO_PLANT
    found = opening.load(session, _opened(app, session))
    assert len(found.opened) == ENOUGH_TO_PLANT
    assert not found.unreadable
    assert all(one.answers.get("place") != PLANTED.empty_place for one in found.opened)
    assert PLANTED.withdrawn_words not in str([one.answers for one in found.opened])


def test_neither_words_nor_passphrases_stand_in_a_file_of_the_database(
    app: Flask, demonstrate: Load, instance: Path
) -> None:
    database: Database = app.extensions["database"]
    if database.url.get_backend_name() != "sqlite":
        pytest.skip("the files of a server are not ours to read")
    told = demonstrate(9)
    held = _blobs(database)
    demonstrate(0)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = b"".join(path.read_bytes() for path in instance.glob("consult.sqlite3*"))
    needles = [PLANTED.withdrawn_words.encode(), VOICES[0].words["needs_words"].encode()]
    needles += [one.passphrase.encode() for one in told.values()]
    assert not [needle for needle in needles if needle in raw]
    # What was deleted for good is gone from the pages too: its first bytes are found nowhere.
    assert held
    assert not [blob for blob in held if blob[:200] in raw]


def _blobs(database: Database) -> list[bytes]:
    with database.reader() as session:
        return list(session.scalars(sa.select(SealedPart.blob)))


def test_its_briefing_rests_on_quotes_that_may_be_shown(
    app: Flask, demonstrate: Load, session: Session
) -> None:
    demonstrate(9)
    unlocked = _opened(app, session)
    picked = quotes.load(session, unlocked).picked
    assert len(picked) == len(VOICES)
    found = answers.load(session, unlocked)
    cleared = quotes.cleared(session, unlocked, found, published=True)
    assert {one.id for one in cleared} == {one.id for one in picked}
    assert _count(session, Finding) == 7


def test_a_quote_whose_voice_is_not_there_is_left_out(demonstrate: Load, session: Session) -> None:
    demonstrate(3)
    assert _count(session, Quote) == 3


def test_respondents_read_the_report_back_in_their_language(
    demonstrate: Load, client: Client
) -> None:
    demonstrate(60)
    for segment, submissions in [("en", "60"), ("fr", "60"), ("fa-af", "۶۰"), ("ps", "۶۰")]:
        page = client.get(f"/{segment}/demo1/report")
        assert page.status == 200
        assert submissions in page.text
        assert "%(" not in page.text
    assert client.get("/en/demo1").status == 200


def test_the_banner_stands_on_every_page_from_then_on(demonstrate: Load, client: Client) -> None:
    demonstrate(0)
    for path in ("/en/", "/en/demo1", "/en/safety", "/en/staff/sign-in"):
        assert "all voices here are made up" in client.get(path).text, path


def test_no_other_consultation_opens_beside_it(demonstrate: Load, session: Session) -> None:
    demonstrate(0)
    real = Consultation(slug="real", code="real1", demonstration=False)
    held = lookup.by_slug(session, load.SLUG)
    for name in ("time_zone", "source_locale", "locales", "places", "offers", "process"):
        setattr(real, name, getattr(held, name))
    session.add(real)
    session.flush()
    version = versions.current(session, held)
    versions.write(session, real, versions.definition(version), held.locales)
    found = lifecycle.missing(session, real, NOW.date())
    assert Gate.DEMONSTRATION in {one.gate for one in found}


def test_the_banner_stands_on_a_page_of_refusal_too(demonstrate: Load, client: Client) -> None:
    demonstrate(0)
    client.get("/en/")
    assert client.get("/en/no/such/page").tree.css_first(".banner") is not None


def test_the_banner_asks_seldom_and_once_it_knows_never_again(
    demonstrate: Load, app: Flask
) -> None:
    asked: list[str] = []
    database: Database = app.extensions["database"]
    moment = [0.0]
    line = banner.Banner(database, lambda: moment[0])
    sa.event.listen(database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    assert line() is None
    looked = len(asked)
    assert line() is None
    assert len(asked) == looked
    demonstrate(0)
    moment[0] = banner.ASK_AGAIN_SECONDS
    with app.app_context():
        assert "made up" in str(line())
        asked.clear()
        moment[0] *= 10
        assert line() is not None
    assert not asked


def test_production_refuses_it_and_nothing_is_made(
    app: Flask,
    paper: list[str],
    session: Session,  # noqa: ARG001 - has to be there
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], profile=Profile.PRODUCTION)
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "production" in result.output
    assert _count(session, Person) == _count(session, Consultation) == 0


def test_beside_real_voices_it_is_refused(app: Flask, demonstrate: Load, session: Session) -> None:
    session.add(
        Consultation(
            slug="real",
            code="real1",
            state=State.OPEN,
            demonstration=False,
            time_zone="Asia/Kabul",
            source_locale="en",
            locales=["en"],
            places=[],
            offers=["count"],
            process={},
            opens_on=NOW.date(),
            closes_on=NOW.date(),
        )
    )
    session.commit()
    with pytest.raises(load.RealVoices):
        demonstrate(3)
    assert _count(session, Person) == 0


def test_without_its_paper_key_it_says_what_to_do(
    app: Flask,
    paper: list[str],
    session: Session,  # noqa: ARG001 - has to be there
) -> None:
    (app.extensions["settings"].instance / load.PAPER_KEY).unlink()
    result = app.test_cli_runner().invoke(args=["demo"])
    assert result.exit_code == 1
    assert "flask init --recovery-out" in result.output
    assert _count(session, Person) == 0


def test_without_its_accounts_file_nothing_is_deleted(
    app: Flask, demonstrate: Load, session: Session
) -> None:
    demonstrate(3)
    (app.extensions["settings"].instance / FILE).unlink()
    with pytest.raises(NoAccounts):
        demonstrate(5)
    assert _living(session) == 3


def test_what_fails_half_way_changes_nothing(
    app: Flask, demonstrate: Load, session: Session
) -> None:
    demonstrate(3)

    def breaks(made: Any, _total: int) -> Iterator[Any]:
        yield next(iter(made))
        raise RuntimeError("the power is gone")

    with app.app_context(), pytest.raises(RuntimeError):
        load.load(_house(app), load.Size(5), breaks)
    assert _living(session) == 3
    assert _count(session, ReportBack) == 1


def test_the_command_prints_the_accounts(app: Flask, paper: list[str]) -> None:  # noqa: ARG001
    result = app.test_cli_runner().invoke(args=["demo", "--submissions", "3", "--seed", "7"])
    assert result.exit_code == 0, result.output
    for one in _told(app).values():
        assert one.name in result.output
        assert one.passphrase in result.output


def test_a_negative_number_is_one_clear_line(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "--submissions", "-1"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
