"""Rules for choosing a policy: which is best across futures, and whether that is more than noise.

Rules: the lowest expected value; the lowest mean of the worst tenth of futures (CVaR); the smallest of the largest
regrets (Savage 1951); the most futures in which the threshold is kept (satisficing, Simon 1956). Where high is better,
"lowest" means the highest.

A policy is called best only if the difference exceeds noise. Values are redrawn many times within their standard errors
(see `sim.study.noise`), and averages are also taken over resampled futures (bootstrap). A policy that comes out best in
at least one draw in twenty shows no clear difference from the best.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study.asked import MOST_NAMED
from sim.study.noise import redrawn
from sim.study.pick import Array, fails, names, oriented, table
from sim.study.study import Goal
from sim.words.phrases import listed

if TYPE_CHECKING:
    import xarray as xr

TAIL = 0.1
"""The share of futures that count as the worst, rounded up to whole futures."""
DRAWS, SELDOM = 1000, 0.05
LABELS = {"expected": "Expected value", "cvar": "Mean of the worst tenth of futures (CVaR)",
          "regret": "Minimax regret", "satisficing": "Threshold kept in most futures"}


@dataclass(frozen=True)
class Verdict:
    """Which policy a rule chooses.

    Attributes
    ----------
    rule
        One of `LABELS`.
    best
        The best policy, or several that are equal.
    near
        Others that show no clear difference from it.
    """

    rule: str
    best: tuple[str, ...]
    near: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether one policy is best, by more than noise."""
        return len(self.best) == 1 and not self.near

    def __str__(self) -> str:
        """Return it in words."""
        if self.is_clear:
            text = f"{self.best[0]} is best"
        elif self.near:
            text = f"no clear difference between {listed((*self.best, *self.near), MOST_NAMED)}"
        else:
            text = f"{listed(self.best, MOST_NAMED)} are equal"
        return f"{LABELS[self.rule]}: {text}"


def measures(cost: Array) -> dict[str, Array]:
    """Return the measures that the rules use, for each policy; lower is better.

    Parameters
    ----------
    cost
        Values such that lower is better, shape (policies, futures).
    """
    return {"expected": cost.mean(axis=1), "cvar": tail_mean(cost),
            "regret": (cost - cost.min(axis=0)).max(axis=1)}


def tail_mean(cost: Array) -> Array:
    """Return the mean of the worst tenth of futures, rounded up to whole futures, for each policy."""
    worst = int(np.ceil(round(TAIL * cost.shape[1], 9)))
    means: Array = np.partition(cost, -worst, axis=1)[:, -worst:].mean(axis=1)
    return means


def verdicts(ds: "xr.Dataset", goal: Goal, policies: list[str], seed: int) -> tuple[Verdict, ...]:
    """Return which policy each rule chooses on one outcome."""
    rng = np.random.default_rng(seed)
    value = table(ds, "value", goal.name)
    count = value.shape[1]

    def judged(values: Array, futures: Any) -> dict[str, Array]:
        scores = measures(oriented(values, goal)) | {"expected": oriented(values[:, futures].mean(axis=1), goal)}
        if goal.threshold is not None:
            scores["satisficing"] = fails(values[:, futures], goal).mean(axis=1)
        return scores

    draws = [judged(values, rng.integers(count, size=count)) for values in redrawn(ds, goal, DRAWS, rng)]
    return tuple(_verdict(rule, scores, np.array([draw[rule] for draw in draws]), policies)
                 for rule, scores in judged(value, np.arange(count)).items())


def _verdict(rule: str, scores: Array, draws: Array, policies: list[str]) -> Verdict:
    """Judge by scores (lower is better), shape (policies,), and by the scores of noisy draws, shape (draws, ...)."""
    often = _is_best(draws).mean(axis=0) >= SELDOM
    best = _is_best(scores[np.newaxis])[0]
    return Verdict(rule, tuple(name for name, first in zip(policies, best, strict=True) if first),
                   tuple(name for name, first, near in zip(policies, best, often, strict=True) if near and not first))


def _is_best(scores: Array) -> Any:
    """Return which scores are the lowest in their row, allowing for rounding."""
    slack = 1e-12 * np.maximum(1.0, np.abs(scores).max(axis=1, keepdims=True))
    return scores <= scores.min(axis=1, keepdims=True) + slack


def all_kept(ds: "xr.Dataset", goals: list[Goal], seed: int) -> tuple[dict[str, float], Verdict | None]:
    """Return the share of futures in which each policy keeps all thresholds, and which policy does so most often.

    Empty and None if there are fewer than two goals.
    """
    if len(goals) < 2:
        return {}, None
    policies, rng = names(ds, "policy"), np.random.default_rng(seed)
    broken = np.any([fails(table(ds, "value", goal.name), goal) for goal in goals], axis=0)
    draws = []
    for values in zip(*(redrawn(ds, goal, DRAWS, rng) for goal in goals), strict=True):
        futures = rng.integers(broken.shape[1], size=broken.shape[1])
        any_broken = np.any([fails(moved, goal) for moved, goal in zip(values, goals, strict=True)], axis=0)
        draws.append(any_broken[:, futures].mean(axis=1))
    shares = {name: float(1 - broken[i].mean()) for i, name in enumerate(policies)}
    return shares, _verdict("satisficing", broken.mean(axis=1), np.array(draws), policies)
