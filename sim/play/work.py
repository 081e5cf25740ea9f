"""The finished part of a run: outcomes by column, counts by day, and which replications they include.

If there is a folder, chunks are kept on disk as they finish. Outcomes are added to a file. The counts are in the
ledger, with a list of the pieces of that file that they include and their checksums. The ledger is replaced as a whole,
and only when the pieces on its list have reached the disk. So it is right whenever the program is killed, and what it
does not list is played again. If the ledger or a listed piece is damaged, everything is played again.
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
"""The least number of seconds between two savings of the ledger: the work lost when the program is killed."""
MOST_SAVING = 0.02
"""The largest share of the time that saving may take, on a slow disk."""
COLUMNS, COUNTS = "outcomes", "ledger"
"""Files in a folder of work: the outcomes; the counts, with the list of what they include."""
TWINS = "twins"
"""In a folder of work, the folder for the work on twins; see `sim.play.twins`."""

Span = tuple[int, int]
"""Replications from the first number up to, but not including, the second."""


class Work:
    """The finished part of a run.

    Parameters
    ----------
    model
        The scenario, set up.
    catalogue
        The outcomes that are measured.
    folder
        Where to keep finished work; None to keep it in memory only. Work that is there already is taken over.
    fold
        The function that counts diaries; see `sim.clocks.tally`.
    belongs_to
        What the work belongs to, in a word. Work that belongs to something else is not taken over.
    say
        Called with a line of text if existing work is damaged.
    """

    def __init__(
        self, model: Model, catalogue: Catalogue, folder: Path | None = None, fold: Fold = fold,
        belongs_to: str = "", say: Say = silent,
    ) -> None:
        self.catalogue = catalogue
        self.horizon = model.parameters.horizon
        self.histograms = Histograms(model, fold)
        self.columns = Columns(catalogue.names, None if folder is None else folder / COLUMNS)
        self.spans: list[Span] = []
        self._belongs_to = belongs_to
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
        """The number that follows that of the last replication done."""
        return max((beyond for _, beyond in self.spans), default=0)

    def sample(self, replications: int | None = None) -> Sample:
        """Return the outcomes of all replications, or of the first so many."""
        return Sample(self.catalogue, self.horizon, lambda name: self.columns.column(name, replications))

    def add(self, chunk: Chunk) -> None:
        """Add a finished chunk."""
        piece = self.columns.store(chunk.first, chunk.outcomes)
        self._counting = True
        self.columns.enter(piece)
        self.histograms.add(chunk.entries, len(chunk.outcomes))
        self.spans = _joined([*self.spans, (chunk.first, chunk.first + len(chunk.outcomes))])
        self._counting = False
        if time.monotonic() >= self._save_at:
            self.save()

    def jobs(self, upto: int, size: int) -> Iterator[tuple[int, int]]:
        """Yield which of the first ``upto`` replications are missing, as first numbers and counts up to ``size``."""
        starts = [0, *(beyond for _, beyond in self.spans)]
        ends = [*(first for first, _ in self.spans), upto]
        for start, end in zip(starts, ends, strict=True):
            for first in range(start, min(end, upto), size):
                yield first, min(size, min(end, upto) - first)

    def save(self) -> None:
        """Write the ledger, unless an interrupt came while a chunk was being counted."""
        if self._ledger is None or self._counting:
            return
        started, pieces = time.monotonic(), self.columns.pieces
        self.columns.sync()
        content = io.BytesIO()
        np.savez(content, own=self._belongs_to,
                 pieces=np.array([piece[:3] for piece in pieces], np.int64).reshape(-1, 3),
                 checks=np.frombuffer(b"".join(piece.check for piece in pieces), np.uint8), **self.histograms.packed())
        write_sealed(self._ledger, str(self.done), content.getbuffer())
        now = time.monotonic()
        self._save_at = now + max(SAVE_EVERY, (now - started) / MOST_SAVING)

    def _take_over(self, ledger: Path, say: Say) -> None:
        try:
            with np.load(io.BytesIO(read_sealed(ledger))) as kept:
                if str(kept["own"]) != self._belongs_to:
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
            say(f"{damage}; the replications kept there are played again.")
            return
        self.spans = _joined([(piece.first, piece.first + piece.length) for piece in pieces])


def _joined(spans: list[Span]) -> list[Span]:
    """Sort spans, and join those that touch."""
    joined: list[Span] = []
    for first, beyond in sorted(spans):
        if joined and joined[-1][1] == first:
            joined[-1] = (joined[-1][0], beyond)
        else:
            joined.append((first, beyond))
    return joined


def done_in(folder: Path) -> int:
    """Return the number of finished replications in a folder of work, as the first line of its ledger says."""
    word = word_of(folder / COUNTS)
    return int(word) if word.isdecimal() else 0
