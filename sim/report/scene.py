"""A scenario as it was played: what a page shows of it, whether it comes from a run or from a comparison."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.comparison.by_date import HERE, events_of
from sim.comparison.compare import Comparison, Side
from sim.estimate.by_date import by_day, events
from sim.model.catalogue import Catalogue, expand
from sim.model.setup import Model
from sim.play.result import Result
from sim.play.undisturbed import undisturbed
from sim.report import charts
from sim.report.world import World
from sim.scenario.held import held_fixed
from sim.scenario.load import ScenarioFile
from sim.scenario.schema import Scenario
from sim.words.labels import date_of, described, one_line

if TYPE_CHECKING:
    import xarray as xr

Counts = NDArray[np.int64]
Entry = dict[str, Any]


@dataclass(frozen=True)
class Scene:
    """A scenario as it was played.

    Attributes
    ----------
    name
        What it is called on the page.
    file, model, catalogue
        The scenario as loaded and as set up, and what is measured.
    replications, seed
        What was played.
    entries
        By outcome and rate, as in summary.json. Of a comparison, an entry has no quantiles and no variance.
    plan
        When a timeline is agreed and the drawdown complete if nothing disturbs it; None for never.
    trajectories
        Daily and weekly bands over replications.
    counts
        By event, in how many replications it has happened by the end of each day.
    column
        Returns an outcome, replication by replication; None if only sums are known.
    summary
        The whole summary of a run; None in a comparison.
    """

    name: str
    file: ScenarioFile
    model: Model
    catalogue: Catalogue
    replications: int
    seed: int
    entries: dict[str, Entry]
    plan: dict[str, date | None]
    trajectories: "xr.Dataset"
    counts: dict[str, Counts]
    column: Callable[[str], NDArray[np.float64]] | None = None
    summary: dict[str, Any] | None = None

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.file.scenario

    @property
    def held(self) -> dict[str, tuple[float, float] | None]:
        """What is held fixed though nobody has measured it, by key, and what it could be."""
        if self.summary is not None:
            return {entry["key"]: entry["range"] and tuple(entry["range"]) for entry in self.summary["held_fixed"]}
        return {entry.key: entry.span for entry in held_fixed(self.file)}

    @cached_property
    def bands(self) -> dict[str, charts.Data]:
        """The tracks of the scenario over time, by name; see `sim.report.charts`."""
        return charts.bands(self)

    @cached_property
    def curves(self) -> dict[str, charts.Data]:
        """By event, the chance that it has happened by the end of each day."""
        return charts.curves(self)

    @cached_property
    def histograms(self) -> dict[str, charts.Data]:
        """By main outcome, how its values are distributed."""
        return charts.histograms(self)

    @cached_property
    def planned(self) -> dict[str, date | None]:
        """By outcome that is a day, when it would be if nothing disturbed the plan; None for never."""
        return {name: date_of(self.scenario, day) if day < math.inf else None
                for name, day in undisturbed(self.model).days.items()}

    @cached_property
    def world(self) -> World:
        """The memory in which the page plays the scenario."""
        return World(self.model, self.seed)

    @property
    def title(self) -> str:
        """Its title, or its name if it has none."""
        return one_line(self.scenario.title) or self.name

    @property
    def horizon(self) -> int:
        """Days from the start to the end, both included."""
        return int(self.model.parameters.horizon)


def of_result(result: Result) -> Scene:
    """Return the scenario of a run."""
    catalogue, plan = expand(result.model), result.summary["plan"]
    dates = {name: None if day is None else date.fromisoformat(day) for name, day in plan.items()}
    horizon = result.model.parameters.horizon
    counts = {name: by_day(result.column(column), horizon) for name, column in events(catalogue).items()}
    return Scene(result.file.name, result.file, result.model, catalogue, result.replications, result.seed,
                 result.summary["outcomes"], dates, result.trajectories, counts, result.column, result.summary)


def of_comparison(comparison: Comparison) -> list[Scene]:
    """Return the scenarios of a comparison, the base first."""
    return [_of_side(comparison, side) for side in comparison.sides]


def _of_side(comparison: Comparison, side: Side) -> Scene:
    scenario, bands, means = side.file.scenario, comparison.trajectories[side.name], comparison.means[side.name]
    main = {item.name for item in side.catalogue.outcomes if item.outcome.main and item.name == item.outcome.name}
    main |= {rate.name for rate in side.catalogue.rates if rate.ratio.main and rate.name == rate.ratio.name}
    entries: dict[str, Entry] = {name: {
        **about, "main": name in main, "n": comparison.replications, "mean": means[name].mean, "ci95": means[name].ci95,
        "quantiles": {}, "variance": None} for name, about in described(side.catalogue, scenario).items()}
    course = undisturbed(side.model)
    plan = {name: date_of(scenario, day) if day < math.inf else None
            for name, day in (("agreement", course.agreement), ("completion", course.completion))}
    events_here = events_of(comparison, side.name)
    counts = {name: np.asarray(bands[HERE].values[i]) for i, name in enumerate(events_here)}
    return Scene(side.name, side.file, side.model, side.catalogue, comparison.replications, comparison.seed, entries,
                 plan, bands, counts)
