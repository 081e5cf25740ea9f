"""Samples: the outcomes of the replications of one variant, read outcome by outcome."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.estimate.intervals import Column
from sim.model.catalogue import Catalogue, Measured, Rate

Read = Callable[[str], Column]
"""Returns the values of the outcome of a name, replication by replication."""


@dataclass(frozen=True)
class Sample:
    """Outcomes of replications.

    Attributes
    ----------
    catalogue
        What was measured.
    horizon
        Days from the start to the end of the scenario.
    read
        Returns the values of an outcome as measured; the day of an event that did not happen is infinite.
    """

    catalogue: Catalogue
    horizon: float
    read: Read

    @cached_property
    def entries(self) -> dict[str, Measured | Rate]:
        """All outcomes and rates by name."""
        outcomes: dict[str, Measured | Rate] = {item.name: item for item in self.catalogue.outcomes}
        return outcomes | {rate.name: rate for rate in self.catalogue.rates}

    def values(self, name: str) -> Column:
        """Return an outcome, replication by replication, ready to be averaged: for a day, min(day, horizon)."""
        entry = self.entries[name]
        is_day = isinstance(entry, Measured) and entry.outcome.kind == "day"
        return np.minimum(self.read(name), self.horizon) if is_day else self.read(name)


def sample_of(catalogue: Catalogue, horizon: float, outcomes: NDArray[np.float64]) -> Sample:
    """Return a sample from a table, shape (replications, outcomes), in the order of the catalogue."""
    column = {name: i for i, name in enumerate(catalogue.names)}
    return Sample(catalogue, horizon, lambda name: outcomes[:, column[name]])
