"""Exposure: attacks fall on the sites of a theatre in proportion to their troops times their target weight.

These products are added up in pairs, the pairs in pairs, and so on up to one sum, like the matches of a knock-out
tournament. The sum in place ``i`` is that of the two in places ``2 i`` and ``2 i + 1``; the sites stand in the last
half. So if one site changes, only the sums above it do, and one finds a site by going down from the top: with 500
sites, in nine steps.
"""

from sim.rules.parameters import Parameters
from sim.rules.state import State

PLACES = 4  # kept for each site: those of a theatre need fewer, even if their number is rounded up to a power of two


def begin(s: State, p: Parameters) -> None:
    """Add everything up."""
    for k in range(p.theatres):
        half = 1
        while half < p.theatre_sites[k]:
            half = 2 * half
        s.exposure_half[k] = half
        top = PLACES * p.theatre_first_site[k]
        for i in range(half):
            s.exposure[top + half + i] = 0.0
        for i in range(p.theatre_sites[k]):
            s.exposure[top + half + i] = _of_site(s, p, p.theatre_first_site[k] + i)
        for place in range(half - 1, 0, -1):
            _add_up(s, top, place)


def change(s: State, p: Parameters, site: int) -> None:
    """Put the sums right after the troops at a site have changed."""
    k = p.site_theatre[site]
    top = PLACES * p.theatre_first_site[k]
    place = s.exposure_half[k] + site - p.theatre_first_site[k]
    s.exposure[top + place] = _of_site(s, p, site)
    while place > 1:
        place = place // 2
        _add_up(s, top, place)


def struck_site(s: State, p: Parameters, k: int, u: float) -> int:
    """Choose the site of theatre ``k`` that is struck; if none is exposed, the last one that has troops."""
    first = p.theatre_first_site[k]
    top = PLACES * first
    if s.exposure[top + 1] <= 0.0:
        return _last_with_troops(s, p, k)
    sought = u * s.exposure[top + 1]
    passed = 0.0
    place = 1
    while place < s.exposure_half[k]:
        place = 2 * place
        if sought >= passed + s.exposure[top + place] and s.exposure[top + place + 1] > 0.0:
            passed += s.exposure[top + place]
            place += 1
    return first + place - s.exposure_half[k]


def _of_site(s: State, p: Parameters, site: int) -> float:
    return s.troops[site] * p.site_target_weight[site]


def _add_up(s: State, top: int, place: int) -> None:
    s.exposure[top + place] = s.exposure[top + 2 * place] + s.exposure[top + 2 * place + 1]


def _last_with_troops(s: State, p: Parameters, k: int) -> int:
    last = -1
    for i in range(p.theatre_sites[k]):
        if s.troops[p.theatre_first_site[k] + i] > 0:
            last = p.theatre_first_site[k] + i
    return last
