"""Boxes that hold many of the failures and little else, by the patient rule induction method (PRIM).

Friedman and Fisher (1999); for scenario discovery, Bryant and Lempert (2010). The peeling is that of the EMA Workbench.
Its boxes are then rid of limits that chance explains, one by one, and the one is taken whose coverage and density have
the largest harmonic mean. Small peels stop where a handful of stray failures lies at every edge, large ones are coarse;
so it is peeled by 5, 10 and 20 % of what is left.
"""

import warnings
from dataclasses import dataclass
from inspect import signature

from sim.study.errors import missing
from sim.study.pick import Array
from sim.study.regions import Flags, Limit, described, inside

SIGNIFICANT = 0.05
LEAST_MASS, LEAST_FUTURES = 0.05, 5
"""A box holds so large a share of the futures, and so many, at least."""
PEELS = (0.05, 0.1, 0.2)


@dataclass(frozen=True)
class Box:
    """A region with many failures.

    Attributes
    ----------
    limits
        What bounds it.
    futures, failures
        How many lie in it, and how many of those are failures.
    coverage
        The share of all failures that lie in it.
    density
        The share of what lies in it that fails.
    """

    limits: tuple[Limit, ...]
    futures: int
    failures: int
    coverage: float
    density: float

    @property
    def score(self) -> float:
        """The harmonic mean of coverage and density."""
        total = self.coverage + self.density
        return 2 * self.coverage * self.density / total if total > 0 else 0.0

    def __str__(self) -> str:
        """Return its limits in words."""
        return described(self.limits)


def search(x: Array, failed: Flags, parameters: list[str], units: list[str]) -> tuple[Box, list[Box]]:
    """Return the best box, and the boxes along the peeling trajectory that it comes from; arguments as for `peel`."""
    searched = [(best(boxes, x, failed, parameters), boxes)
             for boxes in (peel(x, failed, parameters, units, size) for size in PEELS)]
    return max(searched, key=lambda pair: rank(pair[0]))


def peel(x: Array, failed: Flags, parameters: list[str], units: list[str], size: float = PEELS[0]) -> list[Box]:
    """Return the boxes along PRIM's peeling trajectory, from all futures inwards.

    Parameters
    ----------
    x
        Points, shape (n, d).
    failed
        Which of them fail, shape (n,); some do and some do not.
    parameters, units
        Names and units, d of each.
    size
        The share of a box that is peeled off at a time.
    """
    with warnings.catch_warnings():  # of packages that it would use if they were there
        warnings.simplefilter("ignore")
        try:
            import pandas as pd
            from ema_workbench.analysis.prim import Prim
        except ImportError:
            raise missing("the EMA Workbench") from None
        mass = min(1.0, max(LEAST_MASS, LEAST_FUTURES / len(x)))
        # before version 3.0 of the workbench it had to be told that a box of any density will do
        any_density = {"threshold": 0.0} if "threshold" in signature(Prim).parameters else {}
        prim_box = Prim(pd.DataFrame(x, columns=parameters), failed.astype(int), **any_density,
                     peel_alpha=size, paste_alpha=size, mass_min=mass).find_box()
    boxes = []
    for bounds in prim_box.box_lims:
        limits = []
        for name, unit in zip(parameters, units, strict=True):
            for row, side in enumerate(("above", "below")):
                value, outermost = float(bounds[name].iloc[row]), float(prim_box.box_lims[0][name].iloc[row])
                if value != outermost:
                    limits.append(Limit(name, unit, side, value))
        boxes.append(box(x, failed, parameters, tuple(limits)))
    return boxes


def box(x: Array, failed: Flags, parameters: list[str], limits: tuple[Limit, ...]) -> Box:
    """Return the box within limits, with what lies in it."""
    kept = inside(x, parameters, limits)
    futures, failures = int(kept.sum()), int(failed[kept].sum())
    return Box(limits, futures, failures, failures / max(1, int(failed.sum())), failures / max(1, futures))


def best(boxes: list[Box], x: Array, failed: Flags, parameters: list[str]) -> Box:
    """Return the box with the largest harmonic mean of coverage and density, when limits due to chance are dropped.

    The whole space, without limits, is among them; of equal boxes the one with the fewest limits is taken.
    """
    pruned = [_significant(entry.limits, x, failed, parameters) for entry in boxes]
    return max(pruned, key=rank)


def rank(entry: Box) -> tuple[float, int]:
    """Return what boxes are chosen by: the harmonic mean of coverage and density, then the fewest limits."""
    return round(entry.score, 12), -len(entry.limits)


def _significant(limits: tuple[Limit, ...], x: Array, failed: Flags, parameters: list[str]) -> Box:
    """Drop the least significant limit of a box as long as there is one that is not significant."""
    while True:
        judged = tuple(_judged(limit, limits, x, failed, parameters) for limit in limits)
        worst = max(judged, key=lambda limit: limit.quasi_p or 0.0, default=None)
        if worst is None or (worst.quasi_p or 0.0) < SIGNIFICANT:
            return box(x, failed, parameters, judged)
        limits = tuple(limit for limit, now in zip(limits, judged, strict=True) if now is not worst)


def _judged(limit: Limit, limits: tuple[Limit, ...], x: Array, failed: Flags, parameters: list[str]) -> Limit:
    """Return a limit with its quasi-p: a one-sided binomial test of the box against the one without the limit."""
    from scipy.special import bdtrc

    with_it = box(x, failed, parameters, limits)
    without = box(x, failed, parameters, tuple(other for other in limits if other is not limit))
    at_least = with_it.failures - 1
    chance = 1.0 if at_least < 0 else float(bdtrc(at_least, with_it.futures, without.density))
    return Limit(limit.parameter, limit.unit, limit.side, limit.value, chance)
