"""Chunks played on a Dask cluster: one that is running already, or worker processes started for the run.

If a worker dies, Dask plays its chunks again elsewhere, and they give the same bits. Few chunks are with the cluster at
a time. Each brings the scenario with it, so a worker that joins late can play too.
"""

import logging
import pickle
import signal
import tempfile
import threading
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from sim.play.cast import Cast
from sim.play.choice import COMPILED, SIMPY
from sim.play.errors import WorkersLost
from sim.play.identity import rules_version
from sim.play.player import Chunk, Player, player_of
from sim.play.stopping import held_back, no_process_left
from sim.play.workers import Jobs, processors

LOCAL = "local"
"""Instead of an address: worker processes on this machine, started for the run."""

AHEAD = 3
"""Chunks per thread of the cluster: one being played, one waiting there, one on its way."""
ANSWER_WITHIN = 10.0
"""Seconds after which a scheduler that has not answered counts as gone; its other users may keep it busy for a few."""
WORKERS_WITHIN = 30.0
"""Seconds to wait while there are no workers: whatever manages them needs about ten to start new ones."""
LOOK_EVERY = 2.0
"""Seconds between two looks at which workers are there."""

RULES = rules_version()
"""The rules in this process's memory. On a worker they may be older than those on its disk."""

_worker = threading.local()
"""On a worker, for each of its threads: the player, and the cast and clock that it was made for."""
_making = threading.Lock()


def _task() -> Callable[..., Chunk]:
    """Return the function that a worker is asked to call.

    It is a local function, and imports what it needs itself, so Dask sends its code and not just its name. A worker
    that cannot import a name does not report the error: it drops its connection to the scheduler and is lost. So would
    be one worker after the other.
    """
    def play(*job: Any) -> Any:  # not Chunk, which would be sent as a name
        from sim.play.cluster import play_on_worker

        return play_on_worker(*job)

    return play


def play_on_worker(rules: str, cast: bytes, clock: str, variant: int, first: int, replications: int) -> Chunk:
    """Play a job of a pickled cast; called on workers."""
    if rules != RULES:
        from distributed import get_worker

        raise WorkersLost(f"the worker at {get_worker().address} has another version of the rules ({RULES}, not "
                          f"{rules}); install the same version of this program there and restart the worker")
    if getattr(_worker, "purpose", None) != (cast, clock):
        with _making:
            _worker.player = _player(pickle.loads(cast), clock)
        _worker.purpose = cast, clock
    player: Player = _worker.player
    return player(variant, first, replications)


def _player(cast: Cast, clock: str) -> Player:
    if clock == COMPILED:
        with suppress(Exception):  # whatever is wrong with an installation: the SimPy clock gives the same bits
            from sim.clocks.compiled import play_rows

            play_rows.load()
            return player_of(cast, COMPILED)
    return player_of(cast, SIMPY)


def by_cluster(
    cast: Cast, jobs: Jobs, address: str, clock: str, workers: int | None = None
) -> Generator[Chunk, None, None]:
    """Play jobs on a Dask cluster; parameters as for `sim.play.play.play`.

    Parameters
    ----------
    cast, jobs
        What to play.
    address
        Address of a Dask scheduler, or ``local``.
    clock
        ``simpy`` or ``compiled``; a worker that has no compiled rules uses the SimPy clock.
    workers
        Worker processes of a local cluster; as many as there are processors when left out.

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
    """Yield chunks as they finish, and now and then look whether somebody is there to play the rest."""
    from distributed import KilledWorker, as_completed

    task = _task()
    pending: set[Any] = set()

    def submit(threads: int) -> list[Any]:
        room = min(len(waiting), AHEAD * threads - len(pending))
        new = [client.submit(task, *waiting.popleft(), pure=False) for _ in range(room)]
        pending.update(new)
        return new

    threads_now = _threads(client, address)
    while waiting or pending:
        threads = next(threads_now)
        submit(threads)
        finished = as_completed(pending, loop=client.loop, with_results=True, timeout=LOOK_EVERY)
        try:
            for future, chunk in finished:
                if future.cancelled():  # as Dask does with all when it loses the scheduler
                    raise _gone(address)
                pending.remove(future)
                finished.update(submit(threads))
                yield chunk
        except TimeoutError:
            continue
        except KilledWorker:
            raise WorkersLost("workers end, one after the other, when they play the same replications; perhaps memory "
                              "runs out there (start them with fewer threads, or where there is more), or they have "
                              "another version of Python") from None
        except ImportError as error:
            raise WorkersLost(f"a worker of --cluster {address} cannot load this program ({error}); install the same "
                              "version of it wherever there is a worker, and restart those") from None


def _threads(client: Any, address: str) -> Iterator[int]:
    """Yield, whenever asked, how many threads can play; wait for workers if there are none.

    `Client.nthreads` would count workers that have paused, and wait for ever for a scheduler that hangs.
    """
    ever = False
    while True:
        if client.status != "running":
            raise _gone(address)
        try:
            threads = sum(client.sync(client.scheduler.ncores_running, callback_timeout=ANSWER_WITHIN).values())
        except OSError:
            raise _gone(address) from None
        if threads:
            ever = True
            yield threads
            continue
        try:
            client.wait_for_workers(1, WORKERS_WITHIN)
        except TimeoutError:
            raise _nobody(address, ever) from None
        except OSError:
            raise _gone(address) from None


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


def _client(address: str) -> Any:
    """Return a client of a scheduler, to be used as a context manager."""
    from distributed import Client
    from distributed.comm import resolve_address

    try:
        resolve_address(address)  # first, since a client that cannot read its address is never closed by Dask
        return Client(address, timeout=ANSWER_WITHIN, set_as_default=False)
    except Exception as error:
        why = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise WorkersLost(f"no Dask scheduler answers at {address or 'an empty address'}; give the address that dask "
                          f"scheduler prints where it is started, such as tcp://host:8786 ({why})") from None


@contextmanager
def _local_cluster(workers: int) -> Iterator[str]:
    """Give the address of a cluster started here, of processes with a thread each.

    Workers are added only when it is there: `LocalCluster` waits for them, for ever if they do not start. And it is
    closed by `no_process_left`, for as a context manager it waits until workers have started or finished their chunks.
    """
    from distributed import LocalCluster

    with tempfile.TemporaryDirectory(prefix="drawdown-sim-", ignore_cleanup_errors=True) as place:
        with held_back({signal.SIGINT}):
            cluster = LocalCluster(n_workers=0, threads_per_worker=1, processes=True, dashboard_address=None,
                                   silence_logs=logging.CRITICAL, local_directory=place, memory_limit=None)
        with no_process_left(cluster.close):
            cluster.scale(workers)
            yield cluster.scheduler_address


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
