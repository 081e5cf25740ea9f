"""The expected value of perfect information, about everything (EVPI) or about one parameter (EVPPI).

The expected value of perfect information (EVPI) is how much better the best policy of each future is, on average, than
the one policy that is best on average (Raiffa and Schlaifer 1961). For one parameter (EVPPI), the policy is the one
that is best in expectation given the parameter: a regression of the policies' differences on it (Strong, Oakley and
Brennan 2014), here a penalised spline whose penalty is chosen by leave-one-out cross-validation.

Noise looks like information: the best of several equal policies differs from future to future by chance. So the policy
is chosen on one half of the replications and valued on the other, both ways. The result is slightly too low; without
the split it would be slightly too high.
"""

import numpy as np

from sim.study.errors import missing
from sim.study.pick import Array, Interval, is_constant

RESAMPLES, SHUFFLES = 200, 100
KNOTS, FEW_VALUES = 6, 12
PENALTIES = np.logspace(-5, 5, 21)


def perfect(choice: Array, worth: Array) -> float:
    """Return the value of perfect information when policies are chosen by one set of values and valued by another.

    Parameters
    ----------
    choice, worth
        Values, higher is better, shape (policies, futures).
    """
    futures = np.arange(worth.shape[1])
    return float(worth[choice.argmax(axis=0), futures].mean() - worth[choice.mean(axis=1).argmax()].mean())


def partial(theta: Array, gains: Array, rng: np.random.Generator) -> tuple[Interval, float]:
    """Return the value of knowing a parameter, with its interval; and what chance exceeds in one case in twenty.

    Parameters
    ----------
    theta
        The parameter, shape (n,).
    gains
        By how much each other policy is better than the first, shape (n, policies - 1).
    rng
        Of the bootstrap and of the shuffling.
    """
    if is_constant(theta) or is_constant(gains):
        return Interval(0.0, 0.0, 0.0), 0.0
    basis, n = _basis(theta), len(theta)
    picks = (rng.integers(n, size=n) for _ in range(RESAMPLES))
    drawn = [_gained(basis[pick], gains[pick]) for pick in picks]
    shuffled = [_gained(basis[rng.permutation(n)], gains) for _ in range(SHUFFLES)]
    low, high = (float(end) for end in np.quantile(drawn, (0.025, 0.975)))
    return Interval(_gained(basis, gains), low, high), float(np.quantile(shuffled, 0.95))


def _gained(basis: Array, gains: Array) -> float:
    """Return the gain from choosing by the regression instead of by the mean."""
    from sklearn.linear_model import RidgeCV

    fitted = RidgeCV(PENALTIES).fit(basis, gains).predict(basis).reshape(gains.shape)
    gained = float(np.maximum(fitted.max(axis=1), 0.0).mean() - max(fitted.mean(axis=0).max(), 0.0))
    return gained if gained > 1e-12 * float(np.abs(gains).max()) else 0.0  # less is rounding


def _basis(theta: Array) -> Array:
    """Return cubic splines of a parameter, shape (n, ...); if it has few values, a column for each value."""
    try:
        from sklearn.preprocessing import SplineTransformer
    except ImportError:
        raise missing("scikit-learn") from None
    values, which = np.unique(theta, return_inverse=True)
    if len(values) <= FEW_VALUES:
        return np.eye(len(values))[which]
    knots = np.unique(np.quantile(theta, np.linspace(0, 1, KNOTS)))
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
