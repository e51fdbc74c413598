"""Fixtures of this room: its secret, and the two rows that its tables rest on."""

import secrets as random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.db import Database
from consult.people.models import Person, Standing
from consult.safekeeping import envelope, keys, recovery
from consult.safekeeping.envelope import KeyPair
from consult.safekeeping.secrets import Secrets


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with Session(database.engine) as made:
        yield made


@pytest.fixture
def held() -> Secrets:
    return Secrets(bytes(range(32)))


@dataclass
class Holder:
    """What the room asks of a person."""

    id: int
    uid: bytes
    standing: Standing
    public_key: bytes | None
    mac: bytes | None


@dataclass
class Somebody:
    """A person as the room sees her, and what only she has."""

    row: Holder
    pair: KeyPair


@pytest.fixture
def somebody(session: Session, held: Secrets) -> Callable[..., Somebody]:
    """Make a person who has set her passphrase."""

    def make(standing: Standing = Standing.MEMBER) -> Somebody:
        pair, uid, name = envelope.new_pair(), random.token_bytes(16), random.token_hex(4)
        row = {
            "uid": uid,
            "standing": standing,
            "public_key": pair.public,
            "mac": keys.person_mac(held, uid, pair.public),
        }
        table = Person.__table__
        others = {"name": name, "name_key": name, "private_blob": b"sealed"}
        made = session.execute(table.insert().values(**row, **others).returning(table.c.id))
        return Somebody(Holder(id=made.scalar_one(), **row), pair)

    return make


@dataclass
class Born:
    """A consultation with its keys, its editor, and the words of the paper keys."""

    row: Consultation
    editor: Somebody
    papers: list[str]

    @property
    def names(self) -> dict[str, object]:
        """Give the two ids that every call about keys takes."""
        return {"consultation_id": self.row.id, "consultation_uid": self.row.uid}

    def unlocked(self, session: Session, held: Secrets, person: Somebody) -> keys.ConsultationKeys:
        return keys.unlock(
            session,
            held,
            person_id=person.row.id,
            private_key=person.pair.private,
            **self.names,
        )


@pytest.fixture
def born(session: Session, held: Secrets, somebody: Callable[..., Somebody]) -> Callable[[], Born]:
    """Make a consultation, and the paper keys if there are none."""
    papers: list[str] = []

    def make() -> Born:
        if not papers:
            papers.extend(recovery.init(session, held))
        row = Consultation(
            slug=random.token_hex(6),
            code=random.token_hex(3)[:5],
            time_zone="Asia/Kabul",
            source_locale="en",
            locales=["en"],
            places=["AF"],
            offers=["count"],
            process={},
        )
        session.add(row)
        session.flush()
        made = Born(row, somebody(Standing.EDITOR), papers)
        keys.birth(session, held, holder=made.editor.row, **made.names)
        return made

    return make
