"""From the replications of a policy in a future to the numbers that a study keeps of them."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.estimate.intervals import Column, jackknife_error, left_out, quantile_error, quantile_rank, quantile_ranks
from sim.study.study import Goal

PERCENTS = (5, 25, 50, 75, 95)
HALVES = 2

FIELDS: dict[str, tuple[tuple[str, int], ...]] = {
    "value": (), "value_se": (), "half_value": (("half", HALVES),), "mean": (), "mean_se": (), "variance": (),
    "quantiles": (("quantile", len(PERCENTS)),), "quantile_low": (("quantile", len(PERCENTS)),),
    "quantile_high": (("quantile", len(PERCENTS)),), "difference": (), "difference_se": (), "breach": (),
    "breach_se": (),
}
"""What is kept of each goal, and over what dimensions besides policy, future and outcome; see `sim.study.store`."""

Numbers = dict[str, Any]


def row_type(goals: int) -> np.dtype[Any]:
    """Return the record type of a policy in a future."""
    numbers = [(name, np.float64, (goals, *(length for _, length in dims))) for name, dims in FIELDS.items()]
    return np.dtype([("policy", np.int64), ("future", np.int64), *numbers])


@dataclass(frozen=True)
class Sample:
    """An outcome by replication: its values; or of a rate, the numerator's and the denominator's, and the scale."""

    values: Column
    denominator: Column | None = None
    scale: float = 1.0

    @property
    def ratios(self) -> Column | None:
        """The rate without each replication in turn; None where it has no value."""
        assert self.denominator is not None
        found = left_out(self.values, self.denominator)
        return None if found is None else self.scale * found

    def mean(self) -> float:
        """Return the mean; of a rate, the ratio of means; NaN where it has no value."""
        if self.denominator is None:
            return float(self.values.mean())
        below = float(self.denominator.sum())
        return self.scale * (float(self.values.sum()) / below) if below else math.nan

    def half(self, number: int) -> "Sample":
        """Return the even replications (0) or the odd ones (1)."""
        rest = None if self.denominator is None else self.denominator[number::HALVES]
        return Sample(self.values[number::HALVES], rest, self.scale)


def reduce(goal: Goal, sample: Sample, base: Sample) -> Numbers:
    """Return what is kept of a goal.

    Parameters
    ----------
    goal
        The goal.
    sample
        Its replications under a policy in a future; days after the horizon count as the horizon.
    base
        Those of the first policy in the same future, meeting the same chance.

    Returns
    -------
    dict
        By the names of `FIELDS`. Of a rate, standard errors are those of the jackknife (Efron and Tibshirani 1993,
        chapter 11), the variance is their square times the number of replications, and quantiles are NaN.
    """
    n = len(sample.values)
    mean = sample.mean()
    error = _error(sample)
    numbers: Numbers = {
        "mean": mean, "mean_se": error, "variance": n * error * error, "difference": 0.0, "difference_se": 0.0,
        "breach": math.nan, "breach_se": math.nan, **_quantiles(sample),
    }
    if sample is not base:
        numbers["difference"], numbers["difference_se"] = _difference(sample, base)
    if goal.threshold is not None and sample.denominator is None:
        beyond = sample.values > goal.threshold if goal.better == "low" else sample.values < goal.threshold
        share = float(beyond.mean())
        numbers |= {"breach": share, "breach_se": math.sqrt(share * (1 - share) / n)}
    return numbers | _chosen(goal, sample, numbers)


def _error(sample: Sample) -> float:
    if sample.denominator is None:
        return float(sample.values.std(ddof=1)) / math.sqrt(len(sample.values))
    return math.nan if sample.ratios is None else jackknife_error(sample.ratios)


def _difference(sample: Sample, base: Sample) -> tuple[float, float]:
    """Return the paired difference of means, and its standard error."""
    if sample.denominator is None:
        apart = sample.values - base.values
        return float(apart.mean()), float(apart.std(ddof=1)) / math.sqrt(len(apart))
    own, other = sample.ratios, base.ratios
    error = math.nan if own is None or other is None else jackknife_error(own - other)
    return sample.mean() - base.mean(), error


def _quantiles(sample: Sample) -> Numbers:
    if sample.denominator is not None:
        return dict.fromkeys(("quantiles", "quantile_low", "quantile_high"), math.nan)
    n = len(sample.values)
    ordered = np.concatenate([[-math.inf], np.sort(sample.values), [math.inf]])  # by rank, from 1
    lows, highs = zip(*(_ranks(percent, n) for percent in PERCENTS), strict=True)
    return {"quantiles": ordered[[quantile_rank(percent, n) for percent in PERCENTS]],
            "quantile_low": ordered[list(lows)], "quantile_high": ordered[list(highs)]}


@lru_cache
def _ranks(percent: int, n: int) -> tuple[int, int]:
    return quantile_ranks(percent, n)


def _chosen(goal: Goal, sample: Sample, numbers: Numbers) -> Numbers:
    """Return the statistic that the goal is judged by, its standard error, and what it is in each half."""
    halves = [sample.half(number) for number in range(HALVES)]
    if goal.statistic == "mean":
        return {"value": numbers["mean"], "value_se": numbers["mean_se"],
                "half_value": np.array([half.mean() for half in halves])}
    percent = int(goal.statistic[1:])
    at = PERCENTS.index(percent)
    error = quantile_error(numbers["quantile_low"][at], numbers["quantile_high"][at])
    ranked = [np.sort(half.values)[quantile_rank(percent, len(half.values)) - 1] for half in halves]
    return {"value": numbers["quantiles"][at], "value_se": error,
            "half_value": np.array(ranked)}


def row_of(policy: int, future: int, reduced: list[Numbers]) -> NDArray[np.void]:
    """Return the record of a policy in a future from what is kept of each goal."""
    row = np.zeros(1, row_type(len(reduced)))
    row["policy"], row["future"] = policy, future
    for name in FIELDS:
        for i, numbers in enumerate(reduced):
            row[name][0, i] = numbers[name]
    return row
