"""What staff of the demonstration wrote: quotes, a briefing, and the report-back, published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import flask_babel  # type: ignore[import-untyped] # ships none
import yaml
from sqlalchemy.orm import Session

from consult.briefings import numbers, sign_off, writing
from consult.consultations.access import Unlocked
from consult.consultations.lifecycle import Act
from consult.demo.voices import VOICES
from consult.follow_up import report_back
from consult.follow_up.report_back import PARTS, Report
from consult.reading import quotes
from consult.safekeeping.secrets import Secrets
from consult.submissions import opening

WAIVED = "The words are made up."


@dataclass(frozen=True)
class _Desk:
    """Who works, and on what: the ids of the submissions in the order they were made."""

    session: Session
    secrets: Secrets
    unlocked: Unlocked
    act: Act
    voices: Sequence[bytes]


def publish(
    session: Session, secrets: Secrets, unlocked: Unlocked, act: Act, voices: Sequence[bytes]
) -> None:
    """Write and publish briefing and report-back. `voices` are ids, in the order of `VOICES`."""
    desk = _Desk(session, secrets, unlocked, act, voices)
    _briefing(desk)
    _report_back(desk)


def _briefing(desk: _Desk) -> None:
    document = _file("briefing.yaml")
    session, secrets, unlocked, act = desk.session, desk.secrets, desk.unlocked, desk.act
    draft = writing.from_document(
        session, unlocked, document, find_quote=lambda entry: _quote(desk, entry)
    )
    sign_off.ask(session, unlocked, draft)
    sign_off.approve(session, secrets, unlocked, draft, draft.mark, reason=WAIVED, at=act.at)
    sign_off.publish(session, secrets, unlocked, draft, act)


def _quote(desk: _Desk, entry: Mapping[str, Any]) -> bytes | None:
    """Pick, translate and clear what an entry of the briefing means; nothing if it is not there."""
    index, name = entry["index"], entry["question"]
    if index >= len(desk.voices):
        return None
    one = opening.one(desk.session, desk.unlocked, desk.voices[index])
    words = VOICES[index].words[name]
    picked = quotes.pick(desk.session, desk.unlocked, one, name, words)
    picked = quotes.translate(desk.session, desk.unlocked, picked.id, entry["translations"])
    quotes.clear(
        desk.session,
        desk.secrets,
        desk.unlocked,
        picked.id,
        picked.mark,
        reason=WAIVED,
        at=desk.act.at,
    )
    return picked.id


def _report_back(desk: _Desk) -> None:
    document = _file("report_back.yaml")
    report = Report(desk.unlocked.consultation.source_locale)
    # Counted once: what a placeholder says is worded when it is filled.
    figures = numbers.load(desk.session, desk.unlocked, report.original)
    for locale in desk.unlocked.consultation.locales:
        with flask_babel.force_locale(locale):
            said = {
                name: figures.fill("\n".join(line[locale] for line in document[name]))
                for name in PARTS
            }
        report = report.with_words(locale, said)
    report_back.keep(desk.session, desk.unlocked, report)
    report_back.publish(desk.session, desk.secrets, desk.unlocked, desk.act)


def _file(name: str) -> Any:
    return yaml.safe_load(files("consult.demo").joinpath(name).read_text("utf-8"))
