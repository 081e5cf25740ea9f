"""Large counts of a Markov-modulated process: an attack has no time of its own.

Given how long the rate was high, a count is Poisson. How long it was high has a known density (Bessel functions). So
the chance of a count is an integral, which is taken by the rule of Gauss and Legendre.
"""

import math

import numpy as np

from sim.evidence.loops import compiled
from sim.evidence.record import Floats, Whole

NODES, WEIGHTS = np.polynomial.legendre.leggauss(64)
REACH = 9.0
"""Standard deviations beyond which nothing is added up."""
FAST = 100.0
"""From this many switches in an interval, the time at the high rate is close to normal."""


@compiled
def play_switching(
    generator: np.random.Generator, begin: float, starts: Floats, ends: Floats, low: float, high: float, rising: float,
    falling: float, is_high: int, means: Floats,
) -> int:
    """Fill in the means of counts under a rate that switches; return how many. No attack has a time of its own."""
    now, first = begin, 0
    means[:] = 0.0
    while now < ends[-1]:
        until = now + generator.exponential(1.0 / (falling if is_high else rising))
        while first < len(starts) and ends[first] <= now:
            first += 1
        i = first
        while i < len(starts) and starts[i] < until:
            means[i] += (high if is_high else low) * max(0.0, min(ends[i], until) - max(starts[i], now))
            i += 1
        now, is_high = until, 1 - is_high
    return len(means)


@compiled
def switching_counts(
    starts: Floats, ends: Floats, counts: Whole, low: float, high: float, rising: float, falling: float,
    nodes: Floats, weights: Floats, below: Floats, exactly: Floats,
) -> tuple[float, float]:
    """Return the log-likelihood of large counts of a Markov-modulated process, and the chance of the high state after.

    Parameters
    ----------
    starts, ends, counts, low, high, rising, falling, below, exactly
        As for `sim.evidence.switching.of_counts`.
    nodes, weights
        Of Gauss and Legendre's rule from -1 to 1.
    """
    at_rest = rising / (rising + falling)
    hot, now, total = at_rest, starts[0], 0.0
    for i in range(len(counts)):
        hot = at_rest + (hot - at_rest) * math.exp((now - starts[i]) * (rising + falling))
        now = ends[i]
        calm_at, hot_at, less = _counted(1.0 - hot, hot, now - starts[i], counts[i], low, high, rising, falling, nodes,
                                         weights)
        exactly[i], below[i] = calm_at + hot_at, less
        if exactly[i] <= 0.0:
            return -math.inf, hot
        total += math.log(exactly[i])
        hot = hot_at / exactly[i]
    return total, hot


def _counted(
    calm: float, hot: float, days: float, n: int, low: float, high: float, rising: float, falling: float,
    nodes: Floats, weights: Floats,
) -> tuple[float, float, float]:
    """Return the chances of n attacks and of either state after some days, and the chance of fewer attacks."""
    first, last = _reach(days, n, low, high, rising, falling)
    all_ways = math.lgamma(n + 1.0)
    as_likely, fewer = _poisson(n, low * days, all_ways)
    stays = calm * math.exp(-rising * days)
    calm_at, less, hot_at = stays * as_likely, stays * fewer, 0.0
    as_likely, fewer = _poisson(n, high * days, all_ways)
    stays = hot * math.exp(-falling * days)
    hot_at, less = hot_at + stays * as_likely, less + stays * fewer
    least = _least(days, rising, falling)
    for panel in range(2):  # where the count may be n, and where the rate was high for less than that
        left, right = (first, last) if panel == 0 else (min(least, first), first)
        for j in range(len(nodes)):
            at_high = left + 0.5 * (right - left) * (nodes[j] + 1.0)
            at_low = days - at_high
            weight = 0.5 * (right - left) * weights[j]
            if weight <= 0.0 or at_high <= 0.0 or at_low <= 0.0:
                continue
            x = 2.0 * math.sqrt(rising * falling * at_high * at_low)
            damped = weight * math.exp(-(math.sqrt(rising * at_low) - math.sqrt(falling * at_high)) ** 2)
            crossing, returning = damped * _bessel(x, 0), damped * _bessel(x, 1) * math.sqrt(rising * falling)
            to_calm = calm * returning * math.sqrt(at_low / at_high) + hot * falling * crossing
            to_hot = hot * returning * math.sqrt(at_high / at_low) + calm * rising * crossing
            as_likely, fewer = _poisson(n, low * at_low + high * at_high, all_ways)
            if panel == 0:
                calm_at += to_calm * as_likely
                hot_at += to_hot * as_likely
            less += (to_calm + to_hot) * fewer
    return calm_at, hot_at, less


def _least(days: float, rising: float, falling: float) -> float:
    """Return the shortest time at the high rate that is likely at all."""
    pace = rising + falling
    if pace * days < FAST:
        return 0.0
    return max(0.0, rising / pace * days - 3.0 / pace - REACH * math.sqrt(2.0 * rising * falling * days / pace**3))


def _reach(days: float, n: int, low: float, high: float, rising: float, falling: float) -> tuple[float, float]:
    """Return between which times at the high rate a count is likely at all."""
    pace = rising + falling
    least, most = _least(days, rising, falling), days - _least(days, falling, rising)
    if pace <= 0.0 or high - low <= 1e-12 * high:
        return least, most
    half = REACH * math.sqrt(n + 1.0) / (high - low)
    middle = (n - low * days) / (high - low)
    middle = min(max(middle, least), most)
    usual = rising / pace * days if pace * days >= FAST else middle
    return max(least, min(middle, usual) - half), min(most, max(middle, usual) + half)


def _poisson(n: int, mean: float, all_ways: float) -> tuple[float, float]:
    """Return the chance of n, and of fewer (Wilson and Hilferty 1931), under Poisson's distribution.

    ``all_ways`` is the logarithm of n factorial.
    """
    if mean <= 0.0:
        return (1.0, 0.0) if n == 0 else (0.0, 1.0)
    exactly = math.exp(n * math.log(mean) - mean - all_ways)
    if n == 0:
        return exactly, 0.0
    z = 3.0 * math.sqrt(n) * ((mean / n) ** (1.0 / 3.0) - 1.0 + 1.0 / (9.0 * n))
    return exactly, 0.5 * math.erfc(z / math.sqrt(2.0))


def _bessel(x: float, order: int) -> float:
    """Return exp(-x) I0(x) or exp(-x) I1(x), to seven digits (Abramowitz and Stegun 1964, 9.8.1 to 9.8.4)."""
    if x < 3.75:
        t = (x / 3.75) ** 2
        if order == 0:
            return math.exp(-x) * (1.0 + t * (3.5156229 + t * (3.0899424 + t * (1.2067492 + t * (
                0.2659732 + t * (0.0360768 + t * 0.0045813))))))
        return math.exp(-x) * x * (0.5 + t * (0.87890594 + t * (0.51498869 + t * (0.15084934 + t * (
            0.02658733 + t * (0.00301532 + t * 0.00032411))))))
    t = 3.75 / x
    if order == 0:
        return (0.39894228 + t * (0.01328592 + t * (0.00225319 + t * (-0.00157565 + t * (0.00916281 + t * (
            -0.02057706 + t * (0.02635537 + t * (-0.01647633 + t * 0.00392377)))))))) / math.sqrt(x)
    return (0.39894228 + t * (-0.03988024 + t * (-0.00362018 + t * (0.00163801 + t * (-0.01031555 + t * (
        0.02282967 + t * (-0.02895312 + t * (0.01787654 - t * 0.00420059)))))))) / math.sqrt(x)
