"""A study's results: a dataset with all numbers, and a record that identifies the study.

The dataset has the dimensions ``policy``, ``future``, ``outcome``, ``quantile`` (in percent), ``half``, ``uncertainty``
and ``lever``, and these variables. The day of something that did not happen counts as the horizon.

- ``value``, ``value_se``: the outcome's chosen statistic over replications, and its standard error (for a quantile: the
  length of its 95 % interval between order statistics, divided by 2 x 1.96)
- ``half_value``: the same statistic over even (0) and odd (1) replications, two independent estimates
- ``mean``, ``mean_se``, ``variance`` over replications; ``quantiles`` with the ends of their 95 % intervals,
  ``quantile_low`` and ``quantile_high``
- ``difference``, ``difference_se``: mean difference from the first policy in the same future, replications paired
- ``breach``, ``breach_se``: share of replications beyond the outcome's threshold; NaN without one, and for rates
- ``completed``, ``followed_up``: shares of replications that are complete, and whose follow-up is over, by the horizon;
  only if an outcome is read at completion, before it or in the follow-up
- ``parameter``: the value of each uncertainty in each future; ``setting``: the setting of each lever in each policy
"""

import os
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

import numpy as np
from numpy.typing import NDArray

from sim.play import codebook
from sim.play.dataset import NOTE
from sim.play.errors import Damaged
from sim.play.files import hdf_faults
from sim.play.folder import PROGRAM
from sim.play.handover import play_of, waits
from sim.play.identity import Identity, rules_version
from sim.play.kept import ResultsRecord, as_kind, check_files, read_record, write_record
from sim.play.storage import versions
from sim.scenario.precision import WISHES
from sim.scenario.program import program
from sim.scenario.resolve import as_data
from sim.study.asked import COVER, plans_differ
from sim.study.errors import StudyError
from sim.study.file import read_study
from sim.study.futures import Futures
from sim.study.reduce import FIELDS, HALVES, PERCENTS
from sim.study.rows import STUDY
from sim.study.study import Factor, Study

if TYPE_CHECKING:
    import xarray as xr

Results = Union["xr.Dataset", str, os.PathLike[str]]
"""A study's dataset, its folder, or the study file, for results in its default folder."""

DATASET = "study.nc"
FILES = {
    DATASET: "results of every policy in every future, for xarray and other readers of netCDF; each variable has a "
             "description",
    "study.json": "the study, and how it was played",
    "sensitivity.json, discover.json, robust.json, voi.json": "results of the commands with these names, if they were "
                                                             "run",
}
"""The files beside the codebook."""
ABOUT = {
    "value": "Chosen statistic of the outcome over replications",
    "value_se": "Standard error of value; for a quantile, the length of its 95 % interval divided by 2 x 1.96",
    "half_value": "Chosen statistic over the even (0) and the odd (1) replications",
    "mean": "Mean of the outcome over replications", "mean_se": "Standard error of mean",
    "variance": "Variance of the outcome over replications",
    "quantiles": "Quantiles of the outcome over replications",
    "quantile_low": "Low end of the 95 % interval of quantiles",
    "quantile_high": "High end of the 95 % interval of quantiles",
    "difference": "Mean difference from the first policy in the same future, replications paired",
    "difference_se": "Standard error of difference",
    "breach": "Share of replications beyond the threshold; NaN without one", "breach_se": "Standard error of breach",
    "completed": "Share of replications in which the drawdown is complete by the horizon",
    "followed_up": "Share of replications in which the follow-up after completion is over by the horizon",
    "parameter": "Value of an uncertainty in a future", "setting": "Setting of a lever in a policy",
    "policy": "Policy: a scenario with its levers set", "future": "Number of the future",
    "outcome": "Name of the outcome",
    "quantile": "Percent of replications that do not exceed a value", "half": "Even (0) or odd (1) replications",
    "uncertainty": "Name of the uncertainty", "lever": "Name of the lever",
    "better": "Whether low or high is better", "kind": "number, yes_no (a chance), day (days after the start) or ratio",
    "unit": "Unit of the outcome", "statistic": "Chosen statistic", "label": "Label of the outcome",
    "threshold": "Limit that the statistic must keep; NaN without one", "low": "Lowest value", "high": "Highest value",
    "key": "Keys of the scenario that the uncertainty changes", "uncertainty_unit": "Unit of the uncertainty",
}
"""Long names of everything in the dataset; values of outcomes are in the unit given by ``unit``."""


def identity(study: Study) -> Identity:
    """Return the identity of a study's results: its scenarios, and its file without title and question."""
    content = {
        "scenarios": {file.name: _scenario(as_data(file.scenario)) for file in study.scenarios},
        "policies": {policy.name: policy.settings for policy in study.policies},
        "levers": {lever.name: list(lever.keys) for lever in study.levers},
        "uncertainties": {factor.name: _factor(factor) for factor in study.uncertainties},
        "outcomes": {goal.name: {"better": goal.better, "statistic": goal.statistic, "threshold": goal.threshold}
                     for goal in study.goals},
        "design": {"kind": study.design.kind, "points": study.design.points,
                   "replications": study.design.replications},
    }
    return Identity(content, study.design.seed, rules_version())


def _scenario(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in WISHES}


def _factor(factor: Factor) -> dict[str, Any]:
    spread = factor.dist.model_dump(mode="json", exclude_none=True) if factor.dist is not None else None
    values = [value if isinstance(value, int | float | str) else str(value) for value in factor.values]
    return {"keys": list(factor.keys), **({"dist": spread} if spread else {"values": values})}


def default_folder(study: Study) -> Path:
    """Return the folder for the results of a study: ``results/study/NAME/HASH``."""
    return Path("results", "study", study.name, identity(study).hash)


def build(study: Study, futures: Futures, rows: NDArray[np.void]) -> "xr.Dataset":
    """Return the dataset of a study from its finished cases."""
    import xarray as xr

    shape = (len(study.policies), len(futures))
    if len(rows) != shape[0] * shape[1]:
        raise ValueError(f"{len(rows)} cases are finished, not all {shape[0] * shape[1]}")
    place = np.empty(shape, np.int64)
    place[rows["policy"], rows["future"]] = np.arange(len(rows))
    variables: dict[str, Any] = {
        name: (("policy", "future", "outcome", *(dim for dim, _ in dims)), rows[name][place])
        for name, dims in FIELDS.items()}
    variables |= {name: (("policy", "future"), rows[name][place]) for name in COVER if not np.isnan(rows[name]).any()}
    variables["parameter"] = (("future", "uncertainty"), futures.parameter)
    settings = [[policy.settings[lever.name] for lever in study.levers] for policy in study.policies]
    variables["setting"] = (("policy", "lever"), np.array(settings, dtype=object).reshape(shape[0], len(study.levers)))
    design = study.design
    dataset = xr.Dataset(variables, _coordinates(study, len(futures)), {
        "title": study.title, "question": study.question, "name": study.name, "design": design.kind,
        "points": design.points, "replications": design.replications, "seed": design.seed, "rules": rules_version(),
        "start": study.scenarios[0].scenario.start.isoformat(), "end": study.scenarios[0].scenario.end.isoformat(),
        "follow_up_days": study.scenarios[0].scenario.follow_up_days, "plans_differ": int(plans_differ(study)),
        "Conventions": "CF-1.11", "source": f"{PROGRAM} {version(PROGRAM)}, rules {rules_version()}", "comment": NOTE})
    for name in dataset.variables:
        dataset[name].attrs["long_name"] = ABOUT[str(name)]
    return dataset


def _coordinates(study: Study, futures: int) -> dict[str, Any]:
    goals, factors = study.goals, study.uncertainties
    ends = np.array([factor.ends for factor in factors]).reshape(len(factors), 2)
    thresholds = [np.nan if goal.threshold is None else goal.threshold for goal in goals]
    return {
        "policy": _texts(policy.name for policy in study.policies), "future": np.arange(futures),
        "outcome": _texts(goal.name for goal in goals), "quantile": list(PERCENTS), "half": list(range(HALVES)),
        "uncertainty": _texts(factor.name for factor in factors), "lever": _texts(lever.name for lever in study.levers),
        **{key: ("outcome", _texts(getattr(goal, key) for goal in goals))
           for key in ("better", "kind", "unit", "statistic", "label")},
        "threshold": ("outcome", np.array(thresholds, np.float64)),
        "low": ("uncertainty", ends[:, 0]), "high": ("uncertainty", ends[:, 1]),
        "key": ("uncertainty", _texts(", ".join(factor.keys) for factor in factors)),
        "uncertainty_unit": ("uncertainty", _texts(factor.unit for factor in factors)),
    }


def _texts(texts: Any) -> NDArray[Any]:
    return np.array(list(texts), dtype=object)


def write(study: Study, dataset: "xr.Dataset", folder: Path, account: dict[str, Any]) -> None:
    """Write study.nc and study.json.

    Parameters
    ----------
    study, dataset
        The study and its results.
    folder
        Where to write them.
    account
        How the study was played, for study.json.
    """
    of_study = identity(study)
    with hdf_faults(folder / DATASET):
        dataset.to_netcdf(folder / DATASET, engine="h5netcdf")
    about = {"study": study.name, "question": study.question, "start": dataset.attrs["start"],
             "end": dataset.attrs["end"], "policies": dataset.sizes["policy"], "futures": dataset.sizes["future"],
             "replications": study.design.replications, "seed": of_study.seed}
    codebook.write(folder, study.title or study.name, about, FILES, {goal.name: goal.entry for goal in study.goals})
    write_record(folder / STUDY.record, {
        "program": PROGRAM, "holds": STUDY.holds, "hash": of_study.hash, "name": study.name, "file": str(study.path),
        "title": study.title, "question": study.question, "seed": of_study.seed, "rules": of_study.rules,
        "policies": dataset.sizes["policy"], "futures": dataset.sizes["future"],
        "replications": study.design.replications, "command": sys.argv,
        "written": datetime.now(UTC).isoformat(timespec="seconds"), **account, "versions": versions(),
        STUDY.within: of_study.scenario})


def folder_of(path: str | os.PathLike[str]) -> Path:
    """Return the folder with the results of a study, given the folder or the study file; raises as `open_study`."""
    path = Path(path)
    folder = path if path.is_dir() or _unfinished(path) else default_folder(read_study(path))
    if _unfinished(folder) and not (folder / STUDY.record).exists():
        raise StudyError(f"{folder} has an unfinished study; run the same study command again to continue it")
    if not path.is_dir() and not (folder / DATASET).exists():
        raise StudyError(f"{path} was not run yet, or its results are in another folder; name that folder, or run the "
                         f"study first: {program()} study {path}")
    return folder


def _unfinished(folder: Path) -> bool:
    return play_of(folder).is_dir() or waits(folder)


def open_study(path: str | os.PathLike[str]) -> "xr.Dataset":
    """Read the results of a study.

    Parameters
    ----------
    path
        The folder with the results; or the study file, for results in its default folder.

    Raises
    ------
    StudyError
        If there are none, or they are damaged.
    ScenarioError
        With all errors in the study file.
    """
    import xarray as xr

    folder = folder_of(path)
    try:
        record = as_kind(read_record(folder / STUDY.record), ResultsRecord, folder / STUDY.record)
        check_files(folder, record, DATASET)
        with xr.open_dataset(folder / DATASET, engine="h5netcdf") as dataset:
            return dataset.load()
    except OSError:
        raise StudyError(f"{folder} has no results of a study") from None
    except Damaged as damage:
        raise StudyError(f"{damage}; run the study again for results to rely on") from None


def dataset_of(study: "Results") -> "xr.Dataset":
    """Return the dataset of a study, which may be given by its folder or its file; raises as `open_study`."""
    return open_study(study) if isinstance(study, str | os.PathLike) else study
