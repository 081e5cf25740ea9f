"""What results belong to: a scenario or another question, a seed, a version. The same identity gives the same bits."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from sim.scenario.load import ScenarioFile
from sim.scenario.precision import WISHES
from sim.scenario.resolve import as_data
from sim.scenario.schema import Scenario

RULES = ("sim.rules", "sim.model")
"""The packages that decide what a replication gives. The clocks only carry them out."""


@dataclass(frozen=True)
class Identity:
    """What results belong to: a scenario or another question, but not how many replications are played."""

    scenario: dict[str, Any]
    seed: int
    rules: str

    @property
    def hash(self) -> str:
        """A short hash of all three."""
        return digest({"scenario": self.scenario, "seed": self.seed, "rules": self.rules})[:8]

    def differences(self, other: "Identity") -> list[str]:
        """Say how another identity, ``there``, differs from this one; nothing if it does not."""
        differences = [*_differences(other.scenario, self.scenario)]
        if other.seed != self.seed:
            differences.append(f"seed {other.seed}, not {self.seed}")
        if other.rules != self.rules:
            differences.append("another version of the rules")
        return differences


def identity(file: ScenarioFile, seed: int) -> Identity:
    """Return the identity of the results of a scenario and seed, whatever is wanted of them (`WISHES`)."""
    return identity_of(file.scenario, seed)


def identity_of(scenario: Scenario, seed: int) -> Identity:
    """Return the same for a scenario without a file."""
    data = {key: value for key, value in as_data(scenario).items() if key not in WISHES}
    return Identity(data, seed, rules_version())


def rules_version() -> str:
    """Return a hash of the source of the rules, the same on every system."""
    return version_with()


def version_with(*packages: str) -> str:
    """Return a hash of the source of the rules and of packages that process what they give."""
    return digest([_sources(package) for package in (*RULES, *packages)])[:12]


def _sources(package: str) -> dict[str, str]:
    return {entry.name: entry.read_text(encoding="utf-8").replace("\r\n", "\n")
            for entry in files(package).iterdir() if entry.name.endswith((".py", ".toml"))}


def digest(data: Any) -> str:
    """Return a hash of plain data."""
    return sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


def default_folder(file: ScenarioFile, seed: int) -> Path:
    """Return the folder for the results of a scenario: ``results/NAME/HASH``."""
    return Path("results", file.name, identity(file, seed).hash)


def _differences(there: Any, here: Any, key: str = "") -> Iterator[str]:
    if isinstance(there, dict) and isinstance(here, dict):
        for part in [*there, *(part for part in here if part not in there)]:
            yield from _differences(there.get(part), here.get(part), f"{key}.{part}" if key else part)
    elif there != here:
        yield f"{key} is {_text(there)} there, {_text(here)} here"


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = "not given" if value is None else json.dumps(value, ensure_ascii=False)
    if len(text) <= 50:
        return text
    return f'{text[:46]}..."' if text.startswith('"') else f"{text[:47]}..."
