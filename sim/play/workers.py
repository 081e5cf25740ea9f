"""Who plays: this process, its threads, worker processes, or a Dask cluster.

Each yields what it is asked to play as it is finished, in any order; whatever happens, nobody goes on working after it
is closed. What plays is made anew by every worker.
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
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from sim.play.errors import WorkersLost

MOST_PROCESSES = 61 if sys.platform == "win32" else 1000
"""More, Windows does not allow."""

STOPPING = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}
"""Signals that end a run."""
PATIENCE = 2.0
"""Seconds that worker processes have to finish their chunks when they are stopped."""

Played = TypeVar("Played")
Player = Callable[..., Played]
"""Plays what a job of whole numbers stands for."""
Jobs = Iterable[tuple[int, ...]]


def processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def here(play: Player[Played], jobs: Jobs) -> Generator[Played, None, None]:
    """Play one by one in this process."""
    return (play(*job) for job in jobs)


def by_threads(make: Callable[[], Player[Played]], jobs: Jobs, workers: int) -> Generator[Played, None, None]:
    """Play in threads, each with a player of its own: with the compiled clock, which lets others work."""
    idle: queue.SimpleQueue[Player[Played]] = queue.SimpleQueue()
    for _ in range(workers):
        idle.put(make())

    def play(*job: int) -> Played:
        player = idle.get()
        try:
            return player(*job)
        finally:
            idle.put(player)

    executor = ThreadPoolExecutor(workers)
    try:
        yield from _as_finished(executor, play, jobs, workers, nullcontext())
    finally:
        executor.shutdown(cancel_futures=True)


def by_processes(make: Callable[[], Player[Played]], jobs: Jobs, workers: int) -> Generator[Played, None, None]:
    """Play in worker processes, to which what makes their players is sent: with the SimPy clock."""
    others = set(multiprocessing.active_children())
    workers = min(workers, MOST_PROCESSES)
    with held_back(STOPPING):
        executor = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _prepare, (make,))
    try:
        yield from _as_finished(executor, _play, jobs, workers, held_back(STOPPING))
    except BrokenProcessPool:
        raise WorkersLost(
            "a worker process ended before its work was done; perhaps memory ran out (try fewer --workers). In a "
            'script of your own, call sim.run below the line: if __name__ == "__main__":') from None
    finally:
        _end(executor, set(multiprocessing.active_children()) - others)


def _end(executor: Executor, processes: Iterable[BaseProcess]) -> None:
    """Let worker processes finish what they are at, then end those that take long.

    When one is ended while it hands over a chunk, its executor waits for the rest of it for ever; it is left to.
    """
    with held_back(STOPPING):  # once is enough
        farewell = threading.Thread(target=executor.shutdown, kwargs={"cancel_futures": True}, daemon=True)
        farewell.start()
        try:
            farewell.join(PATIENCE)
        finally:
            for process in processes:
                process.kill()
        farewell.join(PATIENCE)


def _as_finished(
    executor: Executor, play: Player[Played], jobs: Jobs, workers: int, starting: AbstractContextManager[None],
) -> Iterator[Played]:
    """Yield what is played as it is finished; workers are started inside ``starting``."""
    waiting = iter(jobs)
    pending: set[Future[Played]] = set()

    def submit() -> None:
        job = next(waiting, None)
        if job is not None:
            pending.add(executor.submit(play, *job))

    with starting:
        for _ in range(2 * workers):  # twice, so that none has to wait for its next chunk
            submit()
    while pending:
        finished, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in finished:
            pending.remove(future)
            submit()
            yield future.result()


_player: list[Player[Any]] = []
"""What a worker process plays with."""


def _prepare(make: Callable[[], Player[Any]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what a terminal sends to all is their parent's business
    if os.name != "nt":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    _player[:] = [make()]


def _end_with(parent: BaseProcess) -> None:
    """Leave nobody working when the parent has been killed."""
    parent.join()
    os._exit(1)


def _play(*job: int) -> Any:
    return _player[0](*job)


def _start_tracker() -> None:
    """Start what clears up behind multiprocessing; what a stopped run leaves, it clears up without a word."""
    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = "ignore"
    try:
        resource_tracker.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONWARNINGS"]
        else:
            os.environ["PYTHONWARNINGS"] = before


@contextmanager
def held_back(signals: Iterable[int]) -> Iterator[None]:
    """Hold signals back while what starts worker processes is set up; they inherit it: stopping them is ours to do."""
    if os.name == "nt":
        yield
        return
    _start_tracker()  # starting it later would let them through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
