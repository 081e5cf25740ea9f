"""The Python interface: load a scenario, run it, trace a replication. The command line calls the same functions."""

import csv
import os
from collections.abc import Mapping
from dataclasses import astuple, fields, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sim.scenario.load import ScenarioFile
from sim.scenario.load import load as load_file
from sim.scenario.resolve import toml

if TYPE_CHECKING:
    from sim.analysis.story import Event
    from sim.ensemble.result import Result
    from sim.ensemble.run import Progress

TRACED = 3
"""Replications whose events are kept with the results."""

Source = str | os.PathLike[str] | ScenarioFile


def load(path: str | os.PathLike[str], set: Mapping[str, Any] | None = None) -> ScenarioFile:
    """Load a scenario file.

    Parameters
    ----------
    path
        The file.
    set
        Values laid over those of the file, by dotted key, e.g. ``{"attacks.elasticity": 0.3}``.

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    return load_file(path, [f"{key}={toml(value)}" for key, value in (set or {}).items()])


def run(
    scenario: Source,
    replications: int = 1000,
    seed: int = 1,
    workers: int | None = None,
    out: str | os.PathLike[str] | None = None,
    figures: bool = True,
    progress: "Progress | None" = None,
) -> "Result":
    """Play many replications of a scenario.

    In a script, call it below ``if __name__ == "__main__":``, since worker processes read the script too.

    Parameters
    ----------
    scenario
        A scenario file, or what `load` returned.
    replications
        How many futures to play.
    seed
        Which futures: replication i of a seed meets the same chance in every scenario and run.
    workers
        Worker processes; all processors when left out. The results do not depend on it.
    out
        Folder to write results into, as ``python -m sim run --out`` does; nothing is written when left out.
    figures
        Whether to draw the figures into that folder.
    progress
        Called with the number of replications that are newly done.

    Raises
    ------
    ScenarioError
        With all that is wrong with the scenario.
    Unplayable
        If a replication cannot be played to the end.
    FolderError
        If the folder holds something else.
    ValueError
        If there are fewer than one replication or worker, or the seed is negative.
    """
    from sim.ensemble.storage import identity, new_folder, write

    if replications < 1 or seed < 0 or (workers is not None and workers < 1):
        raise ValueError("replications and workers must be at least 1, and the seed at least 0")
    file = scenario if isinstance(scenario, ScenarioFile) else load_file(scenario)
    if out is None:
        return _simulate(file, replications, seed, workers, progress)
    with new_folder(Path(out), identity(file, seed)) as draft:
        started = perf_counter()
        result = replace(_simulate(file, replications, seed, workers, progress), folder=Path(out))
        simulated = perf_counter()
        _write_events(file, min(TRACED, replications), seed, draft / "events.csv")
        if figures:
            from sim.figures import draw_all

            draw_all(result, draft / "figures")
        write(result, draft, {"simulation": simulated - started, "figures": perf_counter() - simulated})
    return result


def _simulate(
    file: ScenarioFile, replications: int, seed: int, workers: int | None, progress: "Progress | None"
) -> "Result":
    import pandas as pd

    from sim.analysis.summary import summarise
    from sim.ensemble.dataset import build
    from sim.ensemble.plan import undisturbed
    from sim.ensemble.result import Result
    from sim.ensemble.run import play_ensemble
    from sim.rules.setup import set_up

    model = set_up(file.scenario)
    ensemble = play_ensemble(model, replications, seed, workers, progress=progress)
    plan = undisturbed(model)
    outcomes = pd.DataFrame(ensemble.outcomes, columns=ensemble.catalogue.names).rename_axis("replication")
    summary = summarise(file.name, model, seed, ensemble.outcomes, ensemble.catalogue, plan)
    return Result(file, model, replications, seed, outcomes, summary, build(model, seed, ensemble, plan))


def trace(scenario: Source, replication: int = 0, seed: int = 1) -> "list[Event]":
    """Tell one replication event by event.

    Parameters
    ----------
    scenario
        A scenario file, or what `load` returned.
    replication, seed
        Which future.

    Raises
    ------
    ScenarioError
        With all that is wrong with the scenario.
    Unplayable
        If the replication cannot be played to the end.
    """
    from sim.analysis import story
    from sim.ensemble.chunk import PLAY_ERRORS, unplayable

    file = scenario if isinstance(scenario, ScenarioFile) else load_file(scenario)
    try:
        return story.trace(file, replication, seed)
    except PLAY_ERRORS as error:
        raise unplayable(replication, error) from None


def _write_events(file: ScenarioFile, replications: int, seed: int, path: Path) -> None:
    from sim.analysis.story import Event

    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(["replication", *(field.name for field in fields(Event))])
        for replication in range(replications):
            writer.writerows([replication, *astuple(event)] for event in trace(file, replication, seed))
