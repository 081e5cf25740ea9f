"""Checks of names that are written as texts: theatres and sites, keys drawn together, and keys with a source."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from sim.scenario.build import Fault
from sim.scenario.errors import shown, suggest
from sim.scenario.fields import MARKS, Distribution, Uniform, allowed_text, plain, within
from sim.scenario.keys import dotted, look_up, spot_at, undotted, values
from sim.scenario.lines import KeyPath
from sim.scenario.merge import parse_source
from sim.scenario.precision import WISHES
from sim.scenario.schema import Joint, Scenario


def names(path: KeyPath, listed: list[str], home: KeyPath, allowed: dict[str, Any]) -> Iterator[Fault]:
    """Find names in a list that are not in a table, or are listed twice; ``home`` is the path of the table."""
    seen: set[str] = set()
    what = str(home[-1]).removesuffix("s")
    for i, name in enumerate(listed):
        if name not in allowed:
            yield Fault((*path, i), f"there is no {what} {name}; {suggest(name, allowed)}", ((*home, name),))
        if name in seen:
            yield Fault((*path, i), f"the {what} {name} is listed twice; once is enough")
        seen.add(name)


def joint(s: Scenario) -> Iterator[Fault]:
    """Find errors in the tables of values drawn together."""
    numbers = cache(lambda: [dotted(p) for p, v in values(s) if isinstance(v, float) and p[0] not in WISHES])
    taken: dict[str, str] = {}
    for name, table in s.joint.items():
        for i, key in enumerate(table.keys):
            path = ("joint", name, "keys", i)
            message = _not_drawable(s, key, numbers)
            if message:
                yield Fault(path, message, (_path(key) or path,))
            elif key in taken:
                yield Fault(path, f"{key} is drawn in joint.{taken[key]} already; a key can be drawn only once")
            taken[key] = name
        yield from _rows(("joint", name, "rows"), table)


def _not_drawable(s: Scenario, key: str, numbers: Callable[[], list[str]]) -> str:
    """Say why a key cannot be drawn together with others; empty if it can."""
    path = _path(key)
    spot = spot_at(path) if path else None
    value = look_up(s, path) if path else None
    if spot is not None and (spot.numeric is None or spot.is_count):
        return f"{key} is not a number that can be uncertain; leave it out"
    if spot is None:
        return f"there is no number {key}; {_nearest(key, numbers(), 'a key is written like attacks.elasticity')}"
    if isinstance(value, Distribution):
        return f"{key} is a distribution already; a key drawn jointly must be a plain number"
    if value is None:
        return f"{key} is not given in this scenario; a key drawn jointly must have a value"
    return ""


def _rows(path: KeyPath, table: Joint) -> Iterator[Fault]:
    spots = [spot_at(_path(key)) for key in table.keys]
    for i, row in enumerate(table.rows):
        if len(row) != len(table.keys):
            yield Fault((*path, i), f"must have {len(table.keys)} values, one for each key, not {len(row)}",
                        ((*path[:-1], "keys"),))
            continue
        for j, (key, spot, value) in enumerate(zip(table.keys, spots, row, strict=True)):
            extra = spot.numeric if spot is not None else None
            if extra is not None and not within(value, extra):
                yield Fault((*path, i, j), f"{key} must be {allowed_text(extra)}, not {plain(value)}")


def with_joint_ranges(s: Scenario) -> Scenario:
    """Return the scenario with the whole range for each key drawn together with others, for checks of what can happen.

    Values out of bounds are reported separately; the other checks can ignore them.
    """
    for table in s.joint.values():
        for i, key in enumerate(table.keys):
            path = _path(key)
            column = [row[i] for row in table.rows if len(row) == len(table.keys) and _is_possible(path, row[i])]
            if column and min(column) < max(column) and isinstance(look_up(s, path), float):
                s = _put(s, path, Uniform(dist="uniform", low=min(column), high=max(column)))
            elif column and isinstance(look_up(s, path), float):
                s = _put(s, path, column[0])
    return s


def by_rows(ranged: Scenario, name: str) -> Iterator[Scenario]:
    """Yield a scenario for each row of a joint table, with the numbers of that row instead of the ranges."""
    table = ranged.joint[name]
    paths = [_path(key) for key in table.keys]
    paths = [path if path and isinstance(look_up(ranged, path), float | Uniform) else () for path in paths]
    for row in table.rows:
        with_row = ranged
        for path, value in zip(paths, row, strict=False):
            if path and _is_possible(path, value):
                with_row = _put(with_row, path, value)
        yield with_row


def _is_possible(path: KeyPath, value: float) -> bool:
    spot = spot_at(path)
    return spot is not None and spot.numeric is not None and within(value, spot.numeric)


def _put(table: Any, path: KeyPath, value: Any) -> Any:
    if not path:
        return value
    part = str(path[0])
    if isinstance(table, dict):
        return {**table, part: _put(table[part], path[1:], value)}
    return table.model_copy(update={part: _put(getattr(table, part), path[1:], value)})


def sources(s: Scenario) -> Iterator[Fault]:
    """Find sources of keys that do not exist, or that are not written ``mark: source``."""
    keys = cache(lambda: list(dict.fromkeys(dotted(p[:n]) for p, _ in values(s) if p[0] not in ("sources", *WISHES)
                                             for n in range(1, len(p) + 1))))
    for key, text in s.sources.items():
        path = _path(key)
        if path[:1] and path[0] in WISHES:
            yield Fault(("sources", key), f"[{path[0]}] says what is wanted and has no source; leave this out")
        elif not _exists(s, path):
            yield Fault(("sources", key),
                        f"there is no such key; {_nearest(key, keys(), 'a key is written like attacks.elasticity')}",
                        (path,))
        if parse_source(text) is None:
            yield Fault(("sources", key), f'must be written "mark: source" with one of the marks {", ".join(MARKS)}, '
                        f"not {shown(text)}")


def _exists(s: Scenario, path: KeyPath) -> bool:
    """Whether a path is in the schema, and the names in it are in this scenario."""
    if not path or spot_at(path) is None:
        return False
    for n, part in enumerate(path):
        table = look_up(s, path[:n])
        if isinstance(table, dict) and part not in table:
            return False
    return True


def _nearest(key: str, allowed: list[str], otherwise: str) -> str:
    advice = suggest(key, allowed)
    return advice if advice.startswith("did you mean") else otherwise


def _path(key: str) -> KeyPath:
    try:
        return undotted(key)
    except ValueError:
        return ()
