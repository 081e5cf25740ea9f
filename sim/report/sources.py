"""What a report is about: scenario files to play, or folders with results."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.comparison.compare import Comparison
from sim.comparison.kept import CONTENTS as COMPARISON
from sim.comparison.kept import read as read_comparison
from sim.evidence.asked import BACKTEST, CALIBRATION
from sim.play.errors import FolderError
from sim.play.folder import RUN
from sim.play.handover import record_in
from sim.play.result import Result
from sim.play.storage import scenario_in
from sim.scenario.errors import ScenarioError
from sim.scenario.load import ScenarioFile, load
from sim.scenario.remembered import remembered
from sim.study.rows import STUDY

KINDS = (COMPARISON.holds, STUDY.holds, CALIBRATION.holds, BACKTEST.holds)


@dataclass(frozen=True)
class Kept:
    """Results in a folder that are neither a run nor a comparison: a study, a calibration or a back-test."""

    folder: Path
    kind: str
    record: dict[str, Any]


Found = Result | Comparison | Kept
"""What a folder holds."""


def in_folder(folder: str | os.PathLike[str]) -> Found:
    """Read what a folder holds.

    Raises
    ------
    FolderError
        If it holds no results, or of a kind that there is no report on, or a file is damaged.
    """
    place = Path(folder)
    study = record_in(place / STUDY.record)
    if study is not None:
        return Kept(place, STUDY.holds, study)
    record = record_in(place / RUN.record) or {}
    kind = record.get("holds")
    if kind == COMPARISON.holds:
        return read_comparison(place)
    if kind in (None, RUN.holds):
        return Result.load(place)
    if kind in KINDS:
        return Kept(place, str(kind), record)
    raise FolderError(f"{place} holds a {kind}; there are reports on runs, comparisons, studies, calibrations and "
                      "back-tests")


def scenario_of(found: Kept) -> ScenarioFile | None:
    """Return the scenario that a study starts from, or that holds a fit; None if there is none that can be played."""
    if found.kind == STUDY.holds:
        name, data = next(iter(found.record[STUDY.within]["scenarios"].items()))
        return remembered(name, None, scenario_in(data, found.folder / STUDY.record))
    fit = found.folder / "fit.toml"
    try:
        return load(fit) if fit.is_file() else None
    except ScenarioError:  # the files that it extends are elsewhere now, or contradict it
        return None
