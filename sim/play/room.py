"""Whether there is memory to play in.

Libraries that find none while they load end the process without a word, or wait for it for ever; so it is tried before.
"""

import math
import mmap
import os
from collections.abc import Callable

from sim.play.errors import TooLarge

ROOM = 384 << 20
"""Bytes of address space that loading the compiled clock and playing with it take, on any scenario shipped."""

MEMORY, MOST_GB, WORTH_SAYING_GB = "DRAWDOWN_SIM_MEMORY", 2.0, 1.0
"""Variable of the environment that says how many GB a run may take; how many it may if that is not set; and from how
many on it is said."""

SHORTAGES = {
    ImportError: ("failed to map segment", "cannot allocate memory"),
    RuntimeError: ("can't start new thread",),
}
"""What the system says when it has no room to load a library or to start a thread."""


def require_room() -> None:
    """Make sure that there is memory to play in.

    Raises
    ------
    MemoryError
        If there is not.
    """
    try:
        mmap.mmap(-1, ROOM).close()  # reserved, never touched
    except OSError:
        raise MemoryError from None


def require_memory(needed: int, say: Callable[[str], None]) -> None:
    """Make sure that what is to be played takes no more memory than it may, and say so if it takes much.

    Parameters
    ----------
    needed
        Bytes, about, however many replications there are.
    say
        Told, in a line, what a user should know.

    Raises
    ------
    TooLarge
        If it takes more.
    """
    gigabytes, most = needed / 1e9, _most_gigabytes()
    if gigabytes > most:
        raise TooLarge(f"this would take about {gigabytes:.1f} GB of memory, and may take {most:g}; an earlier end, or "
                       "fewer theatres, phases or suppressions, take less; or, if this machine has so much, set "
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
    """Say whether an error came of memory that ran out."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(
        isinstance(error, kind) and any(text in said for text in texts) for kind, texts in SHORTAGES.items())
