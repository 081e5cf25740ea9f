"""Threat: its index moves towards the level where it would come to rest, and is pushed about by chance on the way.

The logarithm x of the index is an AR(1) process: x <- level + persistence (x - level) + noise. The level is the
logarithm of ``rests_today`` with all enablers present and of ``rests_without`` with none; in between, and for
reinforcements beyond, it lies on the line through the two. The host nation's capability divides where the index rests
by its elasticity, and a trend of its own moves it over the years.
"""

import math

from sim.rules import capability, holds, milestones
from sim.rules.parameters import DAYS_PER_YEAR, Parameters
from sim.rules.portable import log
from sim.rules.presence import share_present
from sim.rules.state import OUT_OF_BOUNDS, RESURGENCE, TOLD_ABOVE, TOLD_BELOW, State, tell
from sim.rules.streams import Streams, uniform
from sim.rules.variates import standard_normal

MOST_LOG_THREAT = 600.0
"""Logarithm of the index at which a replication is given up, well before its exponential overflows."""


def begin(s: State, p: Parameters) -> None:
    """Start at an index of 1."""
    if p.has_threat:
        s.rests_today = log(p.threat_rests_today)
        s.rests_without = log(p.threat_rests_without)
    s.threat_ratio = capability.threat_ratio(s, p)
    s.highest_ratio = s.threat_ratio


def due(s: State, p: Parameters, r: Streams, i: int) -> float:
    """The threat acts next at its next tick."""
    return (s.tick + 1) * p.threat_tick_days if p.has_threat else math.inf


def step(s: State, p: Parameters, r: Streams, i: int) -> None:
    """Update the index, compare it with capability, and hold or release phases."""
    s.tick += 1
    capability.advance(s, p)
    level = resting_level(s, p)
    noise = p.threat_noise * standard_normal(uniform(r.threat, 0))
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


def resting_level(s: State, p: Parameters) -> float:
    """Return the logarithm of where the index would come to rest if everything stayed as it is."""
    level = s.rests_without + enablers(s, p) * (s.rests_today - s.rests_without)
    if p.capability_to_threat:
        level -= p.threat_capability_elasticity * log(s.capability)
    return level + p.threat_trend_per_year * s.now / DAYS_PER_YEAR


def enablers(s: State, p: Parameters) -> float:
    """Return the share of the first enablers that press the threat now; attacks on the troops distract them."""
    share = share_present(s, p, p.theatre_pressure_weight) if p.presence_to_threat else 1.0
    if p.attacks_to_threat:
        share /= 1.0 + p.threat_distraction * s.attacks_since_tick
    return share
