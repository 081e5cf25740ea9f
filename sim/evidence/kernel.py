"""Loops that are too slow in Python, compiled when first called and kept with the program's own files."""

from collections.abc import Callable
from functools import cache
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar

from numba import config, njit

Given = ParamSpec("Given")
Back = TypeVar("Back")


def compiled(function: Callable[Given, Back]) -> Callable[Given, Back]:
    """Compile a function; it must not call compiled functions of other modules, since Numba's cache would not notice
    a change there.
    """
    made: Callable[Given, Back] = kept_somewhere(lambda: njit(nogil=True, cache=True, error_model="numpy")(function))
    return made


def kept_somewhere(make: Callable[[], Back]) -> Back:
    """Do something that makes Numba keep code; if it has no folder to write to, the code is kept for this run only."""
    try:
        return make()
    except RuntimeError as error:
        if "cannot cache" not in str(error):
            raise
    config.CACHE_DIR = _scratch().name
    return make()


@cache
def _scratch() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="drawdown-sim-", ignore_cleanup_errors=True)
