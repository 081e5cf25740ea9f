"""Threat: ISIS activity grows when the pressure on it is too low to contain it, and shrinks when it is higher.

The logarithm x of the index is an AR(1) process: x <- level + persistence (x - level) + noise, where
level = sensitivity (1 - pressure / holding pressure). The pressure on ISIS is a weighted mean of the coalition's
enablers present and the host nation's capability, both 1 at the start.
"""

import math

from sim.rules import capability, holds, milestones
from sim.rules.parameters import Parameters
from sim.rules.presence import share_present
from sim.rules.state import OUT_OF_BOUNDS, RESURGENCE, TOLD_ABOVE, TOLD_BELOW, State, tell
from sim.rules.streams import Streams, uniform
from sim.rules.variates import standard_normal

MOST_LOG_THREAT = 600.0
"""Logarithm of the index at which a replication is given up, well before its exponential overflows."""


def begin(s: State, p: Parameters) -> None:
    """Start at an index of 1."""
    s.threat_ratio = capability.threat_ratio(s, p)
    s.highest_ratio = s.threat_ratio


def due(s: State, p: Parameters, r: Streams, i: int) -> float:
    """The threat acts next at its next tick."""
    return (s.tick + 1) * p.threat_tick_days if p.has_threat else math.inf


def step(s: State, p: Parameters, r: Streams, i: int) -> None:
    """Update the index, compare it with capability, and hold or release phases."""
    s.tick += 1
    capability.advance(s, p)
    level = p.threat_sensitivity * (1.0 - pressure_on_isis(s, p) / p.threat_holding_pressure)
    noise = p.threat_noise * standard_normal(uniform(r.threat, 0), uniform(r.threat, 0))
    s.threat = level + p.threat_persistence * (s.threat - level) + noise
    s.attacks_since_tick = 0
    if not math.fabs(s.threat) < MOST_LOG_THREAT:
        s.given_up = OUT_OF_BOUNDS
        return
    s.threat_ratio = capability.threat_ratio(s, p)
    s.highest_ratio = max(s.highest_ratio, s.threat_ratio)
    above = s.threat_ratio >= p.threat_resurgence
    if above != s.above_resurgence:
        s.above_resurgence = above
        tell(s, TOLD_ABOVE if above else TOLD_BELOW, 0, s.threat_ratio, 0.0)
        if above:
            milestones.reach(s, p, RESURGENCE)
    holds.above_threat(s, p)


def pressure_on_isis(s: State, p: Parameters) -> float:
    """Return the pressure on ISIS, 1 at the start."""
    enablers = share_present(s, p, p.theatre_pressure_weight) if p.presence_to_threat else 1.0
    if p.attacks_to_threat:
        enablers /= 1.0 + p.threat_distraction * s.attacks_since_tick
    forces = s.capability if p.capability_to_threat else 1.0
    return p.threat_enablers_weight * enablers + (1.0 - p.threat_enablers_weight) * forces
