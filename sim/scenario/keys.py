"""Dotted keys, and what the schema says about each: table or value, unit, bounds, mark and source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property, lru_cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sim.scenario.fields import Table
from sim.scenario.lines import BARE, DEEPEST, KeyPath, name_of, tokens
from sim.scenario.modes import placed, written
from sim.scenario.schema import Scenario


def quoted(text: str) -> str:
    """Return a text as a TOML string in double quotes."""
    named = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return '"' + "".join(named.get(c) or (c if c.isprintable() else f"\\U{ord(c):08x}") for c in text) + '"'


@lru_cache(maxsize=16384)
def dotted(path: KeyPath) -> str:
    """Write a path as a dotted key, ``theatres.iraq.troops``; the second item of a list as ``[2]``."""
    text = ""
    for part in written(path):
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += ("." if text else "") + (part if BARE.fullmatch(part) else quoted(part))
    return text


def undotted(text: str) -> KeyPath:
    """Read a dotted key; ValueError if it is not one."""
    parts = [piece for piece, _ in tokens(text)]
    if len(parts) % 2 == 0 or len(parts) > 2 * DEEPEST or any(dot != "." for dot in parts[1::2]):
        raise ValueError(text)
    return placed(tuple(name_of(part) for part in parts[::2]))


@dataclass(frozen=True)
class Spot:
    """What the schema has at a path: the type there, and the field that declares it."""

    kind: Any
    field: FieldInfo | None = None

    @cached_property
    def table(self) -> type[Table] | None:
        """The table here, if there is one."""
        return self.kind if isinstance(self.kind, type) and issubclass(self.kind, Table) else None

    @cached_property
    def is_table(self) -> bool:
        """Whether this is a table (of the schema, or of freely named entries) and not a value."""
        return self.table is not None or get_origin(self.kind) is dict

    @cached_property
    def numeric(self) -> dict[str, Any] | None:
        """Unit, bounds, mark and source, if this is a number that may be a distribution."""
        return None if self.is_table else self._said

    @property
    def has_numbers(self) -> bool:
        """Whether this is a table of freely named numbers."""
        return self.is_table and self._said is not None

    @property
    def _said(self) -> dict[str, Any] | None:
        extra = self.field.json_schema_extra if self.field else None
        return extra if isinstance(extra, dict) and "at_least" in extra else None

    @property
    def is_count(self) -> bool:
        """Whether this is a whole number."""
        return self.kind is int or bool(self.numeric and self.numeric["whole"])

    @property
    def is_date(self) -> bool:
        """Whether this is a date."""
        return self.kind is date or self.is_day

    @property
    def day(self) -> dict[str, Any] | None:
        """What the schema says, if this is a date that may be a distribution."""
        extra = self.field.json_schema_extra if self.field else None
        return extra if isinstance(extra, dict) and "day" in extra else None

    @property
    def is_day(self) -> bool:
        """Whether this is a date that may be a distribution."""
        return self.day is not None

    @property
    def span(self) -> tuple[float, float] | None:
        """The range over which to vary a number, if the schema gives one."""
        extra = self.field.json_schema_extra if self.field else None
        ends: Any = extra.get("span") if isinstance(extra, dict) else None
        return (ends[0], ends[1]) if ends else None


@cache
def _fields(table: type[Table]) -> dict[str | int, Spot]:
    return {name: Spot(_not_none(field.annotation), field) for name, field in table.model_fields.items()}


@lru_cache(maxsize=4096)
def spot_at(path: KeyPath, root: type[Table] = Scenario) -> Spot | None:
    """Look up a path in the schema of scenarios, or in another schema; None if there is nothing."""
    if not path:
        return Spot(root)
    parent, part = spot_at(path[:-1], root), path[-1]
    if parent is None:
        return None
    if parent.table is not None:
        return _fields(parent.table).get(part)
    if get_origin(parent.kind) is dict and isinstance(part, str):
        return Spot(get_args(parent.kind)[1], parent.field if parent.has_numbers else None)
    if get_origin(parent.kind) is list and isinstance(part, int):
        return Spot(get_args(parent.kind)[0])
    return None


def general(path: KeyPath) -> str:
    """Write a key with NAME in place of names that a file chooses, ``theatres.NAME.troops``."""
    return dotted(tuple("NAME" if _is_named(path[:i]) else part for i, part in enumerate(path)))


def is_weight(path: KeyPath) -> bool:
    """Whether a number has a meaning only relative to others of its kind."""
    return str(path[-1]).endswith("weight") and "NAME" in general(path)


def _is_named(path: KeyPath) -> bool:
    """Whether there is a table of freely named entries at a path."""
    spot = spot_at(path)
    return spot is not None and get_origin(spot.kind) is dict


def _not_none(kind: Any) -> Any:
    """Return T for ``T | None``, and any other type as it is."""
    parts = [part for part in get_args(kind) if part is not NoneType]
    return parts[0] if get_origin(kind) in (Union, UnionType) and len(parts) == 1 else kind


def values(table: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every value of a scenario, or of the part at ``path``, with its path, in the schema's order.

    A distribution or a list is one value. A value or table that was left out is None.
    """
    for part, value in _entries(table):
        here = (*path, part)
        spot = spot_at(here)
        if spot is not None and spot.is_table and value is not None:
            yield from values(value, here)
        else:
            yield here, value


def _entries(table: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(table, dict):
        yield from table.items()
    else:
        for name in type(table).model_fields:
            yield name, getattr(table, name)


def copied(value: Any) -> Any:
    """Copy plain tables and lists with their contents."""
    if isinstance(value, dict):
        return {key: copied(inner) for key, inner in value.items()}
    return [copied(inner) for inner in value] if isinstance(value, list) else value


def plain_data(value: Any) -> Any:
    """Return a value from Python as a TOML parser would return it: copies of tables, lists and single values.

    Models become tables without the keys left out; NumPy numbers and arrays become numbers and lists.
    """
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_none=True)
    elif hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): plain_data(inner) for key, inner in value.items()}
    return [plain_data(inner) for inner in value] if isinstance(value, list | tuple) else value


def look_up(table: Any, path: KeyPath) -> Any:
    """Return the value at a path of a scenario; None if there is none."""
    for part in path:
        table = table.get(part) if isinstance(table, dict) else getattr(table, str(part), None)
    return table
