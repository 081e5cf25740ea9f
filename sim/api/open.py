"""Open the results in a folder, whichever command wrote them."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sim.comparison.compare import Comparison
from sim.comparison.kept import CONTENTS as COMPARISON
from sim.comparison.kept import read as read_comparison
from sim.play.errors import FolderError
from sim.play.folder import RUN
from sim.play.handover import record_in
from sim.play.result import Result
from sim.study.front import Front
from sim.study.front_files import SEARCH
from sim.study.front_files import read as read_front
from sim.study.rows import STUDY
from sim.study.store import open_study

if TYPE_CHECKING:
    import xarray as xr


def open(folder: str | os.PathLike[str]) -> "Result | Comparison | xr.Dataset | Front":
    """Read results back.

    Parameters
    ----------
    folder
        The folder that ``run``, ``compare``, ``study`` or ``optimise`` wrote.

    Returns
    -------
    Result, Comparison, xarray.Dataset or Front
        What `sim.run`, `sim.compare`, `sim.run_study` or `sim.optimise` returned.

    Raises
    ------
    FolderError, StudyError
        If it holds none, or another kind, or a file is damaged or was changed after it was written.
    """
    place = Path(folder)
    if (place / STUDY.record).exists():
        return open_study(place)
    holds = (record_in(place / RUN.record) or {}).get("holds")
    if holds == COMPARISON.holds:
        return read_comparison(place)
    if holds == SEARCH.holds:
        return read_front(place)
    if holds in (None, RUN.holds):
        return Result.load(place)
    raise FolderError(f"{place} holds a {holds}, which cannot be read back; its numbers are in the JSON file there")
