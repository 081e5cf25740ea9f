"""Cases whose answers are known: what it is worth to know a parameter, and which share of the variance it makes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

FUTURES = 200
GRID = (np.arange(200_000) + 0.5) / 200_000


@dataclass(frozen=True)
class Gains:
    """By how much other policies are better than the first, and how that depends on one parameter.

    Attributes
    ----------
    label
        What it is.
    expected
        The expected gains given the parameter, which is uniform from 0 to 1: shape (n, policies - 1).
    scatter
        The standard deviation around that: what other parameters and the noise of the replications add.
    levels
        The parameter takes so many values; 0 if it takes any.
    chance
        Whether each gain is -1, 0 or 1, as where all thresholds are kept by one policy and not by the other.
    """

    label: str
    expected: Callable[[np.ndarray], np.ndarray]
    scatter: float
    levels: int = 0
    chance: bool = False

    def parameter(self, uniform):
        return np.floor(uniform * self.levels) / (self.levels - 1) if self.levels else uniform

    @property
    def evppi(self):
        """What it is worth to know the parameter."""
        gains = self.expected(self.parameter(GRID))
        return float(np.maximum(gains.max(axis=1), 0).mean() - max(gains.mean(axis=0).max(), 0))

    def draw(self, seed, futures=FUTURES):
        """Return the parameter, the gains and the other parameters in the futures of a study.

        A third of the scatter's variance comes from a second parameter, a quarter from two of them together, and the
        rest is the noise of the replications.
        """
        rng = np.random.default_rng([13, seed])
        x = qmc.LatinHypercube(3, rng=rng).random(futures)
        theta = self.parameter(x[:, 0])
        gains = self.expected(theta)
        if self.chance:
            better = rng.random(futures)[:, np.newaxis]
            lively = 0.5  # in half of the futures, one policy keeps all thresholds and the other does not
            return theta, np.where(better < (lively + gains) / 2, 1.0, np.where(better < lively, -1.0, 0.0)), x[:, 1:]
        one, two = np.sqrt(12) * (x[:, 1:].T - 0.5)
        signs = np.array([1.0, -0.5, 0.5])[: gains.shape[1]]
        noise = rng.normal(size=gains.shape)
        scatter = np.sqrt(1 / 3) * np.outer(one, signs) + np.sqrt(1 / 4) * np.outer(one * two, signs)
        return theta, gains + self.scatter * (scatter + np.sqrt(5 / 12) * noise), x[:, 1:]


def _one(function):
    return lambda theta: function(theta)[:, np.newaxis]


def _three(theta):
    return np.stack([theta - 0.5, 0.45 - theta], axis=1)


CASES = (
    Gains("linear, little scatter", _one(lambda theta: theta - 0.5), 0.5),
    Gains("linear, much scatter", _one(lambda theta: theta - 0.5), 1.0),
    Gains("linear, one policy usually best", _one(lambda theta: theta - 0.75), 0.7),
    Gains("kinked", _one(lambda theta: 2 * np.maximum(0, theta - 0.7) - 0.12), 0.5),
    Gains("a hump", _one(lambda theta: 0.3 - 4 * (theta - 0.5) ** 2), 0.5),
    Gains("a step", _one(lambda theta: np.where(theta > 0.6, 0.4, -0.35)), 0.5),
    Gains("three policies", _three, 0.7),
    Gains("on or off", _one(lambda theta: 0.5 * theta - 0.25), 1.0, levels=2),
    Gains("thresholds kept or not", _one(lambda theta: 0.6 * (theta - 0.5)), 0.0, chance=True),
    Gains("worth nothing, policies equal", _one(np.zeros_like), 0.7),
    Gains("worth nothing, one policy best", _one(lambda theta: np.full_like(theta, -0.2)), 0.7),
)


def switch_study(share, levels, seed, futures=FUTURES):
    """Return parameters and outcome of a study in which the first, with few values, makes a share of the variance."""
    x = qmc.LatinHypercube(3, rng=np.random.default_rng([29, seed])).random(futures)
    x[:, 0] = np.floor(x[:, 0] * levels)
    few = (x[:, 0] - (levels - 1) / 2) / np.sqrt((levels**2 - 1) / 12)
    one, two = np.sqrt(12) * (x[:, 1:].T - 0.5)
    return x, np.sqrt(share) * few + np.sqrt(1 - share) * (0.7 * one + np.sqrt(0.51) * one * two)
