"""Logarithm and exponential with the same bits on every machine.

The functions of `math` are those of the C library, whose last bits differ from system to system. These here use only
+ - * / and powers of two, which every machine carries out alike, and are within 1 ulp of the true value. Each takes
its argument apart into a power of two and a small rest, for which a short series is enough. The terms of a series are
taken in pairs and fours, so that a processor can work on several at once.
"""

import math

LN_2_HIGH = 0.6931471803691238  # the first 32 bits of ln 2: products with an exponent are exact
LN_2_LOW = 1.9082149292705877e-10  # and the rest
PER_LN_2 = 1.4426950408889634
SQRT_HALF = 0.7071067811865476
LEAST_NORMAL = 2.2250738585072014e-308
TWO_TO_54 = 18014398509481984.0
NO_FRACTION = 6755399441055744.0  # 1.5 2^52: numbers of this size are whole, so adding it rounds to the nearest one


def split(x: float) -> tuple[float, int]:
    """Return the fraction, from 0.5 to below 1, and the exponent of a normal number above 0, fraction 2^exponent."""
    return math.frexp(x)


def power_of_two(k: int) -> float:
    """Return 2^k, for k from -1022 to 1023."""
    return math.ldexp(1.0, k)


def log(x: float) -> float:
    """Return the natural logarithm: minus infinity at 0, not a number below."""
    if not x > 0.0:
        return -math.inf if x == 0.0 else math.nan
    if x == math.inf:
        return x
    k = 0
    if x < LEAST_NORMAL:
        x *= TWO_TO_54
        k = -54
    fraction, exponent = split(x)
    k += exponent
    if fraction < SQRT_HALF:
        fraction *= 2.0
        k -= 1
    f = fraction - 1.0
    # With s = f / (2 + f), log(1 + f) = 2 (s + s^3 / 3 + s^5 / 5 + ...), and 2 s = f - f^2 / 2 + s f^2 / 2.
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    v = w * w
    first = 2.0 / 3.0 + z * (2.0 / 5.0) + w * (2.0 / 7.0 + z * (2.0 / 9.0))
    second = 2.0 / 11.0 + z * (2.0 / 13.0) + w * (2.0 / 15.0 + z * (2.0 / 17.0))
    third = 2.0 / 19.0 + z * (2.0 / 21.0)
    series = first + v * (second + v * third)
    half = 0.5 * f * f
    whole = k * LN_2_HIGH
    total = whole + f
    lost = (whole - total) + f  # what rounding has cost the sum
    return total + (lost + (k * LN_2_LOW - (half - s * (half + z * series))))


def log_1_plus(x: float) -> float:
    """Return log(1 + x), accurate near 0 too (Kahan)."""
    u = 1.0 + x
    return x if u == 1.0 else log(u) * (x / (u - 1.0))


def exp(x: float) -> float:
    """Return e^x: infinity where that is too large a number, 0 where it is too small."""
    if not -746.0 < x < 710.0:
        return 0.0 if x < 0.0 else x + math.inf
    whole = x * PER_LN_2 + NO_FRACTION - NO_FRACTION
    high = x - whole * LN_2_HIGH
    low = whole * LN_2_LOW
    total = 1.0 + high
    lost = (1.0 - total) + high  # what rounding has cost the sum
    rest = total + (lost + (_bend(high - low) - low))
    k = int(whole)
    if -1022 <= k <= 1023:
        return rest * power_of_two(k)
    return rest * power_of_two(k // 2) * power_of_two(k - k // 2)


def exp_less_1(x: float) -> float:
    """Return e^x - 1, accurate near 0 too."""
    if math.fabs(x) > 0.34:
        return exp(x) - 1.0
    return x + _bend(x)


def _bend(r: float) -> float:
    """Return e^r - 1 - r, which is r^2 / 2 + r^3 / 6 + ... + r^n / n! + ..., for r between -0.35 and 0.35."""
    z = r * r
    w = z * z
    first = 1.0 / 2.0 + r * (1.0 / 6.0) + z * (1.0 / 24.0 + r * (1.0 / 120.0))
    second = 1.0 / 720.0 + r * (1.0 / 5040.0) + z * (1.0 / 40320.0 + r * (1.0 / 362880.0))
    third = 1.0 / 3628800.0 + r * (1.0 / 39916800.0) + z * (1.0 / 479001600.0 + r * (1.0 / 6227020800.0))
    return z * (first + w * (second + w * third))
