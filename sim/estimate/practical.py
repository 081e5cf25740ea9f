"""From what size on a difference between scenarios matters.

Chance can be ruled out for any difference, however small, if there are enough replications. Whether a difference is
large enough to matter is a judgement: a scenario states it in its table ``[practical]``, and what it does not state
has a default by kind. The defaults are assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.estimate.difference import smoothed


@dataclass(frozen=True)
class Least:
    """The least difference that matters.

    Attributes
    ----------
    size
        In the outcome's unit (a chance as a number, a date in days) or, if ``relative``, as a share of the base's mean.
    relative
        Whether it is a share.
    """

    size: float
    relative: bool

    def of(self, mean: float | None) -> float:
        """Return the size in the outcome's unit, given the mean in the base."""
        return self.size * abs(mean or 0.0) if self.relative else self.size


DEFAULTS = {
    "yes_no": Least(0.02, False), "day": Least(14.0, False), "number": Least(0.02, True), "ratio": Least(0.02, True),
}
"""By kind of outcome: two percentage points, two weeks, and 2 % of the base's mean. All are assumed."""


def least_of(stated: Mapping[str, Least], name: str, kind: str) -> Least:
    """Return the least difference in an outcome that matters.

    A size that is stated for an outcome holds in each place too, and for the outcome whose mean is estimated from it
    (of ``killed_expected`` for ``killed``), unless these have one of their own.

    Parameters
    ----------
    stated
        The sizes that the scenario states, by outcome.
    name, kind
        The outcome.
    """
    for candidate in (name, smoothed(name), name.partition(".")[0], smoothed(name).partition(".")[0]):
        if candidate in stated:
            return stated[candidate]
    return DEFAULTS[kind]
