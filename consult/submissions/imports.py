"""Submissions from elsewhere: one JSON object a line, checked whole before anything is stored."""

import json
import secrets as random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Any, NoReturn

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.consultations.models import Consultation
from consult.errors import BadInput
from consult.languages import locales
from consult.questionnaires import answers
from consult.questionnaires.definition import Definition
from consult.safekeeping import codes
from consult.safekeeping.secrets import Secrets
from consult.submissions import inbox
from consult.submissions.consent import Use
from consult.submissions.inbox import Channel, Closed, Consent, Sending
from consult.submissions.models import Lane, Submission

LINE_LIMIT_BYTES = 1_000_000
ID_LIMIT = 200
NAME_LIMIT = 200
MUST = {"language", "received_on", "consent", "answers"}
MAY = {"id", "channel", "organisation"}


class OnBad(Enum):
    """What to do about a line that cannot be taken."""

    STOP = "stop"
    SKIP = "skip"


class BadLine(BadInput):
    """A line that breaks a rule: its number, counted from 1, and why."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"line {number}: {reason}")
        self.number = number
        self.reason = reason


@dataclass(frozen=True)
class Done:
    """What an import did: how many lines were stored, known already, and which were left out."""

    stored: int
    known: int
    bad: tuple[BadLine, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line, checked against the questionnaire."""

    language: str
    received_on: date
    channel: Channel
    consent: Consent
    organisation: str | None
    answers: Mapping[str, Any]
    id: str | None


def load(
    session: Session,
    consultation: Consultation,
    version_id: int,
    definition: Definition,
    file: Iterable[bytes],
    *,
    on_bad: OnBad,
    secrets: Secrets,
    today: date,
) -> Done:
    """Store each line as a submission of a questionnaire version: all of them or none.

    `today` is a day in the consultation's time zone. A line whose `id` was stored before, in
    this consultation, is skipped and counted, also when its submission was withdrawn since.
    Raises `Closed`, and `BadLine` unless bad lines are to be skipped.
    """
    if not consultation.takes_imports(today):
        raise Closed(f"consultation {consultation.slug} is not open")
    seen, key = _known(session, consultation), secrets.key("import-id")
    stored, known, bad = 0, 0, list[BadLine]()
    for number, raw in enumerate(file, 1):
        if not raw.strip(b"\r\n\t \xef\xbb\xbf"):
            continue
        try:
            line = parse(raw, definition, offers=consultation.offers, today=today)
            mark = line.id and codes.import_look(consultation.uid, line.id, key)
            if mark and mark in seen:
                known += 1
                continue
            sending = _sending(line, version_id, mark or None)
            inbox.store(
                session, consultation, sending, secrets=secrets, received_on=line.received_on
            )
        except (Wrong, inbox.TooMuch) as error:
            bad.append(BadLine(number, str(error)))
            if on_bad is OnBad.STOP:
                raise bad[0] from error
            continue
        stored += 1
        if mark:
            seen.add(mark)
    return Done(stored, known, tuple(bad))


class Wrong(Exception):
    """Why a line cannot be taken; the number is added where it is known."""


def parse(raw: bytes, definition: Definition, *, offers: Iterable[str], today: date) -> Line:
    """Check one line against PRODUCT section 4, Data. Raises `Wrong`."""
    found = _object(raw)
    _only(found, MUST, MAY, "the line")
    use, quote, contact = _consent(found["consent"], set(offers))
    return Line(
        language=_language(found["language"]),
        received_on=_received_on(found["received_on"], today),
        channel=_channel(found.get("channel", Channel.IMPORT.value)),
        consent=Consent(use=use, quote=quote, contact=contact),
        organisation=_organisation(found.get("organisation"), use),
        answers=_answers(found["answers"], definition),
        id=_id(found.get("id")),
    )


def _known(session: Session, consultation: Consultation) -> set[bytes]:
    rows = session.scalars(
        select(Submission.import_hash).where(
            Submission.consultation_id == consultation.id, Submission.import_hash.is_not(None)
        )
    )
    return {mark for mark in rows if mark is not None}


def _sending(line: Line, version_id: int, mark: bytes | None) -> Sending:
    return Sending(
        token=random.token_bytes(16),
        version_id=version_id,
        answers=line.answers,
        language=line.language,
        channel=line.channel,
        consent=replace(line.consent, wording={"import": True}),
        lane=Lane.NONE,
        begun_on=line.received_on,
        organisation=line.organisation,
        import_hash=mark,
    )


def _object(raw: bytes) -> dict[str, Any]:
    if len(raw) > LINE_LIMIT_BYTES:
        raise Wrong(f"longer than {LINE_LIMIT_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise Wrong("not UTF-8") from error
    except json.JSONDecodeError as error:
        raise Wrong(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    except RecursionError as error:
        raise Wrong("nested too deep") from error
    if not isinstance(found, dict):
        raise Wrong("not a JSON object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise Wrong("an object holds the same key twice")
    return dict(pairs)


def _no_constant(name: str) -> NoReturn:
    raise Wrong(f"{name} is no number")


def _only(found: Mapping[str, Any], must: set[str], may: set[str], where: str) -> None:
    if missing := sorted(must - set(found)):
        raise Wrong(f"{where} lacks {', '.join(missing)}")
    if unknown := sorted(set(found) - must - may):
        raise Wrong(f"{where} holds an unknown key: {', '.join(map(ascii, unknown))}")


def _language(given: Any) -> str:
    known = locales.known(given) if isinstance(given, str) else None
    if known is None:
        raise Wrong("language is not en, fr, fa_AF or ps")
    return known


def _received_on(given: Any, today: date) -> date:
    try:
        day = date.fromisoformat(given) if isinstance(given, str) and len(given) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise Wrong("received_on is not a day such as 2026-11-20")
    if day > today:
        raise Wrong("received_on is after today")
    return day


def _channel(given: Any) -> Channel:
    names = [channel.value for channel in Channel if channel is not Channel.WEB]
    if given not in names:
        raise Wrong(f"channel is not one of {', '.join(names)}")
    return Channel(given)


def _consent(given: Any, offers: set[str]) -> tuple[Use, dict[str, bool], bool | None]:
    if not isinstance(given, dict):
        raise Wrong("consent is not an object")
    _only(given, {"use"}, {"quote", "contact"}, "consent")
    uses = [use.value for use in Use if use.value in offers]
    if given["use"] not in uses:
        raise Wrong(f"consent.use is not one of {', '.join(uses)}")
    quote, contact = given.get("quote", {}), given.get("contact")
    if not isinstance(quote, dict) or not all(isinstance(may, bool) for may in quote.values()):
        raise Wrong("consent.quote is not an object of true and false")
    if contact is not None and not isinstance(contact, bool):
        raise Wrong("consent.contact is not true or false")
    return Use(given["use"]), quote, contact


def _organisation(given: Any, use: Use) -> str | None:
    if given is None:
        return None
    if use is not Use.QUOTE_ATTRIBUTED:
        raise Wrong("organisation is given without the consent quote_attributed")
    if not isinstance(given, dict):
        raise Wrong("organisation is not an object")
    _only(given, {"name"}, set(), "organisation")
    return _words(given["name"], NAME_LIMIT, "organisation.name")


def _answers(given: Any, definition: Definition) -> dict[str, Any]:
    line = answers.take_line(definition, given)
    if line.refusals:
        first = line.refusals[0]
        raise Wrong(f"answers: {first.field}: {first.reason.value}")
    return line.answers


def _id(given: Any) -> str | None:
    if given is None:
        return None
    return _words(given, ID_LIMIT, "id")


def _words(given: Any, limit: int, where: str) -> str:
    """Give a text as it is kept."""
    reading = answers.take_words(where, given, limit=limit)
    if reading.value is None:
        raise Wrong(f"{where} is not a text of 1 to {limit} characters")
    words: str = reading.value
    return words
