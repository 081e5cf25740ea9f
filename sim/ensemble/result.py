"""A run in memory: what `sim.run` returns and the figures draw."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from sim.rules.setup import Model
from sim.scenario.load import ScenarioFile


@dataclass(frozen=True)
class Result:
    """The results of a scenario.

    Attributes
    ----------
    file, model
        The scenario as loaded, and set up for the rules.
    replications, seed
        Which futures were played.
    outcomes
        A row for each replication, a column for each outcome (see ``python -m sim outcomes``). Days are infinite
        where something did not happen by the horizon.
    summary
        Means, intervals and quantiles, as in ``summary.json``.
    dataset
        Outcomes by replication, and daily and weekly bands over replications. See `sim.ensemble.dataset`.
    folder
        Where the results were written; None if they were not.
    """

    file: ScenarioFile
    model: Model
    replications: int
    seed: int
    outcomes: pd.DataFrame
    summary: dict[str, Any]
    dataset: xr.Dataset
    folder: Path | None = None

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> "Result":
        """Read results back from their folder.

        Raises
        ------
        FolderError
            If there are none in it.
        """
        from sim.ensemble.storage import read

        return read(Path(folder))
