"""The scenario file to which a fit is written: keys with their values, the draws, their sources, and remarks."""

import os
from collections.abc import Iterator
from pathlib import Path

from sim.evidence.calibrate import Calibration
from sim.evidence.errors import DataError
from sim.evidence.fitted import FittedValue
from sim.evidence.fragment import Keys
from sim.scenario.harmless import printable
from sim.scenario.load import ScenarioFile
from sim.scenario.resolve import toml
from sim.scenario.shipped import SCENARIOS

JOINT = "attack_fit"


def refuse_unnameable(file: ScenarioFile) -> None:
    """Refuse a scenario that cannot be extended because its name, or that of its folder, is not UTF-8."""
    try:
        str(file.path and file.path.absolute()).encode()
    except UnicodeEncodeError:
        raise DataError((f"{file.path} has a name that is not UTF-8, so fit.toml cannot extend it; rename it or the "
                         "folder that it lies in",)) from None


def text(folder: Path, result: Calibration, keys: Keys, scenario: ScenarioFile | None) -> str:
    """Return the text of the file in a folder: it extends the scenario or, without one, is there to be extended."""
    return "\n".join(_lines(folder, result, keys, scenario)) + "\n"


def _lines(folder: Path, result: Calibration, keys: Keys, scenario: ScenarioFile | None) -> Iterator[str]:
    label = result.best_fit.model.label
    hashes = printable(", ".join(f"{name} (sha256 {digest[:12]})" for name, digest in result.record.files))
    if keys.columns:
        yield f"# The attack process as fitted to {hashes}:"
        yield f"# {label}, chosen {result.basis}."
        yield "# Parameters are drawn together, row by row, in proportion to the likelihood."
    else:
        yield f"# What {hashes} says about a scenario; it does not say how often attacks come."
    for note in (*result.reasons, *keys.remarks, *result.warnings):
        yield f"# Note: {printable(note)}"
    if scenario is None or scenario.path is None:
        yield '# To use it, give a scenario file the first line: extends = "fit.toml"; or fit with --scenario.'
    else:
        yield f"\nextends = {toml(_named(scenario.path, folder))}"
        fitted = ", attacks as fitted" if keys.columns else ""
        yield f"title = {toml(f'{scenario.scenario.title or scenario.name}{fitted}'[:200])}"
    for table, lines in _tables(keys).items():
        yield "\n".join([f"\n[{table}]", *lines])
    if keys.columns:
        yield f"\n[joint.{JOINT}]"
        yield f"keys = [{', '.join(toml(key) for key in keys.columns)}]"
        yield "rows = ["
        yield from (f"  [{', '.join(map(_digits, row))}]," for row in keys.rows.tolist())
        yield "]"
    yield "\n[sources]"
    yield from (f'"{key}" = {toml(f"derived: fitted to {hashes}, {label.lower()}")}' for key in keys.columns)
    yield from (f'"{key}" = {toml(f"derived: from {hashes}, over its 90 % interval")}' for key in keys.harm)
    yield from (f'"{key}" = {toml(f"derived: goes with the fit to {hashes}")}' for key in keys.fixed)


def _tables(keys: Keys) -> dict[str, list[str]]:
    """Return the lines of each table."""
    values = {
        **{f"theatres.{name}.label": toml(label) for name, label in keys.labels.items()},
        **{key: _digits(value) for key, value in {**keys.fixed, **keys.best}.items()},
        **{key: _spread(value) for key, value in keys.harm.items()}}
    tables: dict[str, list[str]] = {}
    for key, value in values.items():
        table, _, last = key.rpartition(".")
        tables.setdefault(table, []).append(f"{last} = {value}")
    return tables


def _named(path: Path, folder: Path) -> str:
    """Return how a file in a folder refers to a scenario: by name if it comes with the program, else by its path."""
    if SCENARIOS.has(path):
        return path.name
    try:
        return Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()
    except ValueError:  # another drive
        return path.absolute().as_posix()


def _spread(value: FittedValue) -> str:
    if value.low >= value.high:
        return _digits(value.estimate)
    low, mode, high = map(_digits, (value.low, value.estimate, value.high))
    return f'{{ dist = "triangular", low = {low}, mode = {mode}, high = {high} }}'


def _digits(value: float) -> str:
    return f"{value:.6g}" if value else "0.0"
