"""In which futures two policies change places."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.estimate.intervals import REACH
from sim.study.pick import Array, column, names, oriented, points, units
from sim.study.regions import Region, right, split
from sim.study.study import Goal
from sim.words.phrases import share

if TYPE_CHECKING:
    import xarray as xr

WORTH = 0.02
"""A second split is kept only if it gets this much more of the futures right."""


@dataclass(frozen=True)
class Flip:
    """In which futures one of two policies beats the other.

    Attributes
    ----------
    policy, other
        The best on average, and the second best.
    better, worse
        Shares of the futures in which the first is better and worse than the second; elsewhere they are equal.
    surely_better, surely_worse
        The parts of these in which the difference exceeds noise: its 95 % interval does not include zero.
    regions
        Where each is better, according to a tree with at most two splits: the verdict is whether the first is. None if
        one is better in all futures, or the other in too few.
    """

    policy: str
    other: str
    better: float
    worse: float
    surely_better: float
    surely_worse: float
    regions: tuple[Region, ...]

    @property
    def right(self) -> float:
        """The share of the futures in which the regions name the better policy; equal futures are left out."""
        return right(self.regions) if self.regions else max(self.better, self.worse) / (self.better + self.worse)

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {**asdict(self), "right": self.right if self.better + self.worse > 0 else None}

    def words(self) -> list[str]:
        """Return it in sentences."""
        if not self.better and not self.worse:
            return [f"{self.policy} and {self.other} are equal in every future."]
        lines = [f"{self.policy} is better than {self.other} in {share(self.better)} of the futures"
                 f"{_surely(self.better, self.surely_better)} and worse in {share(self.worse)}"
                 f"{_surely(self.worse, self.surely_worse)}."]
        exceptions = [region for region in self.regions if region.verdict != self._usual]
        if len(self.regions) > 1 and exceptions:
            usual, exception = (self.policy, self.other) if self._usual else (self.other, self.policy)
            where = "; or when ".join(f"{region} (true in {share(region.right)} of these)" for region in exceptions)
            usual_share = max(self.better, self.worse) / (self.better + self.worse)
            lines.append(f"{exception} beats {usual} when {where}; otherwise {usual} is better. This rule is right in "
                         f"{share(self.right)} of the futures; always naming {usual} would be right in "
                         f"{share(usual_share)}.")
        elif self.better and self.worse:
            lines.append("No limits on the parameters show where one beats the other.")
        return lines

    @property
    def _usual(self) -> bool:
        return self.better >= self.worse


def _surely(all_: float, surely: float) -> str:
    """Say in how many of some futures the difference exceeds noise, unless it does in all of them."""
    if surely == all_:
        return ""
    return f" ({share(surely)} clearly, {share(all_ - surely)} by no more than noise)" if surely else (
        " (by no more than noise)")


def flip(ds: "xr.Dataset", goal: Goal, policy: str, other: str, seed: int = 1) -> Flip:
    """Find out where a policy beats another, by the sign of their paired difference in each future."""
    gain = oriented(column(ds, "value", other, goal.name) - column(ds, "value", policy, goal.name), goal)
    sure = np.abs(gain) > REACH * _error(ds, goal, policy, other)
    regions = _regions(points(ds)[gain != 0], gain[gain != 0] > 0, names(ds, "uncertainty"), units(ds), seed)
    better, worse = gain > 0, gain < 0
    return Flip(policy, other, float(better.mean()), float(worse.mean()), float((sure & better).mean()),
                float((sure & worse).mean()), regions)


def _error(ds: "xr.Dataset", goal: Goal, policy: str, other: str) -> Array:
    """Return the standard error of a difference in each future; an upper bound if neither is the first policy."""
    variable = "difference_se" if goal.statistic == "mean" else "value_se"
    first, second = (column(ds, variable, name, goal.name) for name in (policy, other))
    return np.hypot(first, second)


def _regions(x: Array, better: Any, parameters: list[str], parameter_units: list[str], seed: int) -> tuple[Region, ...]:
    least = max(3, len(x) // 20)
    if min(better.sum(), (~better).sum()) < least:
        return ()
    shallow, deep = (split(x, better, parameters, parameter_units, depth, least, seed) for depth in (1, 2))
    return deep if right(deep) > right(shallow) + WORTH else shallow
