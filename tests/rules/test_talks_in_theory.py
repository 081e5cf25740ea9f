"""Talks against renewal theory and order statistics. Each statistical test has a fixed seed and alpha about 1e-4."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ALWAYS_FATAL, START, SURE, day, model

from rules.ledger import audit
from sim.clocks.reference import ReferenceClock, play
from sim.model.setup import Model
from sim.rules import state as codes

Z = 3.9
TALKS = {"first_round": START, "stall_after_days": 3650}


def states(world: Model, replications: int, seed: int = 5) -> list[codes.State]:
    return [ReferenceClock(world, seed, i).play() for i in range(replications)]


@pytest.mark.parametrize("spread", [0.3, 1.0])
def test_rounds_without_attacks_follow_the_renewal_law(spread: float) -> None:
    """The mean number by T is T / m + (1 + cv^2) / 2 with a round at 0, its variance cv^2 T / m in the long run."""
    days, mean, runs = 2000, 20.0, 200
    sample = np.array([s.rounds for s in states(
        model(days, talks=TALKS | {"round_days": mean, "round_spread": spread}), runs)])
    expected = days / mean + (1 + spread * spread) / 2
    assert abs(sample.mean() - expected) < Z * spread * math.sqrt(days / mean / runs)


def test_rounds_of_a_fixed_length_are_counted_exactly() -> None:
    (s,) = states(model(101, talks=TALKS | {"round_days": 20, "round_spread": 0}), 1)
    assert s.rounds == 6  # on days 0, 20, ..., 100


def test_the_agreement_waits_for_the_slowest_group_and_the_principals() -> None:
    """The mean of the largest of three exponential times is 1 + 1/2 + 1/3 of their mean, its variance 1 + 1/4 + 1/9."""
    work, principals, runs = 100.0, 14.0, 1000
    groups = {name: {"work_days": work, "work_spread": 1} for name in "abc"}
    world = model(4000, talks=TALKS | {"principals_days": principals, "round_days": 400}, working_groups=groups)
    sample = np.array([s.milestone[codes.AGREEMENT] for s in states(world, runs)])
    assert sample.max() < math.inf
    assert abs(sample.mean() - work * 11 / 6 - principals) < Z * work * math.sqrt(49 / 36 / runs)


def test_groups_of_known_work_agree_on_a_known_day() -> None:
    groups = {name: {"work_days": days, "work_spread": 0} for name, days in (("a", 30), ("b", 90), ("c", 60))}
    (s,) = states(model(200, talks=TALKS | {"principals_days": 10}, working_groups=groups), 1)
    assert s.milestone[codes.AGREEMENT] == 100
    assert s.talks == codes.AGREED
    assert s.talks_days[codes.PROGRESSING] == 100


@given(st.integers(0, 2**32), st.floats(1, 60))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_a_suspension_keeps_the_work_that_is_left(seed: int, suspension: float) -> None:
    """Whatever attacks do, a group reports once it has had its days of work outside suspensions."""
    world = model(
        500, theatres={"north": {"troops": 900, "attacks_per_day": 0.05}}, attack_kinds=SURE, casualties=ALWAYS_FATAL,
        talks=TALKS | {"suspend_after_fatal": 0.7, "suspension_days": suspension, "suspended_until": day(9)},
        working_groups={"a": {"work_days": 80, "work_spread": 0.5}, "b": {"work_days": 20, "work_spread": 0}})
    clock = ReferenceClock(world, seed, 0)
    worked = {0: 0.0, 1: 0.0}
    until = [0.0]

    def observe(s: Any, time: float) -> None:
        if s.talks in (codes.PROGRESSING, codes.STALLED):
            for g in worked:
                worked[g] += 0.0 if s.group_reported[g] else time - until[0]
        until[0] = time

    s = clock.play(observe)
    work = [clock.model.open_streams(seed, 0).working_group[g].next() for g in worked]
    allotted = [80 * (0.5 - 0.5 * math.log1p(-work[0])), 20.0]
    for g, days in worked.items():
        if s.group_reported[g]:
            assert days == pytest.approx(allotted[g], rel=1e-9)
        else:
            assert days <= allotted[g] + 1e-9


def test_an_attack_prolongs_a_suspension_but_never_shortens_it() -> None:
    world = model(
        300, theatres={"north": {"troops": 900, "attacks_per_day": 0.06}}, attack_kinds=SURE, casualties=ALWAYS_FATAL,
        talks=TALKS | {"suspend_after_fatal": 1, "suspension_days": 10, "suspension_spread": 0.9})
    for replication in range(5):
        s, _, records = audit(world, 4, replication)
        until = -math.inf
        for record in records:
            if record.what == codes.TOLD_SUSPENDED:
                assert record.amount >= max(until, record.time + 1)
                until = record.amount
            elif record.what == codes.TOLD_RESUMED:
                assert record.time == until
        assert 3 < s.suspensions < sum(r.what == codes.TOLD_SUSPENDED for r in records)


def test_talks_break_down_in_a_stalled_round_with_the_stated_chance() -> None:
    """Rounds every 10 days, stalled from day 30 on: the number of stalled rounds is geometric (alpha 1e-4)."""
    chance, runs = 0.2, 500
    world = model(1000, talks={"first_round": START, "round_days": 10, "round_spread": 0, "stall_after_days": 30,
                               "breakdown_chance": chance})
    ended = np.array([s.milestone[codes.BREAKDOWN] for s in states(world, runs)])
    stalled_rounds = (ended - 30) / 10 + 1
    assert set(stalled_rounds) <= set(range(1, 98))
    assert abs(stalled_rounds.mean() - 1 / chance) < Z * math.sqrt((1 - chance) / chance**2 / runs)


@pytest.mark.parametrize("kept", [1.0, 0.4])
def test_pressure_turns_into_a_demand_with_a_chance_that_grows_with_it(kept: float) -> None:
    """One point a stalled round, a share kept at each review: the chance that none was made by the tenth, exactly."""
    runs = 400
    world = model(106, talks={"first_round": START, "round_days": 10, "round_spread": 0, "stall_after_days": 0,
                              "breakdown_chance": 0},
                  pressure={"per_stalled_round": 1, "kept": kept, "review_days": 10, "demand_chance": 0.02})
    made = np.array([s.milestone[codes.DEMAND] for s in states(world, runs)])
    pressure, never = 1.0, 1.0  # after the round on day 0; another is held on the day of each review, before it
    for _ in range(10):
        never *= 1 - 0.02 * (pressure + 1)
        pressure = kept * (pressure + 1)
    assert abs((made == math.inf).mean() - never) < Z * math.sqrt(never * (1 - never) / runs)
    assert set(made[made < math.inf] % 10) == {0}


def test_talks_without_groups_never_agree_and_no_talks_are_no_talks() -> None:
    (s,) = states(model(100, talks=TALKS), 1)
    assert s.milestone[codes.AGREEMENT] == math.inf
    s, _, records = play(model(100), 1, 0)
    assert s.talks == codes.NO_TALKS
    assert s.talks_days[codes.NO_TALKS] == 100
    assert records == []
