"""Cargo: the equipment of the troops. It leaves after them, on the same modes of lift; what is left makes the kit tail.

Each site begins with so many boxes for each soldier. When troops leave a site for good, it keeps the boxes of those who
stay, and the others wait for lift; when it is closed, all of them do. They go out in loads of their own, first come,
first served by phase, on modes that carry cargo and have no troops to move. A phase that is held moves no cargo; once
it is at its target or cancelled, what waits still leaves. Where a phase gathers its troops at other sites, the boxes of
a site that is closed follow them by road. Reinforcements come without.
"""

import math

from sim.rules.parameters import DAYS_PER_WEEK, Parameters
from sim.rules.state import CLOSED, HELD, OPEN, TOLD_CARGO, TOLD_CARGO_OUT, State, tell, ticket, wake_all
from sim.rules.streams import Streams, uniform
from sim.rules.variates import duration, nearest


def begin(s: State, p: Parameters) -> None:
    """Give each site its boxes."""
    for site in range(p.sites):
        boxes = nearest(p.site_cargo_per_troop[site] * s.troops[site])
        s.cargo[site] = boxes
        s.cargo_initial[p.site_theatre[site]] += boxes
        s.cargo_left[p.site_theatre[site]] += boxes


def free(s: State, p: Parameters, j: int, site: int, staying: int) -> None:
    """Have the boxes of a site wait for lift, but for those of the troops who stay when phase ``j`` takes others."""
    boxes = s.cargo[site] - nearest(p.site_cargo_per_troop[site] * staying)
    if boxes <= 0:
        return
    s.cargo[site] -= boxes
    if s.cargo_waiting[j] == 0:
        s.cargo_ticket[j] = ticket(s)
    s.cargo_waiting[j] += boxes
    wake_all(s, p.process_lift, p.modes)


def first_in_queue(s: State, p: Parameters, m: int) -> int:
    """Return the phase whose boxes wait longest among those that mode ``m`` can move now, or -1."""
    first = -1
    if p.mode_cargo_per_week[m] <= 0.0:
        return first
    for j in range(p.phases):
        if (s.cargo_waiting[j] > 0 and s.phase[j] != HELD and p.mode_serves[m * p.theatres + p.phase_theatre[j]]
                and (first < 0 or s.cargo_ticket[j] < s.cargo_ticket[first])):
            first = j
    return first


def take_up(s: State, p: Parameters, r: Streams, m: int, j: int) -> None:
    """Take up a load of the boxes that wait for phase ``j``; the rest go to the back of the queue."""
    boxes = s.cargo_waiting[j]
    if p.has_lift:
        boxes = min(boxes, int(p.mode_cargo_load[m]))
    s.cargo_waiting[j] -= boxes
    if s.cargo_waiting[j] > 0:
        s.cargo_ticket[j] = ticket(s)
    s.load_phase[m] = j
    s.load_cargo[m] = boxes
    s.lift_until[m] = s.now
    if p.has_lift:
        days = boxes / p.mode_cargo_per_week[m] * DAYS_PER_WEEK
        s.lift_until[m] += duration(days, p.mode_spread[m], uniform(r.lift, m))
    s.cargo_loads += 1
    s.cargo_moved[m] += boxes
    tell(s, TOLD_CARGO, j, boxes, s.lift_until[m])


def set_down(s: State, p: Parameters, m: int, j: int) -> None:
    """Count the boxes of a load as out of the theatre."""
    s.cargo_left[p.phase_theatre[j]] -= s.load_cargo[m]
    s.load_cargo[m] = 0
    check_out(s, p)


def check_out(s: State, p: Parameters) -> None:
    """Record when, after the drawdown is complete, the last boxes that were to leave are out."""
    if not p.has_cargo or s.completed_at == math.inf or s.cargo_out_at < math.inf or to_leave(s, p) > 0:
        return
    s.cargo_out_at = s.now
    tell(s, TOLD_CARGO_OUT, 0, s.now - s.completed_at, 0.0)


def to_leave(s: State, p: Parameters) -> int:
    """Return the boxes that wait, are under way, or stand at sites down to their garrison that are being closed."""
    boxes = 0
    for j in range(p.phases):
        boxes += s.cargo_waiting[j]
    for m in range(p.modes):
        boxes += s.load_cargo[m]
    for site in range(p.sites):
        begun = s.site[site] != OPEN and s.site[site] != CLOSED and s.closing_phase[site] >= 0
        if begun and s.troops[site] <= nearest(p.site_garrison[site]):
            boxes += s.cargo[site]
    return boxes
