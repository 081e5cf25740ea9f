"""An outcome's variance, split into the part due to uncertain inputs and the part due to chance.

Some replications are played again with the same uncertain numbers and fresh chance. A replication and its repetition
have nothing else in common, so their covariance is the part of the variance that is due to uncertain inputs. It would
disappear, on average, if the true values were known.
"""

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from sim.estimate.intervals import UPTO, Column

FEWEST = 200
"""How many values, in both plays together, must differ from the median. With fewer (an event that happens in less than
5 % of 2,000 pairs), the interval of a small share would contain it in less than 90 % of cases."""


def split(first: Column, second: Column | None) -> dict[str, Any] | None:
    """Return the shares of an outcome's variance, which are never negative; None if it varies too little to tell.

    Parameters
    ----------
    first
        The outcome in each replication.
    second
        The outcome in the repetitions of the first replications; None if nothing is uncertain, so that all is chance.
    """
    if second is None:
        return _shares(0.0, 0.0, 0.0) if first.min() < first.max() else None
    first = first[: len(second)]
    both = np.concatenate([first, second])
    if np.count_nonzero(both != np.median(both)) < FEWEST:
        return None
    return _shares(*correlation(first, second))


def _shares(parameters: float, low: float, high: float) -> dict[str, Any]:
    return {"parameters": parameters, "ci95": [low, high], "chance": 1 - parameters}


def correlation(first: Column, second: Column) -> tuple[float, float, float]:
    """Return the intraclass correlation of pairs (Fisher 1925, section 38), and the ends of its 95 % interval.

    With b the squares of the pairs' sums about their mean, and w the squares of their differences, it is
    ``(sum b - sum w) / (sum b + sum w)``: covariance over variance, either taken over all values. The interval is
    symmetric on Fisher's scale, ``z = log(sum b / sum w) / 2``, and its standard error that of the delta method (the
    infinitesimal jackknife), which needs no normal distribution.

    A share of variance is never negative, so a negative z counts as 0, and the interval is that around 0. An interval
    that is only cut off at 0 would have no width where chance has pushed all of it below. If no pair differs at all,
    the interval reaches down to ``1 - 3 / m``, m being the pairs that differ from the median: up to three differing
    pairs in m could have been missed (the rule of three).
    """
    sums = first + second
    b, w = (sums - sums.mean()) ** 2, (first - second) ** 2
    between, within = float(b.sum()), float(w.sum())
    if within == 0:
        seen = int(np.count_nonzero(first != np.median(first)))
        return 1.0, max(0.0, 1 - 3 / seen) if seen else 0.0, 1.0
    if between == 0:
        return 0.0, 0.0, 1.0
    z = max(0.0, math.log(between / within) / 2)
    reach = NormalDist().inv_cdf(UPTO) * math.sqrt(float(((b / between - w / within) ** 2).sum())) / 2
    return math.tanh(z), math.tanh(max(0.0, z - reach)), math.tanh(z + reach)
