"""Outcomes of replications by column, in memory or in a file. The file consists of pieces, one per finished chunk.

A piece holds its columns one after the other. Pieces stand in the order in which they were finished. A piece counts
only if the reader of the file has it on a list, with its checksum.
"""

import io
import os
from bisect import insort
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.play.errors import Damaged

BLOCK = 10_000
"""The least number of replications to assemble row by row at a time."""
SIZE = 8
"""Bytes of a number."""


class Source(Protocol):
    """A source of outcomes, one column at a time."""

    def column(self, name: str) -> NDArray[np.float64]:
        """Return the values of an outcome, replication by replication."""


class Piece(NamedTuple):
    """The outcomes of consecutive replications.

    Attributes
    ----------
    first, length
        The number of the first replication, and how many there are.
    place
        Where its first byte is in the file.
    check
        The SHA-256 of its bytes.
    """

    first: int
    length: int
    place: int = 0
    check: bytes = b""


class Columns:
    """Outcomes of replications by column.

    Parameters
    ----------
    names
        Names of the outcomes.
    path
        The file to keep them in; None to keep them in memory.
    """

    def __init__(self, names: list[str], path: Path | None = None) -> None:
        self.names = names
        self.path = path
        self.pieces: list[Piece] = []
        self._end = 0
        self._in_memory: dict[int, NDArray[np.float64]] = {}

    def put(self, first: int, outcomes: NDArray[np.float64]) -> None:
        """Store the outcomes of replications from number ``first`` on, shape (replications, outcomes)."""
        self.enter(self.store(first, outcomes))

    def store(self, first: int, outcomes: NDArray[np.float64]) -> Piece:
        """Store outcomes as `put` does, but leave it to the caller to list the piece."""
        if self.path is None:
            self._in_memory[first] = outcomes
            return Piece(first, len(outcomes))
        content = outcomes.T.tobytes()
        with self.path.open("r+b" if self._end else "wb") as file:
            file.seek(self._end)
            file.write(content)
        return Piece(first, len(outcomes), self._end, sha256(content).digest())

    def enter(self, piece: Piece) -> None:
        """Count a stored piece as part of these outcomes."""
        insort(self.pieces, piece)
        self._end = max(self._end, piece.place + self._bytes(piece))

    def take_over(self, pieces: Sequence[Piece]) -> None:
        """Count pieces that an earlier run stored in the file as part of these outcomes.

        Raises
        ------
        Damaged
            If a piece is not there as it was stored.
        """
        assert self.path is not None
        try:
            with self.path.open("rb", buffering=0) as file:
                for piece in pieces:
                    file.seek(piece.place)
                    if sha256(file.read(self._bytes(piece))).digest() != piece.check:
                        raise Damaged(self.path)
        except OSError as error:
            raise Damaged(self.path, error) from None
        for piece in pieces:
            self.enter(piece)

    def sync(self) -> None:
        """Make sure that everything stored has reached the disk."""
        if self.path is not None and self._end:
            with self.path.open("r+b") as file:
                os.fsync(file.fileno())

    def column(self, name: str, replications: int | None = None) -> NDArray[np.float64]:
        """Return the values of an outcome in all replications, or in the first so many."""
        number, pieces = self.names.index(name), self._upto(replications)
        if self.path is None:
            return np.concatenate([self._in_memory[piece.first][:, number] for piece in pieces])[:replications]
        with self.path.open("rb", buffering=0) as file:
            parts = [self._read(file, piece.place + number * piece.length * SIZE, piece.length) for piece in pieces]
        return np.concatenate(parts)[:replications]

    def rows(self, replications: int) -> Iterator[tuple[int, NDArray[np.float64]]]:
        """Yield the first so many replications in blocks: number, and outcomes, shape (replications, outcomes)."""
        first, block = 0, list[NDArray[np.float64]]()
        for piece in self._upto(replications):
            block.append(self._rows_of(piece))
            beyond = piece.first + piece.length
            if beyond - first >= BLOCK or beyond >= replications:
                yield first, np.concatenate(block)[: replications - first]
                first, block = beyond, []

    def _rows_of(self, piece: Piece) -> NDArray[np.float64]:
        if self.path is None:
            return self._in_memory[piece.first]
        with self.path.open("rb", buffering=0) as file:
            return self._read(file, piece.place, len(self.names) * piece.length).reshape(-1, piece.length).T

    def _upto(self, replications: int | None) -> list[Piece]:
        """Return the pieces with the first so many replications, in order."""
        return [piece for piece in self.pieces if replications is None or piece.first < replications]

    def _bytes(self, piece: Piece) -> int:
        return len(self.names) * piece.length * SIZE

    def _read(self, file: io.FileIO, place: int, count: int) -> NDArray[np.float64]:
        """Read so many numbers from a place in the file."""
        file.seek(place)
        content = file.read(count * SIZE)
        if len(content) < count * SIZE:
            raise Damaged(Path(file.name))
        return np.frombuffer(content)
