"""Files that a user names: what is in them, and what is called after them."""

import os
from pathlib import Path


def stem(path: str | os.PathLike[str]) -> str:
    """Return the name under which results of a file are kept: its name without the ending.

    It can be written anywhere: bytes that are not UTF-8 become ``%E9``. It never stands for another folder either, as
    the ``..`` of ``...toml`` would.
    """
    name = Path(os.fsdecode(path))
    text = name.stem if name.stem.strip(".") else name.name
    return "".join(f"%{ord(c) & 0xFF:02X}" if "\ud800" <= c <= "\udfff" else c for c in text)


def read_at_once(path: str | os.PathLike[str], at_most: int) -> bytes:
    """Return what is in a file, as far as it is there now.

    Some files that the system makes up, such as ``/proc/kmsg``, seem ordinary and have no end.

    Raises
    ------
    OSError, ValueError
        If it cannot be read, or has an impossible name.
    """
    with open(path, "rb", opener=lambda file, flags: os.open(file, flags | getattr(os, "O_NONBLOCK", 0))) as handle:
        return handle.read(at_most) or b""
