"""How troops left: when they lagged behind a straight line, and how uneven they were. Rough, from few dated counts.

Time runs from the first move to the end; where no first move is known, from the announcement. A *lag* of a means that
the share gone is the share of the time to the power of a. What is left beside that curve is taken for weekly tranches
that were put off: where each is with chance u, sqrt(u) / (1 - u) is the standard deviation of the tranches behind.
"""

import math
from collections.abc import Sequence

import numpy as np

from sim.evidence.conduct import Count
from sim.evidence.drawdowns import Episode

LAGS = np.exp(np.linspace(math.log(0.1), math.log(10), 2001))
WEEK = 7


def points(episode: Episode, counts: Sequence[Count]) -> list[tuple[float, float]]:
    """Return the shares of the time and of the troops gone at the dated counts between the first move and the end."""
    begin, leaving = episode.first_move or episode.announced, episode.leaving
    if not episode.actual_end or not leaving:
        return []
    days = (episode.actual_end - begin).days
    shares = [((count.day - begin).days / days, gone / leaving)
              for count in counts if count.id == episode.id and (gone := _gone(episode, count)) is not None]
    return [(time, gone) for time, gone in shares if 0 < time < 1]


def lag(episode: Episode, counts: Sequence[Count]) -> float | None:
    """Return the lag of a drawdown: the power that fits its counts best, from a tenth to ten; None without counts."""
    fit = _fit(points(episode, counts))
    return None if fit is None else fit[0]


def unevenness(episode: Episode, counts: Sequence[Count]) -> float | None:
    """Return the chance that a weekly tranche was put off; None with fewer than two counts."""
    found = points(episode, counts)
    fit = _fit(found)
    if fit is None or len(found) < 2 or not episode.actual_end:
        return None
    days = (episode.actual_end - (episode.first_move or episode.announced)).days
    tranches = math.sqrt(fit[1] / (len(found) - 1)) * days / WEEK
    root = (math.sqrt(1 + 4 * tranches**2) - 1) / (2 * tranches) if tranches > 0 else 0.0
    return root**2


def _gone(episode: Episode, count: Count) -> float | None:
    if count.gone is not None:
        return count.gone
    if count.there is None or episode.troops_from is None:
        return None
    return episode.troops_from - count.there


def _fit(found: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """Return the lag and the sum of squares that it leaves."""
    if not found:
        return None
    time, gone = np.array(found).T
    squares = ((time[:, None] ** LAGS - gone[:, None]) ** 2).sum(axis=0)
    best = int(squares.argmin())
    return float(LAGS[best]), float(squares[best])
