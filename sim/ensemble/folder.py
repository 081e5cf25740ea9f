"""The folder of results: worked on beside its place under the name DIR.part, and put there whole.

A run that is stopped leaves its work in DIR.part, from which a later run can go on.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from sim.ensemble.choice import silent
from sim.ensemble.errors import Damaged, FolderError, PrecisionError, Unplayable
from sim.ensemble.identity import Identity
from sim.ensemble.kept import Record, as_kind, read_record, write_record
from sim.ensemble.work import COLUMNS, COUNTS, TWINS, done_in

PROGRAM = "drawdown-sim"
WRITTEN = ("run.json", "summary.json", "outcomes.csv", "ensemble.nc", "events.csv", "figures")
"""What a run writes into its folder; a run into the same folder replaces these and leaves anything else."""
BEGUN, LOCK = "begun.json", "lock"
"""In a folder that is worked on: what the work belongs to, and the lock of who is at work."""


@dataclass(frozen=True)
class Contents:
    """What lies in a folder of results of some kind.

    Attributes
    ----------
    record, within
        The file by which such results are known again, and its key for what they belong to.
    written
        What is replaced by new results in the same folder; anything else is left.
    work
        What holds unfinished work.
    done, unit
        How much of it is finished in a folder, and of what.
    """

    record: str
    within: str
    written: tuple[str, ...]
    work: tuple[str, ...]
    done: Callable[[Path], int]
    unit: str


RUN = Contents("run.json", "scenario", WRITTEN, (COUNTS, COLUMNS, TWINS), done_in, "replications")


def check_folder(folder: Path, own: Identity, of: Contents = RUN) -> None:
    """Make sure that results may be put into a folder: it is new, empty, or holds results of the same identity.

    Raises
    ------
    FolderError
        With what differs.
    """
    if not _in_use(folder):
        return
    try:
        there = _identity_in(folder / of.record, of.within)
    except Damaged as damage:
        raise FolderError(f"{damage}; choose another --out") from None
    except FolderError:
        raise FolderError(f"{folder} exists and holds no results of this program; choose another --out") from None
    _refuse(own.differences(there), f"{folder} holds results of something else", "choose another --out")


def part_of(folder: Path) -> Path:
    """Return where the results for a folder are worked on."""
    return folder.with_name(f"{folder.name}.part")


def check_part(folder: Path, own: Identity) -> None:
    """Make sure that unfinished work beside a folder, if there is any, belongs to the same run.

    Raises
    ------
    FolderError
        With what differs.
    """
    part = part_of(folder)
    if not _in_use(part):
        return
    try:
        there = _identity_in(part / BEGUN, RUN.within)
    except Damaged as damage:
        raise FolderError(f"{damage}; remove {part} or choose another --out") from None
    except FolderError:
        raise FolderError(f"{part} is in the way: it is no unfinished run of this program") from None
    _refuse(own.differences(there), f"{part} holds an unfinished run of something else",
            "remove it or choose another --out")


def _in_use(folder: Path) -> bool:
    return os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir()))


def _refuse(differences: list[str], what: str, advice: str) -> None:
    if differences:
        more = f" and {len(differences) - 3} more" if len(differences) > 3 else ""
        raise FolderError(f"{what} ({'; '.join(differences[:3])}{more}); {advice}")


@contextmanager
def work_folder(
    folder: Path, own: Identity, resume: bool = False, say: Callable[[str], None] = silent, of: Contents = RUN
) -> Iterator[Path]:
    """Give a folder to work in; put it in its place at the end.

    Parameters
    ----------
    folder
        Where the results are to be in the end; what it holds is replaced only then.
    own
        What they belong to.
    resume
        Whether to go on from what an earlier run has left unfinished.
    say
        Told, in a line, what a user should know.
    of
        What kind of results they are.

    Raises
    ------
    FolderError
        If the folder belongs to something else, or another run is at work in it.
    OSError
        If it cannot be written.
    """
    check_folder(folder, own, of)
    check_part(folder, own)
    folder = folder.absolute()
    part = part_of(folder)
    made = [parent for parent in folder.parents if not parent.exists()]
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir(exist_ok=True)
        with _locked(part):
            done = of.done(part)
            if resume and not done:
                say("There is no unfinished run to go on from; this one starts afresh.")
            elif done and not resume:
                say(f"An unfinished run with {done:,} {of.unit} is replaced; --resume would have gone on from it.")
            if not resume:
                _clear(part)
            write_record(part / BEGUN, vars(own))
            yield part
        _clear(part, *of.work, BEGUN, LOCK)
        _put(part, folder, of.written)
    except BaseException as error:
        if not isinstance(error, FolderError) and (isinstance(error, Unplayable | PrecisionError) or not of.done(part)):
            shutil.rmtree(part, ignore_errors=True)
        _remove_empty(made)
        if isinstance(error, OSError) and (not error.filename or str(part) in str(error.filename)):
            error.filename = str(folder)  # where the user wanted it
        raise


@contextmanager
def _locked(part: Path) -> Iterator[None]:
    """Keep other runs out of a folder."""
    try:
        with FileLock(part / LOCK, timeout=0):
            yield
    except Timeout:
        raise FolderError(f"another run is at work in {part}; wait for it, or choose another --out") from None


def _clear(part: Path, *names: str) -> None:
    """Remove entries of a folder: those named, or all but the lock."""
    for entry in [part / name for name in names] or [entry for entry in part.iterdir() if entry.name != LOCK]:
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink(missing_ok=True)


def _put(part: Path, folder: Path, written: tuple[str, ...]) -> None:
    """Rename finished work into its place; only then the former results go. What else lay there stays."""
    former = folder.with_name(f"{folder.name}.former")
    if folder.exists():
        folder.rename(former)
    try:
        part.rename(folder)
    except BaseException:
        if former.exists():
            former.rename(folder)
        raise
    if former.exists():
        for entry in former.iterdir():
            if entry.name not in written:
                entry.rename(folder / entry.name)
    shutil.rmtree(former, ignore_errors=True)


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def read_run(folder: Path) -> dict[str, Any]:
    """Return what run.json says.

    Raises
    ------
    FolderError
        If there is none of this program.
    """
    try:
        return read_record(folder / RUN.record)
    except OSError:
        raise FolderError(f"{folder} holds no results of this program") from None


def _identity_in(path: Path, within: str) -> Identity:
    try:
        data = read_record(path)
        record = as_kind(data, Record, path)
        return Identity(data[within], record.seed, record.rules)
    except (OSError, KeyError):
        raise FolderError(f"{path} cannot be read") from None
