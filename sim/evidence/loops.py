"""Loops that are too slow in Python, as programs that come with the package; see `sim.clocks.program`."""

from collections.abc import Callable
from typing import Annotated, Any, ParamSpec, TypeVar, cast, get_type_hints

import numpy as np

from sim.clocks.program import Program
from sim.evidence.record import Floats, Whole

Given = ParamSpec("Given")
Back = TypeVar("Back")

Grid = Annotated[Floats, "two dimensions"]
EXAMPLES: dict[Any, Any] = {
    float: 0.0, int: 0, Floats: np.zeros(0), Whole: np.zeros(0, np.int64), Grid: np.zeros((0, 0)),
    np.random.Generator: np.random.default_rng(0)}
"""What a loop may take, by annotation."""
PROGRAMS: list[Program] = []
"""All loops that have been imported."""


def compiled(function: Callable[Given, Back]) -> Callable[Given, Back]:
    """Make a function a program.

    It returns a number or several of one kind, and writes all else into arrays that it is given; it makes none. It may
    call other functions of its module, which are compiled into it.
    """
    def example() -> tuple[Any, ...]:
        hints = get_type_hints(function, include_extras=True)
        return tuple(EXAMPLES[hint] for name, hint in hints.items() if name != "return")

    name = f"{function.__module__.rpartition('.')[2]}_{function.__name__.strip('_')}"
    program = Program(name, lambda: function, example, [function.__module__, "sim.clocks.bitcode"], error_model="numpy")
    PROGRAMS.append(program)
    return cast(Callable[Given, Back], program)
