"""From draft to archive: nothing opens while a gate is shut."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from consult.consultations import approvals, lifecycle, members, texts, versions
from consult.consultations.lifecycle import Gate, NotReady
from consult.consultations.models import Consultation, Drill, RiskLevel, Role, State
from consult.people.models import Standing
from consult.safekeeping.models import AuditEvent, Event
from consult.safekeeping.words import NotAPaperKey
from tests.consultations.factories import TODAY, House, a_document, a_file, words

DAY = timedelta(days=1)
LOW = {"risk_level": "low", "risk_reason": "Nobody is named.", "places": ["KE"]}


def gates(house: House, consultation: Consultation, today: date = TODAY) -> set[Gate]:
    return {one.gate for one in lifecycle.missing(house.session, consultation, today)}


def test_a_new_draft_lacks_days_drills_and_a_second_person(house: House):
    consultation = house.load().consultation
    assert gates(house, consultation) == {Gate.DAYS, Gate.DRILL, Gate.SECOND_PERSON}
    with pytest.raises(NotReady):
        lifecycle.open_up(house.session, house.secrets, consultation, house.act())
    assert consultation.state is State.DRAFT


def test_a_draft_in_which_nothing_is_missing_opens_and_freezes_its_questions(house: House):
    consultation = house.ready()
    lifecycle.open_up(house.session, house.secrets, consultation, house.act())
    assert consultation.listens(TODAY)
    current = versions.current(house.session, consultation)
    title = texts.load(house.session, consultation, current, "fr").get("c.title")
    assert (current.number, title.text, title.locale) == (1, "Mots", "fr")


def test_at_risk_level_raised_the_same_paper_key_twice_is_one_drill(house: House):
    consultation = house.load().consultation
    for today in (TODAY, TODAY, TODAY + DAY):
        act = house.act(today=today)
        lifecycle.drill(house.session, house.secrets, consultation, house.papers[0], act)
    assert lifecycle.drilled(house.session, consultation, TODAY) == 1
    assert Gate.DRILL in gates(house, consultation)


def test_at_risk_level_high_a_drill_holds_for_90_days(house: House):
    consultation = house.ready(risk_level="high")
    lifecycle.set_days(house.session, consultation, TODAY, TODAY + 200 * DAY)
    assert gates(house, consultation, TODAY + 90 * DAY) == set()
    assert gates(house, consultation, TODAY + 91 * DAY) == {Gate.DRILL}


def test_a_simulated_drill_counts_in_the_demonstration_alone(house: House):
    consultation = house.load().consultation
    for paper in house.papers:
        lifecycle.drill(
            house.session, house.secrets, consultation, paper, house.act(), simulated=True
        )
    assert lifecycle.drilled(house.session, consultation, TODAY) == 0
    consultation.demonstration = True
    assert lifecycle.drilled(house.session, consultation, TODAY) == 2


def test_a_wrong_paper_key_is_no_drill(house: House):
    consultation = house.load().consultation
    swapped = house.papers[0].split()
    swapped[0], swapped[1] = swapped[1], swapped[0]
    with pytest.raises(NotAPaperKey):
        lifecycle.drill(house.session, house.secrets, consultation, " ".join(swapped), house.act())
    assert house.session.scalars(select(Drill)).all() == []


@pytest.mark.parametrize(
    ("opens_on", "closes_on", "gate"),
    [
        (TODAY - 9 * DAY, TODAY - DAY, Gate.DAYS_PAST),
        (TODAY, TODAY + 400 * DAY, Gate.DAYS_LONG),
    ],
)
def test_days_that_make_no_sense_keep_it_shut(house: House, opens_on, closes_on, gate):
    consultation = house.ready()
    lifecycle.set_days(house.session, consultation, opens_on, closes_on)
    assert gates(house, consultation) == {gate}


def test_the_maker_of_a_questionnaire_cannot_be_its_second_person(house: House):
    consultation = house.load().consultation
    with pytest.raises(approvals.OwnRequest):
        lifecycle.approve(house.session, house.secrets, consultation, house.act())


def test_a_word_changed_after_the_approval_needs_another_one(house: House):
    consultation = house.ready()
    texts_ = {**a_document()["texts"], "use": words(ps="بله خبره")}
    house.load(a_file(texts=texts_))
    assert gates(house, consultation) == {Gate.SECOND_PERSON}


def test_risk_level_low_takes_the_name_of_somebody_else(house: House):
    consultation = house.load(a_file(**LOW)).consultation
    assert Gate.RISK_SECOND in gates(house, consultation)
    with pytest.raises(lifecycle.SecondHerself):
        lifecycle.name_second(house.session, house.secrets, consultation, house.editor, house.act())
    second = house.person("Zarghuna")
    lifecycle.name_second(house.session, house.secrets, consultation, second, house.act())
    assert Gate.RISK_SECOND not in gates(house, consultation)
    assert house.session.scalar(select(AuditEvent).where(AuditEvent.kind == Event.WAIVER))


def test_another_reason_for_risk_level_low_takes_the_second_person_anew(house: House):
    consultation = house.load(a_file(**LOW)).consultation
    second = house.person("Zarghuna")
    lifecycle.name_second(house.session, house.secrets, consultation, second, house.act())
    house.session.commit()
    house.load(a_file(**{**LOW, "risk_reason": "It is only a trial."}))
    assert Gate.RISK_SECOND in gates(house, consultation)


@pytest.mark.parametrize("trace", ["person", "consultation"])
def test_nothing_else_opens_in_a_database_that_ever_held_the_demonstration(house: House, trace):
    consultation = house.ready()
    if trace == "person":
        person = house.person("Demo", Standing.EDITOR, demonstration=True)
        members.remove(house.session, house.secrets, person, by=None, at=house.act().at)
    else:
        house.load(a_file(slug="shown", code="show1"), demonstration=True)
    assert gates(house, consultation) == {Gate.DEMONSTRATION}
    with pytest.raises(NotReady):
        lifecycle.open_up(house.session, house.secrets, consultation, house.act())


def test_closing_ends_listening_and_cannot_be_done_twice(house: House):
    consultation = house.opened()
    lifecycle.close(house.session, house.secrets, consultation, house.act())
    assert not consultation.listens(TODAY)
    assert consultation.listens(TODAY + DAY, begun_on=TODAY)
    with pytest.raises(lifecycle.WrongState):
        lifecycle.close(house.session, house.secrets, consultation, house.act())


def test_it_closes_by_itself_only_after_its_last_day(house: House):
    consultation = house.opened()
    last = consultation.closes_on
    assert last is not None
    close = lifecycle.close_if_due
    assert not close(house.session, house.secrets, consultation, house.act(today=last))
    assert close(house.session, house.secrets, consultation, house.act(today=last + 5 * DAY))
    assert (consultation.state, consultation.closed_on) == (State.CLOSED, last)


def test_the_first_day_stays_once_it_has_opened(house: House):
    consultation = house.opened()
    with pytest.raises(lifecycle.FirstDayStays):
        lifecycle.set_days(house.session, consultation, TODAY - DAY, TODAY + DAY)
    lifecycle.set_days(house.session, consultation, TODAY, TODAY + DAY)
    assert consultation.closes_on == TODAY + DAY


def test_a_new_version_above_risk_level_low_waits_for_a_second_person(house: House):
    consultation = house.opened()
    texts_ = {**a_document()["texts"], "title": words(en="Other words")}
    loaded = house.load(a_file(texts=texts_))
    assert (loaded.version.number, loaded.version.published) == (2, False)
    shown = versions.current(house.session, consultation)
    assert shown.number == 1
    assert texts.load(house.session, consultation, shown, "en").get("c.title").text == "Words"
    second = house.person("Zarghuna")
    lifecycle.approve(house.session, house.secrets, consultation, house.act(second))
    now = versions.current(house.session, consultation)
    assert now.number == 2
    assert texts.load(house.session, consultation, now, "en").get("c.title").text == "Other words"
    assert texts.load(house.session, consultation, shown, "en").get("c.title").text == "Words"


def test_who_could_open_it_is_counted_once_each(house: House):
    consultation = house.load().consultation
    assert lifecycle.holders(house.session, consultation) == 3
    house.person("Observer of it")
    members.add(house.session, consultation, house.person("Waiting"), Role.ANALYST)
    assert lifecycle.holders(house.session, consultation) == 3
    assert consultation.risk_level is RiskLevel.RAISED
