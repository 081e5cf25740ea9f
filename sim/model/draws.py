"""How the uncertain numbers of a scenario are drawn: one uniform for each number, or for each table of joint rows.

The distributions themselves are among the rules (`uncertain`).
"""

from dataclasses import dataclass, field
from itertools import accumulate

from sim.rules import uncertain
from sim.scenario.fields import Discrete, Distribution, Lognormal, Normal, Triangular
from sim.scenario.keys import spot_at, undotted


@dataclass(frozen=True)
class Draw:
    """Uncertain numbers decided by one uniform: a number with a distribution, or several by the row of a table.

    A number of sites that are alike has a place for each of them.
    """

    key: str
    places: tuple[tuple[str, int], ...]  # field of Parameters and index in it, -1 if it is not a list
    dist: int = uncertain.UNIFORM
    numbers: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    rows: tuple[tuple[float, ...], ...] = ()
    upto: list[float] = field(default_factory=list)  # cumulative share of each row
    together: tuple[str, ...] = ()  # the keys, if several are drawn together
    kind: str = ""  # of the plan whose execution it is; empty for a number that is not known

    def values(self, u: float) -> tuple[float, ...]:
        """Return the values that the uniform ``u`` selects, one for each place; without a place, one."""
        if not self.rows:
            return (uncertain.quantile(self.dist, *self.numbers, u),) * max(1, len(self.places))
        return self.rows[uncertain.row_of(self.upto, 0, len(self.rows), u)]


def draw_of(key: str, dist: Distribution, places: tuple[tuple[str, int], ...]) -> Draw:
    """Return how the number with this key is drawn; of counts and dates, only whole numbers."""
    whole = uncertain.WHOLE if _is_whole(key) else 0
    if isinstance(dist, Discrete):
        weights = dist.weights or [1.0] * len(dist.values)
        sums = list(accumulate(weights))  # unlike sum(), which adds up in other ways from Python 3.12 on
        upto = [each / sums[-1] for each in sums]
        return Draw(key, places, rows=tuple((value,) * max(1, len(places)) for value in dist.values), upto=upto)
    if isinstance(dist, Triangular):
        return Draw(key, places, whole + uncertain.TRIANGULAR, (dist.mode, 0.0, dist.low, dist.high))
    if isinstance(dist, Normal):
        return Draw(key, places, whole + uncertain.NORMAL, (dist.mean, dist.sd, dist.low, dist.high))
    if isinstance(dist, Lognormal):
        return Draw(key, places, whole + uncertain.LOGNORMAL, (dist.median, dist.sigma, dist.low, dist.high))
    return Draw(key, places, whole + uncertain.UNIFORM, (0.0, 0.0, dist.low, dist.high))


def _is_whole(key: str) -> bool:
    spot = spot_at(undotted(key)) if key else None
    return spot is not None and (spot.is_count or spot.is_day)
