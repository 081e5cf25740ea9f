"""Compiling functions that only other compiled functions call."""

from collections.abc import Callable
from inspect import signature
from typing import Any

from numba import njit, types

NUMBERS = {int: types.int64, float: types.float64, bool: types.boolean}


def part(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that only compiled functions call: it needs no entrance from Python.

    It is compiled once, for the types in its annotations; by default, Numba would compile it again for every constant
    that it is called with.
    """
    dispatcher = njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    annotated = [NUMBERS.get(parameter.annotation) for parameter in signature(function).parameters.values()]
    resolve = dispatcher.get_call_template

    def as_annotated(given: Any, keywords: Any) -> Any:
        return resolve(tuple(number or types.unliteral(own) for number, own in zip(annotated, given, strict=False)),
                       keywords)

    dispatcher.get_call_template = as_annotated
    return dispatcher  # type: ignore[no-any-return]
