"""The random streams of `sim.rules.streams`, compiled: NumPy's SeedSequence and PCG64, bit for bit.

A stream is a row of words: its state, its increment and its first state (high and low word of each), and its key.
Formulas: O'Neill (2014) for PCG XSL RR 128/64 and for jumping ahead; O'Neill (2015) for the seeding.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.clocks.entropy import FIRST_OUT, HASH_FACTOR, MIX_LEFT, MIX_RIGHT, OUT_FACTOR, WORD
from sim.clocks.layout import KEY
from sim.clocks.parts import part

Words = NDArray[np.uint64]

STATE, INCREMENT, START = 0, 2, 4
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
MASK = 2**128 - 1
HIGH, LOW = np.uint64(MULTIPLIER >> 64), np.uint64(MULTIPLIER & 2**64 - 1)
TO_UNIT = 1.0 / 2.0**53

DIGITS, DIGIT_BITS = 6, 8
"""Jumps are made digit by digit in base 256, up to a distance of 2^48."""


def _jumps() -> Words:
    """Return, for each digit and value d, the m and g with: state d 256^digit steps ahead = m state + g increment.

    Shape (digits, 256, 4): high and low word of m and of g.
    """
    table = np.zeros((DIGITS, 1 << DIGIT_BITS, 4), np.uint64)
    one_multiplier, one_sum = MULTIPLIER, 1
    for digit in range(DIGITS):
        multiplier, total = 1, 0
        for value in range(1 << DIGIT_BITS):
            words = (multiplier >> 64, multiplier & 2**64 - 1, total >> 64, total & 2**64 - 1)
            table[digit, value] = np.array(words, np.uint64)
            multiplier, total = multiplier * one_multiplier & MASK, (total * one_multiplier + one_sum) & MASK
        one_multiplier, one_sum = multiplier, total
    return table


JUMPS = _jumps()


def _wide(operation: str) -> Any:
    """Return an operation on two 128-bit numbers; they and the result are given as high and low word."""

    @intrinsic  # type: ignore[untyped-decorator]
    def operate(typingctx: Any, high: Any, low: Any, other_high: Any, other_low: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            wide, shift = ir.IntType(128), ir.Constant(ir.IntType(128), 64)
            high, low, other_high, other_low = (builder.zext(argument, wide) for argument in arguments)
            result = getattr(builder, operation)(builder.or_(builder.shl(high, shift), low),
                                                 builder.or_(builder.shl(other_high, shift), other_low))
            words = builder.trunc(builder.lshr(result, shift), ir.IntType(64)), builder.trunc(result, ir.IntType(64))
            return context.make_tuple(builder, signature.return_type, words)

        return types.UniTuple(types.uint64, 2)(*[types.uint64] * 4), generate

    return operate


_times, _plus = _wide("mul"), _wide("add")


@part
def uniform(streams: Any, index: int) -> Any:
    """Draw the next uniform on [0, 1) of a stream; see `sim.rules.streams.uniform`."""
    row = streams[index]
    high, low = _times(row[STATE], row[STATE + 1], HIGH, LOW)
    high, low = _plus(high, low, row[INCREMENT], row[INCREMENT + 1])
    row[STATE], row[STATE + 1] = high, low
    mixed, turn = high ^ low, high >> np.uint64(58)
    bits = (mixed >> turn) | (mixed << ((np.uint64(64) - turn) & np.uint64(63)))
    return np.float64(bits >> np.uint64(11)) * TO_UNIT


@part
def seek(streams: Any, index: int, position: int) -> None:
    """Make uniform number ``position`` of a stream the next one; see `sim.rules.streams.seek`."""
    row = streams[index]
    high, low = row[START], row[START + 1]
    left = np.uint64(position)
    digit = 0
    while left > 0:
        value = left & np.uint64((1 << DIGIT_BITS) - 1)
        jump = JUMPS[digit, value]
        high, low = _times(high, low, jump[0], jump[1])
        further, more = _times(row[INCREMENT], row[INCREMENT + 1], jump[2], jump[3])
        high, low = _plus(high, low, further, more)
        left >>= np.uint64(DIGIT_BITS)
        digit += 1
    row[STATE], row[STATE + 1] = high, low


@part
def absorb(pool: Any, word: Any) -> None:
    """Mix a 32-bit word into an entropy pool, whose last word is the constant to hash with."""
    constant = pool[4]
    for i in range(4):
        value = np.uint32(word ^ constant)
        constant = np.uint32(constant * np.uint32(HASH_FACTOR))
        value = np.uint32(value * constant)
        value = np.uint32(value ^ (value >> np.uint32(16)))
        result = np.uint32(np.uint32(MIX_LEFT * pool[i]) - np.uint32(MIX_RIGHT * value))
        pool[i] = np.uint32(result ^ (result >> np.uint32(16)))
    pool[4] = constant


@part
def _seed_words(pool: Any, words: Any) -> None:
    """Generate the four 64-bit words that seed a generator."""
    constant = FIRST_OUT
    for i in range(8):
        value = np.uint32(pool[i % 4] ^ constant)
        constant = np.uint32(constant * OUT_FACTOR)
        value = np.uint32(value * constant)
        value = np.uint32(value ^ (value >> np.uint32(16)))
        if i % 2 == 0:
            words[i // 2] = np.uint64(value)
        else:
            words[i // 2] |= np.uint64(value) << np.uint64(32)


@part
def open_stream(row: Any, replication_pool: Any, pool: Any, words: Any) -> None:
    """Set a stream to its first state, given the entropy of seed and replication and its key."""
    for i in range(5):
        pool[i] = replication_pool[i]
    absorb(pool, np.uint32(row[KEY] & np.uint64(WORD)))
    absorb(pool, np.uint32(row[KEY] >> np.uint64(32)))
    _seed_words(pool, words)
    high = (words[2] << np.uint64(1)) | (words[3] >> np.uint64(63))
    low = (words[3] << np.uint64(1)) | np.uint64(1)
    row[INCREMENT], row[INCREMENT + 1] = high, low
    high, low = _plus(high, low, words[0], words[1])
    high, low = _times(high, low, HIGH, LOW)
    high, low = _plus(high, low, row[INCREMENT], row[INCREMENT + 1])
    row[STATE], row[STATE + 1] = high, low
    row[START], row[START + 1] = high, low


@part
def open_streams(rows: Any, used: Any, pools: Any, words: Any, replication: int) -> None:
    """Set all streams in use to their first states in a replication.

    ``pools`` holds the entropy of the seed and room for two more pools; ``words`` has room for four words.
    """
    with_replication, own = pools[1], pools[2]
    for i in range(5):
        with_replication[i] = pools[0, i]
    left = np.uint64(replication)
    while True:
        absorb(with_replication, np.uint32(left & np.uint64(WORD)))
        left >>= np.uint64(32)
        if left == 0:
            break
    for i in range(len(used)):
        open_stream(rows[used[i]], with_replication, own, words)
