"""Whether the compiled clock is ready for a scenario, and making it ready."""

from typing import Any

import numpy as np

from sim.clocks import tally
from sim.clocks.compiled import CompiledClock, play_rows
from sim.clocks.program import Program
from sim.clocks.shipped import BUILD, is_stale
from sim.model.setup import Model


def is_ready(model: Model) -> bool:
    """Tell whether the program for a scenario of this size need not be compiled."""
    return play_rows.is_at_hand(*_clock(model).example)


def why_compile() -> str:
    """Say in words why the rules have to be compiled though compiled ones come with the package."""
    if is_stale(play_rows.name):
        return f"they are no longer those that were compiled for the package, which `{BUILD}` does again"
    return "the scenario is larger than those for which the package has them compiled"


def make_ready(model: Model) -> None:
    """Load the program for a scenario of this size, or compile it."""
    _clock(model).play(0, np.zeros((0, 0)))


def programs(model: Model) -> list[tuple[Program, tuple[Any, ...]]]:
    """Return all programs, each with arguments as they are for a scenario of this size."""
    return [(play_rows, _clock(model).example), (tally.compiled_fold, tally.example())]


def _clock(model: Model) -> CompiledClock:
    no_outcomes = np.zeros((0, 3), np.int64)
    return CompiledClock(model, 0, no_outcomes)
