"""Scenarios are compared in the same futures: what does not concern a process leaves its chances alone."""

from typing import Any

import pytest
from examples import few_and_many
from hypothesis import strategies as st
from strategies import Tables, tables
from worlds import ALWAYS_FATAL, NO_COUPLINGS, START, SURE, day, leaving, model

from sim.clocks.reference import Record, play
from sim.model.setup import Model, set_up
from sim.rules import state as codes
from sim.rules.streams import uniform
from sim.scenario.load import from_dict

NORTH = {"troops": 1000, "attacks_per_day": 0.2, "sites": {"a": {}, "b": {}}}
SOUTH = {"troops": 500, "attacks_per_day": 0.3}
DEADLY: dict[str, Any] = {"attack_kinds": SURE, "casualties": ALWAYS_FATAL | {"evacuated_share": 0.5}}


def attacks_on(world: Model, theatre: str, replication: int = 0) -> list[tuple[float, str, float]]:
    """Return the attacks on a theatre and their harm: day, site struck, and their driver or the wounded."""
    k = world.names["theatres"].index(theatre)
    _, _, records = play(world, 4, replication)
    sites = world.names["sites"]
    there = [r for r in records if r.where == k and r.what in (codes.TOLD_ATTACK, codes.TOLD_HARM)]
    return [(r.time, sites[int(r.amount)] if r.what == codes.TOLD_ATTACK else "harm", r.detail) for r in there]


@pytest.mark.parametrize("more", [
    {"theatres": {"south": SOUTH, "north": NORTH}},
    {"theatres": {"north": NORTH, "south": SOUTH}},
    {"theatres": {"south": SOUTH | {"sites": {"a": {}, "b": {}, "c": {}}}, "north": NORTH},
     "phases": {"south": {"theatre": "south", "start": START, "target": 0, "over_days": 90}}},
    {"theatres": {"north": NORTH, "south": SOUTH | {
        "attacks_per_day": {"dist": "uniform", "low": 0.1, "high": 0.3}, "true_over_reported": 2.0}}},
    {"talks": {"first_round": START}, "working_groups": {"a": {}}, "pressure": {}, "threat": {}, "response": {}},
    {"tension": {}, "suppressions": {"over": {"start": day(-30), "end": day(-20)}}},
])
def test_what_does_not_touch_a_theatre_leaves_its_attacks_alone(more: dict[str, Any]) -> None:
    alone = model(300, theatres={"north": NORTH}, couplings=NO_COUPLINGS, **DEADLY)
    together = model(300, **({"theatres": {"north": NORTH}, "couplings": NO_COUPLINGS} | DEADLY | more))
    for replication in range(3):
        attacks = attacks_on(alone, "north", replication)
        assert len(attacks) > 50
        assert attacks_on(together, "north", replication) == attacks


def told(records: list[Record]) -> list[tuple[float, int, int, float, float]]:
    return [(r.time, r.what, r.where, r.amount, r.detail) for r in records]


@pytest.mark.exhaustive
@few_and_many(20, 50, tables(), st.integers(0, 2**32))
def test_a_theatre_without_weight_in_anything_changes_nothing_anywhere(scenario: Tables, seed: int) -> None:
    bystanders = {"troops": 70, "pressure_weight": 0, "adviser_weight": 0, "sites": {"x": {}, "y": {}}}
    with_them = scenario | {"theatres": scenario["theatres"] | {"aside": bystanders}}
    logs = []
    for data in (scenario, with_them):
        _, _, records = play(set_up(from_dict(data).scenario), seed, 0)
        of_all = (codes.TOLD_COMPLETE, codes.TOLD_FOLLOW_UP)  # they tell how many are left everywhere
        logs.append([line for line in told(records) if line[1] not in of_all])
    assert logs[0] == logs[1]


def test_an_uncertain_number_is_drawn_alike_whatever_else_is_uncertain() -> None:
    rate = {"dist": "uniform", "low": 0.1, "high": 0.3}
    one = model(30, theatres={"north": NORTH | {"attacks_per_day": rate}})
    more = model(30, theatres={"south": SOUTH | {"attacks_per_day": rate}, "north": NORTH | {"attacks_per_day": rate}},
                 attacks={"elasticity": {"dist": "uniform", "low": 0, "high": 1}})
    for replication in range(5):
        first = one.parameters_of(one.open_streams(1, replication)).theatre_attacks_per_day
        second = more.parameters_of(more.open_streams(1, replication)).theatre_attacks_per_day
        assert second[1] == first[0]
        assert second[0] != first[0]


def test_values_drawn_jointly_come_from_one_row() -> None:
    rows = [[0.1, 0.9, 5], [0.2, 0.8, 6], [0.3, 0.7, 7]]
    world = model(30, joint={"fit": {"keys": ["attacks.elasticity", "attacks.branching_ratio", "attacks.decay_days"],
                                     "rows": rows}})
    drawn = []
    for replication in range(60):
        streams = world.open_streams(1, replication)
        p = world.parameters_of(streams)
        drawn.append([p.attacks_elasticity, p.attacks_branching_ratio, p.attacks_decay_days])
        u = uniform(world.open_streams(1, replication).parameter, 0)
        assert drawn[-1] == rows[int(3 * u)]
    assert all(row in drawn for row in rows)
    assert world.parameters.attacks_elasticity == 0.5  # the parameters of the model itself stay as in the file


def test_futures_that_differ_only_later_are_the_same_until_then() -> None:
    """A truce, a cut and a demand from day 200 on; the log before is the same in all, and afterwards it is not."""
    base: dict[str, Any] = {
        "theatres": {"north": NORTH, "south": SOUTH}, "tension": {}, "response": {}, "threat": {}, "pressure": {},
        "talks": {"first_round": START}, "working_groups": {"a": {}, "b": {}}, "attack_kinds": SURE}
    cut = {"cut": {"theatre": "north", "start": day(200), "target": 100, "over_days": 0}}
    logs = []
    for more in ({}, {"suppressions": {"truce": {"start": day(200), "end": day(230)}}}, {"phases": cut},
                 {"pressure": {"demand_on": day(200)}}, {"deadline": day(250)}):
        _, _, records = play(model(300, **(base | more)), 2, 1)
        logs.append(told(records))
    before = [[line for line in log if line[0] < 200] for log in logs]
    assert all(log == before[0] for log in before)
    assert len(before[0]) > 100
    assert logs[4] == logs[0]
    assert len({str(log) for log in logs}) == 4


def test_two_seeds_have_no_attack_in_common() -> None:
    world = model(300, theatres={"north": NORTH}, couplings=NO_COUPLINGS)
    days = [{r.time for r in play(world, seed, i)[2]} for seed in (1, 2) for i in (0, 1)]
    assert sum(len(some) for some in days) == len(set().union(*days)) > 100


EVERYTHING: dict[str, Any] = {
    "theatres": {"north": NORTH | {"attacks_per_day": 0.05}, "south": SOUTH | {"attacks_per_day": 0.05}},
    "tension": {"high_multiplier": 3, "mean_low_days": 40, "mean_high_days": 40}, "lift": {},
    "talks": {"first_round": START, "stall_after_days": 20, "breakdown_chance": 0.01},
    "working_groups": {"a": {"work_days": 60}, "b": {"work_days": 80}},
    "response": {"chance_after_attack": 0.3},
    "pressure": {"demand_chance": 0.01, "per_strike": 4, "per_stalled_round": 10}, "threat": {"noise": 0.2},
    "phases": leaving(over_days=200, hold_after_fatal_days=10, hold_when_suspended=True, hold_above_threat=1.1,
                      faster_after="demand") | {
        "south": {"theatre": "south", "after": "agreement", "target": 0, "over_days": 90, "quiet_days": 9}},
    "suppressions": {"truce": {"start": day(50), "end": day(60), "factor": 0.2},
                     "tied": {"start": day(5), "end": day(300), "end_chance_per_day": 0.1, "factor": 0.5}},
    "attack_kinds": SURE, "casualties": {"harm_chance": 0.5, "fatal_chance": 0.3},
}
ZERO_STRENGTH = {
    "presence_to_attacks": ["attacks.elasticity=0"],
    "tension_to_attacks": ["tension.high_multiplier=1"],
    "contagion": ["attacks.branching_ratio=0"],
    "talks_to_attacks": ["attacks.talks_progressing=1", "attacks.talks_stalled=1", "attacks.talks_suspended=1",
                         "attacks.talks_broken=1", "attacks.after_demand=1"],
    "talks_to_suppressions": ["suppressions.tied.end_chance_per_day=0"],
    "timeline_to_attacks": ["attacks.timeline_kept=1", "attacks.timeline_slipping=1"],
    "attacks_to_response": [
        "response.chance_after_attack=0", "response.chance_after_harm=0", "response.chance_after_fatal=0"],
    "response_to_attacks": ["response.drop=0", "response.rise=0"],
    "attacks_to_talks": ["talks.suspend_after_fatal=0", "talks.suspend_after_mass_casualty=0"],
    "response_to_pressure": ["pressure.per_strike=0"],
    "stall_to_pressure": ["pressure.per_stalled_round=0"],
    "attacks_to_drawdown": ["phases.leave.hold_after_fatal_days=0", "phases.south.quiet_days=0"],
    "talks_to_drawdown": ["phases.leave.hold_when_suspended=false"],
    "threat_to_drawdown": ["phases.leave.hold_above_threat=1000"],
    "capability_to_threat": ["threat.capability_elasticity=0"],
    "attacks_to_threat": ["threat.distraction=0"],
}


def log_with(*overrides: str, **tables: Any) -> list[list[Record]]:
    data = {"start": START, "end": day(400)} | EVERYTHING | tables
    world = set_up(from_dict(data, overrides=overrides).scenario)
    return [play(world, 3, i)[2] for i in range(8)]


@pytest.mark.exhaustive
@pytest.mark.parametrize("coupling", ZERO_STRENGTH)
def test_a_coupling_switched_off_is_one_of_zero_strength(coupling: str) -> None:
    """The same log to the last bit; and another one than with the coupling."""
    off = log_with(f"couplings.{coupling}=false")
    assert off == log_with(*ZERO_STRENGTH[coupling])
    assert off != log_with()


def test_strikes_of_no_chance_are_no_strikes() -> None:
    none = {name: table for name, table in EVERYTHING.items() if name != "response"}
    data = {"start": START, "end": day(400)} | none
    world = set_up(from_dict(data).scenario)
    assert [play(world, 3, i)[2] for i in range(8)] == log_with(*ZERO_STRENGTH["attacks_to_response"])


def test_a_truce_that_stops_nothing_leaves_all_attacks() -> None:
    def attacks(logs: list[list[Record]]) -> list[list[float]]:
        return [[r.time for r in log if r.what == codes.TOLD_ATTACK] for log in logs]

    none = attacks(log_with(suppressions={}))
    assert attacks(log_with("suppressions.truce.factor=1", "suppressions.tied.factor=1")) == none
    assert attacks(log_with("suppressions.truce.factor=0.9", "suppressions.tied.factor=1")) != none
