"""Lift: modes of transport, such as air and road, that all phases share. They queue for them, first come, first served.

A mode carries one load at a time, of the phase that asked first among those whose theatre it serves: troops, or cargo
if no troops can leave. Troops leave their sites when a mode picks them up. A load keeps the mode busy for its size
divided by the weekly capacity, on average; weather and availability spread the time. Then the troops are out of the
theatre (or, as reinforcements, at their site). If a phase has more troops waiting than fit the load, the rest go to the
back of the queue. A mode with dates takes up nothing outside them; a load that is under way arrives all the same.
"""

import math

from sim.rules import cargo, closing, draining, drawdown, plan, posture
from sim.rules.parameters import DAYS_PER_WEEK, Parameters
from sim.rules.state import MOVING, TOLD_LOAD, State, tell, ticket
from sim.rules.streams import Streams, uniform
from sim.rules.variates import duration


def due(s: State, p: Parameters, r: Streams, m: int) -> float:
    """A mode acts next when its load arrives or, if it is free and in its dates, once there is something to move."""
    if s.load_phase[m] >= 0:
        return s.lift_until[m]
    if s.now >= p.mode_until[m] + 1.0 or (first_in_queue(s, p, m) < 0 and cargo.first_in_queue(s, p, m) < 0):
        return math.inf
    return max(s.now, p.mode_from[m])


def step(s: State, p: Parameters, r: Streams, m: int) -> None:
    """Set down the load and pick up the next."""
    if s.load_phase[m] >= 0:
        _set_down(s, p, m)
    if not p.mode_from[m] <= s.now < p.mode_until[m] + 1.0:
        return
    j = first_in_queue(s, p, m)
    if j >= 0:
        _take_up(s, p, r, m, j)
        return
    j = cargo.first_in_queue(s, p, m)
    if j >= 0:
        cargo.take_up(s, p, r, m, j)


def first_in_queue(s: State, p: Parameters, m: int) -> int:
    """Return the phase that asked first among those not held that have troops which mode ``m`` can move, or -1."""
    first = -1
    if p.mode_per_week[m] <= 0.0:
        return first
    for j in range(p.phases):
        if s.phase[j] == MOVING and s.asked[j] > 0 and (first < 0 or s.lift_ticket[j] < s.lift_ticket[first]):  # noqa: SIM102
            if serves(p, m, j) and available(s, p, j, 1) > 0:
                first = j
    return first


def serves(p: Parameters, m: int, j: int) -> bool:
    """Tell whether mode ``m`` serves the theatre of phase ``j``."""
    return p.mode_serves[m * p.theatres + p.phase_theatre[j]]


def available(s: State, p: Parameters, j: int, at_most: int) -> int:
    """Return how many troops waiting for lift can leave now, up to a number; garrisons wait for their site to close."""
    if p.phase_reinforce[j]:
        return min(s.asked[j], at_most)
    return draining.movable(s, p, j, min(s.asked[j], at_most, plan.strength(s, p, j) - s.phase_goal[j]))


def _take_up(s: State, p: Parameters, r: Streams, m: int, j: int) -> None:
    k = p.phase_theatre[j]
    troops = available(s, p, j, int(p.mode_load[m]) if p.has_lift else s.asked[j])
    s.asked[j] -= troops
    if s.asked[j] > 0:
        s.lift_ticket[j] = ticket(s)
    s.load_phase[m] = j
    s.load_troops[m] = troops
    s.lift_until[m] = s.now
    if p.has_lift:
        s.lift_until[m] += duration(troops / p.mode_per_week[m] * DAYS_PER_WEEK, p.mode_spread[m], uniform(r.lift, m))
    s.loads += 1
    s.moved[m] += troops
    s.in_transit[k] += troops
    tell(s, TOLD_LOAD, j, troops, s.lift_until[m])
    if p.phase_reinforce[j]:
        s.brought[k] += troops
    else:
        draining.drain(s, p, j, troops)
        drawdown.check_reached(s, p, j)


def _set_down(s: State, p: Parameters, m: int) -> None:
    j = s.load_phase[m]
    s.load_phase[m] = -1
    if s.load_cargo[m] > 0:
        cargo.set_down(s, p, m, j)
        return
    k = p.phase_theatre[j]
    troops = s.load_troops[m]
    s.load_troops[m] = 0
    s.in_transit[k] -= troops
    if not p.phase_reinforce[j]:
        s.withdrawn[k] += troops
        return
    site = closing.last_open_site(s, p, j)
    if site < 0:
        site = plan.last_site(p, j)
    closing.reopen(s, p, site)
    posture.change(s, p, site, troops)
    drawdown.check_reached(s, p, j)
