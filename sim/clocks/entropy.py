"""The seeding of streams: the entropy pool of NumPy's SeedSequence once it has taken in the seed.

Formulas: O'Neill (2015). The compiled code in `sim.clocks.generator` continues from there.
"""

import numpy as np
from numpy.typing import NDArray

FIRST_HASH, HASH_FACTOR = 0x43B0D7E5, 0x931E8875
FIRST_OUT, OUT_FACTOR = np.uint32(0x8B51F9DD), np.uint32(0x58F38DED)
MIX_LEFT, MIX_RIGHT = np.uint32(0xCA01F9DD), np.uint32(0x4973F715)
WORD = 2**32 - 1


def pool_of(seed: int) -> NDArray[np.uint32]:
    """Return the entropy pool of a SeedSequence with its seed: four words, and the constant to hash the next with."""
    words = [seed >> shift & WORD for shift in range(0, max(seed.bit_length(), 1), 32)]
    words += [0] * (4 - len(words))
    constant = FIRST_HASH

    def hashed(value: int) -> int:
        nonlocal constant
        value ^= constant
        constant = constant * HASH_FACTOR & WORD
        value = value * constant & WORD
        return value ^ value >> 16

    def mixed(x: int, y: int) -> int:
        result = (int(MIX_LEFT) * x - int(MIX_RIGHT) * y) & WORD
        return result ^ result >> 16

    pool = [hashed(word) for word in words[:4]]
    for source in range(4):
        for target in range(4):
            if source != target:
                pool[target] = mixed(pool[target], hashed(pool[source]))
    for word in words[4:]:
        pool = [mixed(value, hashed(word)) for value in pool]
    return np.array([*pool, constant], np.uint32)
