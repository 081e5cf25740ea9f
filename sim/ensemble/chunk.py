"""A chunk of replications: what a worker process plays at a time, and what it sends back."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.clocks.reference import OutOfBudget, ReferenceClock
from sim.ensemble.catalogue import expand
from sim.ensemble.daily import Daily, Ints
from sim.ensemble.errors import Unplayable
from sim.rules.setup import Model

PLAY_ERRORS = (OutOfBudget, ArithmeticError)
"""What the clock raises on a replication that cannot be played to the end."""


class Chunk(NamedTuple):
    """What some replications in a row gave.

    Attributes
    ----------
    first
        Number of the first of them.
    outcomes
        Shape (replications, outcomes), in the order of the catalogue.
    tracks
        As `Daily.tracks` gives them, stacked: shape (replications, rows, times).
    """

    first: int
    outcomes: NDArray[np.float64]
    tracks: dict[str, Ints]


def play_chunk(model: Model, seed: int, first: int, replications: int) -> Chunk:
    """Play replications ``first`` to ``first + replications - 1``.

    Raises
    ------
    Unplayable
        If one of them has more events, or greater numbers, than can be handled.
    """
    catalogue = expand(model)
    outcomes, tracks = [], []
    for replication in range(first, first + replications):
        clock = ReferenceClock(model, seed, replication)
        daily = Daily(clock.parameters)
        try:
            end = clock.play(daily.observe)
            outcomes.append(catalogue.measure(end, clock.parameters))
        except PLAY_ERRORS as error:
            raise unplayable(replication, error) from None
        tracks.append(daily.tracks(end))
    return Chunk(first, np.array(outcomes), {name: np.stack([one[name] for one in tracks]) for name in tracks[0]})


def unplayable(replication: int, error: Exception) -> Unplayable:
    """Say which replication cannot be played, why, and what to do about it."""
    why = str(error) if isinstance(error, OutOfBudget) else "its numbers grow beyond all bounds"
    return Unplayable(
        f"replication {replication} cannot be played to the end: {why}; try lower attack rates "
        "(theatres.NAME.attacks_per_day, attacks.branching_ratio), longer intervals (tranche_days, tick_days, "
        "review_days, round_days) or an earlier end")
