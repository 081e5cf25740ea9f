"""Whether the compiled clock is compiled for a scenario already, and compiling it."""

from hashlib import sha256
from pathlib import Path

import numpy as np

from sim.clocks.cache import folder
from sim.clocks.layout import capacities
from sim.rules.setup import Model


def is_ready(model: Model) -> bool:
    """Say whether the program for a scenario of this size lies in the cache."""
    return _mark(model).exists()


def make_ready(model: Model) -> None:
    """Load the program for a scenario of this size, or compile it."""
    from sim.clocks.compiled import CompiledClock

    no_outcomes = np.zeros((0, 3), np.int64)
    CompiledClock(model, 0, no_outcomes).play(0, np.zeros((0, 0)))
    try:
        _mark(model).touch()
    except OSError:  # a cache that cannot be written: it is compiled anew each time
        return


def _mark(model: Model) -> Path:
    sizes = repr(sorted(capacities(model).items()))
    return folder() / f"ready-{sha256(sizes.encode()).hexdigest()[:16]}"
