"""Host nation's forces against a solved differential equation, the threat against the theory of AR(1) processes."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from worlds import ALWAYS_FATAL, NO_COUPLINGS, START, SURE, day, leaving, model

from rules.ledger import audit
from sim.clocks.reference import ReferenceClock, play
from sim.rules import state as codes
from sim.rules.state import State

FORCES = {"learning_per_year": 0.8, "ceiling": 1.4, "loss_per_year": 0.6, "floor": 0.5}


def test_forces_follow_their_differential_equation_while_advisers_leave() -> None:
    """dC/dt = a L (ceiling - C) + (1 - a) D (floor - C), a being weighted troops; SciPy solves it between tranches."""
    theatres = {"north": {"troops": 1000, "adviser_weight": 1}, "south": {"troops": 500, "adviser_weight": 3}}
    world = model(900, theatres=theatres, capability=FORCES, threat={"noise": 0}, phases=leaving(
        200, over_days=200, tranche_days=25) | {
            "south": {"theatre": "south", "start": day(300), "target": 0, "over_days": 120},
            "back": {"theatre": "north", "start": day(600), "reinforce": True, "target": 4000, "over_days": 60}})
    advisers: list[tuple[float, float]] = [(0.0, 1.0)]
    clock = ReferenceClock(world, 1, 0)

    def observe(s: State, time: float) -> None:
        share = min(1.0, (s.present[0] + 3 * s.present[1]) / 2500)
        advisers.append((time, share))

    s = clock.play(observe)
    capability = 1.0
    for (begin, _), (end, share) in pairwise(advisers):
        if end > begin:
            solved = solve_ivp(lambda t, c, a=share: (a * 0.8 * (1.4 - c) + (1 - a) * 0.6 * (0.5 - c)) / 365.25,
                               (begin, end), [capability], rtol=1e-11, atol=1e-12)
            capability = solved.y[0, -1]
    assert s.capability == pytest.approx(capability, rel=1e-8)
    assert {share for _, share in advisers} > {1.0, 0.68}


def test_forces_without_advisers_from_the_start_only_lose() -> None:
    """No troops, or troops that advise nobody: C = floor + (1 - floor) e^(-D t)."""
    for theatre in ({"troops": 0}, {"troops": 1000, "adviser_weight": 0}):
        s, _, _ = play(model(731, theatres={"north": theatre}, capability=FORCES), 1, 0)
        assert s.capability == pytest.approx(0.5 + 0.5 * math.exp(-0.6 * 731 / 365.25), rel=1e-12)


def test_the_threat_is_stationary_around_where_it_rests_with_todays_presence() -> None:
    """Mean log of rests_today, sd noise / sqrt(1 - phi^2), autocorrelation phi.

    One run of 40 years, taken a week at a time: some 2,000 ticks, standard errors from the theory, alpha 1e-4.
    """
    phi, noise, rests = 0.6, 0.3, 0.74
    world = model(14_600, couplings=NO_COUPLINGS | {"capability_to_threat": False, "presence_to_threat": False},
                  threat={"persistence": phi, "noise": noise, "rests_today": rests, "resurgence": 1000})
    ticks: list[float] = []
    clock = ReferenceClock(world, 6, 0)

    def observe(s: State, time: float) -> None:
        ticks.append(s.threat)

    clock.play(observe)
    x = np.array(ticks[30:])
    n = x.size
    assert n > 2000
    level, sd = math.log(rests), noise / math.sqrt(1 - phi**2)
    assert abs(x.mean() - level) < 3.9 * sd * math.sqrt((1 + phi) / (1 - phi) / n)
    assert abs(x.var() / sd**2 - 1) < 3.9 * math.sqrt(2 / n * (1 + phi**2) / (1 - phi**2))
    assert abs(np.corrcoef(x[:-1], x[1:])[0, 1] - phi) < 3.9 * math.sqrt((1 - phi**2) / n)


def test_the_threat_grows_once_the_troops_are_gone_and_shrinks_while_they_are_there() -> None:
    """Without noise, worked out tick by tick: all but one of 1,000 leave between days 28 and 35."""
    world = model(71, threat={"noise": 0, "persistence": 0.9, "rests_today": 0.6, "rests_without": 2.1,
                              "resurgence": 1.2},
                  couplings={"capability_to_threat": False},
                  capability={"learning_per_year": 0, "loss_per_year": 0},
                  phases={"leave": {"theatre": "north", "start": day(30), "target": 1, "over_days": 0}})
    s, _, records = audit(world)
    x, crossed = 0.0, math.inf
    for tick in range(1, 11):
        level = math.log(0.6) if 7 * tick < 30 else 0.999 * math.log(2.1) + 0.001 * math.log(0.6)
        x = level + 0.9 * (x - level)
        crossed = min(crossed, 7 * tick) if math.exp(x) >= 1.2 else crossed
    assert s.threat == pytest.approx(x, rel=1e-12)
    assert s.tick == 10
    assert s.milestone[codes.RESURGENCE] == crossed < math.inf
    assert [r.time for r in records if r.what == codes.TOLD_ABOVE] == [crossed]


def test_the_threat_holds_a_phase_until_it_falls_or_the_hold_is_spent() -> None:
    """Above from the first tick on, without end: held on day 7 for as long as allowed, then left in peace."""
    world = model(300, threat={"noise": 0, "persistence": 0, "rests_today": 2.5},
                  phases=leaving(500, over_days=100, shape="stepped", steps=1, hold_above_threat=1.5,
                                 hold_at_most_days=30.3))
    s, _, records = audit(world)
    assert [(r.time, r.amount) for r in records if r.what == codes.TOLD_RELEASED] == [(7 + 30.3, pytest.approx(30.3))]
    assert s.phase_reached_at[0] == 100 + (7 + 30.3 - 7)
    assert s.held_days[0] == pytest.approx(30.3)
    assert s.halted_by_resurgence


@pytest.mark.parametrize("replication", range(10))
def test_a_threat_that_has_held_a_phase_to_the_limit_does_not_hold_it_again_whatever_held_it_too(
    replication: int
) -> None:
    """Above from the first tick on, without end; in replications 0 and 7 a fatal attack is the last cause to end."""
    world = model(1000, theatres={"north": {"troops": 1000, "attacks_per_day": 0.02}}, attack_kinds=SURE,
                  casualties=ALWAYS_FATAL, threat={"noise": 0},
                  phases=leaving(over_days=600, hold_after_fatal_days=14, hold_above_threat=0.1, hold_at_most_days=90))
    _, _, records = audit(world, replication=replication)
    first = next(r.time for r in records if r.what == codes.TOLD_RELEASED)
    assert first == 7 + 90
    later = {int(r.detail) for r in records if r.what == codes.TOLD_HELD and r.time >= first}
    assert later <= {codes.AFTER_FATAL_ATTACK}


def test_a_phase_that_waits_for_a_low_threat_begins_at_the_first_tick_that_shows_it() -> None:
    """Index e^(0.9^n - 1): at most 0.8 from tick 3 on (0.729 - 1 = -0.27), at most 0.9 from tick 2 on."""
    for allowed, begins in ((0.8, 21), (0.9, 14), (1.0, 0)):
        world = model(100, threat={"noise": 0, "persistence": 0.9, "rests_today": math.exp(-1)},
                      couplings={"capability_to_threat": False},
                      capability={"learning_per_year": 0, "loss_per_year": 0},
                      phases={"leave": {"theatre": "north", "start": START, "target": 0, "over_days": 30,
                                        "threat_at_most": allowed}})
        _, _, records = audit(world)
        first = next(n for n in range(20) if math.exp(0.9**n - 1) <= allowed)
        assert 7 * first == begins
        assert [r.time for r in records if r.what == codes.TOLD_PHASE_BEGINS] == [begins]
