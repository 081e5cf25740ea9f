"""Uncertain numbers: each is drawn once per replication, from one uniform, by inverting its distribution."""

import math

from sim.rules.normal import at, below
from sim.rules.portable import exp, log

UNIFORM = 0
TRIANGULAR = 1
NORMAL = 2
LOGNORMAL = 3
WHOLE = 4
"""Added to one of these: only whole numbers are drawn."""


def row_of(upto: list[float], first: int, rows: int, u: float) -> int:
    """Return the row of a table that the uniform ``u`` selects.

    Parameters
    ----------
    upto
        Cumulative shares of rows, those of this table from ``first`` on.
    first, rows
        Where this table begins, and how many rows it has.
    u
        From 0 to 1.
    """
    row = 0
    while row < rows - 1 and u >= upto[first + row]:
        row += 1
    return row


def quantile(dist: int, a: float, b: float, low: float, high: float, u: float) -> float:
    """Return the value that the uniform ``u`` selects.

    A whole number, such as a count or a date, is drawn between its lowest value and one above its highest, around the
    middle of its likeliest, and rounded down: so the two ends are as likely as what lies between them.
    """
    if dist < WHOLE:
        return _quantile(dist, a, b, low, high, u)
    drawn = _quantile(dist - WHOLE, a + 0.5, b, low, high + 1.0, u)
    return min(high, float(math.floor(drawn)))


def _quantile(dist: int, a: float, b: float, low: float, high: float, u: float) -> float:
    """Return the value below which a share ``u`` of the distribution lies.

    Parameters
    ----------
    dist
        UNIFORM, TRIANGULAR, NORMAL or LOGNORMAL.
    a, b
        The mode (triangular); mean and sd (normal); median and sd of the logarithm (lognormal).
    low, high
        The bounds.
    u
        From 0 to 1.
    """
    if dist == TRIANGULAR:
        return _triangular(low, a, high, u)
    if dist == NORMAL:
        return min(max(_truncated_normal(a, b, low, high, u), low), high)
    if dist == LOGNORMAL:
        return min(max(exp(_truncated_normal(log(a), b, log(low), log(high), u)), low), high)
    return low + u * (high - low)


def _triangular(low: float, mode: float, high: float, u: float) -> float:
    below = (mode - low) / (high - low)
    if u < below:
        return low + math.sqrt(u * (high - low) * (mode - low))
    return high - math.sqrt((1.0 - u) * (high - low) * (high - mode))


def _truncated_normal(mean: float, sd: float, low: float, high: float, u: float) -> float:
    """Invert the distribution function. A range above the mean is mirrored: chances are told apart best below it."""
    first = (low - mean) / sd
    last = (high - mean) / sd
    if first > 0.0:
        return mean - sd * _between(-last, -first, 1.0 - u)
    return mean + sd * _between(first, last, u)


def _between(first: float, last: float, u: float) -> float:
    """Return the value below which a share ``u`` of a standard normal between two bounds lies."""
    chance = below(first)
    return at(chance + u * (below(last) - chance))
