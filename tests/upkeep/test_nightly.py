from datetime import date

from consult.consultations.models import Consultation, State
from consult.submissions.models import Submission
from consult.upkeep import nightly
from tests.consultations.factories import TODAY
from tests.submissions.test_imports import A_LINE, take


def night(house, settings, clock):
    house.session.rollback()
    nightly.work(settings.database, house.secrets, clock(), rewrite=True)
    house.session.expire_all()


def test_a_consultation_whose_last_day_is_over_is_closed_on_that_day(house, settings, clock):
    talks = house.opened()
    night(house, settings, clock)
    assert house.session.get(Consultation, talks.id).state is State.OPEN
    clock.move(days=30)
    night(house, settings, clock)
    closed = house.session.get(Consultation, talks.id)
    assert (closed.state, closed.closed_on) == (State.CLOSED, date(2026, 12, 20))


def test_import_ids_are_forgotten_after_the_grace_and_not_before(house, settings, clock):
    talks = house.opened()
    take(house, talks, {**A_LINE, "id": "row 7"})
    house.session.commit()
    clock.move(days=(date(2026, 12, 21) - TODAY).days)
    night(house, settings, clock)
    assert house.session.query(Submission).one().import_hash is not None
    clock.move(days=1)
    night(house, settings, clock)
    assert house.session.query(Submission).one().import_hash is None
