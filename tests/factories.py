"""Consultations that listen, voices that come in, and browsers in which somebody has signed in."""

import copy
import secrets as random
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations import members, versions
from consult.consultations.access import Unlocked
from consult.consultations.models import Consultation, Role
from consult.people import sign_in
from consult.people.models import Person
from consult.people.own_keys import Keeping
from consult.people.sessions import Account, Sitting
from consult.safekeeping import keys
from consult.submissions import inbox
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel, Consent, Sending
from consult.submissions.models import Lane, Submission
from tests.conftest import NOW
from tests.consultations.factories import LANGUAGES, PASSPHRASE, TODAY, House, words
from tests.pages import Client

__all__ = ["PASSPHRASE", "Room", "a_room"]


def titled(en: str) -> dict[str, str]:
    return words(en=en)


def choice(key: str) -> dict[str, Any]:
    return {"key": key, "title": titled(key.replace("_", " ").capitalize())}


def single(key: str, *choices: str, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "type": "single",
        "title": titled(f"Question {key}"),
        "why": words(),
        "choices": [choice(one) for one in choices],
        **more,
    }


SECTIONS: list[dict[str, Any]] = [
    {
        "key": "life",
        "title": titled("Your life"),
        "questions": [
            {"key": "story", "type": "long_text", "title": titled("Your story"), "quotable": True},
            {"key": "secret", "type": "long_text", "title": titled("Not for quoting")},
            {
                "key": "ask",
                "type": "recommendation",
                "title": titled("Your ask"),
                "quotable": True,
                "choices": [choice("un_missions"), choice("donors")],
            },
            {
                "key": "needs",
                "type": "multiple",
                "title": titled("Your needs"),
                "choices": [choice("schools"), choice("other")],
            },
        ],
    },
    {
        "key": "profile",
        "title": titled("About you"),
        "questions": [
            single("sex", "woman", "man", "undisclosed"),
            single("age_band", "18_29", "30_44"),
            {
                "key": "place",
                "type": "place",
                "title": titled("Your place"),
                "why": words(),
                "countries": ["AF"],
            },
            single("organisation_kind", "women_led", "youth_led", "none"),
        ],
    },
]


@dataclass
class Room:
    """An open consultation with its editor Farida, and the way in for voices and people."""

    house: House
    consultation: Consultation

    @property
    def session(self) -> Session:
        return self.house.session

    @property
    def path(self) -> str:
        return f"/en/staff/{self.consultation.slug}"

    def member(self, name: str, role: Role, *, granted: bool = True) -> Person:
        """Somebody with a role, who has been given the keys if it reads."""
        person = self.house.person(name)
        if granted:
            members.grant(
                self.session,
                self.house.secrets,
                self.consultation,
                self.unlocked("Farida").keys,
                person,
                role,
                granted_by=self.house.editor.id,
                at=NOW,
            )
        else:
            members.add(self.session, self.consultation, person, role)
        self.session.commit()
        return person

    def voice(
        self,
        answers: dict[str, Any] | None = None,
        *,
        use: Use = Use.QUOTE_ANONYMOUS,
        language: str = "en",
        channel: Channel = Channel.WEB,
        lane: Lane = Lane.OPEN,
        day: date = TODAY,
        organisation: str | None = None,
    ) -> bytes:
        """One submission, stored; gives its id."""
        version = versions.current(self.session, self.consultation)
        sending = Sending(
            token=random.token_bytes(16),
            version_id=version.id,
            answers=answers
            if answers is not None
            else {"story": "We need a road.", "sex": "woman"},
            language=language,
            channel=channel,
            consent=Consent(use=use),
            lane=lane,
            begun_on=day,
            organisation=organisation,
        )
        sent = inbox.store(
            self.session,
            self.consultation,
            sending,
            secrets=self.house.secrets,
            received_on=day,
        )
        found = select(Submission.id).where(Submission.receipt_hash == sent.hash)
        submission_id = self.session.scalars(found).one()
        self.session.commit()
        return submission_id

    def voices(self, count: int, answers: dict[str, Any] | None = None, **more: Any) -> list[bytes]:
        return [self.voice(answers, **more) for _ in range(count)]

    def unlocked(self, name: str = "Farida") -> Unlocked:
        """What a page would be handed when this person opens it; each time a new sitting."""
        person = self.session.scalars(select(Person).where(Person.name == name)).one()
        account = Account(person.id, person.uid, person.name, person.standing, False)
        self.session.commit()  # proving writes on a connection of its own
        extensions = self.house.app.extensions
        keeping = Keeping.of(extensions["settings"], self.house.secrets)
        proven = sign_in.prove(extensions["database"], name, PASSPHRASE, keeping=keeping, now=NOW)
        opened = keys.unlock(
            self.session,
            self.house.secrets,
            person_id=person.id,
            private_key=proven.private_key,
            consultation_id=self.consultation.id,
            consultation_uid=self.consultation.uid,
        )
        return Unlocked(account, self.consultation, opened, Sitting())

    def browser(self, name: str = "Farida") -> Client:
        return self.house.browser(name)


def a_room(house: House, **changed: Any) -> Room:
    """An open consultation of eight questions; more of its file can be said."""
    sections = copy.deepcopy(SECTIONS)
    consent = ["count", "quote_anonymous", "quote_attributed"]
    given = {"sections": sections, "consent": consent, "languages": list(LANGUAGES), **changed}
    return Room(house, house.opened(**given))
