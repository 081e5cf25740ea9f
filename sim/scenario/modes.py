"""The table of lift: ``[lift]`` alone is one mode, called lift; every ``[lift.NAME]`` is another.

Inside the program each mode has a name, so that ``lift.per_week`` of a file stands at the path lift, lift, per_week.
Files, options and messages know the short form only.
"""

from collections.abc import Mapping
from typing import Any

from sim.scenario.lines import KeyPath
from sim.scenario.places import Mode

LIFT = "lift"
OWN: KeyPath = (LIFT, LIFT)
"""The path of the mode that is written as ``[lift]`` itself."""


def placed(path: KeyPath) -> KeyPath:
    """Return where a key that is written as ``lift.per_week`` stands; any other path as it is."""
    return (*OWN, *path[1:]) if len(path) > 1 and path[0] == LIFT and path[1] in Mode.model_fields else path


def written(path: KeyPath) -> KeyPath:
    """Return how a path is written in a file; undoes `placed`."""
    return path[1:] if path[:2] == OWN else path


def named(lift: Any) -> Any:
    """Return a table ``lift`` as it is written, with the keys of its own under the name of a mode.

    A table that is empty is a mode with all defaults.
    """
    if not isinstance(lift, dict):
        return {LIFT: lift}
    modes = {key: value for key, value in lift.items() if key == "remove" or _is_mode(key, value)}
    own = {key: value for key, value in lift.items() if key not in modes}
    if own or not lift:
        modes[LIFT] = {**modes.get(LIFT, {}), **own}
    return modes


def _is_mode(key: str, value: Any) -> bool:
    return isinstance(value, dict) and key not in Mode.model_fields and "dist" not in value


def as_written(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scenario as plain data with the keys of ``[lift]`` where a file has them; undoes `named`."""
    lift = data.get(LIFT)
    if not isinstance(lift, Mapping) or LIFT not in lift:
        return dict(data)
    return {**data, LIFT: {**lift[LIFT], **{name: mode for name, mode in lift.items() if name != LIFT}}}


def as_placed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scenario as plain data with each mode of lift under its name; undoes `as_written`."""
    return {**data, LIFT: named(data[LIFT])} if LIFT in data else dict(data)


def in_order(lift: Mapping[str, Mode] | None) -> dict[str, Mode]:
    """Return the modes by name in the order of their numbers: that of ``[lift]`` itself first, then as in the file."""
    modes = dict(lift or {})
    return {name: modes[name] for name in sorted(modes, key=lambda name: name != LIFT)}
