"""Domestic pressure: strikes and stalled talks raise it, and it may lead to a demand to leave.

It is reviewed at fixed intervals. At each review the demand is made with a chance in proportion to the pressure; then
part of the pressure fades.
"""

import math

from sim.rules import milestones, talks
from sim.rules.parameters import Parameters
from sim.rules.state import DEMAND, State
from sim.rules.streams import Streams, uniform
from sim.rules.tension import wake_attacks


def due(s: State, p: Parameters, r: Streams, i: int) -> float:
    """Pressure acts next at its next review or on the date set for the demand, until the demand is made."""
    if not p.has_pressure or s.milestone[DEMAND] < math.inf:
        return math.inf
    review = (s.review + 1) * p.pressure_review_days
    if p.pressure_demand_on > s.now or (p.pressure_demand_on == s.now and s.total_present > 0):
        return min(review, p.pressure_demand_on)
    return review


def step(s: State, p: Parameters, r: Streams, i: int) -> None:
    """Review the pressure: a demand to leave may be made while anybody is present, and part of the pressure fades."""
    demanded = s.now >= p.pressure_demand_on
    if s.now >= (s.review + 1) * p.pressure_review_days:
        s.review += 1
        chance = s.domestic_pressure * p.pressure_demand_chance
        drawn = uniform(r.pressure, 0) < chance
        demanded = demanded or (drawn and p.pressure_to_demand)
        s.domestic_pressure *= p.pressure_kept
    if demanded and s.total_present > 0:
        milestones.reach(s, p, DEMAND)
        talks.overtaken(s, p)
        wake_attacks(s, p)
