"""What the clocks promise the rules: ties, the horizon, a budget, and room for a process of the user's own."""

import math
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest
from simpy.events import Event
from worlds import NO_COUPLINGS, START, day, leaving, model

from clocks.both import compare
from sim.clocks.budget import GivenUp
from sim.clocks.reference import ReferenceClock, play
from sim.model.setup import process_table
from sim.rules import state as codes
from sim.rules.processes import KINDS

ROUNDS = {"first_round": START, "round_days": 10, "round_spread": 0}


def test_processes_are_numbered_in_the_stated_order() -> None:
    world = model(30, theatres={"north": {"troops": 10, "sites": {"a": {}, "b": {}}}, "south": {"troops": 5}},
                  talks=ROUNDS, working_groups={"a": {}, "b": {}}, phases=leaving(over_days=10),
                  suppressions={"truce": {"start": day(3), "end": day(5)}})
    assert [(KINDS[kind].name, i) for kind, i in process_table(world.parameters)] == [
        ("tension", 0), ("suppression", 0), ("attacks", 0), ("attacks", 1), ("response", 0), ("response", 1),
        ("talks", 0), ("group", 0), ("group", 1), ("pressure", 0), ("phase", 0),
        ("closing", 0), ("closing", 1), ("closing", 2), ("lift", 0), ("threat", 0),
        ("follow_up", 0)]


def test_of_what_falls_on_one_day_the_lower_process_number_acts_first() -> None:
    """On day 20 a round is held before the demand ends the talks, which cancels the tranche of that day."""
    world = model(60, talks=ROUNDS, pressure={"demand_on": day(20)}, threat={"tick_days": 20, "noise": 0.5},
                  suppressions={"truce": {"start": day(20), "end": day(25)}},
                  phases=leaving(600, over_days=40, shape="stepped", steps=4, cancel_after="demand"))
    _, p, records = play(world, 1, 0)
    that_day = [(r.process, r.what) for r in records if r.time == 20]
    assert that_day[:4] == [
        (p.process_suppression, codes.TOLD_SUPPRESSION), (p.process_talks, codes.TOLD_ROUND),
        (p.process_pressure, codes.TOLD_MILESTONE), (p.process_pressure, codes.TOLD_CANCELLED)]
    assert codes.TOLD_TRANCHE not in [what for _, what in that_day]


def test_what_falls_on_the_first_day_happens_and_what_falls_on_the_horizon_does_not() -> None:
    for demand_on, made in ((0, 0.0), (29, 29.0), (30, math.inf)):
        s, p, _ = play(model(30, pressure={"demand_on": day(demand_on)}), 1, 0)
        assert p.horizon == 30
        assert s.milestone[codes.DEMAND] == made
        assert s.now == 30


def test_where_nobody_is_no_demand_to_leave_is_made() -> None:
    world = model(60, theatres={"north": {"troops": 0}}, pressure={"demand_on": day(20)})
    assert play(world, 1, 0)[0].milestone[codes.DEMAND] == math.inf


def test_what_is_due_in_the_past_happens_now() -> None:
    """Of a phase that was to end on day 5 but may begin on day 40 only, all is asked for and moved on day 40."""
    world = model(60, phases={
        "first": {"theatre": "north", "start": day(40), "target": 900, "over_days": 0},
        "leave": {"theatre": "north", "after": "phases.first", "target": 500, "by": day(5)}})
    _, _, records = play(world, 1, 0)
    assert {r.time for r in records} == {40.0}
    assert sum(r.amount for r in records if r.what == codes.TOLD_LOAD) == 500


def test_a_due_time_that_is_not_a_number_never_comes_and_the_replication_ends() -> None:
    world = model(60, talks=ROUNDS)
    nobody_knows = replace(world, parameters=replace(world.parameters, talks_round_days=math.nan))
    s, _, _ = play(nobody_knows, 1, 0)
    assert s.rounds == 1  # the first is dated; after it nobody knows when
    assert s.now == 60
    both = compare(nobody_knows, 1, 0)
    assert (both.given_up, both.differences) == ([], [])
    assert both.told == {("talks", codes.TOLD_ROUND): 1}


def test_a_scenario_that_runs_wild_is_given_up() -> None:
    """29 days of a hundred tranches each, and what they set off: more than a thousand events, if not a million."""
    wild = model(60, phases=leaving(over_days=30, tranche_days=0.01))
    with pytest.raises(GivenUp, match=r"^more than 1,000 events$"):
        ReferenceClock(wild, 1, 0, budget=1000).play()
    both = compare(wild, 1, 0, budget=1000)
    assert (both.given_up, both.differences) == (["more than 1,000 events"], [])
    tame = model(60, phases=leaving(100, over_days=30))
    assert play(tame, 1, 0)[0].completed_at == 30


def test_a_budget_is_spent_by_the_same_event_on_both_clocks() -> None:
    world = model(60, phases=leaving(100, over_days=30), talks=ROUNDS)
    clock = ReferenceClock(world, 1, 0)
    clock.play()
    enough, short = (compare(world, 1, 0, budget=budget) for budget in (clock.steps, clock.steps - 1))
    assert (enough.given_up, enough.differences) == ([], [])
    assert (short.given_up, short.differences) == ([f"more than {clock.steps - 1} events"], [])


def test_attacks_too_frequent_for_the_plane_of_points_are_given_up() -> None:
    history = {"attacks": {"north": [{"date": day(-9), "total": 0}, {"date": START, "total": 1_000_000}]}}
    wild = model(60, history=history, theatres={"north": {"troops": 1000, "attacks_per_day": 0.1}})
    with pytest.raises(GivenUp, match=r"^attacks became too frequent to be played$"):
        play(wild, 1, 0)
    both = compare(wild, 1, 0, 3)
    assert (both.given_up, both.differences) == (["attacks became too frequent to be played"] * 3, [])


def test_a_threat_that_grows_beyond_all_bounds_is_given_up() -> None:
    wild = model(60, threat={"rests_today": 1e-300, "persistence": 0.5})
    with pytest.raises(GivenUp, match=r"^its numbers grow beyond all bounds$"):
        play(wild, 1, 0)
    both = compare(wild, 1, 0, 3)
    assert (both.given_up, both.differences) == (["its numbers grow beyond all bounds"] * 3, [])


def test_a_process_of_the_users_own_sees_the_state_after_the_models_at_the_same_time() -> None:
    seen: list[tuple[float, int, int]] = []

    def inspector(clock: ReferenceClock) -> Generator[Event, Any, None]:
        while True:
            yield clock.timeout(7)
            seen.append((clock.now, clock.state.tick, clock.state.total_present))

    world = model(30, threat={}, phases=leaving(700, over_days=21))
    clock = ReferenceClock(world, 1, 0, own_processes=[inspector])
    own = clock.play()
    assert seen == [(7, 1, 900), (14, 2, 800), (21, 3, 700), (28, 4, 700)]
    assert own == play(world, 1, 0)[0]  # and leaves no trace in it


def test_watching_changes_nothing() -> None:
    world = model(300, theatres={"north": {"troops": 1000, "attacks_per_day": 0.3}}, response={}, threat={})
    quiet = ReferenceClock(world, 5, 3).play()
    watched = ReferenceClock(world, 5, 3, on_record=lambda record: None).play(lambda s, time: None)
    assert quiet == watched
    assert quiet.attacks[0] > 0


def test_replications_are_played_one_by_one_or_in_a_row_alike() -> None:
    world = model(200, theatres={"north": {"troops": 1000, "attacks_per_day": 0.1}}, couplings=NO_COUPLINGS)
    row = [play(world, 3, replication) for replication in range(4)]
    assert play(world, 3, 2) == row[2]
    assert len({tuple(r.time for r in records) for _, _, records in row}) == 4
