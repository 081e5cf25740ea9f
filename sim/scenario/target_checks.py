"""Whether the target of a phase can be reached: not above what can be there, and not above that of an earlier phase."""

from collections.abc import Callable, Iterator

from sim.scenario.build import Fault
from sim.scenario.errors import suggest
from sim.scenario.places import TARGETS, Phase, every_site, kept_by, sites_named, sites_of
from sim.scenario.relations import Expression, Relation, broken, high, low
from sim.scenario.schema import Scenario


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
        yield from faults or broken(s, relations(s, name, phase))


def relations(s: Scenario, name: str, phase: Phase) -> Iterator[Relation]:
    """Yield what must hold between the target of a phase and other numbers."""
    key = next(key for key in TARGETS if getattr(phase, key) is not None)
    yield from _not_above_strength(s, name, phase, key)
    yield from _not_above_earlier(s, name, phase, key)


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


def _not_above_strength(s: Scenario, name: str, phase: Phase, key: str) -> Iterator[Relation]:
    """Keep a target from being above what can be there."""
    if phase.reinforce:
        return
    target = _target(s, name, high)
    most: Expression = ("ceil", _largest_strength(s, name, whole=key == "theatre_target"))
    if key == "target_percent":
        most = 1000 if _others_come(s, phase) else 100
    place = f"the phase's sites in {phase.theatre}" if phase.sites and key != "theatre_target" else phase.theatre
    yield Relation(("phases", name, key), ("<=", target, most), (
        f"is above the strength of {place}; must be at most ", ("plain", most), ", not ", ("plain", target),
        ", unless reinforce = true"),
        (("theatres", phase.theatre), ("phases", name, "sites"), ("phases", name, "theatre"),
         ("phases", name, "reinforce")))


def _not_above_earlier(s: Scenario, name: str, phase: Phase, key: str) -> Iterator[Relation]:
    """Keep a target from being above that of an earlier phase at the same sites: troops would have to come back."""
    if phase.reinforce or _others_come(s, phase):
        return
    sites = s.theatres[phase.theatre].sites
    for other, before in s.phases.items():
        same_place = before.theatre == phase.theatre and set(sites_of(sites, before)) == set(sites_of(sites, phase))
        same_measure = (before.target_percent is None) == (phase.target_percent is None) and (
            before.theatre_target is None) == (phase.theatre_target is None)
        if other == name or not same_place or not same_measure:
            continue
        target, lower = _target(s, name, low), _target(s, other, high)
        yield Relation(("phases", name, key), ("or", ("not", _is_before(s, other, name)), ("<=", target, lower)), (
            f"is above the target of the earlier phase {other}; must be at most ", ("plain", lower), ", not ",
            ("plain", target), ", unless reinforce = true"), (("phases", name), ("phases", other)))


def _target(s: Scenario, name: str, end: Callable[..., Expression]) -> Expression:
    """Return the lowest or the highest target of a phase, in the measure in which it is given."""
    phase, path = s.phases[name], ("phases", name)
    for key in ("target", "target_percent", "theatre_target"):
        if getattr(phase, key) is not None:
            return end(*path, key)
    kept = kept_by(s.theatres[phase.theatre].sites, phase).values()
    return ("+", 0, *(end(*path, "keep", entry) for entry, _ in kept))


def highest_target(s: Scenario, name: str) -> Expression:
    """Return the most troops (reported strength) that a phase can be meant to leave or bring."""
    if s.phases[name].target_percent is None:
        return _target(s, name, high)
    return ("/", ("*", _first_strength(s, name), high("phases", name, "target_percent")), 100)


def _first_strength(s: Scenario, name: str) -> Expression:
    """Return the most troops (reported strength) that can be at the sites of a phase at the start."""
    phase = s.phases[name]
    theatre, path = s.theatres[phase.theatre], ("theatres", phase.theatre)
    entries, here = every_site(theatre.sites), set(sites_of(theatre.sites, phase))
    there = ("+", 0, *(high(*path, "sites", entry, "weight") for site, entry in entries.items() if site in here))
    elsewhere = ("+", 0, *(low(*path, "sites", entry, "weight") for site, entry in entries.items() if site not in here))
    share = ("if", ("<", 0, there), ("/", there, ("+", there, elsewhere)), 0.0)
    return ("*", high(*path, "troops"), share)


def _largest_strength(s: Scenario, name: str, whole: bool) -> Expression:
    """Return the most troops (reported strength) that can be at the sites of a phase, or in its whole theatre."""
    phase = s.phases[name]
    theatre = high("theatres", phase.theatre, "troops")
    first = theatre if whole or _is_gathered_at(s, phase) else _first_strength(s, name)
    return ("+", first, 0, *(highest_target(s, other) for other in reinforcing(s, phase.theatre)))


def reinforcing(s: Scenario, theatre: str) -> list[str]:
    """Return the phases that bring troops to a theatre."""
    return [name for name, phase in s.phases.items() if phase.reinforce and phase.theatre == theatre]


def _is_gathered_at(s: Scenario, phase: Phase) -> bool:
    """Whether another phase moves troops to sites of a phase."""
    sites = s.theatres[phase.theatre].sites
    here = set(sites_of(sites, phase))
    return any(other.theatre == phase.theatre and not here.isdisjoint(sites_named(sites, other.to))
               for other in s.phases.values())


def _others_come(s: Scenario, phase: Phase) -> bool:
    return bool(reinforcing(s, phase.theatre)) or _is_gathered_at(s, phase)


def _is_before(s: Scenario, name: str, later: str) -> Expression:
    """Return whether the file alone shows that one phase comes before another."""
    first, second = s.phases[name], s.phases[later]
    if second.after == f"phases.{name}":
        return True
    if first.after or first.cancel_after or second.after or first.start is None or second.start is None:
        return False
    return ("<", high("phases", name, "start"), low("phases", later, "start"))
