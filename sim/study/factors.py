"""Levers and uncertainties of a study file: which keys they move, over what values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, get_origin

from pydantic import TypeAdapter, ValidationError

from sim.scenario.errors import shown, suggest
from sim.scenario.fields import (
    DISTRIBUTIONS,
    Discrete,
    Distribution,
    Number,
    Uniform,
    allowed_text,
    extremes,
    plain,
    within,
)
from sim.scenario.keys import Spot, dotted, look_up, spot_at, undotted, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import ScenarioFile
from sim.scenario.resolve import toml, unquoted
from sim.scenario.wording import NAME_RULE, wording
from sim.study.page import LARGEST, Entry
from sim.study.study import Factor

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
SAME_FOR_ALL = ("start", "end")
"""Keys that all policies of a study have in common."""
NO_PART = ("title", "question", "joint", "history", "precision", "sources")
"""Tables and keys that are no part of the model, or none that a study can move."""
MOST_VALUES = 1000
LEAST_WIDTH = 1e-9
"""Of a range, and as a share of its larger end: within less, settings cannot be told apart when they are rounded."""

_number: TypeAdapter[Any] = TypeAdapter(Number)


@dataclass
class Reader:
    """Reads levers and uncertainties, and sees that no key is moved twice.

    Attributes
    ----------
    scenarios
        The scenarios of the study, as far as they are right.
    taken
        By key, the factor that moves it.
    """

    scenarios: Sequence[ScenarioFile]
    taken: dict[str, str] = field(default_factory=dict)

    def lever(self, name: str, entry: Entry) -> Factor | None:
        """Read what can be chosen: a list of values, or a range."""
        entry.only("key", "keys", "values", "low", "high")
        keys = self._keys(name, entry)
        if not _one_form(entry, "values = [...], or low and high", "values", "low") or not keys:
            return None
        return _listed(name, keys, entry) if entry.has("values") else _spread(name, keys, entry, _ends)

    def uncertainty(self, name: str, entry: Entry) -> Factor | None:
        """Read what nobody can choose: a range, a distribution, a list of values, or what the scenarios say of it."""
        entry.only("key", "keys", "values", "low", "high", "dist")
        keys = self._keys(name, entry)
        if not _one_form(entry, "", "values", "low", "dist") or not keys:
            return None
        if entry.has("values"):
            return _listed(name, keys, entry)
        return _spread(name, keys, entry, _ends if entry.has("low") else _stated if entry.has("dist") else self._known)

    def _keys(self, name: str, entry: Entry) -> tuple[str, ...] | None:
        """Return the keys of a factor, all of them right."""
        if not NAME.fullmatch(name):
            entry.wrong(f"is not a possible name; {NAME_RULE}")
        if entry.has("key") == entry.has("keys"):
            entry.wrong('needs key = "...", or keys = [...] for several that move together' if not entry.has("key")
                        else "has both key and keys; give only one of them")
            return None
        if entry.has("key"):
            key = entry.text("key")
            keys, places = [] if key is None else [key], [("key",)]
        else:
            keys = entry.texts("keys") or []
            places = [("keys", i) for i in range(len(keys))]  # type: ignore[misc]
        right = [self._is_free(key, entry, *place) for key, place in zip(keys, places, strict=False)]
        return tuple(dotted(undotted(key)) for key in keys) if right and all(right) else None

    def _is_free(self, key: str, entry: Entry, *place: str | int) -> bool:
        """Note whatever keeps a key from being moved."""
        if entry.page.is_full:
            return False
        message = self._unmovable(key)
        if not message:
            other = self.taken.setdefault(dotted(undotted(key)), dotted((*entry.path, *place)))
            if other != dotted((*entry.path, *place)):
                message = f"{key} is moved by {other.removesuffix('.key')} already; a key can be moved only once"
        if message:
            entry.wrong(message, *place)
        return not message

    @cached_property
    def _all_keys(self) -> list[str]:
        return list(dict.fromkeys(dotted(path) for file in self.scenarios for path, _ in values(file.scenario)
                                  if path[0] not in NO_PART))

    def _unmovable(self, key: str) -> str:
        try:
            path = undotted(key)
        except ValueError:
            return f"{shown(key)} is not a key; a key is written like attacks.elasticity"
        spot = spot_at(path)
        if spot is None or (spot.is_table and path[0] not in NO_PART):
            advice = suggest(key, self._all_keys)
            return (f"{key} is a table; name a key in it" if spot is not None else f"there is no key {key}; " + (
                advice if advice.startswith("did you mean") else "a key is written like attacks.elasticity"))
        if path[0] in SAME_FOR_ALL:
            return f"{key} is the same for all policies and futures, so that they can be compared; leave it out"
        if path[0] in NO_PART or get_origin(spot.kind) is list or str(path[-1]) == "label":
            return f"{key} is no number, date or switch of the model; leave it out"
        found = (_absent(file, path) or _drawn_jointly(file, key) for file in self.scenarios)
        return next(filter(None, found), "")

    def _known(self, entry: Entry, path: KeyPath, spot: Spot) -> Distribution | None:
        """Return the distribution that the scenarios have, else a uniform one over the schema's range."""
        found = {toml(value): value for file in self.scenarios
                 if isinstance(value := look_up(file.scenario, path), Distribution)}
        if len(found) > 1:
            entry.wrong(f"{dotted(path)} has different distributions in these scenarios; give low and high, or dist")
            return None
        if found:
            (dist,) = found.values()
            return dist if isinstance(dist, Distribution) else None
        if spot.span is None:
            entry.wrong(f"{dotted(path)} has no range, in these scenarios or in general; give low and high, or dist")
            return None
        return Uniform(dist="uniform", low=spot.span[0], high=spot.span[1])


def _absent(file: ScenarioFile, path: KeyPath) -> str:
    """Say why a key has no meaning in a scenario; empty when it has one."""
    for n, part in enumerate(path[:-1]):
        table, inner = look_up(file.scenario, path[:n]), look_up(file.scenario, path[:n + 1])
        if isinstance(table, dict) and part not in table:
            what = str(path[n - 1]).removesuffix("s").replace("_", " ")
            return f"there is no {what} {part} in {file.path}; {suggest(str(part), table)}"
        if inner is None:
            return f"{dotted(path)} has no meaning in {file.path}, which has no {dotted(path[:n + 1])}"
    return ""


def _drawn_jointly(file: ScenarioFile, key: str) -> str:
    for name, table in file.scenario.joint.items():
        if key in table.keys:
            return f"{key} is drawn by joint.{name} in {file.path}, together with other numbers; leave it out"
    return ""


def _one_form(entry: Entry, needed: str, *forms: str) -> bool:
    """Whether a factor says in one way only over what it goes; ``low`` stands for low and high."""
    given = [form for form in forms if entry.has(form) or (form == "low" and entry.has("high"))]
    if len(given) > 1:
        entry.wrong(f"has {' and '.join(given)}; give only one of them")
    elif not given and needed:
        entry.wrong(f"needs {needed}")
    return len(given) == 1 or (not given and not needed)


def _listed(name: str, keys: tuple[str, ...], entry: Entry) -> Factor | None:
    """Return a factor whose values are listed."""
    listed = entry.data["values"]
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_VALUES:
        entry.wrong(f"must be a list in square brackets, of 1 to {MOST_VALUES:,} values", "values")
        return None
    spots = [_spot(key) for key in keys]
    right = True
    seen: set[tuple[bool, Any]] = set()
    for i, value in enumerate(listed):
        message = next((message for spot in spots if (message := _misfit(value, spot))), "")
        if not message and (isinstance(value, bool), value) in seen:
            message = f"{shown(value)} is listed twice; once is enough"
        if not message:
            seen.add((isinstance(value, bool), value))
        else:
            entry.wrong(message, "values", i)
            right = False
    return Factor(name, keys, None, tuple(listed), _unit(spots[0], listed)) if right else None


def _misfit(value: Any, spot: Spot) -> str:
    """Say why a value cannot stand at a place of a scenario, as far as its kind goes; empty when it can."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if spot.numeric is not None:
        fits = is_number and abs(value) < LARGEST and within(float(value), spot.numeric)
        return "" if fits else f"must be a number {allowed_text(spot.numeric)}, not {shown(value)}".replace(" ,", ",")
    kinds: dict[Any, tuple[type, str]] = {
        int: (int, "a whole number"), bool: (bool, "true or false"),
        date: (date, "a date like 2024-02-12 without quotes")}
    kind, words = kinds.get(spot.kind, (str, "text in quotes"))
    fits = isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
    return "" if fits else f"must be {words}, not {shown(value)}"


def _unit(spot: Spot, listed: Sequence[Any]) -> str:
    if spot.numeric is not None:
        return str(spot.numeric["unit"])
    if spot.is_count:
        return "count"
    return ", ".join(f"{i} = {unquoted(value)}" for i, value in enumerate(listed))


def _spread(name: str, keys: tuple[str, ...], entry: Entry, make: Any) -> Factor | None:
    """Return a factor whose values are spread over a range."""
    spots = [_spot(key) for key in keys]
    for key, spot in zip(keys, spots, strict=True):
        if spot.numeric is None:
            example = "[1, 2, 3]" if spot.is_count else "[true, false]" if spot.kind is bool else "[...]"
            what = "is a whole number that sizes something" if spot.is_count else "is not a number"
            entry.wrong(f"{key} {what}, so it has no range; give values = {example}")
            return None
    dist = make(entry, undotted(keys[0]), spots[0])
    if dist is None:
        return None
    for key, spot in zip(keys, spots, strict=True):
        for end in dict.fromkeys(extremes(dist)):
            if spot.numeric and not within(end, spot.numeric):
                place = [part for part in ("low", "high") if entry.data.get(part) == end]
                place += ["dist"] if entry.has("dist") else []
                entry.wrong(f"{key} must be {allowed_text(spot.numeric)}, not {plain(end)}", *place)
                return None
    return Factor(name, keys, dist, (), _unit(spots[0], ()))


def _ends(entry: Entry, path: KeyPath, spot: Spot) -> Distribution | None:
    """Return the uniform distribution between low and high."""
    missing = [end for end in ("low", "high") if not entry.has(end)]
    if missing:
        entry.wrong(f"has no {missing[0]}; a range needs low and high")
        return None
    low, high = entry.number("low"), entry.number("high")
    if low is None or high is None:
        return None
    if low >= high:
        entry.wrong(f"must be below high, {plain(high)}, not {plain(low)}", "low")
        return None
    if high - low < max(LEAST_WIDTH, LEAST_WIDTH * max(abs(low), abs(high))):
        entry.wrong(f"must be farther below high: the two are less than {LEAST_WIDTH:g} apart", "low")
        return None
    return Uniform(dist="uniform", low=low, high=high)


def _stated(entry: Entry, path: KeyPath, spot: Spot) -> Distribution | None:
    """Return the distribution given in full."""
    value = entry.data["dist"]
    if not isinstance(value, dict):
        entry.wrong('must be a distribution such as { dist = "triangular", low = 0, mode = 1, high = 3 }, not '
                    f"{shown(value)}", "dist")
        return None
    try:
        dist = _number.validate_python(value)
    except ValidationError as error:
        found = error.errors(include_url=False)
        misspelt = any(details["type"] == "extra_forbidden" for details in found)
        for details in found:
            if misspelt and details["type"] == "missing":
                continue  # it is the one that is misspelt
            inner = [part for part in details["loc"] if part not in DISTRIBUTIONS]
            loc = details["loc"] if len(details["loc"]) > 1 else ("", *details["loc"])
            entry.wrong(wording({**details, "loc": loc}, (*path, *inner)), "dist", *inner)
        return None
    if isinstance(dist, Discrete) and len(set(dist.values)) == 1:
        entry.wrong("has one value only; give it to the scenarios, and leave this out", "dist")
        return None
    return dist if isinstance(dist, Distribution) else None


def _spot(key: str) -> Spot:
    spot = spot_at(undotted(key))
    assert spot is not None
    return spot
