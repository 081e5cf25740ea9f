"""Likelihood of a Markov-modulated Poisson process: the rate is low or high for unobserved exponential times.

The likelihood sums over the two states, forward through the record (Fischer and Meier-Hellstern 1993). Counts over an
interval are computed by uniformisation, which adds only positive terms.
"""

import math

import numpy as np

from sim.evidence.loops import Grid, compiled
from sim.evidence.record import Floats, Whole


@compiled
def of_times(
    times: Floats, begin: float, end: float, low: float, high: float, rising: float, falling: float, risen: Floats,
    at_first: float,
) -> tuple[float, float]:
    """Return the log-likelihood of attacks at known times, and the chance of the high state at the end.

    Parameters
    ----------
    times
        Ascending, in days.
    begin, end
        Of the record.
    low, high
        Attacks per day in the two states.
    rising, falling
        Rate of going from low to high, and back, per day.
    risen
        Filled with the integral of the intensity, given the past, from each attack to the next, the first counted from
        the beginning; one longer than ``times``.
    at_first
        Chance of the high state at the beginning; that of the long run if NaN.
    """
    calm, hot = falling / (rising + falling), rising / (rising + falling)
    if not math.isnan(at_first):
        calm, hot = 1.0 - at_first, at_first
    now, total = begin, 0.0
    for i in range(len(times) + 1):
        upto = times[i] if i < len(times) else end
        calm, hot = _silent(calm, hot, upto - now, low, high, rising, falling)
        silence = calm + hot
        if silence <= 0.0:
            return -math.inf, 0.0
        risen[i] = -math.log(silence)
        total += math.log(silence)
        now = upto
        if i < len(times):
            calm, hot = calm * low / silence, hot * high / silence
            intensity = calm + hot
            if intensity <= 0.0:
                return -math.inf, 0.0
            total += math.log(intensity)
            calm, hot = calm / intensity, hot / intensity
    return total, hot / (calm + hot)


def _silent(
    calm: float, hot: float, days: float, low: float, high: float, rising: float, falling: float
) -> tuple[float, float]:
    """Return the chances of both states after some days without an attack: a 2 x 2 matrix exponential."""
    a, d = -rising - low, -falling - high
    middle, half = 0.5 * (a + d), 0.5 * (a - d)
    root = math.sqrt(half * half + rising * falling)
    up, down = math.exp((middle + root) * days), math.exp((middle - root) * days)
    mean, slope = 0.5 * (up + down), (0.5 * (up - down) / root if root > 0.0 else days * up)
    return (calm * (mean + slope * half) + hot * slope * falling, calm * slope * rising + hot * (mean - slope * half))


def of_counts(
    starts: Floats, ends: Floats, counts: Whole, low: float, high: float, rising: float, falling: float, below: Floats,
    exactly: Floats,
) -> tuple[float, float]:
    """Return the log-likelihood of attacks counted over intervals, and the chance of the high state at the end.

    Parameters
    ----------
    starts, ends, counts
        Of the intervals, in order.
    low, high, rising, falling
        As for `of_times`.
    below, exactly
        Filled with the chance of fewer attacks than counted, and of as many, given all intervals before.
    """
    return _filter(starts, ends, counts, low, high, rising, falling, below, exactly, np.empty((4, counts.max() + 1)))


@compiled
def _filter(
    starts: Floats, ends: Floats, counts: Whole, low: float, high: float, rising: float, falling: float, below: Floats,
    exactly: Floats, chances: Grid,
) -> tuple[float, float]:
    """Follow the chances of both states through the intervals; see `of_counts` and `_counted`."""
    at_rest = rising / (rising + falling)
    hot, now, total = at_rest, starts[0], 0.0
    for i in range(len(counts)):
        hot = at_rest + (hot - at_rest) * math.exp((now - starts[i]) * (rising + falling))
        now = ends[i]
        n = counts[i]
        _counted(1.0 - hot, hot, now - starts[i], n, low, high, rising, falling, chances)
        calm_at, hot_at = chances[0], chances[1]
        exactly[i] = calm_at[n] + hot_at[n]
        below[i] = calm_at[:n].sum() + hot_at[:n].sum()
        if exactly[i] <= 0.0:
            return -math.inf, hot
        total += math.log(exactly[i])
        hot = hot_at[n] / exactly[i]
    return total, hot


def _counted(
    calm: float, hot: float, days: float, most: int, low: float, high: float, rising: float, falling: float,
    chances: Grid,
) -> None:
    """Fill in the chances of both states together with 0, 1, ... ``most`` attacks over some days.

    They are in the first two rows of ``chances``; the others are work space.
    """
    pace = max(low + rising, high + falling)
    ticks = pace * days
    last = int(ticks + 10.0 * math.sqrt(ticks)) + 20
    calm_sum, hot_sum, calm_now, hot_now = chances[0], chances[1], chances[2], chances[3]
    chances[:, : most + 1] = 0.0
    calm_now[0], hot_now[0] = calm, hot
    for tick in range(last + 1):
        weight = math.exp(tick * math.log(ticks) - ticks - math.lgamma(tick + 1.0))
        for n in range(most, -1, -1):
            calm_sum[n] += weight * calm_now[n]
            hot_sum[n] += weight * hot_now[n]
            stays = (calm_now[n] * (1.0 - (rising + low) / pace) + hot_now[n] * falling / pace,
                     hot_now[n] * (1.0 - (falling + high) / pace) + calm_now[n] * rising / pace)
            attacked = (calm_now[n - 1] * low / pace, hot_now[n - 1] * high / pace) if n > 0 else (0.0, 0.0)
            calm_now[n], hot_now[n] = stays[0] + attacked[0], stays[1] + attacked[1]
