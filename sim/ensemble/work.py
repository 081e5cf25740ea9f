"""The work done on an ensemble: outcomes by column, counts by day, and which replications are in them.

With a folder, finished chunks are on disk as they finish. Outcomes go straight into their columns; the counts and the
list of what is in them are written together, in one file that is replaced whole. Whenever the program is killed, that
file is right, and what it does not list is played again.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.clocks.tally import Fold, fold
from sim.ensemble.catalogue import Catalogue
from sim.ensemble.chunk import Chunk
from sim.ensemble.columns import Columns
from sim.ensemble.histogram import Histograms
from sim.rules.setup import Model

SAVE_EVERY = 2.0
"""Seconds between two savings of the counts, at least: what is lost when the program is killed."""
COLUMNS, COUNTS = "columns", "counts.npz"
TWINS = "twins"
"""In a folder of work: the work on twins, see `sim.ensemble.twins`."""

Span = tuple[int, int]
"""Replications from the first to before the second."""


class Work:
    """What is done of an ensemble.

    Parameters
    ----------
    model
        The scenario, set up.
    catalogue
        What is measured.
    folder
        Where finished work is kept; None to keep it in memory only. Work that is found there is taken over.
    fold
        What counts diaries: see `sim.clocks.tally`.
    """

    def __init__(self, model: Model, catalogue: Catalogue, folder: Path | None = None, fold: Fold = fold) -> None:
        self.catalogue = catalogue
        self.histograms = Histograms(model, fold)
        self.columns = Columns(catalogue.names, None if folder is None else folder / COLUMNS)
        self.spans: list[Span] = []
        self._folder = folder
        self._saved = 0.0
        self._counting = False
        if folder is not None:
            (folder / COLUMNS).mkdir(parents=True, exist_ok=True)
            self._take_over(folder / COUNTS)

    @property
    def done(self) -> int:
        """How many replications are done."""
        return sum(beyond - first for first, beyond in self.spans)

    @property
    def beyond(self) -> int:
        """The number after that of the last replication done."""
        return max((beyond for _, beyond in self.spans), default=0)

    def add(self, chunk: Chunk) -> None:
        """Take a finished chunk."""
        self.columns.put(chunk.first, chunk.outcomes)
        self._counting = True
        self.histograms.add(chunk.entries, len(chunk.outcomes))
        self.spans = _joined([*self.spans, (chunk.first, chunk.first + len(chunk.outcomes))])
        self._counting = False
        if time.monotonic() - self._saved >= SAVE_EVERY:
            self.save()

    def jobs(self, upto: int, size: int) -> Iterator[tuple[int, int]]:
        """Yield what is missing of the first ``upto`` replications: first numbers and counts, at most ``size`` each."""
        starts = [0, *(beyond for _, beyond in self.spans)]
        ends = [*(first for first, _ in self.spans), upto]
        for start, end in zip(starts, ends, strict=True):
            for first in range(start, min(end, upto), size):
                yield first, min(size, min(end, upto) - first)

    def save(self) -> None:
        """Write down the counts and what is in them, unless a chunk is half counted because of an interrupt."""
        if self._folder is None or self._counting:
            return
        draft = self._folder / f"new.{COUNTS}"
        np.savez(draft, spans=np.array(self.spans), **self.histograms.packed())
        draft.replace(self._folder / COUNTS)
        self._saved = time.monotonic()

    def _take_over(self, counts: Path) -> None:
        if not counts.exists():
            return
        with np.load(counts) as kept:
            self.histograms.unpack(kept)
            self.spans = [(first, beyond) for first, beyond in kept["spans"].tolist()]


def _joined(spans: list[Span]) -> list[Span]:
    """Sort spans, and make one of those that touch."""
    joined: list[Span] = []
    for first, beyond in sorted(spans):
        if joined and joined[-1][1] == first:
            joined[-1] = (joined[-1][0], beyond)
        else:
            joined.append((first, beyond))
    return joined


def done_in(folder: Path) -> int:
    """Return how many finished replications a folder of unfinished work holds."""
    try:
        with np.load(folder / COUNTS) as kept:
            return int(np.diff(kept["spans"]).sum())
    except (OSError, ValueError, KeyError):
        return 0
