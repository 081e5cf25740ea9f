"""Presence: the share of the initial troops still there, weighted by what each theatre's troops are there for."""

from sim.rules.parameters import Parameters
from sim.rules.state import State


def share_present(s: State, p: Parameters, weights: list[float]) -> float:
    """Return the weighted share of the initial troops that is present, or 0 if none counted at the start."""
    present = 0.0
    initial = 0.0
    for k in range(p.theatres):
        present += weights[k] * s.present[k]
        initial += weights[k] * s.initial[k]
    return present / initial if initial > 0.0 else 0.0
