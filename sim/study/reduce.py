"""Reduces the replications of a policy in a future to the numbers that a study keeps."""

import math
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.estimate.estimate import Estimate, estimate, quantile, standard_error
from sim.estimate.intervals import quantile_rank, quantile_ranks
from sim.estimate.sample import Sample
from sim.model.catalogue import Rate
from sim.study.asked import COVER
from sim.study.errors import StudyError
from sim.study.study import Goal

PERCENTS = (5, 25, 50, 75, 95)
HALVES = 2

FIELDS: dict[str, tuple[tuple[str, int], ...]] = {
    "value": (), "value_se": (), "half_value": (("half", HALVES),), "mean": (), "mean_se": (), "variance": (),
    "quantiles": (("quantile", len(PERCENTS)),), "quantile_low": (("quantile", len(PERCENTS)),),
    "quantile_high": (("quantile", len(PERCENTS)),), "difference": (), "difference_se": (), "breach": (),
    "breach_se": (),
}
"""What is kept for each goal, with its dimensions besides policy, future and outcome; see `sim.study.store`."""

Numbers = dict[str, Any]


def row_type(goals: int) -> np.dtype[Any]:
    """Return the record type of a policy in a future."""
    numbers = [(name, np.float64, (goals, *(length for _, length in dims))) for name, dims in FIELDS.items()]
    return np.dtype([("policy", np.int64), ("future", np.int64), *((name, np.float64) for name in COVER), *numbers])


def judged(sample: Sample, goal: Goal) -> Estimate:
    """Return the statistic by which a goal is judged; a day that never comes counts as the horizon.

    Raises
    ------
    StudyError
        If the statistic is a quantile and the goal a rate.
    """
    if goal.statistic == "mean":
        return estimate(sample, goal.name)
    if isinstance(sample.entries[goal.name], Rate):
        raise StudyError(f"outcomes.{goal.name}: is a ratio of means and has no quantiles")
    return quantile(sample.values(goal.name), int(goal.statistic[1:]))


def reduce(goal: Goal, sample: Sample, base: Sample | None) -> Numbers:
    """Return what is kept for a goal.

    Parameters
    ----------
    goal
        The goal.
    sample
        The replications of a policy in a future.
    base
        Those of the first policy in the same future, with the same random numbers; None for the first policy itself.

    Returns
    -------
    dict
        Numbers by the names in `FIELDS`. The variance of a rate is its squared standard error times the number of
        replications, and its quantiles are NaN.
    """
    mean = estimate(sample, goal.name)
    chosen = mean if goal.statistic == "mean" else judged(sample, goal)
    numbers: Numbers = {
        "value": chosen.value, "value_se": chosen.se,
        "half_value": np.array([judged(half, goal).value for half in _halves(sample)]),
        "mean": mean.value, "mean_se": mean.se, "variance": mean.replications * mean.se * mean.se,
        "difference": 0.0, "difference_se": 0.0, "breach": math.nan, "breach_se": math.nan,
        **_quantiles(sample, goal),
    }
    if base is not None:
        numbers["difference"], numbers["difference_se"] = _difference(estimate(base, goal.name), mean)
    if goal.threshold is not None and goal.kind != "ratio":
        values = sample.values(goal.name)
        share = float((values > goal.threshold if goal.better == "low" else values < goal.threshold).mean())
        numbers |= {"breach": share, "breach_se": math.sqrt(share * (1 - share) / mean.replications)}
    return numbers


def _halves(sample: Sample) -> list[Sample]:
    """Return the even and the odd replications."""
    return [replace(sample, read=lambda name, n=number: sample.read(name)[n::HALVES])  # type: ignore[misc]
            for number in range(HALVES)]


def _difference(base: Estimate, other: Estimate) -> tuple[float, float]:
    """Return the paired difference of means, and its standard error."""
    if base.terms is None or other.terms is None:
        return other.value - base.value, math.nan
    apart = other.terms - base.terms
    return float(apart.mean()), standard_error(apart)


def _quantiles(sample: Sample, goal: Goal) -> Numbers:
    if goal.kind == "ratio":
        return dict.fromkeys(("quantiles", "quantile_low", "quantile_high"), math.nan)
    values = sample.values(goal.name)
    n = len(values)
    ordered = np.concatenate([[-math.inf], np.sort(values), [math.inf]])  # by rank, from 1
    lows, highs = zip(*(_ranks(percent, n) for percent in PERCENTS), strict=True)
    return {"quantiles": ordered[[quantile_rank(percent, n) for percent in PERCENTS]],
            "quantile_low": ordered[list(lows)], "quantile_high": ordered[list(highs)]}


@lru_cache
def _ranks(percent: int, n: int) -> tuple[int, int]:
    return quantile_ranks(percent, n)


def covered(sample: Sample, measured: Collection[str]) -> dict[str, float]:
    """Return the shares of replications that are complete and followed up by the horizon; NaN if not measured."""
    return {name: float(sample.read(name).mean()) if name in measured else math.nan for name in COVER}


def row_of(policy: int, future: int, reduced: list[Numbers], cover: Mapping[str, float]) -> NDArray[np.void]:
    """Return the record of a policy in a future, from the numbers of each goal and the shares covered."""
    row = np.zeros(1, row_type(len(reduced)))
    row["policy"], row["future"] = policy, future
    for name, share in cover.items():
        row[name] = share
    for name in FIELDS:
        for i, numbers in enumerate(reduced):
            row[name][0, i] = numbers[name]
    return row
