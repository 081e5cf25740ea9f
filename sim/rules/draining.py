"""Draining sites: from which sites of a phase troops go first, and where those go who stay in the theatre.

Sites are drained one after another in closing order, or ``at_once`` of them side by side; then the next so many follow
when all of these are closed. A phase with destinations gathers its troops there, by road and so without lift. A phase
that says site by site what stays first brings these sites up to strength from its others.
"""

from sim.rules import cargo, closing, plan, posture
from sim.rules.parameters import Parameters
from sim.rules.state import TOLD_FILLED, TOLD_GATHERED, State, tell


def movable(s: State, p: Parameters, j: int, at_most: int) -> int:
    """Return how many troops may go now, up to a number: garrisons stay, and some sites wait for their turn."""
    first = closing.turn(s, p, j)
    troops = 0
    for i in range(max(first, _first_to_give(s, p, j)), closing.turn_ends(p, j, first)):
        if troops >= at_most:
            break
        troops += spare(s, p, j, i)
    return min(troops, at_most)


def drain(s: State, p: Parameters, j: int, troops: int) -> None:
    """Take so many troops, of those that may go, from the sites of phase ``j``; drained sites are closed next."""
    first = closing.turn(s, p, j)
    every = movable(s, p, j, plan.strength(s, p, j)) if p.phase_at_once[j] > 0 else 0
    passed = 0
    gone = 0
    for i in range(max(first, _first_to_give(s, p, j)), closing.turn_ends(p, j, first)):
        if gone == troops:
            break
        passed += spare(s, p, j, i)
        leaving = min(troops, passed) - gone
        if p.phase_at_once[j] > 0 and every > 0:
            leaving = troops * passed // every - gone
        gone += leaving
        if leaving > 0:
            _leave(s, p, j, plan.site_of(p, j, i), leaving)
    closing.queue(s, p, j)


def _leave(s: State, p: Parameters, j: int, site: int, troops: int) -> None:
    if p.phase_destinations[j] > 0:
        closing.send_on(s, p, j, site, troops)
    else:
        cargo.free(s, p, j, site, s.troops[site] - troops)
        posture.change(s, p, site, -troops)


def _first_to_give(s: State, p: Parameters, j: int) -> int:
    """Return the first site of phase ``j``, in closing order, that has troops to spare, or the last one."""
    i = s.phase_gives_from[j]
    while i < p.phase_sites[j] - 1 and spare(s, p, j, i) == 0:
        i += 1
    s.phase_gives_from[j] = i
    return i


def spare(s: State, p: Parameters, j: int, i: int) -> int:
    """Return how many troops phase ``j`` can take from its site ``i`` for now, if it is the site's turn."""
    return max(0, s.troops[plan.site_of(p, j, i)] - closing.stays(s, p, j, i))


def gather(s: State, p: Parameters, j: int, troops: int) -> None:
    """Move so many troops of phase ``j``, or as many as may go, to the sites where it gathers them."""
    moving = movable(s, p, j, troops)
    if moving > 0:
        tell(s, TOLD_GATHERED, j, moving, 0.0)
        drain(s, p, j, moving)


def fill(s: State, p: Parameters, j: int) -> None:
    """Bring the sites that phase ``j`` keeps up to their strength from its other sites, in closing order."""
    if not p.phase_keeps[j]:
        return
    for i in range(p.phase_sites[j]):
        site = plan.site_of(p, j, i)
        before = s.troops[site]
        for other in range(p.phase_sites[j]):
            moving = min(plan.kept(p, j, i) - s.troops[site], spare(s, p, j, other))
            if other != i and moving > 0:
                closing.come(s, p, plan.site_of(p, j, other), site, moving)
        if s.troops[site] > before:
            tell(s, TOLD_FILLED, site, s.troops[site] - before, 0.0)
