"""Outcomes of scenarios in the same futures, replication by replication, and no more than that."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.model.setup import Model, set_up
from sim.play.choice import choose
from sim.play.play import Means, sample
from sim.scenario.schema import Scenario


class Plays:
    """Plays scenarios in the futures of one seed.

    Parameters
    ----------
    model
        One of the scenarios, by which the clock is chosen.
    outcomes
        Names of what is wanted; every scenario must have it.
    seed
        Which futures.
    means
        Who plays them.
    at_most
        Replications that may be played, all in all.
    """

    def __init__(self, model: Model, outcomes: Sequence[str], seed: int, means: Means, at_most: int) -> None:
        self._outcomes, self._seed, self._means = tuple(outcomes), seed, means
        self._clock = choose(means.clock, model, at_most, means.hands).name

    def __call__(self, scenario: Scenario, rows: slice) -> NDArray[np.float64]:
        """Return the outcomes of some replications, shape (replications, outcomes); of a day, min(day, horizon)."""
        futures = range(rows.start, rows.stop)
        names = tuple(dict.fromkeys(self._outcomes))
        played = sample(set_up(scenario), self._seed, futures, self._means, names, self._clock)
        return np.column_stack([played.values(name) for name in self._outcomes])
