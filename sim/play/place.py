"""Whether results can be put where the user wants them: checked before anything is played."""

import os
from pathlib import Path

from sim.play.errors import FolderError
from sim.scenario.harmless import printable

LONGEST_NAME = 255
"""Bytes in the name of a file or folder, on nearly all file systems."""
LONGEST_PATH = 4096 if os.name == "posix" else 260
DEEPEST = 500
"""Levels of folders. Python makes and removes them by recursion, which has a limit."""
ROOM = 40
"""Bytes that the name of a draft adds to the name of its file: process number and ending."""
ROOM_INSIDE = 120 if os.name == "posix" else 60
"""Bytes of the longest path inside a folder of results."""


def require_place(path: Path) -> None:
    """Make sure that a file or a folder of results can be written.

    Raises
    ------
    FolderError
        If its name is impossible or too long, or its parent folder cannot be written to.
    """
    try:
        place = path.absolute()
        name = os.fsencode(place)
    except UnicodeEncodeError:
        raise FolderError(f"{path} is not a possible name; choose another --out") from None
    except OSError as error:  # the working directory of the command is gone
        raise FolderError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None
    parts = name.split(os.fsencode(os.sep))
    if b"\0" in name:
        raise FolderError(f"{printable(str(path))} is not a possible name; choose another --out")
    if len(parts) > DEEPEST or len(name) > LONGEST_PATH - ROOM_INSIDE:
        raise FolderError(f"{_short(path)} is too deep inside other folders; choose another --out")
    if max(map(len, parts)) > LONGEST_NAME or len(parts[-1]) > LONGEST_NAME - ROOM:
        raise FolderError(f"{_short(path)} has too long a name; the last part may have {LONGEST_NAME - ROOM} bytes, "
                          f"others {LONGEST_NAME}, so choose another --out")
    existing = place
    while not os.path.lexists(existing):
        existing = existing.parent
    if existing != place and not os.path.isdir(existing):
        raise FolderError(f"{path} cannot be written: {existing} is not a folder")
    if os.path.isdir(existing) and not os.access(existing, os.W_OK | os.X_OK):
        raise FolderError(f"{path} cannot be written: you do not have permission to write into {existing}; choose "
                          "another --out")


def _short(path: Path, longest: int = 120) -> str:
    text = str(path)
    return text if len(text) <= longest else f"{text[:longest]}..."
