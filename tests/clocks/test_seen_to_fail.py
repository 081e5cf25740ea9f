"""The comparison of the clocks sees a change of one rule on one side: each case changes one line for the SimPy clock.

The compiled clock holds a copy of the code as it was when it was imported, so a rule whose code is replaced here is
changed for the SimPy clock alone.
"""

import inspect
import math
from types import FunctionType
from typing import Any

import pytest
from simpy.events import Event
from worlds import START, day, model

from clocks.both import compare
from sim.clocks.reference import ReferenceClock
from sim.model.setup import Model
from sim.rules import (
    attacks,
    cost,
    diary,
    drawdown,
    exposure,
    headcount,
    holds,
    normal,
    outcomes,
    portable,
    rain,
    suppressions,
    talks,
    uncertain,
    variates,
)

SITES = {"a": {}, "b": {"hub": True, "target_weight": 3}}


def busy() -> Model:
    """Return a scenario in which every process acts, and several on the same days."""
    return model(
        400,
        theatres={"north": {"troops": 900, "attacks_per_day": 0.2, "sites": SITES}, "south": {
            "troops": 700, "attacks_per_day": {"dist": "normal", "mean": 0.1, "sd": 0.1, "low": 0.05, "high": 0.2}}},
        tension={}, response={}, threat={"tick_days": 10}, pressure={"review_days": 20}, lift={"per_week": 50},
        talks={"first_round": START, "round_days": 20, "round_spread": 0, "stall_after_days": 40},
        working_groups={"a": {"work_days": 80}, "b": {"work_days": 200, "work_spread": 0}},
        suppressions={"truce": {"start": day(40), "end": day(60), "factor": 0.5}},
        casualties={"harm_chance": 0.5, "fatal_chance": 0.5},
        phases={"first": {"theatre": "north", "start": day(20), "target": 300, "over_days": 100, "tranche_days": 20,
                          "hold_after_fatal_days": 20, "hold_at_most_days": 60},
                "last": {"theatre": "south", "after": "agreement", "target": 0, "per_week": 70}})


def found(world: Model) -> list[str]:
    """Compare eight replications."""
    return compare(world, 3, 0, 8).differences


def changed(rule: FunctionType, old: str, new: str) -> FunctionType:
    """Return a function with one piece of its source replaced."""
    source = inspect.getsource(rule)
    assert source.count(old) == 1
    namespace: dict[str, Any] = {}
    exec(source.replace(old, new), rule.__globals__ | {"math": math}, namespace)
    return namespace[rule.__name__]  # type: ignore[no-any-return]


def test_as_it_stands_nothing_differs() -> None:
    assert found(busy()) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize(("rule", "old", "new"), [
    (talks._hold_round, "< p.talks_stall_after_days", "<= p.talks_stall_after_days"),
    (talks.suspend, "wake(s, p.process_talks)", "pass"),
    (holds._hold, "s.held_for_fatal[j] = until", "s.held_for_fatal[j] = until + 1e-12"),
    (drawdown._ask_for_tranche, "s.asked[j] == 0", "s.asked[j] >= 0"),
    (suppressions.factor, "left = 1.0", "left = 1.0000000000000002"),
    (exposure.struck_site, "sought = u *", "sought = (1.0 - u) *"),
    (exposure.change, "_add_up(s, top, place)", "pass"),
    (headcount.add, "s.phase_troops[p.visit_phase[p.site_first_visit[site] + i]] += troops", "pass"),
    (attacks.excitation, "exp((s.excited_at[k] - s.now) / p.attacks_decay_days)",
     "(1.0 / exp((s.now - s.excited_at[k]) / p.attacks_decay_days))"),
    (rain._draw_cell, "CELL_MOST, uniform", "CELL_MOST - 26, uniform"),
    (variates.duration, "spread - spread * log(1.0 - u)", "spread * (1.0 + log(1.0 - u))"),
    (variates.power, "exp(exponent * log(base))", "base**exponent"),
    (portable.exp, "high - low) - low", "high) - low"),
    (portable.log, "fraction < SQRT_HALF", "fraction < 0.6"),
    (normal.at, "r <= 5.0", "r <= 1.0"),
    (uncertain.quantile, "u: float) -> float:", "u: float) -> float:\n    u = u * (1.0 + 3e-16)"),
    (cost.total, "fixed(s, p) + troops", "troops * 1.0000000000000002 + fixed(s, p)"),
    (diary._note_week, "s.attacks[k] - d.attacks[k]", "max(s.attacks[k] - d.attacks[k], 1)"),
    (outcomes.threat_ratio_highest, "s.highest_ratio", "s.highest_ratio * 1.0000000000000002"),
], ids=lambda value: value.__name__ if callable(value) else "")
def test_a_rule_changed_on_one_side_is_seen(
    monkeypatch: pytest.MonkeyPatch, rule: FunctionType, old: str, new: str,
) -> None:
    monkeypatch.setattr(rule, "__code__", changed(rule, old, new).__code__)
    assert found(busy()) != []


def test_another_order_of_what_falls_on_one_day_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_is = ReferenceClock.schedule_at

    def backwards(clock: ReferenceClock, time: float, rank: int) -> Event:
        return as_it_is(clock, time, 1000 - rank)

    monkeypatch.setattr(ReferenceClock, "schedule_at", backwards)
    assert found(busy()) != []


def test_a_replication_given_up_by_one_clock_alone_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rain, "STRIPS", 1)
    line = found(busy())[0]
    assert line.endswith("given up: SimPy 'attacks became too frequent to be played', compiled ''")
