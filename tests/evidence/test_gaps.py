"""Days that nobody watched count nowhere; zeros that the rest of a record rules out are not taken for true."""

import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import expm
from worlds import START

import sim
from evidence.processes import counted, events, excited_times, families, tallies
from sim.api import evidence as asked
from sim.evidence.backtest import backtest
from sim.evidence.cut import gaps_of, in_weeks, until
from sim.evidence.errors import DataError
from sim.evidence.fit import fit
from sim.evidence.gaps import mask
from sim.evidence.models import Excited, Switching, models_for, watched_days
from sim.evidence.quiet import UNLIKELY, doubt
from sim.evidence.record import AttackRecord
from sim.evidence.stretches import Regimes, moving, steady
from sim.play.choice import silent

WEEKS = [6, 7, 7, 6, 7, 5, 6, 6, 4, 5, 5, 5, 5, 10, 10, 9, 6, 3, 1, 0, 0, 0, 1, 10, 10, 11, 12, 14, 10, 8, 8, 8, 8, 9,
         9, 8, 9, 11, 13, 7, 7, 8, 7, 7, 7, 7]
"""Attacks a week, of which three weeks were not counted and stand as 0."""
FIRST = date(2004, 5, 6)
MISSING, LONG = (19, 20, 21), 33


def day(number: int) -> date:
    return START + timedelta(days=number)


def weeks_file(folder: Path, name: str, unknown: str | None) -> Path:
    """Write the weeks, with a text in place of the count of those that were not counted; None leaves out the rows."""
    rows = ["from,to,count"]
    first = FIRST
    for i, count in enumerate(WEEKS):
        after = first + timedelta(days=9 if i == LONG else 7)
        if i not in MISSING or unknown is not None:
            rows.append(f"{first},{after - timedelta(days=1)},{unknown if i in MISSING else count}")
        first = after
    path = folder / name
    path.write_text("\n".join(rows) + "\n")
    return path


def gaps_file(folder: Path, *rows: str, header: str = "begin,end") -> Path:
    path = folder / "gaps.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def same(one: AttackRecord, other: AttackRecord) -> bool:
    return (one.first_day == other.first_day and (one.begin, one.end) == (other.begin, other.end)
            and all(np.array_equal(getattr(one, name), getattr(other, name))
                    for name in ("times", "starts", "ends", "counts")))


def test_a_gap_an_empty_cell_and_a_row_left_out_say_the_same(tmp_path: Path) -> None:
    zeros, empty = weeks_file(tmp_path, "zeros.csv", "0"), weeks_file(tmp_path, "empty.csv", "")
    absent = asked.read_all(weeks_file(tmp_path, "absent.csv", None), None)
    marked = asked.read_all(zeros, None, gaps=gaps_file(tmp_path, "2004-09-16,2004-10-06"))
    assert same(absent, asked.read_all(empty, None))
    assert same(absent, marked)
    assert same(absent, asked.read_all(zeros, None, gaps=[(date(2004, 9, 16), date(2004, 9, 30)),
                                                             (date(2004, 9, 25), date(2004, 10, 6))]))
    assert len(absent.counts) == len(WEEKS) - 3
    assert gaps_of(absent) == [(date(2004, 9, 16), date(2004, 10, 6))]
    assert marked.notes == ("21 days are marked as not watched; 3 intervals with 0 attacks are left out",)
    assert asked.read_all(empty, None).notes == (
        f"{empty}, rows 21, 22, 23: the count is not given for 21 days; they are taken as not watched, not as without "
        "attacks",)


@pytest.mark.exhaustive
def test_zeros_for_missing_are_doubted_and_no_scenario_is_written(tmp_path: Path) -> None:
    """Taken for true they give a branching ratio of 0.74; without them it is 0.41, which the message says."""
    said: list[str] = []
    done = sim.calibrate(weeks_file(tmp_path, "zeros.csv", "0"), out=tmp_path / "out", figures=False,
                              say=said.append)
    assert done.result.warnings[0].startswith(
        "The record has no attack from 2004-09-16 to 2004-10-06 (21 days; the chance of that is 1 in ")
    assert ('--gaps FILE, a CSV file with the header begin,end (a line for each: "2004-09-16,2004-10-06"): the '
            "branching ratio is then 0.41.") in done.result.warnings[0]
    assert done.report["warnings"][0] == done.result.warnings[0]
    assert done.keys is None
    assert done.unsaid == ("no fit.toml: first say whether the times without attacks are true",)
    assert not (tmp_path / "out" / "fit.toml").exists()
    assert "Looking at times without attacks that the rest of the record may rule out" in said


@pytest.mark.exhaustive
def test_the_user_has_the_last_word(tmp_path: Path) -> None:
    """A gap that is marked, a truce that is dated, and a file of gaps without rows: nothing is doubted."""
    zeros = weeks_file(tmp_path, "zeros.csv", "0")
    assert doubt(asked.read_all(zeros, None), None, silent) is not None
    truce = Regimes(suppressions=(("truce", date(2004, 9, 16), date(2004, 10, 7)),))
    assert doubt(asked.read_all(zeros, None), truce, silent) is None
    for gaps in (gaps_file(tmp_path), [], gaps_file(tmp_path, "2004-09-16,2004-10-06")):
        record = asked.read_all(zeros, None, gaps=gaps)
        assert asked.doubted(record, None, None, None, gaps, silent).doubts == ()


def test_part_of_a_truce_does_not_excuse_the_rest() -> None:
    """Six weeks without attacks at some 7 a week, of which two are a truce."""
    record = counted([7] * 20 + [0] * 6 + [7] * 20, np.arange(46) * 7.0, np.arange(1, 47) * 7.0)
    truce = Regimes(suppressions=(("truce", day(140), day(154)),))
    quiet = doubt(record, truce, silent)
    assert quiet is not None
    assert [span[:2] for span in quiet.spans] == [(140.0, 182.0)]
    assert quiet.spans[0][2] > UNLIKELY * 1e-12  # 28 days of 1 attack a day, not 42
    assert doubt(record, Regimes(suppressions=(("truce", day(140), day(182)),)), silent) is None


@pytest.mark.exhaustive
def test_low_tension_without_attacks_is_not_doubted() -> None:
    """Dated tension: at low tension there may be none; in the war the same silence is doubted."""
    counts = [0] * 20 + [14] * 10 + [0] * 4 + [14] * 10
    record = counted(counts, np.arange(44) * 7.0, np.arange(1, 45) * 7.0)
    quiet = doubt(record, Regimes(((day(140), True),)), silent)
    assert quiet is not None
    assert [span[:2] for span in quiet.spans] == [(210.0, 238.0)]


def test_several_gaps_do_not_hide_each_other() -> None:
    counts = np.random.default_rng(1).poisson(8, 60)
    for first in (10, 25, 40):
        counts[first : first + 4] = 0
    quiet = doubt(counted(counts, np.arange(60) * 7.0, np.arange(1, 61) * 7.0), None, silent)
    assert quiet is not None
    assert [span[:2] for span in quiet.spans] == [(70.0, 98.0), (175.0, 203.0), (280.0, 308.0)]


def test_time_that_the_user_says_was_watched_is_not_doubted() -> None:
    """A burst and then nothing: zeros at the end may be missing data, unless the end was given."""
    record = counted([9] * 8 + [0] * 12, np.arange(20) * 7.0, np.arange(1, 21) * 7.0)
    quiet = doubt(record, None, silent)
    assert quiet is not None
    assert [span[:2] for span in quiet.spans] == [(56.0, 140.0)]
    assert doubt(record, None, silent, (False, True)) is None


@pytest.mark.parametrize(("rate", "branching", "decay"), [
    (0.4, 0.6, 3.0), *(pytest.param(*case, marks=pytest.mark.exhaustive) for case in (
        (1.0, 0.0, 1.0), (0.8, 0.2, 3.0), (0.1, 0.9, 1.0), (0.15, 0.3, 5.0)))])
def test_records_of_the_process_itself_are_not_doubted(rate: float, branching: float, decay: float) -> None:
    """Of 30 records of each, among them bursts with long quiet between; 1 in 10,000 is doubted at most."""
    for seed in range(30):
        record = events(excited_times(seed, rate, branching, decay, 400), 400)
        assert doubt(record, None, silent) is None, seed


def test_events_within_a_gap_are_left_out_and_the_rest_has_the_likelihood_of_its_parts() -> None:
    times = excited_times(3, 0.5, 0.5, 2, 200)
    record = mask(events(times, 200), [(day(50), day(79))])
    first, last = times[times < 50], times[times >= 80] - 80
    assert (record.gaps, watched_days(record)) == (((50.0, 80.0),), 170.0)
    out = len(times) - len(first) - len(last)
    assert record.notes == (f"30 days are marked as not watched; {out} attacks are left out",)
    model = Excited("", "", steady(record), 1.0, True)
    values = np.array([0.5, 0.4, 3.0])
    parts = [Excited("", "", steady(events(part, end)), 1.0, True).tell(events(part, end), values)
             for part, end in ((first, 50), (last, 120))]
    told = model.tell(record, values)
    assert told.log_likelihood == pytest.approx(sum(part.log_likelihood for part in parts), rel=1e-12)
    assert len(told.risen) == len(record.times) + 1
    assert told.risen[len(first)] == pytest.approx(parts[0].risen[-1] + parts[1].risen[0])


def test_a_rate_that_switches_goes_on_switching_in_a_gap() -> None:
    """Against matrix exponentials: attacks at 1 and 4, a gap from 5 to 12, an attack at 13, the end at 15."""
    record = mask(events([1.0, 4.0, 13.0], 15), [(day(5), day(11))])
    low, high, rising, falling = 0.3, 2.0, 0.1, 0.2
    switch, attack = np.array([[-rising, rising], [falling, -falling]]), np.diag([low, high])
    state, rest = np.array([falling, rising]) / (rising + falling), switch - attack
    for step in (expm(rest), attack, expm(3 * rest), attack, expm(rest), expm(7 * switch), expm(rest), attack,
                 expm(2 * rest)):
        state = state @ step
    told = Switching(1.0, 15.0).tell(record, np.array([low, high / low, 1 / rising, 1 / falling]))
    assert told.log_likelihood == pytest.approx(math.log(state.sum()), rel=1e-10)


def test_the_rate_of_events_with_a_gap_is_that_of_the_days_watched() -> None:
    record = mask(events(np.arange(100) + 0.5, 100), [(day(20), day(59))])
    poisson = next(model for model in models_for(record, None) if model.name == "poisson")
    assert fit(poisson, record).values[0] == pytest.approx(1.0, rel=1e-3)
    starts, _, counts = in_weeks(record, 0.0, 100.0)
    assert (starts.tolist(), set(counts.tolist())) == ([0, 7, *range(63, 92, 7)], {7})  # weeks watched to the end
    background, _ = moving(record, steady(record))
    assert background.shape == pytest.approx(np.full(len(background.shape), 1.0), abs=1e-3)
    assert until(record, 50.0).gaps == ((20.0, 50.0),)
    assert watched_days(until(record, 50.0)) == 20.0


def test_a_gap_at_an_end_shortens_the_record() -> None:
    record = mask(events(np.arange(100) + 0.5, 100), [(day(-5), day(9)), (day(90), day(120))])
    assert (record.begin, record.end, record.gaps, len(record.times)) == (10.0, 90.0, (), 80)


@pytest.mark.exhaustive
def test_a_backtest_knows_and_forecasts_nothing_of_a_gap() -> None:
    run, time = families(np.random.default_rng(2), 1, [0, 280], [1.0], [1], 0.3, 2)
    edges = np.arange(281.0)
    record = mask(counted(tallies(run, time, 1, edges)[0], edges[:-1], edges[1:]), [(day(217), day(230))])
    result = backtest(record, None, day(209), None, None, 1, silent)
    assert result.forecasts[0].starts.tolist() == [210, 231, 238, 245, 252, 259, 266, 273]


def test_gaps_in_places(tmp_path: Path) -> None:
    """A gap in one place is one in the total; places that the data do not have are none of their business."""
    data = tmp_path / "a.csv"
    data.write_text("date,count,iraq,syria\n" + "".join(f"2024-01-{i:02d},2,1,1\n" for i in range(1, 11)))
    path = gaps_file(tmp_path, "2024-01-03,2024-01-04,Iraq", "2024-01-08,2024-01-08,Jordan", header="begin,end,place")
    record = asked.read_all(data, None, gaps=path)
    assert record.starts.tolist() == [0, 1, 4, 5, 6, 7, 8, 9]
    assert record.notes[1:] == (f"{path}, row 3: left out, since the data have no such place",
                                "2 days are marked as not watched; 2 intervals with 4 attacks are left out")


@pytest.mark.parametrize(("rows", "message"), [
    (("begin,until", "2024-01-01,2024-01-02"), ", row 1: needs the columns begin and end; it has begin, until"),
    (("begin,end", "2024-01-05,2024-01-02"), ", row 2: the gap ends on 2024-01-02, before it begins on 2024-01-05"),
    (("begin,end", "2024-01-05,"), ", row 2: the end is missing; write dates as 2024-01-28"),
])
def test_a_file_of_gaps_that_cannot_be_used(tmp_path: Path, rows: tuple[str, ...], message: str) -> None:
    path = gaps_file(tmp_path, *rows[1:], header=rows[0])
    with pytest.raises(DataError) as caught:
        mask(events([1.0], 5), path)
    assert caught.value.problems == (f"{path}{message}",)


def test_gaps_that_leave_nothing_and_gaps_elsewhere() -> None:
    with pytest.raises(DataError, match=r"events\.csv: nothing is left of the record outside the gaps"):
        mask(events([1.0], 5), [(day(0), day(5))])
    told = mask(events([1.0], 5), [(day(30), day(40))])
    assert same(told, events([1.0], 5))
    assert told.notes == ("the gap from 2024-01-31 to 2024-02-10 lies outside the record",)
