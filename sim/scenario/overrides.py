"""Overrides: each key that is set, with its value, becomes a layer on top of the files.

They come from the command line as texts, ``attacks.elasticity=0.3``, or from Python as values by dotted key.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sim.scenario.errors import OVERRIDE, Problem, ScenarioError, shown
from sim.scenario.harmless import printable
from sim.scenario.keys import plain_data, undotted
from sim.scenario.lines import DEEPEST, KeyPath, tokens, too_deep
from sim.scenario.modes import LIFT, as_written
from sim.scenario.read import Layer

Overrides = Iterable[str] | Mapping[str, Any]
"""Texts such as ``attacks.elasticity=0.3``, or values by dotted key."""
Setting = tuple[KeyPath, Any]
"""A key and its new value."""
LONGEST = 100
"""The most characters of a removed value that are shown."""


@dataclass(frozen=True)
class Change:
    """What an override changed: the key, its old value (that of the complete scenario) and its new one."""

    key: str
    old: Any
    new: Any

    def __str__(self) -> str:
        """Return ``key: old -> new``; if a long value was removed, only that."""
        old, new = (_text(_as_written(self.key, value)) for value in (self.old, self.new))
        if self.new is None and len(old) > LONGEST:
            return printable(f"{self.key}: removed")
        return printable(f"{self.key}: {old} -> {new}")


def _as_written(key: str, value: Any) -> Any:
    """Return a value as a file has it."""
    return as_written({key: plain_data(value)})[key] if key == LIFT else value


def _text(value: Any) -> str:
    if hasattr(value, "model_dump"):
        value = value.model_dump(exclude_none=True)
    if value is None:
        return "none"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_text(part)}" for key, part in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_text(part) for part in value) + "]"
    return shown(value)


def parse_override(text: str) -> Setting:
    """Read ``KEY=VALUE``; a value that is not TOML is read as text.

    Raises
    ------
    ScenarioError
        The text has no key or no value, or is nested too deeply.
    """
    key, equals, value = text.partition("=")
    key, value = key.strip(), value.strip()
    if not equals or not key or not value:
        raise _error(text, "must be written KEY=VALUE, e.g. attacks.elasticity=0.3")
    if any("\ud800" <= c <= "\udfff" for c in text):  # how Python represents invalid bytes
        raise _error(key, "is not in UTF-8; write it in a terminal that is set to UTF-8, or into a file")
    if too_deep(tokens(key)) or too_deep(tokens(value)):
        raise _error(key, f"is nested too deeply; at most {DEEPEST} levels")
    return _path(key), _value(key, value)


def settings(overrides: Overrides) -> tuple[list[Setting], list[Problem]]:
    """Return the keys that are set with their values, in order, and the errors in the others."""
    if isinstance(overrides, Mapping):
        reads = [partial(_setting, str(key), value) for key, value in overrides.items()]
    else:
        reads = [partial(parse_override, text) for text in overrides]
    to_set: list[Setting] = []
    problems: list[Problem] = []
    for read in reads:
        try:
            to_set.append(read())
        except ScenarioError as error:
            problems += error.problems
    return to_set, problems


def _setting(key: str, value: Any) -> Setting:
    return _path(key), plain_data(value)


def layer_of(path: KeyPath, value: Any) -> Layer:
    """Return the layer that sets one key."""
    data: dict[str, Any] = {}
    table = data
    for part in path[:-1]:
        table = table.setdefault(str(part), {})
    table[str(path[-1])] = value
    lines: dict[KeyPath, int | None] = dict.fromkeys([path[:n] for n in range(1, len(path) + 1)])
    return Layer(OVERRIDE, data, lines | dict.fromkeys(paths_in(value, path)))


def _path(key: str) -> KeyPath:
    try:
        return undotted(key)
    except ValueError:
        raise _error(key, "is not a key; a key is written like attacks.elasticity") from None


def _value(key: str, text: str) -> Any:
    try:
        data = tomllib.loads(f"value = {text}")
    except ValueError:
        if text[0] in "[{\"'":
            raise _error(key, f"{shown(text)} is not a valid TOML value") from None
        return text
    if len(data) > 1:
        raise _error(key, "must be one value")
    return data["value"]


def _error(key: str, message: str) -> ScenarioError:
    return ScenarioError((Problem(OVERRIDE, None, key, message),))


def paths_in(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the paths of everything inside a plain value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, inner in inside:
        yield (*path, part)
        yield from paths_in(inner, (*path, part))
