"""State keys: one a day, the newest two always, the others for two days."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.safekeeping import state_keys
from consult.safekeeping.envelope import Tampered
from consult.safekeeping.models import StateKey

TODAY = date(2028, 2, 29)


def days(count: int) -> timedelta:
    return timedelta(days=count)


def test_a_days_key_is_made_once_and_accepted(session, held):
    assert state_keys.of_day(session, held, TODAY) is None
    key_id, key = state_keys.current(session, held, TODAY)
    assert state_keys.current(session, held, TODAY) == (key_id, key)
    assert state_keys.of_day(session, held, TODAY) == (key_id, key)
    assert state_keys.accepted(session, held, TODAY) == {key_id: key}


def test_a_new_day_brings_a_new_key_and_keeps_the_last_two_days(session, held):
    made = [state_keys.current(session, held, TODAY + days(n)) for n in range(5)]
    assert len(set(made)) == 5
    assert state_keys.accepted(session, held, TODAY + days(4)) == dict(made[2:])
    assert set(session.scalars(select(StateKey.id))) == {key_id for key_id, _ in made[2:]}


def test_the_newest_two_are_accepted_however_old(session, held):
    made = [state_keys.current(session, held, TODAY + days(n)) for n in range(2)]
    state_keys.forget(session, TODAY + days(400))
    assert state_keys.accepted(session, held, TODAY + days(400)) == dict(made)


@pytest.mark.parametrize("jump", [days(1), days(-365)])
def test_a_clock_that_is_wrong_for_a_while_loses_no_form(session, held, jump):
    for n in (1, 0):
        state_keys.current(session, held, TODAY - days(n))
    during = state_keys.accepted(session, held, TODAY)
    state_keys.current(session, held, TODAY + jump)
    assert during.items() <= state_keys.accepted(session, held, TODAY + jump).items()
    assert during.items() <= state_keys.accepted(session, held, TODAY).items()
    assert state_keys.current(session, held, TODAY)[0] in during


def test_the_database_alone_opens_no_state(session, held):
    _, key = state_keys.current(session, held, TODAY)
    row = session.scalars(select(StateKey)).one()
    assert key not in row.blob


@pytest.mark.parametrize("place", [0, 1, 30, 72])
def test_a_damaged_state_key_is_noticed(session, held, place):
    state_keys.current(session, held, TODAY)
    row = session.scalars(select(StateKey)).one()
    row.blob = row.blob[:place] + bytes([row.blob[place] ^ 1]) + row.blob[place + 1 :]
    session.flush()
    with pytest.raises(Tampered):
        state_keys.accepted(session, held, TODAY)


def test_workers_that_race_end_with_one_key(database, held):
    barrier, found = threading.Barrier(4), []

    def worker() -> None:
        barrier.wait()
        with database.transaction() as session:
            found.append(state_keys.current(session, held, TODAY))

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(database.engine) as session:
        assert len(session.scalars(select(StateKey)).all()) == 1
    assert len(set(found)) == 1
    assert len(found) == 4
