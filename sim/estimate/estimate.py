"""From replications to an estimate with its standard error and interval.

A mean, a chance and a rate are each the mean of one *term* per replication. So the difference between two variants with
the same random numbers is the mean of the differences of their terms, and its error is paired. The terms of a rate (a
ratio of means) are its jackknife pseudo-values (Efron and Tibshirani 1993, chapter 11). A quantile has no terms.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from sim.estimate.intervals import (
    Column,
    around,
    left_out,
    mean_interval,
    quantile_error,
    quantile_interval,
    quantile_rank,
    wilson,
)
from sim.estimate.sample import Sample
from sim.model.catalogue import Rate


@dataclass(frozen=True)
class Estimate:
    """A statistic of replications.

    Attributes
    ----------
    value
        The mean, chance, rate or quantile; NaN for a rate without exposure, infinite for what had not happened.
    se
        Its standard error; infinite if there are too few replications to tell, NaN if there is no value.
    interval
        The ends of its 95 % interval: Wilson's for a chance, between order statistics for a quantile, otherwise the
        t-interval. None if there are too few replications to tell, or no value.
    replications
        The number of replications.
    terms
        A number for each replication, whose mean is the value; None for a quantile, or if there is no value.
    """

    value: float
    se: float
    interval: list[float] | None
    replications: int
    terms: Column | None = None

    @property
    def without_terms(self) -> "Estimate":
        """The same without the terms, which take much memory."""
        return replace(self, terms=None)


def estimate(sample: Sample, name: str, percent: int | None = None) -> Estimate:
    """Return what replications say about an outcome or a rate.

    Parameters
    ----------
    sample
        The replications.
    name
        As in the catalogue: ``killed_expected``, ``attacks_total.iraq``, ``death_rate``.
    percent
        The quantile, 1 to 99; None for the mean, the chance or the rate. In a mean, days count as min(day, horizon). In
        a quantile, what had not happened ranks last and is infinite.

    Raises
    ------
    KeyError
        If no outcome of this name was measured.
    """
    entry = sample.entries[name]
    if isinstance(entry, Rate):
        return _rate(sample.read(entry.numerator), sample.read(entry.denominator), entry.ratio.scale)
    if percent is not None:
        return quantile(sample.read(name), percent)
    values = sample.values(name)
    n, se = len(values), standard_error(values)
    interval = wilson(int(values.sum()), n) if entry.outcome.kind == "yes_no" else mean_interval(values)
    return Estimate(float(values.mean()), se, interval, n, values)


def standard_error(terms: Column) -> float:
    """Return the standard error of the mean of terms; infinite for a single one."""
    return float(terms.std(ddof=1)) / math.sqrt(len(terms)) if len(terms) > 1 else math.inf


def quantile(values: Column, percent: int) -> Estimate:
    """Return a quantile: the smallest value that at least so many percent of replications do not exceed."""
    n, rank = len(values), quantile_rank(percent, len(values)) - 1
    interval = quantile_interval(values, percent)
    return Estimate(float(np.partition(values, rank)[rank]), quantile_error(*interval), interval, n)


def _rate(above: Column, below: Column, scale: float) -> Estimate:
    n, exposure = len(above), float(below.sum())
    if exposure == 0:
        return Estimate(math.nan, math.nan, None, n)
    value = scale * (float(above.sum()) / exposure)
    without = left_out(above, below)
    if without is None:
        return Estimate(value, math.nan, None, n)
    terms = value - (n - 1) * scale * (without - without.mean())
    se = standard_error(terms)
    return Estimate(value, se, around(value, se, n), n, terms)
