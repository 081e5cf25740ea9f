"""Chunks played on a Dask cluster: one that is running, or one of worker processes made here.

A chunk whose worker dies, Dask has played again elsewhere; it gives the same bits. Few chunks are with the cluster at a
time, and each brings the scenario along, so that nothing has to outlive a worker.
"""

import logging
import math
import multiprocessing
import pickle
import signal
import tempfile
import threading
import time
import warnings
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Any
from uuid import uuid4

from sim.play.cast import Cast
from sim.play.choice import COMPILED, SIMPY
from sim.play.errors import WorkersLost
from sim.play.identity import rules_version
from sim.play.player import Chunk, Player, player_of
from sim.play.workers import held_back, processors

LOCAL = "local"
"""For an address: a cluster of worker processes on this machine, made for the run."""

AHEAD = 3
"""Chunks for each thread of the cluster: one at work, one waiting there, one on its way."""
ANSWER_WITHIN = 10.0
"""Seconds in which a scheduler answers, or counts as gone; its other users may keep it busy for a few."""
WORKERS_WITHIN = 30.0
"""Seconds to wait for workers when there are none: whatever looks after them needs about ten to start new ones."""
CLOSE_WITHIN = 2.0
"""Seconds for each farewell."""
LOOK_EVERY, PAUSE = 1.0, 0.01
"""Seconds between two looks at who is there, and at what is finished."""

RULES = rules_version()
"""Of the rules in this process's memory, which on a worker may be older than those on its disk."""
PLAY = "__import__('sim.play.cluster', fromlist=['_play'])._play(*job)"
"""What a worker is asked to do. As text, since Dask lets a worker die of a function that cannot be loaded there."""

_own = threading.local()
"""What a thread of a worker plays with, and what for."""
_making = threading.Lock()


def _play(rules: str, cast: bytes, clock: str, *job: int) -> Chunk:
    """Play a job, on a worker, of a cast that is pickled."""
    if rules != RULES:
        from distributed import get_worker

        raise WorkersLost(f"the worker at {get_worker().address} has another version of the rules ({RULES}, not "
                          f"{rules}); install the same version of this program there and restart the worker")
    if getattr(_own, "purpose", None) != (cast, clock):
        with _making:
            _own.play = _player(pickle.loads(cast), clock)
        _own.purpose = cast, clock
    chunk: Chunk = _own.play(*job)
    return chunk


def _player(cast: Cast, clock: str) -> Player:
    if clock == COMPILED:
        with suppress(Exception):  # whatever is wrong with an installation: the SimPy clock gives the same bits
            from sim.clocks.ready import make_ready

            make_ready(cast.variants.model(0))
            return player_of(cast, COMPILED)
    return player_of(cast, SIMPY)


def by_cluster(
    cast: Cast, jobs: Iterable[tuple[int, ...]], address: str, clock: str, workers: int | None = None
) -> Generator[Chunk, None, None]:
    """Play jobs on a Dask cluster; parameters as for `sim.play.play.play`.

    Parameters
    ----------
    cast, jobs
        What to play.
    address
        Address of a Dask scheduler, or ``local``.
    clock
        ``simpy`` or ``compiled``; a worker that cannot compile uses the SimPy clock.
    workers
        Worker processes of a local cluster; all processors when left out.

    Raises
    ------
    Unplayable
        If a replication cannot be played to the end.
    WorkersLost
        If the cluster cannot be used, or goes for good.
    """
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise WorkersLost("--cluster needs Dask; install it with: pip install 'drawdown-sim[cluster]'") from None
    pickled = pickle.dumps(cast)
    waiting = deque((RULES, pickled, clock, *job) for job in jobs)
    if not waiting:
        return
    with _quiet(), ExitStack() as stack:
        scheduler = address
        if address == LOCAL:
            scheduler = stack.enter_context(_local_cluster(min(workers or processors(), len(waiting))))
        client = stack.enter_context(_client(scheduler))
        yield from _as_finished(client, waiting, address)


def _as_finished(client: Any, waiting: deque[tuple[Any, ...]], address: str) -> Generator[Chunk, None, None]:
    threads = _threads(client, address)
    pending: set[Any] = set()
    while waiting or pending:
        room = AHEAD * next(threads) - len(pending)
        for _ in range(min(room, len(waiting))):
            pending.add(client.submit(eval, PLAY, {"job": waiting.popleft()}, key=f"drawdown-sim-{uuid4().hex}"))
        finished = [future for future in pending if future.status != "pending"]
        if not finished:
            time.sleep(PAUSE)
            continue
        try:
            chunks = _fetched(client, finished, address)
        except TimeoutError:  # lost with their worker after all, and not played again yet
            continue
        pending.difference_update(finished)
        del finished  # the last to hold them, so that the cluster forgets them
        yield from chunks


def _fetched(client: Any, finished: list[Any], address: str) -> list[Chunk]:
    """Fetch what finished chunks gave; if one has come to something else, raise that."""
    from distributed import KilledWorker

    fetch = partial(client.gather, finished, asynchronous=True)
    try:
        return list(client.sync(fetch, callback_timeout=ANSWER_WITHIN))
    except KilledWorker:
        raise WorkersLost("workers end, one after the other, when they play the same replications; perhaps memory runs "
                          "out there (start them with fewer threads, or where there is more)") from None
    except ImportError as error:
        raise WorkersLost(f"a worker of --cluster {address} cannot load this program ({error}); install the same "
                          "version of it wherever there is a worker, and restart those") from None
    except TimeoutError:
        raise
    except (CancelledError, OSError):
        raise _gone(address) from None


def _threads(client: Any, address: str) -> Iterator[int]:
    """Yield, whenever asked, the number of threads that can play: looked up now and then."""
    looked, able = -math.inf, {}
    seen, ever = time.monotonic(), False
    while True:
        if client.status != "running":
            raise _gone(address)
        if time.monotonic() - looked >= LOOK_EVERY:
            try:
                able = client.sync(client.scheduler.ncores_running, callback_timeout=ANSWER_WITHIN)
            except OSError:
                raise _gone(address) from None
            looked = time.monotonic()
            if able:
                seen, ever = looked, True
            elif looked - seen > WORKERS_WITHIN:
                raise _nobody(address, ever)
        yield sum(able.values())


def _nobody(address: str, ever: bool) -> WorkersLost:
    if ever:
        return WorkersLost(f"all workers of --cluster {address} are gone, or have paused because memory ran low; none "
                           f"has come back within {WORKERS_WITHIN:.0f} seconds")
    if address == LOCAL:
        return WorkersLost("the worker processes of --cluster local do not start; in a script of your own, call "
                           'sim.run below the line: if __name__ == "__main__":')
    return WorkersLost(f"the Dask scheduler at {address} has no workers; start some with: dask worker {address}")


def _gone(address: str) -> WorkersLost:
    return WorkersLost(f"the Dask scheduler at {address} is gone, or does not answer any more")


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Give a client of a scheduler."""
    from distributed import Client

    client: Any = Client.__new__(Client)  # in hand before it connects: else one that fails is never closed
    try:
        client.__init__(address, timeout=ANSWER_WITHIN, set_as_default=False)
    except Exception as error:
        client.status = "closed"
        why = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise WorkersLost(f"no Dask scheduler answers at {address or 'an empty address'}; give the address that dask "
                          f"scheduler prints where it is started, such as tcp://host:8786 ({why})") from None
    try:
        yield client
    finally:
        with suppress(Exception):
            client.close(CLOSE_WITHIN)


@contextmanager
def _local_cluster(workers: int) -> Iterator[str]:
    """Give the address of a cluster made here, of processes with a thread each."""
    from distributed import LocalCluster

    others = set(multiprocessing.active_children())

    def kill() -> None:
        for process in set(multiprocessing.active_children()) - others:
            process.kill()

    with tempfile.TemporaryDirectory(prefix="drawdown-sim-", ignore_cleanup_errors=True) as place:
        with held_back({signal.SIGINT}):
            cluster = LocalCluster(n_workers=0, threads_per_worker=1, processes=True, dashboard_address=None,
                                   silence_logs=logging.CRITICAL, local_directory=place, memory_limit=None)
        try:
            cluster.scale(workers)
            yield cluster.scheduler_address
        finally:
            killer = threading.Timer(CLOSE_WITHIN / 2, kill)  # a worker that is starting, or playing, does not listen
            killer.daemon = True
            killer.start()
            try:
                with suppress(Exception):
                    cluster.close(CLOSE_WITHIN)
            finally:
                killer.cancel()
                kill()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from logging and warning: what a user should know is said plainly."""
    names = ("distributed", "distributed.client", "tornado", "tornado.application", "asyncio")
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="distributed")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
