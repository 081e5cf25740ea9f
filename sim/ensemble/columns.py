"""Outcomes of an ensemble by column: one file of numbers for each outcome, or the same in memory.

A number's place in its file is that of its replication, so chunks may come in any order and any size.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

BLOCK = 10_000
"""Replications that are put together row by row at a time."""
SIZE = 8
"""Bytes of a number."""


class Source(Protocol):
    """What outcomes can be read from, one column at a time."""

    def column(self, name: str) -> NDArray[np.float64]:
        """Return the values of an outcome, replication by replication."""


class Columns:
    """Outcomes of replications by column.

    Parameters
    ----------
    names
        Names of the outcomes.
    folder
        Where their files are; None to keep them in memory.
    """

    def __init__(self, names: list[str], folder: Path | None = None) -> None:
        self.names = names
        self.folder = folder
        self._chunks: dict[int, NDArray[np.float64]] = {}

    def put(self, first: int, outcomes: NDArray[np.float64]) -> None:
        """Store the outcomes of replications from number ``first`` on, shape (replications, outcomes)."""
        if self.folder is None:
            self._chunks[first] = outcomes
            return
        for name, values in zip(self.names, outcomes.T, strict=True):
            path = self.folder / name
            with path.open("r+b" if path.exists() else "w+b") as file:
                file.seek(first * SIZE)
                file.write(values.tobytes())

    def column(self, name: str, replications: int | None = None) -> NDArray[np.float64]:
        """Return the values of an outcome: of all replications, or of the first so many."""
        if self.folder is not None:
            return np.fromfile(self.folder / name, count=-1 if replications is None else replications)
        number = self.names.index(name)
        return np.concatenate([self._chunks[first][:, number] for first in sorted(self._chunks)])[:replications]

    def rows(self, replications: int) -> Iterator[tuple[int, NDArray[np.float64]]]:
        """Yield blocks of the first so many replications: the first's number, and shape (replications, outcomes)."""
        if self.folder is None:
            yield from ((first, self._chunks[first][: replications - first])
                        for first in sorted(self._chunks) if first < replications)
            return
        for first in range(0, replications, BLOCK):
            count = min(BLOCK, replications - first)
            block = [np.fromfile(self.folder / name, count=count, offset=first * SIZE) for name in self.names]
            yield first, np.array(block).T
