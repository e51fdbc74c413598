"""The demonstration's questionnaire and its made-up voices, as plain lines or as a whole house."""

import json
import secrets
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from consult.consultations import lifecycle, versions
from consult.consultations.models import Consultation
from consult.demo import synthetic
from consult.figures import columns, tally
from consult.figures.questions import Questions
from consult.figures.tally import Tally
from consult.questionnaires.definition import Parsed, parse
from consult.submissions import inbox, withdrawal
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel, Consent, Sending
from consult.submissions.models import Lane, Submission
from tests.consultations.factories import TODAY, House
from tests.figures.made_up import Opened

SLUG = "inclusive-peace"
OPENS = date(2026, 10, 1)
CLOSES = date(2026, 12, 20)


def file() -> bytes:
    return files("consult.demo").joinpath("inclusive_peace.yaml").read_bytes()


@cache
def questionnaire() -> Parsed:
    document = yaml.safe_load(file())
    return parse(document, tuple(document["languages"]))


@cache
def made(count: int, seed: int = 1) -> tuple[synthetic.Made, ...]:
    parsed = questionnaire()
    return tuple(
        synthetic.lines(
            parsed.definition,
            parsed.texts,
            submissions=count,
            seed=seed,
            opened_on=OPENS,
            today=TODAY,
            sample_texts=synthetic.samples(),
        )
    )


def answers(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """What the living said, as an exported line would hold it."""
    living = [one["line"]["answers"] for one in made(count, seed) if not one["withdrawn"]]
    return json.loads(json.dumps(living))


@cache
def counted(count: int, seed: int = 1) -> columns.Columns:
    some = [Opened(i.to_bytes(16, "big"), told) for i, told in enumerate(answers(count, seed))]
    return columns.build(some, Questions({1: questionnaire().definition}))


def tallied(count: int, seed: int = 1, **more: Any) -> Tally:
    held = counted(count, seed)
    more.setdefault("consultation_threshold", 5)
    return tally.build(held, held.questions, str, consultation=SLUG, **more)


@dataclass
class Filled:
    """A house in which the demonstration has been opened and has voices."""

    house: House
    consultation: Consultation
    count: int

    @classmethod
    def of(cls, house: House, count: int) -> "Filled":
        session = house.session
        consultation = house.load(file(), demonstration=True).consultation
        lifecycle.set_days(session, consultation, OPENS, CLOSES)
        act = house.act(today=OPENS)
        for paper in house.papers:
            lifecycle.drill(session, house.secrets, consultation, paper, act, simulated=True)
        consultation.risk_second_id = house.person("Second of the demonstration").id
        lifecycle.open_up(session, house.secrets, consultation, act)
        filled = cls(house, consultation, count)
        version = versions.current(session, consultation).id
        for one in made(count):
            filled.send(one, version)
        session.commit()
        return filled

    def send(self, one: synthetic.Made, version: int) -> None:
        line = one["line"]
        sending = Sending(
            token=secrets.token_bytes(16),
            version_id=version,
            answers=line["answers"],
            language=line["language"],
            channel=Channel(line["channel"]),
            consent=Consent(use=Use(line["consent"]["use"])),
            organisation=line.get("organisation", {}).get("name"),
            lane=Lane(one["lane"]),
            begun_on=TODAY,
        )
        sent = inbox.store(
            self.house.session,
            self.consultation,
            sending,
            secrets=self.house.secrets,
            received_on=date.fromisoformat(line["received_on"]),
        )
        if one["withdrawn"]:
            row = self.house.session.query(Submission).filter_by(receipt_hash=sent.hash).one()
            withdrawal.withdraw(self.house.session, row)
