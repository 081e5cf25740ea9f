"""A run's results: what `sim.run` returns and the figures draw."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.estimate.by_date import Chance, chances, day_of, events
from sim.model.catalogue import expand
from sim.model.setup import Model, set_up
from sim.play import codebook
from sim.play.dataset import about
from sim.play.storage import read
from sim.scenario.load import ScenarioFile
from sim.scenario.shown import Shown

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


class Data(Protocol):
    """A source of results: memory, or their folder."""

    @property
    def names(self) -> list[str]:
        """The names of the outcomes."""

    def column(self, name: str) -> NDArray[np.float64]:
        """Return an outcome, replication by replication."""

    def trajectories(self) -> "xr.Dataset":
        """Return everything except the outcomes by replication."""


@dataclass(frozen=True, repr=False)
class Result(Shown):
    """The results of a scenario.

    Attributes
    ----------
    file, model
        The scenario as loaded, and set up for the rules.
    replications, seed
        How many replications were played, and the seed of their random numbers.
    summary
        Means, intervals, quantiles and shares of variance, as in ``summary.json``.
    data
        The source of everything else, read when it is needed.
    folder
        The folder that the results were written to; None if they were not.
    """

    file: ScenarioFile
    model: Model
    replications: int
    seed: int
    summary: dict[str, Any]
    data: Data
    folder: Path | None = None

    def _about(self) -> str:
        where = f", in {self.folder}" if self.folder is not None else ""
        title = self.summary["title"] or self.file.name
        return f"{title}; {self.replications:,} replications, seed {self.seed}{where}"

    def _parts(self) -> list[tuple[str, Sequence[str], list[Sequence[str]]]]:
        rows = [(entry["label"], *_mean_texts(entry), "" if entry["kind"] in ("day", "yes_no") else entry["unit"], name)
                for name, entry in self.summary["outcomes"].items() if entry["main"]]
        return [("", ("Outcome", "Mean", "Sampling error of the mean", "Unit", "Name"), [*rows])]

    def column(self, name: str) -> NDArray[np.float64]:
        """Return an outcome, replication by replication; days are infinite where it did not happen by the horizon."""
        return self.data.column(name)

    @cached_property
    def outcomes(self) -> "pd.DataFrame":
        """A row for each replication, a column for each outcome (see ``python -m sim outcomes``)."""
        import pandas as pd

        return pd.DataFrame({name: self.column(name) for name in self.data.names}).rename_axis("replication")

    @cached_property
    def table(self) -> "pd.DataFrame":
        """A row for each outcome: its label, unit, mean with its 95 % interval, quantiles; of days also the dates.

        ``not_known`` is the share of its variance that is due to the numbers that the scenario draws. ``main`` says
        whether it is among the outcomes that a run prints.
        """
        import pandas as pd

        start = self.file.scenario.start
        rows = {name: _row(entry, start) for name, entry in self.summary["outcomes"].items()}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("outcome")

    def chances(self, *dates: date | str) -> dict[date, dict[str, Chance]]:
        """Return the chance of completion and of every milestone by some dates.

        Parameters
        ----------
        dates
            Dates or their texts, such as ``2026-06-30``; the whole day counts.

        Returns
        -------
        dict of dict
            By date, and by outcome: ``completed``, ``resurgence``, ...

        Raises
        ------
        ScenarioError
            If something is not a date, or lies before the start or after the end.
        """
        days = [day_of(asked, self.file) for asked in dict.fromkeys(dates)]
        names = events(expand(self.model))
        columns = {column: self.column(column) for column in names.values()} if days else {}
        start = self.file.scenario.start
        return {start + timedelta(days=day): chances(names, columns.__getitem__, day) for day in days}

    def by(self, *dates: date | str) -> "pd.DataFrame":
        """Return `chances` as a table: a row for each date and outcome, with the 95 % interval."""
        import pandas as pd

        rows = [(day, name, of.chance, *(of.ci95 or (None, None)))
                for day, by_event in self.chances(*dates).items() for name, of in by_event.items()]
        return pd.DataFrame(rows, columns=["date", "outcome", "chance", "ci95_low", "ci95_high"]).set_index(
            ["date", "outcome"])

    @cached_property
    def trajectories(self) -> "xr.Dataset":
        """Daily and weekly bands over replications. See `sim.play.dataset`."""
        return self.data.trajectories()

    @cached_property
    def dataset(self) -> "xr.Dataset":
        """The trajectories and the outcomes by replication, as in ``ensemble.nc``."""
        outcomes = {"replication": np.arange(self.replications), "outcome": np.array(self.data.names, dtype=object)}
        along = codebook.coordinates(self.data.names, self.summary["outcomes"])
        named = self.trajectories.assign_coords(
            {name: ((name,), values, about(name)) for name, values in outcomes.items()}).assign_coords(
            {name: (dimensions, values, about(name)) for name, (dimensions, values) in along.items()})
        return named.assign(outcomes=(("replication", "outcome"), self.outcomes.to_numpy(), about("outcomes")))

    @classmethod
    def load(cls, folder: str | os.PathLike[str]) -> "Result":
        """Read results back from their folder.

        Raises
        ------
        FolderError
            If it holds none, or a file is damaged or was changed after it was written.
        """
        file, replications, seed, summary, data = read(Path(folder))
        return cls(file, set_up(file.scenario), replications, seed, summary, data, Path(folder))


def _row(entry: Mapping[str, Any], start: date) -> dict[str, Any]:
    """Return the row of an outcome in `Result.table`. Dates are None for outcomes that are not days, or never came."""
    def dated(day: float | None) -> date | None:
        return None if entry["kind"] != "day" or day is None else start + timedelta(days=int(day))

    low, high = entry["ci95"] or (None, None)
    row = {key: entry[key] for key in ("label", "unit", "better", "kind", "main", "mean")}
    row |= {"ci95_low": low, "ci95_high": high, **{f"q{level}": value for level, value in entry["quantiles"].items()}}
    row["not_known"] = entry["variance"] and entry["variance"]["parameters"]
    return row | {"mean_date": dated(entry["mean"]),
                  **{f"q{level}_date": dated(day) for level, day in entry["quantiles"].items()}}


def _mean_texts(entry: Mapping[str, Any]) -> tuple[str, str]:
    """Return the mean of an outcome and its interval as texts."""
    if entry["kind"] == "day":
        return entry["mean_date"], " – ".join(entry["ci95_dates"] or ())
    scale, unit = (100, " %") if entry["kind"] == "yes_no" else (1, "")

    def text(value: float) -> str:
        return f"{scale * value:,.4g}{unit}" if abs(value) < 1e4 else f"{value:,.0f}{unit}"

    mean = "" if entry["mean"] is None else text(entry["mean"])
    return mean, " – ".join(map(text, entry["ci95"] or ()))
