"""Boxes that contain many of the failures and little else, by the patient rule induction method (PRIM).

Friedman and Fisher (1999); for scenario discovery, Bryant and Lempert (2010). The EMA Workbench does the peeling. Then
limits that chance could explain are dropped from its boxes one by one, and the box whose coverage and density have the
largest harmonic mean is chosen. Small peels get stuck when a few stray failures lie at every edge; large peels are
coarse. So the space is peeled by 5, 10 and 20 % of what is left, and the best result is kept.
"""

import warnings
from dataclasses import dataclass
from inspect import signature

from sim.study.errors import missing
from sim.study.pick import Array
from sim.study.regions import Flags, Limit, described, inside

SIGNIFICANT = 0.05
LEAST_MASS, LEAST_FUTURES = 0.05, 5
"""The smallest share and number of futures that a box may contain."""
PEELS = (0.05, 0.1, 0.2)


@dataclass(frozen=True)
class Box:
    """A region with many failures.

    Attributes
    ----------
    limits
        Its bounds.
    futures, failures
        How many futures lie in it, and how many of them fail.
    coverage
        The share of all failures that lie in it.
    density
        The share of the cases in it that fail.
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
    """Return the best box and the boxes along its peeling trajectory; arguments as for `peel`."""
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
    with warnings.catch_warnings():  # about optional packages that are not installed
        warnings.simplefilter("ignore")
        try:
            import pandas as pd
            from ema_workbench.analysis.prim import Prim
        except ImportError:
            raise missing("the EMA Workbench") from None
        mass = min(1.0, max(LEAST_MASS, LEAST_FUTURES / len(x)))
        # before version 3.0, the workbench had to be told that a box of any density will do
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
    """Return the box with these limits, and count the futures and failures in it."""
    kept = inside(x, parameters, limits)
    futures, failures = int(kept.sum()), int(failed[kept].sum())
    return Box(limits, futures, failures, failures / max(1, int(failed.sum())), failures / max(1, futures))


def best(boxes: list[Box], x: Array, failed: Flags, parameters: list[str]) -> Box:
    """Drop limits due to chance, and return the box with the largest harmonic mean of coverage and density.

    The whole space, without limits, is one of the boxes. Of equal boxes, the one with the fewest limits is returned.
    """
    pruned = [_significant(entry.limits, x, failed, parameters) for entry in boxes]
    return max(pruned, key=rank)


def rank(entry: Box) -> tuple[float, int]:
    """Return the key for choosing a box: the harmonic mean of coverage and density, then the fewest limits."""
    return round(entry.score, 12), -len(entry.limits)


def _significant(limits: tuple[Limit, ...], x: Array, failed: Flags, parameters: list[str]) -> Box:
    """Drop the least significant limit of a box until all are significant."""
    while True:
        judged = tuple(_judged(limit, limits, x, failed, parameters) for limit in limits)
        worst = max(judged, key=lambda limit: limit.quasi_p or 0.0, default=None)
        if worst is None or (worst.quasi_p or 0.0) < SIGNIFICANT:
            return box(x, failed, parameters, judged)
        limits = tuple(limit for limit, now in zip(limits, judged, strict=True) if now is not worst)


def _judged(limit: Limit, limits: tuple[Limit, ...], x: Array, failed: Flags, parameters: list[str]) -> Limit:
    """Return a limit with its quasi-p: a one-sided binomial test of the box against the same box without the limit."""
    from scipy.special import bdtrc

    with_it = box(x, failed, parameters, limits)
    without = box(x, failed, parameters, tuple(other for other in limits if other is not limit))
    at_least = with_it.failures - 1
    chance = 1.0 if at_least < 0 else float(bdtrc(at_least, with_it.futures, without.density))
    return Limit(limit.parameter, limit.unit, limit.side, limit.value, chance)
