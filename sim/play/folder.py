"""The folder of results. One rule holds for all commands: none leaves less than it found, unless --force is given.

A folder holds the results of one question. How many replications are played does not matter: more results of the same
question replace fewer, and a run that asks for fewer is answered from more. `sim.play.handover` puts the results there.
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
from sim.play.defaults import PAGE
from sim.play.errors import Damaged, FolderError, Unplayable
from sim.play.files import PROGRAM as PROGRAM
from sim.play.files import Sums, is_as_written
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
    """A kind of results.

    Attributes
    ----------
    record, within
        The file by which such results are recognised, and the key in it that says what they belong to.
    holds
        What they are, in a word.
    done, unit
        Counts what is finished in a folder of unfinished work, and the unit of that count.
    """

    record: str
    within: str
    holds: str
    done: Callable[[Path], int] = _nothing
    unit: str = ""


def record_of(identity: Identity, of: Contents, **more: Any) -> dict[str, Any]:
    """Return a plain record of results: what they belong to, and which command wrote them when."""
    return {"program": PROGRAM, "holds": of.holds, "hash": identity.hash, "seed": identity.seed,
            "rules": identity.rules, **more, "command": sys.argv,
            "written": datetime.now(UTC).isoformat(timespec="seconds"), of.within: identity.scenario}


RUN = Contents("run.json", "scenario", "run", done_in, "replications")


class Place:
    """Where a command puts its results, locked while it is at work.

    Attributes
    ----------
    folder
        The folder for results.
    work
        The hidden folder beside it.
    existing
        The record of results of the same identity in the folder; None if there are none, or they are to be replaced.
    """

    def __init__(self, folder: Path, of: Contents, force: bool, say: Say) -> None:
        self.folder, self.work, self._of, self._say = folder, work_of(folder), of, say
        self.existing = None if force else record_in(folder / of.record)

    @property
    def play(self) -> Path:
        """The folder for unfinished work."""
        (self.work / PLAY).mkdir(exist_ok=True)
        return self.work / PLAY

    @property
    def draft(self) -> Path:
        """The folder to write results to, or additions to them."""
        (self.work / DRAFT).mkdir(exist_ok=True)
        return self.work / DRAFT

    @property
    def has_figures(self) -> bool:
        """Whether the existing results have figures."""
        return any(name.startswith("figures/") for name in self._staying())

    @property
    def has_page(self) -> bool:
        """Whether the existing results have a page."""
        return PAGE in self._staying()

    @property
    def is_complete(self) -> bool:
        """Whether all files that the program wrote are still there, apart from figures."""
        files = files_in(self.existing)
        return self.existing is not None and all(
            (self.folder / name).is_file() for name in files if not name.startswith("figures/"))

    def holds(self, name: str) -> bool:
        """Whether a file is in the folder as the program wrote it."""
        return is_as_written(self.folder, name, files_in(self.existing))

    def put(self) -> None:
        """Put the results in the draft, with their record, into the folder."""
        record = read(self.draft / self._of.record) or {}
        claim(self.work, self._of.record, record, self._staying(), RESULTS)
        drop(self.work / PLAY)
        put(self.work, RESULTS, self.folder, self._say)

    def add(self) -> None:
        """Put the files in the draft beside the existing results."""
        _add(self.work, self.folder, self._of.record, self._say)

    def _staying(self) -> Sums:
        return {name: checksum for name, checksum in files_in(self.existing).items() if (self.folder / name).is_file()}


def _add(work: Path, folder: Path, name: str, say: Say) -> None:
    """Put the files of a draft beside results, and list them in the record of the results."""
    record = read(folder / name) or {}
    claim(work, name, record, files_in(record), ADDITIONS)
    put(work, ADDITIONS, folder, say)


def check_folder(folder: Path, identity: Identity, of: Contents = RUN, force: bool = False) -> None:
    """Make sure that results may be put into a folder: it is new, empty, or holds results of the same identity.

    Also that they can be; see `require_place`.

    Parameters
    ----------
    folder
        The folder for the results.
    identity, of
        What they belong to, and of what kind they are.
    force
        Whether to replace results of another identity. A user's own files stay in any case.

    Raises
    ------
    FolderError
        Says what differs.
    """
    require_place(folder)
    work = work_of(folder)
    if os.path.lexists(folder) and not folder.is_dir():
        raise FolderError(f"{folder} is not a folder; choose another --out")
    if force:
        return
    existing = work / RESULTS if waits(folder) else folder
    if existing.is_dir() and any(existing.iterdir()):
        record = next((record for name in RECORDS if (record := record_in(existing / name))), None)
        if record is None:
            raise FolderError(_no_results(existing, folder))
        _refuse(identity, of, record, f"{folder} holds results of something else", WAYS_OUT)
    begun = read(work / BEGUN)
    if begun and of.done(work / PLAY):
        _refuse(identity, of, begun, f"{work} holds an unfinished run of something else", WAYS_OUT)


def _no_results(existing: Path, folder: Path) -> str:
    """Say why a folder holds no results of this program: its record is damaged, or there is none."""
    for name in RECORDS:
        try:
            read_record(existing / name)
        except Damaged as damage:
            return f"{damage}; {WAYS_OUT}"
        except OSError:
            pass
    return f"{folder} exists and holds no results of this program; choose another --out"


def _refuse(identity: Identity, of: Contents, record: dict[str, Any], what: str, advice: str) -> None:
    differences = _differences(identity, of, record)
    if differences:
        more = f" and {len(differences) - 3} more differences" if len(differences) > 3 else ""
        raise FolderError(f"{what} ({'; '.join(differences[:3])}{more}); {advice}")


def _differences(identity: Identity, of: Contents, record: dict[str, Any]) -> list[str]:
    """Say how a record differs from an identity; nothing if it does not."""
    kind = record.get("holds", RUN.holds if RUN.within in record else "something else")
    if kind != of.holds:
        return [f"{kind}, not {of.holds}"]
    try:
        return identity.differences(Identity(record[of.within], record["seed"], record["rules"]))
    except (KeyError, TypeError):
        return ["it cannot be read"]


@contextmanager
def results_folder(
    folder: Path, identity: Identity, of: Contents = RUN, force: bool = False, resume: bool = False, say: Say = silent,
) -> Iterator[Place]:
    """Lock a folder for results. What a stopped command left there is finished first.

    Parameters
    ----------
    folder
        The folder for the results.
    identity
        What they belong to.
    of
        What kind of results they are.
    force
        Whether to replace any results and unfinished work there are.
    resume
        Whether the user expects unfinished work. It is continued in any case.
    say
        Called with a line of text when there is something that the user should know.

    Raises
    ------
    FolderError
        If the folder holds results of another identity, or another run is at work in it.
    OSError
        If it cannot be written to.
    """
    check_folder(folder, identity, of, force)
    with held(folder, say) as work:
        check_folder(folder, identity, of, force)
        hopeless = False
        try:
            _take_up(work, identity, of, force, resume, say)
            yield Place(folder, of, force, say)
        except BaseException as error:
            hopeless = isinstance(error, Unplayable | PrecisionError)
            raise
        finally:
            if hopeless or not of.done(work / PLAY):
                drop(work / PLAY)


def _take_up(work: Path, identity: Identity, of: Contents, force: bool, resume: bool, say: Say) -> None:
    """Keep unfinished work to continue, or clear it away. Then note what the new work belongs to."""
    done, begun = of.done(work / PLAY), read(work / BEGUN)
    same = bool(begun) and not _differences(identity, of, begun or {})
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
        "holds": of.holds, of.within: identity.scenario, "seed": identity.seed, "rules": identity.rules,
        "force": force})


@contextmanager
def additions(folder: Path, say: Say = silent) -> Iterator[Path]:
    """Give a folder for files to be put beside the results of a study."""
    with held(folder, say) as work:
        try:
            (work / DRAFT).mkdir()
            yield work / DRAFT
            _add(work, folder, "study.json", say)
        finally:
            drop(work / DRAFT)


def finish_stopped(folder: Path, say: Say = silent) -> None:
    """Put results into their folder that a stopped command left beside it, if there are any."""
    if any((work_of(folder) / name).is_dir() for name in (RESULTS, ADDITIONS)):
        with held(folder, say):
            pass
