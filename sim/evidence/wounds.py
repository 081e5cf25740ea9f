"""First-reported wounded: how many attacks wound anybody, and how many people they wound.

The model's law (a chance of any, and a shifted geometric number) is compared with a zero-inflated negative binomial.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.evidence.fitted import TAIL, FittedValue, by_likelihood, most_likely, share
from sim.evidence.record import Whole

FEWEST = 10
"""With fewer attacks that wounded anybody, no alternative is fitted."""
SIZES = (1e-2, 1e3)
MEANS = (1e-3, 1e5)


@dataclass(frozen=True)
class ZeroInflated:
    """A zero-inflated negative binomial (Greene 1994): zero with some chance, otherwise a count that may be zero too.

    If the size is 1, the counts above zero follow the model's shifted geometric law.

    Attributes
    ----------
    zero_inflation
        The extra chance of zero; negative if fewer attacks wounded nobody than in the negative binomial.
    mean
        Of the negative binomial.
    size
        The variance is mean + mean^2 / size. Below 1, numbers vary more than in the model.
    aic
        Akaike's information criterion, with three parameters.
    """

    zero_inflation: float
    mean: float
    size: FittedValue
    aic: float


@dataclass(frozen=True)
class Wounds:
    """First-reported wounded of attacks that killed nobody.

    Attributes
    ----------
    attacks
        The number of such attacks with known wounded.
    any_wounded
        Chance that such an attack wounds anybody.
    wounded_mean
        Mean number wounded in those that wound anybody (``casualties.wounded_mean``); None if none did.
    aic
        Akaike's information criterion of the model's law, with two parameters; the law with the lower one is better.
    zero_inflated
        The alternative; None if too few wounded anybody.
    """

    attacks: int
    any_wounded: FittedValue
    wounded_mean: FittedValue | None
    aic: float
    zero_inflated: ZeroInflated | None


def fit_wounds(wounded: Whole, warnings: list[str]) -> Wounds | None:
    """Fit both laws to the wounded of each attack; add to ``warnings`` what readers should know."""
    above_zero = wounded[wounded > 0]
    any_wounded = share(len(above_zero), len(wounded))
    if any_wounded is None:
        warnings.append("wounded: no attack without deaths whose wounded are known")
        return None
    whether = _whether_any(len(above_zero), len(wounded))
    if len(above_zero) == 0:
        warnings.append("wounded: no attack without deaths wounded anybody")
        return Wounds(len(wounded), any_wounded, None, 4 - 2 * whether, None)
    mean = shifted_mean(above_zero)
    aic = 4 - 2 * (whether + float(geometric_log_chances(mean.estimate - 1, above_zero - 1).sum()))
    other = None
    if len(above_zero) < FEWEST:
        warnings.append(f"wounded: attacks without deaths that wounded: {len(above_zero)}; to fewer than {FEWEST} no "
                        "alternative to the geometric law is fitted")
    else:
        other = fit_zero_inflated(wounded)
        if other.aic < aic - 2:
            warnings.append(f"wounded: a negative binomial describes them better (AIC {other.aic:.1f}) than the "
                            f"model's geometric law (AIC {aic:.1f}); the interval of the mean rests on the latter")
    return Wounds(len(wounded), any_wounded, mean, aic, other)


def shifted_mean(above_zero: Whole) -> FittedValue:
    """Estimate m in W = 1 + geometric(mean m - 1), with its exact interval.

    Over n attacks the sum of W is the number of trials up to the n-th success, each with chance 1 / m. With s failures
    among them, the ends are 1 over quantiles of Beta(n, s + 1) and Beta(n, s), as with Clopper and Pearson.
    """
    from scipy.special import betaincinv

    n, failures = len(above_zero), int(above_zero.sum()) - len(above_zero)
    high = 1 / float(betaincinv(n, failures + 1, TAIL))
    low = 1 / float(betaincinv(n, failures, 1 - TAIL)) if failures > 0 else 1.0
    return FittedValue(1 + failures / n, low, high)


def geometric_log_chances(mean: Any, counts: NDArray[Any]) -> NDArray[np.float64]:
    """Return the log chances of geometric counts from 0 with a stated mean: mean^k / (1 + mean)^(k + 1)."""
    from scipy.special import xlogy

    logs: NDArray[np.float64] = xlogy(counts, mean) - (counts + 1) * np.log1p(mean)
    return logs


def fit_zero_inflated(wounded: Whole) -> ZeroInflated:
    """Fit the zero-inflated negative binomial by maximum likelihood.

    Whether anybody is wounded and how many are separate questions. The share of attacks that wounded anybody answers
    the first; for the second, the negative binomial without its zeros is fitted.
    """
    above_zero = wounded[wounded > 0]
    size = by_likelihood(lambda size: _best_mean(size, above_zero)[1], *SIZES)
    mean, log_likelihood = _best_mean(size.estimate, above_zero)
    zero_inflation = 1 - len(above_zero) / len(wounded) / -math.expm1(_log_none(mean, size.estimate))
    log_likelihood += _whether_any(len(above_zero), len(wounded))
    return ZeroInflated(zero_inflation, mean, size, 6 - 2 * log_likelihood)


def _best_mean(size: float, above_zero: Whole) -> tuple[float, float]:
    """Return the most likely mean of a negative binomial without its zeros at a size, and its log likelihood."""
    mean = most_likely(lambda mean: _log_likelihood(mean, size, above_zero), *MEANS)
    return mean, _log_likelihood(mean, size, above_zero)


def _log_likelihood(mean: float, size: float, above_zero: Whole) -> float:
    from scipy.special import gammaln

    values, times = np.unique(above_zero, return_counts=True)
    none = _log_none(mean, size)
    logs = gammaln(values + size) - gammaln(size) - gammaln(values + 1) + none + values * math.log(mean / (mean + size))
    return float(times @ (logs - math.log(-math.expm1(none))))


def _log_none(mean: float, size: float) -> float:
    """Return the log of the negative binomial's chance of none."""
    return -size * math.log1p(mean / size)


def _whether_any(wounding: int, attacks: int) -> float:
    """Return the maximum log likelihood of which attacks wounded anybody."""
    from scipy.special import xlogy

    return float(xlogy(wounding, wounding / attacks) + xlogy(attacks - wounding, 1 - wounding / attacks))
