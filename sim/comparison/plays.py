"""Outcomes of scenarios that are played with the same random numbers, replication by replication."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.model.setup import set_up
from sim.play.choice import choose
from sim.play.play import Means, sample
from sim.scenario.schema import Scenario


class Plays:
    """Plays scenarios with the random numbers of one seed.

    Parameters
    ----------
    outcomes
        Their names; every scenario must measure them.
    seed
        Of the random numbers.
    means
        Who plays them.
    """

    def __init__(self, outcomes: Sequence[str], seed: int, means: Means) -> None:
        self._outcomes, self._seed, self._means = tuple(outcomes), seed, means
        self._clock = choose(means.clock).name

    def __call__(self, scenario: Scenario, rows: slice) -> NDArray[np.float64]:
        """Return the outcomes of some replications, shape (replications, outcomes); for a day, min(day, horizon)."""
        names = tuple(dict.fromkeys(self._outcomes))
        played = sample(set_up(scenario), self._seed, range(rows.start, rows.stop), self._means, names, self._clock)
        return np.column_stack([played.values(name) for name in self._outcomes])
