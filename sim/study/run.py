"""Runs a study: plays every policy in every future, with the same random numbers, and saves the results."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from sim.play.cast import Cast
from sim.play.choice import CLOCKS, COMPILED, SIMPY, choose
from sim.play.errors import Unplayable
from sim.play.folder import check_folder, results_folder
from sim.play.play import Job, Means, in_chunks, play
from sim.play.room import require_room
from sim.study.cases import Cases, cast_of
from sim.study.desk import FIRST, Desk
from sim.study.file import read_study
from sim.study.plan import Plan, plan_of, seconds_for
from sim.study.reduce import row_type
from sim.study.rows import STUDY, Rows
from sim.study.store import DATASET, build, default_folder, identity, open_study, write
from sim.study.study import Study

if TYPE_CHECKING:
    import xarray as xr

STUDY_CHUNKS = {SIMPY: 25, COMPILED: 1000}
"""Replications that a worker plays at a time: work for a fraction of a second."""

Source = str | os.PathLike[str] | Study
Progress = Callable[[int, int], None]
"""Called with the number of finished cases and of all cases (policies times futures)."""


def run_study(
    study: Source,
    out: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    clock: str = "auto",
    resume: bool = False,
    progress: Progress | None = None,
    say: Callable[[str], None] = print,
    force: bool = False,
) -> "xr.Dataset":
    """Play every policy of a study in every future, and save the results.

    Parameters
    ----------
    study
        A study file, or what `read_study` returned.
    out
        Folder for the results; ``results/study/NAME/HASH`` when left out. If it already has the results of the same
        study, these are returned.
    workers
        Threads, or worker processes of the SimPy clock; all processors when left out. The results do not depend on it.
    clock
        ``auto``, ``simpy`` or ``compiled``. The results do not depend on it.
    resume
        Whether to say so if there is no unfinished work to continue. Unfinished work is continued in any case.
    progress
        Called with the number of finished cases and of all cases.
    say
        Called with a line of text when there is something that a user should know.
    force
        Whether to replace results of something else in the folder. Files that this program did not write always stay.

    Returns
    -------
    xarray.Dataset
        See `sim.study.store`.

    Raises
    ------
    ScenarioError
        With all errors in the study or its scenarios.
    StudyError
        If there is no space for the results, or a package is missing.
    Unplayable
        If a replication cannot be played to the end.
    FolderError
        If the folder holds something else.
    ValueError
        If there is less than one worker, or no such clock.
    """
    require_room()
    if workers is not None and workers < 1:
        raise ValueError("workers must be at least 1")
    if clock not in CLOCKS:
        raise ValueError(f"there is no clock {clock!r}; there are {', '.join(CLOCKS)}")
    study = study if isinstance(study, Study) else read_study(study)
    folder = default_folder(study) if out is None else Path(out)
    wanted = identity(study)
    with results_folder(folder, wanted, STUDY, force, resume, say) as place:
        if place.holds(DATASET):
            say(f"{folder} has the results of this study already; nothing is played.")
            return open_study(folder)
        if place.existing is not None:
            say(f"{folder / DATASET} is damaged; everything is played again.")
        cases, cast = cast_of(study)
        plan_of(study, cases, folder)
        chosen = choose(clock, say).name
        started = perf_counter()
        rows = Rows(place.play, row_type(len(study.goals)), wanted.hash, say)
        try:
            _play(study, cases, cast, rows, chosen, workers, progress)
        finally:
            rows.close()
        seconds = perf_counter() - started
        dataset = build(study, cases.futures, rows.read())
        write(study, dataset, place.draft, {"clock": chosen, "seconds": {"simulation": round(seconds, 3)}})
        place.put()
    return dataset


def plan_study(
    study: Study, out: str | os.PathLike[str] | None = None, workers: int | None = None, clock: str = "auto",
    say: Callable[[str], None] = print, force: bool = False,
) -> Plan:
    """Return the size of a study and the time it would take; arguments and errors are those of `run_study`."""
    folder = default_folder(study) if out is None else Path(out)
    check_folder(folder, identity(study), STUDY, force)
    cases, cast = cast_of(study)
    plan = plan_of(study, cases, folder)
    chosen = choose(clock, say).name
    return Plan(**{**vars(plan), "seconds": seconds_for(cast, plan, chosen, workers)})


def _play(
    study: Study, cases: Cases, cast: Cast, rows: Rows, clock: str, workers: int | None, progress: Progress | None
) -> None:
    """Play the cases that are missing."""
    tell = progress or (lambda done, at_most: None)
    tell(len(rows.done), len(cases))
    jobs = list(_jobs(cases, rows, study.design.replications, STUDY_CHUNKS[clock]))
    if not jobs:
        return
    desk = Desk(study, cases, cast, (number for number, _, _ in jobs))
    try:
        with closing(play(cast, jobs, Means(workers), clock)) as chunks:
            for chunk in chunks:
                for row in desk.take(chunk):
                    rows.add(row)
                    tell(len(rows.done), len(cases))
    except Unplayable as error:
        raise Unplayable(f"{cases.called(error.variant)}: {error}") from None


def _jobs(cases: Cases, rows: Rows, replications: int, chunk: int) -> Iterator[Job]:
    """Yield the missing cases, future by future, each time starting with the first policy, as the others need it."""
    policies = range(len(cases.policies))
    for future in range(len(cases.futures)):
        missing = {policy for policy in policies if (policy, future) not in rows.done}
        to_play = sorted(missing | {FIRST}) if missing else []
        yield from in_chunks((cases.number(policy, future) for policy in to_play), range(replications), chunk)
