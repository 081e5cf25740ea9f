"""All replications of a scenario, by worker processes. The results are the same bits however many they are."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.catalogue import Catalogue, expand
from sim.ensemble.chunk import Chunk, play_chunk
from sim.ensemble.daily import series
from sim.ensemble.errors import Unplayable
from sim.ensemble.histogram import Histogram, Ints
from sim.rules.setup import Model

CHUNK = 25
MOST_WORKERS = 61 if sys.platform == "win32" else 1000
"""More, Windows does not allow."""
BINS = 500
"""Troops are counted in bins of the theatre's first strength divided by this (rounded down to whole troops)."""

Progress = Callable[[int], None]
"""Told how many more replications are done."""


@dataclass(frozen=True)
class Ensemble:
    """What the replications gave.

    Attributes
    ----------
    catalogue
        What was measured.
    outcomes
        Shape (replications, outcomes).
    histograms
        Counts of replications by value, for each track of `Daily`.
    """

    catalogue: Catalogue
    outcomes: NDArray[np.float64]
    histograms: dict[str, Histogram]


def play_ensemble(
    model: Model,
    replications: int,
    seed: int,
    workers: int | None = None,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Ensemble:
    """Play replications 0 to ``replications - 1``.

    Parameters
    ----------
    model
        The scenario, set up.
    replications
        How many.
    seed
        The study's seed.
    workers
        Worker processes; all processors when left out. One works in this process.
    chunk
        Replications that a worker plays at a time.
    progress
        Told how many more replications are done.

    Raises
    ------
    Unplayable
        If a replication cannot be played to the end, or a worker process died.
    """
    catalogue = expand(model)
    steps = {"troops": _troop_bins(model)}
    histograms = {name: Histogram(*shape, steps.get(name)) for name, shape in series(model).items()}
    outcomes = np.empty((replications, len(catalogue.outcomes)))
    jobs = [(first, min(chunk, replications - first)) for first in range(0, replications, chunk)]
    workers = min(workers or processors(), len(jobs), MOST_WORKERS)
    with closing(_here(model, seed, jobs) if workers == 1 else _by_workers(model, seed, jobs, workers)) as chunks:
        for done in chunks:
            outcomes[done.first : done.first + len(done.outcomes)] = done.outcomes
            for name, values in done.tracks.items():
                histograms[name].add(values)
            if progress is not None:
                progress(len(done.outcomes))
    return Ensemble(catalogue, outcomes, histograms)


def processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _troop_bins(model: Model) -> Ints:
    p = model.parameters
    strength = [troops * factor for troops, factor in zip(p.theatre_troops, p.theatre_true_over_reported, strict=True)]
    return np.array([max(1, int(troops) // BINS) for troops in (*strength, sum(strength))])


def _here(model: Model, seed: int, jobs: list[tuple[int, int]]) -> Generator[Chunk, None, None]:
    return (play_chunk(model, seed, first, replications) for first, replications in jobs)


def _by_workers(model: Model, seed: int, jobs: list[tuple[int, int]], workers: int) -> Generator[Chunk, None, None]:
    """Yield chunks as worker processes finish them; whatever happens, no worker outlives this."""
    others = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _ignore_interrupts)
    waiting = iter(jobs)

    def submit() -> set[Future[Chunk]]:
        job = next(waiting, None)
        return set() if job is None else {executor.submit(play_chunk, model, seed, *job)}

    try:
        pending: set[Future[Chunk]] = set()
        with _interrupts_ignored():  # as the workers inherit, which these calls start
            for _ in range(2 * workers):  # twice, so that none has to wait for its next chunk
                pending |= submit()
        while pending:
            finished, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in finished:
                pending |= submit()
                yield future.result()
    except BrokenProcessPool:
        raise Unplayable(
            "a worker process ended before its work was done; perhaps memory ran out (try fewer --workers). In a "
            'script of your own, call sim.run below the line: if __name__ == "__main__":') from None
    finally:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        executor.shutdown(cancel_futures=True)


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ignore Ctrl-C for a moment: processes started in it ignore it for good, so that stopping them is ours to do."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
