"""Whether there is memory to play in.

Libraries that find none while they load end the process without a word, or wait for it for ever; so it is tried before.
"""

import mmap

ROOM = 384 << 20
"""Bytes of address space that loading the compiled clock and playing with it take, on any scenario shipped."""

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


def is_shortage(error: BaseException) -> bool:
    """Say whether an error came of memory that ran out."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(
        isinstance(error, kind) and any(text in said for text in texts) for kind, texts in SHORTAGES.items())
