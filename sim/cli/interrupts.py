"""Ctrl-C, and whatever else asks a command to stop: it is heard wherever it comes."""

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HEARD_WITHIN = 3.0
"""Seconds after which an interrupt is repeated if nothing has come of it."""
_interrupted = threading.Event()


def listen() -> None:
    """Take signals to stop for interrupts: whichever it is, workers are stopped and drafts removed."""
    sys.unraisablehook = _unheard
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(number, _interrupt)


@contextmanager
def interrupts_first() -> Iterator[None]:
    """Take whatever an interrupt brings about for the interrupt: inside an import, it may come as any other error."""
    try:
        yield
    except Exception:
        if not _interrupted.is_set():
            raise
        raise KeyboardInterrupt from None


def _interrupt(signum: int, frame: object) -> None:
    """Stop; and again after a while, for an exception raised inside a library's import can go unheard."""
    _interrupted.set()
    _interrupt_in(HEARD_WITHIN)
    raise KeyboardInterrupt


def _interrupt_in(seconds: float) -> None:
    again = threading.Timer(seconds, _thread.interrupt_main)
    again.daemon = True
    again.start()


def _unheard(event: Any) -> None:
    """Repeat an interrupt that came where exceptions are not passed on: inside what compiled code calls."""
    if issubclass(event.exc_type, KeyboardInterrupt):
        _interrupt_in(0.01)
    else:
        sys.__unraisablehook__(event)
