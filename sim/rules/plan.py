"""The plan of a phase: its sites, the dates of its tranches, and the strength that each should leave."""

import math

from sim.rules.parameters import BACK_LOADED, DAYS_PER_WEEK, FRONT_LOADED, SLOW_FAST_SLOW, STEPPED, Parameters
from sim.rules.posture import true_strength
from sim.rules.state import HELD, MOVING, PHASE_MILESTONES, State
from sim.rules.variates import nearest, power


def begin(s: State, p: Parameters) -> None:
    """Work out the final target of each theatre: what its phases leave, not counting those for unplanned events."""
    for k in range(p.theatres):
        s.floor[k] = -1
    for site in range(p.sites):
        s.site_floor[site] = s.troops[site]
        s.handover_at[site] = p.site_handover_on[site]
    j = -1
    for _ in range(p.phases):
        j = _planned_after(p, j)
        if not p.phase_contingent[j]:
            lower_floor(s, p, j)


def _planned_after(p: Parameters, last: int) -> int:
    """Return the phase that is planned next after phase ``last``, or the first of all if that is -1."""
    following = -1
    for j in range(p.phases):
        if (last < 0 or _is_planned_before(p, last, j)) and (following < 0 or _is_planned_before(p, j, following)):
            following = j
    return following


def _is_planned_before(p: Parameters, i: int, j: int) -> bool:
    """Tell whether phase ``i`` is planned before phase ``j``: by date, each after what it waits for, then in order."""
    if _earliest(p, i) != _earliest(p, j):
        return _earliest(p, i) < _earliest(p, j)
    if _phases_before(p, i) != _phases_before(p, j):
        return _phases_before(p, i) < _phases_before(p, j)
    return i < j


def _earliest(p: Parameters, j: int) -> float:
    """Return the day before which phase ``j`` cannot begin, by its own date and those of the phases it waits for."""
    day = 0.0
    while j >= 0:
        day = max(day, p.phase_start[j])
        j = p.phase_after[j] - PHASE_MILESTONES
    return day


def _phases_before(p: Parameters, j: int) -> int:
    """Return how many phases phase ``j`` waits for, one after another."""
    steps = 0
    j = p.phase_after[j] - PHASE_MILESTONES
    while j >= 0:
        steps += 1
        j = p.phase_after[j] - PHASE_MILESTONES
    return steps


def lower_floor(s: State, p: Parameters, j: int) -> None:
    """Count the target of phase ``j`` towards that of its theatre, and at which sites those who remain will be."""
    if p.phase_reinforce[j]:
        return
    k = p.phase_theatre[j]
    left = 0
    for i in range(p.phase_sites[j]):
        left += s.site_floor[site_of(p, j, i)]
    goal = _goal(s, p, j, _floors(s, p, k) - left)
    if left > goal:
        for i in range(p.phase_sites[j]):
            s.site_floor[site_of(p, j, i)] = kept(p, j, i)
        if not p.phase_keeps[j]:
            s.site_floor[last_site(p, j)] = goal
        for d in range(p.phase_destinations[j]):
            s.site_floor[destination_of(p, j, d)] += part_for(p, j, d, left - goal)
    s.floor[k] = _floors(s, p, k)


def _floors(s: State, p: Parameters, k: int) -> int:
    """Return the troops that the phases counted so far leave in theatre ``k``."""
    troops = 0
    for site in range(p.theatre_first_site[k], p.theatre_first_site[k] + p.theatre_sites[k]):
        troops += s.site_floor[site]
    return troops


def _goal(s: State, p: Parameters, j: int, elsewhere: int) -> int:
    """Return the target of phase ``j``, in true strength, with so many troops at other sites of its theatre."""
    k = p.phase_theatre[j]
    if p.phase_keeps[j]:
        troops = 0
        for i in range(p.phase_sites[j]):
            troops += kept(p, j, i)
        return troops
    if p.phase_target_percent[j] >= 0.0:
        first = 0
        for i in range(p.phase_sites[j]):
            first += s.site_initial[site_of(p, j, i)]
        return nearest(first * p.phase_target_percent[j] / 100.0)
    if p.phase_theatre_target[j] >= 0.0:
        return max(0, true_strength(s, k, p.phase_theatre_target[j]) - elsewhere)
    return true_strength(s, k, p.phase_target[j])


def _goal_now(s: State, p: Parameters, j: int) -> int:
    """Return the target of phase ``j`` with the troops that are now at other sites of its theatre."""
    return _goal(s, p, j, s.present[p.phase_theatre[j]] - strength(s, p, j))


def site_of(p: Parameters, j: int, i: int) -> int:
    """Return site ``i`` of phase ``j``, counted from 0 in closing order; there are ``phase_sites[j]``."""
    return p.phase_site[p.phase_first_site[j] + i]


def destination_of(p: Parameters, j: int, d: int) -> int:
    """Return site ``d``, counted from 0, of those where the troops of phase ``j`` go; there may be none."""
    return p.phase_site[p.phase_first_site[j] + p.phase_sites[j] + d]


def part_for(p: Parameters, j: int, d: int, troops: int) -> int:
    """Return how many of so many troops go to destination ``d`` of phase ``j``: all get the same, to within one."""
    n = p.phase_destinations[j]
    return troops // n + (1 if d < troops % n else 0)


def kept(p: Parameters, j: int, i: int) -> int:
    """Return the troops that stay at site ``i`` of phase ``j``, if the phase says so site by site; otherwise 0."""
    return nearest(p.phase_keep[p.phase_first_site[j] + i])


def closes(s: State, p: Parameters, j: int, i: int) -> bool:
    """Tell whether phase ``j`` is to close its site ``i``.

    If the phase says site by site what stays, it closes the others. Otherwise those who stay do so at its last site.
    """
    if p.phase_keeps[j]:
        return kept(p, j, i) == 0
    return s.phase_goal[j] == 0 or i < p.phase_sites[j] - 1


def closes_last(s: State, p: Parameters, j: int, i: int) -> bool:
    """Tell whether site ``i`` is among those that phase ``j`` closes last, whose garrisons are its rear party."""
    together = max(1, p.phase_at_once[j])
    last = s.phase_closes_last[j]
    return last >= 0 and i // together == last // together and closes(s, p, j, i)


def closing_days(s: State, p: Parameters, site: int) -> float:
    """Return the mean time that it takes to close a site, which depends on its size: its troops at the start."""
    return p.site_closing_days[site] + p.site_closing_days_per_100[site] * s.site_initial[site] / 100.0


def under_way(s: State, j: int) -> bool:
    """Tell whether phase ``j`` has begun and has neither reached its target nor been cancelled."""
    return s.phase[j] == MOVING or s.phase[j] == HELD


def strength(s: State, p: Parameters, j: int) -> int:
    """Return the troops at the sites of phase ``j``."""
    return s.phase_troops[j]


def coming_in(s: State, p: Parameters, j: int) -> int:
    """Return the reinforcements of phase ``j`` that are under way."""
    troops = 0
    if p.phase_reinforce[j]:
        for m in range(p.modes):
            if s.load_phase[m] == j:
                troops += s.load_troops[m]
    return troops


def last_site(p: Parameters, j: int) -> int:
    """Return the site of phase ``j`` that closes last, or stays open if troops remain."""
    return site_of(p, j, p.phase_sites[j] - 1)


def reached(s: State, p: Parameters, j: int) -> bool:
    """Tell whether phase ``j`` is at its target strength and, if it keeps some sites, has left all others."""
    if p.phase_reinforce[j]:
        return strength(s, p, j) >= s.phase_goal[j]
    if p.phase_keeps[j]:
        for i in range(p.phase_sites[j]):
            if closes(s, p, j, i) and s.troops[site_of(p, j, i)] > 0:
                return False
    return strength(s, p, j) <= s.phase_goal[j]


def draw_up(s: State, p: Parameters, j: int) -> None:
    """Fix the plan of phase ``j`` on the day it begins; its end was fixed with the order.

    A phase that had to wait for its conditions beyond the day of its first move ends as much later, unless its end is a
    date. Tranches are spread evenly. If the last site is to close, its garrison stays to the end as the rear party, and
    the tranche before it leaves early enough for the site to be closed on the planned day.
    """
    s.phase_begun[j] = s.now
    s.phase_from[j] = strength(s, p, j)
    s.phase_goal[j] = _goal_now(s, p, j)
    if p.phase_by[j] == math.inf:
        s.phase_end[j] += s.now - s.phase_first_move[j]
    s.phase_last_move[j] = max(s.now, s.phase_end[j] - _plan_rear_party(s, p, j))
    if p.phase_shape[j] == STEPPED:
        s.phase_tranches[j] = nearest(p.phase_steps[j])
    else:
        weeks = (s.phase_last_move[j] - s.now) / p.phase_tranche_days[j]
        s.phase_tranches[j] = max(1, math.ceil(weeks))
    s.phase_tranche[j] = 1


def _plan_rear_party(s: State, p: Parameters, j: int) -> float:
    """Fix the rear party of phase ``j``; return how long it stays after all others have left."""
    s.phase_rear_party[j] = 0
    s.phase_closes_last[j] = _last_to_close(s, p, j)
    lead = 0.0
    for i in range(p.phase_sites[j]):
        if closes_last(s, p, j, i):
            s.phase_rear_party[j] += nearest(p.site_garrison[site_of(p, j, i)])
            if not p.phase_hands_over_at_start[j]:
                lead = max(lead, closing_days(s, p, site_of(p, j, i)))
    s.phase_rear_party[j] = max(0, min(s.phase_rear_party[j], s.phase_from[j] - s.phase_goal[j]))
    return lead


def _last_to_close(s: State, p: Parameters, j: int) -> int:
    """Return the last site that phase ``j`` closes, or -1 if it closes none, or if others still give troops after it.

    Those who stay do so at the last site, unless the phase says where; and the next sites may follow only when this one
    is closed.
    """
    if p.phase_reinforce[j] or (s.phase_goal[j] > 0 and not p.phase_keeps[j]):
        return -1
    last = p.phase_sites[j] - 1
    while last >= 0 and not closes(s, p, j, last):
        last -= 1
    together = p.phase_at_once[j]
    if together > 0 and last // together < (p.phase_sites[j] - 1) // together:
        return -1
    return last


def planned_end(s: State, p: Parameters, j: int) -> float:
    """Return the end of phase ``j`` if it begins now."""
    if p.phase_over_days[j] >= 0.0:
        return s.now + p.phase_over_days[j]
    troops = abs(strength(s, p, j) - _goal_now(s, p, j))
    if p.phase_per_day[j] > 0.0:
        return s.now + troops / p.phase_per_day[j]
    if p.phase_per_week[j] > 0.0:
        return s.now + troops / p.phase_per_week[j] * DAYS_PER_WEEK
    return max(s.now, p.phase_by[j])


def last_tranche(s: State, j: int) -> int:
    """Return the number of the last tranche of phase ``j``, counting the rear party."""
    return s.phase_tranches[j] + (1 if s.phase_rear_party[j] > 0 else 0)


def date(s: State, p: Parameters, j: int, i: int) -> float:
    """Return the date of tranche ``i`` of phase ``j``, with the days that holds have added and going faster has saved.

    After the last planned tranche, others follow at regular intervals: a late phase keeps asking for lift.
    """
    begun = s.phase_begun[j]
    planned = s.phase_end[j]
    if i < s.phase_tranches[j]:
        planned = begun + i * (s.phase_last_move[j] - begun) / s.phase_tranches[j]
    elif i == s.phase_tranches[j]:
        planned = s.phase_last_move[j]
    planned += s.phase_earlier_shift[j]
    if s.phase_hurried[j] < planned:
        planned = s.phase_hurried[j] + (planned - s.phase_hurried[j]) / p.phase_faster_by[j]
    return planned + s.phase_shift[j] + max(0, i - last_tranche(s, j)) * p.phase_tranche_days[j]


def planned_strength(s: State, p: Parameters, j: int, i: int) -> int:
    """Return the strength that tranche ``i`` of phase ``j`` should leave (or, for reinforcements, reach)."""
    if i > s.phase_tranches[j]:
        return s.phase_goal[j]
    whole = s.phase_goal[j] + s.phase_rear_party[j] - s.phase_from[j]
    moved = nearest(_share(p.phase_shape[j], _time(p, j, i / s.phase_tranches[j])) * whole)
    if i < s.phase_tranches[j]:  # somebody goes with the last tranche, however few are left by then
        moved = min(moved, whole - 1) if whole > 0 else max(moved, min(0, whole + 1))
    return s.phase_from[j] + moved


def _time(p: Parameters, j: int, time: float) -> float:
    """Return the share of the time that counts as passed, which lags behind where plans meet friction."""
    if p.plan_to_execution and p.phase_lag[j] != 1.0:
        return power(time, p.phase_lag[j])
    return time


def _share(shape: int, time: float) -> float:
    """Return the share of the move that is done after a share of the time."""
    if shape == FRONT_LOADED:
        return 1.0 - (1.0 - time) * (1.0 - time)
    if shape == BACK_LOADED:
        return time * time
    if shape == SLOW_FAST_SLOW:
        return time * time * (3.0 - 2.0 * time)
    return time
