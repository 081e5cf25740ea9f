"""Where the ranking of two policies flips."""

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
"""A second split must get so much more of the futures right."""


@dataclass(frozen=True)
class Flip:
    """In which futures one of two policies beats the other.

    Attributes
    ----------
    policy, other
        The best on average, and the second.
    better, worse
        Shares of the futures in which the first is better and worse than the second; elsewhere they are equal.
    unclear
        The share of futures without a clear difference: the 95 % interval of the difference holds zero.
    regions
        Where which is better, as a tree of at most two splits has it: the verdict is whether the first is. None if one
        is better in all futures, or there are too few in which the other is.
    """

    policy: str
    other: str
    better: float
    worse: float
    unclear: float
    regions: tuple[Region, ...]

    @property
    def right(self) -> float:
        """The share of the futures, equal ones left out, in which the regions say which is better."""
        return right(self.regions) if self.regions else max(self.better, self.worse) / (self.better + self.worse)

    def as_dict(self) -> dict[str, Any]:
        """Return everything for JSON."""
        return {**asdict(self), "right": self.right if self.better + self.worse > 0 else None}

    def words(self) -> list[str]:
        """Return it in sentences."""
        if not self.better and not self.worse:
            return [f"{self.policy} and {self.other} are equal in every future."]
        lines = [f"{self.policy} is better than {self.other} in {share(self.better)} of the futures and worse in "
                 f"{share(self.worse)}"]
        if self.unclear:
            lines[0] += f"; in {share(self.unclear)} the difference could be noise"
        lines[0] += "."
        said = [region for region in self.regions if region.verdict != self._usual]
        if len(self.regions) > 1 and said:
            usual, exception = (self.policy, self.other) if self._usual else (self.other, self.policy)
            where = "; or when ".join(f"{region} (so in {share(region.right)} of these)" for region in said)
            most = max(self.better, self.worse) / (self.better + self.worse)
            lines.append(f"{exception} beats {usual} when {where}, elsewhere {usual} is better; this is right in "
                         f"{share(self.right)} of the futures, always saying {usual} in {share(most)}.")
        elif self.better and self.worse:
            lines.append("No limits on the parameters say where one beats the other.")
        return lines

    @property
    def _usual(self) -> bool:
        return self.better >= self.worse


def flip(ds: "xr.Dataset", goal: Goal, policy: str, other: str, seed: int = 1) -> Flip:
    """Find out where a policy beats another, by the sign of their paired difference in each future."""
    gain = oriented(column(ds, "value", other, goal.name) - column(ds, "value", policy, goal.name), goal)
    unclear = np.abs(gain) <= REACH * _error(ds, goal, policy, other)
    regions = _regions(points(ds)[gain != 0], gain[gain != 0] > 0, names(ds, "uncertainty"), units(ds), seed)
    return Flip(policy, other, float((gain > 0).mean()), float((gain < 0).mean()),
                float((unclear & (gain != 0)).mean()), regions)


def _error(ds: "xr.Dataset", goal: Goal, policy: str, other: str) -> Array:
    """Return the standard error of a difference in each future; between two that are not the first, at most that."""
    variable = "difference_se" if goal.statistic == "mean" else "value_se"
    first, second = (column(ds, variable, name, goal.name) for name in (policy, other))
    return np.hypot(first, second)


def _regions(x: Array, better: Any, known: list[str], of: list[str], seed: int) -> tuple[Region, ...]:
    least = max(3, len(x) // 20)
    if min(better.sum(), (~better).sum()) < least:
        return ()
    one, two = (split(x, better, known, of, depth, least, seed) for depth in (1, 2))
    return two if right(two) > right(one) + WORTH else one
