"""Loads the demonstration through the doors that everything real comes in by.

It stays open while a briefing and a report-back are already published, so that people can try the
form and read what becomes of it: what is published before a consultation closes is an interim
report, and its page says so.
"""

import secrets as random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import Settings
from consult import clock
from consult.authoring import exchange
from consult.authoring.exchange import Loader
from consult.consultations import lifecycle, members, versions
from consult.consultations.access import Unlocked
from consult.consultations.lifecycle import Act
from consult.consultations.models import Consultation, QuestionnaireVersion, Role, State
from consult.db import Database
from consult.demo import accounts, clearing, synthetic, written
from consult.demo.accounts import Credentials
from consult.demo.synthetic import Made
from consult.errors import NotNow
from consult.people import accounts as people_accounts
from consult.people import own_keys, sign_in
from consult.people.models import Person
from consult.people.own_keys import Keeping
from consult.people.sessions import Account, Sitting
from consult.questionnaires.definition import Wrong
from consult.safekeeping import keys
from consult.safekeeping.secrets import Secrets
from consult.submissions import inbox, withdrawal
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel, Consent, Sending
from consult.submissions.models import Lane, Submission

SLUG = "inclusive-peace"
OPENED_BEFORE = timedelta(days=28)
STAYS_OPEN = timedelta(days=60)
PAPER_KEY = "recovery.1"
Watch = Callable[[Iterable[Made], int], Iterable[Made]]


class InProduction(NotNow):
    """A production installation never holds a demonstration."""


class RealVoices(NotNow):
    """Real people are or were asked here, and a demonstration would mark it all as made up."""


class NoPaperKey(NotNow):
    """The paper key for the simulated drill is not where `./start` puts it."""


@dataclass(frozen=True)
class Size:
    """How many living submissions, and which of all possible demonstrations."""

    submissions: int = 400
    seed: int = 1


@dataclass(frozen=True)
class House:
    """The installation that the demonstration is loaded into, and the moment of it."""

    settings: Settings
    secrets: Secrets
    database: Database
    now: datetime

    @property
    def keeping(self) -> Keeping:
        """Give what a slow hash rests on."""
        return Keeping.of(self.settings, self.secrets)


@dataclass(frozen=True)
class _Editor:
    """The editor of the demonstration, who does it all: her account and her open key."""

    account: Account
    private_key: bytes


def load(house: House, size: Size, watch: Watch) -> dict[str, Credentials]:
    """Load the demonstration, or build it anew, and give its accounts by role.

    `watch` is handed the submissions and how many they are, and gives them back as they are
    stored. All of it is there in the end, or nothing has changed. Raises `InProduction`,
    `RealVoices`, `NoPaperKey`, `accounts.NoAccounts`, and what signing in raises.
    """
    if house.settings.production:
        raise InProduction("the demonstration is refused in production")
    with house.database.reader() as session:
        _refuse_beside_real_voices(session)
        there = _find(session) is not None
    if there:
        told = accounts.read(house.settings.instance)
        editor = _signed_in(house, told[Role.EDITOR.value])
        with house.database.transaction() as session:
            consultation = _renewed(session, house, editor)
            clearing.clear(session, consultation)
            _fill(session, house, editor, consultation, size, watch)
        return told
    return _load_first(house, size, watch)


def _load_first(house: House, size: Size, watch: Watch) -> dict[str, Credentials]:
    paper_key = _paper_key(house.settings.instance / PAPER_KEY)
    with house.database.transaction() as session:
        uids = {role: person.uid for role, person in accounts.add(session).items()}
    told = accounts.propose()
    made = accounts.keys(uids, told, house.keeping)
    name = Role.EDITOR.value
    locked = own_keys.Locked(uids[name], made[name].public, made[name].blob)
    private_key = own_keys.opened(locked, told[name].passphrase, house.keeping)
    assert private_key is not None  # noqa: S101 - it was sealed under this passphrase just now
    # Before the commit: an account without its passphrase could never be used again.
    accounts.write(house.settings.instance, told)
    with house.database.transaction() as session:
        people = accounts.add(session)
        for role, person in people.items():
            people_accounts.give_key(session, person, made[role])
        session.flush()
        editor = _Editor(_account(people[name]), private_key)
        consultation = _opened(session, house, people, paper_key)
        _fill(session, house, editor, consultation, size, watch)
    return told


def _opened(
    session: Session, house: House, people: dict[str, Person], paper_key: str
) -> Consultation:
    """Make the consultation and take it through every gate."""
    editor = people[Role.EDITOR.value]
    consultation = exchange.load(
        session, house.secrets, _questionnaire(), _loader(house, editor)
    ).consultation
    today = clock.day(house.now, consultation.time_zone)
    act = Act(editor.id, today, house.now)
    lifecycle.set_days(session, consultation, today - OPENED_BEFORE, today + STAYS_OPEN)
    lifecycle.drill(session, house.secrets, consultation, paper_key, act, simulated=True)
    second = people[Role.ANALYST.value]
    lifecycle.name_second(session, house.secrets, consultation, second, act)
    lifecycle.open_up(session, house.secrets, consultation, act)
    return consultation


def _renewed(session: Session, house: House, editor: _Editor) -> Consultation:
    """Bring questions and days up to date, and open it again, whatever became of it."""
    consultation = _find(session)
    assert consultation is not None  # noqa: S101 - a consultation is never deleted
    loader = _loader(house, session.get_one(Person, editor.account.id))
    consultation.state, consultation.closed_on = State.OPEN, None
    try:
        # While it is open, a file that changes nothing makes no new version.
        exchange.load(session, house.secrets, _questionnaire(), loader)
    except Wrong:
        # Somebody has loaded what may not change while people answer; nobody does now.
        consultation.state = State.PILOT
        exchange.load(session, house.secrets, _questionnaire(), loader)
    consultation.state = State.PILOT
    today = clock.day(house.now, consultation.time_zone)
    lifecycle.set_days(session, consultation, today - OPENED_BEFORE, today + STAYS_OPEN)
    act = Act(editor.account.id, today, house.now)
    lifecycle.open_up(session, house.secrets, consultation, act)
    return consultation


def _fill(
    session: Session,
    house: House,
    editor: _Editor,
    consultation: Consultation,
    size: Size,
    watch: Watch,
) -> None:
    unlocked = _unlocked(session, house, editor, consultation)
    act = Act(editor.account.id, clock.day(house.now, consultation.time_zone), house.now)
    _grant(session, house, unlocked)
    voices = _send(session, house, consultation, size, watch, act.today)
    written.publish(session, house.secrets, unlocked, act, voices)


def _grant(session: Session, house: House, unlocked: Unlocked) -> None:
    """Give each role to its person, who holds her key from the first time on."""
    people = accounts.add(session)
    for role in Role:
        person = people[role.value]
        if members.find(session, unlocked.consultation, person.id) is None:
            members.grant(
                session,
                house.secrets,
                unlocked.consultation,
                unlocked.keys,
                person,
                role,
                granted_by=unlocked.person.id,
                at=house.now,
            )


def _send(
    session: Session,
    house: House,
    consultation: Consultation,
    size: Size,
    watch: Watch,
    today: date,
) -> list[bytes]:
    """Send every voice in, and give the ids of the living ones in the order they were made."""
    version = versions.current(session, consultation)
    made = synthetic.lines(
        versions.definition(version),
        _by_unit(version),
        submissions=size.submissions,
        seed=size.seed,
        opened_on=consultation.opens_on or today,
        today=today,
        sample_texts=synthetic.samples(),
    )
    living = []
    total = size.submissions + 1 if size.submissions else 0
    for one in watch(made, total):
        row = _sent(session, house, consultation, version.id, one)
        if one["withdrawn"]:
            withdrawal.withdraw(session, row)
        else:
            living.append(row.id)
    session.flush()
    return living


def _sent(
    session: Session, house: House, consultation: Consultation, version_id: int, made: Made
) -> Submission:
    line = made["line"]
    day = date.fromisoformat(line["received_on"])
    sending = _sending(line, version_id, Lane(made["lane"]), day)
    if sending.channel is Channel.WEB:
        sent = inbox.receive(session, consultation, sending, secrets=house.secrets, today=day)
    else:
        sent = inbox.store(session, consultation, sending, secrets=house.secrets, received_on=day)
    return session.scalars(select(Submission).where(Submission.receipt_hash == sent.hash)).one()


def _sending(line: dict[str, Any], version_id: int, lane: Lane, day: date) -> Sending:
    channel = Channel(line["channel"])
    web = {"version": 1, "language": line["language"]}
    return Sending(
        token=random.token_bytes(16),
        version_id=version_id,
        answers=line["answers"],
        language=line["language"],
        channel=channel,
        consent=Consent(
            use=Use(line["consent"]["use"]),
            wording=web if channel is Channel.WEB else {"import": True},
        ),
        lane=lane,
        begun_on=day,
        organisation=line.get("organisation", {}).get("name"),
    )


def _refuse_beside_real_voices(session: Session) -> None:
    real = select(Consultation.slug).where(
        Consultation.demonstration.is_(False),
        (Consultation.slug == SLUG) | Consultation.state.not_in((State.DRAFT, State.PILOT)),
    )
    if found := session.scalar(real.limit(1)):
        raise RealVoices(
            f"{found} is a real consultation; the demonstration needs a database of its own"
        )


def _find(session: Session) -> Consultation | None:
    return session.scalar(select(Consultation).where(Consultation.slug == SLUG))


def _signed_in(house: House, told: Credentials) -> _Editor:
    opened = sign_in.check_whole(
        house.database, told.name, told.passphrase, keeping=house.keeping, now=house.now
    )
    account = Account(
        opened.person_id, opened.uid, opened.name, opened.standing, opened.demonstration
    )
    return _Editor(account, opened.private_key)


def _account(person: Person) -> Account:
    return Account(person.id, person.uid, person.name, person.standing, person.demonstration)


def _unlocked(
    session: Session, house: House, editor: _Editor, consultation: Consultation
) -> Unlocked:
    opened = keys.unlock(
        session,
        house.secrets,
        person_id=editor.account.id,
        private_key=editor.private_key,
        consultation_id=consultation.id,
        consultation_uid=consultation.uid,
    )
    return Unlocked(editor.account, consultation, opened, Sitting())


def _loader(house: House, editor: Person) -> Loader:
    places = house.settings.high_risk_places
    return Loader(editor, house.now, places, demonstration=True)


def _questionnaire() -> bytes:
    return files("consult.demo").joinpath("inclusive_peace.yaml").read_bytes()


def _paper_key(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise NoPaperKey(
            f"the drill of the demonstration needs the words of a paper key in {path}; "
            "`flask init --recovery-out` writes them there"
        ) from error


def _by_unit(version: QuestionnaireVersion) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for locale, words in version.wording.items():
        for key, text in words.items():
            found.setdefault(key, {})[locale] = text
    return found
