"""The demonstration, gone through its own doors: a consultation, voices, quotes, a briefing."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from typing import Any

import yaml
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.briefings import writing
from consult.briefings.writing import Draft
from consult.consultations import lifecycle, members, versions
from consult.consultations.access import Unlocked
from consult.consultations.models import Consultation, Role
from consult.demo import synthetic
from consult.people import own_keys
from consult.people.models import Person
from consult.people.own_keys import Keeping
from consult.people.sessions import Sitting
from consult.questionnaires.definition import parse
from consult.reading import quotes
from consult.safekeeping import keys
from consult.submissions import inbox, opening, withdrawal
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel, Consent, Sending
from consult.submissions.models import Lane, Submission
from tests.conftest import NOW
from tests.consultations.factories import PASSPHRASE, TODAY, House, a_file

LANGUAGES = ("en", "fr", "fa_AF", "ps")
TEXTS = {locale: f"Said in {locale}." for locale in LANGUAGES}


def demo_file(name: str) -> bytes:
    return files("consult.demo").joinpath(name).read_bytes()


WRITTEN = yaml.safe_load(demo_file("briefing.yaml"))


@dataclass
class Room:
    """A consultation that somebody has opened, with the hands to fill it."""

    house: House
    consultation: Consultation
    unlocked: Unlocked
    voices: list[bytes] = field(default_factory=list)

    @property
    def app(self) -> Flask:
        return self.house.app

    @property
    def session(self) -> Session:
        return self.house.session

    @classmethod
    def demonstration(cls, house: House, submissions: int) -> "Room":
        """The demonstration with so many voices, all its quotes cleared."""
        loaded = house.load(demo_file("inclusive_peace.yaml"), demonstration=True)
        room = cls._open(house, loaded.consultation, waive=True)
        document = yaml.safe_load(demo_file("inclusive_peace.yaml"))
        parsed = parse(document, LANGUAGES)
        made = synthetic.lines(
            parsed.definition,
            parsed.texts,
            submissions=submissions,
            seed=1,
            opened_on=TODAY,
            today=TODAY,
            sample_texts=synthetic.samples(),
        )
        for one in made:
            room.send(**_sending(one["line"]), gone=one["withdrawn"])
        house.session.commit()
        return room

    @classmethod
    def raised(cls, house: House, **changed: Any) -> "Room":
        """The small consultation of the other rooms, at risk level raised, without a voice."""
        return cls._open(house, house.ready(**changed), waive=False)

    @classmethod
    def _open(cls, house: House, consultation: Consultation, *, waive: bool) -> "Room":
        act = house.act()
        if waive:
            lifecycle.set_days(house.session, consultation, TODAY, date(2026, 12, 20))
            lifecycle.drill(
                house.session, house.secrets, consultation, house.papers[0], act, simulated=True
            )
            second = house.person("Second")
            lifecycle.name_second(house.session, house.secrets, consultation, second, act)
        lifecycle.open_up(house.session, house.secrets, consultation, act)
        house.session.commit()
        return cls(house, consultation, _unlock(house, consultation, house.editor))

    def send(
        self,
        answers: Mapping[str, Any],
        *,
        language: str = "en",
        use: Use = Use.QUOTE_ANONYMOUS,
        organisation: str | None = None,
        gone: bool = False,
    ) -> bytes:
        """Store one submission, and give its id."""
        session = self.session
        sending = Sending(
            token=secrets.token_bytes(16),
            version_id=versions.current(session, self.consultation).id,
            answers=answers,
            language=language,
            channel=Channel.PAPER,
            consent=Consent(use=use),
            lane=Lane.NONE,
            begun_on=TODAY,
            organisation=organisation,
        )
        sent = inbox.store(
            session, self.consultation, sending, secrets=self.house.secrets, received_on=TODAY
        )
        row = session.scalars(select(Submission).where(Submission.receipt_hash == sent.hash)).one()
        if gone:
            withdrawal.withdraw(session, row)
        else:
            self.voices.append(row.id)
        return row.id

    def quote(
        self,
        submission: bytes,
        name: str,
        words: str | None = None,
        translations: Mapping[str, str] | None = None,
    ) -> bytes:
        """Pick a quote and clear it, and give its id."""
        session = self.session
        one = opening.one(session, self.unlocked, submission)
        value = one.answers[name]
        said = words or (value["text"] if isinstance(value, Mapping) else value)
        picked = quotes.pick(session, self.unlocked, one, name, said)
        if translations:
            picked = quotes.translate(session, self.unlocked, picked.id, translations)
        quotes.clear(
            session,
            self.house.secrets,
            self.unlocked if self.consultation.demonstration else self.other_editor(),
            picked.id,
            picked.mark,
            reason="a test",
            at=NOW,
        )
        return picked.id

    def other_editor(self, name: str = "Gulalai") -> Unlocked:
        """A second editor who holds the key."""
        session, house = self.session, self.house
        person = session.scalars(select(Person).where(Person.name == name)).one_or_none()
        if person is None:
            person = house.person(name)
            members.grant(
                session,
                house.secrets,
                self.consultation,
                self.unlocked.keys,
                person,
                Role.EDITOR,
                granted_by=house.editor.id,
                at=NOW,
            )
            session.commit()
        return _unlock(house, self.consultation, person)

    def written(self, data: Mapping[str, Any] = WRITTEN) -> Draft:
        """The written briefing of the demonstration."""

        def find(entry: Mapping[str, Any]) -> bytes | None:
            if entry["index"] >= len(self.voices):
                return None
            voice = self.voices[entry["index"]]
            return self.quote(voice, entry["question"], translations=entry["translations"])

        draft = writing.from_document(self.session, self.unlocked, data, find_quote=find)
        self.session.commit()
        return draft


def a_briefing(room: Room, **texts: Any) -> Draft:
    """A briefing with one finding and one recommendation."""
    session, unlocked = room.session, room.unlocked
    draft = writing.begin(session, unlocked, "en")
    body = writing.Body("en", summary={"en": ("In short.",)}, **texts)
    draft = writing.keep(session, unlocked, draft, body)
    writing.add_finding(session, unlocked, draft, TEXTS)
    draft = writing.current(session, unlocked)
    writing.add_recommendation(session, unlocked, draft, "un_missions", TEXTS)
    session.commit()
    return writing.current(session, unlocked)


def small_file(**changed: Any) -> bytes:
    return a_file(**changed)


def _sending(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "answers": line["answers"],
        "language": line["language"],
        "use": Use(line["consent"]["use"]),
        "organisation": line.get("organisation", {}).get("name"),
    }


def _unlock(house: House, consultation: Consultation, person: Person) -> Unlocked:
    keeping = Keeping.of(house.app.extensions["settings"], house.secrets)
    private = own_keys.opened(own_keys.locked(person), PASSPHRASE, keeping)
    held = keys.unlock(
        house.session,
        house.secrets,
        person_id=person.id,
        private_key=private,
        consultation_id=consultation.id,
        consultation_uid=consultation.uid,
    )
    return Unlocked(person, consultation, held, Sitting())
