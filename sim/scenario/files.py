"""Files that a user names: their contents, and the names of their results."""

import os
from pathlib import Path


def stem(path: str | os.PathLike[str]) -> str:
    """Return the name for the results of a file: its file name without the ending.

    It is safe as a file name: bytes that are not UTF-8 become ``%E9``, and it is never another folder, such as the
    ``..`` in ``...toml``.
    """
    name = Path(os.fsdecode(path))
    text = name.stem if name.stem.strip(".") else name.name
    return "".join(f"%{ord(c) & 0xFF:02X}" if "\ud800" <= c <= "\udfff" else c for c in text)


def read_at_once(path: str | os.PathLike[str], at_most: int) -> bytes:
    """Return the contents of a file, as far as they can be read without waiting.

    Some system files, such as ``/proc/kmsg``, look ordinary and never end.

    Raises
    ------
    OSError, ValueError
        If it cannot be read, or has an impossible name.
    """
    with open(path, "rb", opener=lambda file, flags: os.open(file, flags | getattr(os, "O_NONBLOCK", 0))) as handle:
        return handle.read(at_most) or b""
