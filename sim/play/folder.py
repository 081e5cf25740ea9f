"""The folder of results. One rule for all commands: none leaves less than it found, unless it is told to (--force).

What is asked decides which results may lie in a folder together; how much of it is played does not. More of the same
takes the place of less, and less is answered from more. How results get there, `sim.play.handover` says.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.estimate.errors import PrecisionError
from sim.play.choice import Say, silent
from sim.play.errors import Damaged, FolderError, Unplayable
from sim.play.files import PROGRAM as PROGRAM
from sim.play.files import Sums, is_own
from sim.play.handover import (
    ADDITIONS,
    BEGUN,
    DRAFT,
    PLAY,
    RECORDS,
    RESULTS,
    claim,
    drop,
    files_in,
    held,
    put,
    read,
    record_in,
    waits,
    work_of,
)
from sim.play.identity import Identity
from sim.play.kept import read_record, write_record
from sim.play.place import require_place
from sim.play.work import done_in

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


def record_of(own: Identity, of: Contents, **more: Any) -> dict[str, Any]:
    """Return the record of results that have no other: what they belong to, and how they came about."""
    return {"program": PROGRAM, "holds": of.holds, "hash": own.hash, "seed": own.seed, "rules": own.rules, **more,
            "command": sys.argv, "written": datetime.now(UTC).isoformat(timespec="seconds"), of.within: own.scenario}


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
        self.there = None if force else record_in(folder / of.record)

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

    @property
    def is_whole(self) -> bool:
        """Whether all results are still there that the program wrote, figures left out."""
        files = files_in(self.there)
        return self.there is not None and all(
            (self.folder / name).is_file() for name in files if not name.startswith("figures/"))

    def holds(self, name: str) -> bool:
        """Whether a file lies in the folder as the program wrote it."""
        return is_own(self.folder, name, files_in(self.there))

    def put(self) -> None:
        """Put the results that are written, their record among them, into the folder."""
        record = read(self.draft / self._of.record) or {}
        claim(self.work, self._of.record, record, self._staying(), RESULTS)
        drop(self.work / PLAY)
        put(self.work, RESULTS, self.folder, self._say)

    def add(self) -> None:
        """Put files that are written beside the results that lie in the folder."""
        _add(self.work, self.folder, self._of.record, self._say)

    def _staying(self) -> Sums:
        return {name: its for name, its in files_in(self.there).items() if (self.folder / name).is_file()}


def _add(work: Path, folder: Path, name: str, say: Say) -> None:
    """Put a draft's files beside results, whose record lists them from then on."""
    record = read(folder / name) or {}
    claim(work, name, record, files_in(record), ADDITIONS)
    put(work, ADDITIONS, folder, say)


def check_folder(folder: Path, own: Identity, of: Contents = RUN, force: bool = False) -> None:
    """Make sure that results may be put into a folder: it is new, empty, or holds results of the same identity.

    And that they can be: see `require_place`.

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
    require_place(folder)
    work = work_of(folder)
    if os.path.lexists(folder) and not folder.is_dir():
        raise FolderError(f"{folder} is no folder; choose another --out")
    if force:
        return
    found = work / RESULTS if waits(folder) else folder
    if found.is_dir() and any(found.iterdir()):
        record = next((record for name in RECORDS if (record := record_in(found / name))), None)
        if record is None:
            raise FolderError(_no_results(found, folder))
        _refuse(own, of, record, f"{folder} holds results of something else", WAYS_OUT)
    begun = read(work / BEGUN)
    if begun and of.done(work / PLAY):
        _refuse(own, of, begun, f"{work} holds an unfinished run of something else", WAYS_OUT)


def _no_results(found: Path, folder: Path) -> str:
    """Say why a folder holds no results of this program: its record is damaged, or there is none."""
    for name in RECORDS:
        try:
            read_record(found / name)
        except Damaged as damage:
            return f"{damage}; {WAYS_OUT}"
        except OSError:
            pass
    return f"{folder} exists and holds no results of this program; choose another --out"


def _refuse(own: Identity, of: Contents, record: dict[str, Any], what: str, advice: str) -> None:
    differences = _differences(own, of, record)
    if differences:
        more = f" and {len(differences) - 3} more" if len(differences) > 3 else ""
        raise FolderError(f"{what} ({'; '.join(differences[:3])}{more}); {advice}")


def _differences(own: Identity, of: Contents, record: dict[str, Any]) -> list[str]:
    """Say how what a record belongs to differs; nothing if it does not."""
    kind = record.get("holds", RUN.holds if RUN.within in record else "something else")
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
    with held(folder, say) as work:
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
                drop(work / PLAY)


def _take_up(work: Path, own: Identity, of: Contents, force: bool, resume: bool, say: Say) -> None:
    """Keep unfinished work to go on from, or clear it away; and note what the work to come belongs to."""
    done, begun = of.done(work / PLAY), read(work / BEGUN)
    same = bool(begun) and not _differences(own, of, begun or {})
    if done and same and (resume or not force):
        if not resume:
            say(f"Going on from an unfinished run with {done:,} {of.unit}.")
    else:
        drop(work / PLAY)
        if resume:
            say("There is no unfinished run to go on from.")
        elif done and not force:
            say(f"An unfinished run in {work} cannot be read; this one starts afresh.")
    write_record(work / BEGUN, {
        "holds": of.holds, of.within: own.scenario, "seed": own.seed, "rules": own.rules, "force": force})


@contextmanager
def additions(folder: Path, say: Say = silent) -> Iterator[Path]:
    """Give a folder for files that are put beside a study's results in the end."""
    with held(folder, say) as work:
        try:
            (work / DRAFT).mkdir()
            yield work / DRAFT
            _add(work, folder, "study.json", say)
        finally:
            drop(work / DRAFT)


def finish_stopped(folder: Path, say: Say = silent) -> None:
    """Put results into a folder that a stopped command has left beside it, if there are any."""
    if any((work_of(folder) / name).is_dir() for name in (RESULTS, ADDITIONS)):
        with held(folder, say):
            pass


def read_run(folder: Path) -> dict[str, Any]:
    """Return what run.json says.

    Raises
    ------
    FolderError
        If there is none of this program, or it is damaged.
    """
    try:
        run = read_record(folder / RUN.record)
    except OSError:
        run = {}
    if run.get("program") == PROGRAM:
        return run
    if waits(folder):
        raise FolderError(f"{folder}: the run was stopped when its results were finished; the same command again puts "
                          "them there")
    raise FolderError(f"{folder} holds no results of this program")
