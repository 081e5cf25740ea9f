"""Presence: how much of the first force is still there, weighed by what it is there for."""

from sim.rules.parameters import Parameters
from sim.rules.state import State


def share_present(s: State, p: Parameters, weights: list[float]) -> float:
    """Return the share of the first troops that is present, each theatre with its weight; 0 if no weight counts."""
    present = 0.0
    initial = 0.0
    for k in range(p.theatres):
        present += weights[k] * s.present[k]
        initial += weights[k] * s.initial[k]
    return present / initial if initial > 0.0 else 0.0
