"""Where a report is written: never over anything that is not a report, and whole or not at all."""

import os
from pathlib import Path

from sim.play.errors import FolderError
from sim.play.files import write_whole
from sim.play.place import require_place
from sim.report.html import GENERATOR

FIRST = 4096
"""Bytes of a file in which a report says what it is."""


def require_file(path: Path) -> None:
    """Make sure that a report can be written into a file: it is new, or an earlier report.

    Raises
    ------
    FolderError
        If it is not.
    """
    require_place(path)
    if path.is_dir():
        raise FolderError(f"{path} is a folder; name a file with --out, such as {path / 'report.html'}")
    if os.path.lexists(path) and not is_report(path):
        raise FolderError(f"{path} exists and is not a report of this program; choose another --out")


def is_report(path: Path) -> bool:
    """Whether a file is a report of this program. A pipe or a device is none, and is not read."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return f'<meta name="generator" content="{GENERATOR} '.encode() in file.read(FIRST)


def write_report(path: Path, text: str) -> Path:
    """Write a report, in a folder that is made if there is none; raises as `require_file` and `OSError`."""
    require_file(path)
    made = [folder for folder in path.absolute().parents if not folder.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    finally:
        for folder in made:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
    return path
