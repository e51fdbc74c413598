"""A withdrawn voice is gone and never comes back: old page, old import, raw disk (SAFETY 6.3)."""

import io
import json
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from consult.briefings import published, sign_off, writing
from consult.consultations import versions
from consult.figures import columns
from consult.questionnaires.structure import QuestionType
from consult.reading import quotes
from consult.reading.models import Quote
from consult.submissions import imports, opening, withdrawal
from consult.submissions.imports import OnBad
from consult.submissions.models import Kind, PublishedQuote, SealedPart, State, Submission
from consult.upkeep import rewriting
from tests.answering.walking import Phone, the_demonstration
from tests.briefings.factories import Room
from tests.conftest import NOW
from tests.consultations.factories import TODAY
from tests.pages import Client
from tests.promises import raw
from tests.submissions.factories import sent

WORDS = "The bridge behind the old mill is where they wait."


def withdraw(session, submission_id: bytes) -> None:
    withdrawal.withdraw(session, session.get_one(Submission, submission_id))
    session.commit()


@raw.on_sqlite
def test_withdrawn_text_is_gone(house):
    """Sealed as it was, not a piece of it stays in the file, nor in the write-ahead log."""
    talks = house.opened()
    for number in range(40):
        sent(house, talks, answers={"story": "long words " * (number % 4) * 700})
    rows = house.session.scalars(select(SealedPart)).all()
    ids = sorted({row.submission_id for row in rows})[:20]
    gone = [row.blob for row in rows if row.submission_id in ids]
    stay = [row.blob for row in rows if row.submission_id not in ids]
    for submission_id in ids:
        withdraw(house.session, submission_id)
    house.session.close()
    settings = house.app.extensions["settings"]
    raw.checkpoint(house.app.extensions["database"])
    log = settings.instance / "consult.sqlite3-wal"
    assert log.stat().st_size == 0
    # A page that was rebuilt may hold old copies beside its rows: the rewrite ends those too.
    rewriting.rewrite(settings.database)
    data = b"".join(raw.files(settings.instance).values())
    assert [blob for blob in gone for piece in pieces(blob) if piece in data] == []
    assert all(piece in data for blob in stay for piece in pieces(blob))


def pieces(blob: bytes) -> list[bytes]:
    return [blob[start : start + 48] for start in (21, 700, len(blob) // 2, len(blob) - 48)]


def test_a_row_of_a_withdrawn_voice_says_only_that_it_was_withdrawn(house):
    talks = house.opened()
    sent(house, talks)
    row = house.session.scalars(select(Submission)).one()
    withdraw(house.session, row.id)
    assert row.state is State.WITHDRAWN
    assert house.session.scalar(select(func.count()).select_from(SealedPart)) == 0


def test_no_resurrection_by_an_old_page(house, client):
    the_demonstration(house)
    phone = Phone(client, "demo1")
    phone.to_consent()
    before = phone.page
    phone.press("send", consent__use="count")
    row = house.session.scalars(select(Submission)).one()
    withdraw(house.session, row.id)
    for go in ("send", "back", "lang:ps"):
        fields = {**before.hidden(), "go": go, "consent.use": "quote_anonymous"}
        answer = client.post("/en/demo1", fields)
        assert answer.status == 200
        assert not answer.tree.css("#receipt-code")
    again = phone.again()
    assert again.status == 200
    assert not again.tree.css("#receipt-code")
    house.look()
    assert house.session.scalar(select(func.count()).select_from(Submission)) == 1
    assert house.session.scalar(select(func.count()).select_from(SealedPart)) == 0


def test_no_resurrection_by_an_old_import(house):
    talks = house.opened()
    line = {
        "id": "kobo-7",
        "language": "en",
        "received_on": TODAY.isoformat(),
        "consent": {"use": "count"},
        "answers": {"story": WORDS},
    }

    def load():
        version = versions.current(house.session, talks)
        done = imports.load(
            house.session,
            talks,
            version.id,
            versions.definition(version),
            io.BytesIO(json.dumps(line).encode()),
            on_bad=OnBad.STOP,
            secrets=house.secrets,
            today=TODAY,
        )
        house.session.commit()
        return done

    assert load().stored == 1
    withdraw(house.session, house.session.scalars(select(Submission.id)).one())
    assert (load().stored, load().known) == (0, 1)
    assert house.session.scalar(select(func.count()).select_from(SealedPart)) == 0


@dataclass
class Told:
    """A published briefing that quotes one voice."""

    room: Room
    voice: bytes


@pytest.fixture
def told(house) -> Told:
    room = Room.demonstration(house, 30)
    question = quotable(room)
    voice = room.send({"sex": "woman", question: WORDS})
    quote = room.quote(voice, question)
    draft = writing.begin(room.session, room.unlocked, "en")
    texts = dict.fromkeys(room.consultation.locales, "Found.")
    finding = writing.add_finding(room.session, room.unlocked, draft, texts)
    draft = writing.current(room.session, room.unlocked)
    writing.rest_on(room.session, room.unlocked, draft, finding, quote)
    draft = writing.current(room.session, room.unlocked)
    sign_off.ask(room.session, room.unlocked, draft)
    sign_off.approve(
        room.session, house.secrets, room.unlocked, draft, draft.mark, reason="a test", at=NOW
    )
    with house.app.app_context():
        sign_off.publish(room.session, house.secrets, room.unlocked, draft, house.act())
    room.session.commit()
    return Told(room, voice)


def quotable(room: Room) -> str:
    version = versions.current(room.session, room.consultation)
    found = versions.definition(version).questions()
    return next(q.key for q in found if q.type is QuestionType.LONG_TEXT and q.quotable)


def test_no_resurrection_on_any_page_that_showed_the_words(told: Told, client: Client):
    room = told.room
    session = room.session
    address = f"/en/{room.consultation.code}/report"
    assert WORDS in client.get(address).text
    assert session.scalar(select(func.count()).select_from(PublishedQuote)) > 0
    before = columns.load(session, room.unlocked)
    withdraw(session, told.voice)
    assert WORDS not in client.get(address).text
    assert session.scalar(select(func.count()).select_from(PublishedQuote)) == 0
    assert session.scalar(select(func.count()).select_from(Quote)) == 0
    assert quotes.load(session, room.unlocked).picked == ()
    assert told.voice not in {one.id for one in opening.load(session, room.unlocked).opened}
    # The very same sitting had the columns in its memory.
    after = columns.load(session, room.unlocked)
    assert len(after) == len(before) - 1


def test_what_was_published_holds_no_quoted_words_itself(told: Told):
    version = published.newest(told.room.session, told.room.consultation)
    held = json.dumps(version.document)
    assert WORDS not in held
    assert "Found." in held


def test_parts_of_others_stay_when_one_voice_goes(house):
    talks = house.opened()
    for _ in range(3):
        sent(house, talks)
    ids = house.session.scalars(select(Submission.id)).all()
    withdraw(house.session, ids[0])
    left = house.session.execute(select(SealedPart.submission_id, SealedPart.compartment)).all()
    kinds = {(one, kind) for one in ids[1:] for kind in (Kind.CONTENT, Kind.CONTACT)}
    assert {(row.submission_id, row.compartment) for row in left} == kinds
