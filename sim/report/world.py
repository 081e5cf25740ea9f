"""The memory of a scenario: all that the WebAssembly program of the rules needs to play it.

The arrays that the program takes stand one after another, as it finds them in its memory. What follows them is free for
results. The page changes a number by writing to its address.
"""

import base64
import json
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from sim.clocks.budget import REASONS, given_up
from sim.clocks.compiled import LOG, CompiledClock
from sim.model.catalogue import expand
from sim.model.setup import Model
from sim.play.daily import series
from sim.play.histogram import wide_bins
from sim.play.player import places_of, unplayable

FIRST = 1 << 18
"""Where a world begins; below are the program's own data and its stack."""
RETURNED = 3 * 8
"""Bytes for what the program returns, which come first."""
WHICH = "replication {number}"
"""Stands for the replication in what is said about one that cannot be played to the end."""
LINE = 64
"""Arrays begin at multiples of so many bytes."""


class World:
    """A scenario in the memory of the program.

    Parameters
    ----------
    model
        The scenario, set up.
    seed
        The seed of its random numbers.
    """

    def __init__(self, model: Model, seed: int) -> None:
        self.model = model
        self._clock = CompiledClock(model, seed, places_of(expand(model)))
        outcomes = len(self._clock.world.measured)
        self._results, self._log = np.zeros((1, outcomes)), np.zeros(1, LOG)
        self._arguments = self._clock.arguments(0, self._results, self._log)
        self._addresses: dict[int, int] = {}  # by the address in Python
        end = FIRST + RETURNED
        for array in self._arrays:
            end = -(-end // LINE) * LINE
            self._addresses[array.ctypes.data] = end
            end += max(array.nbytes, 1)
        self.end = -(-end // LINE) * LINE

    @cached_property
    def _arrays(self) -> list[np.ndarray]:
        """The arrays that the program takes, without those that each call brings along."""
        own = {self._results.ctypes.data, self._log.ctypes.data}
        return list({array.ctypes.data: array for array in _arrays(self._arguments)
                     if array.ctypes.data not in own}.values())

    def address(self, array: np.ndarray) -> int:
        """Return where an array of the clock's world stands."""
        return self._addresses[array.ctypes.data]

    def field(self, record: str, name: str, index: int = 0) -> int:
        """Return where a field of a record stands (or one of its items): of ``parameters``, ``state`` and so on."""
        array: Any = getattr(self._clock.world, record)
        kind, offset = array.dtype.fields[name][:2]
        return self.address(array) + int(offset) + max(index, 0) * int(kind.base.itemsize)

    def draw(self, column: str, index: int) -> int:
        """Return where an item of a column of the table of draws stands."""
        array = getattr(self._clock.world.draws, column)
        return self.address(array) + index * int(array.itemsize)  # of `numbers`, four for each draw

    def column(self, draw: int, column: int) -> dict[str, int]:
        """Return where the values of a column of a table of rows stand: the first, from one to the next, how many."""
        table, one = self._clock.world.draws, self.model.draws[draw]
        first, width = int(table.value_from[draw]) + column, len(one.places)
        return {"first": self.draw("values", first), "step": 8 * width, "rows": len(one.rows)}

    @property
    def header(self) -> dict[str, Any]:
        """What one has to know to call the program and to read its memory, for JSON.

        ``words`` is what it takes, without the place for what it returns; those numbered in ``pointers`` have 32
        bits, the others 64. ``first``, ``results`` and ``log`` say at which of the words the number of the first
        replication and the two arrays begin that each call brings along.
        """
        words, pointers, places = _words(self._arguments, self._addresses)
        diary = ("entries", "entry_row", "entry_time", "entry_level")
        return {
            "begin": FIRST, "end": self.end, "words": words, "pointers": pointers,
            "first": places[id(self._results)] - 1, "results": places[id(self._results)],
            "log": places[id(self._log)], "log_bytes": LOG.itemsize,
            "outcomes": expand(self.model).names,
            "diary": {name: self.field("diary", name) for name in diary},
            "playing": self.field("roster", "playing"), "given_up": self.field("state", "given_up"),
            "failures": {code: str(unplayable(WHICH, given_up(code, self._clock.budget))) for code in (0, *REASONS)},
            "tracks": self._tracks(),
        }

    def _tracks(self) -> list[dict[str, Any]]:
        """Return the rows of the diary track by track: how many days or weeks, and the width of bins by row."""
        wide = wide_bins(self.model)
        return [{"track": name, "times": times,
                 "steps": [int(step) for step in wide[name]] if name in wide else [1] * rows}
                for name, (rows, times) in series(self.model).items()]

    @property
    def _parts(self) -> Iterator[tuple[int, bytes]]:
        """Yield each array with its address, as bytes without the zeros at its end: memory is zero at first."""
        for array in self._arrays:
            if content := array.tobytes().rstrip(b"\0"):
                yield self.address(array), content

    def packed(self) -> str:
        """Return a line of JSON and what has to be written to the memory, deflated, in base64."""
        parts = list(self._parts)
        header = self.header | {"parts": [(address, len(content)) for address, content in parts]}
        line = json.dumps(header, separators=(",", ":")).encode() + b"\n"
        return base64.b64encode(zlib.compress(line + b"".join(content for _, content in parts), 9)).decode()


def _arrays(arguments: tuple[Any, ...]) -> Iterator[np.ndarray]:
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from _arrays(argument)
        elif isinstance(argument, np.ndarray):
            yield argument


def _words(arguments: tuple[Any, ...], addresses: dict[int, int]) -> tuple[list[int], list[int], dict[int, int]]:
    """Return what the program takes, see `sim.clocks.machine`; which words are pointers; and where arrays begin that
    have no address, by their `id`.
    """
    words: list[int] = []
    pointers: list[int] = []
    places: dict[int, int] = {}

    def add(some: tuple[Any, ...]) -> None:
        for one in some:
            if isinstance(one, tuple):
                add(one)
            elif isinstance(one, np.ndarray):
                address, at = addresses.get(one.ctypes.data, 0), len(words)
                if not address:
                    places[id(one)] = at
                pointers.append(at)
                words.extend((address, *one.shape))
            else:
                words.append(int(one))

    add(arguments)
    return words, pointers, places
