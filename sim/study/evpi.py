"""The expected value of perfect information, about everything (EVPI) or about one parameter (EVPPI).

The expected value of perfect information (EVPI) is how much better the best policy of each future is, on average, than
the one policy that is best on average (Raiffa and Schlaifer 1961). Noise looks like information: the best of several
equal policies differs from future to future by chance. So the policy is chosen on one half of the replications and
valued on the other, both ways. The result is slightly too low; without the split it would be slightly too high.

For one parameter (EVPPI), the policy is the one that is best in expectation given the parameter: a regression of the
policies' differences on it (Strong, Oakley and Brennan 2014). Most of what scatters around that expectation is due to
the other parameters, which both halves of the replications share, so halves do not help here. A penalty that makes the
curve smooth would flatten it where scatter is large, and find too little. So the regression is a cubic spline with few
knots and without a penalty, beside a line in each other parameter. What is gained by choosing between fitted values
still has a bias, since they are chosen and valued on the same data; it is estimated by the bootstrap and taken off. The
interval reaches as far as either of two bootstrap intervals, the percentile interval and the same mirrored at the
estimate (basic), and down to 0 if chance alone could give as much. docs/estimators.md has bias and coverage in cases
whose truth is known.
"""

import numpy as np

from sim.study.errors import missing
from sim.study.pick import Array, Interval, is_constant

RESAMPLES, SHUFFLES = 200, 100
KNOTS, FUTURES_EACH, FEW_VALUES = 7, 25, 12
ROWS_EACH = 5
"""Futures for each column of a regression, at least."""


def perfect(choice: Array, worth: Array) -> float:
    """Return the value of perfect information when policies are chosen by one set of values and valued by another.

    Parameters
    ----------
    choice, worth
        Values, higher is better, shape (policies, futures).
    """
    futures = np.arange(worth.shape[1])
    return float(worth[choice.argmax(axis=0), futures].mean() - worth[choice.mean(axis=1).argmax()].mean())


def partial(
    theta: Array, gains: Array, rng: np.random.Generator, others: Array | None = None
) -> tuple[Interval, float]:
    """Return the value of knowing a parameter, with its interval; and what chance exceeds in one case in twenty.

    Parameters
    ----------
    theta
        The parameter, shape (n,).
    gains
        By how much each other policy is better than the first, shape (n, policies - 1).
    rng
        Of the bootstrap and of the shuffling.
    others
        The other parameters, shape (n, ...). What the gains owe to them, along a line, is not taken for scatter.
    """
    if is_constant(theta) or is_constant(gains):
        return Interval(0.0, 0.0, 0.0), 0.0
    basis, n = _basis(theta), len(theta)
    beside = _beside(np.empty((n, 0)) if others is None else others, n - ROWS_EACH * basis.shape[1])
    found = gained(_fitted(basis, beside, gains))
    picks = (rng.integers(n, size=n) for _ in range(RESAMPLES))
    drawn = np.array([gained(_fitted(basis[pick], beside[pick], gains[pick])) for pick in picks])
    shuffled = [gained(_fitted(basis[rng.permutation(n)], beside, gains)) for _ in range(SHUFFLES)]
    low, high = (float(end) for end in np.quantile(drawn, (0.025, 0.975)))
    estimate = max(0.0, 2 * found - float(drawn.mean()))
    low, high = min(low, 2 * found - high), max(high, 2 * found - low)
    by_chance = float(np.quantile(shuffled, 0.95))
    least = min(estimate, max(0.0, low)) if estimate > by_chance else 0.0
    return Interval(estimate, least, high), by_chance


def gained(fitted: Array) -> float:
    """Return the gain from choosing by expected gains, shape (n, policies - 1), instead of by their means."""
    gain = float(np.maximum(fitted.max(axis=1), 0.0).mean() - max(fitted.mean(axis=0).max(), 0.0))
    return gain if gain > 1e-12 * float(np.abs(fitted).max()) else 0.0  # less is rounding


def _fitted(basis: Array, beside: Array, gains: Array) -> Array:
    """Return what the least-squares fit expects of the gains given the parameter, the others being at their means."""
    columns = basis.shape[1]
    found = np.linalg.lstsq(np.hstack([basis, beside - beside.mean(axis=0)]), gains, rcond=None)[0]
    fitted: Array = basis @ found[:columns]
    return fitted


def _beside(others: Array, room: int) -> Array:
    """Return the other parameters, each over its standard deviation; none if there are too few futures for them."""
    if others.shape[1] * ROWS_EACH > room:
        return others[:, :0]
    spread = others.std(axis=0)
    scaled: Array = others[:, spread > 0] / spread[spread > 0]
    return scaled


def _basis(theta: Array) -> Array:
    """Return cubic splines of a parameter, shape (n, ...); if it has few values, a column for each value."""
    try:
        from sklearn.preprocessing import SplineTransformer
    except ImportError:
        raise missing("scikit-learn") from None
    values, which = np.unique(theta, return_inverse=True)
    if len(values) <= FEW_VALUES:
        return np.eye(len(values))[which]
    number = min(KNOTS, max(2, len(theta) // FUTURES_EACH))
    knots = np.unique(np.quantile(theta, np.linspace(0, 1, number)))
    splines: Array = SplineTransformer(knots=knots[:, np.newaxis]).fit_transform(theta[:, np.newaxis])
    return splines


def _never_negative(estimate: float, low: float, high: float) -> Interval:
    """Return an interval of something that is never negative: moved up until its estimate is not, then cut off at 0.

    If it were only cut off, it would have no width where chance has pushed all of it below 0.
    """
    up = max(0.0, -estimate)
    return Interval(estimate + up, max(0.0, float(low) + up), max(0.0, float(high) + up))


def perfect_with_interval(halves: Array, rng: np.random.Generator) -> Interval:
    """Return the value of perfect information, choosing on one half and valuing on the other.

    The last axis of ``halves``, shape (policies, futures, 2), is the half.
    """

    def averaged(part: Array) -> float:
        first, second = part[..., 0], part[..., 1]
        return (perfect(first, second) + perfect(second, first)) / 2

    n = halves.shape[1]
    drawn = [averaged(halves[:, rng.integers(n, size=n)]) for _ in range(5 * RESAMPLES)]
    return _never_negative(averaged(halves), *np.quantile(drawn, (0.025, 0.975)))
