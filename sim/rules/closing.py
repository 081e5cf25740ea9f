"""Closing sites: a site that is down to its garrison waits for a crew. Crews are shared, first come, first served.

The garrison stays until the site is closed, then moves to the last open site of the same phase; at the very last site
it waits for lift. The last site is not closed before the phase has asked for lift for all but its garrison.
"""

import math

from sim.rules import plan, posture
from sim.rules.parameters import Parameters
from sim.rules.state import (
    CLOSED,
    CLOSING,
    OPEN,
    TOLD_SITE_CLOSED,
    TOLD_SITE_CLOSING,
    WAITING,
    State,
    tell,
    ticket,
    wake,
)
from sim.rules.streams import Streams, uniform
from sim.rules.variates import duration, nearest


def closes(s: State, p: Parameters, j: int, site: int) -> bool:
    """Tell whether phase ``j`` is to close a site: all but the last, and the last too if nobody is to remain."""
    return s.phase_goal[j] == 0 or site != plan.last_site(p, j)


def stays(s: State, p: Parameters, j: int, site: int) -> int:
    """Return the troops that phase ``j`` has to leave at a site for now."""
    if s.site[site] == CLOSED or not closes(s, p, j, site):
        return 0
    return nearest(p.site_garrison[site])


def queue_drained(s: State, p: Parameters, j: int) -> None:
    """Queue sites for a crew in closing order, up to the first that is not down to its garrison."""
    for i in range(p.phase_sites[j]):
        site = plan.site_of(p, j, i)
        if s.site[site] != OPEN:
            continue
        if not closes(s, p, j, site) or s.troops[site] > stays(s, p, j, site):
            return
        if site == plan.last_site(p, j) and s.phase_tranche[j] <= s.phase_tranches[j]:
            return
        s.site[site] = WAITING
        s.closing_phase[site] = j
        s.closing_ticket[site] = ticket(s)
        wake(s, p.process_closing + site)


def due(s: State, p: Parameters, r: Streams, site: int) -> float:
    """A site acts next when the crew is done, or at once if it is next in the queue and a crew is free."""
    if s.site[site] == CLOSING:
        return s.closing_until[site]
    if s.site[site] == WAITING and s.crews_busy < p.closing_crews and _is_next(s, p, site):
        return s.now
    return math.inf


def step(s: State, p: Parameters, r: Streams, site: int) -> None:
    """Have a crew begin to close the site, or finish."""
    if s.site[site] == WAITING:
        s.site[site] = CLOSING
        s.crews_busy += 1
        days = duration(p.site_closing_days[site], p.closing_spread, uniform(r.closing, site))
        s.closing_until[site] = s.now + days
        tell(s, TOLD_SITE_CLOSING, site, s.closing_until[site], 0.0)
    else:
        _close(s, p, site)
    _wake_queue(s, p)


def _close(s: State, p: Parameters, site: int) -> None:
    """Close the site: its crew is free again, and its garrison moves on."""
    s.site[site] = CLOSED
    s.crews_busy -= 1
    s.sites_closed[p.site_theatre[site]] += 1
    s.closings += 1
    garrison = s.troops[site]
    destination = last_open_site(s, p, s.closing_phase[site])
    if destination >= 0:
        posture.move_within(s, p, site, destination, garrison)
    else:
        garrison = 0
    tell(s, TOLD_SITE_CLOSED, site, garrison, 0.0)
    wake(s, p.process_lift)


def _is_next(s: State, p: Parameters, site: int) -> bool:
    for other in range(p.sites):
        if s.site[other] == WAITING and s.closing_ticket[other] < s.closing_ticket[site]:
            return False
    return True


def _wake_queue(s: State, p: Parameters) -> None:
    for site in range(p.sites):
        if s.site[site] == WAITING:
            wake(s, p.process_closing + site)


def last_open_site(s: State, p: Parameters, j: int) -> int:
    """Return the last site of phase ``j`` that is not closed, or -1 if all are."""
    last = -1
    for i in range(p.phase_sites[j]):
        site = plan.site_of(p, j, i)
        if s.site[site] != CLOSED:
            last = site
    return last


def reopen(s: State, p: Parameters, site: int) -> None:
    """Keep a site open, or open it again; a crew at work there is free again."""
    if s.site[site] == CLOSING:
        s.crews_busy -= 1
    elif s.site[site] == CLOSED:
        s.sites_closed[p.site_theatre[site]] -= 1
    if s.site[site] != OPEN:
        s.site[site] = OPEN
        wake(s, p.process_closing + site)
        _wake_queue(s, p)


def abandon(s: State, p: Parameters, j: int) -> None:
    """Keep the sites that phase ``j``, now cancelled, was about to close."""
    for i in range(p.phase_sites[j]):
        site = plan.site_of(p, j, i)
        if (s.site[site] == WAITING or s.site[site] == CLOSING) and s.closing_phase[site] == j:
            reopen(s, p, site)
