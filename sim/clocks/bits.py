"""Numbers taken apart into fraction and power of two, compiled: counterparts of `split` and `power_of_two`.

The functions themselves are in `sim.rules.portable`.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.clocks.parts import part

FRACTION = 2**52 - 1
HALF = 1022 << 52  # the bits of 0.5


def _same_bits(of: Any, as_: Any, wide: ir.Type) -> Any:
    """Return an operation that reads the 64 bits of one type as another."""

    @intrinsic  # type: ignore[untyped-decorator]
    def read(typingctx: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], wide)

        return as_(of), generate

    return read


_word = _same_bits(types.float64, types.int64, ir.IntType(64))
_number = _same_bits(types.int64, types.float64, ir.DoubleType())


@part
def split(x: float) -> tuple[float, int]:
    """Return the fraction and the exponent of a normal number above 0; see `sim.rules.portable.split`."""
    word = _word(x)
    return _number((word & FRACTION) | HALF), (word >> 52) - 1022


@part
def power_of_two(k: int) -> Any:
    """Return 2^k; see `sim.rules.portable.power_of_two`."""
    return _number((k + 1023) << 52)
