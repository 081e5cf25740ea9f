"""Compiled functions give the bits that Python gives, and products and sums stay what they are."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray

from sim.clocks.compiled_rules import compiled_rule
from sim.clocks.program import Program
from sim.rules import normal, portable

Floats = NDArray[np.float64]


def over(function: Callable[..., Any]) -> Callable[[Floats], Floats]:
    """Return the compiled version of a rule, over an array."""
    rule = compiled_rule(function)

    @njit  # type: ignore[untyped-decorator]
    def each(xs: Floats) -> Floats:
        found = np.empty(len(xs))
        for i in range(len(xs)):
            found[i] = rule(xs[i])
        return found

    return each  # type: ignore[no-any-return]


@pytest.mark.parametrize("function", [portable.log, portable.exp, normal.at, normal.below], ids=lambda f: f.__name__)
def test_compiled_functions_give_the_same_bits(function: Callable[[float], float]) -> None:
    fractions = np.random.default_rng(1).random(4000)
    wide = np.ldexp(fractions, np.resize(np.arange(-1074, 1024), fractions.size))
    edges = [0.0, -0.0, np.inf, -np.inf, np.nan]
    xs = np.concatenate([fractions, 1500 * fractions - 750, 20 * fractions - 10, wide, -wide, edges])
    expected = np.array([function(x) for x in xs.tolist()])
    assert over(function)(xs).tobytes() == expected.tobytes()


def sums(numbers: Any, out: Any) -> int:
    """Work out a b + c, and (a + b) + c with c = -a: neither in one rounding nor in another order."""
    out[0] = numbers[0] * numbers[1] + numbers[2]
    total = 0.0
    for i in range(3, len(numbers)):
        total += numbers[i]
    out[1] = total
    return 0


def test_products_and_sums_are_rounded_one_by_one_and_in_order(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fused, the first would be 2^-54; added up in pairs, the second would be 0 or 2."""
    monkeypatch.setenv("DRAWDOWN_SIM_CACHE", str(tmp_path))
    a = 1.0 + 2.0**-27
    numbers = np.array([a, a, -(1.0 + 2.0**-26), *[1.0, 1e16, 1.0, -1e16] * 16])
    out = np.zeros(2)
    Program("sums", lambda: sums, lambda: (numbers, out), ["sim.rules"])(numbers, out)
    expected = np.zeros(2)
    sums(numbers.tolist(), expected)
    assert expected[0] == 0.0
    assert out.tolist() == expected.tolist()
