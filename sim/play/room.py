"""Whether there is enough memory.

It is checked in advance: libraries that run out of memory while they load end the process without a message, or hang.
"""

import math
import mmap
import os
from collections.abc import Callable

from sim.play.errors import TooLarge

ROOM = 384 << 20
"""Bytes of address space that it takes to load the compiled clock and to play any shipped scenario with it."""

MEMORY, MOST_GB, WORTH_SAYING_GB = "DRAWDOWN_SIM_MEMORY", 2.0, 1.0
"""The environment variable that says how many GB a run may take; the limit if it is not set; and the number of GB from
which the user is told."""

SHORTAGES = {
    ImportError: ("failed to map segment", "cannot allocate memory"),
    RuntimeError: ("can't start new thread",),
}
"""Messages of the system when there is no memory to load a library or to start a thread."""


def require_room() -> None:
    """Make sure that there is enough memory to start.

    Raises
    ------
    MemoryError
        If there is not enough.
    """
    try:
        mmap.mmap(-1, ROOM).close()  # reserved, never touched
    except OSError:
        raise MemoryError from None


def require_memory(needed: int, say: Callable[[str], None]) -> None:
    """Make sure that playing takes no more memory than is allowed, and tell the user if it takes much.

    Parameters
    ----------
    needed
        Bytes it takes, roughly; the number of replications does not matter.
    say
        Called with a line of text when there is something that the user should know.

    Raises
    ------
    TooLarge
        If it takes more than is allowed.
    """
    gigabytes, most = needed / 1e9, _most_gigabytes()
    if gigabytes > most:
        raise TooLarge(f"this would take about {gigabytes:.1f} GB of memory; {most:g} are allowed. An earlier end, or "
                       "fewer theatres, phases or suppressions, take less. If this machine has enough memory, set "
                       f"{MEMORY}={math.ceil(gigabytes)} in the environment")
    if gigabytes >= WORTH_SAYING_GB:
        say(f"This takes about {gigabytes:.1f} GB of memory.")


def _most_gigabytes() -> float:
    text = os.environ.get(MEMORY) or str(MOST_GB)
    try:
        most = float(text)
    except ValueError:
        most = math.nan
    if not most > 0:
        raise TooLarge(f"{MEMORY} must be a number of GB above 0, such as 8, not {text}")
    return most


def is_shortage(error: BaseException) -> bool:
    """Say whether an error means that memory ran out."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(
        isinstance(error, kind) and any(text in said for text in texts) for kind, texts in SHORTAGES.items())
