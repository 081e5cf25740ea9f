"""The files in the folder of a run: written from what was played, and read back."""

import math
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json, to_json, to_jsonable_python

from sim.play import codebook
from sim.play.columns import Columns
from sim.play.dataset import Played, Values, about
from sim.play.errors import Damaged, FolderError
from sim.play.files import as_json as as_json
from sim.play.files import hdf_faults
from sim.play.folder import PROGRAM, RUN
from sim.play.handover import waits
from sim.play.identity import identity
from sim.play.kept import ResultsRecord, as_kind, check_files, read_record, write_record
from sim.scenario.checks import check
from sim.scenario.load import ScenarioFile
from sim.scenario.modes import as_placed
from sim.scenario.overrides import Change
from sim.scenario.remembered import remembered
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

    from sim.play.result import Result

DATASET, SUMMARY, TWIN_OUTCOMES = "ensemble.nc", "summary.json", "twin_outcomes"
MOST_ROWS = 100_000
"""The most rows of outcomes.csv; ensemble.nc has all replications."""
WHOLE_UP_TO = 1e15
"""Whole numbers below this are written without a decimal point."""
NEVER = ("inf", "Infinity", "null")
"""How infinity is written, which stands for what did not happen."""
SMALL = np.array([str(number) for number in range(5000)], dtype=object)
"""Most numbers in outcomes are among these. Looking them up takes a tenth of the time of writing them."""


@dataclass(frozen=True)
class Kept:
    """What was played, read from a results folder."""

    path: Path

    @property
    def names(self) -> list[str]:
        """The names of the outcomes."""
        import h5py

        with h5py.File(self.path) as file:
            return [name.decode() for name in file["outcome"][:]]

    def column(self, name: str) -> NDArray[np.float64]:
        """Return an outcome, replication by replication."""
        import h5py

        with h5py.File(self.path) as file:
            return np.asarray(file["outcomes"][:, self.names.index(name)])

    def trajectories(self) -> "xr.Dataset":
        """Return everything except the outcomes."""
        import xarray as xr

        with xr.open_dataset(self.path, engine="h5netcdf") as dataset:
            return dataset.drop_dims(["replication", "outcome"]).load()


def write(result: "Result", folder: Path, account: dict[str, Any]) -> None:
    """Write results: summary.json, outcomes.csv, dates.csv, ensemble.nc, the codebook and, last, run.json.

    Parameters
    ----------
    result
        The results of playing, not read from a folder.
    folder
        Where to write them.
    account
        How they were played, for run.json.
    """
    played = result.data
    assert isinstance(played, Played)
    belongs_to = identity(result.file, result.seed)
    (folder / SUMMARY).write_text(as_json(result.summary), encoding="utf-8")
    _write_outcomes(folder / "outcomes.csv", played, min(result.replications, MOST_ROWS))
    _write_dates(folder / "dates.csv", result, min(result.replications, MOST_ROWS))
    _write_dataset(folder / DATASET, played, result)
    codebook.write_run(folder, result.summary)
    write_record(folder / RUN.record, {
        "program": PROGRAM, "hash": belongs_to.hash, "name": result.file.name,
        "file": str(result.file.path) if result.file.path else None,
        "seed": result.seed, "replications": result.replications, "rules": belongs_to.rules,
        "overrides": [{"key": change.key, "old": _plain(change.old), "new": _plain(change.new)}
                      for change in result.file.changes],
        "command": sys.argv, "written": datetime.now(UTC).isoformat(timespec="seconds"), **account,
        "versions": versions(), "scenario": belongs_to.scenario,
    })


def versions() -> dict[str, Any]:
    """Return the versions of the software that made the results."""
    return {"python": platform.python_version(),
            "system": " ".join([platform.system(), platform.release(), platform.machine()]),
            **{name: _version(name) for name in ("numpy", "simpy", "llvmlite", PROGRAM)}}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def finite(data: dict[str, Any]) -> dict[str, Any]:
    """Return data fit for JSON: None for numbers that are not finite, lists for tuples."""
    return {key: _finite(part) for key, part in data.items()}


def _finite(part: Any) -> Any:
    if isinstance(part, dict):
        return finite(part)
    if isinstance(part, list | tuple):
        return [_finite(inner) for inner in part]
    return None if isinstance(part, float) and not math.isfinite(part) else part


def _plain(value: Any) -> Any:
    """Return a value of a scenario as plain data."""
    return to_jsonable_python(value, exclude_none=True)


def _write_outcomes(path: Path, played: Played, replications: int) -> None:
    """Write a row for each replication. A cell is empty if the event did not happen by the horizon."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(["replication", *played.names]) + "\n")
        for first, block in played.columns.rows(replications):
            cells = [map(str, range(first, first + len(block))), *map(_cells, block.T)]
            file.writelines(",".join(row) + "\n" for row in zip(*cells, strict=True))


def _write_dates(path: Path, result: "Result", replications: int) -> None:
    """Write the outcomes that are days as dates, a row for each replication; cells are empty as in outcomes.csv."""
    names = [name for name, entry in result.summary["outcomes"].items() if entry["kind"] == "day"]
    start = np.datetime64(result.file.scenario.start, "D")
    columns = []
    for name in names:
        days = result.column(name)[:replications]
        happened = np.isfinite(days)
        dates = (start + np.where(happened, days, 0.0).astype("timedelta64[D]")).astype(str)
        columns.append(np.where(happened, dates, "").tolist())
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(["replication", *names]) + "\n")
        file.writelines(",".join(row) + "\n" for row in zip(map(str, range(replications)), *columns, strict=True))


def _cells(values: NDArray[np.float64]) -> list[str]:
    """Write numbers in the shortest form that is read back exactly."""
    if np.all(np.abs(values) < WHOLE_UP_TO) and np.all(values == np.rint(values)):
        numbers = values.astype(np.int64)
        small = numbers.min() >= 0 and numbers.max() < len(SMALL)
        return SMALL[numbers].tolist() if small else list(map(str, numbers.tolist()))
    with_point = (values == 0) | (values >= 1e-4) & (values < WHOLE_UP_TO) | (values == np.inf)
    texts = _as_in_json(values) if with_point.all() else map(repr, values.tolist())
    return ["" if text in NEVER else text for text in texts]


def _as_in_json(values: NDArray[np.float64]) -> list[str]:
    """Write numbers as `repr` does, in a fifth of the time. The two agree on numbers without a power of ten."""
    return to_json(values.tolist()).decode()[1:-1].split(",")


def _write_dataset(path: Path, played: Played, result: "Result") -> None:
    """Write ensemble.nc as xarray would, without loading it: outcomes block by block."""
    import h5netcdf

    replications = result.replications
    outcomes = {"replication": np.arange(replications), "outcome": np.array(played.names, dtype=object)}
    coordinates = played.coordinates | {name: ((name,), values) for name, values in outcomes.items()}
    coordinates |= codebook.coordinates(played.names, result.summary["outcomes"])
    labels = {name: dimensions for name, (dimensions, _) in coordinates.items() if dimensions != (name,)}
    with hdf_faults(path), h5netcdf.File(path, "w") as file:
        file.attrs.update(played.attributes)
        file.dimensions = {name: len(values) for name, (_, values) in coordinates.items() if name not in labels}
        for name, (dimensions, values) in (coordinates | played.variables).items():
            variable = _write_variable(file, name, dimensions, values, played.attributes["start"])
            fitting = [label for label, along in labels.items()
                       if name in played.variables and set(along) <= set(dimensions)]
            if fitting:
                variable.attrs["coordinates"] = " ".join(fitting)
        of_outcomes = [label for label, along in labels.items() if along == ("outcome",)]
        _write_table(file, "outcomes", "replication", played.columns, replications, of_outcomes)
        if played.twins is not None:
            file.dimensions["twin"] = played.twins.done
            _write_table(file, TWIN_OUTCOMES, "twin", played.twins.columns, played.twins.done, of_outcomes)


def _write_table(
    file: Any, name: str, dimension: str, columns: Columns, replications: int, labels: list[str]
) -> None:
    table = file.create_variable(name, (dimension, "outcome"), np.float64)
    table.attrs.update({**about(name), "coordinates": " ".join(labels)})
    for first, block in columns.rows(replications):
        table[first : first + len(block)] = block


def _write_variable(file: Any, name: str, dimensions: tuple[str, ...], values: Values, start: str) -> Any:
    import h5py

    if values.dtype.kind == "M":
        days = (values - np.datetime64(start)) // np.timedelta64(1, "D")
        variable = file.create_variable(name, dimensions, days.dtype, data=days)
        variable.attrs.update({**about(name), "units": f"days since {start}", "calendar": "proleptic_gregorian"})
        return variable
    dtype = h5py.string_dtype() if values.dtype == object else values.dtype
    variable = file.create_variable(name, dimensions, dtype, data=values)
    variable.attrs.update(about(name))
    return variable


class _Change(BaseModel):
    """An override, as run.json has it."""

    key: str
    old: Any
    new: Any


class RunRecord(ResultsRecord):
    """The part of run.json that is read."""

    name: str
    file: str | None
    replications: int
    overrides: list[_Change]
    scenario: dict[str, Any]


def read(folder: Path) -> tuple[ScenarioFile, int, int, dict[str, Any], "Kept"]:
    """Read back the scenario, replications, seed, summary and data of results; see `Result.load`."""
    path = folder / RUN.record
    try:
        data = read_run(folder)
        if "holds" in data:
            raise FolderError(f"{folder} holds no results of a run, but those of a {data['holds']}")
        run = as_kind(data, RunRecord, path)
        check_files(folder, run, SUMMARY, DATASET)
    except Damaged as damage:
        raise FolderError(f"{damage}; run the scenario again to get reliable results") from None
    changes = tuple(Change(change.key, change.old, change.new) for change in run.overrides)
    file = remembered(run.name, Path(run.file) if run.file else None, scenario_in(run.scenario, path), changes)
    summary = from_json((folder / SUMMARY).read_bytes())
    return file, run.replications, run.seed, summary, Kept(folder / DATASET)


def read_run(folder: Path) -> dict[str, Any]:
    """Return what run.json says.

    Raises
    ------
    FolderError
        If there is no run.json of this program, or it is damaged.
    """
    try:
        run = read_record(folder / RUN.record)
    except OSError:
        run = {}
    if run.get("program") == PROGRAM:
        return run
    if waits(folder):
        raise FolderError(f"{folder}: the run was stopped after it had finished its results; the same command again "
                          "puts them there")
    raise FolderError(f"{folder} holds no results of this program")


def scenario_in(data: dict[str, Any], path: Path) -> Scenario:
    """Return the scenario that a record holds, after all checks that a scenario file has to pass."""
    try:
        scenario = Scenario.model_validate_json(to_json(as_placed(data)))
    except ValidationError:
        scenario = None
    if scenario is None or any(check(scenario)):
        raise FolderError(f"{path} holds a scenario of another version of this program; run the scenario again")
    return scenario
