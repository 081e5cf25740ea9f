"""Truces tied to talks and milestones, attacks after talks and demands, trends: by hand, or against theory.

Each statistical test has a fixed seed and alpha about 1e-4.
"""

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from worlds import ALWAYS_FATAL, HARMLESS, NO_COUPLINGS, START, SURE, day, leaving, model

from rules.ledger import audit
from sim.clocks.reference import Record, ReferenceClock, play
from sim.model.setup import Model
from sim.rules import state as codes
from sim.rules.suppressions import mean_patience

Z = 3.9
TOLD = {codes.TOLD_SUPPRESSION: "ends", codes.TOLD_LAPSED: "lapses", codes.TOLD_RENEWED: "again"}
ON_AND_OFF = {"first_round": day(30), "suspended_until": day(10), "stall_after_days": 15, "round_days": 10,
              "round_spread": 0, "breakdown_chance": 0}
"""Talks are suspended until day 10, progress until a round on day 50 finds them stalled, and go on when a group reports
on day 70, since its work begins with the first round, on day 30."""
REPORT_ON_70 = {"only": {"work_days": 40, "work_spread": 0}, "never": {"work_days": 5000, "work_spread": 0}}


def truce_of(truce: dict[str, Any], days: int = 100, **tables: Any) -> list[tuple[float, str]]:
    """Play a world with one truce; return when it began, lapsed, was in force again and ended."""
    _, _, records = audit(model(days, suppressions={"truce": truce}, **tables))
    return [(r.time, "begins" if r.amount else TOLD[r.what]) for r in records if r.what in TOLD]


# Truces and talks

def test_a_truce_that_needs_progress_lapses_while_talks_are_suspended_or_stalled() -> None:
    told = truce_of({"start": day(-5), "while_talks": "progressing"}, talks=ON_AND_OFF, working_groups=REPORT_ON_70)
    assert told == [(0, "lapses"), (10, "again"), (50, "lapses"), (70, "again"), (90, "lapses")]


def test_a_truce_takes_no_notice_of_talks_if_the_coupling_is_off() -> None:
    truce = {"start": day(5), "while_talks": "progressing", "end_chance_per_day": 0.5, "end": day(80)}
    off = {"talks_to_suppressions": False}
    assert truce_of(truce, talks=ON_AND_OFF, couplings=off) == [(5, "begins"), (80, "ends")]


def test_a_truce_begun_while_talks_do_not_go_on_lapses_at_once() -> None:
    told = truce_of({"start": day(5), "while_talks": "progressing", "end": day(20)}, talks=ON_AND_OFF)
    assert told == [(5, "begins"), (5, "lapses"), (10, "again"), (20, "ends")]


@pytest.mark.parametrize(("tables", "ends"), [
    ({"talks": ON_AND_OFF | {"suspended_until": day(0)}}, 50),
    ({"talks": ON_AND_OFF | {"suspended_until": day(0)}, "pressure": {"demand_on": day(40)}}, 40),
    ({"talks": {"first_round": START, "agreement_on": day(20)}, "pressure": {"demand_on": day(60)}}, 60),
    ({"talks": {"first_round": START, "agreement_on": day(20)}}, math.inf),
])
def test_a_truce_that_ends_for_sure_ends_once_talks_do_not_go_on(tables: dict[str, Any], ends: float) -> None:
    """Stalled on day 50, overtaken by a demand before or after they agree; an agreed timeline keeps it going."""
    told = truce_of({"start": day(5), "end_chance_per_day": 1}, **tables)
    assert told == [(5, "begins"), *([(ends, "ends")] if ends < math.inf else [])]


def test_a_truce_ends_with_the_stated_chance_on_each_day_that_talks_do_not_go_on() -> None:
    """Geometric in days without progress; days with progress in between do not count (chi-square, alpha 1e-4)."""
    chance, runs = 0.04, 600
    world = model(2000, suppressions={"truce": {"start": START, "end_chance_per_day": chance}},
                  talks=ON_AND_OFF | {"stall_after_days": 20}, working_groups=REPORT_ON_70)
    ended = np.array([next(r.time for r in play(world, 7, i)[2] if r.what == codes.TOLD_SUPPRESSION)
                      for i in range(runs)])
    assert not ((ended > 10) & (ended < 50)).any()  # talks progress
    assert not ((ended > 70) & (ended < 90)).any()
    waited = np.where(ended <= 10, ended, np.where(ended <= 70, ended - 40, ended - 60))
    edges = np.array([0, 5, 10, 15, 20, 30, 40, 60])
    below = 1 - (1 - chance) ** np.append(edges, np.inf)
    observed = np.histogram(waited, np.append(edges, np.inf))[0]
    assert stats.chisquare(observed, np.diff(below) * runs).pvalue > 1e-4


@pytest.mark.parametrize("chance", [1e-9, 0.02, 0.5, 0.999])
def test_a_day_without_progress_is_outlasted_with_the_rest_of_the_chance(chance: float) -> None:
    assert -math.expm1(-1 / mean_patience(chance)) == pytest.approx(chance, rel=1e-12)


def test_a_lapsed_truce_lets_attacks_through_and_one_in_force_does_not() -> None:
    world = model(100, theatres={"north": {"troops": 900, "attacks_per_day": 1.0}}, casualties=HARMLESS,
                  couplings=NO_COUPLINGS, talks=ON_AND_OFF, working_groups=REPORT_ON_70,
                  suppressions={"truce": {"start": START, "while_talks": "progressing", "factor": 0}})
    days = [r.time for r in audit(world)[2] if r.what == codes.TOLD_ATTACK]
    lapsed = [(0, 10), (50, 70), (90, 100)]
    assert all(any(first <= time < last for first, last in lapsed) for time in days)
    assert all(sum(first <= time < last for time in days) > 2 for first, last in lapsed)


# Truces and milestones

def test_a_truce_begins_and_ends_at_milestones() -> None:
    told = truce_of({"start_after": "agreement", "end_after": "phases.leave"},
                    talks={"first_round": START, "agreement_on": day(20)}, phases=leaving(500, over_days=60))
    assert told == [(20, "begins"), (60, "ends")]


@pytest.mark.parametrize(("truce", "told"), [
    ({"start_after": "agreement", "start": day(33), "end": day(50)}, [(33, "begins"), (50, "ends")]),
    ({"start_after": "agreement", "start": day(3), "mean_days": 0.2, "end_after": "phases.leave"}, 2),
    ({"start_after": "agreement", "end": day(20)}, []),  # over before it can begin
    ({"start_after": "agreement", "end_after": "agreement"}, []),
    ({"start": day(70), "end_after": "phases.leave"}, []),
    ({"start": day(7), "end": day(90), "end_after": "phases.leave"}, [(7, "begins"), (60, "ends")]),
    ({"start": day(7), "end": day(30), "end_after": "phases.leave"}, [(7, "begins"), (30, "ends")]),
])
def test_the_later_of_two_starts_and_the_earlier_of_two_ends_count(truce: dict[str, Any], told: Any) -> None:
    found = truce_of(truce, talks={"first_round": START, "agreement_on": day(20)}, phases=leaving(500, over_days=60))
    assert len(found) == told if isinstance(told, int) else found == told


def test_a_truce_may_follow_a_fatal_attack() -> None:
    world = model(200, theatres={"north": {"troops": 900, "attacks_per_day": 0.2}}, attack_kinds=SURE,
                  casualties=ALWAYS_FATAL,
                  suppressions={"truce": {"start_after": "fatal_attack", "factor": 0, "end": day(150)}})
    _, _, records = audit(world)
    attacks = [r.time for r in records if r.what == codes.TOLD_ATTACK]
    assert [r.time for r in records if r.what == codes.TOLD_SUPPRESSION] == [attacks[0], 150]
    assert attacks[0] < 100 < 150 < attacks[1]


# Attacks after talks and demands

def rates(days: int, **tables: Any) -> list[tuple[float, float]]:
    """Return the background in force before each step, with its time; 1 a day if nothing changes it."""
    seen: list[tuple[float, float]] = []
    world = model(days, theatres={"north": {"troops": 900, "attacks_per_day": 1.0}}, casualties=HARMLESS,
                  attacks={"talks_progressing": 0.5, "talks_stalled": 1.5, "talks_suspended": 2, "talks_broken": 3,
                           "after_demand": 4, "timeline_kept": 0.25}, **tables)
    ReferenceClock(world, 1, 0).play(lambda s, time: seen.append((time, s.background[0])))
    return seen


def at(seen: list[tuple[float, float]], first: float, last: float) -> set[float]:
    return {rate for time, rate in seen if first < time <= last}


def test_each_state_of_the_talks_has_its_factor_on_attacks() -> None:
    talks = ON_AND_OFF | {"breakdown_chance": 1}
    assert [at(rates(100, talks=talks), *days) for days in ((0, 10), (10, 50), (50, 100))] == [{2}, {0.5}, {3}]


def test_after_a_demand_its_factor_counts_in_place_of_that_of_the_talks() -> None:
    pressure = {"demand_on": day(60), "per_stalled_round": 0}
    for talks, before in ((ON_AND_OFF | {"breakdown_chance": 1}, 3), ({"first_round": START}, 0.5),
                          ({"first_round": START, "agreement_on": day(15)}, 0.25), (None, 1)):
        seen = rates(100, pressure=pressure, **({"talks": talks} if talks else {}))
        assert [at(seen, 50, 60), at(seen, 60, 100)] == [{before}, {4}]
    off = rates(100, pressure=pressure, couplings={"talks_to_attacks": False}, talks={"first_round": START})
    assert at(off, 0, 100) == {1}


# Trends

@pytest.mark.parametrize("trend", [-0.5, 0.4])
def test_attacks_follow_the_trend_of_their_background(trend: float) -> None:
    """Four years in blocks of 32 days, each with the rate of its first day: counts of a Poisson process, by year."""
    runs, days = 15, 4 * 365
    world = model(days, theatres={"north": {"troops": 900, "attacks_per_day": 0.5, "attacks_trend_per_year": trend}},
                  casualties=HARMLESS, couplings=NO_COUPLINGS)
    attacks = np.array([r.time for i in range(runs) for r in play(world, 3, i)[2] if r.what == codes.TOLD_ATTACK])
    blocks = np.append(np.arange(0, days, 32), days)
    expected = 0.5 * np.exp(trend * blocks[:-1] / 365.25) * np.diff(blocks) * runs
    observed = np.histogram(attacks, blocks)[0]
    for years in np.array_split(np.arange(observed.size), 4):
        assert abs(observed[years].sum() - expected[years].sum()) < Z * math.sqrt(expected[years].sum())
    assert stats.chisquare(observed, expected * observed.sum() / expected.sum()).pvalue > 1e-4


def test_without_a_trend_nothing_is_multiplied() -> None:
    def attacks(**more: Any) -> list[Record]:
        world = model(200, theatres={"north": {"troops": 900, "attacks_per_day": 0.5, **more}}, casualties=HARMLESS)
        return play(world, 1, 0)[2]

    assert attacks() == attacks(attacks_trend_per_year=0)


def resting(world: Model) -> codes.State:
    return play(world, 1, 0)[0]


@pytest.mark.parametrize(("present", "elasticity", "trend", "rests"), [
    (True, 0, 0, 0.6), (False, 0, 0, 1.7), (False, 0.5, 0, 1.7 / 0.8**0.5), (True, 2, 0, 0.6),
    (True, 0, -0.3, 0.6 * math.exp(-0.3 * 9.98)), (False, 0, 0.2, 1.7 * math.exp(0.2 * 9.98)),
])
def test_the_threat_comes_to_rest_where_the_keys_say(
    present: bool, elasticity: float, trend: float, rests: float
) -> None:
    """Ten years on: with all there and forces as at the start, or with all gone and forces at their floor."""
    world = model(3653, capability={"learning_per_year": 0, "loss_per_year": 5, "floor": 0.8},
                  threat={"noise": 0, "persistence": 0, "rests_today": 0.6, "rests_without": 1.7,
                          "capability_elasticity": elasticity, "trend_per_year": trend},
                  **({} if present else {"phases": leaving(0, over_days=30)}))
    s = resting(world)
    assert s.tick == 521
    assert math.exp(s.threat) == pytest.approx(rests * math.exp(trend * (521 * 7 / 365.25 - 9.98)), rel=1e-9)
    assert s.threat_ratio == pytest.approx(math.exp(s.threat) / (1 if present else 0.8), rel=1e-9)
