"""The folder that keeps a run: written beside its place and put there whole, or not at all."""

import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.ensemble.errors import FolderError
from sim.ensemble.result import Result
from sim.rules.setup import set_up
from sim.scenario.load import ScenarioFile
from sim.scenario.overrides import Change
from sim.scenario.resolve import as_data
from sim.scenario.schema import Scenario

PROGRAM = "drawdown-sim"
WRITTEN = ("run.json", "summary.json", "outcomes.csv", "ensemble.nc", "events.csv", "figures")
"""What a run writes into its folder; a run into the same folder replaces these and leaves anything else."""
MOST_ROWS = 100_000
"""Rows of outcomes.csv at most; ensemble.nc has all replications."""


@dataclass(frozen=True)
class Identity:
    """What results belong to: the same identity, the same bits."""

    scenario: dict[str, Any]
    seed: int
    rules: str

    @property
    def hash(self) -> str:
        """A short hash of it all."""
        return _hash({"scenario": self.scenario, "seed": self.seed, "rules": self.rules})[:8]


def identity(file: ScenarioFile, seed: int) -> Identity:
    """Return what the results of a scenario and seed belong to."""
    return Identity(as_data(file.scenario), seed, rules_version())


def rules_version() -> str:
    """Return a hash of the source of the rules, the same on every system."""
    sources = {entry.name: entry.read_text(encoding="utf-8").replace("\r\n", "\n")
               for entry in files("sim.rules").iterdir() if entry.name.endswith(".py")}
    return _hash(sources)[:12]


def _hash(data: Any) -> str:
    return sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def default_folder(file: ScenarioFile, seed: int) -> Path:
    """Return the folder for the results of a scenario: ``results/NAME/HASH``."""
    return Path("results", file.name, identity(file, seed).hash)


def check_folder(folder: Path, own: Identity) -> None:
    """Make sure that results may be put into a folder: it is new, empty, or holds results of the same identity.

    Raises
    ------
    FolderError
        With what differs.
    """
    if not os.path.lexists(folder) or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        run = read_run(folder)
    except FolderError:
        raise FolderError(f"{folder} exists and holds no results of this program; choose another --out") from None
    other = Identity(run["scenario"], run["seed"], run["rules"])
    differences = [*_differences(other.scenario, own.scenario)]
    if other.seed != own.seed:
        differences.append(f"seed {other.seed}, not {own.seed}")
    if other.rules != own.rules:
        differences.append("another version of the rules")
    if differences:
        more = f" and {len(differences) - 3} more" if len(differences) > 3 else ""
        raise FolderError(f"{folder} holds results of something else ({'; '.join(differences[:3])}{more}); "
                          "choose another --out")


def _differences(there: Any, here: Any, key: str = "") -> Iterator[str]:
    if isinstance(there, dict) and isinstance(here, dict):
        for part in [*there, *(part for part in here if part not in there)]:
            yield from _differences(there.get(part), here.get(part), f"{key}.{part}" if key else part)
    elif there != here:
        yield f"{key} is {_said(there)} there, {_said(here)} here"


def _said(value: Any) -> str:
    text = "not given" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 50 else f"{text[:47]}..."


@contextmanager
def new_folder(folder: Path, own: Identity) -> Iterator[Path]:
    """Give a folder to write into; put it in its place at the end, or remove it if anything went wrong before.

    Parameters
    ----------
    folder
        Where the results are to be in the end; what it holds is replaced only then.
    own
        What they belong to.

    Raises
    ------
    FolderError
        If the folder belongs to something else.
    OSError
        If it cannot be written.
    """
    check_folder(folder, own)
    folder = folder.resolve()
    made = [parent for parent in folder.parents if not parent.exists()]
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
        yield draft
        _put(draft, folder)
    except BaseException as error:
        shutil.rmtree(draft, ignore_errors=True)
        for parent in made:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        if isinstance(error, OSError) and (not error.filename or str(draft) in str(error.filename)):
            error.filename = str(folder)  # where the user wanted it
        raise


def _put(draft: Path, folder: Path) -> None:
    """Rename a finished draft into its place; only then the former results go. What else lay there stays."""
    former = draft.with_suffix(".former")
    if folder.exists():
        folder.rename(former)
    try:
        draft.rename(folder)
    except BaseException:
        if former.exists():
            former.rename(folder)
        raise
    if former.exists():
        for entry in former.iterdir():
            if entry.name not in WRITTEN:
                entry.rename(folder / entry.name)
    shutil.rmtree(former, ignore_errors=True)


def write(result: Result, folder: Path, seconds: dict[str, float]) -> None:
    """Write results: run.json, summary.json, outcomes.csv and ensemble.nc."""
    own = identity(result.file, result.seed)
    _write_json(folder / "run.json", {
        "program": PROGRAM, "hash": own.hash, "name": result.file.name,
        "file": str(result.file.path) if result.file.path else None,
        "seed": result.seed, "replications": result.replications, "rules": own.rules,
        "overrides": [{"key": change.key, "old": _plain(change.old), "new": _plain(change.new)}
                      for change in result.file.changes],
        "command": sys.argv, "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": {part: round(time, 3) for part, time in seconds.items()},
        "versions": {"python": platform.python_version(), "system": platform.platform(),
                     **{name: version(name) for name in ("numpy", "simpy", PROGRAM)}},
        "scenario": own.scenario,
    })
    _write_json(folder / "summary.json", result.summary)
    _write_outcomes(folder / "outcomes.csv", result)
    result.dataset.to_netcdf(folder / "ensemble.nc", engine="h5netcdf")


def _write_json(path: Path, data: dict[str, Any]) -> None:
    path.write_text(as_json(data), encoding="utf-8")


def as_json(data: Any) -> str:
    """Write data as JSON for a reader."""
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """Return a value of a scenario as plain data."""
    if isinstance(value, dict | list | int | float | str | None):
        return value
    return value.model_dump(mode="json", exclude_none=True) if hasattr(value, "model_dump") else str(value)


def _write_outcomes(path: Path, result: Result) -> None:
    """Write a row for each replication; what did not happen by the horizon is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(["replication", *result.outcomes.columns]) + "\n")
        for row in result.outcomes.head(MOST_ROWS).itertuples():
            file.write(",".join([str(row[0]), *map(_cell, row[1:])]) + "\n")


def _cell(value: float) -> str:
    return "" if value == float("inf") else repr(float(value)).removesuffix(".0")


def read_run(folder: Path) -> dict[str, Any]:
    """Return what run.json says.

    Raises
    ------
    FolderError
        If there is none of this program.
    """
    try:
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        if run["program"] == PROGRAM and isinstance(run["scenario"], dict):
            return dict(run)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise FolderError(f"{folder} holds no results of this program")


def read(folder: Path) -> Result:
    """Read results back; see `Result.load`."""
    import pandas as pd
    import xarray as xr

    run = read_run(folder)
    scenario = Scenario.model_validate_json(json.dumps(run["scenario"]))
    changes = tuple(Change(change["key"], change["old"], change["new"]) for change in run["overrides"])
    file = ScenarioFile(run["name"], Path(run["file"]) if run["file"] else None, scenario, {}, changes)
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        dataset = xr.load_dataset(folder / "ensemble.nc", engine="h5netcdf")
    except (OSError, ValueError) as error:
        raise FolderError(f"the results in {folder} cannot be read: {error}") from None
    outcomes = pd.DataFrame(dataset.outcomes.values, dataset.replication.values, dataset.outcome.values.astype(str))
    return Result(file, set_up(scenario), run["replications"], run["seed"], outcomes.rename_axis("replication"),
                  summary, dataset, folder)
