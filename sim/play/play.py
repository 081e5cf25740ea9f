"""Play: the one way from variants of a scenario to their outcomes, whoever plays them and with whichever clock."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sim.estimate.sample import Sample, sample_of
from sim.model.setup import Model
from sim.play import workers as by
from sim.play.cast import Cast, solo
from sim.play.choice import COMPILED, SIMPY, choose
from sim.play.player import Chunk, player_of

CHUNKS = {SIMPY: 25, COMPILED: 250}
"""The most replications that a worker plays at a time: work for a fraction of a second."""

LEAST, TURNS = 50, 20
"""Replications that are few enough to play at a time, and how often a worker plays if there are more: so that all
workers finish at about the same time. Smaller pieces cost more, as threads then take turns at the counts more often."""

FEW = 25
"""Replications that are played before a second worker is ready."""

Job = tuple[int, int, int]
"""Numbers of a variant and of a first replication, and how many replications."""


@dataclass(frozen=True)
class Means:
    """Who plays. The results do not depend on it.

    Attributes
    ----------
    workers
        Threads or processes; all processors when left out.
    clock
        ``auto``, ``simpy`` or ``compiled``.
    cluster
        Address of a Dask scheduler, or ``local``; None for this machine without one.
    chunk
        Replications that a worker plays at a time.
    """

    workers: int | None = None
    clock: str = "auto"
    cluster: str | None = None
    chunk: int | None = None

    @property
    def hands(self) -> int:
        """How many workers there are."""
        return self.workers or by.processors()


ANYHOW = Means()
"""All processors, with the clock that finishes sooner."""


def _leave(chunk: Chunk) -> None:
    """Leave a chunk to whoever iterates."""


def play(
    cast: Cast, jobs: Sequence[Job], means: Means, clock: str, take: Callable[[Chunk], None] = _leave
) -> Generator[Chunk, None, None]:
    """Play jobs and yield their chunks as they finish, in any order. All work stops when the generator is closed.

    Parameters
    ----------
    cast
        What is played.
    jobs
        Which replications of which variants.
    means
        Who plays them.
    clock
        ``simpy`` or ``compiled``, as `sim.play.choice.choose` decided.
    take
        Called with each chunk before it is yielded, never twice at a time, but perhaps in another thread.

    Raises
    ------
    Unplayable
        If a replication cannot be played to the end.
    WorkersLost
        If a worker process died, or the cluster is gone.
    """
    if means.cluster is not None:
        from sim.play.cluster import by_cluster

        return _taken(by_cluster(cast, jobs, means.cluster, clock, means.workers), take)
    workers = max(1, min(means.hands, len(jobs)))
    make = partial(player_of, cast, clock)
    if clock == COMPILED:
        return by.by_threads(make, jobs, workers, take)
    return _taken(by.by_processes(make, jobs, workers) if workers > 1 else by.here(make(), jobs), take)


def _taken(chunks: Generator[Chunk, None, None], take: Callable[[Chunk], None]) -> Generator[Chunk, None, None]:
    with closing(chunks):
        for chunk in chunks:
            take(chunk)
            yield chunk


def chunk_size(replications: int, means: Means, clock: str) -> int:
    """Return how many of so many replications a worker plays at a time."""
    return means.chunk or min(CHUNKS[clock], max(LEAST, replications // (TURNS * means.hands)))


def in_chunks(variants: Iterable[int], rows: range, size: int) -> list[Job]:
    """Return the jobs for the same replications of several variants, each of at most so many replications."""
    return [(variant, first, min(size, rows.stop - first))
            for variant in variants for first in range(rows.start, rows.stop, size)]


def sample(
    model: Model, seed: int, rows: range, means: Means, names: tuple[str, ...] | None = None, clock: str | None = None
) -> Sample:
    """Play some replications of one model.

    Parameters
    ----------
    model, seed
        What is played, and the seed of its random numbers.
    rows
        Which replications.
    means
        Who plays them.
    names
        The outcomes to return, named as in the catalogue; all when left out.
    clock
        The clock, if it has been chosen already.
    """
    cast, hands = solo(model, seed, names), means.hands if len(rows) > FEW else 1
    clock = clock or choose(means.clock).name
    size = min(chunk_size(len(rows), means, clock), max(1, -(-len(rows) // hands)))
    with closing(play(cast, in_chunks([0], rows, size), replace(means, workers=hands), clock)) as chunks:
        parts = {chunk.first: chunk.outcomes for chunk in chunks}
    outcomes = np.concatenate([parts[first] for first in sorted(parts)])
    return sample_of(cast.catalogue(model), model.parameters.horizon, outcomes)
