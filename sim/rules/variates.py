"""Random variates, each an explicit formula of uniforms on [0, 1)."""

import math


def exponential(mean: float, u: float) -> float:
    """Return an exponential variate by inversion."""
    return -mean * math.log1p(-u)


def duration(mean: float, spread: float, u: float) -> float:
    """Return a duration with the given mean and coefficient of variation ``spread``, 0 (fixed) to 1 (exponential).

    A shifted exponential: at least (1 - spread) mean, plus an exponential time.
    """
    return mean * (1.0 - spread - spread * math.log1p(-u))


def standard_normal(u: float, v: float) -> float:
    """Return a standard normal variate (Box and Muller 1958)."""
    return math.sqrt(-2.0 * math.log1p(-u)) * math.cos(2.0 * math.pi * v)


def geometric(mean: float, u: float) -> int:
    """Return a geometric count 0, 1, 2, ... with the given mean, by inversion."""
    if mean <= 0.0:
        return 0
    return int(math.log1p(-u) / math.log(mean / (1.0 + mean)))


def poisson(mean: float, at_most: int, u: float) -> int:
    """Return a Poisson count by inversion with sequential search, cut off at ``at_most``."""
    chance = math.exp(-mean)
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

    It does not use ``**``: for known bases such as 2 and 10 compilers call other functions, whose last bits differ.
    """
    return math.exp(exponent * math.log(base))


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
    fa = power(a, -exponent)
    fb = power(b, -exponent)
    slope = -exponent * (fb / b - fa / a)
    third = -exponent * (exponent + 1.0) * (exponent + 2.0) * (fb / (b * b * b) - fa / (a * a * a))
    return head + _power_integral(exponent, a, b) + (fb - fa) / 2.0 + slope / 12.0 - third / 720.0


def _power_integral(exponent: float, a: float, b: float) -> float:
    """Return the integral of x^-exponent from a to b, accurate near exponent 1 too."""
    rise = 1.0 - exponent
    span = math.log(b / a)
    if math.fabs(rise * span) < 1e-12:
        return span
    return power(a, rise) * math.expm1(rise * span) / rise
