"""An installation with one open consultation of forty questions, and forms that are half filled."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from config.settings import Profile, Settings
from consult import clock
from consult.answering import state
from consult.answering.state import FormState, Key
from consult.app import create_app
from consult.authoring import exchange, yaml_text
from consult.authoring.exchange import Loader
from consult.consultations import lifecycle, versions
from consult.consultations.access import Unlocked
from consult.consultations.lifecycle import Act
from consult.consultations.models import Consultation
from consult.db import Database
from consult.people import accounts, own_keys
from consult.people.models import Standing
from consult.people.own_keys import Keeping
from consult.people.sessions import Account, Sitting
from consult.questionnaires.structure import Definition
from consult.safekeeping import keys, state_keys
from consult.safekeeping.secrets import Secrets
from consult.submissions import inbox
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel, Consent, Sending
from consult.submissions.models import Lane
from consult.upkeep import installing

CODE = "bnch1"
SECTIONS, QUESTIONS = 4, 10
PASSPHRASE = "tulip rain seven rivers"
WORDS = {
    "en": "How safe are the roads to the nearest clinic?",
    "fr": "Les routes vers la clinique la plus proche sont-elles sûres ?",
    "fa_AF": "راه‌ها تا نزدیک‌ترین کلینیک چقدر امن است؟",
    "ps": "تر نږدې کلینیک پورې لارې څومره خوندي دي؟",
}
SENTENCE = "موږ تر کلینیک پورې خوندي لارې غواړو."
TYPES = (
    "single", "scale", "multiple", "integer", "short_text",
    "single", "scale", "multiple", "long_text", "single",
)  # fmt: skip
CHOICES = ("first", "second", "third", "fourth", "fifth")


def document() -> bytes:
    """Give the file of the consultation; each section has ten questions of six types."""
    sections = [
        {
            "key": f"part{part}",
            "title": WORDS,
            "questions": [_question(part, at) for at in range(QUESTIONS)],
        }
        for part in range(SECTIONS)
    ]
    return yaml_text.write(
        {
            "format": "consult/1",
            "slug": "bench",
            "code": CODE,
            "source_language": "en",
            "languages": list(WORDS),
            "time_zone": "Asia/Kabul",
            "risk_level": "low",
            "risk_reason": "Nobody is asked.",
            "listed": True,
            "places": ["AF"],
            "threshold": 5,
            "consent": ["count", "quote_anonymous"],
            "process": {"kind": "negotiation", "decides_on": "2031-03-17"},
            "texts": dict.fromkeys(("title", "asks", "purpose", "use"), WORDS),
            "sections": sections,
        }
    ).encode()


def _question(part: int, at: int) -> dict[str, Any]:
    kind = TYPES[at]
    found: dict[str, Any] = {"key": f"q{part}_{at}", "type": kind, "title": WORDS}
    if kind in ("single", "scale", "multiple"):
        found["choices"] = [{"key": key, "title": WORDS} for key in CHOICES]
    return found


@dataclass(frozen=True)
class House:
    """The installation, opened by its editor."""

    settings: Settings
    secrets: Secrets
    database: Database
    consultation: Consultation
    version_id: int
    definition: Definition
    account: Account
    private_key: bytes
    state_key: Key
    today: date

    def unlocked(self) -> Unlocked:
        """Give the consultation with its keys, in a new sitting."""
        with self.database.reader() as session:
            opened = keys.unlock(
                session,
                self.secrets,
                person_id=self.account.id,
                private_key=self.private_key,
                consultation_id=self.consultation.id,
                consultation_uid=self.consultation.uid,
            )
        return Unlocked(self.account, self.consultation, opened, Sitting())

    def filled(self, rng: Random) -> dict[str, list[str]]:
        """Give the fields of all questions as a person could fill them."""
        return {q.key: _typed(q.type.value, rng) for q in self.definition.questions()}

    def forms(self, step: str, count: int) -> Iterator[str]:
        """Give the sealed states of so many filled forms that stand on a step, each its own."""
        fields = self.filled(Random(1))
        typed = {
            f"section:{s.key}": {q.key: fields[q.key] for q in s.questions}
            for s in self.definition.sections
        }
        accepted = {s.key: [q.key for q in s.questions] for s in self.definition.sections}
        form = FormState(
            version_id=self.version_id, token=b"", begun_on=self.today, step=step,
            trail=("start", *typed, "check"), typed=typed, accepted=accepted,
        )  # fmt: skip
        for _ in range(count):
            one = replace(form, token=state.begin(self.version_id, self.today).token)
            yield state.seal(one, self.state_key, self.consultation.uid)

    def send(self, count: int) -> None:
        """Store so many submissions."""
        rng = Random(2)
        with self.database.transaction() as session:
            for _ in range(count):
                token = state.begin(self.version_id, self.today).token
                sending = _sending(self, token, rng)
                inbox.receive(
                    session, self.consultation, sending, secrets=self.secrets, today=self.today
                )


def _typed(kind: str, rng: Random) -> list[str]:
    match kind:
        case "integer":
            return [str(rng.randint(0, 60))]
        case "multiple":
            return sorted(rng.sample(CHOICES, 2))
        case "short_text" | "long_text":
            return [SENTENCE]
    return [rng.choice(CHOICES)]


def _sending(house: House, token: bytes, rng: Random) -> Sending:
    answers: dict[str, Any] = {}
    for q in house.definition.questions():
        typed, kind = _typed(q.type.value, rng), q.type.value
        answers[q.key] = typed if kind == "multiple" else typed[0]
        if kind == "integer":
            answers[q.key] = int(typed[0])
    return Sending(
        token=token,
        version_id=house.version_id,
        answers=answers,
        language="ps",
        channel=Channel.WEB,
        consent=Consent(use=Use.COUNT, wording={"version": 1, "language": "ps"}),
        lane=Lane.OPEN,
        begun_on=house.today,
    )


def build(instance: Path) -> House:
    """Make the installation: keys, an editor, the consultation, opened."""
    settings = Settings(
        profile=Profile.TESTING, instance=instance, argon_memory_bytes=8 * 2**20, argon_passes=1,
        free_disk_bytes=0,
    )  # fmt: skip
    installing.install(settings, instance / "recovery")
    app = create_app(settings)
    secrets, database = app.extensions["secrets"], app.extensions["database"]
    now = datetime.now(UTC)
    today = clock.day(now, "Asia/Kabul")
    keeping = Keeping.of(settings, secrets)
    with app.app_context(), database.transaction() as session:
        editor = accounts.add(session, "Editor", Standing.EDITOR)
        own = own_keys.make(editor.uid, PASSPHRASE, keeping)
        accounts.give_key(session, editor, own)
        second = accounts.add(session, "Second", Standing.MEMBER)
        session.flush()
        loader = Loader(editor, now, (), demonstration=True)
        consultation = exchange.load(session, secrets, document(), loader).consultation
        act = Act(editor.id, today, now)
        lifecycle.set_days(session, consultation, today, today + timedelta(days=30))
        paper = (instance / "recovery.1").read_text("utf-8")
        lifecycle.drill(session, secrets, consultation, paper, act, simulated=True)
        lifecycle.name_second(session, secrets, consultation, second, act)
        lifecycle.open_up(session, secrets, consultation, act)
        version = versions.current(session, consultation)
        version_id, questions = version.id, versions.definition(version)
        state_key = Key(*state_keys.current(session, secrets, now.date()))
        locked = own_keys.locked(editor)
        account = Account(editor.id, editor.uid, editor.name, editor.standing, True)
    private_key = own_keys.opened(locked, PASSPHRASE, keeping)
    assert private_key is not None
    return House(
        settings, secrets, database, consultation, version_id, questions, account,
        private_key, state_key, today,
    )  # fmt: skip
