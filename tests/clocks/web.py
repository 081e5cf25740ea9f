"""The WebAssembly module of the package, played in Python: a compiled clock whose program has a memory of its own."""

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from wasmtime import Engine, Instance, Limits, Memory, MemoryType, Module, Store

from clocks.elsewhere import returned, sent
from sim.clocks.compiled import CompiledClock
from sim.clocks.program import SOURCES
from sim.clocks.shipped import source_hash
from sim.model.setup import Model

FIRST = 1 << 18  # below are the module's own data and its stack
PAGE = 1 << 16


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
        words, memory = sent(arguments, FIRST)
        end = FIRST + len(memory)
        missing = -(-end // PAGE) - self._memory.size(self._store)
        if missing > 0:
            self._memory.grow(self._store, missing)
        self._memory.write(self._store, memory.tobytes(), FIRST)
        status = self._function(self._store, *words)
        return returned(arguments, status, np.frombuffer(self._memory.read(self._store, FIRST, end), np.uint8))


class WebClock(CompiledClock):
    """The compiled clock in WebAssembly."""

    def __init__(self, model: Model, *more: Any) -> None:
        super().__init__(model, *more)
        self.program = WebProgram("play")
