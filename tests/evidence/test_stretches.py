"""Stretches of background, and records put together and cut, against what they should be by hand."""

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from worlds import START, day

from evidence.processes import counted, events
from sim.evidence import cut
from sim.evidence.errors import DataError
from sim.evidence.record import AttackRecord
from sim.evidence.stretches import Regimes, Stretches, dated, moving, read_regimes, steady

TRUCE = ("truce", day(20), day(30))
REGIMES = Regimes(((day(10), True), (day(25), False), (day(60), True)), False, (TRUCE, ("stop", day(28), None)))


def as_lists(s: Stretches) -> tuple[list[float], list[int], list[list[bool]]]:
    return s.edges.tolist(), s.level.tolist(), s.covers.tolist()


def test_a_steady_background_is_one_stretch() -> None:
    s = steady(events([1.0], 40, begin=5))
    assert as_lists(s) == ([5, 40], [0], [[]])
    assert steady(events([1.0], 40), 70).edges.tolist() == [0, 70]
    assert s.levels == ("rate",)
    assert s.base(np.array([0.3])).tolist() == [0.3]
    assert s.factor(np.empty(0)).tolist() == [1]


def test_dated_switches_and_suppressions_cut_a_record() -> None:
    s = dated(events([], 50), REGIMES)
    assert as_lists(s) == ([0, 10, 20, 25, 28, 30, 50], [0, 1, 1, 0, 0, 0],
                           [[False, False], [False, False], [True, False], [True, False], [True, True], [False, True]])
    assert s.levels == ("rate_low", "rate_high")
    assert s.suppressions == ("truce", "stop")
    assert s.base(np.array([0.1, 2.0])).tolist() == [0.1, 2, 2, 0.1, 0.1, 0.1]
    assert s.factor(np.array([0.5, 0.2])).tolist() == [1, 1, 0.5, 0.5, 0.1, 0.2]


def test_levels_and_suppressions_that_a_record_does_not_meet_are_left_out() -> None:
    before = dated(events([], 10), REGIMES)
    assert as_lists(before) == ([0, 10], [0], [[]])
    assert (before.levels, before.suppressions) == (("rate_low",), ())
    high = dated(events([], 20, begin=12), REGIMES)
    assert as_lists(high) == ([12, 20], [0], [[]])
    assert high.levels == ("rate_high",)
    # Counts with a gap from day 8 to 32 met neither high tension nor the truce, but the stop order.
    gap = dated(counted([1, 2], [0, 32], [8, 40]), REGIMES)
    assert gap.levels == ("rate_low",)
    assert gap.suppressions == ("stop",)
    assert as_lists(gap) == ([0, 10, 25, 28, 40], [0, 0, 0, 0], [[False], [False], [False], [True]])


def test_stretches_go_on_beyond_the_record() -> None:
    """Levels are those that the record met, also where what comes is the other."""
    s = dated(events([], 50), REGIMES, end=100)
    assert s.edges.tolist() == [0, 10, 20, 25, 28, 30, 60, 100]
    assert s.level.tolist() == [0, 1, 1, 0, 0, 0, 1]
    assert dated(events([], 10), REGIMES, end=100).level.tolist() == [0, 0, 0, 0]


def test_tension_may_be_high_first() -> None:
    s = dated(events([], 30), Regimes(((day(10), False),), True))
    assert (s.levels, s.level.tolist()) == (("rate_low", "rate_high"), [1, 0])


def test_what_was_known_of_regimes_on_a_day() -> None:
    assert REGIMES.known_on(day(9)) == Regimes()
    assert REGIMES.known_on(day(10)) == Regimes(((day(10), True),))
    assert REGIMES.known_on(day(29)) == Regimes(
        REGIMES.switches[:2], False, (("truce", day(20), None), ("stop", day(28), None)))
    assert REGIMES.known_on(day(30)) == Regimes(REGIMES.switches[:2], False, REGIMES.suppressions)


def test_regimes_of_a_file_with_these_tables_alone(tmp_path: Path) -> None:
    path = tmp_path / "regimes.toml"
    path.write_text("""[tension]
initial = "high"
dated.one = { date = 2024-01-11, state = "low" }
[suppressions.truce]
start = 2024-02-01
end = 2024-03-01
factor = 0.1
""", encoding="utf-8")
    assert read_regimes(path) == Regimes(((date(2024, 1, 11), False),), True,
                                         (("truce", date(2024, 2, 1), date(2024, 3, 1)),))


# A background that moves

def even(per_day: int, begin: int, end: int) -> np.ndarray:
    return (np.arange(begin * per_day, end * per_day) + 0.5) / per_day


@pytest.mark.parametrize("by_counts", [False, True])
def test_a_moving_background_follows_a_change(by_counts: bool) -> None:
    """1 a day for 200 days, then 5: mean 1 over time, 1/3 and 5/3 far from the change, 1 on it, rising throughout."""
    times = np.concatenate([even(1, 0, 200), even(5, 200, 400)])
    record = events(times, 400)
    if by_counts:
        edges = np.arange(0, 401, 4.0)
        record = counted(np.histogram(times, edges)[0], edges[:-1], edges[1:])
    s, used = moving(record, steady(record))
    assert s.edges[:3].tolist() == ([0, 8, 16] if by_counts else [0, 7, 14])  # no interval is cut
    assert used == pytest.approx(400 / (28 * math.sqrt(2 * math.pi)), abs=1.2)  # and some more at both ends
    assert s.edges[-1] == 400
    assert np.average(s.shape, weights=np.diff(s.edges)) == pytest.approx(1)
    middles = (s.edges[:-1] + s.edges[1:]) / 2
    assert s.shape[middles < 100] == pytest.approx(1 / 3, rel=0.01)
    assert s.shape[middles > 300] == pytest.approx(5 / 3, rel=0.01)
    assert np.interp(200, middles, s.shape) == pytest.approx(1, abs=0.05)
    assert (np.diff(s.shape) > -1e-6).all()


def test_a_moving_background_keeps_suppressions_and_knows_gaps() -> None:
    times = even(2, 0, 70)
    s, _ = moving(events(times, 70), dated(events(times, 70), Regimes((), False, (TRUCE,))))
    assert set(s.edges) == {*range(0, 70, 7), 20, 30, 70}
    assert s.covers[:, 0].tolist() == [20 <= edge < 30 for edge in s.edges[:-1]]
    record = counted([20, 20], [0, 100], [10, 110])  # 2 a day wherever anybody looked
    shape = moving(record, steady(record))[0].shape
    assert shape == pytest.approx(1, abs=0.02)


# Records put together and cut

FIRST = counted([1, 2, 3], [0, 7, 14], [7, 14, 21])


def later(days: int, *, name: str = "later.csv", **change: object) -> AttackRecord:
    """Return two weeks of counts that begin so many days after day 0."""
    made = counted([4, 5], [0, 7], [7, 14])
    return AttackRecord(**{**vars(made), "path": Path(name), "sha256": "d" * 64, "first_day": day(days), **change})


def test_records_are_joined_in_order_of_time() -> None:
    first = AttackRecord(**{**vars(FIRST), "places": {"iraq": np.array([1.0, 0, 2])}, "notes": ("a",)})
    joined = cut.join([later(30, notes=("b",), places={"syria": np.array([4.0, 5])}), first])
    assert joined.first_day == START
    assert (joined.begin, joined.end) == (0, 44)
    assert joined.starts.tolist() == [0, 7, 14, 30, 37]
    assert joined.ends.tolist() == [7, 14, 21, 37, 44]
    assert joined.counts.tolist() == [1, 2, 3, 4, 5]
    np.testing.assert_array_equal(joined.places["iraq"], [1, 0, 2, np.nan, np.nan])
    np.testing.assert_array_equal(joined.places["syria"], [np.nan, np.nan, np.nan, 4, 5])
    assert joined.files == (("counts.csv", "c" * 64), ("later.csv", "d" * 64))
    assert joined.notes == ("a", "b")
    assert cut.join([FIRST]) is FIRST


def test_records_that_cannot_be_joined() -> None:
    with pytest.raises(DataError) as caught:
        cut.join([later(20), FIRST])
    assert str(caught.value) == ("later.csv begins on 2024-01-21, before counts.csv ends; files fitted together must "
                                 "not overlap")
    with pytest.raises(DataError) as caught:
        cut.join([FIRST, events([1.0], 5)])
    assert str(caught.value) == ("several files can be fitted together only if all are counts over intervals; "
                                 "events.csv has attacks at known times")


def test_a_record_up_to_a_time() -> None:
    until = cut.until(events([1, 2, 3.5, 8], 10), 3.5)
    assert (until.times.tolist(), until.end) == ([1, 2], 3.5)
    assert cut.until(events([1, 2], 10), 12).end == 10
    until = cut.until(FIRST, 20)
    assert (until.starts.tolist(), until.ends.tolist()) == ([0, 7], [7, 14])
    assert (until.counts.tolist(), until.end) == ([1, 2], 14)
    assert cut.until(FIRST, 3).end == 0
    assert cut.day_of(FIRST, 31.9) == date(2024, 2, 1)


def test_a_record_in_weeks() -> None:
    starts, ends, counts = cut.in_weeks(events([0, 6.9, 7, 20.9, 21.5], 25), 0, 25)
    assert (starts.tolist(), ends.tolist(), counts.tolist()) == ([0, 7, 14], [7, 14, 21], [2, 1, 1])
    daily = counted(np.arange(20), np.arange(20), np.arange(1, 21))
    starts, ends, counts = cut.in_weeks(daily, 2, 20)
    assert (starts.tolist(), ends.tolist()) == ([2, 9], [9, 16])
    assert counts.tolist() == [sum(range(2, 9)), sum(range(9, 16))]
    starts, ends, counts = cut.in_weeks(counted([1, 2, 3], [0, 3, 14], [3, 14, 21]), 3, 21)  # no finer than recorded
    assert (starts.tolist(), ends.tolist(), counts.tolist()) == ([3, 14], [14, 21], [2, 3])
