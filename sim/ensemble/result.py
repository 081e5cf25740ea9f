"""A run's results: what `sim.run` returns and the figures draw."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.rules.setup import Model
from sim.scenario.load import ScenarioFile

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


class Data(Protocol):
    """Where results are read from: memory, or their folder."""

    @property
    def names(self) -> list[str]:
        """The names of the outcomes."""

    def column(self, name: str) -> NDArray[np.float64]:
        """Return an outcome, replication by replication."""

    def trajectories(self) -> "xr.Dataset":
        """Return all that is not an outcome by replication."""


@dataclass(frozen=True)
class Result:
    """The results of a scenario.

    Attributes
    ----------
    file, model
        The scenario as loaded, and set up for the rules.
    replications, seed
        Which futures were played.
    summary
        Means, intervals, quantiles and shares of variance, as in ``summary.json``.
    data
        Where the rest is read from, when it is asked for.
    folder
        Where the results were written; None if they were not.
    """

    file: ScenarioFile
    model: Model
    replications: int
    seed: int
    summary: dict[str, Any]
    data: Data
    folder: Path | None = None

    def column(self, name: str) -> NDArray[np.float64]:
        """Return an outcome, replication by replication; days are infinite where it did not happen by the horizon."""
        return self.data.column(name)

    @cached_property
    def outcomes(self) -> "pd.DataFrame":
        """A row for each replication, a column for each outcome (see ``python -m sim outcomes``)."""
        import pandas as pd

        return pd.DataFrame({name: self.column(name) for name in self.data.names}).rename_axis("replication")

    @cached_property
    def trajectories(self) -> "xr.Dataset":
        """Daily and weekly bands over replications. See `sim.ensemble.dataset`."""
        return self.data.trajectories()

    @cached_property
    def dataset(self) -> "xr.Dataset":
        """The trajectories and the outcomes by replication, as in ``ensemble.nc``."""
        outcomes = {"replication": np.arange(self.replications), "outcome": np.array(self.data.names, dtype=object)}
        with_names = self.trajectories.assign_coords(outcomes)
        return with_names.assign(outcomes=(("replication", "outcome"), self.outcomes.to_numpy()))

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> "Result":
        """Read results back from their folder.

        Raises
        ------
        FolderError
            If there are none in it, or a file is damaged or was changed after it was written.
        """
        from sim.ensemble.storage import read

        return read(Path(folder))
