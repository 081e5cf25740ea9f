"""95 % intervals of means, chances, quantiles and rates over replications, and their half-widths.

SciPy's distributions take a second to import. The special functions used here load fast.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
TAIL = (1 - CONFIDENCE) / 2
UPTO = (1 + CONFIDENCE) / 2
REACH = NormalDist().inv_cdf(UPTO)
"""Half the length of a normal 95 % interval, in standard errors: 1.96."""

Column = NDArray[np.float64]


def mean_interval(values: Column) -> list[float] | None:
    """Return the t-interval of the mean; None for a single value."""
    if len(values) < 2:
        return None
    return around(float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values)), len(values))


def around(middle: float, error: float, n: int) -> list[float]:
    """Return the t-interval of an estimate with a standard error from n replications."""
    from scipy.special import stdtrit

    reach = float(stdtrit(n - 1, UPTO)) * error
    return [middle - reach, middle + reach]


def wilson(successes: int, n: int) -> list[float] | None:
    """Return the interval of a chance (Wilson 1927, without continuity correction); None for a single trial.

    By its formula: with z the normal quantile and p the share, the ends are
    ``(p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)``.
    """
    if n < 2:
        return None
    z, p = REACH, successes / n
    middle, scale = p + z * z / (2 * n), 1 + z * z / n
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else (middle - reach) / scale  # exactly, where rounding would miss it
    high = 1.0 if successes == n else (middle + reach) / scale
    return [low, high]


def quantile_rank(percent: int, n: int) -> int:
    """Return the rank, from 1, of the smallest value that at least ``percent`` percent of n values do not exceed."""
    return -(-percent * n // 100)


def quantile_interval(values: Column, percent: int) -> list[float]:
    """Return the interval of a quantile between two order statistics (David and Nagaraja 2003, section 7.1).

    The number of values at or below the quantile is binomial, or larger if values are tied there. The ranks are the
    closest that leave at most 2.5 % on either side, so the interval covers at least 95 % for any distribution. An end
    is infinite if there are too few values for it, or if it falls on something that had not happened.
    """
    ordered, n = np.sort(values), len(values)
    low, high = quantile_ranks(percent, n)
    return [float(ordered[low - 1]) if low >= 1 else -math.inf, float(ordered[high - 1]) if high <= n else math.inf]


def quantile_error(low: float, high: float) -> float:
    """Return the standard error of a quantile: that of a normal interval of the same length."""
    return (high - low) / (2 * REACH)


def quantile_ranks(percent: int, n: int) -> tuple[int, int]:
    """Return the ranks, from 1, of the ends of a quantile's interval: 0 or n + 1 where n values are too few."""
    return _least(TAIL, n, percent / 100), _least(UPTO, n, percent / 100) + 1


def _least(chance: float, n: int, p: float) -> int:
    """Return the smallest k with P(B <= k) >= chance, B being binomial."""
    from scipy.special import bdtr, bdtrik

    k = math.ceil(float(bdtrik(chance, n, p)))  # right, except for rounding
    while k > 0 and bdtr(k - 1, n, p) >= chance:
        k -= 1
    while bdtr(k, n, p) < chance:
        k += 1
    return k


def left_out(numerator: Column, denominator: Column) -> Column | None:
    """Return the ratio of two means without each replication in turn; None if it has no value without some of them."""
    without = float(denominator.sum()) - denominator
    if len(numerator) < 2 or not without.all():
        return None
    return (float(numerator.sum()) - numerator) / without


def half_width(interval: Sequence[float] | None) -> float:
    """Return half the length of an interval; infinite if there is none or an end is infinite."""
    if interval is None or not all(map(math.isfinite, interval)):
        return math.inf
    return (interval[1] - interval[0]) / 2
