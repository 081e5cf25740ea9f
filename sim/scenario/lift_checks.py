"""Whether the modes of lift can be: their theatres and dates, and whether they can move all that has to be moved."""

from collections.abc import Iterator

from sim.scenario.build import Fault
from sim.scenario.key_checks import names
from sim.scenario.relations import Expression, Relation, broken, high, low
from sim.scenario.schema import Scenario


def check(s: Scenario) -> Iterator[Fault]:
    """Find errors in the modes or, if there are none, troops and equipment that no mode can ever move."""
    faults = list(_modes(s))
    yield from faults
    if s.lift and not faults:
        yield from broken(s, _troops(s))
        yield from broken(s, _cargo(s))


def relations(s: Scenario) -> Iterator[Relation]:
    """Yield what must hold between numbers and dates of the modes, and of those with others."""
    if s.lift:
        for name in s.lift:
            yield from _dates(s, name)
        yield from _troops(s)
        yield from _cargo(s)


def _modes(s: Scenario) -> Iterator[Fault]:
    for name, mode in (s.lift or {}).items():
        yield from broken(s, _dates(s, name))
        yield from names(("lift", name, "theatres"), mode.theatres, ("theatres",), s.theatres)


def _dates(s: Scenario, name: str) -> Iterator[Relation]:
    mode = (s.lift or {})[name]
    if mode.first_day is not None and mode.until is not None:
        first, last = high("lift", name, "from"), low("lift", name, "until")
        yield Relation(("lift", name, "until"), ("<=", first, last),
                       ("must not be before its from, ", ("date", first), ", not ", ("date", last)),
                       (("lift", name, "from"),))


def _troops(s: Scenario) -> Iterator[Relation]:
    for name, phase in s.phases.items():
        if phase.theatre not in s.theatres or phase.to:
            continue
        since = ("min", high("phases", name, "start") if phase.start else s.start, s.end)
        carried = (("and", _serves(s, mode, phase.theatre, since), ("<", 0, high("lift", mode, "per_week")))
                   for mode in s.lift or {})
        yield Relation(("phases", name, "theatre"), ("or", *carried), (
            f"no mode of lift carries troops of {phase.theatre} on or after ", ("date", since),
            "; let one serve the theatre then, with per_week above 0"),
            (("lift",), ("start",), ("end",), ("phases", name, "start")))


def _cargo(s: Scenario) -> Iterator[Relation]:
    for k, theatre in s.theatres.items():
        if not left_by_some(s, k):
            continue
        carried = [("and", _serves(s, mode, k, s.start), ("<", 0, high("lift", mode, "cargo_per_week")))
                   for mode in s.lift or {}]
        for name in theatre.sites:
            path = ("theatres", k, "sites", name, "cargo_per_troop")
            yield Relation(path, ("or", ("<=", high(*path), 0), *carried), (
                f"no mode of lift carries equipment of {k}; let one serve the theatre, with cargo_per_week above 0, or "
                "leave this out",), (("lift",), ("start",), ("end",), ("phases",)))


def _serves(s: Scenario, name: str, theatre: str, since: Expression) -> Expression:
    """Return whether a mode ever serves a theatre during the run, on or after a date."""
    mode = (s.lift or {})[name]
    if mode.theatres and theatre not in mode.theatres:
        return False
    first = low("lift", name, "from") if mode.first_day else s.start
    last = ("min", high("lift", name, "until"), s.end) if mode.until else s.end
    return ("<=", ("max", first, since), last)


def left_by_some(s: Scenario, theatre: str) -> bool:
    """Whether a phase takes troops out of a theatre."""
    return any(phase.theatre == theatre and not phase.reinforce and not phase.to for phase in s.phases.values())
