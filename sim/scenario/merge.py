"""Merges the layers of a scenario: files that extend others, then overrides.

Tables merge key by key; numbers (including distributions), texts, dates and lists replace the inherited value.
``remove = true`` in a table deletes the inherited table and keeps only what is written beside it. Removing a theatre
also removes its phases, its history, truces and modes of lift that are for it alone, and its numbers in tables of
draws; `theatres_only` does so with all theatres that it does not list. If a table may have only one of several keys,
such as the pace of a phase, a new key replaces an inherited one. The origin of each value, and what its file says about
its source, are kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from os.path import basename
from typing import Any

from sim.scenario.errors import OVERRIDE, Problem, shown, suggest
from sim.scenario.fields import MARKS, Table
from sim.scenario.keys import Spot, copied, dotted, look_up, spot_at
from sim.scenario.lines import KeyPath
from sim.scenario.modes import LIFT, OWN, named
from sim.scenario.places import PACES, TARGETS, Phase
from sim.scenario.precision import WISHES
from sim.scenario.read import Layer
from sim.scenario.violence import Suppression

ONLY = "theatres_only"
"""The key that lists the theatres to keep."""

ONE_OF: dict[type[Table], tuple[tuple[str, ...], ...]] = {
    Phase: (PACES, TARGETS), Suppression: (("end", "mean_days"),)}
"""Groups of keys of which a table has exactly one."""


@dataclass(frozen=True)
class Origin:
    """Where a value comes from.

    Attributes
    ----------
    file
        The file as shown to the user, ``default``, or ``--set`` for an override.
    line
        Line in that file, from 1; None if there is none.
    mark, source
        How certain the value is (article, reported, literature, derived, assumed), and its source; empty for texts,
        and for defaults that are not numbers.
    """

    file: str
    line: int | None
    mark: str
    source: str

    def __str__(self) -> str:
        """Return ``file:line``, or the file alone if there is no line."""
        return basename(self.file) if self.line is None else f"{basename(self.file)}:{self.line}"


def parse_source(text: Any) -> tuple[str, str] | None:
    """Split ``mark: source`` into its two parts; None if it has another form, or an unknown mark."""
    mark, _, source = str(text).partition(":")
    return (mark, source.strip()) if mark in MARKS and source.strip() and isinstance(text, str) else None


class Stack:
    """Layers merged so far.

    Attributes
    ----------
    data
        The merged plain tables.
    origins
        Origin of each table and value, by path.
    lists
        The layer that each list comes from, by path.
    problems
        Errors found while merging.
    gone
        What was removed together with theatres by the last layer.
    """

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.origins: dict[KeyPath, Origin] = {}
        self.lists: dict[KeyPath, Layer] = {}
        self.problems: list[Problem] = []
        self.gone: list[KeyPath] = []
        self._taken: set[KeyPath] = set()

    def copy(self) -> "Stack":
        """Return a copy to which layers can be added without changing this one."""
        other = Stack()
        other.data, other.problems = copied(self.data), list(self.problems)
        other.origins, other.lists = dict(self.origins), dict(self.lists)
        other._taken = set(self._taken)
        return other

    def place(self, path: KeyPath) -> Origin | None:
        """Return the origin of a table, a value, or an item of a list."""
        if path in self.origins:
            return self.origins[path]
        names = tuple(takewhile(lambda part: isinstance(part, str), path))
        layer = self.lists.get(names)
        return Origin(layer.file, layer.lines[path], "", "") if layer is not None and path in layer.lines else None

    def lay(self, layer: Layer) -> None:
        """Put a layer on top."""
        layer = _with_named_modes(layer)
        replaced: set[KeyPath] = set()
        data = copied(layer.data)
        left_out = self._left_out(data, layer)
        theatres = {name for name, table in _table(data, "theatres").items()
                    if table == {"remove": True} and name in _table(self.data, "theatres")}
        stated = copied(data)
        self._merge(self.data, data, (), layer, replaced)
        self.gone = [*left_out, *self._take_along(theatres, stated)]
        self._taken.update(self.gone)
        replaced.update(self.gone)
        lengths = {len(path) for path in replaced}
        self.origins = {path: origin for path, origin in self.origins.items()
                        if not any(path[:n] in replaced for n in lengths)}
        self._note_origins(layer)

    def _left_out(self, data: dict[str, Any], layer: Layer) -> list[KeyPath]:
        """Have a layer remove the theatres that its ``theatres_only`` does not list; return their paths."""
        if ONLY not in data:
            return []
        listed, inherited, own = data.pop(ONLY), _table(self.data, "theatres"), _table(data, "theatres")
        if not isinstance(listed, list) or not listed or not all(isinstance(name, str) for name in listed):
            example, wrong = next(iter([*inherited, *own]), "iraq"), shown(listed) if listed != [] else "an empty one"
            self._wrong(layer, (ONLY,), f'must be a list of theatres, such as ["{example}"], not {wrong}')
            return []
        for i, name in enumerate(listed):
            if name not in inherited and name not in own:
                self._wrong(layer, (ONLY, i), f"there is no theatre {name}; {suggest(name, [*inherited, *own])}")
        for name in own:
            if name not in listed and own[name] != {"remove": True}:
                self._wrong(layer, ("theatres", name), f"is given here, but {ONLY} does not list it")
        left_out = [name for name in inherited if name not in listed and name not in own]
        if left_out:
            data["theatres"] = own | {name: {"remove": True} for name in left_out}
        return [("theatres", name) for name in left_out]

    def _wrong(self, layer: Layer, path: KeyPath, message: str) -> None:
        line = next((layer.lines[path[:n]] for n in range(len(path), 0, -1) if path[:n] in layer.lines), None)
        self.problems.append(Problem(layer.file, line, dotted(path), message))

    def _merge(self, below: dict[str, Any], above: dict[str, Any], path: KeyPath, layer: Layer,
               replaced: set[KeyPath]) -> None:
        for key, value in above.items():
            here = (*path, key)
            spot = spot_at(here)
            if not isinstance(value, dict) or (spot is not None and not spot.is_table):
                below[key] = value
                replaced.add(here)
                continue
            if "remove" in value and not isinstance(value["remove"], dict):
                replaced.add(here)
                self._remove(below, here, value.pop("remove"), layer)
                if not value:
                    continue
            if not isinstance(below.get(key), dict):
                below[key] = {}
            for other in _displaced(spot, below[key], value):
                replaced.add((*here, other))
                del below[key][other]
            self._merge(below[key], value, here, layer, replaced)

    def _take_along(self, theatres: set[str], stated: dict[str, Any]) -> list[KeyPath]:
        """Delete what belongs to theatres that a layer removed, unless the layer itself gives it; return the paths."""
        def inherited(*path: str) -> Iterator[tuple[str, Any]]:
            return ((name, entry) for name, entry in _table(self.data, *path).items()
                    if name not in _table(stated, *path))

        gone: list[KeyPath] = [("history", "attacks", name) for name, _ in inherited("history", "attacks")
                               if name in theatres]
        gone += [("phases", name) for name, phase in inherited("phases")
                 if isinstance(phase, dict) and str(phase.get("theatre")) in theatres]
        for kind in ("suppressions", LIFT):
            for name, entry in inherited(kind):
                listed = entry.get("theatres") if isinstance(entry, dict) else None
                if isinstance(listed, list) and not theatres.isdisjoint(map(str, listed)):
                    entry["theatres"] = [theatre for theatre in listed if str(theatre) not in theatres]
                    gone += [] if entry["theatres"] else [(kind, name)]
        for path in gone:
            del _table(self.data, *map(str, path[:-1]))[str(path[-1])]
            self._drop_sources(path)
        self._drop_draws({("theatres", name) for name in theatres} | {path for path in gone if len(path) == 2})
        return gone

    def _drop_draws(self, gone: set[KeyPath]) -> None:
        """Delete what is gone from tables of draws, which lose a column, and from the wishes about outcomes."""
        for name, joint in list(_table(self.data, "joint").items()):
            keys, rows = (joint.get(part) if isinstance(joint, dict) else None for part in ("keys", "rows"))
            if not isinstance(keys, list) or not isinstance(rows, list):
                continue
            kept = [i for i, key in enumerate(keys) if tuple(str(key).split(".")[:2]) not in gone]
            if not kept and keys:
                del self.data["joint"][name]
                self._drop_sources(("joint", name))
            elif len(kept) < len(keys) and all(isinstance(row, list) and len(row) == len(keys) for row in rows):
                joint["keys"] = [keys[i] for i in kept]
                joint["rows"] = [[row[i] for i in kept] for row in rows]
        for wish in WISHES:
            wishes = _table(self.data, wish)
            for outcome in [key for key in wishes if key.partition(":")[0].partition(".")[2] in {p[1] for p in gone}]:
                del wishes[outcome]

    def _drop_sources(self, path: KeyPath) -> None:
        """Delete the sources of a removed table and of everything in it."""
        gone = dotted(path)
        for source in [s for s in _sources(self.data) if s == gone or s.startswith(f"{gone}.")]:
            del self.data["sources"][source]

    def _remove(self, below: dict[str, Any], here: KeyPath, remove: Any, layer: Layer) -> None:
        key = str(here[-1])
        message = ""
        if remove is not True:
            message = f"must be true, which deletes the table inherited, not {shown(remove)}"
        elif here in self._taken:
            return  # it went with its theatre
        elif key not in below:
            message = f"there is no inherited {dotted(here)} to remove; {suggest(key, below)}"
        if message:
            path = (*here, "remove")
            self.problems.append(Problem(layer.file, layer.lines.get(path), dotted(path), message))
            return
        del below[key]
        self._drop_sources(here)

    def _note_origins(self, layer: Layer) -> None:
        """Note file, line, mark and source of everything in the layer."""
        layer_sources = _sources(layer.data)
        inherited = _sources(self.data).keys() - layer_sources.keys()
        stated = "set on the command line" if layer.file == OVERRIDE else f"stated in {basename(layer.file)}"
        inside: set[KeyPath] = set()
        for path, line in layer.lines.items():
            if isinstance(path[-1], int) or path[:-1] in inside:  # in a list, which has one source as a whole
                inside.add(path)
                continue
            table = _table(self.data, *map(str, path[:-1]))
            if path[-1] not in table:  # taken away by remove = true
                continue
            if isinstance(table[path[-1]], list):
                self.lists[path] = layer
            spot = spot_at(path)
            is_value = spot is not None and not spot.is_table
            covers = [dotted(path[:n]) for n in range(len(path), 0, -1)]
            stated_source = next((source for key in covers if (source := parse_source(layer_sources.get(key)))), None)
            if layer.file != OVERRIDE or is_value or path not in self.origins:
                self.origins[path] = Origin(layer.file, line, *(stated_source or ("assumed", stated)))
            if stated_source is None and is_value and not inherited.isdisjoint(covers):
                # an inherited source is not the source of the new value
                self.data["sources"][dotted(path)] = f"assumed: {stated}"


def _with_named_modes(layer: Layer) -> Layer:
    """Return a layer in which the keys of ``[lift]`` itself stand under the name of a mode."""
    if LIFT not in layer.data:
        return layer
    lift = layer.data[LIFT]
    modes = named(lift)
    moved = {key for key in lift if key not in modes} if isinstance(lift, dict) else set()
    lines = {(*OWN, *path[1:]) if path[:1] == (LIFT,) and path[1:2] and path[1] in moved else path: line
             for path, line in layer.lines.items()}
    if LIFT in modes:
        lines.setdefault(OWN, lines.get((LIFT,)))
    return replace(layer, data={**layer.data, LIFT: modes}, lines=lines)


def _displaced(spot: Spot | None, below: dict[str, Any], above: dict[str, Any]) -> list[str]:
    """Return the inherited keys that are replaced by a key of a new layer."""
    groups = ONE_OF.get(spot.table, ()) if spot is not None and spot.table is not None else ()
    return [key for group in groups if not above.keys().isdisjoint(group)
            for key in group if key in below and key not in above]


def _sources(data: dict[str, Any]) -> dict[str, Any]:
    return _table(data, "sources")


def _table(data: dict[str, Any], *path: str) -> dict[str, Any]:
    """Return a table of plain data; an empty table if there is none."""
    table = look_up(data, path)
    return table if isinstance(table, dict) else {}
