"""Each number where it belongs: the state, theatre, threshold or stream that a rule must not take another's for."""

import math
from collections import Counter
from dataclasses import fields
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from worlds import ALWAYS_FATAL, HARMLESS, START, SURE, day, leaving, model

from rules.ledger import audit
from sim.clocks.reference import Record, ReferenceClock, play
from sim.model.setup import Model
from sim.rules import state as codes
from sim.rules.state import State
from sim.rules.streams import Stream, Streams

BUSY = {"north": {"troops": 1000, "attacks_per_day": 0.5}}
AS_IT_IS = {"learning_per_year": 0, "loss_per_year": 0}
"""Forces of the host nation that neither learn nor lose."""


def times(records: list[Record], what: int, where: int = 0) -> list[float]:
    return [r.time for r in records if r.what == what and r.where == where]


# Attacks

@pytest.mark.parametrize(("state", "begin", "end"), [
    ("suspended", 0, 30), ("progressing", 30, 100), ("stalled", 100, 200)])
def test_each_state_of_the_talks_has_its_own_factor_on_attacks(state: str, begin: float, end: float) -> None:
    """Suspended until day 30; rounds every ten days, of which that on day 100 finds no report for 100 days."""
    factors = dict.fromkeys(("talks_suspended", "talks_progressing", "talks_stalled"), 0) | {f"talks_{state}": 1}
    world = model(200, theatres=BUSY, casualties=HARMLESS, attacks={"branching_ratio": 0, **factors},
                  talks={"first_round": START, "round_days": 10, "round_spread": 0, "stall_after_days": 100,
                         "breakdown_chance": 0, "suspended_until": day(30)})
    attacked = times(audit(world)[2], codes.TOLD_ATTACK)
    assert len(attacked) > 5
    assert begin <= min(attacked)
    assert max(attacked) < end


def test_a_fatal_attack_kills_once_and_wounds_by_its_own_mean() -> None:
    """With so steep a law nearly all kill one; each wounds 4 on average, geometrically, and not 1 (alpha 1e-4)."""
    world = model(300, theatres={"north": {"troops": 20_000, "attacks_per_day": 1}}, attack_kinds=SURE, casualties={
        **ALWAYS_FATAL, "severity_exponent": 10, "wounded_per_death": 4, "wounded_mean": 1, "evacuated_share": 0})
    harms = [r for i in range(8) for r in play(world, 2, i)[2] if r.what == codes.TOLD_HARM]
    assert len(harms) > 1500
    killed, wounded = sum(r.amount for r in harms), sum(r.detail for r in harms)
    assert abs(wounded - 4 * killed) < 3.9 * math.sqrt(4 * 5 * killed * 1.1)


def test_no_more_are_wounded_in_the_end_than_were_there() -> None:
    """Ten soldiers, of whom nearly all are diagnosed late: the killed are not wounded as well."""
    world = model(50, theatres={"north": {"troops": 10, "attacks_per_day": 0.3}}, attack_kinds=SURE,
                  casualties={**ALWAYS_FATAL, "late_factor": 10, "wounded_per_death": 3, "evacuated_share": 1})
    for replication in range(10):
        s, _, records = audit(world, 1, replication)
        assert s.killed[0] + s.wounded_final[0] <= 10
        assert s.fatal[0] == 0 or s.present[0] == 10 - s.killed[0] - s.wounded_final[0]
    assert records != []


# Talks and pressure

@pytest.mark.parametrize(("casualties", "key"), [
    (ALWAYS_FATAL | {"mass_casualty": 1}, "suspend_after_fatal"),
    ({"harm_chance": 1, "fatal_chance": 0, "mass_casualty": 1}, "suspend_after_mass_casualty")])
def test_talks_are_suspended_by_the_chance_of_what_happened(casualties: dict[str, float], key: str) -> None:
    """A chance of 1 for fatal or for mass-casualty attacks, 0 for the other; a fatal attack goes by the former."""
    for other in ("suspend_after_fatal", "suspend_after_mass_casualty"):
        chances = {"suspend_after_fatal": 0, "suspend_after_mass_casualty": 0} | {other: 1}
        world = model(60, theatres=BUSY, attack_kinds=SURE, casualties=casualties,
                      talks={"first_round": START, **chances})
        s, _, _ = audit(world)
        assert s.attacks[0] > 5
        assert (s.suspensions > 0) == (other == key)


def test_strikes_and_stalled_rounds_each_add_their_own_to_domestic_pressure() -> None:
    """Nothing fades and no demand is made: three points a strike and five a round, all of them stalled."""
    world = model(
        300, theatres=BUSY, casualties=HARMLESS, response={"chance_after_attack": 1},
        talks={"first_round": START, "round_days": 20, "stall_after_days": 0, "breakdown_chance": 0},
        pressure={"per_strike": 3, "per_stalled_round": 5, "kept": 1, "demand_chance": 0})
    s, _, _ = audit(world)
    assert min(s.strikes[0], s.rounds) > 5
    assert s.domestic_pressure == pytest.approx(3 * s.strikes[0] + 5 * s.rounds)


@pytest.mark.parametrize(("target", "demanded"), [(0, math.inf), (1, 50)])
def test_nobody_demands_that_those_leave_who_have_left(target: int, demanded: float) -> None:
    """The pressure is enough for a certain demand at each review, the first on day 50; all have left by day 30."""
    world = model(200, closing={"spread": 0}, phases=leaving(target, over_days=30),
                  talks={"first_round": START, "round_days": 10, "stall_after_days": 0, "breakdown_chance": 0},
                  pressure={"per_stalled_round": 100, "kept": 1, "demand_chance": 1, "review_days": 50})
    assert audit(world)[0].milestone[codes.DEMAND] == demanded


# Phases

TWO = {"north": {"troops": 1000, "attacks_per_day": 0.06}, "south": {"troops": 1000, "attacks_per_day": 0}}


@pytest.mark.parametrize("order", [("north", "south"), ("south", "north")])
def test_a_fatal_attack_holds_and_delays_the_phases_of_its_own_theatre(order: tuple[str, str]) -> None:
    """Only the north is attacked: its phase under way is held, its next waits for quiet, those of the south do not."""
    phases: dict[str, Any] = {}
    for name in order:
        phases[f"{name}_now"] = {"theatre": name, "start": START, "target": 500, "over_days": 200,
                                 "hold_after_fatal_days": 10, "hold_at_most_days": 60}
        phases[f"{name}_later"] = {"theatre": name, "start": day(100), "target": 500, "over_days": 50, "quiet_days": 20}
    world = model(400, theatres={name: TWO[name] for name in order}, attack_kinds=SURE, phases=phases,
                  casualties=ALWAYS_FATAL | {"severity_exponent": 10, "evacuated_share": 0})
    north, south = order.index("north"), order.index("south")
    late = 0
    for replication in range(5):
        _, _, records = audit(world, 3, replication)
        fatal = times(records, codes.TOLD_HARM, north)
        assert {r.where for r in records if r.what == codes.TOLD_HELD} == {2 * north}
        assert times(records, codes.TOLD_PHASE_BEGINS, 2 * south + 1) == [100]
        for begins in times(records, codes.TOLD_PHASE_BEGINS, 2 * north + 1):
            last = max(time for time in fatal if time < begins)
            assert begins == max(100, last + 20)
            late += begins > 100
    assert late > 0


def test_a_phase_begins_its_delay_after_the_milestone() -> None:
    """A timeline announced on day 15, and twelve days more."""
    world = model(100, talks={"first_round": START, "agreement_on": day(15)}, phases={
        "out": {"theatre": "north", "after": "agreement", "delay_days": 12, "target": 500, "over_days": 30}})
    assert times(audit(world)[2], codes.TOLD_PHASE_BEGINS) == [27]


def test_a_phase_cancelled_during_a_hold_has_been_held_up_to_then() -> None:
    """Held with the talks from the start, cancelled by the demand on day 20, which ends the talks too."""
    world = model(100, pressure={"demand_on": day(20)}, talks={"first_round": START, "suspended_until": day(50)},
                  phases=leaving(500, over_days=40, hold_when_suspended=True, cancel_after="demand"))
    s, _, _ = audit(world)
    assert s.phase == [codes.CANCELLED]
    assert s.held_days == [20]


def test_of_sites_that_wait_for_a_crew_the_one_drained_first_is_closed_first() -> None:
    """One crew is busy at the first site until day 40; the third is drained on day 10, the second on day 20."""
    sites = {"a": {"closing_days": 40}, "b": {"closing_days": 3}, "c": {"closing_days": 5}, "hub": {"hub": True}}
    out = {"theatre": "north", "target": 0, "over_days": 0}
    world = model(100, theatres={"north": {"troops": 400, "sites": sites}}, closing={"crews": 1, "spread": 0},
                  phases={name: out | {"sites": [name], "start": day(start)}
                          for name, start in (("a", 0), ("b", 20), ("c", 10))})
    _, _, records = audit(world)
    assert [(r.time, r.where) for r in records if r.what == codes.TOLD_SITE_CLOSING] == [(0, 0), (40, 2), (45, 1)]


# Threat

@pytest.mark.parametrize("tick", [1, 3, 6])
def test_thresholds_of_the_threat_are_met_at_the_first_tick_that_reaches_them(tick: int) -> None:
    """Without noise the ratio is e^(level (1 - 0.9^n)): a thousandth below that of a tick is too much by then."""
    level = 0.5
    threshold = 0.999 * math.exp(level * (1 - 0.9**tick))
    world = model(100, threat={"noise": 0, "persistence": 0.9, "rests_today": math.exp(level),
                               "resurgence": threshold}, couplings={"presence_to_threat": False},
                  capability=AS_IT_IS | {"ceiling": 1}, phases=leaving(500, over_days=90, hold_above_threat=threshold,
                                                                      hold_at_most_days=365))
    s, _, records = audit(world)
    assert times(records, codes.TOLD_HELD)[0] == 7 * tick
    assert s.milestone[codes.RESURGENCE] == 7 * tick


def test_where_the_threat_rests_depends_on_enablers_less_their_distraction_on_forces_and_on_its_trend() -> None:
    """Tick by tick by hand, from the troops present, those who advise not counted, and the attacks since the last.

    Forces learn as if no adviser left, at a known rate.
    """
    theatres = {"north": {"troops": 1000, "attacks_per_day": 0.4, "pressure_weight": 3, "adviser_weight": 0},
                "south": {"troops": 600, "attacks_per_day": 0.2, "pressure_weight": 1, "adviser_weight": 2}}
    world = model(
        140, theatres=theatres, casualties=HARMLESS, capability={"learning_per_year": 0.8, "ceiling": 1.5},
        couplings={"presence_to_capability": False},
        threat={"noise": 0, "persistence": 0.8, "rests_today": 0.7, "rests_without": 2.5, "capability_elasticity": 0.6,
                "trend_per_year": 0.8, "distraction": 0.05},
        phases=leaving(200, over_days=100) | {
            "south": {"theatre": "south", "start": day(50), "target": 100, "over_days": 60}})
    attacks: list[float] = []
    presences: list[tuple[float, int, int]] = []

    def note(record: Record) -> None:
        if record.what == codes.TOLD_ATTACK:
            attacks.append(record.time)

    clock = ReferenceClock(world, 1, 0, on_record=note)
    s = clock.play(lambda s, time: presences.append((time, s.present[0], s.present[1])))
    x = 0.0
    for before, tick in pairwise(range(0, 140, 7)):
        _, north, south = [entry for entry in presences if entry[0] <= tick][-1]
        enablers = (3 * north + south) / 3600 / (1 + 0.05 * sum(before <= time < tick for time in attacks))
        forces = 1.5 - 0.5 * math.exp(-0.8 * tick / 365.25)
        level = enablers * math.log(0.7) + (1 - enablers) * math.log(2.5) - 0.6 * math.log(forces) + 0.8 * tick / 365.25
        x = level + 0.8 * (x - level)
    assert len(attacks) > 40
    assert s.tick == 19
    assert s.threat == pytest.approx(x, rel=1e-12)


# Streams

class Counted(Stream):
    """A stream that counts what is drawn from it."""

    drawn = 0

    def next(self) -> float:
        self.drawn += 1
        return super().next()


def drawn(world: Model) -> tuple[dict[str, list[int]], State, list[Record]]:
    """Play a replication; return how many uniforms each stream gave, the last state and the records."""
    records: list[Record] = []
    clock = ReferenceClock(world, 1, 0, on_record=records.append)
    for field, keys in zip(fields(Streams), world.stream_keys, strict=True):
        setattr(clock.streams, field.name, [Counted(1, 0, key) for key in keys])
    s = clock.play()
    return {field.name: [stream.drawn for stream in getattr(clock.streams, field.name)]
            for field in fields(Streams)}, s, records


def test_every_process_draws_from_its_own_stream_once_for_each_thing_that_it_decides() -> None:
    """Nothing but what is counted here draws from these streams, whatever goes on beside it."""
    sites = {"a": {}, "b": {}, "hub": {"hub": True}}
    world = model(
        300, theatres={"north": {"troops": 1000, "attacks_per_day": 0.2, "sites": sites}}, lift={"per_week": 200},
        tension={"mean_high_days": 20, "mean_low_days": 20},
        suppressions={"truce": {"start": day(10), "mean_days": 9}},
        response={}, threat={}, pressure={"demand_chance": 0, "review_days": 25},
        working_groups={name: {"work_days": 5000, "work_spread": 0.1} for name in ("one", "two")},
        talks={"first_round": START, "round_days": 15, "stall_after_days": 0, "breakdown_chance": 0},
        phases=leaving(over_days=200))
    draws, s, records = drawn(world)
    told = Counter((r.what, r.where) for r in records)
    assert draws["closing"] == [told[codes.TOLD_SITE_CLOSING, site] for site in range(3)] == [1, 1, 1]
    assert draws["lift"] == [s.loads]
    assert draws["rounds"] == draws["breakdown"] == [s.rounds]  # every round is a stalled one
    assert draws["working_group"] == [1, 1]
    assert draws["pressure"] == [s.review]
    assert draws["threat"] == [s.tick]
    assert draws["tension"] == [1 + told[codes.TOLD_TENSION, 0]]
    assert draws["suppression"] == [1]
    assert min(s.loads, s.rounds, s.review, s.tick, s.attacks[0]) > 5
    assert np.sum(draws["attack_times"]) > 0
