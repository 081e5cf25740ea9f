"""From files to files: what the commands `calibrate` and `backtest` do, and the Python interface with them."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.ensemble.choice import silent
from sim.ensemble.files import refuse_other, write_whole
from sim.ensemble.folder import PROGRAM
from sim.ensemble.storage import as_json as text_of
from sim.ensemble.storage import finite
from sim.evidence import fit_file, fragment
from sim.evidence.backtest import Backtest
from sim.evidence.backtest import as_json as backtest_json
from sim.evidence.backtest import backtest as forecast_all
from sim.evidence.calibrate import Calibration, as_json
from sim.evidence.calibrate import calibrate as fit_all
from sim.evidence.cut import join
from sim.evidence.errors import DataError
from sim.evidence.places import within
from sim.evidence.read import read
from sim.evidence.record import Record
from sim.evidence.stretches import Regimes, read_regimes
from sim.scenario.errors import ScenarioError
from sim.scenario.load import ScenarioFile, load

Files = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]


@dataclass(frozen=True)
class Calibrated:
    """A calibration and what is written of it.

    Attributes
    ----------
    result
        The calibration.
    keys
        Its best model as keys of a scenario; None where they would be more than a scenario allows.
    unsaid
        Why there are no keys, or why fit.toml cannot be played as it is, a line each.
    report
        What stands in fit.json.
    folder
        Where it was written; None if it was not.
    """

    result: Calibration
    keys: fragment.Keys | None
    unsaid: tuple[str, ...]
    report: dict[str, Any]
    folder: Path | None


def calibrate(
    data: Files,
    regimes: str | os.PathLike[str] | None = None,
    scenario: str | os.PathLike[str] | ScenarioFile | None = None,
    kind: str | None = None,
    seed: int = 1,
    out: str | os.PathLike[str] | None = None,
    figures: bool = True,
    say: Callable[[str], None] = silent,
) -> Calibrated:
    """Fit the attack process to data.

    Parameters
    ----------
    data
        One CSV file, or several of counts over times that do not overlap; see `sim.evidence.read.read`.
    regimes
        A scenario, or a file with its tables ``tension.dated`` and ``suppressions`` alone, for dated regimes; those of
        ``scenario`` when left out.
    scenario
        The scenario that the fit is for: fit.toml extends it.
    kind
        ``events``, ``counts`` or ``cumulative``; recognised by the columns when left out.
    seed
        Of the draws from the fit and of simulations.
    out
        Folder for fit.json, fit.toml and figures; nothing is written when left out.
    figures
        Whether to draw figures into it.
    say
        Told, in a line, what is being done.

    Raises
    ------
    DataError
        With all that is wrong with the data.
    ScenarioError
        With all that is wrong with the scenario or the regimes.
    FolderError
        If the folder holds something else.
    """
    file = scenario if isinstance(scenario, ScenarioFile) or scenario is None else load(scenario)
    record = read_all(data, kind)
    folder = None if out is None else Path(out)
    if folder is not None:
        refuse_other(folder, "fit.json")
    if file is not None:
        record = within(record, file)
    result = fit_all(record, _regimes(regimes, file), seed, say)
    keys, unsaid = _keys(result, file)
    report = _report(result, keys, seed)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / "fit.json", json_text(report))  # first: by it the folder is known again
        (folder / "fit.toml").unlink(missing_ok=True)
        if keys is not None:
            write_whole(folder / "fit.toml", fit_file.text(folder, result, keys, file))
            unsaid = (*unsaid, *(_refused(folder / "fit.toml") if file is not None else ()))
        if figures:
            from sim.figures import calibration

            calibration.draw_all(result, folder / "figures")
    return Calibrated(result, keys, unsaid, report, folder)


def _keys(result: Calibration, file: ScenarioFile | None) -> tuple[fragment.Keys | None, tuple[str, ...]]:
    """Return the fit as keys of a scenario, or None, and what a reader should know about it."""
    try:
        keys = fragment.keys_of(result, file)
    except DataError as error:
        return None, error.problems
    if not keys.empty:
        return keys, ()
    if file is None:
        return None, ("no fit.toml: there is nothing to write as a scenario", *keys.remarks)
    return keys, ()


def backtest(
    data: Files,
    to: date,
    until: date | None = None,
    every: int | None = None,
    regimes: str | os.PathLike[str] | None = None,
    kind: str | None = None,
    seed: int = 1,
    out: str | os.PathLike[str] | None = None,
    figures: bool = True,
    say: Callable[[str], None] = silent,
) -> tuple[Backtest, dict[str, Any]]:
    """Fit to what was known on a date, forecast beyond it, and score the forecast against what came.

    Parameters
    ----------
    data, regimes, kind, figures, say
        As for `calibrate`. A forecaster knows only the regimes that had begun by its date.
    to
        Last day known.
    until
        Last day forecast; that of the data when left out.
    every
        Days from one forecast to the next; only one when left out.
    seed
        Of draws and simulations.
    out
        Folder for backtest.json and figures; nothing is written when left out.

    Returns
    -------
    result : Backtest
    report : dict
        What stands in backtest.json.

    Raises
    ------
    DataError
        With all that is wrong with the data.
    ScenarioError
        With all that is wrong with the regimes.
    FolderError
        If the folder holds something else.
    """
    record = read_all(data, kind)
    folder = None if out is None else Path(out)
    if folder is not None:
        refuse_other(folder, "backtest.json")
    result = forecast_all(record, _regimes(regimes, None), to, until, every, seed, say)
    report = {"program": PROGRAM, "version": version(PROGRAM), "seed": seed,
              "data": [{"file": name, "sha256": digest} for name, digest in record.files],
              "notes": list(record.notes), **backtest_json(result)}
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / "backtest.json", json_text(report))
        if figures:
            from sim.figures import backtest as pictures

            pictures.draw_all(result, folder / "figures")
    return result, report


def read_all(data: Files, kind: str | None) -> Record:
    """Read one file, or several as one record."""
    paths = [data] if isinstance(data, str | os.PathLike) else list(data)
    return join([read(path, kind) for path in paths])


def _regimes(regimes: str | os.PathLike[str] | None, file: ScenarioFile | None) -> Regimes | None:
    if regimes is not None:
        return read_regimes(regimes)
    return None if file is None else Regimes.of(file.scenario)


def _refused(path: Path) -> tuple[str, ...]:
    """Return what is wrong with a scenario file, since the fit may not go together with the rest of its scenario."""
    try:
        load(path)
    except ScenarioError as error:
        return tuple(f"not to be played as it is: {problem}" for problem in error.problems)
    return ()


def _report(result: Calibration, keys: fragment.Keys | None, seed: int) -> dict[str, Any]:
    return {
        "program": PROGRAM, "version": version(PROGRAM), "seed": seed,
        "data": [{"file": name, "sha256": digest} for name, digest in result.record.files],
        **as_json(result),
        "scenario_keys": keys and {
            "best": keys.best, "fixed": keys.fixed, "draws": len(keys.rows), "notes": keys.notes,
            "left_out": keys.left_out, "labels": keys.labels,
            "harm": {key: estimate.as_json() for key, estimate in keys.harm.items()}},
    }


def json_text(report: dict[str, Any]) -> str:
    """Return a report as it is written and printed; what is not finite is null."""
    return text_of(finite(report))
