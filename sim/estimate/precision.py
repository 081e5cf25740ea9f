"""Stopping at a precision: when to look, what has been reached, and when that is enough.

Every run looks at the same fixed numbers of replications n, and always at replications 0 to n - 1. It stops when all
targets are met at three looks in a row. So it does not stop at an interval that is narrow by luck (after Hoad, Robinson
and Davies 2010, Journal of the Operational Research Society 61, 1632-1644).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sim.estimate.errors import PrecisionError
from sim.estimate.estimate import estimate
from sim.estimate.intervals import CONFIDENCE, half_width
from sim.estimate.sample import Sample
from sim.estimate.targets import Target

FIRST = 1000
"""Replications at the first look."""
HOLDS = 3
"""Number of looks in a row at which all targets must be met."""


@dataclass(frozen=True)
class Reached:
    """What a look found for a target.

    Attributes
    ----------
    target
        What was asked for.
    replications
        How many had been played.
    estimate
        The mean, chance, rate or quantile; None if there is none, infinite for what had not happened.
    interval
        Its 95 % interval, if there is one.
    half_width
        Half the interval's length; infinite if there is no interval, or an end of it is infinite.
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


def reach(target: Target, sample: Sample) -> Reached:
    """Return the precision reached with the replications so far.

    Raises
    ------
    PrecisionError
        If the half-width is a share of an estimate that may be zero.
    """
    result = estimate(sample, target.name, target.percent)
    n, interval, value = result.replications, result.interval, None if math.isnan(result.value) else result.value
    reached = half_width(interval)
    if not target.relative:
        return Reached(target, n, value, interval, reached, target.half_width)
    if value is None or interval is None or not all(map(math.isfinite, interval)):
        return Reached(target, n, value, interval, reached, 0.0)
    if interval[0] <= 0 <= interval[1]:
        raise PrecisionError(_may_be_zero(target, n, interval))
    return Reached(target, n, value, interval, reached, target.half_width * abs(value))


def _may_be_zero(target: Target, n: int, interval: list[float]) -> str:
    low, high = interval
    what = "the mean" if target.percent is None else "the quantile"
    advice = f"{(high - low) / 4:.1g}" if high > low else "0.1"
    return (f"{target.label}: {target.asked} of {what} cannot be reached, since {what} may be zero: at {n:,} "
            f"replications its 95 % interval is {low:.3g} to {high:.3g}; give the half-width itself, e.g. "
            f"{target.label}={advice}")


@dataclass
class Watch:
    """The looks so far, and whether the precision is reached.

    Attributes
    ----------
    targets
        What is asked for.
    at_most
        How many replications are played at most.
    looked
        Replications at each look so far.
    reached
        What the last look found, by target.
    since
        For each target, the first look of the current run of looks at which it was met; None if it is not met.
    """

    targets: tuple[Target, ...]
    at_most: int
    looked: list[int] = field(default_factory=list)
    reached: tuple[Reached, ...] = ()
    since: dict[str, int | None] = field(default_factory=dict)

    def look(self, sample: Sample) -> bool:
        """Look at the replications so far, and return whether they are enough.

        Raises
        ------
        PrecisionError
            If the half-width is a share of an estimate that may be zero.
        """
        return self.take(tuple(reach(target, sample) for target in self.targets))

    def take(self, reached: tuple[Reached, ...]) -> bool:
        """Record what a look found for each target, and return whether the replications are enough."""
        self.reached = reached
        n = reached[0].replications
        self.looked.append(n)
        for target_reached in self.reached:
            label = target_reached.target.label
            self.since[label] = (self.since.get(label) or n) if target_reached.met else None
        return self.enough

    @property
    def enough(self) -> bool:
        """Whether all targets were met at the last look and the two before it."""
        return all(self._holds(target) for target in self.targets)

    def _holds(self, target: Target) -> bool:
        since = self.since.get(target.label)
        return since is not None and len(self.looked) - self.looked.index(since) >= HOLDS

    def account(self) -> dict[str, Any]:
        """Return what was asked for and what was reached, fit for JSON; None stands for infinite or missing values."""
        return {
            "confidence": CONFIDENCE, "replications": self.looked[-1], "at_most": self.at_most,
            "looks": list(self.looked), "met": all(reached.met for reached in self.reached), "held": self.enough,
            "targets": {reached.target.label: {
                "asked": reached.target.asked, "half_width_asked": _finite(reached.asked) or None,
                "half_width": _finite(reached.half_width), "estimate": _finite(reached.estimate), "met": reached.met,
                "met_since": self.since[reached.target.label], "held": self._holds(reached.target),
            } for reached in self.reached},
        }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
