"""A bound on the attacks per day in a scenario, which keeps every run finite."""

from collections.abc import Iterator
from dataclasses import dataclass

from sim.scenario.build import Fault
from sim.scenario.lines import KeyPath
from sim.scenario.relations import Expression, Relation, broken, high, low
from sim.scenario.schema import Scenario
from sim.scenario.target_checks import highest_target, reinforcing

MOST_PER_DAY = 500


def check(s: Scenario) -> Iterator[Fault]:
    """Find theatres whose mean rate of attacks could exceed the bound if everything is at its worst."""
    yield from broken(s, relations(s))


@dataclass(frozen=True)
class Factor:
    """A factor on the background rate of a theatre, which counts only where it is above 1 and something is true."""

    label: str
    size: Expression
    only_if: Expression = True

    @property
    def counts(self) -> Expression:
        """Whether it counts."""
        return ("and", self.only_if, ("<", 1, self.size))


def relations(s: Scenario) -> Iterator[Relation]:
    """Yield the bound on the rate of every theatre."""
    shared = list(_factors(s))
    for name in s.theatres:
        path = ("theatres", name, "attacks_per_day")
        factors = [*shared, *_grown(s, name), *_reinforced(s, name)]
        rate = ("*", high(*path), ("*", 1, *(("if", factor.counts, factor.size, 1) for factor in factors)))
        terms = (("when", factor.counts, " x ", ("short", factor.size), f" ({factor.label})") for factor in factors)
        yield Relation(path, ("<=", rate, MOST_PER_DAY), (
            "attacks could reach ", ("rough", rate), " a day: ", ("short", high(*path)), *terms,
            f"; must stay at or below {MOST_PER_DAY} a day, so lower one of these"), _about(s))


def _factors(s: Scenario) -> Iterator[Factor]:
    """Yield the largest factors on the background rate of every theatre, each with the key that causes it."""
    if s.tension is not None:
        yield Factor("tension.high_multiplier", high("tension", "high_multiplier"), _on("tension_to_attacks"))
    if s.talks is not None or s.pressure is not None:
        yield from _worst_of_talks(s)
    if s.response is not None:
        yield Factor("1 + response.rise", ("+", 1, high("response", "rise")), _on("response_to_attacks"))
    branching = high("attacks", "branching_ratio")
    yield Factor("contagion, 1 / (1 - attacks.branching_ratio)", ("/", 1, ("-", 1, branching)), _on("contagion"))


def _on(coupling: str) -> Expression:
    return ("is", ("couplings", coupling))


def _worst_of_talks(s: Scenario) -> Iterator[Factor]:
    """Yield the factors of the states of the talks, of which only the largest counts (the first, if several are)."""
    keys = ["talks_progressing", "talks_stalled", "talks_suspended", "talks_broken"] if s.talks is not None else []
    found = [(key, _on("talks_to_attacks")) for key in [*keys, *(["after_demand"] if s.pressure is not None else [])]]
    if s.talks is not None:
        found += [(key, _on("timeline_to_attacks")) for key in ("timeline_kept", "timeline_slipping")]
    sizes = [("if", switch, high("attacks", key), 0) for key, switch in found]
    for i, (key, _) in enumerate(found):
        largest = ("and", *(("<", other, sizes[i]) for other in sizes[:i]),
                   *(("<=", other, sizes[i]) for other in sizes[i + 1 :]))
        yield Factor(f"attacks.{key}", sizes[i], largest)


def _grown(s: Scenario, theatre: str) -> Iterator[Factor]:
    """Yield the factor by which the trend of the background can raise it up to the end of the run."""
    trend = high("theatres", theatre, "attacks_trend_per_year")
    years = (s.end - s.start).days / 365.25
    yield Factor(f"theatres.{theatre}.attacks_trend_per_year", ("exp", ("*", trend, years)))


def _reinforced(s: Scenario, theatre: str) -> Iterator[Factor]:
    """Yield the factor by which reinforcement can raise the exposure."""
    targets = [highest_target(s, name) for name in reinforcing(s, theatre)]
    if targets:
        troops = ("theatres", theatre, "troops")
        least = ("max", 1.0, low(*troops))
        most = ("+", ("max", high(*troops), least), *targets)
        yield Factor("reinforcement", ("^", ("/", most, least), high("attacks", "elasticity")),
                     _on("presence_to_attacks"))


def _about(s: Scenario) -> tuple[KeyPath, ...]:
    return (("tension",), ("talks",), ("response",), ("attacks",), ("couplings",),
            *(("phases", name) for name, phase in s.phases.items() if phase.reinforce))
