"""Logarithm, exponential and the normal distribution, against mpmath; and their bits, which hold on every machine."""

import math
import struct
import sys
from collections.abc import Callable
from hashlib import sha256

import mpmath
import numpy as np
import pytest
from scipy import special

from sim.rules import normal, portable

MANY = 5_000
MOST_ERROR = 1.0  # in units in the last place
POSITIVE = [math.nextafter(0.0, 1.0), sys.float_info.min, 0.5, math.nextafter(1.0, 0.0), 1.0, math.nextafter(1.0, 2.0),
            math.sqrt(0.5), math.nextafter(math.sqrt(0.5), 0.0), 10.0, 2500.0, sys.float_info.max]


def positive(generator: np.random.Generator) -> list[float]:
    """Return positive numbers: of all sizes, close to 1, below 1 and whole."""
    fractions = generator.random((4, MANY))
    return [*POSITIVE, *np.ldexp(0.5 + fractions[0] / 2, generator.integers(-1073, 1025, MANY)).tolist(),
            *(1 + np.ldexp(fractions[1] - 0.5, generator.integers(-52, 1, MANY))).tolist(),
            *(1 - fractions[2]).tolist(), *np.arange(1.0, 2501.0).tolist()]


def exponents(generator: np.random.Generator) -> list[float]:
    """Return exponents: wherever e^x is neither 0 nor infinite, small, and moderate."""
    fractions = generator.random((3, MANY))
    return [0.0, -745.13, 709.78, math.log(2) / 2, -math.log(2) / 2, *(-745 + fractions[0] * 1454.7).tolist(),
            *np.ldexp(fractions[1] - 0.5, generator.integers(-60, 1, MANY)).tolist(),
            *(20 * fractions[2] - 10).tolist()]


def furthest(function: Callable[[float], float], exact: Callable[[float], mpmath.mpf], xs: list[float]) -> float:
    """Return the largest error of a function, in units in the last place of what it gives."""
    with mpmath.workprec(120):
        return max(float(abs(function(x) - exact(mpmath.mpf(x))) / math.ulp(function(x))) for x in xs)


@pytest.mark.parametrize(("function", "exact", "arguments"), [
    (portable.log, mpmath.log, positive), (portable.exp, mpmath.exp, exponents)], ids=["log", "exp"])
def test_within_one_unit_in_the_last_place(
    function: Callable[[float], float], exact: Callable[[float], mpmath.mpf],
    arguments: Callable[[np.random.Generator], list[float]],
) -> None:
    assert furthest(function, exact, arguments(np.random.default_rng(1))) < MOST_ERROR


def test_e_to_the_x_less_1_keeps_its_digits_near_0() -> None:
    xs = [x for x in exponents(np.random.default_rng(2)) if x != 0.0]
    assert furthest(portable.exp_less_1, mpmath.expm1, xs) < 4
    assert portable.exp_less_1(0.0) == 0.0


def test_the_logarithm_of_1_plus_x_keeps_its_digits_near_0() -> None:
    xs = [x for x in exponents(np.random.default_rng(4)) if -1.0 < x < 1.0 and x != 0.0]
    assert furthest(portable.log_1_plus, mpmath.log1p, [*xs, 1e-300, -1e-17]) < 4
    assert portable.log_1_plus(0.0) == 0.0


def test_where_there_is_no_number() -> None:
    assert [portable.log(x) for x in (0.0, -0.0, math.inf, 1.0)] == [-math.inf, -math.inf, math.inf, 0.0]
    assert all(math.isnan(portable.log(x)) for x in (-1.0, -math.inf, math.nan))
    assert [portable.exp(x) for x in (-math.inf, -1e300, -746.0, -745.2)] == [0.0] * 4
    assert [portable.exp(x) for x in (math.inf, 1e300, 710.0, 709.79)] == [math.inf] * 4
    assert portable.exp(0.0) == portable.exp(-0.0) == 1.0
    assert math.isnan(portable.exp(math.nan))


@pytest.mark.parametrize("x", [0.0, 1e-300, 1e-3, 0.5, 1.0, 1.5, 2.0, 2.999999, 3.0, 3.1, 4.0, 6.0, 10.0, 20.0, 37.0])
def test_the_normal_distribution(x: float) -> None:
    with mpmath.workprec(200):
        tail = mpmath.erfc(mpmath.mpf(x) / mpmath.sqrt(2)) / 2
    assert normal.below(-x) == pytest.approx(float(tail), rel=2e-13)
    assert normal.below(x) == pytest.approx(float(1 - tail), rel=1e-15)


def test_the_normal_distribution_far_out() -> None:
    assert (normal.below(-math.inf), normal.below(math.inf), normal.below(-40.0)) == (0.0, 1.0, 0.0)
    assert (normal.at(0.0), normal.at(1.0), normal.at(0.5)) == (-math.inf, math.inf, 0.0)


def test_the_normal_distribution_is_inverted() -> None:
    """As SciPy does, everywhere between 1e-300 and 1 - 1e-16; and never falling where one formula follows another."""
    chances = [*np.linspace(0.001, 0.999, 1999), *(10.0 ** np.arange(-300, -3)), *(1 - 10.0 ** np.arange(-16, -3))]
    for chance in map(float, chances):
        assert normal.at(chance) == pytest.approx(special.ndtri(chance), rel=1e-13, abs=1e-15)
    for edge in (0.075, 0.925, math.exp(-25.0)):
        near = [edge * (1 + k * 1e-12) for k in range(-5, 6)]
        assert [normal.at(chance) for chance in near] == sorted(normal.at(chance) for chance in near)


BITS = {"log": "c22677c38370d4df", "exp": "75d7832ed135498f", "exp_less_1": "dfd93e9e323215a1",
        "below": "c2f89d842f202536", "at": "e344736fdbd880f3"}
"""Of each function a hash of what it gives for some thousand numbers; it is the same on every machine."""


def test_bits_are_the_same_everywhere() -> None:
    generator = np.random.default_rng(3)
    chances = generator.random(MANY).tolist()
    assert {"log": bits(portable.log, [*chances, *np.arange(1.0, 2501.0).tolist(), *POSITIVE]),
            "exp": bits(portable.exp, [1490 * u - 750 for u in chances]),
            "exp_less_1": bits(portable.exp_less_1, [2 * u - 1 for u in chances]),
            "below": bits(normal.below, [16 * u - 8 for u in chances]),
            "at": bits(normal.at, [*chances, *(u / 2**40 for u in chances)])} == BITS


def bits(function: Callable[[float], float], xs: list[float]) -> str:
    return sha256(struct.pack(f"<{len(xs)}d", *map(function, xs))).hexdigest()[:16]
