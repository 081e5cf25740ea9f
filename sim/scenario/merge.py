"""Layers of a scenario put on top of one another: files that extend others, then overrides.

Tables merge key by key; numbers (distributions too), texts, dates and lists replace; ``remove = true`` in a table
deletes the table inherited. Where each value comes from, and what its file says about its source, is kept.
"""

from copy import deepcopy
from dataclasses import dataclass
from os.path import basename
from typing import Any

from sim.scenario.errors import OVERRIDE, Problem, suggest
from sim.scenario.fields import MARKS
from sim.scenario.keys import dotted, spot_at
from sim.scenario.lines import KeyPath
from sim.scenario.read import Layer


@dataclass(frozen=True)
class Origin:
    """Where a value comes from.

    Attributes
    ----------
    file
        The file as shown to the user, ``default``, or ``--set`` for an override.
    line
        Line in that file, from 1; None where there is none.
    mark, source
        How sure the value is (article, reported, literature, derived, assumed), and who says so.
    """

    file: str
    line: int | None
    mark: str
    source: str

    def __str__(self) -> str:
        """Return ``file:line``, or what stands for it."""
        return basename(self.file) if self.line is None else f"{basename(self.file)}:{self.line}"


def parse_source(text: Any) -> tuple[str, str] | None:
    """Split ``mark: source`` into its two parts; None when it is not of that form, or the mark unknown."""
    mark, _, source = str(text).partition(":")
    return (mark, source.strip()) if mark in MARKS and source.strip() and isinstance(text, str) else None


class Stack:
    """Layers merged so far.

    Attributes
    ----------
    data
        What they say together, as plain tables.
    origins
        Where each table and value comes from, by path.
    problems
        What was wrong in merging them.
    """

    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.origins: dict[KeyPath, Origin] = {}
        self.problems: list[Problem] = []

    def lay(self, layer: Layer) -> None:
        """Put a layer on top."""
        inherited = dict(_sources(self.data))
        replaced: set[KeyPath] = set()
        self._merge(self.data, deepcopy(layer.data), (), layer, replaced)
        self.origins = {path: origin for path, origin in self.origins.items()
                        if not any(path[:n] in replaced for n in range(1, len(path) + 1))}
        self._note_origins(layer, inherited)

    def _merge(self, below: dict[str, Any], above: dict[str, Any], path: KeyPath, layer: Layer,
               replaced: set[KeyPath]) -> None:
        for key, value in above.items():
            here = (*path, key)
            spot = spot_at(here)
            if not isinstance(value, dict) or (spot is not None and not spot.is_table):
                below[key] = value
                replaced.add(here)
            elif value.get("remove") is True:
                self._remove(below, value, here, layer)
                replaced.add(here)
            else:
                if not isinstance(below.get(key), dict):
                    below[key] = {}
                self._merge(below[key], value, here, layer, replaced)

    def _remove(self, below: dict[str, Any], value: dict[str, Any], here: KeyPath, layer: Layer) -> None:
        key = str(here[-1])
        message = ""
        if len(value) > 1:
            message = "must stand alone in its table; it deletes the table inherited"
        elif key not in below:
            message = f"there is no inherited {dotted(here)} to remove; {suggest(key, below)}"
        if message:
            remove = (*here, "remove")
            self.problems.append(Problem(layer.file, layer.lines.get(remove), dotted(remove), message))
        below.pop(key, None)
        gone = dotted(here)
        for source in [s for s in _sources(self.data) if s == gone or s.startswith(f"{gone}.")]:
            del self.data["sources"][source]

    def _note_origins(self, layer: Layer, inherited: dict[str, Any]) -> None:
        """Note file, line, mark and source of all that the layer says."""
        own = _sources(layer.data)
        stated = "set on the command line" if layer.file == OVERRIDE else f"stated in {basename(layer.file)}"
        for path, line in layer.lines.items():
            spot = spot_at(path)
            is_value = spot is not None and not spot.is_table and not any(isinstance(part, int) for part in path)
            covers = [dotted(path[:n]) for n in range(len(path), 0, -1)]
            said = next((source for key in covers if (source := parse_source(own.get(key)))), None)
            if layer.file != OVERRIDE or is_value or path not in self.origins:
                self.origins[path] = Origin(layer.file, line, *(said or ("assumed", stated)))
            if said is None and is_value and any(key in inherited for key in covers):
                # what an inherited source says does not hold for the new value
                self.data["sources"][dotted(path)] = f"assumed: {stated}"


def _sources(data: dict[str, Any]) -> dict[str, Any]:
    sources = data.get("sources")
    return sources if isinstance(sources, dict) else {}
