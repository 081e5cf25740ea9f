"""Games whose Shapley values are known."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Known:
    """A game: how many players, the value of a coalition, what replications multiply it by, and the players' shares."""

    label: str
    players: int
    worth: Callable[[frozenset[int]], float]
    shares: tuple[float, ...]
    skewed: bool = False
    chance: bool = False

    def value(self, seed: int, replications: int) -> Callable[[Any, slice], Any]:
        """Return the value of coalitions in replications; its mean is what the coalition is worth."""
        rng = np.random.default_rng([17, seed])
        if self.chance:
            luck = rng.random(replications)
            return lambda coalition, rows: (luck[rows] < self.worth(coalition)).astype(float)[:, np.newaxis]
        factors = rng.lognormal(-0.5, 1.0, replications) if self.skewed else np.ones(replications)
        return lambda coalition, rows: (factors[rows] * self.worth(coalition))[:, np.newaxis]


def together(coalition: frozenset[int]) -> float:
    """Players 0 and 1 matter only together; so do 2 to 7, all of them; the rest add 1 each."""
    return 8.0 * ({0, 1} <= coalition) + 12.0 * (set(range(2, 8)) <= coalition) + len([i for i in coalition if i > 7])


def all_of_nine(coalition: frozenset[int]) -> float:
    return float(set(range(9)) <= coalition)


FACTORS = tuple(float(factor) for factor in np.linspace(1.05, 1.3, 12))


def product(coalition: frozenset[int]) -> float:
    return math.prod(FACTORS[i] for i in coalition) - 1


def _shares_of_product() -> tuple[float, ...]:
    """A player adds its factor less one, times the product of those before it: averaged over sizes of coalitions."""
    n, shares = len(FACTORS), []
    for i, own in enumerate(FACTORS):
        sums = np.array([1.0])  # elementary symmetric sums of the other factors
        for factor in FACTORS[:i] + FACTORS[i + 1:]:
            sums = np.append(sums, 0.0) + np.append(0.0, factor * sums)
        weights = [1 / (n * math.comb(n - 1, size)) for size in range(n)]
        shares.append((own - 1) * float(sums @ weights))
    return tuple(shares)


def risk(coalition: frozenset[int]) -> float:
    return 0.02 + 0.05 * len(coalition & {0, 1, 2}) / 3 + 0.08 * ({3, 4, 5} <= coalition)


def small(coalition: frozenset[int]) -> float:
    return len(coalition) + 3.0 * ({0, 1} <= coalition)


GAMES = (
    Known("players that matter together", 10, together, (4.0, 4.0, *[2.0] * 6, 1.0, 1.0)),
    Known("the same, skewed outcome", 10, together, (4.0, 4.0, *[2.0] * 6, 1.0, 1.0), skewed=True),
    Known("nine of 17 that matter only all together", 17, all_of_nine, (*[1 / 9] * 9, *[0.0] * 8)),
    Known("a product of 12, skewed outcome", 12, product, _shares_of_product(), skewed=True),
    Known("chance, six of 17 matter", 17, risk, (*[0.05 / 3] * 3, *[0.08 / 3] * 3, *[0.0] * 11), chance=True),
    Known("six players, skewed outcome", 6, small, (2.5, 2.5, 1.0, 1.0, 1.0, 1.0), skewed=True),
)
