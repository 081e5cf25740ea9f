"""Whether the phases of a drawdown can happen: their places, dates, pace, targets, conditions and milestones."""

from collections.abc import Iterator

from sim.scenario import target_checks
from sim.scenario.build import Fault
from sim.scenario.errors import suggest
from sim.scenario.key_checks import names
from sim.scenario.keys import look_up
from sim.scenario.lines import KeyPath
from sim.scenario.places import PACES, Phase, Site, every_site, sites_named, sites_of
from sim.scenario.possible import CHANCES, missing
from sim.scenario.relations import Relation, broken, high, low
from sim.scenario.schema import MILESTONES, Scenario

WAITS = ("after", "faster_after", "cancel_after")
"""Keys of a phase that name a milestone."""


def check(s: Scenario) -> Iterator[Fault]:
    """Find errors in the phases, one by one and together."""
    for name, phase in s.phases.items():
        yield from _places(s, ("phases", name), phase)
        yield from broken(s, _dates(s, ("phases", name), phase))
        yield from _pace(("phases", name), phase)
        yield from _conditions(s, ("phases", name), phase)
        for key in WAITS:
            if getattr(phase, key) is not None:
                yield from milestone(s, ("phases", name, key), getattr(phase, key))
        yield from target_checks.check(s, name, phase)
    yield from _cycles(s)


def _places(s: Scenario, path: KeyPath, phase: Phase) -> Iterator[Fault]:
    if phase.theatre not in s.theatres:
        yield Fault((*path, "theatre"), f"there is no theatre {phase.theatre}; {suggest(phase.theatre, s.theatres)}",
                    (("theatres", phase.theatre),))
    else:
        home, sites = ("theatres", phase.theatre, "sites"), s.theatres[phase.theatre].sites
        allowed = dict(sites) | {each: sites[entry] for each, entry in every_site(sites).items()}
        for key in ("sites", "to"):
            yield from names((*path, key), getattr(phase, key), home, allowed)
            yield from _twice((*path, key), sites_named(sites, getattr(phase, key)), getattr(phase, key))
        yield from _destinations(path, phase, sites)


def _twice(path: KeyPath, every: list[str], listed: list[str]) -> Iterator[Fault]:
    """Find a site that is listed by itself and with others that are like it."""
    for name in dict.fromkeys(every):
        if every.count(name) > 1 and listed.count(name) == 1:
            yield Fault((*path, listed.index(name)), f"the site {name} is listed twice; once is enough")


def _destinations(path: KeyPath, phase: Phase, sites: dict[str, Site]) -> Iterator[Fault]:
    if phase.to and phase.reinforce:
        yield Fault((*path, "to"), "is where troops go that stay in the theatre; leave it out, or reinforce = true",
                    ((*path, "reinforce"),))
    drained = sites_of(sites, phase)
    for name in sites_named(sites, phase.to):
        if name in drained:
            yield Fault((*path, "to"), f"the troops of {name} cannot go there; leave it out here or in sites",
                        ((*path, "sites"),))
    if not drained:
        yield Fault((*path, "to"), "names all sites of the theatre; leave out those that the troops come from",
                    (("theatres", phase.theatre, "sites"), (*path, "sites")))


def relations(s: Scenario) -> Iterator[Relation]:
    """Yield what must hold between numbers and dates of the phases, and of those with others."""
    for name, phase in s.phases.items():
        yield from _dates(s, ("phases", name), phase)
        yield from target_checks.relations(s, name, phase)
    for table, keys in ((s.phases, WAITS), (s.suppressions, ("start_after", "end_after"))):
        for name, entry in table.items():
            for key in keys:
                if getattr(entry, key) in CHANCES:
                    where = "phases" if table is s.phases else "suppressions"
                    yield from _possible(s, (where, name, key), getattr(entry, key))


def not_before_start(s: Scenario, path: KeyPath) -> Relation:
    """Return the relation that a date is not before the start of the scenario."""
    return Relation(path, ("<=", s.start, low(*path)), (
        f"must not be before the start of the scenario, {s.start}, not ", ("date", low(*path))), (("start",),))


def _dates(s: Scenario, path: KeyPath, phase: Phase) -> Iterator[Relation]:
    if phase.start is not None:
        yield not_before_start(s, (*path, "start"))
    if phase.by is not None:
        begins = high(*path, "start") if phase.start else s.start
        by, what = low(*path, "by"), "phase" if phase.start else "scenario"
        yield Relation((*path, "by"), ("<", begins, by), (
            f"the timeline ends before it starts; must be after the start of the {what}, ", ("date", begins), ", not ",
            ("date", by)), ((*path, "start"), ("start",)))


def _pace(path: KeyPath, phase: Phase) -> Iterator[Fault]:
    given = [key for key in PACES if getattr(phase, key) is not None]
    about = tuple((*path, key) for key in PACES)
    if not given:
        yield Fault(path, f"has no pace; give one of {', '.join(PACES)}", about)
    elif len(given) > 1:
        yield Fault((*path, given[-1]), f"is a second pace in addition to {' and '.join(given[:-1])}; give only one of "
                    f"{', '.join(PACES)}", about)


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
            yield Fault(path, _cannot_happen(name, lacks), about)
    elif name not in phases:
        advice = suggest(name, [*MILESTONES, *phases])
        advice = advice if advice.startswith("did you mean") else _milestones(phases)
        yield Fault(path, f"there is no milestone {name}; {advice}", (("phases", name.removeprefix("phases.")),))


def _possible(s: Scenario, path: KeyPath, name: str) -> Iterator[Relation]:
    """Yield what must hold so that a milestone that depends on a chance can happen."""
    chance, needs = CHANCES[name]
    if look_up(s, chance) is not None and not (name == "demand" and s.pressure and s.pressure.demand_on):
        yield Relation(path, ("<", 0, high(*chance)), (_cannot_happen(name, needs),), (chance[:1],))


def _cannot_happen(name: str, lacks: str) -> str:
    return f"{name} cannot happen in this scenario; it needs {lacks}"


def _milestones(phases: list[str]) -> str:
    return f"allowed: {', '.join([*MILESTONES, *phases])}"


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
