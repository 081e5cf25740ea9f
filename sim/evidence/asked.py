"""What the results of a calibration, a back-test or a hindcast belong to."""

import os
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from sim.evidence.record import AttackRecord
from sim.evidence.stretches import Regimes
from sim.play.folder import Contents
from sim.play.identity import Identity, digest, identity, version_with
from sim.scenario.load import ScenarioFile

CALIBRATION = Contents("run.json", "scenario", "calibration")
BACKTEST = Contents("run.json", "scenario", "backtest")
HINDCAST = Contents("run.json", "scenario", "hindcast")

Out = str | os.PathLike[str] | Callable[[Identity], Path]
"""A folder for results, or a function that returns one, given what the results belong to."""


def asked_of(
    record: AttackRecord, regimes: Regimes | None, file: ScenarioFile | None, seed: int, **more: Any
) -> Identity:
    """Return what results belong to: the data as read, the regimes, the scenario, and everything else asked for."""
    content = {
        "data": dict(record.files), "record": digest(_plain(record)), "regimes": _plain(regimes),
        "scenario": None if file is None else {"file": str(file.path), **identity(file, seed).scenario},
        **{key: _plain(value) for key, value in more.items()}}
    return Identity(content, seed, version_with("sim.evidence"))


def _plain(value: Any) -> Any:
    """Return data fit for JSON: an array as a hash of its bytes, a path as its name alone."""
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, np.ndarray):
        return digest([str(value.dtype), list(value.shape), value.tobytes().hex()])
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, Path):
        return value.name
    return value.isoformat() if isinstance(value, date) else value
