"""The work done on an ensemble: outcomes by column, counts by day, and which replications are in them.

With a folder, finished chunks are on disk as they finish. Outcomes are added to a file; the counts and the list of the
pieces of that file that are in them, with checksums, are the ledger: one file that is replaced whole, when what it
lists is on the disk. Whenever the program is killed, the ledger is right, and what it does not list is played again. If
it is damaged, or what it lists, all is played again.
"""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sim.clocks.tally import Fold, fold
from sim.estimate.sample import Sample
from sim.model.catalogue import Catalogue
from sim.model.setup import Model
from sim.play.choice import Say, silent
from sim.play.columns import Columns, Piece
from sim.play.errors import Damaged
from sim.play.histogram import Histograms
from sim.play.kept import read_sealed, word_of, write_sealed
from sim.play.player import Chunk

SAVE_EVERY = 2.0
"""Seconds between two savings of the ledger, at least: what is lost when the program is killed."""
MOST_SAVING = 0.02
"""Share of the time that saving takes at most, on a slow disk."""
COLUMNS, COUNTS = "outcomes", "ledger"
"""In a folder of work: the outcomes, and the counts with the list of what is in them."""
TWINS = "twins"
"""In a folder of work: the work on twins, see `sim.play.twins`."""

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
    own
        What the work belongs to, in a word: work of something else is not taken over.
    say
        Told, in a line, if what is found is damaged.
    """

    def __init__(
        self, model: Model, catalogue: Catalogue, folder: Path | None = None, fold: Fold = fold, own: str = "",
        say: Say = silent,
    ) -> None:
        self.catalogue = catalogue
        self.horizon = model.parameters.horizon
        self.histograms = Histograms(model, fold)
        self.columns = Columns(catalogue.names, None if folder is None else folder / COLUMNS)
        self.spans: list[Span] = []
        self._own = own
        self._ledger = None if folder is None else folder / COUNTS
        self._save_at = 0.0
        self._counting = False
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._take_over(folder / COUNTS, say)

    @property
    def done(self) -> int:
        """How many replications are done."""
        return sum(beyond - first for first, beyond in self.spans)

    @property
    def beyond(self) -> int:
        """The number after that of the last replication done."""
        return max((beyond for _, beyond in self.spans), default=0)

    def sample(self, replications: int | None = None) -> Sample:
        """Return the outcomes of all replications, or of the first so many."""
        return Sample(self.catalogue, self.horizon, lambda name: self.columns.column(name, replications))

    def add(self, chunk: Chunk) -> None:
        """Take a finished chunk."""
        piece = self.columns.store(chunk.first, chunk.outcomes)
        self._counting = True
        self.columns.enter(piece)
        self.histograms.add(chunk.entries, len(chunk.outcomes))
        self.spans = _joined([*self.spans, (chunk.first, chunk.first + len(chunk.outcomes))])
        self._counting = False
        if time.monotonic() >= self._save_at:
            self.save()

    def jobs(self, upto: int, size: int) -> Iterator[tuple[int, int]]:
        """Yield what is missing of the first ``upto`` replications: first numbers and counts, at most ``size`` each."""
        starts = [0, *(beyond for _, beyond in self.spans)]
        ends = [*(first for first, _ in self.spans), upto]
        for start, end in zip(starts, ends, strict=True):
            for first in range(start, min(end, upto), size):
                yield first, min(size, min(end, upto) - first)

    def save(self) -> None:
        """Write the ledger, unless a chunk is half counted because of an interrupt."""
        if self._ledger is None or self._counting:
            return
        started, pieces = time.monotonic(), self.columns.pieces
        self.columns.sync()
        content = io.BytesIO()
        np.savez(content, own=self._own, pieces=np.array([piece[:3] for piece in pieces], np.int64).reshape(-1, 3),
                 checks=np.frombuffer(b"".join(piece.check for piece in pieces), np.uint8), **self.histograms.packed())
        write_sealed(self._ledger, str(self.done), content.getbuffer())
        now = time.monotonic()
        self._save_at = now + max(SAVE_EVERY, (now - started) / MOST_SAVING)

    def _take_over(self, ledger: Path, say: Say) -> None:
        try:
            with np.load(io.BytesIO(read_sealed(ledger))) as kept:
                if str(kept["own"]) != self._own:
                    raise Damaged(ledger)
                places = kept["pieces"].tolist()
                checks = kept["checks"].reshape(len(places), -1)
                pieces = [Piece(first, length, place, check.tobytes())
                          for (first, length, place), check in zip(places, checks, strict=True)]
                self.columns.take_over(pieces)
                self.histograms.unpack(kept)
        except FileNotFoundError:
            return
        except Damaged as damage:
            say(f"{damage}; what was kept there is played again.")
            return
        self.spans = _joined([(piece.first, piece.first + piece.length) for piece in pieces])


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
    """Return how many finished replications a folder of unfinished work holds, by what its ledger says at its head."""
    word = word_of(folder / COUNTS)
    return int(word) if word.isdecimal() else 0
