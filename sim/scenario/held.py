"""What a scenario holds fixed although nobody has measured it: no spread of its outcomes shows what follows from that.

Choices of the planner (the phases, and counts such as the number of closing crews) are fixed by nature. Of weights that
count only against one another, one may be fixed: it is the unit.
"""

from collections import Counter
from dataclasses import dataclass

from sim.scenario import idle
from sim.scenario.fields import Distribution
from sim.scenario.key_checks import with_joint_ranges
from sim.scenario.keys import Spot, dotted, is_weight, spot_at, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import ScenarioFile
from sim.scenario.merge import Origin

MEASURED = ("article", "reported")
"""Marks of numbers that somebody has observed or reported."""

PLAN = "phases"


@dataclass(frozen=True)
class Held:
    """A number that is assumed or estimated, and held fixed.

    Attributes
    ----------
    key
        Its dotted key.
    value
        The value.
    mark
        How certain it is: assumed, derived or literature.
    span
        The range that the schema suggests; None if there is none, or the value lies outside.
    """

    key: str
    value: float
    mark: str
    span: tuple[float, float] | None


def held_fixed(file: ScenarioFile) -> list[Held]:
    """Return the numbers that a scenario neither draws nor knows, in the schema's order, if they have an effect."""
    scenario = with_joint_ranges(file.scenario)
    numbers = {path: value for path, value in values(scenario) if value is not None and _is_fact(path)}
    without_effect = {fault.path for fault in idle.check(scenario, numbers)}
    fixed = {path: value for path, value in numbers.items() if not isinstance(value, Distribution)
             and not any(path[:n] in without_effect for n in range(1, len(path) + 1))}
    alike = Counter(_kind(path) for path, value in fixed.items() if value)
    found = []
    for path, value in fixed.items():
        spot, origin = spot_at(path), file.origins[dotted(path)]
        assert spot is not None
        if _is_open(spot, origin, value) and not (is_weight(path) and alike[_kind(path)] == 1):
            found.append(Held(dotted(path), float(value), origin.mark, _span(spot, value)))
    return found


def _is_fact(path: KeyPath) -> bool:
    """Whether this is a number that a distribution could say, and not a choice of the plan."""
    spot = spot_at(path)
    return spot is not None and spot.numeric is not None and not spot.is_count and path[0] != PLAN


def _kind(path: KeyPath) -> KeyPath:
    """Return what the weights that count only against one another have in common."""
    return (*path[:-2], path[-1])


def _is_open(spot: Spot, origin: Origin, value: float) -> bool:
    """Whether a number could be another one: not measured, not switched off, and no neutral default."""
    if origin.file == "default":
        return bool(spot.span) and bool(value) and origin.mark not in MEASURED
    return origin.mark == "assumed" or (bool(spot.span) and origin.mark not in MEASURED)


def _span(spot: Spot, value: float) -> tuple[float, float] | None:
    return spot.span if spot.span and spot.span[0] <= value <= spot.span[1] else None
