"""Lift: transport that all phases share. They queue for it, first come, first served, one load at a time.

Troops leave their sites when lift picks them up. A load keeps lift busy for its size divided by the weekly capacity,
on average; weather and availability spread the time. Then the troops are out of the theatre (or, as reinforcements, at
their site). If a phase has more troops waiting than fit the load, the rest go to the back of the queue.
"""

import math

from sim.rules import closing, draining, drawdown, plan, posture
from sim.rules.parameters import DAYS_PER_WEEK, Parameters
from sim.rules.state import MOVING, TOLD_LOAD, State, tell, ticket
from sim.rules.streams import Streams, uniform
from sim.rules.variates import duration


def due(s: State, p: Parameters, r: Streams, i: int) -> float:
    """Lift acts next when its load arrives, or at once if it is free and there are troops to move."""
    if s.load_phase >= 0:
        return s.lift_until
    return s.now if first_in_queue(s, p) >= 0 else math.inf


def step(s: State, p: Parameters, r: Streams, i: int) -> None:
    """Set down the load and pick up the next."""
    if s.load_phase >= 0:
        _set_down(s, p)
    j = first_in_queue(s, p)
    if j >= 0:
        _take_up(s, p, r, j)


def first_in_queue(s: State, p: Parameters) -> int:
    """Return the phase that asked first among those that are not held and have troops to move, or -1."""
    first = -1
    for j in range(p.phases):
        if s.phase[j] == MOVING and s.asked[j] > 0 and (first < 0 or s.lift_ticket[j] < s.lift_ticket[first]):  # noqa: SIM102
            if available(s, p, j, 1) > 0:
                first = j
    return first


def available(s: State, p: Parameters, j: int, at_most: int) -> int:
    """Return how many troops waiting for lift can leave now, up to a number; garrisons wait for their site to close."""
    if p.phase_reinforce[j]:
        return min(s.asked[j], at_most)
    return draining.movable(s, p, j, min(s.asked[j], at_most, plan.strength(s, p, j) - s.phase_goal[j]))


def _take_up(s: State, p: Parameters, r: Streams, j: int) -> None:
    k = p.phase_theatre[j]
    troops = available(s, p, j, int(p.lift_load) if p.has_lift else s.asked[j])
    s.asked[j] -= troops
    if s.asked[j] > 0:
        s.lift_ticket[j] = ticket(s)
    s.load_phase = j
    s.load_troops = troops
    s.lift_until = s.now
    if p.has_lift:
        s.lift_until += duration(troops / p.lift_per_week * DAYS_PER_WEEK, p.lift_spread, uniform(r.lift, 0))
    s.loads += 1
    s.moved += troops
    s.in_transit[k] += troops
    tell(s, TOLD_LOAD, j, troops, s.lift_until)
    if p.phase_reinforce[j]:
        s.brought[k] += troops
    else:
        draining.drain(s, p, j, troops)
        drawdown.check_reached(s, p, j)


def _set_down(s: State, p: Parameters) -> None:
    j = s.load_phase
    k = p.phase_theatre[j]
    s.load_phase = -1
    s.in_transit[k] -= s.load_troops
    if not p.phase_reinforce[j]:
        s.withdrawn[k] += s.load_troops
        return
    site = closing.last_open_site(s, p, j)
    if site < 0:
        site = plan.last_site(p, j)
    closing.reopen(s, p, site)
    posture.change(s, p, site, s.load_troops)
    drawdown.check_reached(s, p, j)
