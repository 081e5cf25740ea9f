"""The plan as it would run undisturbed: no attacks, no threat, no tension, nothing left to chance."""

from dataclasses import dataclass, replace

from sim.clocks.reference import ReferenceClock
from sim.ensemble.daily import Daily, Ints
from sim.rules.setup import Model
from sim.rules.state import AGREEMENT


@dataclass(frozen=True)
class Plan:
    """The undisturbed course.

    Attributes
    ----------
    troops
        True strength at the start of each day, shape (theatres, days).
    agreement, completion
        Days after the start; infinite if it does not come to it by the horizon.
    """

    troops: Ints
    agreement: float
    completion: float


def undisturbed(model: Model) -> Plan:
    """Play the plan of a scenario, with every uncertain number at its median and every duration at its mean."""
    p = model.parameters
    calm = replace(
        p, theatre_attacks_per_day=[0.0] * p.theatres, contagion=False, has_tension=False, has_threat=False,
        lift_spread=0.0, closing_spread=0.0, talks_round_spread=0.0, talks_breakdown_chance=0.0,
        group_work_spread=[0.0] * p.groups, pressure_to_demand=False)
    clock = ReferenceClock(replace(model, parameters=calm, draws=()), 0, 0)
    daily = Daily(clock.parameters)
    end = clock.play(daily.observe)
    return Plan(daily.tracks(end)["troops"][:-1], end.milestone[AGREEMENT], end.completed_at)
