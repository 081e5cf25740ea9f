"""Whether results can be put where they are wanted: found out before they are worked out."""

import os
from pathlib import Path

from sim.play.errors import FolderError
from sim.scenario.harmless import printable

LONGEST_NAME = 255
"""Bytes in the name of a file or folder, on nearly all file systems."""
LONGEST_PATH = 4096 if os.name == "posix" else 260
DEEPEST = 500
"""Folders inside one another. Python makes and removes them by functions that call themselves."""
ROOM = 40
"""Bytes that drafts add to the name of what they are to become: process, ending."""
ROOM_INSIDE = 120 if os.name == "posix" else 60
"""Bytes of the longest path inside a folder of results."""


def require_place(path: Path) -> None:
    """Make sure that a file or a folder of results can be written.

    Raises
    ------
    FolderError
        If its name is impossible or too long, or the folder that it would lie in may not be written.
    """
    try:
        place = path.absolute()
        name = os.fsencode(place)
    except UnicodeEncodeError:
        raise FolderError(f"{path} is no possible name; choose another --out") from None
    except OSError as error:  # the folder that the command runs in is gone
        raise FolderError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None
    parts = name.split(os.fsencode(os.sep))
    if b"\0" in name:
        raise FolderError(f"{printable(str(path))} is no possible name; choose another --out")
    if len(parts) > DEEPEST or len(name) > LONGEST_PATH - ROOM_INSIDE:
        raise FolderError(f"{_short(path)} lies too deep in folders; choose another --out")
    if max(map(len, parts)) > LONGEST_NAME or len(parts[-1]) > LONGEST_NAME - ROOM:
        raise FolderError(f"{_short(path)} has too long a name; the last one has at most {LONGEST_NAME - ROOM} bytes, "
                          f"others {LONGEST_NAME}, so choose another --out")
    there = place
    while not os.path.lexists(there):
        there = there.parent
    if there != place and not os.path.isdir(there):
        raise FolderError(f"{path} cannot be written: {there} is no folder")
    if os.path.isdir(there) and not os.access(there, os.W_OK | os.X_OK):
        raise FolderError(f"{path} cannot be written: you lack the permission to write into {there}; choose another "
                          "--out")


def _short(path: Path, longest: int = 120) -> str:
    text = str(path)
    return text if len(text) <= longest else f"{text[:longest]}..."
