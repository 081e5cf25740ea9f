"""Random variates, each an explicit formula of uniforms on [0, 1).

A uniform is a multiple of 2^-53, so 1 - u is exact.
"""

import math

from sim.rules import normal
from sim.rules.portable import exp, exp_less_1, log

HALF_STEP = 5.551115123125783e-17  # 2^-54


def exponential(mean: float, u: float) -> float:
    """Return an exponential variate by inversion."""
    return -mean * log(1.0 - u)


def duration(mean: float, spread: float, u: float) -> float:
    """Return a duration with the given mean and coefficient of variation ``spread``, 0 (fixed) to 1 (exponential).

    A shifted exponential: at least (1 - spread) mean, plus an exponential time.
    """
    return mean * (1.0 - spread - spread * log(1.0 - u))


def standard_normal(u: float) -> float:
    """Return a standard normal variate by inversion; a uniform of 0 counts as half the least other one."""
    return normal.at(max(u, HALF_STEP))


def geometric(mean: float, u: float) -> int:
    """Return a geometric count 0, 1, 2, ... with the given mean, by inversion."""
    if mean <= 0.0:
        return 0
    return int(log(1.0 - u) / log(mean / (1.0 + mean)))


def poisson(mean: float, at_most: int, u: float) -> int:
    """Return a Poisson count by inversion with sequential search, cut off at ``at_most``."""
    chance = exp(-mean)
    reached = chance
    count = 0
    while u >= reached and count < at_most:
        count += 1
        chance = chance * mean / count
        reached = reached + chance
    return count


def nearest(x: float) -> int:
    """Round to the nearest whole number, halves up."""
    return math.floor(x + 0.5)


def power(base: float, exponent: float) -> float:
    """Return a power of a positive number.

    It does not use ``**``, which is a function of the C library.
    """
    return exp(exponent * log(base))


def power_law(exponent: float, largest: int, u: float) -> int:
    """Return k from 1 to ``largest`` with chance proportional to k^-exponent, by inversion with sequential search."""
    sought = u * power_sum(exponent, largest)
    reached = 1.0
    k = 1
    while reached <= sought and k < largest:
        k += 1
        reached += power(float(k), -exponent)
    return k


def power_law_mean(exponent: float, largest: int) -> float:
    """Return the mean of `power_law`."""
    return power_sum(exponent - 1.0, largest) / power_sum(exponent, largest)


HEAD = 24  # terms summed one by one; the error of Euler-Maclaurin beyond them is below 1e-12 of the sum
LOG_HEAD = log(24.0)


def power_sum(exponent: float, largest: int) -> float:
    """Return the sum of k^-exponent for k from 1 to ``largest`` (Euler-Maclaurin beyond the first terms)."""
    if largest <= HEAD:
        return power_head(exponent, largest)
    return power_sum_from(power_head(exponent, HEAD), exponent, largest)


def power_head(exponent: float, last: int) -> float:
    """Return the sum of k^-exponent for k from 1 to ``last``, term by term."""
    total = 0.0
    for k in range(1, last + 1):
        total += power(float(k), -exponent)
    return total


def power_sum_from(head: float, exponent: float, largest: int) -> float:
    """Return the sum of k^-exponent for k from 1 to ``largest``, more than HEAD, given the sum up to HEAD."""
    a = float(HEAD)
    b = float(largest)
    log_b = log(b)
    fa = exp(-exponent * LOG_HEAD)
    fb = exp(-exponent * log_b)
    slope = -exponent * (fb / b - fa / a)
    third = -exponent * (exponent + 1.0) * (exponent + 2.0) * (fb / (b * b * b) - fa / (a * a * a))
    integral = a * fa * _rise(1.0 - exponent, log_b - LOG_HEAD)
    return head + integral + (fb - fa) / 2.0 + slope / 12.0 - third / 720.0


def _rise(rate: float, span: float) -> float:
    """Return the integral of e^(rate x) from 0 to ``span``, accurate near rate 0 too."""
    if math.fabs(rate * span) < 1e-12:
        return span
    return exp_less_1(rate * span) / rate
