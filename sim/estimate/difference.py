"""How two scenarios differ in an outcome, replication by replication, and how certain that is.

Replication i has the same random numbers in both, so any difference comes from the scenarios. The interval of a mean
difference is the t-interval of paired differences, corrected for skewness (Hall 1992, Journal of the Royal Statistical
Society B 54, 221-228); without the correction, intervals for attacks and deaths contain the true value too rarely. For
yes-or-no outcomes it is the adjusted interval of Bonett and Price (2012, Journal of Educational and Behavioral
Statistics 37, 479-488), with the exact test of McNemar (1947). For rates it is the jackknife.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.estimate.estimate import Estimate, estimate
from sim.estimate.intervals import CONFIDENCE, REACH, UPTO, Column, wilson
from sim.estimate.sample import Sample
from sim.model.catalogue import Rate
from sim.rules.outcomes import BY_NAME, Outcome

NO_SKEWNESS = 1e-6
"""Below this, the transform equals the t-statistic up to rounding."""
SMOOTHED = {"killed": "killed_expected"}
"""For an outcome, the one that has the same mean and a smaller spread."""


@dataclass(frozen=True)
class Difference:
    """How a scenario differs from the base in an outcome.

    Attributes
    ----------
    outcome
        Its name.
    kind, unit, better
        As in the catalogue.
    main
        Whether it is one of the main outcomes.
    base, value
        The mean (chance, rate, restricted mean of a day) in the base and in the scenario; None if there is none.
    difference, ci95
        The value less the base, with its 95 % interval.
    p_value
        Of the hypothesis of no difference; None if no replication differs, so that there is nothing to test.
    p_higher, p_lower
        Shares of replications in which the scenario's value is higher and lower; None for a rate.
    ci95_higher
        The 95 % interval of ``p_higher``.
    spreads
        The difference in standard deviations of the base over replications; NaN for a rate, or if nothing varies.
    adjusted
        ``p_value`` adjusted for all tests made at once; set by the comparison, as are the following.
    practical
        From what size on the difference matters.
    earlier_day, earlier_difference
        For what may happen by the horizon: the earlier day, counted from 0, by which the difference is least like that
        at the horizon, and what it is by then; None if it does not depend on the horizon (`sim.estimate.by_date`).
    """

    outcome: str
    kind: str
    unit: str
    better: str
    main: bool
    base: float | None
    value: float | None
    difference: float | None
    ci95: list[float] | None
    p_value: float | None
    p_higher: float | None
    p_lower: float | None
    ci95_higher: list[float] | None
    spreads: float
    adjusted: float | None = None
    practical: float = 0.0
    earlier_day: int | None = None
    earlier_difference: float | None = None

    @property
    def p_worse(self) -> float | None:
        """Share of replications in which the scenario is worse than the base; None if no direction is better."""
        return {"low": self.p_higher, "high": self.p_lower}.get(self.better)

    @property
    def p_better(self) -> float | None:
        """Share of replications in which the scenario is better than the base."""
        return {"low": self.p_lower, "high": self.p_higher}.get(self.better)

    @property
    def is_shown(self) -> bool:
        """Whether the data show a difference, allowing for all tests made at once."""
        return self.adjusted is not None and self.adjusted <= 1 - CONFIDENCE

    @property
    def matters(self) -> bool:
        """Whether the data show a difference, and it is large enough to matter."""
        return self.is_shown and self.difference is not None and abs(self.difference) >= self.practical

    @property
    def depends_on_horizon(self) -> bool | None:
        """Whether it would be another difference had one stopped looking earlier; None if the outcome has no day."""
        entry = BY_NAME.get(self.outcome)
        return self.earlier_day is not None if isinstance(entry, Outcome) and entry.day else None

    @property
    def is_same(self) -> bool:
        """Whether the scenarios agree in every replication."""
        return self.p_value is None and self.difference is not None

    @property
    def is_better(self) -> bool:
        """Whether the difference is for the better."""
        return self.difference is not None and (self.difference < 0) == (self.better == "low")


def smoothed(name: str) -> str:
    """Return the outcome from which the mean of another is estimated: of killed in a theatre, its expected deaths."""
    stem, dot, place = name.partition(".")
    return SMOOTHED.get(stem, stem) + dot + place


def difference(base: Sample, other: Sample, name: str) -> Difference:
    """Compare an outcome or a rate in two scenarios.

    Parameters
    ----------
    base, other
        The same replications of the two, over the same days.
    name
        As in the catalogue of both.
    """
    entry = other.entries[name]
    if isinstance(entry, Rate):
        return _of_rates(entry, estimate(base, name), estimate(other, name))
    outcome = entry.outcome
    first, second = base.read(name), other.read(name)
    higher, lower, n = int((second > first).sum()), int((second < first).sum()), len(first)
    a, b = base.values(smoothed(name)), other.values(smoothed(name))
    apart, interval, p_value = float((b - a).mean()), skewed_interval(b - a), mean_test(b - a)
    if outcome.kind == "yes_no" and p_value is not None:
        interval, p_value = bonett_price(higher, lower, n), mcnemar(higher, lower)
    sd = float(a.std(ddof=1)) if n > 1 else 0.0
    return Difference(
        name, outcome.kind, outcome.unit, outcome.better, outcome.main and name == outcome.name, float(a.mean()),
        float(b.mean()), apart, interval, p_value, higher / n, lower / n, wilson(higher, n),
        apart / sd if sd > 0 else math.nan)


def _of_rates(rate: Rate, base: Estimate, other: Estimate) -> Difference:
    ratio, has_value = rate.ratio, not (math.isnan(base.value) or math.isnan(other.value))
    apart, interval, p_value = other.value - base.value if has_value else None, None, None
    if base.terms is not None and other.terms is not None:
        interval, p_value = skewed_interval(other.terms - base.terms), mean_test(other.terms - base.terms)
    return Difference(
        rate.name, "ratio", ratio.unit, ratio.better, ratio.main and rate.name == ratio.name,
        None if math.isnan(base.value) else base.value, None if math.isnan(other.value) else other.value, apart,
        interval, p_value, None, None, None, math.nan)


def skewed_interval(differences: Column) -> list[float] | None:
    """Return the 95 % interval of a mean, corrected for skewness; None for a single value.

    With n values, their mean m, standard deviation s and skewness g, and a = g / sqrt(n), Hall's transform of the
    t-statistic is ``h(t) = t + a t^2 / 3 + a^2 t^3 / 27 + a / 6``. It increases with t and has little skewness left, so
    the ends are ``m - s h^-1(q) / sqrt(n)`` at both t-quantiles q, where
    ``h^-1(q) = 3 ((1 + a (q - a / 6))^(1/3) - 1) / a``. Without skewness it is the t-interval.
    """
    from scipy.special import stdtrit

    n = len(differences)
    if n < 2:
        return None
    mean, error, a = _moments(differences)
    quantiles = [float(stdtrit(n - 1, share)) for share in (UPTO, 1 - UPTO)]
    if abs(a) > NO_SKEWNESS:
        quantiles = [3 / a * (math.cbrt(1 + a * (q - a / 6)) - 1) for q in quantiles]
    return [mean - error * q for q in quantiles]


def mean_test(differences: Column) -> float | None:
    """Return the p-value of a mean difference of zero, by the same transform; None if all differences are zero."""
    from scipy.special import stdtr

    if not differences.any():
        return None
    if len(differences) < 2:
        return 1.0
    mean, error, a = _moments(differences)
    if error == 0:
        return 0.0
    t = mean / error
    return 2 * float(stdtr(len(differences) - 1, -abs(t + a * t * t / 3 + a * a * t * t * t / 27 + a / 6)))


def _moments(values: Column) -> tuple[float, float, float]:
    """Return the mean of values, its standard error, and their skewness over the square root of their number."""
    n, mean, sd = len(values), float(values.mean()), float(values.std(ddof=1))
    if sd == 0:
        return mean, 0.0, 0.0
    return mean, sd / math.sqrt(n), float((((values - mean) / sd) ** 3).mean()) / math.sqrt(n)


def mcnemar(higher: int, lower: int) -> float | None:
    """Return the exact p-value of as many pairs going up as down; None if no pair differs."""
    from scipy.special import bdtr

    pairs = higher + lower
    return min(1.0, 2 * float(bdtr(min(higher, lower), pairs, 0.5))) if pairs else None


def bonett_price(higher: int, lower: int, n: int) -> list[float]:
    """Return the 95 % interval of a paired difference of chances.

    With x and y the pairs up and down and one added to each, p = (x + 1) / (n + 2) and q = (y + 1) / (n + 2), it is
    ``p - q -+ z sqrt((p + q - (p - q)^2) / (n + 2))``, cut off at -1 and 1.
    """
    p, q = (higher + 1) / (n + 2), (lower + 1) / (n + 2)
    reach = REACH * math.sqrt((p + q - (p - q) ** 2) / (n + 2))
    return [max(-1.0, p - q - reach), min(1.0, p - q + reach)]


def ranked(differences: Sequence[Difference]) -> list[Difference]:
    """Order differences: those that matter come first, then others that the data show, then the rest.

    Among these the larger ones come first, in standard deviations of the base. Rates have no spread over replications
    and come last.
    """
    def key(entry: Difference) -> tuple[bool, bool, float]:
        return not entry.matters, not entry.is_shown, -abs(entry.spreads) if math.isfinite(entry.spreads) else 0.0

    return sorted(differences, key=key)
