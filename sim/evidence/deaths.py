"""Deaths in fatal attacks as a discrete power law: the exponent that the model uses, and whether such a law fits.

The method is that of Clauset, Shalizi and Newman (2009), with the exact likelihood of whole numbers throughout.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.evidence.fitted import TAIL, FittedValue, by_likelihood, share

EXPONENTS = (1.05, 10.0)
"""The range of ``casualties.severity_exponent``."""
FEWEST = 10
"""With fewer fatal attacks no law is fitted, since almost any law would fit."""
SETS = 250
"""Synthetic sets behind a p-value, which is then accurate to about 0.03 (Clauset et al. 2009, section 4.1)."""
HEAD = 1000

Counts = NDArray[Any]


class Law(NamedTuple):
    """The law P(k) ~ k^-exponent for k >= start, and its largest distance from the data (Kolmogorov and Smirnov)."""

    exponent: float
    start: float
    distance: float


@dataclass(frozen=True)
class Comparison:
    """The power law against another law of the same tail (Vuong 1989).

    Attributes
    ----------
    log_ratio
        Log of the likelihood ratio; above 0 the power law is more likely.
    p_value
        Chance of a ratio at least so far from 0 if both laws are equally far from the truth; above 0.1 the sign says
        nothing.
    """

    log_ratio: float
    p_value: float


@dataclass(frozen=True)
class Tail:
    """The power law from a threshold on.

    Attributes
    ----------
    start
        The threshold, chosen so that law and data differ least.
    exponent
        Exponent beyond the threshold. Both intervals are percentiles over sets drawn from the data with replacement.
    attacks
        How many fatal attacks lie at or beyond the threshold.
    p_value
        Plausibility of the law beyond the threshold. A high threshold leaves few attacks, and these rule out little.
    lognormal, exponential
        Comparison with other laws of the tail.
    """

    start: FittedValue
    exponent: FittedValue
    attacks: int
    p_value: FittedValue
    lognormal: Comparison
    exponential: Comparison


@dataclass(frozen=True)
class Deaths:
    """What the deaths in fatal attacks show.

    Synthetic sets are drawn from the fitted law at and above its start, and from the data below it. The p-value is the
    share of sets that lie farther from the law fitted to them than the data do from theirs. At 0.1 or less the law is
    ruled out. The interval is the sampling error of this number of sets.

    Attributes
    ----------
    attacks
        Fatal attacks.
    exponent
        Of the law from one death on, as in the model (``casualties.severity_exponent``), with its
        likelihood-ratio interval.
    p_value
        Plausibility of that law.
    tail
        The law from a threshold on; None if fewer than three different numbers of dead occur.
    sets
        Synthetic sets behind each p-value.
    """

    attacks: int
    exponent: FittedValue
    p_value: FittedValue
    tail: Tail | None
    sets: int


def fit_deaths(deaths: Counts, sets: int = SETS, seed: int = 1) -> Deaths:
    """Fit the discrete power law to the deaths of fatal attacks, all at least 1.

    The model cuts the law off at the number of troops at the site. Here it is not cut off: with an exponent of 2.5 and
    100 troops, that changes no chance by more than a thousandth of itself.

    Parameters
    ----------
    deaths
        The number of deaths in each fatal attack.
    sets
        How many synthetic sets to draw.
    seed
        Seed of the draws.
    """
    rng = np.random.default_rng(seed)
    p_value = plausibility(deaths, lambda drawn: law_from(drawn, 1), sets, rng)
    tail = fit_tail(deaths, sets, rng) if len(np.unique(deaths)) > 2 else None
    return Deaths(len(deaths), exponent_from_one(deaths), p_value, tail, sets)


def exponent_from_one(deaths: Counts) -> FittedValue:
    """Estimate the exponent a of P(k) = k^-a / zeta(a), k = 1, 2, ... (Clauset et al. 2009, equation 3.6)."""
    from scipy.special import zeta

    n, logs = len(deaths), float(np.log(deaths).sum())
    return by_likelihood(lambda a: -a * logs - n * float(np.log(zeta(a, 1))), *EXPONENTS)


def fit_tail(deaths: Counts, sets: int, rng: np.random.Generator) -> Tail:
    """Fit the law beyond the best threshold."""
    law = best_tail(deaths)
    resampled = [best_tail(rng.choice(deaths, len(deaths)))[:2] for _ in range(sets)]
    (low, first), (high, last) = np.quantile(resampled, [TAIL, 1 - TAIL], axis=0).tolist()
    return Tail(
        FittedValue(law.start, first, last), FittedValue(law.exponent, low, high), int((deaths >= law.start).sum()),
        plausibility(deaths, best_tail, sets, rng),
        compare(deaths, law.start, "lognormal"), compare(deaths, law.start, "exponential"))


def best_tail(deaths: Counts) -> Law:
    """Return the law with the threshold beyond which it differs least from the data.

    The largest number is no threshold, unless it is the only number.
    """
    starts = np.unique(deaths)
    return min((law_from(deaths, start) for start in starts[:-1]), key=lambda law: law.distance,
               default=Law(EXPONENTS[1], float(starts[0]), 0.0))


def law_from(deaths: Counts, start: float) -> Law:
    """Return the most likely law from a start on. Its distance is greatest at a value or just below one."""
    from scipy.optimize import minimize_scalar
    from scipy.special import zeta

    values, counts = np.unique(deaths[deaths >= start], return_counts=True)
    shares = counts / counts.sum()
    logs = float(shares @ np.log(values))
    exponent = float(minimize_scalar(lambda a: a * logs + np.log(zeta(a, start)), bounds=EXPONENTS, method="bounded").x)
    upto, below = 1 - zeta(exponent, np.array([values + 1, values])) / zeta(exponent, start)
    seen = np.cumsum(shares)
    return Law(exponent, float(start), float(max(abs(seen - upto).max(), abs(seen - shares - below).max())))


def plausibility(deaths: Counts, fit: Callable[[Counts], Law], sets: int, rng: np.random.Generator) -> FittedValue:
    """Return the p-value of a law by the semi-parametric bootstrap (Clauset et al. 2009, section 4.1)."""
    law, n = fit(deaths), len(deaths)
    below = deaths[deaths < law.start]
    farther = 0
    for _ in range(sets):
        lawful = n - int(rng.binomial(n, len(below) / n))
        rest = rng.choice(below, n - lawful) if lawful < n else below[:0]
        farther += fit(np.concatenate([draw(law, lawful, rng), rest])).distance >= law.distance
    p_value = share(farther, sets)
    assert p_value is not None
    return p_value


def draw(law: Law, size: int, rng: np.random.Generator) -> Counts:
    """Draw from a law by inversion (Clauset et al. 2009, appendix D).

    The draws are exact up to a thousand beyond the start. Farther out they are the nearest whole numbers of the
    continuous law; the difference is less than a millionth.
    """
    from scipy.special import zeta

    k = law.start + np.arange(HEAD)
    more = zeta(law.exponent, k + 1) / zeta(law.exponent, law.start)  # the chance of more than k
    v = 1 - rng.random(size)
    index = np.searchsorted(-more, -v)  # the first k that is exceeded with a chance of at most v
    far = (k[-1] + 0.5) * np.maximum(more[-1] / v, 1) ** (1 / (law.exponent - 1))
    return np.where(index < HEAD, law.start + index, np.floor(np.minimum(far, 1e12) + 0.5))


def compare(deaths: Counts, start: float, law: str) -> Comparison:
    """Compare the power law from a threshold on with another law of the package ``powerlaw``, by name."""
    import powerlaw

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a lognormal centred far below the threshold is as good as a power law
        fit = powerlaw.Fit(deaths, xmin=start, discrete=True, estimate_discrete=False, verbose=0)
        fit.power_law = powerlaw.Power_Law(
            xmin=start, data=fit.data, discrete=True, estimate_discrete=False,
            parameter_ranges={"alpha": list(EXPONENTS)})  # by default it searches only up to 3
        log_ratio, p_value = fit.distribution_compare("power_law", law)
    return Comparison(float(log_ratio), float(p_value))
