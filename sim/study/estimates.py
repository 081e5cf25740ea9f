"""What replications say about a goal: its statistic, and how sure that is."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.estimate.intervals import Column, quantile_error, quantile_interval, quantile_rank
from sim.model.catalogue import Catalogue
from sim.study.errors import StudyError
from sim.study.study import Goal


@dataclass(frozen=True)
class Estimate:
    """A statistic of replications and its standard error."""

    value: float
    se: float


@dataclass(frozen=True)
class Measured(Estimate):
    """An estimate that can be compared replication by replication.

    Attributes
    ----------
    terms
        A number for each replication whose mean is the statistic, so that two policies that met the same futures can
        be paired; None for a quantile, which is no such mean.
    """

    terms: Column | None


def measure(outcomes: NDArray[np.float64], catalogue: Catalogue, goal: Goal, horizon: float) -> Measured:
    """Return a goal's statistic over replications; a day counts as the horizon where it is later.

    A rate is the ratio of two means; its terms are those of its linear approximation (delta method).

    Parameters
    ----------
    outcomes
        Shape (replications, outcomes), in the order of the catalogue.
    catalogue
        What is measured in the scenario.
    goal
        Which outcome or rate, and which statistic of it.
    horizon
        Days that the scenario lasts.

    Raises
    ------
    StudyError
        If the scenario does not have the outcome, or the statistic does not go with it.
    """
    rates = {rate.name: rate for rate in catalogue.rates}
    if goal.name in rates:
        return _rate(outcomes, catalogue, rates[goal.name].ratio.scale, rates[goal.name].numerator,
                     rates[goal.name].denominator, goal)
    column = np.minimum(_column(outcomes, catalogue, goal.name), horizon if goal.kind == "day" else math.inf)
    return _mean(column) if goal.statistic == "mean" else _quantile(column, int(goal.statistic[1:]))


def _column(outcomes: NDArray[np.float64], catalogue: Catalogue, name: str) -> Column:
    if name not in catalogue.names:
        raise StudyError(f"outcomes.{name}: is not measured in every scenario of the study; leave it out")
    return outcomes[:, catalogue.names.index(name)]


def _mean(terms: Column) -> Measured:
    n = len(terms)
    return Measured(float(terms.mean()), float(terms.std(ddof=1)) / math.sqrt(n) if n > 1 else math.inf, terms)


def _rate(
    outcomes: NDArray[np.float64], catalogue: Catalogue, scale: float, above: str, below: str, goal: Goal
) -> Measured:
    if goal.statistic != "mean":
        raise StudyError(f"outcomes.{goal.name}: is a ratio of means and has no quantiles; leave statistic out")
    a, b = _column(outcomes, catalogue, above), _column(outcomes, catalogue, below)
    if b.mean() == 0:
        return Measured(math.nan, math.inf, None)
    ratio = a.mean() / b.mean()
    return _mean(scale * (ratio + (a - ratio * b) / b.mean()))


def _quantile(column: Column, percent: int) -> Measured:
    value = float(np.sort(column)[quantile_rank(percent, len(column)) - 1])
    return Measured(value, quantile_error(*quantile_interval(column, percent)), None)


def noise(one: Measured, other: Measured) -> float:
    """Return the standard error of the difference of two policies that met the same futures.

    It is paired for means and rates; for quantiles it is as if the futures were different ones, which is too large.
    """
    if one.terms is None or other.terms is None:
        return math.hypot(one.se, other.se)
    return _mean(one.terms - other.terms).se
