"""Files of results that are written whole or not at all, into a folder that holds nothing else's."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path

from sim.ensemble.errors import FolderError


def write_whole(path: Path, text: str) -> None:
    """Write a text file, or leave nothing of it."""
    with whole(path) as draft:
        draft.write_text(text, encoding="utf-8")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a file to write to; it takes its place when it is written, and is removed if that fails."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield draft
        draft.replace(path)
    except BaseException as error:
        draft.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(path)  # where the user wanted it
        raise


def refuse_other(folder: Path, own: str) -> None:
    """Refuse a folder with something else in it: one with files of which none has this name.

    Raises
    ------
    FolderError
        If there is something else.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        raise FolderError(f"{folder} is no folder; choose another --out")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / own).exists():
        raise FolderError(f"{folder} exists and holds no {own}; choose another --out")


def sum_of(path: Path) -> str:
    """Return a file's checksum; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
