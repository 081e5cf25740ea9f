"""Ctrl-C, and the other signals that stop a command: none goes unheard, whatever the command is doing."""

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sim.play.stopping import STOPPING

HEARD_WITHIN = 3.0
"""Seconds after which an interrupt is repeated if the command has not stopped."""
_interrupted = threading.Event()


def listen() -> None:
    """Treat every signal that stops a command as Ctrl-C, so that workers are stopped and drafts removed."""
    sys.unraisablehook = _repeat_if_interrupt
    for number in STOPPING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup has the terminal's hanging up ignored
            signal.signal(number, _interrupt)


def stop_listening() -> None:
    """Ignore further interrupts: the command is stopping."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def interrupts_first() -> Iterator[None]:
    """Turn any error that follows an interrupt back into the interrupt: imports can change its type."""
    try:
        yield
    except Exception:
        if not _interrupted.is_set():
            raise
        raise KeyboardInterrupt from None


def _interrupt(signum: int, frame: object) -> None:
    """Stop the command; try again a little later, since a library can swallow an exception while it is imported."""
    _interrupted.set()
    _interrupt_in(HEARD_WITHIN)
    raise KeyboardInterrupt


def _interrupt_in(seconds: float) -> None:
    timer = threading.Timer(seconds, _thread.interrupt_main)
    timer.daemon = True
    timer.start()


def _repeat_if_interrupt(event: Any) -> None:
    """Repeat an interrupt that was lost because it came inside a call from compiled code, which cannot raise it."""
    if issubclass(event.exc_type, KeyboardInterrupt):
        _interrupt_in(0.01)
    else:
        sys.__unraisablehook__(event)
