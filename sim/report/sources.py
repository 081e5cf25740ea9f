"""What a report is about: scenario files to play, or folders with results."""

import os
from collections.abc import Sequence
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
from sim.scenario.load import ScenarioFile
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


def scenarios_of(found: Sequence[Found]) -> list[ScenarioFile]:
    """Return the scenarios of several runs, to be compared.

    Raises
    ------
    FolderError
        If one of them is not a run.
    """
    files = []
    for one in found:
        if not isinstance(one, Result):
            raise FolderError("only scenarios and folders of runs can be put together in one report")
        files.append(one.file)
    return files
