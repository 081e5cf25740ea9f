"""A fit as a scenario file to build on: its numbers under their keys, drawn together row by row.

The best model's parameters become keys of a scenario. Theatres share the total by the attacks whose place is known.
Attacks of several theatres with one branching ratio and one decay add up to one process of the same kind, so the total
may be fitted and then shared out.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.evidence.calibrate import Calibration, shares
from sim.evidence.errors import DataError
from sim.evidence.estimate import Estimate
from sim.evidence.record import Floats, Record
from sim.evidence.severity import scenario_keys
from sim.scenario.fields import extremes, within
from sim.scenario.keys import spot_at
from sim.scenario.load import ScenarioFile
from sim.scenario.resolve import toml
from sim.scenario.schema import Scenario
from sim.scenario.shipped import SCENARIOS
from sim.scenario.violence import Tension

JOINT = "attack_fit"


@dataclass(frozen=True)
class Keys:
    """Keys of a scenario with their values.

    Attributes
    ----------
    best
        At the best parameters.
    rows
        As drawn, shape (draws, keys), in the order of ``best``.
    fixed
        Keys that go with them and are not drawn.
    harm
        Keys of what single attacks do; they are drawn each for itself, over its interval.
    notes
        What a reader must know, a line each.
    """

    best: dict[str, float]
    rows: Floats
    fixed: dict[str, float]
    harm: dict[str, Estimate]
    notes: tuple[str, ...]


def keys_of(result: Calibration, scenario: ScenarioFile | None) -> Keys:
    """Turn a calibration into keys of a scenario.

    Parameters
    ----------
    result
        The calibration.
    scenario
        The scenario that they are for, if there is one.

    Raises
    ------
    DataError
        If a number would be more than a scenario allows.
    """
    names = [parameter.name for parameter in result.best_fit.model.parameters]
    table = dict(zip(names, np.vstack([result.best_fit.values, result.draws]).T, strict=True))
    columns: dict[str, Floats] = {}
    fixed: dict[str, float] = {}
    notes: list[str] = []
    calm = _calm_rate(table, scenario, columns, fixed, notes)
    for theatre, share in _theatres(result, scenario, len(calm), notes).items():
        columns[f"theatres.{theatre}.attacks_per_day"] = share * calm
    if "branching_ratio" in table:
        columns["attacks.branching_ratio"] = table["branching_ratio"]
        columns["attacks.decay_days"] = table["decay_days"]
    else:
        fixed["attacks.branching_ratio"] = 0.0
    for name in [name.removeprefix("factor_") for name in names if name.startswith("factor_")]:
        if scenario is None or name in scenario.scenario.suppressions:
            columns[f"suppressions.{name}.factor"] = table[f"factor_{name}"]
        else:
            notes.append(f"the scenario has no suppressions.{name}, so its factor is left out")
    rows = np.column_stack(list(columns.values()))
    allowed = np.all([_allowed(key, values) for key, values in columns.items()], axis=0)
    if not allowed[0]:
        outside = [key for key, values in columns.items() if not _allowed(key, values)[0]]
        raise DataError(tuple(f"no fit.toml: {key} would be {columns[key][0]:.3g}, more than a scenario allows"
                              for key in outside))
    if (left := int((~allowed[1:]).sum())):
        notes.append(f"{left} of {len(rows) - 1} draws lie outside what a scenario allows and are left out")
    harm = scenario_keys(result.severity) if result.severity is not None else {}
    return Keys(dict(zip(columns, map(float, rows[0]), strict=True)), rows[1:][allowed[1:]], fixed,
                {key: _within(key, own) for key, own in harm.items()}, tuple(notes))


def _within(key: str, own: Estimate) -> Estimate:
    """Return an estimate within what a scenario allows."""
    extra = _numeric(key)
    low, high = extra["above"] or extra["at_least"], extra["at_most"]
    return Estimate(*(min(max(value, low), high) for value in (own.estimate, own.low, own.high)))


def _calm_rate(table: dict[str, Floats], scenario: ScenarioFile | None, columns: dict[str, Floats],
               fixed: dict[str, float], notes: list[str]) -> Floats:
    """Return the background under low tension; what the record says about tension goes into the columns."""
    if "high_multiplier" in table:  # Markov-modulated
        columns["tension.high_multiplier"] = table["high_multiplier"]
        columns["tension.mean_low_days"] = table["mean_low_days"]
        columns["tension.mean_high_days"] = table["mean_high_days"]
        return table["rate_low"]
    if "rate_low" in table and "rate_high" in table:
        columns["tension.high_multiplier"] = table["rate_high"] / table["rate_low"]
    if "rate_high" in table and "rate_low" not in table:
        multiplier = _multiplier(scenario)
        fixed["tension.high_multiplier"] = multiplier
        notes.append(f"the record has no time of low tension: attacks_per_day is the rate under high tension over a "
                     f"tension.high_multiplier of {multiplier:g}, which is not fitted")
        return table["rate_high"] / multiplier
    return table.get("rate_low", table.get("rate", np.empty(0)))


def _multiplier(scenario: ScenarioFile | None) -> float:
    tension = scenario.scenario.tension if scenario is not None and scenario.scenario.tension else Tension()
    return float(np.mean(extremes(tension.high_multiplier)))


def _theatres(result: Calibration, scenario: ScenarioFile | None, size: int, notes: list[str]) -> dict[str, Floats]:
    """Return each theatre's share of the attacks: the best one first, then as many draws as there are rows."""
    known = {_name(place): share for place, share in shares(result.record).items()}
    theatres = list(scenario.scenario.theatres) if scenario is not None else list(known)
    if not known and scenario is None:
        notes.append("the data name no places, so no theatre's attacks_per_day is given")
        return {}
    if not known:
        notes.append("the data name no places: theatres share the attacks as in the scenario")
        rates = np.array([np.mean(extremes(theatre.attacks_per_day)) for theatre in _of(scenario).theatres.values()])
        parts = rates / rates.sum() if rates.sum() > 0 else np.full(len(rates), 1 / len(rates))
        return {name: np.full(size, part) for name, part in zip(theatres, parts, strict=True)}
    met = [name for name in theatres if name in known]
    if others := [name for name in known if name not in met]:
        notes.append(f"attacks in {', '.join(others)} are shared out among the theatres")
    counts = np.array([known[name][1] for name in met])
    drawn = np.random.default_rng(1).dirichlet(counts + 0.5, size - 1)
    return dict(zip(met, np.vstack([counts / counts.sum(), drawn]).T, strict=True))


def _of(scenario: ScenarioFile | None) -> Scenario:
    assert scenario is not None
    return scenario.scenario


def refuse_other_places(record: Record, scenario: ScenarioFile) -> None:
    """Refuse a record none of whose places is a theatre of a scenario.

    Raises
    ------
    DataError
        With both lists of names.
    """
    places, theatres = [_name(place) for place in shares(record)], list(scenario.scenario.theatres)
    if places and not set(places) & set(theatres):
        raise DataError((f"{record.path.name}: its places ({', '.join(places)}) are no theatres of the scenario "
                         f"({', '.join(theatres)})",))


def _name(place: str) -> str:
    """Return a place's name as a scenario would write it."""
    return "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in place.lower()).split())


def _numeric(key: str) -> dict[str, Any]:
    spot = spot_at(tuple(key.split(".")))
    assert spot is not None
    assert spot.numeric is not None
    return spot.numeric


def _allowed(key: str, values: Floats) -> Floats:
    return np.array([within(float(value), _numeric(key)) for value in values])


def refuse_unnameable(file: ScenarioFile) -> None:
    """Refuse a scenario that a file cannot extend: one with a name, or in a folder, that is not UTF-8."""
    try:
        str(file.path and file.path.absolute()).encode()
    except UnicodeEncodeError:
        raise DataError((f"{file.path} has a name that is not UTF-8, so fit.toml cannot extend it; rename it or the "
                         "folder that it lies in",)) from None


def text(folder: Path, result: Calibration, keys: Keys, scenario: ScenarioFile | None) -> str:
    """Return the file for a folder: it extends the scenario, or is to be extended if there is none."""
    return "\n".join(_lines(folder, result, keys, scenario)) + "\n"


def _lines(folder: Path, result: Calibration, keys: Keys, scenario: ScenarioFile | None) -> Iterator[str]:
    label = result.best_fit.model.label
    hashes = ", ".join(f"{name} (sha256 {digest[:12]})" for name, digest in result.record.files)
    yield f"# The attack process as fitted to {hashes}:"
    yield f"# {label}. Parameters are drawn together, row by row, in proportion to the likelihood."
    for note in (*keys.notes, *result.warnings):
        yield f"# Note: {note}"
    if scenario is None or scenario.path is None:
        yield '# To use it, give a scenario file the first line: extends = "fit.toml"; or fit with --scenario.'
    else:
        yield f"\nextends = {toml(_named(scenario.path, folder))}"
        yield f"title = {toml(f'{scenario.scenario.title or scenario.name}, attacks as fitted'[:200])}"
    tables: dict[str, list[str]] = {}
    for key, value in {**keys.fixed, **keys.best}.items():
        table, _, last = key.rpartition(".")
        tables.setdefault(table, []).append(f"{last} = {_digits(value)}")
    if keys.harm:
        tables["casualties"] = [f"{key.removeprefix('casualties.')} = {_spread(own)}" for key, own in keys.harm.items()]
    for table, lines in tables.items():
        yield "\n".join([f"\n[{table}]", *lines])
    if keys.best:
        yield f"\n[joint.{JOINT}]"
        yield f"keys = [{', '.join(toml(key) for key in keys.best)}]"
        yield "rows = ["
        yield from (f"  [{', '.join(map(_digits, row))}]," for row in keys.rows.tolist())
        yield "]"
    yield "\n[sources]"
    yield from (f'"{key}" = {toml(f"derived: fitted to {hashes}, {label.lower()}")}' for key in keys.best)
    yield from (f'"{key}" = {toml(f"derived: from {hashes}, over its 90 % interval")}' for key in keys.harm)
    yield from (f'"{key}" = {toml(f"derived: goes with the fit to {hashes}")}' for key in keys.fixed)


def _named(path: Path, folder: Path) -> str:
    """Return what a file in a folder calls a scenario: one that comes with the program by its name, else its path."""
    if SCENARIOS.has(path):
        return path.name
    try:
        return Path(os.path.relpath(path.absolute(), folder.absolute())).as_posix()
    except ValueError:  # another drive
        return path.absolute().as_posix()


def _spread(own: Estimate) -> str:
    if own.low >= own.high:
        return _digits(own.estimate)
    low, mode, high = map(_digits, (own.low, own.estimate, own.high))
    return f'{{ dist = "triangular", low = {low}, mode = {mode}, high = {high} }}'


def _digits(value: float) -> str:
    return f"{value:.6g}" if value else "0.0"
