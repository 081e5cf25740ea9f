"""Posture: who is where. Nobody gets lost: whoever leaves a site is withdrawn, in transit, evacuated or killed."""

import math

from sim.rules import capability, cargo, headcount
from sim.rules.parameters import Parameters
from sim.rules.state import (
    HELD,
    MOVING,
    PENDING,
    READY,
    TOLD_COMPLETE,
    TOLD_THEATRE_DONE,
    State,
    tell,
    wake,
)
from sim.rules.variates import nearest


def begin(s: State, p: Parameters) -> None:
    """Spread the true strength of each theatre over its sites by weight, in whole soldiers that add up exactly."""
    for k in range(p.theatres):
        strength = nearest(p.theatre_troops[k] * p.theatre_true_over_reported[k])
        s.true_factor[k] = p.theatre_true_over_reported[k]
        s.initial[k] = strength
        s.present[k] = strength
        s.total_present += strength
        weights = 0.0
        for i in range(p.theatre_sites[k]):
            weights += p.site_weight[p.theatre_first_site[k] + i]
        weight = 0.0
        placed = 0
        for i in range(p.theatre_sites[k]):
            site = p.theatre_first_site[k] + i
            weight += p.site_weight[site]
            upto = nearest(strength * weight / weights)
            s.troops[site] = upto - placed
            s.site_initial[site] = s.troops[site]
            placed = upto
    s.total_initial = s.total_present
    s.thinnest = s.total_initial
    headcount.begin(s, p)


def count_days(s: State, p: Parameters, k: int) -> None:
    """Count the troop-days of theatre ``k`` up to now."""
    days = s.now - s.counted_to[k]
    s.troop_days[k] += s.present[k] * days
    if in_tail(s):
        s.tail_troop_days += s.present[k] * days
    if in_follow_up(s):
        s.follow_up_troop_days[k] += s.present[k] * days
    s.counted_to[k] = s.now


def count_all_days(s: State, p: Parameters) -> None:
    """Count troop-days and days with anybody present up to now, everywhere."""
    for k in range(p.theatres):
        count_days(s, p, k)
    if s.total_present > 0:
        s.days_present += s.now - s.days_counted_to
    s.days_counted_to = s.now


def in_tail(s: State) -> bool:
    """Tell whether a quarter or less of the initial troops is left: the thin last stretch."""
    return s.total_present * 4 <= s.total_initial


def in_follow_up(s: State) -> bool:
    """Tell whether the drawdown is complete and its follow-up is not over."""
    return s.completed_at < math.inf and not s.follow_up_over


def change(s: State, p: Parameters, site: int, troops: int) -> None:
    """Add troops to a site (or take them away, if negative); attacks depend on presence, so they are woken."""
    k = p.site_theatre[site]
    count_all_days(s, p)
    headcount.add(s, p, site, troops)
    s.present[k] += troops
    s.total_present += troops
    capability.presence_changed(s, p)
    wake(s, p.process_attacks + k)
    if troops < 0:
        _wake_closing(s, p, site)
        check_done(s, p, k)


def lose(s: State, p: Parameters, site: int, killed: int, evacuated: int) -> None:
    """Take the killed and the evacuated away from a site."""
    k = p.site_theatre[site]
    s.killed[k] += killed
    s.evacuated[k] += evacuated
    if killed + evacuated > 0:
        change(s, p, site, -(killed + evacuated))


def move_within(s: State, p: Parameters, origin: int, destination: int, troops: int) -> None:
    """Move troops between two sites of a theatre."""
    headcount.add(s, p, origin, -troops)
    headcount.add(s, p, destination, troops)
    _wake_closing(s, p, origin)


def _wake_closing(s: State, p: Parameters, site: int) -> None:
    """Have a site that waits only for its troops to go looked at again, now that some have."""
    if s.site[site] == READY:
        wake(s, p.process_closing + site)


def true_strength(s: State, k: int, reported: float) -> int:
    """Return the true strength that a reported one stands for in theatre ``k``."""
    return nearest(reported * s.true_factor[k])


def _to_be_gathered(s: State, p: Parameters, k: int) -> bool:
    """Tell whether troops of theatre ``k`` are still to move to other sites of it."""
    for j in range(p.phases):
        if p.phase_theatre[j] != k or p.phase_destinations[j] == 0:
            continue
        planned = s.phase[j] == PENDING and not p.phase_contingent[j]
        if planned or s.phase[j] == MOVING or s.phase[j] == HELD:
            return True
    return False


def check_done(s: State, p: Parameters, k: int) -> None:
    """Check whether theatre ``k`` is down to its final target, and whether that completes the drawdown."""
    if s.theatre_done_at[k] < math.inf or s.floor[k] < 0 or s.present[k] > s.floor[k] or _to_be_gathered(s, p, k):
        return
    s.theatre_done_at[k] = s.now
    tell(s, TOLD_THEATRE_DONE, k, s.present[k], 0.0)
    for other in range(p.theatres):
        if s.floor[other] >= 0 and s.theatre_done_at[other] == math.inf:
            return
    if s.completed_at < math.inf:
        return
    count_all_days(s, p)
    s.completed_at = s.now
    s.ratio_at_handover = capability.threat_ratio(s, p)
    tell(s, TOLD_COMPLETE, 0, s.total_present, 0.0)
    cargo.check_out(s, p)
    wake(s, p.process_follow_up)

