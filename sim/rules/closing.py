"""Closing sites: a crew does the work, and the site is closed once that is done and it is down to its garrison.

The work begins when the site is drained to its garrison, or as ordered: when its phase begins, or on a date. Crews are
shared, first come, first served. The garrison stays until the site is closed, then moves to the last open site of the
same phase; at the very last site it waits for lift. If it is drained first, the last site is not closed before the
phase has asked for lift for all but its garrison.
"""

import math

from sim.rules import cargo, crew_queue, headcount, plan, posture
from sim.rules.parameters import Parameters
from sim.rules.state import (
    CLOSED,
    CLOSING,
    MOVING,
    OPEN,
    READY,
    TOLD_READY,
    TOLD_SITE_CLOSED,
    TOLD_SITE_CLOSING,
    WAITING,
    State,
    tell,
    wake,
    wake_all,
)
from sim.rules.streams import Streams, seek, uniform
from sim.rules.variates import duration, nearest


def stays(s: State, p: Parameters, j: int, i: int) -> int:
    """Return the troops that phase ``j`` has to leave at its site ``i`` for now."""
    site = plan.site_of(p, j, i)
    if not plan.closes(s, p, j, i):
        return plan.kept(p, j, i)
    return 0 if s.site[site] == CLOSED else nearest(p.site_garrison[site])


def turn(s: State, p: Parameters, j: int) -> int:
    """Return the first of the sites of phase ``j`` whose turn it is to be drained; they end before `turn_ends`."""
    if p.phase_at_once[j] == 0:
        return 0
    for i in range(s.phase_turn_from[j], p.phase_sites[j]):
        site = plan.site_of(p, j, i)
        if plan.closes(s, p, j, i):
            drained = s.site[site] == CLOSED and s.troops[site] == 0
        else:
            drained = p.phase_keeps[j] and s.troops[site] <= plan.kept(p, j, i)
        if not drained:
            s.phase_turn_from[j] = i
            return i - i % p.phase_at_once[j]
    return 0


def turn_ends(p: Parameters, j: int, first: int) -> int:
    """Return the number after that of the last site whose turn it is together with site ``first``."""
    if p.phase_at_once[j] == 0:
        return p.phase_sites[j]
    return min(first + p.phase_at_once[j], p.phase_sites[j])


def queue(s: State, p: Parameters, j: int) -> None:
    """Queue sites whose turn it is for a crew: those drained to their garrison, or all if phase ``j`` orders that.

    Sites that are drained one after another also close one after another.
    """
    first = turn(s, p, j)
    for i in range(max(first, _first_to_close(s, p, j)), turn_ends(p, j, first)):
        site = plan.site_of(p, j, i)
        if s.site[site] != OPEN or not plan.closes(s, p, j, i):
            continue
        if p.phase_hands_over_at_start[j] or _is_drained(s, p, j, i):
            _queue(s, p, site, j)
        elif p.phase_at_once[j] == 0:
            return


def _first_to_close(s: State, p: Parameters, j: int) -> int:
    """Return the first site of phase ``j``, in closing order, that is open and to be closed, or the number of sites."""
    i = s.phase_open_from[j]
    while i < p.phase_sites[j] and not (s.site[plan.site_of(p, j, i)] == OPEN and plan.closes(s, p, j, i)):
        i += 1
    s.phase_open_from[j] = i
    return i


def _is_drained(s: State, p: Parameters, j: int, i: int) -> bool:
    """Tell whether a site is down to its garrison and, if it is closed last, nobody else of the phase is to come."""
    if plan.closes_last(s, p, j, i) and s.phase_tranche[j] <= s.phase_tranches[j]:
        return False
    return s.troops[plan.site_of(p, j, i)] <= nearest(p.site_garrison[plan.site_of(p, j, i)])


def _queue(s: State, p: Parameters, site: int, j: int) -> None:
    s.site[site] = WAITING
    s.handover_at[site] = math.inf
    s.closing_phase[site] = j
    crew_queue.join(s, site)
    wake(s, p.process_closing + site)


def look_again(s: State, p: Parameters, j: int) -> None:
    """Have the sites of phase ``j`` looked at where the work is done, now that a tranche has been asked for."""
    if s.sites_ready == 0:
        return
    for i in range(p.phase_sites[j]):
        if s.site[plan.site_of(p, j, i)] == READY:
            wake(s, p.process_closing + plan.site_of(p, j, i))


def take_over(s: State, p: Parameters, j: int) -> None:
    """Have phase ``j``, which begins, close the sites whose hand-over has begun already, and order that of others."""
    if p.phase_reinforce[j]:
        return
    for i in range(p.phase_sites[j]):
        site = plan.site_of(p, j, i)
        owner = s.closing_phase[site]
        if _is_begun(s, site) and plan.closes(s, p, j, i) and (owner < 0 or not plan.under_way(s, owner)):
            s.closing_phase[site] = j
            wake(s, p.process_closing + site)
    if p.phase_hands_over_at_start[j]:
        queue(s, p, j)


def _is_begun(s: State, site: int) -> bool:
    """Tell whether a site is being handed over: waits for a crew, has one at work, or waits for its troops to go."""
    return s.site[site] == WAITING or s.site[site] == CLOSING or s.site[site] == READY


def due(s: State, p: Parameters, r: Streams, site: int) -> float:
    """A site acts next on its date, when a crew is free or done, or when it is down to its garrison after that."""
    if s.site[site] == CLOSING:
        return s.closing_until[site]
    if s.site[site] == WAITING and s.crews_busy < p.closing_crews and s.queue_first == site:
        return s.now
    if s.site[site] == READY and _can_close(s, p, site):
        return s.now
    return s.handover_at[site] if s.site[site] == OPEN else math.inf


def step(s: State, p: Parameters, r: Streams, site: int) -> None:
    """Queue for a crew on the date of the hand-over, have a crew begin the work, or finish it, or close the site."""
    if s.site[site] == OPEN:
        _queue(s, p, site, _phase_that_closes(s, p, site))
    elif s.site[site] == WAITING:
        crew_queue.leave(s, site)
        s.site[site] = CLOSING
        s.crews_busy += 1
        seek(r.closing, site, s.site_closings[site])
        s.site_closings[site] += 1
        days = duration(plan.closing_days(s, p, site), p.closing_spread, uniform(r.closing, site))
        s.closing_until[site] = s.now + days
        tell(s, TOLD_SITE_CLOSING, site, s.closing_until[site], 0.0)
    elif s.site[site] == CLOSING:
        s.site[site] = READY
        s.sites_ready += 1
        s.crews_busy -= 1
        if _can_close(s, p, site):
            _close(s, p, site)
        else:
            tell(s, TOLD_READY, site, s.troops[site], 0.0)
    else:
        _close(s, p, site)
    _wake_queue(s, p)


def _can_close(s: State, p: Parameters, site: int) -> bool:
    """Tell whether a site at which the work is done can be closed now, by the phase in charge of it."""
    j = s.closing_phase[site]
    for v in range(p.site_first_visit[site], p.site_first_visit[site] + p.site_visits[site]):
        if p.visit_phase[v] == j:
            return _is_drained(s, p, j, p.visit_place[v])
    return False


def _phase_that_closes(s: State, p: Parameters, site: int) -> int:
    """Return the phase under way that is to close a site, or -1 if there is none yet."""
    for v in range(p.site_first_visit[site], p.site_first_visit[site] + p.site_visits[site]):
        j = p.visit_phase[v]
        if plan.under_way(s, j) and not p.phase_reinforce[j] and plan.closes(s, p, j, p.visit_place[v]):
            return j
    return -1


def _close(s: State, p: Parameters, site: int) -> None:
    """Close the site: its garrison moves on."""
    s.site[site] = CLOSED
    s.sites_ready -= 1
    s.sites_closed[p.site_theatre[site]] += 1
    s.closings += 1
    j = s.closing_phase[site]
    garrison = s.troops[site]
    destination = _next_site(s, p, j)
    if p.phase_destinations[j] > 0:
        send_on(s, p, j, site, garrison)
    elif destination >= 0:
        posture.move_within(s, p, site, destination, garrison)
    else:
        garrison = 0
        headcount.look_back(s, p, site)
    tell(s, TOLD_SITE_CLOSED, site, garrison, 0.0)
    _clear(s, p, j, site)
    if plan.under_way(s, j):
        s.phase_site_closed[j] = p.phase_destinations[j] > 0 or p.phase_keeps[j]
        wake(s, p.process_phase + j)
    if p.phase_hands_over_at_start[j] and s.phase[j] == MOVING:
        queue(s, p, j)
    wake_all(s, p.process_lift, p.modes)


def _clear(s: State, p: Parameters, j: int, site: int) -> None:
    """Have the cargo of a closed site wait for lift or, where the phase gathers troops, follow them by road."""
    boxes = s.cargo[site]
    for d in range(p.phase_destinations[j]):
        destination = plan.destination_of(p, j, d)
        if s.site[destination] != CLOSED:
            s.cargo[destination] += plan.part_for(p, j, d, boxes)
            s.cargo[site] -= plan.part_for(p, j, d, boxes)
    cargo.free(s, p, j, site, 0)
    cargo.check_out(s, p)


def _next_site(s: State, p: Parameters, j: int) -> int:
    """Return where the garrison of a closed site goes: to a site that lacks troops, else to the last that will close.

    It is -1 if there is none.
    """
    if not p.phase_keeps[j]:
        return last_open_site(s, p, j)
    last = -1
    for i in range(p.phase_sites[j]):
        site = plan.site_of(p, j, i)
        if s.site[site] != CLOSED and s.troops[site] < plan.kept(p, j, i):
            return site
        if s.site[site] != CLOSED and plan.closes(s, p, j, i):
            last = site
    return last


def send_on(s: State, p: Parameters, j: int, origin: int, troops: int) -> None:
    """Move troops to the sites where phase ``j`` gathers them; over time all of these get the same number."""
    before = s.gathered[j]
    s.gathered[j] += troops
    for d in range(p.phase_destinations[j]):
        coming = plan.part_for(p, j, d, s.gathered[j]) - plan.part_for(p, j, d, before)
        if coming > 0:
            come(s, p, origin, plan.destination_of(p, j, d), coming)


def come(s: State, p: Parameters, origin: int, destination: int, troops: int) -> None:
    """Move troops by road to another site of the theatre, which opens again if it has been closed."""
    if s.site[destination] == CLOSED:
        reopen(s, p, destination)
    posture.move_within(s, p, origin, destination, troops)
    wake_all(s, p.process_lift, p.modes)


def _wake_queue(s: State, p: Parameters) -> None:
    """Wake the first site that waits for a crew; the others have to wait for it."""
    if s.queue_first >= 0:
        wake(s, p.process_closing + s.queue_first)


def last_open_site(s: State, p: Parameters, j: int) -> int:
    """Return the last site of phase ``j`` that is not closed, or -1 if all are."""
    for i in range(p.phase_sites[j] - 1, -1, -1):
        site = plan.site_of(p, j, i)
        if s.site[site] != CLOSED:
            return site
    return -1


def reopen(s: State, p: Parameters, site: int) -> None:
    """Keep a site open, or open it again; a crew at work there is free again."""
    if s.site[site] == CLOSING:
        s.crews_busy -= 1
    elif s.site[site] == CLOSED:
        s.sites_closed[p.site_theatre[site]] -= 1
    elif s.site[site] == WAITING:
        crew_queue.leave(s, site)
    elif s.site[site] == READY:
        s.sites_ready -= 1
    if s.site[site] != OPEN:
        s.site[site] = OPEN
        headcount.look_back(s, p, site)
        wake(s, p.process_closing + site)
        _wake_queue(s, p)
        cargo.check_out(s, p)


def abandon(s: State, p: Parameters, j: int) -> None:
    """Keep the sites that phase ``j``, now cancelled, was about to close."""
    for i in range(p.phase_sites[j]):
        site = plan.site_of(p, j, i)
        if _is_begun(s, site) and s.closing_phase[site] == j:
            reopen(s, p, site)
