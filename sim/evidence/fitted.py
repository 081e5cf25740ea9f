"""Numbers learnt from data, with 90 % intervals, and ways to estimate them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.9
TAIL = (1 - CONFIDENCE) / 2
AS_LIKELY = NormalDist().inv_cdf(1 - TAIL) ** 2 / 2
"""How far the log likelihood may fall below its maximum within a 90 % interval: half a quantile of chi-square(1)."""


@dataclass(frozen=True)
class FittedValue:
    """A number learnt from data.

    Attributes
    ----------
    estimate
        The best guess.
    low, high
        The ends of its 90 % interval.
    """

    estimate: float
    low: float
    high: float

    def as_json(self) -> dict[str, Any]:
        """Return the value as it is written into files."""
        return {"estimate": as_json(self.estimate), "ci90": [as_json(self.low), as_json(self.high)]}


def as_json(thing: Any) -> Any:
    """Return a result as plain data for JSON: attributes by name, lists for tuples, None for what is not finite."""
    if isinstance(thing, FittedValue):
        return thing.as_json()
    if is_dataclass(thing):
        return {field.name: as_json(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, tuple):
        return [as_json(part) for part in thing]
    return None if isinstance(thing, float) and not math.isfinite(thing) else thing


def share(successes: int, trials: int) -> FittedValue | None:
    """Estimate a chance, with the exact interval of Clopper and Pearson (1934); None without trials.

    Its ends are quantiles of beta distributions: Beta(k, n - k + 1) and Beta(k + 1, n - k) for k of n.
    """
    from scipy.special import betaincinv

    if trials == 0:
        return None
    k, others = successes, trials - successes
    low = float(betaincinv(k, others + 1, TAIL)) if k > 0 else 0.0
    high = float(betaincinv(k + 1, others, 1 - TAIL)) if others > 0 else 1.0
    return FittedValue(k / trials, low, high)


def median(values: Sequence[float]) -> FittedValue:
    """Estimate a median, with the interval between two of the values that suits any distribution (Conover 1999, 3.2).

    Its ends are the k-th value from either side, with the largest k for which the chance of a median outside is at
    most 10 %. With fewer than five values there is none, and its ends are NaN.
    """
    from scipy.stats import binom

    ordered = sorted(values)
    k = int(binom.ppf(TAIL, len(ordered), 0.5))
    if k == 0:
        return FittedValue(float(np.median(ordered)), math.nan, math.nan)
    return FittedValue(float(np.median(ordered)), ordered[k - 1], ordered[-k])


def most_likely(log_likelihood: Callable[[float], float], lowest: float, highest: float) -> float:
    """Return the positive number in a range at which a likelihood with one maximum is highest."""
    from scipy.optimize import minimize_scalar

    optimum = minimize_scalar(lambda x: -log_likelihood(math.exp(x)), bounds=(math.log(lowest), math.log(highest)),
                            method="bounded", options={"xatol": 1e-8})
    return math.exp(optimum.x)


def by_likelihood(log_likelihood: Callable[[float], float], lowest: float, highest: float) -> FittedValue:
    """Estimate a positive number by maximum likelihood, with the likelihood-ratio interval (Wilks 1938).

    Parameters
    ----------
    log_likelihood
        The log likelihood of the number, with one maximum; other numbers are profiled out.
    lowest, highest
        The range of the number. Where the interval would reach beyond the range, it ends at the end of the range.
    """
    from scipy.optimize import brentq

    best = most_likely(log_likelihood, lowest, highest)
    threshold = log_likelihood(best) - AS_LIKELY

    def end_towards(limit: float) -> float:
        if log_likelihood(limit) >= threshold:
            return limit
        return math.exp(brentq(lambda x: log_likelihood(math.exp(x)) - threshold, math.log(best), math.log(limit)))

    return FittedValue(best, end_towards(lowest), end_towards(highest))


def ratio_of_sums(above: NDArray[Any], below: NDArray[Any]) -> FittedValue | None:
    """Estimate a ratio of sums over attacks by the jackknife of its logarithm (Efron and Tibshirani 1993, chapter 11).

    The logarithm keeps the interval above zero. None with fewer than two attacks, or if a sum is zero without one of
    the attacks.
    """
    from scipy.special import stdtrit

    n = len(below)
    if n < 2:
        return None
    tops, bottoms = above.sum() - above, below.sum() - below
    if not (tops.all() and bottoms.all()):
        return None
    left_out = np.log(tops / bottoms)
    error = math.sqrt((n - 1) / n * float(((left_out - left_out.mean()) ** 2).sum()))
    ratio, reach = float(above.sum() / below.sum()), float(stdtrit(n - 1, 1 - TAIL)) * error
    return FittedValue(ratio, ratio * math.exp(-reach), ratio * math.exp(reach))
