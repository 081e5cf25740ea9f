"""A scenario that was read back from results, which keep its values but not the files that gave them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.scenario.keys import dotted, spot_at, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import ScenarioFile
from sim.scenario.merge import Origin, parse_source
from sim.scenario.overrides import Change
from sim.scenario.schema import Scenario


def remembered(name: str, path: Path | None, scenario: Scenario, changes: Sequence[Change] = ()) -> ScenarioFile:
    """Return a scenario of results as one that was loaded.

    Where its values come from is told as far as its sources and the schema know; a value that equals the default counts
    as the default.
    """
    file = str(path or name)
    origins = {dotted(key): _origin(file, scenario, key, value) for key, value in values(scenario)}
    return ScenarioFile(name, path, scenario, origins, tuple(changes))


def _origin(file: str, scenario: Scenario, path: KeyPath, value: Any) -> Origin:
    """Return the origin of a value, with the mark and source of its own or of a table around it."""
    spot = spot_at(path)
    if spot is None or spot.kind is str:
        return Origin(file, None, "", "")
    if said := parse_source(scenario.sources.get(dotted(path))):
        return Origin(file, None, *said)
    if spot.numeric and spot.field is not None and value == spot.field.default:
        return Origin("default", None, str(spot.numeric["mark"]), str(spot.numeric["source"]))
    around = (parse_source(scenario.sources.get(dotted(path[:n]))) for n in range(len(path) - 1, 0, -1))
    return Origin(file, None, *next(filter(None, around), ("assumed", "")))
