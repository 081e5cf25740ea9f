"""A bound on the attacks per day in a scenario, which keeps every run finite."""

import math
from collections.abc import Iterator

from sim.scenario.build import Fault
from sim.scenario.fields import extremes, plain
from sim.scenario.lines import KeyPath
from sim.scenario.schema import Scenario
from sim.scenario.target_checks import highest_target

MOST_PER_DAY = 500


def check(s: Scenario) -> Iterator[Fault]:
    """Find theatres whose mean rate of attacks could exceed the bound if everything is at its worst."""
    for name, theatre in s.theatres.items():
        background = extremes(theatre.attacks_per_day)[-1]
        factors = [*_factors(s), *_grown(s, name), *_reinforced(s, name)]
        rate = background * math.prod(factor for _, factor in factors)
        if rate > MOST_PER_DAY:
            terms = "".join(f" x {factor:.3g} ({label})" for label, factor in factors)
            reached = plain(float(f"{rate:.3g}"))
            yield Fault(("theatres", name, "attacks_per_day"),
                        f"attacks could reach {reached} a day: {background:.3g}{terms}; must stay at or below "
                        f"{MOST_PER_DAY} a day, so lower one of these", _about(s))


def _factors(s: Scenario) -> Iterator[tuple[str, float]]:
    """Yield the largest factors on the background rate of every theatre, each with the key that causes it."""
    if s.tension is not None and s.couplings.tension_to_attacks:
        yield from _if_above_one("tension.high_multiplier", extremes(s.tension.high_multiplier)[-1])
    if s.talks is not None or s.pressure is not None:
        yield from _if_above_one(*_worst_of_talks(s))
    if s.response is not None and s.couplings.response_to_attacks:
        yield from _if_above_one("1 + response.rise", 1 + extremes(s.response.rise)[-1])
    if s.couplings.contagion:
        ratio = extremes(s.attacks.branching_ratio)[-1]
        yield from _if_above_one("contagion, 1 / (1 - attacks.branching_ratio)", 1 / (1 - ratio))


def _worst_of_talks(s: Scenario) -> tuple[str, float]:
    keys: list[str] = []
    if s.couplings.talks_to_attacks:
        talks = ["talks_progressing", "talks_stalled", "talks_suspended", "talks_broken"]
        keys += [*(talks if s.talks is not None else []), *(["after_demand"] if s.pressure is not None else [])]
    if s.couplings.timeline_to_attacks and s.talks is not None:
        keys += ["timeline_kept", "timeline_slipping"]
    worst = [(f"attacks.{key}", extremes(getattr(s.attacks, key))[-1]) for key in keys]
    return max(worst, key=lambda pair: pair[1], default=("", 1.0))


def _grown(s: Scenario, theatre: str) -> Iterator[tuple[str, float]]:
    """Yield the factor by which the trend of the background can raise it up to the end of the run."""
    trend = extremes(s.theatres[theatre].attacks_trend_per_year)[-1]
    years = (s.end - s.start).days / 365.25
    yield from _if_above_one(f"theatres.{theatre}.attacks_trend_per_year", math.exp(trend * years))


def _reinforced(s: Scenario, theatre: str) -> Iterator[tuple[str, float]]:
    """Yield the factor by which reinforcement can raise the exposure."""
    phases = [phase for phase in s.phases.values() if phase.reinforce and phase.theatre == theatre]
    targets = [highest_target(s, phase) for phase in phases]
    least = max(1.0, extremes(s.theatres[theatre].troops)[0])
    if targets and s.couplings.presence_to_attacks:
        most = max(extremes(s.theatres[theatre].troops)[-1], least) + sum(targets)
        yield from _if_above_one("reinforcement", (most / least) ** extremes(s.attacks.elasticity)[-1])


def _if_above_one(label: str, factor: float) -> Iterator[tuple[str, float]]:
    if factor > 1:
        yield label, factor


def _about(s: Scenario) -> tuple[KeyPath, ...]:
    return (("tension",), ("talks",), ("response",), ("attacks",), ("couplings",),
            *(("phases", name) for name, phase in s.phases.items() if phase.reinforce))
