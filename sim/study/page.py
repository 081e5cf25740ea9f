"""A study file as read: its tables with the line of every key, and all that is found wrong with them."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sim.scenario.errors import MOST_TOLD, Problem, shown, suggest
from sim.scenario.fields import plain
from sim.scenario.keys import dotted
from sim.scenario.lines import KeyPath
from sim.scenario.read import Layer, read_alone

MOST_TABLES = 200
"""Levers, uncertainties or outcomes at most, and entries of a list of names."""
LARGEST = 1e15
"""Numbers stay below this; a seed may be larger."""


@dataclass
class Page:
    """A file, and the problems found in it so far."""

    layer: Layer
    problems: dict[Problem, None] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Whether more is wrong already than will be told."""
        return len(self.problems) > MOST_TOLD

    def wrong(self, path: KeyPath, message: str) -> None:
        """Note what is wrong with a key, on its own line or on that of the table it is in."""
        lines = (self.layer.lines.get(path[:n]) for n in range(len(path), 0, -1))
        self.note(Problem(self.layer.file, next((line for line in lines if line is not None), None), dotted(path),
                          message))

    def note(self, problem: Problem) -> None:
        """Note a problem, once."""
        self.problems[problem] = None


@dataclass(frozen=True)
class Entry:
    """A table of the file, at its path. What is asked of it and is not right is noted, and None returned."""

    page: Page
    path: KeyPath
    data: dict[str, Any]

    def has(self, *keys: str) -> bool:
        """Whether any of these keys is given."""
        return not self.data.keys().isdisjoint(keys)

    def wrong(self, message: str, *inner: str | int) -> None:
        """Note what is wrong with the table, or with a key in it."""
        self.page.wrong((*self.path, *inner), message)

    def only(self, *allowed: str) -> None:
        """Note keys that are not among those allowed."""
        for key in islice((key for key in self.data if key not in allowed), MOST_TOLD + 1):
            self.wrong(f"unknown key; {suggest(key, allowed)}", key)

    def text(self, key: str, default: str | None = None) -> str | None:
        """Return a text."""
        value = self.data.get(key, default)
        if value is None or isinstance(value, str):
            return value
        self.wrong(f"must be text in quotes, not {shown(value)}", key)
        return None

    def texts(self, key: str) -> list[str] | None:
        """Return a list of texts, with at least one."""
        value = self.data[key]
        if not isinstance(value, list):
            self.wrong(f"must be a list in square brackets, not {shown(value)}", key)
            return None
        if not value:
            self.wrong("must have at least 1 entry", key)
        if len(value) > MOST_TABLES:
            self.wrong(f"must have at most {MOST_TABLES} entries, not {len(value):,}", key)
            return None
        faulty = [i for i, item in enumerate(value) if not isinstance(item, str)]
        for i in faulty:
            self.wrong(f"must be text in quotes, not {shown(value[i])}", key, i)
        return value if value and not faulty else None

    def number(self, key: str) -> float | None:
        """Return a finite number."""
        value = self.data[key]
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST:
            return float(value)
        self.wrong(f"must be a number, not {shown(value)}", key)
        return None

    def whole(self, key: str, low: int, high: int, default: int) -> int | None:
        """Return a whole number between two bounds."""
        value = self.data.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        bounds = f"from {plain(low)} to {plain(high)}" if high < LARGEST else f"of at least {plain(low)}"
        self.wrong(f"must be a whole number {bounds}, not {shown(value)}", key)
        return None

    def one_of(self, key: str, words: Iterable[str], default: str) -> str | None:
        """Return one of some words."""
        value = self.data.get(key, default)
        if value in tuple(words):
            return str(value)
        self.wrong(f"must be one of {', '.join(map(shown, words))}, not {shown(value)}", key)
        return None

    def table(self, key: str) -> "Entry | None":
        """Return a table in this one, an empty one if it is not given."""
        value = self.data.get(key, {})
        if isinstance(value, dict):
            return Entry(self.page, (*self.path, key), value)
        self.wrong(f"must be a table, [{dotted((*self.path, key))}], not {shown(value)}", key)
        return None

    def tables(self, key: str) -> "Iterator[tuple[str, Entry]]":
        """Yield the tables in a table of freely named ones, with their names."""
        outer = self.table(key)
        if outer is not None and len(outer.data) > MOST_TABLES:
            outer.wrong(f"must have at most {MOST_TABLES} entries, not {len(outer.data):,}")
            return
        for name in outer.data if outer is not None else ():
            inner = outer.table(name) if outer is not None else None
            if inner is not None and not self.page.is_full:
                yield name, inner


def read_page(path: str | os.PathLike[str]) -> tuple[Page, Entry]:
    """Read a study file; return it, and its outermost table.

    Raises
    ------
    ScenarioError
        If it cannot be read, or is not TOML.
    """
    layer = read_alone(path, "study", "a scenario and an outcome")
    page = Page(layer)
    return page, Entry(page, (), layer.data)
