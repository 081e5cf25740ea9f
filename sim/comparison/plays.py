"""Outcomes of scenarios in the same futures, replication by replication, and no more than that."""

from collections.abc import Sequence
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from sim.model.catalogue import expand
from sim.model.setup import Model, set_up
from sim.play.choice import choose
from sim.play.run import CHUNKS, Means, chunks_of
from sim.play.workers import processors
from sim.scenario.schema import Scenario

FEW = 25
"""Replications that are played sooner than a second worker is ready."""


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
        self._outcomes, self._seed = outcomes, seed
        self._workers = means.workers or processors()
        self._clock = choose(means.clock, model, at_most, self._workers).name

    def __call__(self, scenario: Scenario, rows: slice) -> NDArray[np.float64]:
        """Return the outcomes of some replications, shape (replications, outcomes); of a day, min(day, horizon)."""
        model = set_up(scenario)
        items = expand(model).outcomes
        place = {item.name: i for i, item in enumerate(items)}
        columns = [place[name] for name in self._outcomes]
        count = rows.stop - rows.start
        workers = self._workers if count > FEW else 1
        size = min(CHUNKS[self._clock], -(-count // workers))
        jobs = [(first, min(size, rows.stop - first)) for first in range(rows.start, rows.stop, size)]
        values = np.empty((count, len(columns)))
        with closing(chunks_of(model, self._seed, jobs, Means(workers), self._clock)) as chunks:
            for chunk in chunks:
                values[chunk.first - rows.start:][: len(chunk.outcomes)] = chunk.outcomes[:, columns]
        days = [i for i, column in enumerate(columns) if items[column].outcome.kind == "day"]
        values[:, days] = np.minimum(values[:, days], model.parameters.horizon)
        return values
