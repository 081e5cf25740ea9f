"""Stopping at a precision: when to look, what was reached, and when that is enough.

Looks happen at fixed numbers of replications, the same for every run, on exactly the replications 0 to n - 1; a run
stops when all targets are met at a look and at two further ones, so that it does not stop on an interval that is
narrow by luck (after Hoad, Robinson and Davies 2010, Journal of the Operational Research Society 61, 1632-1644).
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.estimate.errors import PrecisionError
from sim.estimate.intervals import (
    CONFIDENCE,
    Column,
    half_width,
    mean_interval,
    quantile_interval,
    quantile_rank,
    ratio_of_means,
    wilson,
)
from sim.estimate.targets import Target
from sim.model.catalogue import Catalogue, Rate

FIRST = 1000
"""Replications at the first look."""
HOLDS = 3
"""Looks running at which all targets must be met."""


@dataclass(frozen=True)
class Reached:
    """What a look found for a target.

    Attributes
    ----------
    target
        What was asked.
    replications
        At how many replications.
    estimate
        The mean, chance, rate or quantile; None where there is none, infinite for what had not happened.
    interval
        Its 95 % interval, if there is one.
    half_width
        Half the interval's length; infinite where there is no interval, or an end of it is infinite.
    asked
        The half-width asked for, in the outcome's unit.
    """

    target: Target
    replications: int
    estimate: float | None
    interval: list[float] | None
    half_width: float
    asked: float

    @property
    def met(self) -> bool:
        """Whether the interval is narrow enough."""
        return self.half_width <= self.asked


def looks(at_most: int) -> Iterator[int]:
    """Yield the numbers of replications at which to look: 1,000, then a quarter more, rounded up to hundreds.

    The last one is ``at_most``.
    """
    n = FIRST
    while n < at_most:
        yield n
        n = -(-5 * n // 400) * 100
    yield at_most


def reach(target: Target, catalogue: Catalogue, column: Callable[[str], Column], horizon: float) -> Reached:
    """Return what precision is reached.

    Parameters
    ----------
    target
        What is asked.
    catalogue
        What is measured.
    column
        Gives the values of an outcome, by its name, of the replications so far.
    horizon
        In days; the mean of a date is that of min(day, horizon), as in the summary.

    Raises
    ------
    PrecisionError
        If a share is asked of what may be zero.
    """
    n, estimate, interval = _estimate(target, catalogue, column, horizon)
    reached = half_width(interval)
    if not target.relative:
        return Reached(target, n, estimate, interval, reached, target.half_width)
    if estimate is None or interval is None or not all(map(math.isfinite, interval)):
        return Reached(target, n, estimate, interval, reached, 0.0)
    if interval[0] <= 0 <= interval[1]:
        raise PrecisionError(_may_be_zero(target, n, interval))
    return Reached(target, n, estimate, interval, reached, target.half_width * abs(estimate))


def _estimate(
    target: Target, catalogue: Catalogue, column: Callable[[str], Column], horizon: float
) -> tuple[int, float | None, list[float] | None]:
    """Return the number of replications, the estimate and its interval, as in the summary."""
    rate = next((rate for rate in catalogue.rates if rate.name == target.name), None)
    if rate is not None:
        return _rate(rate, column)
    kind = next(item.outcome.kind for item in catalogue.outcomes if item.name == target.name)
    values = column(target.name)
    n = len(values)
    if target.percent is not None:
        rank = quantile_rank(target.percent, n) - 1
        return n, float(np.partition(values, rank)[rank]), quantile_interval(values, target.percent)
    if kind == "yes_no":
        return n, float(values.mean()), wilson(int(values.sum()), n)
    if kind == "day":
        values = np.minimum(values, horizon)
    return n, float(values.mean()), mean_interval(values)


def _rate(rate: Rate, column: Callable[[str], Column]) -> tuple[int, float | None, list[float] | None]:
    above, scale = column(rate.numerator), rate.ratio.scale
    value, interval = ratio_of_means(above, column(rate.denominator))
    return len(above), None if value is None else scale * value, interval and [scale * end for end in interval]


def _may_be_zero(target: Target, n: int, interval: list[float]) -> str:
    low, high = interval
    what = "the mean" if target.percent is None else "the quantile"
    advice = f"{(high - low) / 4:.1g}" if high > low else "0.1"
    return (f"{target.label}: {target.asked} of {what} cannot be reached, since {what} may be zero: at {n:,} "
            f"replications its 95 % interval is {low:.3g} to {high:.3g}; give the half-width itself, e.g. "
            f"{target.label}={advice}")


@dataclass
class Watch:
    """The looks so far, and whether they are enough.

    Attributes
    ----------
    targets, catalogue, horizon
        As for `reach`.
    at_most
        How many replications are played at most.
    looked
        Replications at each look so far.
    reached
        What the last look found, by target.
    since
        For each target, the look since which it has been met without a break; None when it is not met.
    """

    targets: tuple[Target, ...]
    catalogue: Catalogue
    horizon: float
    at_most: int
    looked: list[int] = field(default_factory=list)
    reached: tuple[Reached, ...] = ()
    since: dict[str, int | None] = field(default_factory=dict)

    def look(self, column: Callable[[str], Column]) -> bool:
        """Look at the replications so far; return whether they are enough.

        Raises
        ------
        PrecisionError
            If a share is asked of what may be zero.
        """
        return self.take(tuple(reach(target, self.catalogue, column, self.horizon) for target in self.targets))

    def take(self, reached: tuple[Reached, ...]) -> bool:
        """Take what a look found for each target; return whether the replications are enough."""
        self.reached = reached
        n = reached[0].replications
        self.looked.append(n)
        for found in self.reached:
            label = found.target.label
            self.since[label] = (self.since.get(label) or n) if found.met else None
        return self.enough

    @property
    def enough(self) -> bool:
        """Whether all targets were met at the last look and the two before it."""
        return all(self._holds(target) for target in self.targets)

    def _holds(self, target: Target) -> bool:
        since = self.since.get(target.label)
        return since is not None and len(self.looked) - self.looked.index(since) >= HOLDS

    def account(self) -> dict[str, Any]:
        """Return what was asked and what was reached, fit for JSON; None stands for what is infinite or missing."""
        return {
            "confidence": CONFIDENCE, "replications": self.looked[-1], "at_most": self.at_most,
            "looks": list(self.looked), "met": all(found.met for found in self.reached), "held": self.enough,
            "targets": {found.target.label: {
                "asked": found.target.asked, "half_width_asked": _finite(found.asked) or None,
                "half_width": _finite(found.half_width), "estimate": _finite(found.estimate), "met": found.met,
                "met_since": self.since[found.target.label], "held": self._holds(found.target),
            } for found in self.reached},
        }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
