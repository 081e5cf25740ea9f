"""The folder of results. One rule for all commands: none leaves less than it found, unless it is told to (--force).

A command works in a folder of the program's own beside the results, ``.DIR.drawdown-sim``, where lie

- ``lock``: held by whoever is at work, until all is in its place
- ``begun.json``: what the work belongs to
- ``play``: unfinished work, which a later run goes on with
- ``draft``: results that are being written
- ``results``, ``additions``: what is written whole and waits to be put into the folder, in place of the results there or
  beside them
- ``former``: the record of results that are being replaced
- ``gone``: what is being removed

Each state becomes the next by a rename, after what it claims to be there has reached the disk. So the next command can
tell at which of them another was stopped, and goes on from there. A folder's record, which says what the results belong
to and which files the program wrote, is taken away before anything else is replaced, and written last.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from sim.ensemble.choice import Say, silent
from sim.ensemble.errors import FolderError, PrecisionError, Unplayable
from sim.ensemble.files import PROGRAM as PROGRAM
from sim.ensemble.files import Sums, is_own, move_in, sum_of, sums_of, sync, sync_all, write_whole
from sim.ensemble.identity import Identity
from sim.ensemble.work import done_in

LOCK, BEGUN, PLAY, DRAFT, RESULTS, ADDITIONS, FORMER, GONE = (
    "lock", "begun.json", "play", "draft", "results", "additions", "former", "gone")
RECORDS = ("run.json", "study.json")
WAYS_OUT = "choose another --out, or replace it with --force"


def _nothing(folder: Path) -> int:
    return 0


@dataclass(frozen=True)
class Contents:
    """What lies in a folder of results of some kind.

    Attributes
    ----------
    record, within
        The file by which such results are known again, and its key for what they belong to.
    holds
        What they are, in a word.
    done, unit
        How much is finished in a folder of unfinished work, and of what.
    """

    record: str
    within: str
    holds: str
    done: Callable[[Path], int] = _nothing
    unit: str = ""


RUN = Contents("run.json", "scenario", "run", done_in, "replications")


class Place:
    """Where a command puts its results, held while it is at work.

    Attributes
    ----------
    folder
        The folder for results.
    work
        The program's own folder beside it.
    there
        The record of what lies in the folder and belongs to the same; None if there is nothing that stays.
    """

    def __init__(self, folder: Path, of: Contents, force: bool, say: Say) -> None:
        self.folder, self.work, self._of, self._say = folder, work_of(folder), of, say
        self.there = None if force else _record(folder / of.record)

    @property
    def play(self) -> Path:
        """Where unfinished work is kept."""
        (self.work / PLAY).mkdir(exist_ok=True)
        return self.work / PLAY

    @property
    def draft(self) -> Path:
        """Where results are written, or what is added to them."""
        (self.work / DRAFT).mkdir(exist_ok=True)
        return self.work / DRAFT

    @property
    def has_figures(self) -> bool:
        """Whether there are figures that stay."""
        return any(name.startswith("figures/") for name in self._staying())

    def holds(self, name: str) -> bool:
        """Whether a file lies in the folder as the program wrote it."""
        return is_own(self.folder, name, _files(self.there))

    def put(self) -> None:
        """Put the results that are written, their record among them, into the folder."""
        record = _read(self.draft / self._of.record) or {}
        _claim(self.work, self._of.record, record, self._staying(), RESULTS)
        _drop(self.work / PLAY)
        _put(self.work, RESULTS, self.folder, self._say)

    def add(self) -> None:
        """Put files that are written beside the results that lie in the folder."""
        _add(self.work, self.folder, self._of.record, self._say)

    def _staying(self) -> Sums:
        return {name: its for name, its in _files(self.there).items() if (self.folder / name).is_file()}


def _add(work: Path, folder: Path, name: str, say: Say) -> None:
    """Put a draft's files beside results, whose record lists them from then on."""
    record = _read(folder / name) or {}
    _claim(work, name, record, _files(record), ADDITIONS)
    _put(work, ADDITIONS, folder, say)


def work_of(folder: Path) -> Path:
    """Return where the results for a folder are worked on."""
    plain = folder if folder.name not in ("", "..") and not folder.is_symlink() else folder.resolve()
    if not plain.name:
        raise FolderError(f"{folder} cannot be a folder for results; choose another --out")
    return plain.with_name(f".{plain.name}.{PROGRAM}")


def play_of(folder: Path) -> Path:
    """Return where unfinished work on the results for a folder lies, if there is any."""
    return work_of(folder) / PLAY


def waits(folder: Path) -> bool:
    """Whether results for a folder are finished, but were not put there before the command was stopped."""
    return any(_read(work_of(folder) / RESULTS / name) for name in RECORDS)


def check_folder(folder: Path, own: Identity, of: Contents = RUN, force: bool = False) -> None:
    """Make sure that results may be put into a folder: it is new, empty, or holds results of the same identity.

    Parameters
    ----------
    folder
        Where results are to be.
    own, of
        What they belong to, and of what kind they are.
    force
        Whether results of something else may be replaced; a user's own files stay all the same.

    Raises
    ------
    FolderError
        With what differs.
    """
    work = work_of(folder)
    if os.path.lexists(folder) and not folder.is_dir():
        raise FolderError(f"{folder} is no folder; choose another --out")
    if force:
        return
    found = work / RESULTS if waits(folder) else folder
    if found.is_dir() and any(found.iterdir()):
        record = next((record for name in RECORDS if (record := _record(found / name))), None)
        if record is None:
            raise FolderError(f"{folder} exists and holds no results of this program; choose another --out")
        _refuse(own, of, record, f"{folder} holds results of something else", WAYS_OUT)
    begun = _read(work / BEGUN)
    if begun and of.done(work / PLAY):
        _refuse(own, of, begun, f"{work} holds an unfinished run of something else", WAYS_OUT)


def _refuse(own: Identity, of: Contents, record: dict[str, Any], what: str, advice: str) -> None:
    differences = _differences(own, of, record)
    if differences:
        more = f" and {len(differences) - 3} more" if len(differences) > 3 else ""
        raise FolderError(f"{what} ({'; '.join(differences[:3])}{more}); {advice}")


def _differences(own: Identity, of: Contents, record: dict[str, Any]) -> list[str]:
    """Say how what a record belongs to differs; nothing if it does not."""
    kind = record.get("holds", of.holds if of.within in record else "something else")
    if kind != of.holds:
        return [f"{kind}, not {of.holds}"]
    try:
        return own.differences(Identity(record[of.within], record["seed"], record["rules"]))
    except (KeyError, TypeError):
        return ["it cannot be read"]


@contextmanager
def results_folder(
    folder: Path, own: Identity, of: Contents = RUN, force: bool = False, resume: bool = False, say: Say = silent
) -> Iterator[Place]:
    """Hold a folder for results; what another command left when it was stopped is finished first.

    Parameters
    ----------
    folder
        Where the results are to be in the end.
    own
        What they belong to.
    of
        What kind of results they are.
    force
        Whether to replace whatever results there are, and unfinished work.
    resume
        Whether the user expects unfinished work; it is gone on with in any case.
    say
        Told, in a line, what a user should know.

    Raises
    ------
    FolderError
        If the folder belongs to something else, or another run is at work in it.
    OSError
        If it cannot be written.
    """
    check_folder(folder, own, of, force)
    with _held(folder, say) as work:
        check_folder(folder, own, of, force)
        hopeless = False
        try:
            _take_up(work, own, of, force, resume, say)
            yield Place(folder, of, force, say)
        except BaseException as error:
            hopeless = isinstance(error, Unplayable | PrecisionError)
            raise
        finally:
            if hopeless or not of.done(work / PLAY):
                _drop(work / PLAY)


def _take_up(work: Path, own: Identity, of: Contents, force: bool, resume: bool, say: Say) -> None:
    """Keep unfinished work to go on from, or clear it away; and note what the work to come belongs to."""
    done, begun = of.done(work / PLAY), _read(work / BEGUN)
    same = bool(begun) and not _differences(own, of, begun or {})
    if done and same and (resume or not force):
        if not resume:
            say(f"Going on from an unfinished run with {done:,} {of.unit}.")
    else:
        _drop(work / PLAY)
        if resume:
            say("There is no unfinished run to go on from; this one starts afresh.")
        elif done and not force:
            say(f"An unfinished run in {work} cannot be read; this one starts afresh.")
    write_whole(work / BEGUN, json.dumps({
        "holds": of.holds, of.within: own.scenario, "seed": own.seed, "rules": own.rules, "force": force}))


@contextmanager
def additions(folder: Path, say: Say = silent) -> Iterator[Path]:
    """Give a folder for files that are put beside a study's results in the end."""
    with _held(folder, say) as work:
        try:
            (work / DRAFT).mkdir()
            yield work / DRAFT
            _add(work, folder, "study.json", say)
        finally:
            _drop(work / DRAFT)


def finish_stopped(folder: Path, say: Say = silent) -> None:
    """Put results into a folder that a stopped command has left beside it, if there are any."""
    if any((work_of(folder) / name).is_dir() for name in (RESULTS, ADDITIONS)):
        with _held(folder, say):
            pass


@contextmanager
def _held(folder: Path, say: Say) -> Iterator[Path]:
    """Keep other commands out of a folder, and finish what a stopped one has left; give the folder to work in."""
    work, place = work_of(folder), folder.absolute()
    made = [parent for parent in place.parents if not parent.exists()]
    try:
        with _locked(work, folder):
            _finish(work, folder, say)
            yield work
    except OSError as error:
        if not error.filename or work.name in str(error.filename):
            error.filename = str(place)  # where the user wanted it
        raise
    finally:
        for parent in made:
            _remove_if_empty(parent)


@contextmanager
def _locked(work: Path, folder: Path) -> Iterator[None]:
    """Hold the lock; when it is given back, nothing is left of a folder that holds nothing else."""
    lock = FileLock(work / LOCK, timeout=0)
    work.parent.mkdir(parents=True, exist_ok=True)
    while not lock.is_locked:
        work.mkdir(exist_ok=True)
        try:
            lock.acquire()
        except Timeout:
            raise FolderError(f"another run is at work in {folder}; wait for it, or choose another --out") from None
        except FileNotFoundError:
            continue  # its last holder has just removed it
        if not (work / LOCK).exists():
            lock.release()
    try:
        yield
    finally:
        _remove_if_done(work)
        lock.release()
        if os.name == "nt":
            _remove_if_done(work)  # where nothing can be removed that is open


def _remove_if_done(work: Path) -> None:
    if work.is_dir() and not (work / PLAY).exists() and not any((work / state).exists() for state in (RESULTS, ADDITIONS)):
        _clear(work)
        shutil.rmtree(work, ignore_errors=True)


def _finish(work: Path, folder: Path, say: Say) -> None:
    """Finish what a stopped command has left: put what is whole into its place, and remove what is not."""
    for state in (RESULTS, ADDITIONS):
        waiting = next((record for name in RECORDS if (record := _read(work / state / name))), None)
        if waiting is None or (state == ADDITIONS and not folder.exists()):
            continue
        begun = _read(work / BEGUN) or {}
        there = next((record for name in RECORDS if (record := _record(folder / name))), waiting)
        if there.get("hash") != waiting.get("hash") and not begun.get("force"):
            raise FolderError(f"{work} holds results that a stopped run was about to put into {folder}, which now holds "
                              f"something else; move {folder} elsewhere and run again")
        say(f"The last run into {folder} was stopped when its results were finished; they are put there now.")
        if state == RESULTS:
            _drop(work / PLAY)
        _put(work, state, folder, say)
    for leftover in (DRAFT, RESULTS, ADDITIONS, FORMER, GONE):
        _drop(work / leftover)


def _claim(work: Path, name: str, record: dict[str, Any], staying: Sums, state: str) -> None:
    """Say, by renaming it, that a draft is whole; its record, written last, lists all that the program wrote."""
    files = {file: its for file, its in sums_of(work / DRAFT).items() if file != name}
    text = json.dumps(record | {"files": staying | files}, indent=2, ensure_ascii=False)
    (work / DRAFT / name).write_text(f"{text}\n", encoding="utf-8")
    sync_all(work / DRAFT)
    (work / DRAFT).rename(work / state)
    sync(work)


def _put(work: Path, state: str, folder: Path, say: Say) -> None:
    """Move what waits into its place; wherever that is broken off, it can be gone on with."""
    waiting = work / state
    if not folder.exists():
        waiting.rename(folder)
        sync(folder.parent)
        return
    (work / FORMER).mkdir(exist_ok=True)
    if state == RESULTS:
        for name in RECORDS:
            if _record(folder / name) is not None:
                (folder / name).replace(work / FORMER / name)
    *files, record = sorted(sums_of(waiting), key=lambda name: name in RECORDS)
    own: Sums = {}
    for name in RECORDS:
        own |= _files(_read((folder if state == ADDITIONS else work / FORMER) / name))
    if state == ADDITIONS:
        own[record] = sum_of(folder / record)
    for name in files:
        move_in(waiting / name, folder, name, own, say)
    for name in own.keys() - _files(_read(waiting / record)).keys() - {record}:
        if is_own(folder, name, own):
            (folder / name).unlink()
            _remove_if_empty((folder / name).parent)
    move_in(waiting / record, folder, record, own, say)
    sync(folder)
    _drop(waiting)


def _drop(path: Path) -> None:
    """Remove a folder of the program's own in one step: what is half removed is not taken for work."""
    gone = path.with_name(GONE)
    for each in (gone, path):
        if each.exists():
            each.rename(gone)
            shutil.rmtree(gone)


def _clear(work: Path) -> None:
    """Remove all but the lock."""
    for entry in work.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != LOCK:
            entry.unlink()


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _read(path: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _record(path: Path) -> dict[str, Any] | None:
    """Return a record of this program's; None if there is none."""
    data = _read(path)
    return data if data is not None and data.get("program") == PROGRAM else None


def _files(record: dict[str, Any] | None) -> Sums:
    files = (record or {}).get("files")
    return {str(name): str(its) for name, its in files.items()} if isinstance(files, dict) else {}


def read_run(folder: Path) -> dict[str, Any]:
    """Return what run.json says.

    Raises
    ------
    FolderError
        If there is none of this program.
    """
    run = _record(folder / "run.json")
    if run is not None and isinstance(run.get("scenario"), dict):
        return run
    if waits(folder):
        raise FolderError(f"{folder}: the run was stopped when its results were finished; the same command again puts "
                          "them there")
    raise FolderError(f"{folder} holds no results of this program")
