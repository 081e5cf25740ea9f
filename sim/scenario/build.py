"""Builds a scenario, or a file with another schema, from plain tables.

All errors of structure are found, and the valid part is built. A wrong value is removed and the schema is checked
again, so that one typing error does not hide another, or an error that shows only when values are compared. A required
value that was removed is replaced by a stand-in. No later error may depend on a stand-in: `Built.broken` lists the keys
that cannot be trusted.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.errors import MOST_TOLD, nearest
from sim.scenario.fields import DISTRIBUTIONS, AnyTable, Table
from sim.scenario.keys import copied, look_up, spot_at
from sim.scenario.lines import KeyPath
from sim.scenario.wording import distribution_of, wording

TAGS = ("number", "day", *DISTRIBUTIONS)

STAND_INS: dict[str, Any] = {
    "start": date(2000, 1, 1), "end": date(2001, 1, 1), "first_round": date(2000, 1, 1), "date": date(2000, 1, 1),
    "theatres": {"unknown": {"troops": 0}}, "theatre": "unknown", "troops": 0,
    "state": "low", "text": "", "keys": [""], "rows": [[0]],
}
"""Values that replace required keys that are missing or wrong."""


@dataclass(frozen=True)
class Fault:
    """An error at a path of a scenario; ``about`` has the other paths whose values it depends on."""

    path: KeyPath
    message: str
    about: tuple[KeyPath, ...] = ()


@dataclass
class Built(Generic[AnyTable]):
    """The valid part of a file, its faults, and the paths where values were removed or replaced."""

    made: AnyTable | None = None
    faults: list[Fault] = field(default_factory=list)
    broken: set[KeyPath] = field(default_factory=set)
    around: set[KeyPath] = field(default_factory=set)

    def distrust(self, path: KeyPath) -> None:
        """Note that the value at a path is not what the user wrote."""
        self.broken.add(path)
        self.around.update(path[:n] for n in range(1, len(path)))

    def rests_on_broken(self, fault: Fault) -> bool:
        """Whether a fault depends on a value that the user did not write."""
        paths = (fault.path, *fault.about)
        within = any(path[:n] in self.broken for path in paths for n in range(1, len(path) + 1))
        return within or any(path in self.around for path in fault.about)


def build(data: dict[str, Any], schema: type[AnyTable]) -> Built[AnyTable]:
    """Build a file with a given schema from plain tables; ``made`` is None only if no part could be built."""
    built: Built[AnyTable] = Built()
    for turn in range(6):  # removing values can empty a table or a list, which shows in the next pass
        try:
            built.made = schema.model_validate(data)
            break
        except ValidationError as error:
            all_errors = error.errors(include_url=False)
        errors = [(_path_of(e["loc"], data), e) for e in all_errors[: MOST_TOLD + 1]]
        data = copied(data) if turn == 0 else data
        suggested = {path for e in errors for path in _suggested(*e, schema)}
        for path, details in errors:
            if path not in suggested and path not in built.around and not built.rests_on_broken(Fault(path, "")):
                built.faults.append(Fault(path, wording(details, path, schema)))
        if len(all_errors) > MOST_TOLD:
            break  # no more errors would be reported
        for path, details in errors:
            built.distrust(_repair(data, path, details, schema))
        for path in suggested:
            built.distrust(path)
    return built


def _path_of(place: tuple[int | str, ...], data: Any) -> KeyPath:
    """Turn the validator's location into a path of the data, without parts that are not keys."""
    path: list[str | int] = []
    for part in place:
        if part == "[key]" or (part in TAGS and not (isinstance(data, dict) and part in data)):
            continue
        path.append(part)
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
    return tuple(path)


def _suggested(path: KeyPath, details: ErrorDetails, schema: type[Table]) -> list[KeyPath]:
    """Return the keys that an unknown key was probably meant to be, so that they are not reported as missing."""
    parent = spot_at(path[:-1], schema)
    table = parent.table or distribution_of(parent, details) if parent is not None else None
    if details["type"] != "extra_forbidden" or table is None:
        return []
    return [(*path[:-1], key) for key in nearest(str(path[-1]), table.model_fields)]


def _repair(data: dict[str, Any], path: KeyPath, details: ErrorDetails, schema: type[Table]) -> KeyPath:
    """Remove a wrong value, or insert a stand-in for a missing one; return the path where that was done."""
    owner = path if details["type"] == "extra_forbidden" and spot_at(path[:-1], schema) else _value_at_fault(
        path, schema)
    table = look_up(data, owner[:-1])
    if isinstance(table, dict) and details["type"] == "missing" and owner == path:
        table[path[-1]] = deepcopy(STAND_INS[str(path[-1])])
    elif isinstance(table, dict):
        table.pop(owner[-1], None)
    return owner


def _value_at_fault(path: KeyPath, schema: type[Table]) -> KeyPath:
    """Return the path of the whole value that contains a path: a distribution or a list."""
    for n in range(1, len(path)):
        spot = spot_at(path[:n], schema)
        if spot is not None and not spot.is_table:
            return path[:n]
    return path
