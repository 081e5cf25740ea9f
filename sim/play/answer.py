"""Answers from results that are there already: the first replications of a run are those of a smaller one."""

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
    """The first replications of results that lie in a folder.

    Attributes
    ----------
    kept
        All of them.
    replications
        How many count.
    play
        Plays these for their bands by day and week, which the folder has of all replications only.
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
        """Return all but the outcomes."""
        return self.play()


def columns_in(path: Path, variable: str, scratch: Path) -> Columns | None:
    """Return a table of outcomes in ensemble.nc by column, in a scratch file; None if there is no such table."""
    import h5py

    with h5py.File(path) as file:
        if variable not in file:
            return None
        columns = Columns([name.decode() for name in file["outcome"][:]], scratch)
        for first in range(0, len(file[variable]), BLOCK):
            columns.put(first, file[variable][first : first + BLOCK])
    return columns


def enough_of(
    first: Callable[[int], Sample], there: int, size: Size
) -> tuple[int, dict[str, Any] | None] | None:
    """Return how many of the replications there are what a run of some size would play; None if it would play more.

    Parameters
    ----------
    first
        Gives the sample of the first so many replications.
    there
        How many there are.
    size
        What is asked.

    Returns
    -------
    replications : int
    precision : dict or None
        As in `sim.play.run.Ensemble`.
    """
    if not size.targets:
        return (size.replications, None) if size.replications <= there else None
    watch, upto = Watch(size.targets, size.replications), 0
    for upto in looks(size.replications):
        if upto > there:
            return None
        if watch.look(first(upto)):
            break
    return upto, watch.account()
