"""The Python interface: load a scenario, run it, trace a replication. The command line calls the same functions."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from functools import partial
from operator import attrgetter
from pathlib import Path
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sim.play.defaults import MOST_REPLICATIONS, REPLICATIONS
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.harmless import CsvWriter
from sim.scenario.load import ScenarioFile
from sim.scenario.load import load as load_file
from sim.scenario.source import Source, file_of

if TYPE_CHECKING:
    from sim.estimate.targets import Target
    from sim.model.setup import Model
    from sim.play.result import Result
    from sim.play.run import Progress
    from sim.words.story import Event

TRACED = 3
"""How many replications have their events kept with the results."""

def load(path: str | os.PathLike[str], set: Mapping[str, Any] | None = None) -> ScenarioFile:
    """Load a scenario file.

    Parameters
    ----------
    path
        The file.
    set
        Values that replace those of the file, by dotted key, e.g. ``{"attacks.elasticity": 0.3}``: numbers (NumPy's as
        well), texts, dates, switches, lists, tables and distributions. None removes a value that may be left out.

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    return load_file(path, set or {})


def run(
    scenario: Source,
    replications: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    out: str | os.PathLike[str] | None = None,
    figures: bool = True,
    progress: "Progress | None" = None,
    precision: Mapping[str, float | str] | Sequence[str] | None = None,
    max_replications: int = MOST_REPLICATIONS,
    clock: str = "auto",
    cluster: str | None = None,
    resume: bool = False,
    say: Callable[[str], None] = print,
    force: bool = False,
    report: bool = True,
) -> "Result":
    """Play many replications of a scenario.

    Parameters
    ----------
    scenario
        A scenario file, what `load` returned, or a result, whose scenario is played.
    replications
        How many replications to play, whatever the precision; when left out, as many as the precision takes, or 10,000
        without a precision.
    seed
        Seed of the random numbers: replication i of a seed has the same random numbers in every scenario and run.
    workers
        Threads, or worker processes of the SimPy clock; all processors when left out. The results do not depend on it.
    out
        Folder for the results, as for ``python -m sim run --out``; nothing is written when left out. If it already has
        as many replications of the same scenario or more, nothing is played; if it has fewer, the rest is added.
    figures
        Whether to draw the figures into that folder.
    progress
        Called with the number of replications done, and the most that there will be. Both include twins: replications
        played again with new chance.
    precision
        Half-widths of 95 % intervals to reach, by outcome, e.g. ``{"completion_day": 2, "attacks_total": "1%"}`` or
        ``["completion_day=2", "attacks_total=1%"]``; they take precedence over those of the scenario.
    max_replications
        The most replications to play to reach them.
    clock
        ``auto``, ``simpy`` or ``compiled``. The results do not depend on it.
    cluster
        Address of a Dask scheduler to play on, or ``local``. The results do not depend on it.
    resume
        Whether to say so if there is no stopped run to continue. If there is one, it is continued in any case.
    say
        Called with a line of text when there is something that the user should know.
    force
        Whether to replace any results in the folder. Files that this program did not write always stay.
    report
        Whether to write report.html beside the figures; without figures there is none. See `sim.report`.

    Raises
    ------
    ScenarioError
        With all that is wrong with the scenario, or with the precision.
    PrecisionError
        If a precision cannot be reached, however many replications are played.
    Unplayable
        If a replication, or the undisturbed plan, cannot be played to the end.
    WorkersLost
        If a worker process died, or the cluster is gone.
    FolderError
        If the folder holds other results.
    TooLarge
        If it would take more memory than is allowed.
    MemoryError
        If there is not enough memory.
    ValueError
        If there are fewer than one replication or worker, the seed is negative, or there is no such clock.
    """
    from sim.play.room import require_memory, require_room

    require_room()
    from sim.api.page import add_page, write_page
    from sim.api.running import add_figures, announce, answer, kept_in, result_of, summary_of, written
    from sim.model.setup import set_up
    from sim.play.choice import CLOCKS
    from sim.play.folder import RUN, results_folder
    from sim.play.histogram import most_bytes
    from sim.play.identity import identity
    from sim.play.play import Means
    from sim.play.run import Size, play_ensemble
    from sim.play.storage import write
    from sim.play.undisturbed import undisturbed

    if min(replications or 1, max_replications, workers or 1) < 1 or replications == 0 or workers == 0 or seed < 0:
        raise ValueError("replications and workers must be at least 1, and the seed at least 0")
    if clock not in CLOCKS:
        raise ValueError(f"there is no clock {clock!r}; there are {', '.join(CLOCKS)}")
    file = file_of(scenario)
    model = set_up(file.scenario)
    targets = _targets(file, model, precision or ())
    size = Size(max_replications, targets) if targets and replications is None else Size(replications or REPLICATIONS)
    require_memory(most_bytes(model), say)
    means, plan = Means(workers, clock, cluster), undisturbed(model)  # first: not every plan can be played
    Thread(target=_import_ahead, args=(figures and out is not None,), daemon=True).start()
    if out is None:
        return result_of(file, model, seed, play_ensemble(model, seed, size, means, None, progress, say), plan)
    with results_folder(Path(out), identity(file, seed), RUN, force, resume, say) as place:
        play = partial(play_ensemble, model, seed, means=means, say=say)
        answered = answer(place, file, model, seed, size, play, plan, say)
        if answered is not None:
            if figures:
                add_figures(place, say)
            if figures and report:
                add_page(place, say)
            return answered
        figures = announce(place, size, figures, say)
        started = perf_counter()
        ensemble = play(size, folder=place.play, progress=progress, at_least=kept_in(place))
        simulated = perf_counter()
        result = result_of(file, model, seed, ensemble, plan)
        _write_events(file, min(TRACED, ensemble.work.done), seed, place.draft / "events.csv")
        if figures:
            from sim.figures import draw_all

            draw_all(result, place.draft / "figures")
        if figures and (report or place.has_page):
            write_page(result, place.draft, say)
        ready, results = simulated - started - ensemble.seconds, perf_counter() - simulated
        seconds = {"ready": round(ready, 3), "simulation": round(ensemble.seconds, 3), "results": round(results, 3)}
        write(result, place.draft, {"clock": ensemble.clock, "cluster": cluster, "seconds": seconds})
        summary = result.summary if ensemble.used == ensemble.work.done else summary_of(
            file, model, seed, ensemble.work, ensemble.twins, ensemble.used, ensemble.precision, plan)
        place.put()
    return written(file, model, seed, Path(out), ensemble.used, ensemble.work.done, summary, play, plan)


def _import_ahead(figures: bool) -> None:
    """Import what summing up, writing and drawing need. Meanwhile replications are played, which leaves Python idle."""
    with suppress(Exception):  # errors are reported where the modules are needed
        import h5netcdf  # noqa: F401
        import scipy.special  # noqa: F401

        if figures:
            import sim.figures.files  # noqa: F401


def check_precision(files: Iterable[ScenarioFile], precision: Sequence[str]) -> None:
    """Make sure that each scenario has the outcomes that its [precision] and [practical] and a precision name.

    Raises `ScenarioError` with all that is wrong.
    """
    from sim.estimate.targets import least_differences_of
    from sim.model.catalogue import expand
    from sim.model.setup import set_up

    problems: list[Problem] = []
    for file in files:
        model = set_up(file.scenario)
        for look in (partial(_targets, file, model, precision), partial(least_differences_of, file, expand(model))):
            try:
                look()
            except ScenarioError as error:
                problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ScenarioError(tuple(problems))


def _targets(
    file: ScenarioFile, model: "Model", precision: Mapping[str, float | str] | Sequence[str]
) -> "tuple[Target, ...]":
    from sim.estimate.targets import targets_of
    from sim.model.catalogue import expand

    texts = [f"{name}={value}" for name, value in precision.items()] if isinstance(precision, Mapping) else precision
    return targets_of(file, texts, expand(model))


def trace(scenario: Source, replication: int = 0, seed: int = 1) -> "list[Event]":
    """Tell one replication event by event.

    Parameters
    ----------
    scenario
        A scenario file, what `load` returned, or a result.
    replication, seed
        The number of the replication, and the seed of its random numbers.

    Raises
    ------
    ScenarioError
        With all that is wrong with the scenario.
    Unplayable
        If the replication cannot be played to the end.
    """
    from sim.play.player import PLAY_ERRORS, unplayable
    from sim.words import story

    file = file_of(scenario)
    try:
        return story.trace(file, replication, seed)
    except PLAY_ERRORS as error:
        raise unplayable(replication, error) from None


def _write_events(file: ScenarioFile, replications: int, seed: int, path: Path) -> None:
    from sim.words.story import Event

    names = [field.name for field in fields(Event)]
    cells = attrgetter(*names)
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = CsvWriter(target)
        writer.writerow(["replication", *names])
        for replication in range(replications):
            writer.writerows([replication, *cells(event)] for event in trace(file, replication, seed))
