"""Calling programs that have a memory of their own: arrays are copied there, and back afterwards."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.clocks.machine import flat

Memory = NDArray[np.uint8]

RETURNED = 3 * 8
"""A program's memory begins with room for what it returns; then come the arrays."""
LINE = 64


def sent(arguments: tuple[Any, ...], start: int) -> tuple[list[int], Memory]:
    """Return the words that a program takes, see `sim.clocks.machine`, and its memory from address ``start`` on."""
    places, end = _places(arguments)
    memory = np.zeros(end, np.uint8)
    for place, array in places.values():
        memory[place : place + array.nbytes] = np.frombuffer(array.tobytes(), np.uint8)
    addresses = {address: start + place for address, (place, _) in places.items()}
    return [start, *_words(arguments, addresses)], memory


def returned(arguments: tuple[Any, ...], status: int, memory: Memory) -> list[int]:
    """Copy the arrays back from a program's memory, and return what it returned."""
    if status != 0:
        raise ArithmeticError
    for place, array in _places(arguments)[0].values():
        array.view(np.uint8).reshape(-1)[:] = memory[place : place + array.nbytes]
    return memory[:RETURNED].view(np.int64).tolist()


def _places(arguments: tuple[Any, ...]) -> tuple[dict[int, tuple[int, NDArray[Any]]], int]:
    """Return the place of each array in the memory, by its address here, and where the memory ends."""
    places, end = {}, RETURNED
    for array in flat(arguments):
        # two views of the same memory share it there too
        if isinstance(array, np.ndarray) and array.ctypes.data not in places:
            places[array.ctypes.data] = end, array
            end += -(-max(array.nbytes, 1) // LINE) * LINE
    return places, end


def _words(arguments: tuple[Any, ...], addresses: dict[int, int]) -> Iterator[int]:
    for argument in flat(arguments):
        if isinstance(argument, np.ndarray):
            yield from (addresses[argument.ctypes.data], *argument.shape)
        else:
            yield argument
