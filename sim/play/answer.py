"""Answers from existing results: the first replications of a run are those of a smaller run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.estimate.precision import Watch, looks
from sim.estimate.sample import Sample
from sim.play.columns import BLOCK, Columns
from sim.play.run import Size
from sim.play.storage import Kept

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class First:
    """The first replications of the results in a folder.

    Attributes
    ----------
    kept
        All replications.
    replications
        How many of them count.
    play
        Plays these again for their bands by day and week, which the folder only has for all replications together.
    """

    kept: Kept
    replications: int
    play: "Callable[[], xr.Dataset]"

    @property
    def names(self) -> list[str]:
        """The names of the outcomes."""
        return self.kept.names

    def column(self, name: str) -> NDArray[np.float64]:
        """Return an outcome, replication by replication."""
        return self.kept.column(name)[: self.replications]

    def trajectories(self) -> "xr.Dataset":
        """Return everything except the outcomes."""
        return self.play()


def columns_in(path: Path, variable: str, scratch: Path) -> Columns | None:
    """Copy a table of outcomes from ensemble.nc into a scratch file, by column; None if there is no such table."""
    import h5py

    with h5py.File(path) as file:
        if variable not in file:
            return None
        columns = Columns([name.decode() for name in file["outcome"][:]], scratch)
        for first in range(0, len(file[variable]), BLOCK):
            columns.put(first, file[variable][first : first + BLOCK])
    return columns


def enough_of(
    first: Callable[[int], Sample], existing: int, size: Size
) -> tuple[int, dict[str, Any] | None] | None:
    """Return how many of the existing replications a run of a given size would use; None if it would need more.

    Parameters
    ----------
    first
        Returns the sample of the first so many replications.
    existing
        How many replications there are.
    size
        How many the run would play.

    Returns
    -------
    replications : int
    precision : dict or None
        As in `sim.play.run.Ensemble`.
    """
    if not size.targets:
        return (size.replications, None) if size.replications <= existing else None
    watch, upto = Watch(size.targets, size.replications), 0
    for upto in looks(size.replications):
        if upto > existing:
            return None
        if watch.look(first(upto)):
            break
    return upto, watch.account()
