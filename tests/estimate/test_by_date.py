"""Chances by a date, and which differences depend on when one stops looking, on cases with known truth."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from sim.estimate.by_date import (
    LEVEL,
    Earlier,
    apart,
    by_day,
    chance_by,
    check_dates,
    day_of,
    earlier,
    events,
)
from sim.estimate.difference import bonett_price
from sim.estimate.intervals import wilson
from sim.model.catalogue import expand
from sim.model.setup import set_up
from sim.scenario.errors import ScenarioError
from sim.scenario.load import from_dict

HORIZON = 100.0
INF = np.inf
SHARED = [(0.3, 0, 100)]
"""What happens in both: with this chance, on a day between these, each as likely."""
CASES = {
    "nothing differs": ([(0.3, 0, 100)], [(0.3, 0, 100)]),
    "arises evenly": ([], [(0.2, 0, 100)]),
    "half of it fades": ([(0.1, 50, 100)], [(0.2, 0, 50)]),
    "turns": ([(0.35, 60, 100)], [(0.2, 0, 40)]),
    "fades": ([(0.15, 50, 100)], [(0.2, 0, 30)]),
    "arises late": ([], [(0.2, 90, 100)]),
}
"""What happens to the others, only in the base and only in the scenario."""


def days(rng, n, parts):
    """Draw on which day something happens, in the first part that it falls into; infinite if in none."""
    u, when, drawn, upto = rng.random(n), rng.random(n), np.full(n, INF), 0.0
    for share, first, last in parts:
        drawn = np.where((u >= upto) & (u < upto + share), first + (last - first) * when, drawn)
        upto += share
    return drawn


def pair(seed, n, case):
    rng = np.random.default_rng(seed)
    shared = days(rng, n, SHARED)
    return tuple(np.where(np.isinf(shared), days(rng, n, parts), shared) for parts in CASES[case])


def marked(case, cases, n=400, matters=0.0):
    return [earlier(*pair(seed, n, case), HORIZON, matters) for seed in range(cases)]


@pytest.mark.parametrize("case", ["nothing differs", "arises evenly", "half of it fades"])
def test_what_does_not_depend_on_the_horizon_is_hardly_ever_marked(case):
    """Truth: none depends, the last one by a hair. In 200 cases with a rate of 1 % more than 8 come once in 1,000."""
    assert stats.binom.sf(8, 200, LEVEL) < 0.001
    assert sum(found is not None for found in marked(case, 200)) <= 8


@pytest.mark.exhaustive
@pytest.mark.parametrize("n", [60, 1000])
@pytest.mark.parametrize("case", ["nothing differs", "arises evenly", "half of it fades"])
def test_the_error_rate_is_what_it_is_said_to_be(case, n):
    """2,000 cases; with a rate of 1 % more than 35 come once in 1,000."""
    assert stats.binom.sf(35, 2000, LEVEL) < 0.001
    assert sum(found is not None for found in marked(case, 2000, n)) <= 35


@pytest.mark.parametrize(("case", "first", "last", "difference"), [
    ("turns", 35, 65, 0.2 * 0.7), ("fades", 25, 55, 0.2 * 0.7), ("arises late", 66, 91, 0.0)])
def test_what_depends_on_the_horizon_is_found(case, first, last, difference):
    """With 4,000 replications, every time; the date is one at which the difference is furthest from that at the end.

    The differences are those of `CASES` times the 70 % that `SHARED` leaves, give or take five standard errors.
    """
    for found in marked(case, 10, 4000, 0.02):
        assert first <= found.day <= last
        assert found.difference == pytest.approx(difference, abs=0.04)


def test_what_is_too_small_to_matter_is_not_marked():
    base, here = pair(1, 40_000, "fades")
    shown = earlier(base, here, HORIZON, 0.02)
    assert shown is not None
    assert earlier(base, here, HORIZON, 0.5) is None
    by_then = (here < shown.day + 1).mean() - (base < shown.day + 1).mean()
    assert shown == Earlier(shown.day, pytest.approx(by_then))


def test_a_difference_that_fades_to_nothing_is_marked_too():
    """Everything happens in both in the end: no difference at the horizon, and no test of one."""
    base, here = np.linspace(50, 99, 500), np.linspace(0, 49, 500)
    found = earlier(base, here, HORIZON, 0.02)
    assert found.difference == 1.0
    assert 48 <= found.day <= 50


@pytest.mark.parametrize("horizon", [1.0, 2.0, 5.0])
def test_the_shortest_scenarios_have_few_earlier_dates(horizon):
    base, here = np.full(50, horizon - 0.5), np.full(50, INF)
    assert earlier(base, here, horizon, 0.02) is None or horizon > 2
    assert earlier(base, base, horizon, 0.02) is None


def test_counts_by_day_are_those_of_what_has_happened_by_its_end():
    column = np.array([0.0, 0.9, 1.0, 3.5, 99.9, INF])
    assert by_day(column, 5.0).tolist() == [2, 3, 3, 4, 4]
    for day, count in ((0, 2), (1, 3), (3, 4), (99, 5)):
        assert by_day(column, HORIZON)[day] == count
        assert (chance_by(column, day).chance, chance_by(column, day).ci95) == (count / 6, wilson(count, 6))


def test_differences_by_a_date_are_paired():
    base, here = pair(3, 500, "turns")
    for day in (20, 50, 99):
        a, b = base < day + 1, here < day + 1
        both = by_day(np.maximum(base, here), HORIZON)[day]
        found = apart(by_day(base, HORIZON)[day], by_day(here, HORIZON)[day], both, 500)
        assert found.difference == pytest.approx(b.mean() - a.mean())
        assert found.ci95 == bonett_price(int((b & ~a).sum()), int((a & ~b).sum()), 500)
    assert apart(4, 4, 4, 10).ci95 == [0.0, 0.0]


def test_events_are_what_has_a_day():
    scenario = from_dict({
        "start": date(2024, 1, 1), "end": date(2024, 12, 31), "threat": {}, "theatres": {"north": {"troops": 1000}},
        "phases": {"leave": {"theatre": "north", "start": date(2024, 1, 1), "target": 0, "over_days": 30}}}).scenario
    assert events(expand(set_up(scenario))) == {
        "completed": "completion_day", "resurgence": "resurgence_day", "handover_day.north": "handover_day.north",
        "first_move_day.leave": "first_move_day.leave", "target_day.leave": "target_day.leave"}


FILE = SimpleNamespace(name="gradual", scenario=SimpleNamespace(start=date(2024, 2, 12), end=date(2030, 12, 31)))
SPAN = "give a date from 2024-02-12 to 2030-12-31"


@pytest.mark.parametrize(("asked", "said"), [
    ("2024-02-11", "is before gradual starts, on 2024-02-12"),
    ("2031-01-01", "is after gradual ends, on 2030-12-31"),
    ("2026-02-30", "2026-02-30 is not a date: that month has 28 days; dates are written year, month, day, such as "
                   "2024-02-12"),
    ("31.12.2026", "31.12.2026 is not written as a date; dates are written year, month, day, such as 2024-02-12"),
    ("20261231", 'must be a date, not "20261231"'),
    ("soon", 'must be a date, not "soon"'),
    ("", 'must be a date, not ""'),
])
def test_dates_that_cannot_be_asked_about_are_refused_in_a_line(asked, said):
    with pytest.raises(ScenarioError) as caught:
        day_of(asked, FILE)
    assert str(caught.value) == f"--by {asked}".rstrip() + f": {said}; {SPAN}"


def test_the_first_and_the_last_day_can_be_asked_about():
    assert (day_of("2024-02-12", FILE), day_of(date(2024, 2, 13), FILE), day_of("2030-12-31", FILE)) == (0, 1, 2514)


def test_all_dates_are_checked_at_once():
    with pytest.raises(ScenarioError) as caught:
        check_dates(["2020-01-01", "2026-01-01", "2040-01-01"], [FILE])
    assert [problem.key for problem in caught.value.problems] == ["2020-01-01", "2040-01-01"]
