"""Whether the phases of a drawdown can happen: their places, dates, pace, targets, conditions and milestones."""

from collections.abc import Iterator
from math import ceil

from sim.scenario.build import Fault
from sim.scenario.errors import suggest
from sim.scenario.fields import extremes, plain
from sim.scenario.key_checks import names
from sim.scenario.lines import KeyPath
from sim.scenario.places import PACES, Phase
from sim.scenario.possible import missing
from sim.scenario.schema import MILESTONES, Scenario


def check(s: Scenario) -> Iterator[Fault]:
    """Find errors in the phases, one by one and together."""
    for name, phase in s.phases.items():
        yield from _places(s, ("phases", name), phase)
        yield from _dates(s, ("phases", name), phase)
        yield from _pace(("phases", name), phase)
        yield from _conditions(s, ("phases", name), phase)
        for key in ("after", "faster_after", "cancel_after"):
            if getattr(phase, key) is not None:
                yield from milestone(s, ("phases", name, key), getattr(phase, key))
        yield from _target(s, name, phase)
        yield from _rising_targets(s, name, phase)
    yield from _cycles(s)


def _places(s: Scenario, path: KeyPath, phase: Phase) -> Iterator[Fault]:
    if phase.theatre not in s.theatres:
        yield Fault((*path, "theatre"), f"there is no theatre {phase.theatre}; {suggest(phase.theatre, s.theatres)}",
                    (("theatres", phase.theatre),))
    else:
        home = ("theatres", phase.theatre, "sites")
        yield from names((*path, "sites"), phase.sites, home, s.theatres[phase.theatre].sites)


def _dates(s: Scenario, path: KeyPath, phase: Phase) -> Iterator[Fault]:
    if phase.start is not None and phase.start < s.start:
        yield Fault((*path, "start"), f"must not be before the start of the scenario, {s.start}, not {phase.start}",
                    (("start",),))
    begins = phase.start or s.start
    if phase.by is not None and phase.by <= begins:
        what = "phase" if phase.start else "scenario"
        yield Fault((*path, "by"), f"the timeline ends before it starts; must be after the start of the {what}, "
                    f"{begins}, not {phase.by}", ((*path, "start"), ("start",)))


def _pace(path: KeyPath, phase: Phase) -> Iterator[Fault]:
    given = [key for key in PACES if getattr(phase, key) is not None]
    about = tuple((*path, key) for key in PACES)
    if not given:
        yield Fault(path, "has no pace; give one of by, over_days, per_week", about)
    elif len(given) > 1:
        yield Fault((*path, given[-1]), f"is a second pace in addition to {' and '.join(given[:-1])}; give only one of "
                    "by, over_days, per_week", about)


def _conditions(s: Scenario, path: KeyPath, phase: Phase) -> Iterator[Fault]:
    if phase.start is None and phase.after is None:
        yield Fault(path, "has nothing that starts it; give start (a date) or after (a milestone)",
                    ((*path, "start"), (*path, "after")))
    for key in ("threat_at_most", "hold_above_threat"):
        if getattr(phase, key) is not None and s.threat is None:
            yield Fault((*path, key), "needs a threat; add a table [threat] or leave it out", (("threat",),))
    if phase.hold_when_suspended and s.talks is None:
        yield Fault((*path, "hold_when_suspended"), "needs talks; add a table [talks] or leave it out", (("talks",),))


def milestone(s: Scenario, path: KeyPath, name: str) -> Iterator[Fault]:
    """Find a milestone that does not exist or cannot happen, named at a path of a phase or of something else."""
    itself = f"phases.{path[1]}" if path[0] == "phases" else ""
    phases = [f"phases.{other}" for other in s.phases if f"phases.{other}" != itself]
    if name == itself:
        yield Fault(path, f"the phase may not depend on itself; {_milestones(phases)}")
    elif name in MILESTONES:
        lacks, about = missing(s, name)
        if lacks:
            yield Fault(path, f"{name} cannot happen in this scenario; it needs {lacks}", about)
    elif name not in phases:
        advice = suggest(name, [*MILESTONES, *phases])
        advice = advice if advice.startswith("did you mean") else _milestones(phases)
        yield Fault(path, f"there is no milestone {name}; {advice}", (("phases", name.removeprefix("phases.")),))


def _milestones(phases: list[str]) -> str:
    return f"allowed: {', '.join([*MILESTONES, *phases])}"


def _target(s: Scenario, name: str, phase: Phase) -> Iterator[Fault]:
    if phase.reinforce or phase.theatre not in s.theatres:
        return
    most = ceil(_largest_strength(s, phase))
    target = extremes(phase.target)[-1]
    if target > most:
        place = f"the phase's sites in {phase.theatre}" if phase.sites else phase.theatre
        yield Fault(("phases", name, "target"), f"is above the strength of {place}; must be at most {plain(most)}, not "
                    f"{plain(target)}, unless reinforce = true",
                    (("theatres", phase.theatre), ("phases", name, "sites"), ("phases", name, "theatre"),
                     ("phases", name, "reinforce")))


def _largest_strength(s: Scenario, phase: Phase) -> float:
    """Return the most troops (reported strength) that can be at the sites of a phase when it begins."""
    theatre = s.theatres[phase.theatre]
    share = 1.0
    if phase.sites:
        here = sum(extremes(site.weight)[-1] for name, site in theatre.sites.items() if name in phase.sites)
        elsewhere = sum(extremes(site.weight)[0] for name, site in theatre.sites.items() if name not in phase.sites)
        share = here / (here + elsewhere) if here > 0 else 0.0
    return extremes(theatre.troops)[-1] * share + sum(extremes(p.target)[-1] for p in _reinforcing(s, phase.theatre))


def _reinforcing(s: Scenario, theatre: str) -> list[Phase]:
    return [phase for phase in s.phases.values() if phase.reinforce and phase.theatre == theatre]


def _rising_targets(s: Scenario, name: str, phase: Phase) -> Iterator[Fault]:
    """Find an earlier phase at the same sites with a lower target, after which troops would have to come back."""
    if phase.reinforce or _reinforcing(s, phase.theatre):
        return
    for other, before in s.phases.items():
        same_place = before.theatre == phase.theatre and set(before.sites) == set(phase.sites)
        if other == name or not same_place or not _is_before(other, before, phase):
            continue
        target, lower = extremes(phase.target)[0], extremes(before.target)[-1]
        if target > lower:
            yield Fault(("phases", name, "target"), f"is above the target of the earlier phase {other}; must be at "
                        f"most {plain(lower)}, not {plain(target)}, unless reinforce = true",
                        (("phases", name), ("phases", other)))


def _is_before(name: str, first: Phase, second: Phase) -> bool:
    """Whether the file alone shows that one phase comes before another."""
    if second.after == f"phases.{name}":
        return True
    if first.after or first.cancel_after or second.after or first.start is None or second.start is None:
        return False
    return first.start < second.start


def _cycles(s: Scenario) -> Iterator[Fault]:
    """Find phases that wait for each other in a circle; report each circle once, at its first phase."""
    reported: set[str] = set()
    for name in s.phases:
        chain = [name]
        while (following := _waits_for(s, chain[-1])) and following not in chain:
            chain.append(following)
        if following == name and len(chain) > 1 and name not in reported:
            reported.update(chain)
            circle = " -> ".join([*chain, name])
            yield Fault(("phases", name, "after"), f"phases wait for one another in a circle ({circle}); one of them "
                        "must wait for something else", tuple(("phases", part, "after") for part in chain))


def _waits_for(s: Scenario, name: str) -> str:
    """Return the phase for which a phase waits; empty if there is none."""
    after = (s.phases[name].after or "").removeprefix("phases.")
    return after if s.phases[name].after == f"phases.{after}" and after in s.phases else ""
