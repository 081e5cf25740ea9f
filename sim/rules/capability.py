"""Capability: the host nation's forces learn while advisers are present and lose part of what they learned without.

With a share a of the initial advisers present, dC/dt = a L (ceiling - C) + (1 - a) D (floor - C). Between changes of
presence C therefore approaches a level exponentially, and the solution is exact.
"""

from sim.rules.parameters import DAYS_PER_YEAR, Parameters
from sim.rules.portable import exp
from sim.rules.presence import share_present
from sim.rules.state import State


def begin(s: State, p: Parameters) -> None:
    """Start at an index of 1."""
    s.capability = 1.0
    s.advisers = advisers_present(s, p)


def advance(s: State, p: Parameters) -> None:
    """Bring the index up to now."""
    if s.now == s.capability_at:
        return
    years = (s.now - s.capability_at) / DAYS_PER_YEAR
    s.capability_at = s.now
    present = s.advisers if p.presence_to_capability else 1.0
    learning = present * p.capability_learning_per_year
    losing = (1.0 - present) * p.capability_loss_per_year
    rate = learning + losing
    if rate > 0.0:
        level = (learning * p.capability_ceiling + losing * p.capability_floor) / rate
        s.capability = level + (s.capability - level) * exp(-rate * years)


def presence_changed(s: State, p: Parameters) -> None:
    """Bring the index up to now, then record the advisers present from now on."""
    advance(s, p)
    s.advisers = advisers_present(s, p)


def advisers_present(s: State, p: Parameters) -> float:
    """Return the share of the initial advisers that is present, at most 1."""
    return min(share_present(s, p, p.theatre_adviser_weight), 1.0)


def threat_ratio(s: State, p: Parameters) -> float:
    """Return threat over capability now; 0 without a threat."""
    if not p.has_threat:
        return 0.0
    advance(s, p)
    return exp(s.threat) / s.capability
