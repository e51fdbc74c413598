"""The order in which people spoke stands nowhere in the file (SAFETY 6.2)."""

import secrets
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event, select

from consult.consultations.models import Consultation
from consult.db import Database
from consult.submissions import inbox
from consult.submissions.inbox import Channel
from consult.submissions.models import Kind, SealedPart, Submission
from consult.upkeep import rewriting
from tests.consultations.factories import TODAY, House
from tests.promises import raw
from tests.submissions.factories import a_sending, newest_version

pytestmark = raw.on_sqlite

COUNTS = {4_000: 80, 16_000: 60, 64_000: 30, 256_000: 20}
WORDS = {4_000: 0, 16_000: 8_000, 64_000: 40_000, 256_000: 120_000}
INSIDE_A_PAGE = [4_000, 16_000]


@dataclass
class Day:
    """One day's arrivals: how they lie in the file is all that is asked of them."""

    house: House
    consultation_id: int
    version_id: int

    @property
    def database(self) -> Database:
        return self.house.app.extensions["database"]

    @property
    def instance(self) -> Path:
        return self.house.app.extensions["settings"].instance


@pytest.fixture
def day(house: House) -> Day:
    consultation = house.opened()
    made = Day(house, consultation.id, newest_version(house, consultation))
    house.session.close()
    # How the rows lie does not hang on when the disk has them.
    event.listen(made.database.engine, "connect", unhurried)
    made.database.engine.dispose()
    return made


def unhurried(connection, _record) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def arrivals(day: Day, length: int) -> list[bytes]:
    """Let as many come in one after the other, each in its own transaction; gives their marks."""
    marks = []
    for _ in range(COUNTS[length]):
        story = "".join(secrets.choice("abcdef ") for _ in range(WORDS[length] or 20))
        sending = a_sending(day.version_id, answers={"story": story}, channel=Channel.STATEMENT)
        with day.database.transaction() as session:
            consultation = session.get_one(Consultation, day.consultation_id)
            sent = inbox.receive(
                session, consultation, sending, secrets=day.house.secrets, today=TODAY
            )
        marks.append(sent.hash)
    return marks


def parts(day: Day, marks: list[bytes], kind: Kind) -> list[bytes]:
    query = (
        select(Submission.receipt_hash, SealedPart.blob)
        .join(SealedPart, SealedPart.submission_id == Submission.id)
        .where(SealedPart.compartment == kind)
    )
    with day.database.reader() as session:
        blobs = {row.receipt_hash: row.blob for row in session.execute(query)}
    return [blobs[mark] for mark in marks]


def rows(day: Day, marks: list[bytes]) -> list[bytes]:
    with day.database.reader() as session:
        found = session.execute(select(Submission.receipt_hash, Submission.revision))
        revisions = {row.receipt_hash: row.revision for row in found}
    return [revisions[mark] for mark in marks]


def places_of(day: Day, marks: list[bytes]) -> dict[str, list[int]]:
    """Where the rows of each arrival lie, by what of them is looked at."""
    content, contact = (parts(day, marks, kind) for kind in (Kind.CONTENT, Kind.CONTACT))
    revisions = rows(day, marks)
    data = raw.database_file(day.instance)
    return {
        "the head of the content": raw.places(data, [blob[21:101] for blob in content]),
        "the tail of the content": raw.places(data, [blob[-64:] for blob in content]),
        "the contact": raw.places(data, [blob[21:101] for blob in contact]),
        "the row": raw.places(data, revisions),
    }


def rewrite(day: Day) -> None:
    rewriting.rewrite(day.house.app.extensions["settings"].database)


@pytest.mark.parametrize("length", COUNTS)
def test_no_order_of_arrival_after_the_rewrite(day, length):
    marks = arrivals(day, length)
    assert {len(blob) for blob in parts(day, marks, Kind.CONTENT)} == {length}
    rewrite(day)
    for what, found in places_of(day, marks).items():
        assert not raw.tells_order(found), what


def test_after_the_rewrite_no_row_lies_anywhere_but_in_the_order_of_its_keys(day):
    marks = arrivals(day, 4_000)
    rewrite(day)
    data = raw.database_file(day.instance)
    # The receipt hash stands in its row and in an index, which is in the order of the hashes.
    assert {data.count(mark) for mark in marks} == {2}
    log = day.instance / "consult.sqlite3-wal"
    assert not log.exists() or log.stat().st_size == 0


@pytest.mark.parametrize("length", INSIDE_A_PAGE)
def test_no_order_of_arrival_of_sealed_parts_from_page_to_page_before_it(day, length):
    """Within a page rows lie as they came until the rewrite: 16 of the shortest (SAFETY 8)."""
    marks = arrivals(day, length)
    raw.checkpoint(day.database)
    data = raw.database_file(day.instance)
    for kind in (Kind.CONTENT, Kind.CONTACT):
        found = raw.pages(data, [blob[21:101] for blob in parts(day, marks, kind)])
        assert not raw.tells_order(found), kind


@pytest.mark.parametrize("length", COUNTS)
def test_an_ordinary_table_would_tell_the_order(day, length):
    """That the tests above see something when there is something to see."""
    with day.database.transaction() as session:
        create = "CREATE TABLE ordinary (id BLOB PRIMARY KEY, blob BLOB)"
        session.connection().exec_driver_sql(create)
    blobs = [secrets.token_bytes(length) for _ in range(COUNTS[length])]
    for blob in blobs:
        with day.database.transaction() as session:
            row = (secrets.token_bytes(16), blob)
            session.connection().exec_driver_sql("INSERT INTO ordinary VALUES (?, ?)", row)
    rewrite(day)
    data = raw.database_file(day.instance)
    assert raw.tells_order(raw.places(data, [blob[:64] for blob in blobs]))
