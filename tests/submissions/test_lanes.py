from consult.submissions.lanes import Window, lane_of
from consult.submissions.models import Lane


def test_an_address_beyond_its_limit_takes_the_burst_lane_and_nothing_is_dropped():
    sends = Window(3)
    lanes = [lane_of(sends, "192.0.2.1", 100.0 + n) for n in range(5)]
    assert lanes == [Lane.OPEN] * 3 + [Lane.BURST] * 2
    assert lane_of(sends, "192.0.2.2", 106.0) is Lane.OPEN


def test_the_counting_begins_anew_after_ten_minutes():
    sends = Window(1)
    assert lane_of(sends, "192.0.2.1", 0.0) is Lane.OPEN
    assert lane_of(sends, "192.0.2.1", 599.0) is Lane.BURST
    assert lane_of(sends, "192.0.2.1", 601.0) is Lane.OPEN


def test_no_address_stands_in_what_is_kept():
    sends = Window(1)
    sends.count("192.0.2.77", 0.0)
    assert "192.0.2.77" not in repr(vars(sends))
