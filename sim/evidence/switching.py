"""Likelihood of a Markov-modulated Poisson process: the rate is low or high for unobserved exponential times.

The likelihood sums over the two states, forward through the record (Fischer and Meier-Hellstern 1993). Counts over an
interval are computed by uniformisation, which adds only positive terms.
"""

import math

import numpy as np

from sim.evidence.kernel import compiled
from sim.evidence.record import Floats, Whole


@compiled
def of_times(
    times: Floats, begin: float, end: float, low: float, high: float, rising: float, falling: float, risen: Floats,
    at_first: float = math.nan,
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
        Chance of the high state at the beginning; that of the long run when left out.
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


@compiled
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


@compiled
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
    at_rest = rising / (rising + falling)
    hot, now, total = at_rest, starts[0], 0.0
    for i in range(len(counts)):
        hot = at_rest + (hot - at_rest) * math.exp((now - starts[i]) * (rising + falling))
        now = ends[i]
        calm_at, hot_at = _counted(1.0 - hot, hot, now - starts[i], counts[i], low, high, rising, falling)
        exactly[i] = calm_at[-1] + hot_at[-1]
        below[i] = calm_at[:-1].sum() + hot_at[:-1].sum()
        if exactly[i] <= 0.0:
            return -math.inf, hot
        total += math.log(exactly[i])
        hot = hot_at[-1] / exactly[i]
    return total, hot


@compiled
def _counted(
    calm: float, hot: float, days: float, most: int, low: float, high: float, rising: float, falling: float
) -> tuple[Floats, Floats]:
    """Return the chances of both states together with 0, 1, ... ``most`` attacks over some days."""
    pace = max(low + rising, high + falling)
    ticks = pace * days
    last = int(ticks + 10.0 * math.sqrt(ticks)) + 20
    calm_now, hot_now = np.zeros(most + 1), np.zeros(most + 1)
    calm_now[0], hot_now[0] = calm, hot
    calm_sum, hot_sum = np.zeros(most + 1), np.zeros(most + 1)
    for tick in range(last + 1):
        weight = math.exp(tick * math.log(ticks) - ticks - math.lgamma(tick + 1.0))
        for n in range(most, -1, -1):
            calm_sum[n] += weight * calm_now[n]
            hot_sum[n] += weight * hot_now[n]
            stays = (calm_now[n] * (1.0 - (rising + low) / pace) + hot_now[n] * falling / pace,
                     hot_now[n] * (1.0 - (falling + high) / pace) + calm_now[n] * rising / pace)
            attacked = (calm_now[n - 1] * low / pace, hot_now[n - 1] * high / pace) if n > 0 else (0.0, 0.0)
            calm_now[n], hot_now[n] = stays[0] + attacked[0], stays[1] + attacked[1]
    return calm_sum, hot_sum
