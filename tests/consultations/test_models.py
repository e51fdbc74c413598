"""What a consultation is, and what its tables refuse."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from consult.consultations.models import (
    Consultation,
    Membership,
    MembershipState,
    QuestionnaireVersion,
    RiskLevel,
    Role,
    State,
)
from tests.consultations.factories import House

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
DAY = timedelta(days=1)


def a_consultation(state: State = State.OPEN, closed_on: date | None = None) -> Consultation:
    return Consultation(state=state, opens_on=FIRST, closes_on=LAST, closed_on=closed_on)


@pytest.mark.parametrize(
    ("day", "listens"), [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)]
)
def test_a_form_may_begin_on_the_days_of_an_open_consultation(day, listens):
    assert a_consultation().listens(day) is listens


@pytest.mark.parametrize("state", [State.DRAFT, State.PILOT, State.CLOSED, State.ARCHIVED])
def test_no_form_begins_unless_it_is_open(state):
    assert not a_consultation(state, closed_on=LAST).listens(LAST)


def test_a_form_of_the_last_day_may_be_sent_on_the_next_day_and_not_later():
    consultation = a_consultation()
    assert consultation.listens(LAST + DAY, begun_on=LAST)
    assert not consultation.listens(LAST + 2 * DAY, begun_on=LAST)


def test_a_form_begun_before_an_early_closing_may_be_sent_the_day_after_it():
    closed = a_consultation(State.CLOSED, closed_on=FIRST + DAY)
    assert closed.listens(FIRST + 2 * DAY, begun_on=FIRST + DAY)
    assert not closed.listens(FIRST + 2 * DAY, begun_on=FIRST + 2 * DAY)


@pytest.mark.parametrize("begun_on", [FIRST - DAY, LAST + DAY])
def test_a_form_that_claims_a_day_outside_the_window_is_not_taken(begun_on):
    assert not a_consultation().listens(begun_on, begun_on=begun_on)


def test_a_form_from_the_future_is_not_taken():
    assert not a_consultation().listens(FIRST, begun_on=FIRST + DAY)


def test_imports_are_taken_until_the_day_after_closing():
    closed = a_consultation(State.CLOSED, closed_on=FIRST + DAY)
    assert closed.takes_imports(FIRST + 2 * DAY)
    assert not closed.takes_imports(FIRST + 3 * DAY)


def test_a_published_version_cannot_be_changed(house: House):
    version = house.load().version
    house.session.execute(update(QuestionnaireVersion).values(published=True))
    house.session.commit()
    for change in (
        update(QuestionnaireVersion).values(number=7),
        update(QuestionnaireVersion).values(published=False),
        delete(QuestionnaireVersion).where(QuestionnaireVersion.id == version.id),
    ):
        with pytest.raises(DBAPIError, match="never changes"):
            house.session.execute(change)
        house.session.rollback()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"threshold": 4}, "threshold_at_least_5"),
        ({"code": "ab12"}, "code_of_five"),
        ({"opens_on": LAST, "closes_on": FIRST}, "opens_before_it_closes"),
        ({"state": State.OPEN}, "days_before_opening"),
        ({"risk_level": RiskLevel.LOW}, "low_has_a_reason"),
    ],
)
def test_the_database_names_the_rule_that_is_broken(house: House, change, rule):
    house.load()
    with pytest.raises(IntegrityError, match=rule):
        house.session.execute(update(Consultation).values(**change))


def test_only_a_role_that_reads_can_be_pending(house: House):
    consultation = house.load().consultation
    person = house.person("Olga")
    house.session.add(
        Membership(
            person_id=person.id,
            consultation_id=consultation.id,
            role=Role.OBSERVER,
            state=MembershipState.PENDING,
        )
    )
    with pytest.raises(IntegrityError, match="only_readers_wait"):
        house.session.flush()


def test_an_unknown_risk_level_is_refused(house: House):
    house.load()
    with pytest.raises(IntegrityError, match="risk_level_known"):
        house.session.execute(text("UPDATE consultation SET risk_level = 'none'"))
