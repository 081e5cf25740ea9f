"""The folder of a comparison: written, and read back."""

import math
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from sim.comparison import words
from sim.comparison.compare import Comparison, Mean, sides_of
from sim.comparison.explanation import Explanation
from sim.comparison.verdicts import NOT_IN_BASE
from sim.estimate.difference import Difference
from sim.play import codebook
from sim.play.errors import Damaged, FolderError
from sim.play.files import hdf_faults
from sim.play.folder import Contents, record_of
from sim.play.identity import Identity
from sim.play.kept import ResultsRecord, as_kind, check_files, read_record, write_record
from sim.play.storage import as_json, scenario_in
from sim.scenario.harmless import CsvWriter
from sim.scenario.load import ScenarioFile
from sim.scenario.remembered import remembered
from sim.words.labels import described

if TYPE_CHECKING:
    import xarray as xr

JSON, DATASET = "comparison.json", "comparison.nc"
FILES = {
    "comparison.csv": "a row for each scenario and outcome: its mean, how it differs from the base (ci95: 95 % "
                      "interval), the share of replications in which it does worse, p value (Holm), from what size on "
                      "a difference matters (practical), verdict, whether it depends on when one stops looking",
    JSON: "the same, with the verdicts in sentences and explanations",
    DATASET: "bands of each scenario by day and week, and how often each event has happened by each day; a group for "
             "each scenario, the base first",
    "run.json": "what was compared",
}
"""What lies beside the codebook."""
CONTENTS = Contents("run.json", "scenario", "comparison")


class ComparisonRecord(ResultsRecord):
    """The parts of run.json that are read."""

    scenario: dict[str, Any]
    scenario_files: dict[str, str | None]
    replications: int


def write(comparison: Comparison, folder: Path, identity: Identity) -> None:
    """Write a comparison into a folder, with the record of what it belongs to."""
    files = {side.name: str(side.file.path) if side.file.path else None for side in comparison.sides}
    run = record_of(identity, CONTENTS, scenario_files=files, replications=comparison.replications)
    data = words.as_dict(comparison)
    write_record(folder / CONTENTS.record, run)
    (folder / JSON).write_text(as_json(data), encoding="utf-8")
    base = comparison.base.file.scenario
    about = {"base": comparison.base.name, "scenarios": ", ".join(side.name for side in comparison.sides),
             "start": base.start.isoformat(), "end": base.end.isoformat(), "replications": comparison.replications,
             "seed": comparison.seed}
    entries = {name: entry for side in reversed(comparison.sides)
               for name, entry in described(side.catalogue, side.file.scenario).items()}
    codebook.write(folder, base.title or comparison.base.name, about, FILES, entries)
    columns = ("mean", "difference", "ci95_low", "ci95_high", "p_worse", "p_adjusted", "practical", "verdict",
               "depends_on_horizon", "unit")
    with (folder / "comparison.csv").open("w", encoding="utf-8", newline="") as file:
        writer = CsvWriter(file)
        writer.writerow(["scenario", "outcome", *columns])
        for name, scenario in data["scenarios"].items():
            for outcome, entry in scenario["outcomes"].items():
                low, high = entry["ci95"] or (None, None)
                cells = entry | {"ci95_low": low, "ci95_high": high}
                writer.writerow([name, outcome, *(cells.get(column) for column in columns)])
    with hdf_faults(folder / DATASET):
        for number, side in enumerate(comparison.sides):
            comparison.trajectories[side.name].to_netcdf(folder / DATASET, "a", group=str(number), engine="h5netcdf")


def read(folder: Path) -> Comparison:
    """Read a comparison back.

    Raises
    ------
    FolderError
        If there is none, or a file is damaged or was changed after it was written.
    """
    path = folder / CONTENTS.record
    try:
        record = as_kind(read_record(path), ComparisonRecord, path)
        check_files(folder, record, JSON, DATASET)
    except OSError:
        raise FolderError(f"{folder} holds no comparison") from None
    except Damaged as damage:
        raise FolderError(f"{damage}; compare the scenarios again for results to rely on") from None
    if "practical" not in record.scenario:
        raise FolderError(f"{path} holds a comparison of another version of this program; compare the scenarios again")
    import json

    data = json.loads((folder / JSON).read_bytes())
    names = list(data["scenarios"])
    files = [_file(name, record, path) for name in names]
    stated = {"practical": record.scenario["practical"]}  # the base's; it is no part of what a scenario's results are
    files[0] = replace(files[0], scenario=files[0].scenario.model_copy(update=stated))
    sides = sides_of(files)
    means = {name: {outcome: Mean(entry["mean"], entry["mean_ci95"]) for outcome, entry in scenario["outcomes"].items()}
             for name, scenario in data["scenarios"].items()}
    start = sides[0].file.scenario.start
    differences = {name: tuple(_difference(outcome, entry, start) for outcome, entry in data["scenarios"][name][
        "outcomes"].items() if entry["verdict"] != NOT_IN_BASE) for name in names[1:]}
    explanations = TypeAdapter(dict[str, Explanation]).validate_python(data["explanations"])
    tests = sum(entry.p_value is not None for entries in differences.values() for entry in entries)
    trajectories = {name: _trajectories(folder / DATASET, number) for number, name in enumerate(names)}
    return Comparison(sides, record.replications, record.seed, means, differences, tests, trajectories,
                      data["precision"], explanations)


def _file(name: str, record: ComparisonRecord, path: Path) -> ScenarioFile:
    scenario_path = record.scenario_files.get(name)
    scenario = scenario_in(record.scenario["scenarios"][name], path)
    return remembered(name, Path(scenario_path) if scenario_path else None, scenario)


def _difference(outcome: str, entry: dict[str, Any], start: date) -> Difference:
    spreads, earlier = entry["in_standard_deviations"], entry.get("earlier_date")
    day = None if earlier is None else (date.fromisoformat(earlier) - start).days
    return Difference(
        outcome, entry["kind"], entry["unit"], entry["better"], entry["main"], entry["compared_base"],
        entry["compared_mean"], entry["difference"], entry["ci95"], entry["p_value"], entry["p_higher"],
        entry["p_lower"], entry["p_higher_ci95"], math.nan if spreads is None else spreads, entry["p_adjusted"],
        entry["practical"], day, entry.get("earlier_difference"))


def _trajectories(path: Path, number: int) -> "xr.Dataset":
    import xarray as xr

    with xr.open_dataset(path, group=str(number), engine="h5netcdf") as dataset:
        return dataset.load()
