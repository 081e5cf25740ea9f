"""Who plays: this process, its threads, worker processes, or a Dask cluster.

Each function yields what its jobs gave as they finish, in any order. Once the generator is closed, nobody goes on
working. Every worker makes its own player.
"""

import multiprocessing
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any

from sim.play.errors import WorkersLost
from sim.play.player import Chunk, Player
from sim.play.stopping import STOPPING, held_back, no_process_left

MOST_PROCESSES = 61 if sys.platform == "win32" else 1000
"""Windows allows no more."""

Jobs = Iterable[tuple[int, int, int]]
"""What a `sim.play.player.Player` is called with."""


def processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def here(play: Player, jobs: Jobs) -> Generator[Chunk, None, None]:
    """Play one job after the other in this process."""
    return (play(*job) for job in jobs)


def by_threads(
    make: Callable[[], Player], jobs: Jobs, workers: int, take: Callable[[Chunk], None]
) -> Generator[Chunk, None, None]:
    """Play in threads, each with its own player: for the compiled clock, which lets other threads run.

    Whoever has played a chunk has it taken, one after the other, so that no thread is left behind with this alone. If
    there are several, there is one thread more than players, so that no player rests while a thread waits for its turn.
    """
    taking = threading.Lock()
    idle: queue.SimpleQueue[Player] = queue.SimpleQueue()
    for _ in range(workers):
        idle.put(make())

    def play(variant: int, first: int, replications: int) -> Chunk:
        player = idle.get()
        try:
            chunk = player(variant, first, replications)
        finally:
            idle.put(player)
        with taking:
            take(chunk)
        return chunk

    executor = ThreadPoolExecutor(workers + 1 if workers > 1 else 1)
    try:
        yield from _as_finished(executor, play, jobs, workers, nullcontext)
    finally:
        executor.shutdown(cancel_futures=True)


def by_processes(make: Callable[[], Player], jobs: Jobs, workers: int) -> Generator[Chunk, None, None]:
    """Play in worker processes, each of which makes its own player: for the SimPy clock."""
    workers = min(workers, MOST_PROCESSES)
    with _starting():
        executor = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _prepare, (make,))
    try:
        with no_process_left(partial(executor.shutdown, cancel_futures=True)):
            yield from _as_finished(executor, _play, jobs, workers, _starting)
    except BrokenProcessPool:
        raise WorkersLost(
            "a worker process ended before its work was done; perhaps memory ran out (try fewer --workers)") from None


@contextmanager
def _starting() -> Iterator[None]:
    """Start worker processes: out of the reach of signals, and without running the user's script again in each.

    Python would import the main module in every worker, and a script that calls `sim.run` would start over there. The
    workers need nothing of it, so they are not told where it is.
    """
    script = sys.modules["__main__"]
    hidden: dict[str, Any] = {name: vars(script)[name] for name in ("__file__", "__spec__") if name in vars(script)}
    with held_back(STOPPING):
        vars(script).pop("__file__", None)
        script.__spec__ = None
        try:
            yield
        finally:
            vars(script).update(hidden)


def _as_finished(
    executor: Executor, play: Player, jobs: Jobs, workers: int, starting: Callable[[], AbstractContextManager[None]],
) -> Iterator[Chunk]:
    """Yield what jobs gave as they finish; workers are started inside ``starting``, when a job is submitted."""
    waiting = iter(jobs)
    pending: set[Future[Chunk]] = set()

    def submit() -> None:
        job = next(waiting, None)
        if job is not None:
            with starting():
                pending.add(executor.submit(play, *job))

    for _ in range(2 * workers):  # twice, so that no worker has to wait for its next chunk
        submit()
    while pending:
        finished, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in finished:
            pending.remove(future)
            submit()
            yield future.result()


_player: list[Player] = []
"""The player of a worker process."""


def _prepare(make: Callable[[], Player]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all; the parent stops its workers
    if os.name != "nt":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    _player[:] = [make()]


def _end_with(parent: BaseProcess) -> None:
    """End this worker when its parent has been killed."""
    parent.join()
    os._exit(1)


def _play(variant: int, first: int, replications: int) -> Chunk:
    return _player[0](variant, first, replications)
