"""Files of results: written whole or not at all, recognised by their checksums, and put beside a user's own files."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import file_digest
from itertools import count
from pathlib import Path
from typing import Any

PROGRAM = "drawdown-sim"

Sums = dict[str, str]
"""Files by their names in a folder, such as ``figures/troops.png``, with their checksums."""


def as_json(data: Any) -> str:
    """Write data as readable JSON. Bytes of file names that are not UTF-8 become escapes, which Python reads back."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    return re.sub("[\ud800-\udfff]", lambda byte: f"\\u{ord(byte[0]):04x}", text)


def write_whole(path: Path, text: str) -> None:
    """Write a text file completely or not at all. What is not UTF-8, as in some file names, becomes ``?``."""
    with whole(path) as draft:
        draft.write_text(text, encoding="utf-8", errors="replace")


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a draft to write to. It takes the place of the file once it is written, and is removed if that fails."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{PROGRAM}")
    _sweep(path)
    try:
        yield draft
        sync(draft)
        draft.replace(path)
    except BaseException as error:
        draft.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(path)  # where the user wanted it
        raise


@contextmanager
def hdf_faults(path: Path) -> Iterator[None]:
    """Raise an `OSError` if HDF5 cannot write a file. HDF5 itself only mentions the number of the error in a text."""
    try:
        yield
    except Exception as error:
        number = re.search(r"errno = (\d+)", str(error))
        if number is None:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1])), str(path)) from None


def _sweep(path: Path) -> None:
    """Remove drafts of a file that ended processes have left."""
    before, after = f".{path.name}.", f".{PROGRAM}"
    for draft in path.parent.iterdir() if os.name != "nt" and path.parent.is_dir() else ():
        number = draft.name.removeprefix(before).removesuffix(after)
        if draft.name == f"{before}{number}{after}" and number.isascii() and number.isdigit() and draft.is_file():
            try:
                os.kill(int(number), 0)
            except ProcessLookupError:
                draft.unlink(missing_ok=True)
            except (OSError, OverflowError):
                pass  # the process is alive and belongs to somebody else


def sync(path: Path) -> None:
    """Make sure that a file, or the list of files in a folder, has reached the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open folders
    number = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def sync_all(folder: Path) -> None:
    """Make sure that a folder and everything in it have reached the disk."""
    for path in (*folder.rglob("*"), folder):
        sync(path)


def sums_of(folder: Path) -> Sums:
    """Return the checksums of all files in a folder."""
    return {path.relative_to(folder).as_posix(): sum_of(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def sum_of(path: Path) -> str:
    """Return a file's checksum; empty if it cannot be read."""
    if not path.is_file():
        return ""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def move_in(file: Path, folder: Path, name: str, written: Sums, say: Callable[[str], None]) -> None:
    """Move a file into a folder. What is in its place and not as the program wrote it is kept under another name."""
    target = folder / name
    in_the_way = [parent for parent in (folder / above for above in Path(name).parents) if parent.is_file()]
    if target.is_dir() or (
            target.is_file() and not is_as_written(folder, name, written) and sum_of(target) != sum_of(file)):
        in_the_way.append(target)
    for other in in_the_way:
        kept = _free_name(other)
        other.rename(kept)
        say(f"{other} is not as this program wrote it; it is kept as {kept.name}.")
    target.parent.mkdir(parents=True, exist_ok=True)
    file.replace(target)


def is_as_written(folder: Path, name: str, written: Sums) -> bool:
    """Whether a file is still as the program wrote it."""
    return name in written and sum_of(folder / name) == written[name]


def _free_name(path: Path) -> Path:
    names = (f"{path.stem} (yours{f' {number}' if number > 1 else ''}){path.suffix}" for number in count(1))
    return next(free for free in map(path.with_name, names) if not os.path.lexists(free))
