"""Calling programs that have a memory of their own: arrays are copied there, and back afterwards."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Memory = NDArray[np.uint8]

RETURNED, ERROR = 3 * 8, 8
"""A program's memory begins with room for what it returns and for an error; then come the arrays."""
LINE = 64


def sent(arguments: tuple[Any, ...], start: int) -> tuple[list[int], Memory]:
    """Return the words that a program takes, see `sim.clocks.machine`, and its memory from address ``start`` on."""
    places, end = _places(arguments)
    memory = np.zeros(end, np.uint8)
    for place, array in places.values():
        memory[place : place + array.nbytes] = np.frombuffer(array.tobytes(), np.uint8)
    addresses = {address: start + place for address, (place, _) in places.items()}
    return [start, start + RETURNED, *_words(arguments, addresses)], memory


def returned(arguments: tuple[Any, ...], status: int, memory: Memory) -> list[int]:
    """Copy the arrays back from a program's memory, and return what it returned."""
    if status != 0:
        raise ArithmeticError
    for place, array in _places(arguments)[0].values():
        array.view(np.uint8).reshape(-1)[:] = memory[place : place + array.nbytes]
    return memory[:RETURNED].view(np.int64).tolist()


def _places(arguments: tuple[Any, ...]) -> tuple[dict[int, tuple[int, NDArray[Any]]], int]:
    """Return the place of each array in the memory, by its address here, and where the memory ends."""
    places, end = {}, RETURNED + ERROR
    for array in _arrays(arguments):
        if array.ctypes.data not in places:  # two views of the same memory share it there too
            places[array.ctypes.data] = end, array
            end += -(-max(array.nbytes, 1) // LINE) * LINE
    return places, end


def _arrays(arguments: tuple[Any, ...]) -> Iterator[NDArray[Any]]:
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from _arrays(argument)
        elif isinstance(argument, np.ndarray):
            yield argument


def _words(arguments: tuple[Any, ...], addresses: dict[int, int]) -> Iterator[int]:
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from _words(argument, addresses)
        elif isinstance(argument, np.ndarray):
            yield from (0, 0, argument.size, argument.itemsize, addresses[argument.ctypes.data], *argument.shape,
                        *argument.strides)
        else:
            yield argument
