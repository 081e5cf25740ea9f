"""The WebAssembly module of the package, played in Python: a compiled clock whose program has a memory of its own."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from wasmtime import Engine, Instance, Limits, Memory, MemoryType, Module, Store

from sim.clocks.compiled import CompiledClock
from sim.clocks.machine import flat
from sim.clocks.program import SOURCES
from sim.clocks.shipped import source_hash
from sim.model.setup import Model

FIRST = 1 << 18  # below are the module's own data and its stack
PAGE = 1 << 16
RETURNED = 3 * 8


@cache
def module() -> tuple[Engine, Module]:
    """Return the module, compiled."""
    engine = Engine()
    return engine, Module(engine, content())


def content() -> bytes:
    """Return the module, or nothing if the package has none."""
    file = files("sim.clocks").joinpath("programs", "rules.wasm")
    return file.read_bytes() if file.is_file() else b""


@cache
def is_fresh() -> bool:
    """Tell whether the module was made from the sources as they are; their hash is at its end."""
    return content().endswith(source_hash(SOURCES).encode())


class WebProgram:
    """A program of the module, called like a `sim.clocks.program.Program`."""

    def __init__(self, name: str) -> None:
        engine, made = module()
        self._store = Store(engine)
        self._memory = Memory(self._store, MemoryType(Limits(FIRST // PAGE, None)))
        self._function: Any = Instance(self._store, made, [self._memory]).exports(self._store)[name]

    def __call__(self, *arguments: Any) -> Any:
        """Copy the arrays there, call it, and copy them back."""
        every = flat(arguments)
        arrays = {array.ctypes.data: array for array in every if isinstance(array, np.ndarray)}
        places, end = {}, FIRST + RETURNED
        for address, array in arrays.items():
            places[address] = end
            end += -(-max(array.nbytes, 1) // 64) * 64
        missing = -(-end // PAGE) - self._memory.size(self._store)
        if missing > 0:
            self._memory.grow(self._store, missing)
        for address, array in arrays.items():
            self._memory.write(self._store, array.tobytes(), places[address])
        if self._function(self._store, FIRST, *_words(every, places)) != 0:
            raise ArithmeticError
        for address, array in arrays.items():
            found = self._memory.read(self._store, places[address], places[address] + array.nbytes)
            array.view(np.uint8).reshape(-1)[:] = np.frombuffer(found, np.uint8)
        return np.frombuffer(self._memory.read(self._store, FIRST, FIRST + RETURNED), np.int64).tolist()


class WebClock(CompiledClock):
    """The compiled clock in WebAssembly."""

    def __init__(self, model: Model, *more: Any) -> None:
        super().__init__(model, *more)
        self.program = WebProgram("play")


def _words(arguments: list[Any], places: dict[int, int]) -> Iterator[int]:
    """Yield what the function takes; see `sim.clocks.machine`."""
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            yield from (places[argument.ctypes.data], *argument.shape)
        else:
            yield argument
