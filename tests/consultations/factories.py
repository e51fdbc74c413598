"""People, consultations and files that are right; a test says only what differs."""

import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from consult.authoring import exchange, yaml_text
from consult.authoring.exchange import Loaded, Loader
from consult.consultations import approvals, lifecycle, versions
from consult.consultations.lifecycle import Act
from consult.consultations.models import ApprovalKind, Consultation
from consult.people import accounts, own_keys
from consult.people.models import Person, Standing
from consult.people.own_keys import Keeping
from consult.safekeeping import recovery
from consult.safekeeping.secrets import Secrets
from tests.hands import NOW
from tests.pages import Client, Page

PASSPHRASE = "tulip rain seven rivers"
TODAY = date(2026, 11, 25)
LANGUAGES = ("en", "fr", "fa_AF", "ps")
WORDS = {
    "en": "Words",
    "fr": "Mots",
    "fa_AF": "سخن",
    "ps": "خبره",
}


def words(**changed: str) -> dict[str, str]:
    return {**WORDS, **changed}


def a_document(**changed: Any) -> dict[str, Any]:
    """The file of a small consultation at risk level raised, as plain data."""
    document: dict[str, Any] = {
        "format": "consult/1",
        "slug": "river-talks",
        "code": "rivr1",
        "source_language": "en",
        "languages": list(LANGUAGES),
        "time_zone": "Asia/Kabul",
        "risk_level": "raised",
        "listed": True,
        "places": ["AF"],
        "threshold": 5,
        "consent": ["count", "quote_anonymous"],
        "process": {"kind": "negotiation", "decides_on": "2027-03-17"},
        "texts": {name: words() for name in ("title", "asks", "purpose", "use")},
        "sections": [
            {
                "key": "life",
                "title": words(),
                "questions": [
                    {
                        "key": "sex",
                        "type": "single",
                        "title": words(),
                        "why": words(),
                        "choices": [
                            {"key": key, "title": words()} for key in ("woman", "man", "another")
                        ],
                    },
                    {"key": "story", "type": "long_text", "title": words(), "quotable": True},
                ],
            }
        ],
    }
    return {**copy.deepcopy(document), **changed}


def a_file(**changed: Any) -> bytes:
    return yaml_text.write(a_document(**changed)).encode()


@dataclass
class House:
    """An installation that is ready to make consultations."""

    app: Flask
    session: Session
    secrets: Secrets
    papers: list[str]
    editor: Person

    @classmethod
    def set_up(cls, app: Flask, session: Session) -> "House":
        keys: Secrets = app.extensions["secrets"]
        papers = recovery.init(session, keys)
        house = cls(app, session, keys, papers, None)  # type: ignore[arg-type] # made next
        house.editor = house.person("Farida", Standing.EDITOR)
        return house

    def person(
        self, name: str, standing: Standing = Standing.MEMBER, *, with_key: bool = True, **more: Any
    ) -> Person:
        person = accounts.add(self.session, name, standing, **more)
        if with_key:
            keeping = Keeping.of(self.app.extensions["settings"], self.secrets)
            accounts.give_key(self.session, person, own_keys.make(person.uid, PASSPHRASE, keeping))
        self.session.commit()
        return person

    def load(
        self, content: bytes | None = None, *, by: Person | None = None, demonstration: bool = False
    ) -> Loaded:
        loader = Loader(by or self.editor, NOW, ("AF", "CD"), demonstration)
        done = exchange.load(self.session, self.secrets, content or a_file(), loader)
        self.session.commit()
        return done

    def act(self, person: Person | None = None, today: date = TODAY) -> Act:
        return Act((person or self.editor).id, today, NOW)

    def ready(self, **changed: Any) -> Consultation:
        """A draft in which nothing is missing."""
        loaded = self.load(a_file(**changed))
        consultation = loaded.consultation
        act = self.act()
        lifecycle.set_days(self.session, consultation, TODAY, date(2026, 12, 20))
        for paper in self.papers:
            lifecycle.drill(self.session, self.secrets, consultation, paper, act)
        known = accounts.find(self.session, "Reviewer of it")
        second = known or self.person("Reviewer of it")
        subject = versions.fingerprint(self.session, consultation, loaded.version)
        approvals.grant(
            self.session, consultation, ApprovalKind.QUESTIONNAIRE, subject, by=second.id
        )
        self.session.commit()
        return consultation

    def opened(self, **changed: Any) -> Consultation:
        consultation = self.ready(**changed)
        lifecycle.open_up(self.session, self.secrets, consultation, self.act())
        self.session.commit()
        return consultation

    def browser(self, name: str = "Farida") -> Client:
        """A browser in which somebody has signed in."""
        client = Client(self.app)
        page = send(client, "/en/staff/sign-in", {"name": name, "passphrase": PASSPHRASE})
        assert page.status == 303
        return client

    def look(self) -> None:
        """See from now on what pages and commands have written meanwhile."""
        self.session.rollback()
        self.session.expire_all()

    def command(self, *words: str, typed: str | None = None, code: int = 0) -> str:
        """Run `flask …`; gives what it says, on both ways out."""
        runner = self.app.test_cli_runner()
        done = runner.invoke(args=list(words), input=typed, env={"CONSULT_PASSPHRASE": PASSPHRASE})
        self.look()
        assert done.exit_code == code, done.output
        return done.output


def token(page: Page) -> str:
    return page.field("csrf_token").attributes["value"] or ""


def send(
    client: Client, path: str, fields: dict[str, str] | None = None, seen: str | None = None
) -> Page:
    """Open a page with a form and send the form as a browser would; `seen` is where it stands."""
    return client.post(path, {"csrf_token": token(client.get(seen or path)), **(fields or {})})
