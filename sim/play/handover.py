"""From unfinished work to results in their folder, through states that follow each other by renaming a folder.

A command works in a hidden folder beside the results, ``.DIR.drawdown-sim``. It contains

- ``lock``: held by the command at work, until everything is in its place
- ``begun.json``: what the work belongs to
- ``play``: unfinished work, which a later run continues
- ``draft``: results that are being written
- ``results``, ``additions``: results that are complete and wait to be put into the folder, in place of what is there
  or beside it
- ``former``: the record of results that are being replaced
- ``gone``: what is being removed

Nothing is renamed until everything that the new name promises has reached the disk. So the next command can tell in
which state a stopped command left the folder, and continues from there. The record of results says what they belong to
and which files the program wrote. It is taken away before anything else is replaced, and written last.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from filelock import FileLock, Timeout

from sim.play.choice import Say
from sim.play.errors import Damaged, FolderError
from sim.play.files import PROGRAM, Sums, is_as_written, move_in, sum_of, sums_of, sync, sync_all
from sim.play.kept import FILES, read_record, write_record

LOCK, BEGUN, PLAY, DRAFT, RESULTS, ADDITIONS, FORMER, GONE = (
    "lock", "begun.json", "play", "draft", "results", "additions", "former", "gone")
RECORDS = ("run.json", "study.json")
MOST_TRIES = 100
"""Of making the folder to work in, while others remove it."""


def work_of(folder: Path) -> Path:
    """Return the hidden folder in which the results for a folder are worked on."""
    plain = folder if folder.name not in ("", "..") and not folder.is_symlink() else folder.resolve()
    if not plain.name:
        raise FolderError(f"{folder} cannot be a folder for results; choose another --out")
    return plain.with_name(f".{plain.name}.{PROGRAM}")


def play_of(folder: Path) -> Path:
    """Return where unfinished work on the results for a folder is, if there is any."""
    return work_of(folder) / PLAY


def waits(folder: Path) -> bool:
    """Whether results for a folder are finished, but the command was stopped before it put them there."""
    return any(read(work_of(folder) / RESULTS / name) for name in RECORDS)


@contextmanager
def held(folder: Path, say: Say) -> Iterator[Path]:
    """Keep other commands out of a folder, and finish what a stopped one left. Give the hidden folder to work in."""
    work, place = work_of(folder), folder.absolute()
    made = [parent for parent in place.parents if not parent.exists()]
    try:
        with _locked(work, folder):
            _finish(work, folder, say)
            yield work
    except OSError as error:
        if not error.filename or work.name in str(error.filename):
            error.filename = str(place)  # the folder that the user knows
        raise
    finally:
        for parent in made:
            _remove_if_empty(parent)


@contextmanager
def _locked(work: Path, folder: Path) -> Iterator[None]:
    """Hold the lock. When it is released, a hidden folder that holds nothing to keep is removed."""
    lock, tries = FileLock(work / LOCK, timeout=0), 0
    while not lock.is_locked:
        tries += 1
        try:
            work.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise FolderError(f"another run is at work in {folder}; wait for it, or choose another --out") from None
        except (FileNotFoundError, FileExistsError, IsADirectoryError):  # another command may just have removed it
            blocking = [path for path, is_right in ((work, Path.is_dir), (work / LOCK, Path.is_file))
                        if os.path.lexists(path) and not is_right(path)]
            if blocking:
                raise FolderError(f"{blocking[0]} is in the way; move it, or choose another --out") from None
            if tries == MOST_TRIES:
                raise
            continue
        if not (work / LOCK).exists():
            lock.release()
    try:
        yield
    finally:
        _remove_if_done(work)
        lock.release()
        if os.name == "nt":
            _remove_if_done(work)  # again, since Windows does not remove open files


def _remove_if_done(work: Path) -> None:
    if work.is_dir() and not any((work / state).exists() for state in (PLAY, RESULTS, ADDITIONS)):
        _clear(work)
        shutil.rmtree(work, ignore_errors=True)


def _finish(work: Path, folder: Path, say: Say) -> None:
    """Finish what a stopped command left: put complete results into their place, and remove incomplete ones."""
    for state in (RESULTS, ADDITIONS):
        waiting = next((record for name in RECORDS if (record := read(work / state / name))), None)
        if waiting is None or (state == ADDITIONS and not folder.exists()):
            continue
        begun = read(work / BEGUN) or {}
        existing = next((record for name in RECORDS if (record := record_in(folder / name))), waiting)
        if existing.get("hash") != waiting.get("hash") and not begun.get("force"):
            raise FolderError(f"{work} holds results that a stopped run was about to put into {folder}, which now "
                              f"holds something else; move {folder} elsewhere and run again")
        say(f"The last run into {folder} was stopped after it had finished its results; they are put there now.")
        if state == RESULTS:
            drop(work / PLAY)
        put(work, state, folder, say)
    for leftover in (DRAFT, RESULTS, ADDITIONS, FORMER, GONE):
        drop(work / leftover)


def claim(work: Path, name: str, record: dict[str, Any], staying: Sums, state: str) -> None:
    """Rename a draft to show that it is complete. Its record, written last, lists all files that the program wrote."""
    files = {file: checksum for file, checksum in sums_of(work / DRAFT).items() if file != name}
    write_record(work / DRAFT / name, record | {FILES: staying | files})
    sync_all(work / DRAFT)
    (work / DRAFT).rename(work / state)
    sync(work)


def put(work: Path, state: str, folder: Path, say: Say) -> None:
    """Move waiting results into their place. If that is interrupted at any point, it can be continued."""
    waiting = work / state
    if not folder.exists():
        waiting.rename(folder)
        sync(folder.parent)
        return
    (work / FORMER).mkdir(exist_ok=True)
    if state == RESULTS:
        for name in RECORDS:
            if record_in(folder / name) is not None:
                (folder / name).replace(work / FORMER / name)
    *files, record = sorted(sums_of(waiting), key=lambda name: name in RECORDS)
    written: Sums = {}
    for name in RECORDS:
        written |= files_in(read((folder if state == ADDITIONS else work / FORMER) / name))
    if state == ADDITIONS:
        written[record] = sum_of(folder / record)
    for name in files:
        move_in(waiting / name, folder, name, written, say)
    for name in written.keys() - files_in(read(waiting / record)).keys() - {record}:
        if is_as_written(folder, name, written):
            (folder / name).unlink()
            _remove_if_empty((folder / name).parent)
    move_in(waiting / record, folder, record, written, say)
    sync(folder)
    drop(waiting)


def drop(path: Path) -> None:
    """Remove a folder of the program: renamed first, so that a half-removed one is not taken for work."""
    gone = path.with_name(GONE)
    for each in (gone, path):
        if each.exists():
            each.rename(gone)
            shutil.rmtree(gone)


def _clear(work: Path) -> None:
    """Remove everything but the lock as far as possible; what remains does no harm."""
    with suppress(OSError):
        for entry in work.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name != LOCK:
                entry.unlink()


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def read(path: Path) -> dict[str, Any] | None:
    """Return the contents of a record; None if it cannot be read, or is not as it was written."""
    try:
        return read_record(path)
    except (OSError, Damaged):
        return None


def record_in(path: Path) -> dict[str, Any] | None:
    """Return the contents of a record of this program; None if there is none."""
    data = read(path)
    return data if data is not None and data.get("program") == PROGRAM else None


def files_in(record: dict[str, Any] | None) -> Sums:
    """Return the files that a record lists: those that the program wrote, and only those inside its folder."""
    files = (record or {}).get(FILES)
    return {name: str(checksum) for name, checksum in files.items() if _within(name)} if isinstance(files, dict) else {}


def _within(name: str) -> bool:
    return bool(name) and not any((path := kind(name)).is_absolute() or path.drive or ".." in path.parts
                                  for kind in (PurePosixPath, PureWindowsPath))
