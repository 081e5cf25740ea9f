"""Stopping: how signals are kept from worker processes, and how those processes are ended.

What a user sends to stop a command reaches the command alone. It lets its worker processes finish what they are at,
and ends those that take long.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

STOPPING = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}
"""Signals that stop a command."""
PATIENCE = 2.0
"""Seconds that worker processes have to finish, and then to be gone."""


@contextmanager
def held_back(signals: Iterable[int]) -> Iterator[None]:
    """Block signals while worker processes are set up: they inherit the block, so only this process is stopped."""
    if os.name == "nt":
        yield
        return
    _start_tracker()  # started later, it would lift the block
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start_tracker() -> None:
    """Start the process that tidies up for multiprocessing, and tell it to be silent about what a stopped run left."""
    from multiprocessing import resource_tracker  # the command line begins here too, and needs none of it

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
def no_process_left(close: Callable[[], object]) -> Iterator[None]:
    """On the way out, close what starts worker processes, and kill those still there when patience runs out.

    Closing happens in a thread of its own, because it can wait for ever: a process pool waits for the rest of a result
    that a killed worker was handing over, and Dask for a worker that has not started yet. It is then left behind.
    """
    from multiprocessing import active_children

    others = set(active_children())
    try:
        yield
    finally:
        with held_back(STOPPING):  # a second Ctrl-C changes nothing
            closing = threading.Thread(target=_quietly, args=(close,), daemon=True)
            closing.start()
            for _ in range(2):  # Dask may have replaced a worker that was killed before it knew of the closing
                try:
                    closing.join(PATIENCE)
                finally:
                    for process in set(active_children()) - others:
                        process.kill()
            closing.join(PATIENCE)


def _quietly(close: Callable[[], object]) -> None:
    """Close; whatever goes wrong then is no news to a user whose workers end anyway."""
    with suppress(Exception):
        close()
