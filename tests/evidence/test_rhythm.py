"""Dates that are no days are noticed, and attacks then counted over spans within which their order does not matter.

Every test of an even spread has an error rate of 1e-6.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from worlds import START, day

import sim
from evidence.processes import counted, events, excited_times
from sim.evidence.calibrate import calibrate
from sim.evidence.errors import DataError
from sim.evidence.fit import fit
from sim.evidence.models import models_for
from sim.evidence.record import AttackRecord
from sim.evidence.rhythm import regular
from sim.play.choice import silent


def dated(days: Sequence[int] | np.ndarray, guessed: bool = True) -> AttackRecord:
    """Return events by day, from the first to the last, as they are read from a file of dates."""
    days = np.sort(np.asarray(days, np.int64))
    length = int(days[-1] - days[0] + 1)
    record = counted(np.bincount(days - days[0]), np.arange(length), np.arange(1, length + 1))
    return replace(record, first_day=START + timedelta(days=int(days[0])),
                   guessed=("begin", "end") if guessed else ())


def even(seed: int, number: int, days: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, days, number)


SATURDAY = 5  # 1 January 2024 is a Monday


@pytest.mark.exhaustive
def test_dates_rounded_to_a_week_are_counted_by_week() -> None:
    """Attacks at 0.6 a day without excitation, dated to the Saturday that begins their week."""
    record = dated(7 * (even(1, 250, 420) // 7) + SATURDAY)
    ratio = {model.name: fit(model, record) for model in models_for(record, None)}["self_excited"]
    assert ratio.value("branching_ratio") > 0.6  # what is so avoided
    told = regular(record)
    assert (told.ends - told.starts == 7).all()
    assert (told.begin, told.end, told.first_day, told.attacks) == (0, 420, day(SATURDAY), 250)
    assert told.notes == (
        "100% of all attacks are dated to a Saturday and 0% to a Monday, which chance rules out: those dates are "
        "probably of a week or of a publication, not of a day; so attacks are counted by week (--by time takes the "
        "data as they are)",)
    result = calibrate(told, None, 1, silent)
    assert result.best == "poisson"
    assert result.models["poisson"].estimates["rate"].estimate == pytest.approx(250 / 420, rel=1e-3)
    assert result.models["self_excited"].estimates["branching_ratio"].low == 0.0


def test_reports_on_working_days_are_counted_by_week() -> None:
    """What happens on a Saturday or a Sunday is reported on Monday; what is left of a week at an end is left out."""
    days = even(2, 600, 500)
    days = np.where(days % 7 == 5, days + 2, np.where(days % 7 == 6, days + 1, days))
    told = regular(dated(days, guessed=False))
    assert (told.ends - told.starts == 7).all()
    assert "of all attacks are dated to a Monday and 0% to a Saturday" in told.notes[0]
    left = 600 - told.attacks
    assert 0 < left < 20
    assert told.notes[1] == f"{left} attacks are left out: their week was not watched from end to end"


def test_dates_rounded_to_a_month_are_counted_by_month() -> None:
    firsts = [date(2024 + month // 12, month % 12 + 1, 1).toordinal() - START.toordinal() for month in range(24)]
    months = np.random.default_rng(3).poisson(9, 24)
    told = regular(dated(np.repeat(firsts, months)))
    assert told.counts.tolist() == months.tolist()
    assert told.ends[:2].tolist() == [31, 60]
    assert told.end == 731  # to the end of December 2025
    assert told.notes[0].startswith("100% of all attacks are dated to day 1 of a month, which chance rules out")


def test_times_of_day_that_attacks_keep_are_counted_by_day() -> None:
    """Nine in ten come between 21:00 and 24:00, without excitation: by their times it looks like much of it."""
    rng = np.random.default_rng(4)
    clock = np.where(rng.random(800) < 0.9, rng.uniform(21, 24, 800), rng.uniform(0, 24, 800)) / 24
    record = events(np.sort(rng.integers(0, 400, 800) + clock), 400)
    best = {model.name: fit(model, record) for model in models_for(record, None)}
    assert best["self_excited"].aic < best["poisson"].aic - 100  # what is so avoided
    told = regular(record)
    assert told.kind == "counts"
    assert told.counts.tolist() == np.bincount(np.floor(record.times).astype(int), minlength=400).tolist()
    assert "of all attacks come between 21:00 and 24:00, which chance rules out" in told.notes[0]
    assert told.notes[0].endswith("so attacks are counted by day (--by time takes the data as they are)")


@pytest.mark.parametrize(("rate", "branching", "decay"), [
    (0.2, 0.9, 0.05), (0.1, 0.9, 2.0), *(pytest.param(*case, marks=pytest.mark.exhaustive) for case in (
        (2.0, 0.0, 1.0), (0.5, 0.6, 3.0)))])
def test_records_with_an_even_spread_stay_as_they_are(rate: float, branching: float, decay: float) -> None:
    """Of 100 records of each kind, among them bursts within an hour, with times and as dates."""
    for seed in range(100):
        times = excited_times(seed, rate, branching, decay, 300)
        record = events(times, 300)
        assert regular(record) is record, seed
        by_day = dated(np.floor(times))
        assert regular(by_day) is by_day, seed


def test_the_user_may_say_by_what_attacks_are_counted() -> None:
    times = events(excited_times(1, 1.0, 0.3, 2, 100), 100)
    assert regular(times, "time") is times
    assert len(regular(times, "day").counts) == 100
    assert regular(times, "week").ends.tolist() == regular(dated(np.floor(times.times)), "week").ends.tolist()
    saturdays = dated(7 * (even(1, 250, 420) // 7) + SATURDAY)
    told = regular(saturdays, "day")
    assert told.counts.tolist() == saturdays.counts.tolist()
    assert told.notes[0].endswith("they are counted by day all the same, as asked for (--by day)")
    with pytest.raises(DataError, match=r"counts\.csv: only events and daily counts can be counted by day"):
        regular(counted([1, 2], [0, 7], [7, 14]), "day")
    with pytest.raises(ValueError, match="by must be one of time, day, week, month, not 'year'"):
        regular(times, "year")


def test_places_and_gaps_are_counted_along() -> None:
    rng = np.random.default_rng(5)
    record = events(np.sort(rng.uniform(0, 70, 140)), 70)
    iraq = (rng.random(140) < 0.5).astype(float)
    outside = (record.times < 20) | (record.times >= 24)
    record = replace(record, times=record.times[outside], places={"iraq": iraq[outside]}, gaps=((20.0, 24.0),))
    told = regular(record, "week")
    assert len(told.counts) == 8  # of ten weeks one and a half were not watched, or two by where weeks begin
    for start, end, count, there in zip(told.starts, told.ends, told.counts, told.places["iraq"], strict=True):
        inside = (record.times >= start) & (record.times < end)
        assert (count, there) == (inside.sum(), record.places["iraq"][inside].sum())


def test_tension_that_switches_every_few_hours_is_not_written(tmp_path: Path) -> None:
    """Salvos: 60 of five attacks within an hour, at any time of day."""
    rng = np.random.default_rng(6)
    times = np.sort((rng.uniform(0, 300, 60)[:, None] + rng.uniform(0, 1 / 24, (60, 5))).ravel())
    lines = ["date,time", *(f"{START + timedelta(days=int(t))},{int(t % 1 * 24):02d}:{int(t % 1 * 1440) % 60:02d}"
                            for t in times)]
    (tmp_path / "salvos.csv").write_text("\n".join(lines) + "\n")
    done = sim.calibrate(tmp_path / "salvos.csv", figures=False)
    best = min(done.result.models.values(), key=lambda model: model.fit.aic)
    assert best.fit.model.name == "markov_modulated" != done.result.best
    assert done.keys is None
    (why,) = done.unsaid
    assert why.startswith("no fit.toml: the rate would switch after ")
    assert why.endswith("hours on average, which is no regional tension but attacks that come in salvos or at certain "
                        "hours; count by day (--by day), or enter a salvo as one attack")
