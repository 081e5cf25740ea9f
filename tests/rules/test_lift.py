"""Modes of lift by hand: what several carry together, where and when each may, and what they leave for later."""

import math
from typing import Any

import pytest
from worlds import ALWAYS_FATAL, CERTAIN_CLOSING, START, SURE, day, leaving, model

from rules.ledger import audit
from sim.clocks.reference import Record
from sim.model.setup import Model
from sim.rules import outcomes
from sim.rules import state as codes

EVEN = {"per_week": 70, "load": 100, "spread": 0}  # a full load in ten days
TWO = {"north": {"troops": 500}, "south": {"troops": 500}}


def loads(world: Model, what: int = codes.TOLD_LOAD) -> list[tuple[float, str, float]]:
    """Return when which mode took up how much."""
    _, p, records = audit(world)
    return [(r.time, world.names["modes"][r.process - p.process_lift], r.amount) for r in records if r.what == what]


def told(records: list[Record], what: int) -> list[float]:
    return [record.time for record in records if record.what == what]


def hasty(target: float, **lift: Any) -> Model:
    """All that leave a theatre of 1,000 are asked for on day 0."""
    return model(400, lift=lift, phases=leaving(target, over_days=0))


def test_two_modes_carry_as_much_as_both() -> None:
    """Eight loads, four with each mode: the last leave on day 30, and on day 70 with one of them alone."""
    both = hasty(200, air=EVEN, road=EVEN)
    assert loads(both) == [(10.0 * i, mode, 100) for i in range(4) for mode in ("air", "road")]
    s, _, _ = audit(both)
    assert s.completed_at == 30
    assert s.moved == [400, 400]
    assert audit(hasty(200, air=EVEN))[0].completed_at == 70


def test_a_table_of_lift_is_a_mode_beside_those_that_have_names() -> None:
    """The one without a name of its own comes first, wherever it stands, and draws from the stream of old."""
    both = hasty(200, road=EVEN, **EVEN)
    assert [mode for _, mode, _ in loads(both)[:2]] == ["lift", "road"]
    assert both.streams.names["lift"] == ["lift", "lift/road"]
    alone, named = hasty(200, **EVEN), hasty(200, air=EVEN)
    assert [(when, troops) for when, _, troops in loads(alone)] == [(when, troops) for when, _, troops in loads(named)]


def test_a_mode_carries_only_the_troops_of_theatres_that_it_serves() -> None:
    """The road is free while the north leaves, and takes nobody of it."""
    world = model(400, theatres=TWO, lift={"air": EVEN, "road": {**EVEN, "theatres": ["south"]}}, phases={
        name: {"theatre": name, "start": day(number), "target": 100, "over_days": 0}
        for name, number in (("north", 0), ("south", 200))})
    assert [(when, mode) for when, mode, _ in loads(world)] == [
        (0, "air"), (10, "air"), (20, "air"), (30, "air"), (200, "air"), (200, "road"), (210, "air"), (210, "road")]


def test_whoever_asked_first_goes_first_whichever_mode_is_free() -> None:
    """North asked on day 5, south on day 6, before either mode runs. Each phase goes back to the end of the queue."""
    world = model(400, theatres=TWO, lift={name: {**EVEN, "from": day(20)} for name in ("air", "road")}, phases={
        name: {"theatre": name, "start": day(number), "target": 300, "over_days": 0}
        for name, number in (("south", 6), ("north", 5))})
    _, p, records = audit(world)
    taken = [(r.time, r.process - p.process_lift, p.phase_theatre[r.where])
             for r in records if r.what == codes.TOLD_LOAD]
    assert taken == [(20, 0, 0), (20, 1, 1), (30, 0, 0), (30, 1, 1)]


def test_a_mode_takes_up_nothing_outside_its_dates_and_a_load_under_way_arrives_all_the_same() -> None:
    """From day 15 to day 35, the last inclusive: loads on days 15, 25 and 35. A second summer is a second mode."""
    first = {**EVEN, "from": day(15), "until": day(35)}
    world = hasty(200, first=first, second={**EVEN, "from": day(100), "until": day(109)})
    assert loads(world) == [(15, "first", 100), (25, "first", 100), (35, "first", 100), (100, "second", 100)]
    s, _, records = audit(world)
    assert s.withdrawn == [400]
    assert s.present == [600]
    assert s.completed_at == math.inf
    assert max(r.detail for r in records if r.what == codes.TOLD_LOAD) == 110
    assert loads(hasty(200, first=first | {"until": day(34)}))[-1] == (25, "first", 100)


def test_reinforcements_under_way_by_several_modes_are_not_asked_for_again() -> None:
    """Six hundred come in three loads at once, each seven weeks on the way, while tranche after tranche is due."""
    slow = {"per_week": 200 / 7, "load": 200, "spread": 0}
    world = model(400, lift={"a": slow, "b": slow, "c": slow}, phases={
        "back": {"theatre": "north", "start": START, "reinforce": True, "target": 1600, "over_days": 0}})
    s, _, records = audit(world)
    assert told(records, codes.TOLD_LOAD) == [0, 0, 0]
    assert s.brought == [600]
    assert s.troops == [1600]
    assert s.phase_reached_at == [pytest.approx(49)]


def test_each_mode_has_its_own_noise() -> None:
    """How long the loads of one mode take does not depend on whether there is another."""
    def taken(world: Model) -> dict[int, list[float]]:
        _, p, records = audit(world)
        return {m: [r.detail - r.time for r in records if r.what == codes.TOLD_LOAD and r.process == p.process_lift + m]
                for m in range(p.modes)}

    noisy = {**EVEN, "spread": 0.5}
    alone, both = taken(hasty(200, air=noisy)), taken(hasty(200, air=noisy, road=noisy))
    assert min(len(both[0]), len(both[1])) > 2
    assert both[0] == pytest.approx(alone[0][: len(both[0])])
    assert both[1][0] not in alone[0]


# ---- Equipment

CARRIES = {"per_week": 700, "load": 100, "cargo_per_week": 70, "cargo_load": 10, "spread": 0}
"""A full load of troops, or of boxes, in a day."""


def equipped(boxes: float, lift: dict[str, Any] | None, target: float = 0, **phase: Any) -> Model:
    """A theatre of 1,000 whose site needs no garrison and is closed at once."""
    site = {"main": {"cargo_per_troop": boxes, "garrison": 0, "closing_days": 0}}
    tables: dict[str, Any] = {} if lift is None else {"lift": lift}
    return model(600, theatres={"north": {"troops": 1000, "sites": site}}, closing=CERTAIN_CLOSING,
                 phases=leaving(target, **{"over_days": 0, **phase}), **tables)


def test_equipment_leaves_after_the_troops_and_the_kit_tail_is_what_it_takes() -> None:
    """The last of ten loads of troops leaves on day 9; then 50 loads of ten boxes, of a day each, from day 10."""
    world = equipped(0.5, CARRIES)
    assert loads(world, codes.TOLD_CARGO) == [(pytest.approx(10 + i), "lift", 10) for i in range(50)]
    s, p, records = audit(world)
    assert s.completed_at == pytest.approx(9)
    assert s.cargo_out_at == pytest.approx(60)
    assert told(records, codes.TOLD_CARGO_OUT) == [s.cargo_out_at]
    assert outcomes.kit_day(s, p, 0) == s.cargo_out_at
    assert outcomes.kit_tail_days(s, p, 0) == pytest.approx(51)
    assert (s.cargo_initial, s.cargo_left, s.cargo_moved) == ([500], [0], [500])


def test_equipment_on_a_mode_of_its_own_does_not_wait_for_troops_nor_they_for_it() -> None:
    """Fifty boxes are free on each of days 0 to 9; of 500, 50 loads of a day each, the last is out on day 50."""
    s, _, _ = audit(equipped(0.5, {"air": {**CARRIES, "cargo_per_week": 0}, "road": {**CARRIES, "per_week": 0}}))
    assert s.completed_at == pytest.approx(9)
    assert s.cargo_out_at == pytest.approx(50)
    assert (s.moved, s.cargo_moved) == ([1000, 0], [0, 500])


def test_a_soldier_never_waits_for_a_box_that_has_not_been_taken_up_yet() -> None:
    """Tranches of 100 every ten days find a mode that is busy with boxes, and wait for the one load at most."""
    world = equipped(3, CARRIES | {"cargo_load": 8}, 200, over_days=80, tranche_days=10)
    asked = [r.time for r in audit(world)[2] if r.what == codes.TOLD_TRANCHE]
    taken = [when for when, _, _ in loads(world)]
    assert all(0 <= late < 1 + 1e-9 for late in [b - a for a, b in zip(asked, taken, strict=True)])
    assert asked != taken


@pytest.mark.parametrize("target", [0, 400, 999])
def test_those_who_stay_keep_their_equipment(target: int) -> None:
    s, p, _ = audit(equipped(1.5, CARRIES, target))
    assert s.present == [target]
    assert s.cargo_left == s.cargo == [math.floor(1.5 * target + 0.5)]
    assert outcomes.cargo_left(s, p, 0) == s.cargo_left[0]
    assert s.cargo_out_at < math.inf


def test_a_site_that_is_closed_keeps_nothing_though_its_garrison_stays_in_the_theatre() -> None:
    """A small site of 300, with 25 who move to the hub: all its 300 boxes leave, those of the garrison on day 34."""
    sites = {"one": {"weight": 3, "closing_days": 20, "cargo_per_troop": 1}, "hub": {"weight": 7, "hub": True}}
    world = model(300, theatres={"north": {"troops": 1000, "sites": sites}}, closing=CERTAIN_CLOSING,
                  phases=leaving(700, over_days=14))
    s, _, records = audit(world)
    assert s.completed_at == 14
    assert [(r.time, r.amount) for r in records if r.what == codes.TOLD_CARGO] == [(7, 150), (14, 125), (34, 25)]
    assert s.cargo_out_at == 34
    assert s.troops == [0, 700]


def test_without_a_table_of_lift_equipment_leaves_with_the_troops() -> None:
    s, p, _ = audit(equipped(2, None, over_days=100))
    assert s.completed_at == s.cargo_out_at == 100
    assert s.cargo_moved == [2000]
    assert outcomes.kit_tail_days(s, p, 0) == 0


def test_where_nothing_is_left_to_move_there_is_no_tail() -> None:
    """Four tenths of a box are none."""
    s, p, records = audit(equipped(0.0004, CARRIES, over_days=100))
    assert s.completed_at == s.cargo_out_at == 100
    assert told(records, codes.TOLD_CARGO_OUT) == [100]
    assert outcomes.kit_tail_days(s, p, 0) == 0


def test_the_tail_ends_when_the_slowest_mode_has_arrived() -> None:
    """All leave on day 100; half of their 72 boxes are four days on the way, the other half eight."""
    lift = {"air": CARRIES | {"load": 1000, "cargo_per_week": 0}}
    for name, pace in (("slow", 31.5), ("fast", 63)):
        lift[name] = {"per_week": 0, "cargo_load": 36, "cargo_per_week": pace, "spread": 0}
    s, _, records = audit(equipped(0.072, lift, over_days=100, shape="stepped", steps=1))
    assert [(r.time, r.amount, r.detail) for r in records if r.what == codes.TOLD_CARGO] == [
        (100, 36, pytest.approx(108)), (100, 36, pytest.approx(104))]
    assert s.cargo_out_at == pytest.approx(108)


def test_what_is_left_at_the_horizon_makes_a_tail_to_the_horizon() -> None:
    s, p, _ = audit(equipped(10, CARRIES))
    assert s.cargo_out_at == math.inf
    assert outcomes.kit_tail_days(s, p, 0) == pytest.approx(600 - 9)
    assert s.cargo_left[0] == pytest.approx(10_000 - 590 * 10, abs=11)
    never, p, _ = audit(equipped(1, CARRIES, start=day(900)))
    assert outcomes.kit_tail_days(never, p, 0) == 0


def test_a_scenario_without_equipment_tells_nothing_of_it() -> None:
    s, _, records = audit(equipped(0, CARRIES))
    assert s.completed_at < math.inf == s.cargo_out_at
    assert told(records, codes.TOLD_CARGO) == told(records, codes.TOLD_CARGO_OUT) == []


def test_a_phase_that_is_held_moves_no_equipment() -> None:
    """An attack kills; the phase is held for 40 days each time, and no box is taken up meanwhile."""
    site = {"main": {"cargo_per_troop": 3}}
    world = model(400, theatres={"north": {"troops": 1000, "attacks_per_day": 0.05, "sites": site}}, lift=CARRIES,
                  attack_kinds=SURE, casualties=ALWAYS_FATAL, attacks={"branching_ratio": 0},
                  phases=leaving(500, over_days=300, hold_after_fatal_days=40, hold_at_most_days=40))
    _, _, records = audit(world)
    held = [(r.time, r.amount) for r in records if r.what == codes.TOLD_HELD]
    taken = told(records, codes.TOLD_CARGO)
    assert len(held) > 2
    assert len(taken) > 20
    released = told(records, codes.TOLD_RELEASED)
    for begun, _ in held:
        ended = min((time for time in released if time > begun), default=math.inf)
        assert not [time for time in taken if begun < time < ended]


def test_what_a_cancelled_phase_has_freed_still_leaves() -> None:
    """Of 1,000, 500 have gone when a demand on day 50 ends the phase; their 500 boxes go on to day 51."""
    world = model(400, theatres={"north": {"troops": 1000, "sites": {"main": {"cargo_per_troop": 1}}}},
                  lift={"air": {**CARRIES, "cargo_per_week": 0}, "road": {**CARRIES, "per_week": 0}},
                  pressure={"demand_on": day(50)},
                  phases=leaving(200, over_days=80, tranche_days=10, cancel_after="demand"))
    s, _, records = audit(world)
    assert s.present == [600]  # the tranche of day 50 comes after the demand
    assert s.cargo_moved == [0, 400]
    assert s.cargo_left == [600]
    assert max(told(records, codes.TOLD_CARGO)) == pytest.approx(49)


def test_where_troops_gather_their_equipment_follows_by_road_once_their_site_is_closed() -> None:
    """Two sites of 300 gather at the hub of 400; from there all leave, and all 1,000 boxes with them."""
    sites = {name: {"weight": weight, "hub": name == "hub", "cargo_per_troop": 1, "garrison": 0, "closing_days": 0}
             for name, weight in (("a", 3), ("b", 3), ("hub", 4))}
    gather = {"theatre": "north", "sites": ["a", "b"], "start": START, "target": 0, "to": ["hub"], "over_days": 20}
    world = model(200, theatres={"north": {"troops": 1000, "sites": sites}}, closing=CERTAIN_CLOSING,
                  phases={"gather": gather})
    s, _, _ = audit(world)
    assert (s.troops, s.cargo) == ([0, 0, 1000], [0, 0, 1000])
    assert s.cargo_moved == [0]
    fly = {"theatre": "north", "sites": ["hub"], "after": "phases.gather", "target": 0, "over_days": 50}
    world = model(200, theatres={"north": {"troops": 1000, "sites": sites}}, closing=CERTAIN_CLOSING,
                  phases={"gather": gather, "fly": fly})
    s, _, _ = audit(world)
    assert (s.troops, s.cargo, s.cargo_left, s.cargo_moved) == ([0, 0, 0], [0, 0, 0], [0], [1000])


def test_reinforcements_bring_no_equipment_and_take_none_with_them() -> None:
    site = {"main": {"cargo_per_troop": 1, "garrison": 0}}
    world = model(400, theatres={"north": {"troops": 500, "sites": site}}, phases={
        "in": {"theatre": "north", "start": START, "reinforce": True, "target": 800, "over_days": 10},
        "out": {"theatre": "north", "after": "phases.in", "target": 500, "over_days": 50},
        "rest": {"theatre": "north", "after": "phases.out", "target": 400, "over_days": 50}})
    s, _, _ = audit(world)
    assert s.cargo_initial == [500]
    assert s.cargo_moved == [100]
    assert s.cargo == [400]
