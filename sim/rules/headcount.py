"""Head count: the troops at every site, and the sums of them that rules ask for.

Whenever troops come to a site or leave it, `add` keeps the sums right. So no rule has to go through all the sites of a
theatre or a phase, and a site where nothing happens costs nothing.
"""

from sim.rules import exposure
from sim.rules.parameters import Parameters
from sim.rules.state import CLOSED, State


def begin(s: State, p: Parameters) -> None:
    """Take the first count, when the troops have been spread over the sites."""
    exposure.begin(s, p)
    for site in range(p.sites):
        _note_thinnest(s, site)
        for i in range(p.site_visits[site]):
            s.phase_troops[p.visit_phase[p.site_first_visit[site] + i]] += s.troops[site]


def add(s: State, p: Parameters, site: int, troops: int) -> None:
    """Add troops to a site, or take them away if the number is negative."""
    s.troops[site] += troops
    s.expected_deaths[site] = -1.0
    exposure.change(s, p, site)
    _note_thinnest(s, site)
    for i in range(p.site_visits[site]):
        s.phase_troops[p.visit_phase[p.site_first_visit[site] + i]] += troops
    if troops > 0:
        look_back(s, p, site)


def look_back(s: State, p: Parameters, site: int) -> None:
    """Have each phase that names a site look at it again: it may be open, or have troops to give, once more."""
    for i in range(p.site_visits[site]):
        visit = p.site_first_visit[site] + i
        j = p.visit_phase[visit]
        s.phase_open_from[j] = min(s.phase_open_from[j], p.visit_place[visit])
        s.phase_gives_from[j] = min(s.phase_gives_from[j], p.visit_place[visit])
        s.phase_turn_from[j] = min(s.phase_turn_from[j], p.visit_place[visit])


def _note_thinnest(s: State, site: int) -> None:
    """Record the fewest troops that any site which is not closed has held so far."""
    if s.site[site] != CLOSED and 0 < s.troops[site] < s.thinnest:
        s.thinnest = s.troops[site]
