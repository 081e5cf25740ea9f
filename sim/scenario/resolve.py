"""Writes the complete scenario: as a scenario file with the origin of each value, or as plain data."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from pydantic import BaseModel

from sim.scenario.fields import Uniform
from sim.scenario.harmless import printable
from sim.scenario.held import Held, held_fixed
from sim.scenario.keys import dotted, look_up, quoted, spot_at
from sim.scenario.lines import KeyPath
from sim.scenario.load import ScenarioFile
from sim.scenario.modes import as_written
from sim.scenario.places import EXECUTION, RECORD, Phase
from sim.scenario.schema import Scenario


def as_data(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as plain data for JSON: dates as ISO texts, without the keys left out."""
    return as_written(scenario.model_dump(mode="json", exclude_none=True))


def resolve_text(file: ScenarioFile) -> str:
    """Return the complete scenario as a scenario file, which gives the same scenario when it is loaded.

    Each value is followed by a comment with the place where it was set, its mark and its source. A number held fixed
    though assumed or estimated says so, with a distribution over its range if the schema suggests one. Keys left out
    that have no default are written as comments.
    """
    return "\n".join(line for _, line in resolve_lines(file)).lstrip("\n") + "\n"


def resolve_lines(file: ScenarioFile) -> Iterator[tuple[KeyPath, str]]:
    """Yield the lines of `resolve_text`, those of a value with its path, others with that of their table."""
    held = {number.key: number for number in held_fixed(file)}
    yield from _table(file, held, (), file.scenario)


def _table(file: ScenarioFile, held: dict[str, Held], path: KeyPath, table: Any) -> Iterator[tuple[KeyPath, str]]:
    """Yield the lines of a table: first its values, then the tables in it, as TOML requires."""
    entries = table.items() if isinstance(table, dict) else ((key, getattr(table, key)) for key in _keys(table))
    inner: list[tuple[KeyPath, Any]] = []
    lines: list[tuple[KeyPath, str]] = []
    for key, value in entries:
        here = (*path, key)
        spot = spot_at(here)
        if spot is not None and spot.is_table:
            inner.append((here, value))
        else:
            lines.append((here, _line(file, held, here, value)))
    if lines and path:
        yield path, f"\n[{dotted(path)}]"
    yield from lines
    for here, value in inner:
        if value is None:
            yield here, f"\n# [{dotted(here)}] is not given: {_description(here)}"
        else:
            yield from _table(file, held, here, value)


def _line(file: ScenarioFile, held: dict[str, Held], path: KeyPath, value: Any) -> str:
    key = dotted(path[-1:])
    if value is None:
        return f"# {key} is {_instead(file, path)}: {_description(path)}"
    origin = file.origins[dotted(path)]
    fixed = _fixed(held[dotted(path)]) if dotted(path) in held else ""
    comment = "; ".join(part for part in (str(origin), origin.mark, origin.source, fixed) if part)
    return f"{key} = {toml(value)}  # {printable(comment)}"


def _instead(file: ScenarioFile, path: KeyPath) -> str:
    """Say what stands for a value that is not given."""
    phase = look_up(file.scenario, path[:-1])
    if path[-1] in EXECUTION and isinstance(phase, Phase) and phase.kind is not None:
        return f"drawn for plans of kind {phase.kind} (derived; {RECORD})"
    return "not given"


def _fixed(number: Held) -> str:
    if number.span is None:
        return "held fixed"
    low, high = number.span
    return f"held fixed, could be {toml(Uniform(dist='uniform', low=low, high=high))}"


def _description(path: KeyPath) -> str:
    spot = spot_at(path)
    return (spot.field.description or "") if spot is not None and spot.field else ""


def _keys(table: BaseModel) -> list[str]:
    return list(type(table).model_fields)


def unquoted(value: Any) -> str:
    """Write a value of a scenario as TOML, but text without its quotes."""
    return value if isinstance(value, str) else toml(value)


def toml(value: Any) -> str:
    """Write a value of a scenario as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        value = {key: part for key in _keys(value) if (part := getattr(value, key)) is not None}
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{dotted((key,))} = {toml(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list) and value and isinstance(value[0], list | BaseModel):
        return "[\n" + "".join(f"  {toml(part)},\n" for part in value) + "]"
    return "[" + ", ".join(toml(part) for part in value) + "]" if isinstance(value, list) else str(value)
