"""Maximum likelihood: the best parameters of a model, their intervals, and draws of all of them together.

The best parameters are searched by the simplex of Nelder and Mead from stated starting points, repeatedly until nothing
better is found. An interval holds the values at which the profile likelihood (all other parameters at their best) lies
below its maximum by no more than half the chi-square quantile. Draws are in proportion to the likelihood.
"""

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import chdtri

from sim.evidence.fitted import FittedValue
from sim.evidence.models import Model, Parameter
from sim.evidence.record import AttackRecord, Floats

LEVEL = 0.90
"""Confidence level of the intervals."""
SEEDS_TRIED = 2
"""How many of the best starting points are used."""
RESTARTS = 8
WALKERS, WARM_UP, STEPS = 20, 60, 100
"""Of the sampler: walkers, steps to warm up, and steps that are kept."""
DRAWS = 400

LogLikelihood = Callable[[Floats], float]


@dataclass(frozen=True)
class Fit:
    """A model at its best parameters.

    Attributes
    ----------
    model
        The model.
    record
        The record to which it was fitted.
    values
        The best parameters, in the order of the model's.
    log_likelihood
        At the best parameters.
    smoothing
        How many parameters its background is worth, if it was derived from the record.
    """

    model: Model
    record: AttackRecord
    values: Floats
    log_likelihood: float
    smoothing: float = 0.0

    @property
    def size(self) -> int:
        """The number of observations: attacks, or intervals."""
        return len(self.record.times) if self.record.kind == "events" else len(self.record.counts)

    @property
    def aic(self) -> float:
        """Akaike's information criterion."""
        return 2.0 * (len(self.values) + self.smoothing) - 2.0 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's information criterion."""
        return math.log(self.size) * (len(self.values) + self.smoothing) - 2.0 * self.log_likelihood

    def value(self, name: str) -> float | None:
        """Return the best value of a parameter; None if the model has no parameter of that name."""
        names = [parameter.name for parameter in self.model.parameters]
        return float(self.values[names.index(name)]) if name in names else None


class _Scale:
    """Parameters on the scale of the search: between 0 and 1, some of them logarithmic."""

    def __init__(self, parameters: tuple[Parameter, ...]) -> None:
        self.by_factors = np.array([parameter.by_factors for parameter in parameters])
        self.low = np.array([self._bend(p.low, p.by_factors) for p in parameters])
        self.span = np.array([self._bend(p.high, p.by_factors) for p in parameters]) - self.low

    @staticmethod
    def _bend(value: float, by_factors: bool) -> float:
        return math.log(value) if by_factors else value

    def values(self, point: Floats) -> Floats:
        bent = self.low + np.clip(point, 0.0, 1.0) * self.span
        values: Floats = np.where(self.by_factors, np.exp(np.where(self.by_factors, bent, 0.0)), bent)
        return values

    def point(self, values: Floats) -> Floats:
        bent = np.where(self.by_factors, np.log(np.maximum(values, 1e-300)), values)
        point: Floats = np.clip((bent - self.low) / self.span, 0.0, 1.0)
        return point


def fit(model: Model, record: AttackRecord) -> Fit:
    """Return a model at the parameters that make a record most likely."""
    scale = _Scale(model.parameters)

    def at(point: Floats) -> float:
        return model.tell(record, scale.values(point)).log_likelihood

    points = sorted((scale.point(start) for start in model.starts()), key=at, reverse=True)[:SEEDS_TRIED]
    best = max((_climb(at, point, 0.05, 1e-3) for point in points), key=lambda climbed: climbed[1])
    return Fit(model, record, scale.values(best[0]), best[1])


def _climb(at: LogLikelihood, point: Floats, size: float, exact: float) -> tuple[Floats, float]:
    """Return the highest point found from a starting point, and its height.

    Parameters
    ----------
    at
        The function.
    point
        Where to start.
    size
        Size of the first simplex.
    exact
        Accuracy of the height. A simplex that has shrunk is restarted until that gains no more than ten times this.
    """
    height = _finite(at(point))
    for _ in range(RESTARTS):
        simplex = np.vstack([point, point + np.diag(np.where(point > 0.5, -size, size))])
        search = minimize(lambda x: -_finite(at(x)), point, method="Nelder-Mead", bounds=[(0.0, 1.0)] * len(point),
                         options={"initial_simplex": simplex, "xatol": 0.1 * exact, "fatol": exact, "maxiter": 400})
        gained = -search.fun - height
        if gained > 0.0:
            point, height = search.x, -search.fun
        if gained < 10.0 * exact:
            break
    return point, height


def _finite(log_likelihood: float) -> float:
    return log_likelihood if math.isfinite(log_likelihood) else -1e12


@contextmanager
def threads() -> Iterator[ThreadPoolExecutor]:
    """Provide threads in which compiled likelihoods run in parallel; an interrupt does not wait for queued work."""
    pool = ThreadPoolExecutor()
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def intervals(best: Fit, only: str | None = None) -> dict[str, FittedValue]:
    """Return the estimate of each parameter, or of one, with its 90 % interval from the profile likelihood.

    An interval that reaches the end of a parameter's range ends there.
    """
    scale = _Scale(best.model.parameters)
    least = best.log_likelihood - 0.5 * float(chdtri(1, 1.0 - LEVEL))
    wanted = [i for i, parameter in enumerate(best.model.parameters) if only in (None, parameter.name)]
    sides = [(i, direction) for i in wanted for direction in (-1.0, 1.0)]
    with threads() as pool:
        ends = list(pool.map(lambda side: _end(best, scale, least, *side), sides))
    return {best.model.parameters[i].name: FittedValue(float(best.values[i]), *ends[2 * n : 2 * n + 2])
            for n, i in enumerate(wanted)}


def _end(best: Fit, scale: _Scale, least: float, i: int, direction: float) -> float:
    """Return the value of parameter ``i`` at which the profile likelihood falls below ``least``, going up or down."""
    warm = scale.point(best.values)
    others = [j for j in range(len(warm)) if j != i]

    def above(x: float) -> float:
        """Return how far the profile likelihood is above ``least``; the next search starts from the point found."""

        def at(rest: Floats) -> float:
            point = warm.copy()
            point[i], point[others] = x, rest
            return best.model.tell(best.record, scale.values(point)).log_likelihood

        warm[others], height = _climb(at, warm[others], 0.01, 0.01) if others else (warm[others], at(warm[others]))
        return _finite(height) - least

    bound = 1.0 if direction > 0 else 0.0
    inside, step, high = float(warm[i]), 0.02, best.log_likelihood - least
    end = bound
    while inside != bound:
        outside = min(inside + step, 1.0) if direction > 0 else max(inside - step, 0.0)
        reached = above(outside)
        if reached < 0.0:
            end = _between(above, inside, high, outside, reached)
            break
        inside, high, step = outside, reached, 2.0 * step
    return float(scale.values(np.where(np.arange(len(warm)) == i, end, warm))[i])


def _between(above: Callable[[float], float], inside: float, high: float, outside: float, low: float) -> float:
    """Return the zero of a function that is ``high`` inside and ``low``, below 0, outside."""
    heights = {inside: high, outside: low}

    def at(x: float) -> float:
        return heights[x] if x in heights else above(x)

    return float(brentq(at, inside, outside, xtol=5e-5, rtol=5e-5)) if high > 0.0 else inside


def _words(seed: int) -> int | list[int]:
    """Return a seed in the form that the generator of emcee takes: a large one in words of 32 bits."""
    return seed if seed < 1 << 32 else [seed & 0xFFFFFFFF, seed >> 32]


def draw(best: Fit, seed: int, draws: int = DRAWS) -> Floats:
    """Return parameters drawn in proportion to the likelihood, shape (draws, parameters).

    A priori, all values between the bounds are equally likely; decay and lengths of time are so on a logarithmic scale.
    The draws come from an affine-invariant ensemble sampler (Goodman and Weare 2010).
    """
    import emcee

    scale = _Scale(best.model.parameters)
    top = scale.point(best.values)
    by_value = np.array([p.by_factors and p.unit == "attacks per day" for p in best.model.parameters])

    def log_density(point: Floats) -> float:
        if (point < 0.0).any() or (point > 1.0).any():
            return -math.inf
        values = scale.values(point)
        return _finite(best.model.tell(best.record, values).log_likelihood) + float(np.log(values[by_value]).sum())

    generator = np.random.default_rng(seed)
    walkers = max(WALKERS, 2 * len(top) + 2)
    start = np.clip(top + 0.01 * generator.standard_normal((walkers, len(top))), 1e-6, 1.0 - 1e-6)
    with threads() as pool:
        sampler = emcee.EnsembleSampler(walkers, len(top), log_density, pool=pool)
        sampler.random_state = np.random.RandomState(_words(seed)).get_state()
        sampler.run_mcmc(start, WARM_UP + STEPS, progress=False)
    chain = sampler.get_chain(discard=WARM_UP, flat=True)
    return np.array([scale.values(point) for point in generator.choice(chain, draws, replace=False)])

