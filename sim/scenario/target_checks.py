"""Whether the target of a phase can be reached: not above what can be there, and not above that of an earlier phase."""

from collections.abc import Iterator
from math import ceil

from sim.scenario.build import Fault
from sim.scenario.days import earliest, latest
from sim.scenario.errors import suggest
from sim.scenario.fields import extremes, plain
from sim.scenario.places import TARGETS, Phase, every_site, kept_by, sites_named, sites_of
from sim.scenario.schema import Scenario

Range = tuple[float, float]


def check(s: Scenario, name: str, phase: Phase) -> Iterator[Fault]:
    """Find errors in the target of a phase."""
    path = ("phases", name)
    given = [key for key in TARGETS if getattr(phase, key) is not None]
    about = tuple((*path, key) for key in TARGETS)
    if not given:
        yield Fault(path, f"has no target; give one of {', '.join(TARGETS)}", about)
    elif len(given) > 1:
        yield Fault((*path, given[-1]), f"is a second target in addition to {' and '.join(given[:-1])}; give only "
                    f"one of {', '.join(TARGETS)}", about)
    elif phase.theatre in s.theatres:
        faults = list(_kept(s, name, phase))
        yield from faults or _not_above(s, name, phase, given[0])


def _kept(s: Scenario, name: str, phase: Phase) -> Iterator[Fault]:
    """Find sites to be kept that are not among those of the phase."""
    path, sites = ("phases", name, "keep"), s.theatres[phase.theatre].sites
    if phase.keep is None:
        return
    if phase.reinforce:
        yield Fault(path, "says who stays when others leave; with reinforce = true, give a target",
                    (("phases", name, "reinforce"),))
    if not phase.keep:
        yield Fault(path, "names no site; give a site and a number, or target = 0 instead")
    here, known = sites_of(sites, phase), dict.fromkeys([*sites, *every_site(sites)])
    for kept in phase.keep:
        if kept not in known:
            yield Fault((*path, kept), f"there is no site {kept}; {suggest(kept, known)}",
                        (("theatres", phase.theatre, "sites", kept),))
    for each, (kept, _) in kept_by(sites, phase).items():
        if kept in known and each not in here:
            yield Fault((*path, kept), f"the phase does not drain {each}, so nobody of it stays there; "
                        f"{suggest(kept, here)}", (("phases", name, "sites"), ("phases", name, "to")))


def _not_above(s: Scenario, name: str, phase: Phase, key: str) -> Iterator[Fault]:
    yield from _not_above_strength(s, name, phase, key)
    yield from _not_above_earlier(s, name, phase, key)


def _not_above_strength(s: Scenario, name: str, phase: Phase, key: str) -> Iterator[Fault]:
    """Find a target that is above what can be there."""
    target = _given(s, phase)[-1]
    most: float = ceil(_largest_strength(s, phase, whole=key == "theatre_target"))
    if key == "target_percent":
        most = 1000 if _others_come(s, phase) else 100
    if phase.reinforce or target <= most:
        return
    place = f"the phase's sites in {phase.theatre}" if phase.sites and key != "theatre_target" else phase.theatre
    yield Fault(("phases", name, key), f"is above the strength of {place}; must be at most {plain(most)}, not "
                f"{plain(target)}, unless reinforce = true",
                (("theatres", phase.theatre), ("phases", name, "sites"), ("phases", name, "theatre"),
                 ("phases", name, "reinforce")))


def _not_above_earlier(s: Scenario, name: str, phase: Phase, key: str) -> Iterator[Fault]:
    """Find an earlier phase at the same sites with a lower target, after which troops would have to come back."""
    if phase.reinforce or _others_come(s, phase):
        return
    sites = s.theatres[phase.theatre].sites
    for other, before in s.phases.items():
        same_place = before.theatre == phase.theatre and set(sites_of(sites, before)) == set(sites_of(sites, phase))
        same_measure = (before.target_percent is None) == (phase.target_percent is None) and (
            before.theatre_target is None) == (phase.theatre_target is None)
        if other == name or not same_place or not same_measure or not _is_before(other, before, phase):
            continue
        target, lower = _given(s, phase)[0], _given(s, before)[-1]
        if target > lower:
            yield Fault(("phases", name, key), f"is above the target of the earlier phase {other}; must be at "
                        f"most {plain(lower)}, not {plain(target)}, unless reinforce = true",
                        (("phases", name), ("phases", other)))


def _given(s: Scenario, phase: Phase) -> Range:
    """Return the lowest and the highest target of a phase, in the measure in which it is given."""
    for number in (phase.target, phase.target_percent, phase.theatre_target):
        if number is not None:
            return extremes(number)[0], extremes(number)[-1]
    kept = [number for _, number in kept_by(s.theatres[phase.theatre].sites, phase).values()]
    return sum(extremes(number)[0] for number in kept), sum(extremes(number)[-1] for number in kept)


def highest_target(s: Scenario, phase: Phase) -> float:
    """Return the most troops (reported strength) that a phase can be meant to leave or bring."""
    if phase.target_percent is None:
        return _given(s, phase)[-1]
    return _first_strength(s, phase) * extremes(phase.target_percent)[-1] / 100


def _first_strength(s: Scenario, phase: Phase) -> float:
    """Return the most troops (reported strength) that can be at the sites of a phase at the start."""
    theatre = s.theatres[phase.theatre]
    entries, here = every_site(theatre.sites), sites_of(theatre.sites, phase)
    weights = {name: extremes(theatre.sites[entry].weight) for name, entry in entries.items()}
    there = sum(weights[name][-1] for name in here if name in weights)
    elsewhere = sum(weight[0] for name, weight in weights.items() if name not in here)
    return extremes(theatre.troops)[-1] * (there / (there + elsewhere) if there > 0 else 0.0)


def _largest_strength(s: Scenario, phase: Phase, whole: bool) -> float:
    """Return the most troops (reported strength) that can be at the sites of a phase, or in its whole theatre."""
    theatre = extremes(s.theatres[phase.theatre].troops)[-1]
    first = theatre if whole or _is_gathered_at(s, phase) else _first_strength(s, phase)
    return first + sum(highest_target(s, other) for other in _reinforcing(s, phase.theatre))


def _reinforcing(s: Scenario, theatre: str) -> list[Phase]:
    return [phase for phase in s.phases.values() if phase.reinforce and phase.theatre == theatre]


def _is_gathered_at(s: Scenario, phase: Phase) -> bool:
    """Whether another phase moves troops to sites of a phase."""
    sites = s.theatres[phase.theatre].sites
    here = set(sites_of(sites, phase))
    return any(other.theatre == phase.theatre and not here.isdisjoint(sites_named(sites, other.to))
               for other in s.phases.values())


def _others_come(s: Scenario, phase: Phase) -> bool:
    return bool(_reinforcing(s, phase.theatre)) or _is_gathered_at(s, phase)


def _is_before(name: str, first: Phase, second: Phase) -> bool:
    """Whether the file alone shows that one phase comes before another."""
    if second.after == f"phases.{name}":
        return True
    if first.after or first.cancel_after or second.after or first.start is None or second.start is None:
        return False
    return latest(first.start) < earliest(second.start)
