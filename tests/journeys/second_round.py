"""A second consultation under way, with voices and without a word written about them yet."""

import json
from datetime import timedelta
from importlib.resources import files

from sqlalchemy.orm import Session

from consult import clock
from consult.authoring import exchange
from consult.authoring.exchange import Loader
from consult.consultations import lifecycle, versions
from consult.consultations.lifecycle import Act
from consult.demo import synthetic
from consult.people import accounts
from consult.people.models import Person
from consult.submissions import imports
from tests.journeys.installation import CODE as FIRST_CODE
from tests.journeys.installation import SLUG as FIRST_SLUG
from tests.journeys.installation import Installation

CODE = "scnd2"
SLUG = "second-round"
SUBMISSIONS = 40


def add(made: Installation) -> None:
    """Load the demonstration's questions once more as a consultation of its own, and send in."""
    extensions = made.app.extensions
    secrets, now = extensions["secrets"], extensions["clock"]()
    paper = (made.settings.instance / "recovery.1").read_text("utf-8")
    with made.app.app_context(), extensions["database"].transaction() as session:
        editor = _person(session, made.accounts["editor"].name)
        second = _person(session, made.accounts["analyst"].name)
        loader = Loader(editor, now, (), demonstration=True)
        consultation = exchange.load(session, secrets, _questionnaire(), loader).consultation
        today = clock.day(now, consultation.time_zone)
        act = Act(editor.id, today, now)
        lifecycle.set_days(session, consultation, today - timedelta(days=20), today)
        lifecycle.drill(session, secrets, consultation, paper, act, simulated=True)
        lifecycle.name_second(session, secrets, consultation, second, act)
        lifecycle.open_up(session, secrets, consultation, act)
        version = versions.current(session, consultation)
        questions = versions.definition(version)
        texts: dict[str, dict[str, str]] = {}
        for locale, words in version.wording.items():
            for key, text in words.items():
                texts.setdefault(key, {})[locale] = text
        voices = synthetic.lines(
            questions,
            texts,
            submissions=SUBMISSIONS,
            seed=7,
            opened_on=today - timedelta(days=20),
            today=today,
            sample_texts=synthetic.samples(),
        )
        # What came by the web form came by the web form; these are put in by a file.
        lines = [json.dumps({**one["line"], "channel": "import"}).encode() for one in voices]
        imports.load(
            session,
            consultation,
            version.id,
            questions,
            lines,
            on_bad=imports.OnBad.STOP,
            secrets=secrets,
            today=today,
        )


def _person(session: Session, name: str) -> Person:
    found = accounts.find(session, name)
    assert found is not None
    return found


def _questionnaire() -> bytes:
    content = files("consult.demo").joinpath("inclusive_peace.yaml").read_text("utf-8")
    content = content.replace(f"slug: {FIRST_SLUG}", f"slug: {SLUG}")
    return content.replace(f"code: {FIRST_CODE}", f"code: {CODE}").encode()
