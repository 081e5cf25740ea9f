"""The outcomes of one scenario: in total, and by theatre, quarter and phase."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.model.setup import Model
from sim.rules.outcomes import OUTCOMES, RATIOS, Outcome, Ratio
from sim.rules.parameters import Parameters
from sim.rules.state import State
from sim.scenario.possible import lacking
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Measured:
    """An outcome in one place, or summed over all places.

    Attributes
    ----------
    name
        The name of the outcome, followed by ``.place`` if it is for one place.
    outcome
        Its entry in the catalogue.
    places
        The numbers of the places that it is summed over.
    """

    name: str
    outcome: Outcome
    places: tuple[int, ...]


@dataclass(frozen=True)
class Rate:
    """A ratio of the means of two outcomes, given by name, in one place or in all together."""

    name: str
    ratio: Ratio
    numerator: str
    denominator: str


@dataclass(frozen=True)
class Catalogue:
    """Everything that is measured in a scenario."""

    outcomes: tuple[Measured, ...]
    rates: tuple[Rate, ...]

    @property
    def names(self) -> list[str]:
        """The names of the outcomes, in the order of `measure`."""
        return [item.name for item in self.outcomes]

    def measure(self, s: State, p: Parameters) -> list[float]:
        """Return the outcomes of a replication that ended in state ``s``."""
        return [_total(item, s, p) for item in self.outcomes]


def _total(item: Measured, s: State, p: Parameters) -> float:
    """Sum an outcome over its places from left to right, as both clocks do; `sum` may add in another way."""
    total = 0.0
    for i in item.places:
        total += item.outcome.measure(s, p, i)
    return total


def expand(model: Model) -> Catalogue:
    """Return what is measured in a scenario, leaving out processes that it does not have."""
    scenario = model.scenario
    outcomes = [Measured(outcome.name + suffix, outcome, places)
                for outcome in _meaningful(OUTCOMES, scenario) for suffix, places in _places(outcome, model)]
    rates = [Rate(ratio.name + suffix, ratio, ratio.numerator + suffix, ratio.denominator + suffix)
             for ratio in _meaningful(RATIOS, scenario) for suffix, _ in _places(ratio, model)]
    return Catalogue(tuple(outcomes), tuple(rates))


def _meaningful(entries: Iterable[Any], scenario: Scenario) -> list[Any]:
    return [entry for entry in entries if not lacking(scenario, entry.needs)]


def _places(entry: Outcome | Ratio, model: Model) -> list[tuple[str, tuple[int, ...]]]:
    """Return the places of an outcome: for each, the end of its name and the numbers that it is summed over."""
    if entry.per == "":
        return [("", (0,))]
    kind = "theatres" if entry.per == "only_theatre" else f"{entry.per}s"
    each: list[tuple[str, tuple[int, ...]]] = [(f".{name}", (i,)) for i, name in enumerate(model.names[kind])]
    if entry.per == "only_theatre":
        with_phases = {f".{phase.theatre}" for phase in model.scenario.phases.values()}
        return [place for place in each if place[0] in with_phases]
    return [("", tuple(range(len(each)))), *each] if entry.per == "theatre" else each
