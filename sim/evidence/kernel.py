"""Loops that are too slow in Python, compiled when first called and kept with the program's own files."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

Given = ParamSpec("Given")
Back = TypeVar("Back")


def compiled(function: Callable[Given, Back]) -> Callable[Given, Back]:
    """Compile a function; it must not call compiled functions of other modules, since Numba's cache would not notice
    a change there.
    """
    made: Callable[Given, Back] = njit(nogil=True, cache=True, error_model="numpy")(function)
    return made
