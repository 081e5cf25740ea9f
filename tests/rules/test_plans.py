"""An undisturbed plan completes on its planned date exactly; what lift and small sites do to it, by hand."""

import math
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ALWAYS_FATAL, CERTAIN_CLOSING, START, SURE, day, leaving, model

from rules.ledger import audit
from sim.model.setup import Model
from sim.rules import state as codes
from sim.rules.parameters import NOTHING
from sim.rules.plan import _planned_after as planned_after

SHAPES = ["linear", "front_loaded", "back_loaded", "stepped"]
SITES = {"one": {"closing_days": 10}, "two": {"weight": 2, "closing_days": 7},
         "hub": {"weight": 7, "hub": True, "closing_days": 21}}
PLACE = {"north": {"troops": 1000, "sites": SITES}}
# The same end, day 140, said in three ways.
PACES = {"by": lambda leaving: {"by": day(140)}, "over": lambda leaving: {"over_days": 140},
         "per week": lambda leaving: {"per_week": leaving / 20}}


def plan(**phase: Any) -> Model:
    return model(400, theatres=PLACE, closing=CERTAIN_CLOSING, phases=leaving(**phase))


def strengths(world: Model) -> list[tuple[float, int]]:
    """Return the days on which troops left, with those still there afterwards."""
    _, _, records = audit(world)
    left = sum(theatre.troops for theatre in world.scenario.theatres.values())
    steps = []
    for record in records:
        if record.what == codes.TOLD_LOAD:
            left -= record.amount
            steps.append((record.time, left))
    return steps


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("target", [0, 400])
def test_an_undisturbed_plan_completes_on_its_planned_date_exactly(shape: str, pace: str, target: int) -> None:
    """To zero it takes closing three sites, the hub last; to 400 the hub stays open."""
    s, _, _ = audit(plan(target=target, shape=shape, **PACES[pace](1000 - target)))
    assert s.completed_at == 140
    assert s.theatre_done_at == s.phase_reached_at == [140]
    assert s.present == [target]
    assert s.sites_closed == [3 if target == 0 else 2]
    assert s.troops[2] == target


@given(
    over_days=st.integers(60, 380), tranche_days=st.integers(13, 40), shape=st.sampled_from(SHAPES),
    steps=st.integers(1, 12), target=st.integers(0, 400), start=st.integers(0, 15))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_plan_that_leaves_time_to_close_sites_completes_on_its_day(
    over_days: int, tranche_days: int, shape: str, steps: int, target: int, start: int
) -> None:
    """One site, whose closing fits between the last tranche but one and the end.

    At most 30 tranches: the last of many front-loaded ones would be less than half a soldier, and so be none.
    """
    phase = {"theatre": "north", "start": day(start), "target": target, "over_days": over_days,
             "tranche_days": tranche_days, "shape": shape, "steps": steps}
    world = model(400, closing=CERTAIN_CLOSING, phases={"leave": phase})
    s, _, _ = audit(world)
    assert s.completed_at == start + over_days
    assert s.withdrawn == [1000 - target]


@pytest.mark.parametrize(("shape", "after_half"), [("linear", 600), ("front_loaded", 400), ("back_loaded", 800)])
def test_the_shape_says_how_much_is_done_at_half_time(shape: str, after_half: int) -> None:
    """Of 800 that leave: a half, 1 - (1/2)^2, (1/2)^2."""
    steps = dict(strengths(plan(target=200, shape=shape, over_days=140, tranche_days=7)))
    assert steps[70] == after_half
    assert steps[140] == 200
    assert len(steps) == 20


@given(st.floats(1, 300), st.integers(1, 12))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_tranches_are_dated_from_the_start_and_the_last_is_on_the_planned_end(over_days: float, steps: int) -> None:
    """To the last bit: neither added up, nor as n times an n-th."""
    dated = strengths(plan(target=400, over_days=over_days, shape="stepped", steps=steps))
    assert [when for when, _ in dated] == [i * over_days / steps for i in range(1, steps)] + [over_days]


@pytest.mark.parametrize("spread", [0.0, 0.6])
def test_lift_above_the_pace_of_the_plan_keeps_its_date(spread: float) -> None:
    """A load takes a tranche of 20 in 0.35 days on average, a week before the next."""
    world = model(400, lift={"per_week": 400, "load": 100, "spread": spread}, phases=leaving(200, over_days=280))
    s, _, _ = audit(world)
    assert s.completed_at == 280
    assert s.moved == [800]


def test_lift_below_the_pace_of_the_plan_sets_the_date() -> None:
    """800 at 70 a week, at once wanted: the last of eight loads leaves seven loads' time, 70 days, after the first."""
    world = model(400, lift={"per_week": 70, "load": 100, "spread": 0}, phases=leaving(200, over_days=0))
    assert strengths(world) == [(10.0 * i, 900 - 100 * i) for i in range(8)]
    s, _, _ = audit(world)
    assert s.completed_at == 70
    assert s.lift_until == [0 + 800 / 70 * 7]  # when the last load is out of the theatre
    assert s.withdrawn == [800]


def test_two_theatres_that_share_lift_take_as_long_as_the_sum() -> None:
    two = {"north": {"troops": 500}, "south": {"troops": 500}}
    one = model(400, theatres=PLACE, lift={"per_week": 70, "load": 50, "spread": 0}, phases=leaving(200, over_days=0))
    both = model(400, theatres=two, lift={"per_week": 70, "load": 50, "spread": 0}, phases={
        name: {"theatre": name, "start": START, "target": 100, "over_days": 0} for name in two})
    assert audit(one)[0].lift_until == audit(both)[0].lift_until == [80]


def test_closing_days_longer_than_the_plan_delay_it_by_as_much_as_they_are_longer() -> None:
    world = model(400, theatres={"north": {"troops": 1000, "sites": {"a": {"closing_days": 30}}}},
                  closing=CERTAIN_CLOSING, phases=leaving(over_days=20))
    assert audit(world)[0].completed_at == 30


@pytest.mark.parametrize("troops", [1, 20, 25, 26, 45, 75, 80])
def test_sites_that_hold_no_more_than_their_garrison_are_closed_too(troops: int) -> None:
    """Three sites with a garrison of 25 each, and fewer troops than that."""
    sites = {"a": {}, "b": {}, "c": {}}
    world = model(400, theatres={"north": {"troops": troops, "sites": sites}}, closing=CERTAIN_CLOSING,
                  phases=leaving(over_days=100))
    s, _, records = audit(world)
    assert s.completed_at == 100
    assert s.sites_closed == [3]
    assert [r.time for r in records if r.what == codes.TOLD_SITE_CLOSED][-1] == 100  # the last is held to the end


def test_two_phases_at_the_same_sites_count_once_towards_completion() -> None:
    """A hundred troops leave the small site, then the others leave it too; the hub stays."""
    world = model(400, theatres=PLACE, closing=CERTAIN_CLOSING, phases={
        "half": {"theatre": "north", "sites": ["two"], "start": START, "target": 100, "over_days": 30},
        "all": {"theatre": "north", "sites": ["two"], "after": "phases.half", "target": 0, "over_days": 60}})
    s, _, _ = audit(world)
    assert s.floor == [800]
    assert s.phase_reached_at == [30, 90]
    assert s.completed_at == 90


@pytest.mark.parametrize(("phases", "completed"), [
    ({}, math.inf),  # nothing is planned
    ({"leave": {"start": day(500), "target": 0, "over_days": 10}}, math.inf),  # never becomes due
    ({"leave": {"start": day(0), "target": 1000, "over_days": 10}}, 0),  # nobody has to go
    ({"leave": {"after": "demand", "target": 0, "over_days": 0}}, math.inf),  # planned for nothing
    ({"leave": {"start": day(0), "target": 500, "over_days": 20},
      "rest": {"after": "demand", "target": 0, "over_days": 10}}, 20),
    ({"leave": {"start": day(0), "target": 500, "over_days": 20},
      "rest": {"after": "phases.leave", "target": 0, "over_days": 30}}, 50),
])
def test_completion_is_the_day_the_last_planned_target_is_reached(phases: Any, completed: float) -> None:
    """A phase that waits for a demand counts from the day on which it begins."""
    for phase in phases.values():
        phase["theatre"] = "north"
    world = model(400, closing=CERTAIN_CLOSING, pressure={"demand_on": day(900)}, phases=phases)
    assert audit(world)[0].completed_at == completed


def test_a_demand_before_completion_sets_a_new_last_target() -> None:
    world = model(400, closing=CERTAIN_CLOSING, pressure={"demand_on": day(10)}, phases=leaving(
        500, over_days=100, cancel_after="demand") | {
            "out": {"theatre": "north", "after": "demand", "target": 0, "over_days": 40}})
    s, _, _ = audit(world)
    assert s.floor == [0]
    assert s.completed_at == 50
    assert s.milestone[codes.PHASE_MILESTONES:] == [math.inf, 50]


def test_reinforcement_makes_up_for_those_killed_on_the_way() -> None:
    """Every attack kills; the phase asks on until it has its strength."""
    world = model(400, theatres={"north": {"troops": 500, "attacks_per_day": 0.2}}, attack_kinds=SURE,
                  casualties=ALWAYS_FATAL | {"severity_exponent": 10, "evacuated_share": 0}, phases={
                      "more": {"theatre": "north", "start": START, "reinforce": True, "target": 800, "over_days": 60}})
    for replication in range(5):
        s, _, records = audit(world, 1, replication)
        assert s.killed[0] > 0
        assert s.phase == [codes.REACHED]
        present = 500
        for record in records:
            if record.time <= s.phase_reached_at[0]:
                present += {codes.TOLD_LOAD: record.amount, codes.TOLD_HARM: -record.amount}.get(record.what, 0)
        assert present == 800


def test_true_strength_scales_targets_as_it_does_troops() -> None:
    world = model(400, theatres={"north": {"troops": 900, "true_over_reported": 2.0}}, phases=leaving(
        400, over_days=70), closing=CERTAIN_CLOSING)
    s, _, _ = audit(world)
    assert s.initial == [1800]
    assert s.present == [800]
    assert s.completed_at == 70


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 3)), st.integers(-1, 5)), min_size=1, max_size=6))
def test_phases_are_planned_by_date_each_after_those_it_waits_for(phases: list[tuple[int | None, int]]) -> None:
    after = [awaited if awaited < j else -1 for j, (_, awaited) in enumerate(phases)]
    p: Any = SimpleNamespace(
        phases=len(phases), phase_start=[-math.inf if start is None else float(start) for start, _ in phases],
        phase_after=[codes.PHASE_MILESTONES + awaited if awaited >= 0 else NOTHING for awaited in after])

    def begins(j: int) -> tuple[float, int]:
        own = float(phases[j][0] or 0)
        before, steps = begins(after[j]) if after[j] >= 0 else (0.0, -1)
        return max(own, before), steps + 1

    order, last = [], -1
    for _ in phases:
        last = planned_after(p, last)
        order.append(last)
    assert order == sorted(range(len(phases)), key=begins)
