"""Whether the modes of lift can be: their theatres and dates, and whether they can move all that has to be moved."""

from collections.abc import Iterator
from datetime import date

from sim.scenario.build import Fault
from sim.scenario.days import earliest, latest
from sim.scenario.fields import extremes
from sim.scenario.key_checks import names
from sim.scenario.places import Mode
from sim.scenario.schema import Scenario


def check(s: Scenario) -> Iterator[Fault]:
    """Find errors in the modes or, if there are none, troops and equipment that no mode can ever move."""
    faults = list(_modes(s))
    yield from faults
    if s.lift and not faults:
        yield from _troops(s, list(s.lift.values()))
        yield from _cargo(s, list(s.lift.values()))


def _modes(s: Scenario) -> Iterator[Fault]:
    for name, mode in (s.lift or {}).items():
        first = mode.first_day
        if first is not None and mode.until is not None and earliest(mode.until) < latest(first):
            yield Fault(("lift", name, "until"), f"must not be before its from, {latest(first)}, not "
                        f"{earliest(mode.until)}",
                        (("lift", name, "from"),))
        yield from names(("lift", name, "theatres"), mode.theatres, ("theatres",), s.theatres)


def _troops(s: Scenario, modes: list[Mode]) -> Iterator[Fault]:
    for name, phase in s.phases.items():
        since = min(latest(phase.start or s.start), s.end)
        if phase.theatre in s.theatres and not phase.to and not any(
                serves(s, mode, phase.theatre, since) and extremes(mode.per_week)[-1] > 0 for mode in modes):
            yield Fault(("phases", name, "theatre"), f"no mode of lift carries troops of {phase.theatre} on or after "
                        f"{since}; let one serve the theatre then, with per_week above 0",
                        (("lift",), ("start",), ("end",), ("phases", name, "start")))


def _cargo(s: Scenario, modes: list[Mode]) -> Iterator[Fault]:
    for k, theatre in s.theatres.items():
        carried = any(serves(s, mode, k, s.start) and extremes(mode.cargo_per_week)[-1] > 0 for mode in modes)
        if carried or not left_by_some(s, k):
            continue
        for name, site in theatre.sites.items():
            if extremes(site.cargo_per_troop)[-1] > 0:
                yield Fault(("theatres", k, "sites", name, "cargo_per_troop"), f"no mode of lift carries equipment of "
                            f"{k}; let one serve the theatre, with cargo_per_week above 0, or leave this out",
                            (("lift",), ("start",), ("end",), ("phases",)))


def serves(s: Scenario, mode: Mode, theatre: str, since: date) -> bool:
    """Whether a mode ever serves a theatre during the run, on or after a date."""
    first, last = earliest(mode.first_day or s.start), min(latest(mode.until or s.end), s.end)
    return (not mode.theatres or theatre in mode.theatres) and max(first, since) <= last


def left_by_some(s: Scenario, theatre: str) -> bool:
    """Whether a phase takes troops out of a theatre."""
    return any(phase.theatre == theatre and not phase.reinforce and not phase.to for phase in s.phases.values())
