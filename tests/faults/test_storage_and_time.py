"""What goes wrong with disk, secrets, clocks and senders, and what people see of it (SAFETY 6.7)."""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, update

from config.settings import ROOT, BadSetting, load
from consult.app import create_app
from consult.consultations.models import Consultation
from consult.db import lock_file
from consult.safekeeping import audit, secrets
from consult.safekeeping.models import AuditEvent
from consult.submissions.models import Lane, SealedPart, Submission
from tests.answering.walking import Phone, the_demonstration
from tests.consultations.factories import PASSPHRASE, House, send, token
from tests.pages import Client, Page
from tests.promises import raw
from tests.promises.serving import environment

KEPT = "What I typed must not be lost."


@pytest.fixture
def talks(house: House):
    return the_demonstration(house)


@pytest.fixture
def phone(talks, client: Client) -> Phone:
    """A form at its last step, in which something was written."""
    phone = Phone(client, "demo1")
    phone.to_consent(needs_words=KEPT)
    return phone


def stored(house: House) -> tuple[int, int]:
    house.look()
    count = func.count()
    rows = house.session.scalar(select(count).select_from(Submission)) or 0
    return rows, house.session.scalar(select(count).select_from(SealedPart)) or 0


def not_saved(page: Page) -> None:
    """503, try again, and the very same form to be sent once more stands in the page."""
    assert page.status == 503
    assert page.headers["Retry-After"]
    assert page.field("state").attributes["value"]
    assert page.field("consent.use").attributes["value"] == "count"


def press_again(phone: Phone) -> Page:
    """Press the one button of the page that says it was not saved."""
    hidden = {**phone.page.hidden()}
    return phone.client.post(f"/{phone.segment}/{phone.code}", hidden)


# Disk


@raw.on_sqlite
def test_a_full_disk_at_the_insert_stores_nothing_and_keeps_what_was_typed(house, talks, client):
    """Those who were acknowledged are there, the one who was not may press again later."""
    engine = house.app.extensions["database"].engine
    connection = engine.raw_connection()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()
    acknowledged = 0
    with Full(engine, pages):
        for _ in range(40):
            phone = Phone(client, "demo1")
            phone.to_consent(needs_words=KEPT)
            page = phone.press("send", consent__use="count")
            if page.status != 200:
                break
            acknowledged += 1
        not_saved(page)
        assert press_again(phone).status == 503
        assert stored(house) == (acknowledged, 2 * acknowledged)
    assert press_again(phone).tree.css("#receipt-code")
    assert stored(house) == (acknowledged + 1, 2 * acknowledged + 2)


class Full:
    """A disk on which the file cannot grow, as the file's own limit of pages."""

    def __init__(self, engine, pages: int) -> None:
        self.engine, self.pages = engine, pages

    def __enter__(self) -> None:
        self.engine.dispose()
        event.listen(self.engine, "connect", self._limit)

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "connect", self._limit)
        self.engine.dispose()

    def _limit(self, connection, _record) -> None:
        # No page is left over for a row that does not fit into those that are there.
        connection.execute(f"PRAGMA max_page_count={self.pages}")


@raw.on_sqlite
def test_a_file_system_that_has_become_read_only_is_not_saved_and_nothing_else(
    house, phone, app, settings
):
    engine = app.extensions["database"].engine

    def read_only(connection, _record) -> None:
        connection.execute("PRAGMA query_only=ON")

    engine.dispose()
    event.listen(engine, "connect", read_only)
    not_saved(phone.press("send", consent__use="count"))
    assert phone.client.get("/en/safety").status == 200
    assert phone.client.get("/en/demo1").status == 200
    event.remove(engine, "connect", read_only)
    engine.dispose()
    assert press_again(phone).tree.css("#receipt-code")
    assert stored(house) == (1, 2)


def test_with_too_little_disk_no_form_begins_and_one_under_way_is_sent(
    house, phone, app, settings, monkeypatch
):
    monkeypatch.setattr(type(settings), "lacks_disk", lambda _: True)
    page = phone.client.get("/en/demo1")
    assert (page.status, bool(page.headers["Retry-After"])) == (503, True)
    ready = phone.client.flask.get("/readyz")
    assert (ready.status_code, "disk" in ready.text) == (503, True)
    assert phone.press("send", consent__use="count").tree.css("#receipt-code")
    assert stored(house) == (1, 2)


# Locked


@raw.on_sqlite
def test_a_database_that_another_process_holds_is_not_saved(house, phone, app, settings):
    """The lock is held by another process; the wait before giving up is made short."""
    engine = app.extensions["database"].engine

    def short(connection, _record) -> None:
        connection.execute("PRAGMA busy_timeout=1")

    engine.dispose()
    event.listen(engine, "connect", short)
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    file = str(settings.instance / "consult.sqlite3")
    holder = subprocess.Popen(
        [sys.executable, "-c", program, file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    not_saved(phone.press("send", consent__use="count"))
    assert phone.client.get("/en/demo1").status == 200, "reading goes on"
    holder.communicate("")
    assert press_again(phone).tree.css("#receipt-code")
    event.remove(engine, "connect", short)
    assert stored(house) == (1, 2)


@raw.on_sqlite
def test_writers_queue_by_a_lock_of_our_own_and_readers_do_not(app, settings):
    path = lock_file(app.extensions["database"].url)
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert app.test_client().get("/en/").status_code == 200
        assert app.test_client().get("/readyz").status_code == 200


# Damage


@raw.on_sqlite
def test_a_file_that_is_no_database_is_one_line_and_a_page(settings, clock, instance):
    (instance / "consult.sqlite3").write_bytes(b"no database at all " * 5_000)
    made = create_app(settings, clock=clock)
    made.testing = False
    assert made.test_client().get("/healthz").status_code == 200
    assert made.test_client().get("/readyz").status_code == 503
    assert made.test_client().get("/en/demo1").status_code in (500, 503)


def test_a_sealed_part_that_is_damaged_is_unreadable_and_not_no_answer(house, talks, client):
    for _ in range(2):
        Phone(client, "demo1").to_receipt()
    house.look()
    part = house.session.scalars(select(SealedPart)).first()
    submission = part.submission_id
    for one in house.session.scalars(
        select(SealedPart).where(SealedPart.submission_id == submission)
    ):
        one.blob = one.blob[:-1] + bytes([one.blob[-1] ^ 1])
    house.session.commit()
    browser = house.browser()
    page = browser.get("/en/staff/inclusive-peace/submissions")
    assert page.status == 200
    alone = browser.get(f"/en/staff/inclusive-peace/submissions/{submission.hex()}")
    assert alone.status == 409
    out = house.command(
        "submissions", "export", "inclusive-peace", "--format", "jsonl",
        "--out", str(house.app.extensions["settings"].instance / "x.jsonl"), "--as", "Farida",
    )  # fmt: skip
    assert "1 submissions" in out
    assert "1 could not be read" in out


# Secrets


@raw.on_sqlite
def test_another_installation_secret_closes_everything_and_stores_nothing(
    house, phone, settings, clock
):
    """As when a disk was copied without its secret: nothing opens, nothing is sealed wrongly."""
    house.session.rollback()
    path = secrets.path(settings.instance)
    path.chmod(0o600)
    path.write_bytes(os.urandom(32))
    other = create_app(settings, clock=clock)
    other.testing = False
    client = Client(other)
    assert client.get("/en/demo1").status in (409, 500, 503)
    fields = {**phone.page.hidden(), "consent.use": "count", "go": "send"}
    answer = client.post("/en/demo1", fields)
    assert answer.status in (409, 500, 503)
    signed = send(client, "/en/staff/sign-in", {"name": "Farida", "passphrase": PASSPHRASE})
    assert signed.status == 422
    other.extensions["database"].engine.dispose()
    assert stored(house) == (0, 0)


@raw.on_sqlite
def test_without_an_installation_secret_the_form_is_closed_and_a_command_says_so(
    house, talks, settings, clock
):
    house.session.rollback()
    secrets.path(settings.instance).unlink()
    bare = create_app(settings, clock=clock)
    bare.testing = False
    client = Client(bare)
    ready = client.flask.get("/readyz")
    assert (ready.status_code, "secret" in ready.text) == (503, True)
    assert client.get("/en/demo1").status in (422, 500, 503)
    assert client.get("/en/safety").status == 200
    runner = bare.test_cli_runner()
    done = runner.invoke(args=["users", "grant", "A", "--role", "analyst", "--consultation",
                               "inclusive-peace", "--as", "Farida"])  # fmt: skip
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert "flask init" in done.output
    bare.extensions["database"].engine.dispose()


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
@raw.on_sqlite
def test_a_secret_that_is_cut_is_refused_in_one_line(settings, content):
    path = secrets.path(settings.instance)
    path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "users", "list"],
        cwd=ROOT,
        env=environment(settings.instance),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@raw.on_sqlite
def test_production_without_its_secret_stops_with_one_line_naming_init(tmp_path, database_url):
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
        cwd=ROOT,
        env={
            **environment(tmp_path / "none"),
            "CONSULT_PROFILE": "production",
            "CONSULT_PUBLIC_URL": "https://consult.example",
            "CONSULT_ARGON_MEMORY_BYTES": str(64 * 2**20),
            "CONSULT_ARGON_PASSES": "3",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "flask init" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


# Languages


@raw.on_sqlite
def test_a_missing_catalogue_shows_the_source_and_loses_no_page(tmp_path, settings, database_url):
    """The folder of translations without one language: its pages speak English, whole."""
    copied = tmp_path / "program"
    ignored = shutil.ignore_patterns(".venv", ".git", "instance", "bench", "docs", "tests")
    shutil.copytree(ROOT, copied, ignore=ignored)
    shutil.rmtree(copied / "translations" / "ps")
    program = (
        "import wsgi; c = wsgi.app.test_client();"
        "p = c.get('/ps/safety'); assert p.status_code == 200, p.status_code;"
        "assert 'lang=\"ps\"' in p.text and 'dir=\"rtl\"' in p.text;"
        "assert c.get('/fr/safety').status_code == 200; print('whole')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=copied,
        env=environment(settings.instance, PYTHONPATH=str(copied)),
        capture_output=True,
        text=True,
    )
    assert done.stdout == "whole\n", done.stderr


# Time


def test_a_day_later_a_form_is_sent_and_after_two_it_says_what_to_do(house, phone, clock):
    clock.move(days=1)
    assert phone.press("send", consent__use="count").tree.css("#receipt-code")
    again = Phone(phone.client, "demo1")
    again.to_consent(needs_words=KEPT)
    clock.move(days=2)
    page = again.press("send", consent__use="count")
    assert page.status == 409
    assert stored(house) == (1, 2)


def test_a_clock_set_back_a_year_loses_nothing_that_was_sent(house, phone, clock):
    phone.press("send", consent__use="count")
    code = phone.page.tree.css_first("#receipt-code").text()
    clock.now -= timedelta(days=365)
    page = phone.client.post("/en/receipt", {"code": code})
    assert page.status == 200
    again = phone.again()
    assert again.status == 200
    assert stored(house) == (1, 2)


def test_a_form_under_way_is_not_lost_when_the_clock_was_wrong_for_a_while(house, phone, clock):
    right = clock.now
    clock.now -= timedelta(days=365)
    phone.client.get("/en/demo1")
    early = phone.press("send", consent__use="count")
    assert early.status == 409
    clock.now = right + timedelta(hours=1)
    fields = dict(phone.last[1])
    sent = phone.client.post("/en/demo1", fields)
    assert sent.tree.css("#receipt-code")
    assert stored(house) == (1, 2)


@raw.on_sqlite
def test_a_leap_day_is_a_day(house, talks, clock, client):
    house.session.execute(
        update(Consultation).values(
            opens_on=datetime(2028, 2, 20).date(), closes_on=datetime(2028, 3, 1).date()
        )
    )
    house.session.commit()
    clock.now = datetime(2028, 2, 29, 9, 0, tzinfo=UTC)
    phone = Phone(client, "demo1")
    phone.to_consent()
    clock.now = datetime(2028, 3, 1, 9, 0, tzinfo=UTC)
    assert phone.press("send", consent__use="count").tree.css("#receipt-code")
    house.look()
    row = house.session.scalars(select(Submission)).one()
    assert row.received_on.isoformat() == "2028-03-01"


@raw.on_sqlite
@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Paris", "2027-03-27T22:30", "2027-03-28T21:30"),  # an hour is left out
        ("Europe/Paris", "2026-10-24T21:30", "2026-10-25T22:30"),  # an hour comes twice
        ("Asia/Kabul", "2026-11-24T19:29", "2026-11-24T19:31"),  # midnight, at half past in UTC
        ("Pacific/Apia", "2026-11-24T09:59", "2026-11-24T10:01"),
    ],
)
def test_a_change_of_zone_or_day_during_a_form_loses_nothing(
    house, talks, client, clock, zone, before, after
):
    """Days are days in the consultation's time zone, whatever happens to its hours."""
    clock.now = datetime.fromisoformat(before).replace(tzinfo=UTC)
    opens = clock.now.date() - timedelta(days=9)
    house.session.execute(
        update(Consultation).values(
            time_zone=zone, opens_on=opens, closes_on=opens + timedelta(days=20)
        )
    )
    house.session.commit()
    phone = Phone(client, "demo1")
    phone.to_consent()
    clock.now = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert phone.press("send", consent__use="count").tree.css("#receipt-code")


@raw.on_sqlite
def test_the_record_of_staff_goes_on_when_the_clock_is_set_back(house, talks, clock):
    house.browser()
    clock.now -= timedelta(days=365)
    house.browser()
    house.look()
    assert audit.verify(house.session, house.secrets) is None
    assert (house.session.scalar(select(func.count()).select_from(AuditEvent)) or 0) >= 2


# Senders


FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Prefix": "/evil",
    "X-Original-URL": "/en/staff/people",
    "X-Rewrite-URL": "/en/staff/people",
    "X-HTTP-Method-Override": "DELETE",
}


@raw.on_sqlite
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1@evil", ""])
def test_a_forged_host_is_refused_and_echoed_nowhere(talks, app, host):
    for path in ("/", "/en/", "/en/demo1", "/en/staff/", "/en/staff/sign-in"):
        answer = app.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 400, (host, path)
        assert "evil" not in answer.text
        assert "evil" not in answer.headers.get("Location", "")


@raw.on_sqlite
def test_forged_proxy_headers_change_nothing(house, talks, app, client):
    client.headers = FORGED
    assert client.get("/").location == "/en/"
    assert "evil" not in client.get("/en/demo1").html
    assert client.get("/en/staff/people").location.startswith("/en/staff/sign-in")
    browser = house.browser()
    browser.headers = FORGED
    page = browser.get("/en/staff/inclusive-peace/people/add")
    fields = {"csrf_token": token(page), "name": "New one", "role": "observer"}
    invited = browser.post("/en/staff/inclusive-peace/people/add", fields)
    assert invited.status == 200
    assert "evil" not in invited.html
    assert "http://localhost/en/staff/invitation/" in invited.html


@raw.on_sqlite
def test_nobody_slips_past_the_lane_by_naming_other_addresses(house, talks, app, settings):
    """Without a proxy in the settings only the socket counts."""
    app.extensions["floods"].sends.limit = 2
    for number in range(4):
        client = Client(app, {"X-Forwarded-For": f"203.0.113.{number}"})
        Phone(client, "demo1").to_receipt()
    house.look()
    lanes = [row.lane for row in house.session.scalars(select(Submission))]
    assert sorted(lane.value for lane in lanes) == ["burst", "burst", "open", "open"]
    assert Lane.BURST in lanes


@raw.on_sqlite
def test_a_host_of_the_settings_is_ours_and_no_other(settings, clock):
    ours = create_app(replace(settings, public_url="https://consult.example"), clock=clock)
    client = ours.test_client()
    assert client.get("/en/", headers={"Host": "consult.example"}).status_code == 200
    assert client.get("/en/", headers={"Host": "evil.example"}).status_code == 400
    ours.extensions["database"].engine.dispose()


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("PORT", "none", "PORT"),
        ("PORT", "99999", "PORT"),
        ("HOST", "0.0.0.0", "HOST"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("DATABASE_URL", "mysql://a/b", "DATABASE_URL"),
        ("CONSULT_PROFILE", "prod", "CONSULT_PROFILE"),
        ("CONSULT_TIME_ZONE", "Mars/Base", "CONSULT_TIME_ZONE"),
        ("CONSULT_WORKERS", "0", "CONSULT_WORKERS"),
        ("CONSULT_CONFIG", "/no/such/file", "CONSULT_CONFIG"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(tmp_path, setting, value, named):
    with pytest.raises(BadSetting) as told:
        create_app(load({"INSTANCE": str(tmp_path), setting: value}))
    assert named in str(told.value)
    assert "\n" not in str(told.value)
