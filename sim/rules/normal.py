"""The standard normal distribution: the chance below a value, and the value below which a given chance lies."""

import math

from sim.rules.portable import exp, log

SQRT_2_PI = 2.5066282746310002
LEVELS = 50  # of the continued fraction: enough for all digits from 3 on


def below(x: float) -> float:
    """Return the chance of a value below ``x``."""
    tail = _tail(math.fabs(x))
    return tail if x < 0.0 else 1.0 - tail


def _tail(x: float) -> float:
    """Return the chance of a value above ``x``, which is not negative.

    By a series (Marsaglia 2004), far out by Laplace's continued fraction.
    """
    density = exp(-0.5 * x * x) / SQRT_2_PI
    if x < 3.0:
        term = x
        total = x
        n = 1.0
        while total + term != total:
            n += 2.0
            term *= x * x / n
            total += term
        return 0.5 - density * total
    fraction = x
    for n in range(LEVELS, 0, -1):
        fraction = x + n / fraction
    return density / fraction


def at(chance: float) -> float:
    """Return the value below which the chance lies (Wichura 1988, AS 241)."""
    if chance <= 0.0:
        return -math.inf
    if chance >= 1.0:
        return math.inf
    q = chance - 0.5
    if math.fabs(q) <= 0.425:
        return q * _middle(0.180625 - q * q)
    r = math.sqrt(-log(min(chance, 1.0 - chance)))
    x = _outside(r - 1.6) if r <= 5.0 else _far_outside(r - 5.0)
    return x if q > 0.0 else -x


def _middle(r: float) -> float:
    over = 3.3871328727963666080 + r * (133.14166789178437745 + r * (1971.5909503065514427 + r * (
        13731.693765509461125 + r * (45921.953931549871457 + r * (67265.770927008700853 + r * (
            33430.575583588128105 + r * 2509.0809287301226727))))))
    under = 1.0 + r * (42.313330701600911252 + r * (687.18700749205790830 + r * (
        5394.1960214247511077 + r * (21213.794301586595867 + r * (39307.895800092710610 + r * (
            28729.085735721942674 + r * 5226.4952788528545610))))))
    return over / under


def _outside(r: float) -> float:
    over = 1.42343711074968357734 + r * (4.63033784615654529590 + r * (5.76949722146069140550 + r * (
        3.64784832476320460504 + r * (1.27045825245236838258 + r * (0.241780725177450611770 + r * (
            0.0227238449892691845833 + r * 7.74545014278341407640e-4))))))
    under = 1.0 + r * (2.05319162663775882187 + r * (1.67638483018380384940 + r * (
        0.689767334985100004550 + r * (0.148103976427480074590 + r * (0.0151986665636164571966 + r * (
            5.47593808499534494600e-4 + r * 1.05075007164441684324e-9))))))
    return over / under


def _far_outside(r: float) -> float:
    over = 6.65790464350110377720 + r * (5.46378491116411436990 + r * (1.78482653991729133580 + r * (
        0.296560571828504891230 + r * (0.0265321895265761230930 + r * (1.24266094738807843860e-3 + r * (
            2.71155556874348757815e-5 + r * 2.01033439929228813265e-7))))))
    under = 1.0 + r * (0.599832206555887937690 + r * (0.136929880922735805310 + r * (
        0.0148753612908506148525 + r * (7.86869131145613259100e-4 + r * (1.84631831751005468180e-5 + r * (
            1.42151175831644588870e-7 + r * 2.04426310338993978564e-15))))))
    return over / under
