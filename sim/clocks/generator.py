"""The random streams of `sim.rules.streams`, compiled: NumPy's SeedSequence and PCG64, bit for bit.

A stream is a row of words: its state, its increment and its first state (high and low word of each), its key, and the
play in which it was opened. A play is a replication being played. The first row of a list of streams is its head: the
entropy of seed and replication, and the number of the play. Streams in which rules always seek a place before they draw
are opened by that, if they have not been in this play; so there may be very many. All others are opened at once.

Formulas: O'Neill (2014) for PCG XSL RR 128/64 and for jumping ahead; O'Neill (2015) for the seeding.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.clocks.entropy import FIRST_OUT, HASH_FACTOR, MIX_LEFT, MIX_RIGHT, OUT_FACTOR, WORD
from sim.clocks.layout import KEY, PLAY
from sim.clocks.parts import part

Words = NDArray[np.uint64]

STATE, INCREMENT, START = 0, 2, 4
CONSTANT = 4
"""Where the head of a list of streams has the constant to hash the next word with; the entropy is before it."""
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
    row = streams[index + 1]
    high, low = _times(row[STATE], row[STATE + 1], HIGH, LOW)
    high, low = _plus(high, low, row[INCREMENT], row[INCREMENT + 1])
    row[STATE], row[STATE + 1] = high, low
    mixed, turn = high ^ low, high >> np.uint64(58)
    bits = (mixed >> turn) | (mixed << ((np.uint64(64) - turn) & np.uint64(63)))
    return np.float64(bits >> np.uint64(11)) * TO_UNIT


@part
def seek(streams: Any, index: int, position: int) -> None:
    """Make uniform number ``position`` of a stream the next one; see `sim.rules.streams.seek`."""
    row = streams[index + 1]
    if row[PLAY] != streams[0][PLAY]:
        open_stream(row, streams[0])
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
def begin_streams(rows: Any, heads: Any, at_once: Any, pool: Any, replication: int) -> None:
    """Begin a play: tell the heads of all lists its number and the entropy, and open the streams in some rows."""
    entropy = pool[0], pool[1], pool[2], pool[3], pool[4]
    left = np.uint64(replication)
    while True:
        entropy = absorb(entropy, np.uint32(left & np.uint64(WORD)))
        left >>= np.uint64(32)
        if left == 0:
            break
    for i in range(len(heads)):
        head = rows[heads[i]]
        head[0], head[1], head[2], head[3] = entropy[0], entropy[1], entropy[2], entropy[3]
        head[CONSTANT] = entropy[4]
        head[PLAY] += np.uint64(1)
    for i in range(len(at_once)):
        open_stream(rows[at_once[i]], rows[heads[0]])


@part
def open_stream(row: Any, head: Any) -> None:
    """Set a stream to its first state, given the head of its list."""
    a, b, c, d = np.uint32(head[0]), np.uint32(head[1]), np.uint32(head[2]), np.uint32(head[3])
    entropy = absorb((a, b, c, d, np.uint32(head[CONSTANT])), np.uint32(row[KEY] & np.uint64(WORD)))
    a, b, c, d, _ = absorb(entropy, np.uint32(row[KEY] >> np.uint64(32)))
    state_high, constant = _seed_word(a, b, FIRST_OUT)
    state_low, constant = _seed_word(c, d, constant)
    high, constant = _seed_word(a, b, constant)
    low, constant = _seed_word(c, d, constant)
    high, low = (high << np.uint64(1)) | (low >> np.uint64(63)), (low << np.uint64(1)) | np.uint64(1)
    row[INCREMENT], row[INCREMENT + 1] = high, low
    high, low = _plus(high, low, state_high, state_low)
    high, low = _times(high, low, HIGH, LOW)
    high, low = _plus(high, low, row[INCREMENT], row[INCREMENT + 1])
    row[STATE], row[STATE + 1] = high, low
    row[START], row[START + 1] = high, low
    row[PLAY] = head[PLAY]


@part
def absorb(entropy: Any, word: Any) -> Any:
    """Mix a 32-bit word into an entropy pool: four words and the constant to hash the next with."""
    a, b, c, d, constant = entropy
    a, constant = _mixed(a, word, constant)
    b, constant = _mixed(b, word, constant)
    c, constant = _mixed(c, word, constant)
    d, constant = _mixed(d, word, constant)
    return a, b, c, d, constant


@part
def _mixed(own: Any, word: Any, constant: Any) -> Any:
    """Mix a word into one of an entropy pool; return it, and the constant to hash the next with."""
    value = np.uint32(word ^ constant)
    constant = np.uint32(constant * np.uint32(HASH_FACTOR))
    value = np.uint32(value * constant)
    value = np.uint32(value ^ (value >> np.uint32(16)))
    result = np.uint32(np.uint32(MIX_LEFT * own) - np.uint32(MIX_RIGHT * value))
    return np.uint32(result ^ (result >> np.uint32(16))), constant


@part
def _seed_word(low: Any, high: Any, constant: Any) -> Any:
    """Return 64 bits made from two words of an entropy pool, and the constant to hash the next with."""
    first, constant = _hashed(low, constant)
    second, constant = _hashed(high, constant)
    return first | (second << np.uint64(32)), constant


@part
def _hashed(word: Any, constant: Any) -> Any:
    value = np.uint32(word ^ constant)
    constant = np.uint32(constant * OUT_FACTOR)
    value = np.uint32(value * constant)
    return np.uint64(np.uint32(value ^ (value >> np.uint32(16)))), constant
