"""Whether the compiled clock is ready for a scenario, and making it ready."""

import numpy as np

from sim.clocks.compiled import CompiledClock
from sim.model.setup import Model


def is_ready(model: Model) -> bool:
    """Tell whether the cache holds the program for a scenario of this size."""
    return _clock(model).is_kept


def make_ready(model: Model) -> None:
    """Load the program for a scenario of this size, or compile it."""
    _clock(model).play(0, np.zeros((0, 0)))


def _clock(model: Model) -> CompiledClock:
    no_outcomes = np.zeros((0, 3), np.int64)
    return CompiledClock(model, 0, no_outcomes)
