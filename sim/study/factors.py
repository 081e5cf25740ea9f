"""Levers and uncertainties of a study file: which keys they change, and over which values."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any, get_origin

from sim.scenario.errors import shown, suggest
from sim.scenario.fields import Distribution, Uniform, allowed_text, extremes, plain, within
from sim.scenario.keys import Spot, dotted, look_up, spot_at, undotted, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import ScenarioFile
from sim.scenario.precision import WISHES
from sim.scenario.resolve import unquoted
from sim.scenario.wording import LARGEST
from sim.study.page import Page
from sim.study.schema import LeverTable
from sim.study.study import Factor

SAME_FOR_ALL = ("start", "end", "follow_up_days")
"""Keys that are the same in all policies of a study."""
NO_PART = ("title", "question", "names", "known_until", "joint", "history", *WISHES, "sources")
"""Tables and keys that are not part of the model, or that a study cannot change."""
LEAST_WIDTH = 1e-9
"""The least width of a range, also as a share of its larger end: narrower settings look the same when rounded."""


class Reader:
    """Reads levers and uncertainties, and checks that no key is changed twice.

    Parameters
    ----------
    page
        The study file.
    scenarios
        The scenarios of the study that are valid.
    """

    def __init__(self, page: Page, scenarios: Sequence[ScenarioFile]) -> None:
        self._page, self._scenarios = page, scenarios
        self._taken: dict[str, KeyPath] = {}

    def levers(self) -> tuple[Factor, ...]:
        """Read the levers: each has a list of values, or a range."""
        return self._read("levers", self._page.tables.levers, "values = [...], or low and high")

    def uncertainties(self) -> tuple[Factor, ...]:
        """Read the uncertainties: each has a list of values, a range or a distribution, or that of the scenarios."""
        return self._read("uncertainties", self._page.tables.uncertainties)

    def _read(self, kind: str, tables: Any, needed: str = "") -> tuple[Factor, ...]:
        read = [self._factor(kind, name, table, needed) for name, table in tables.items() if not self._page.is_full]
        return tuple(factor for factor in read if factor is not None)

    def _factor(self, kind: str, name: str, table: LeverTable, needed: str) -> Factor | None:
        path = kind, name
        keys, form = self._keys(path, table), self._form(path, table, needed)
        if not keys or form is None:
            return None
        spots = [_spot(key) for key in keys]
        if form == "values":
            listed = self._listed(path, table, spots)
            return Factor(name, keys, None, listed, _unit(spots[0], listed)) if listed else None
        dist = self._spread(path, form, table, dict(zip(keys, spots, strict=True)))
        return Factor(name, keys, dist, (), _unit(spots[0], ())) if dist is not None else None

    def _keys(self, path: KeyPath, table: LeverTable) -> tuple[str, ...] | None:
        """Return the keys of a factor; None if one of them is wrong."""
        given = self._page.given(path)
        if self._page.is_broken(*path, "key") or self._page.is_broken(*path, "keys"):
            return None
        if ("key" in given) == ("keys" in given):
            self._page.wrong(path, "has both key and keys; give only one of them" if "key" in given else
                             'needs key = "...", or keys = [...] for several that move together')
            return None
        places: dict[KeyPath, str] = {(*path, "key"): table.key} if table.key is not None else {
            (*path, "keys", i): key for i, key in enumerate(table.keys or ())}
        right = [self._is_free(place, key) for place, key in places.items()]
        return tuple(dotted(undotted(key)) for key in places.values()) if all(right) else None

    def _form(self, path: KeyPath, table: LeverTable, needed: str) -> str | None:
        """Return how a factor gives its values: ``values``, ``low`` (and high) or ``dist``; empty if it does not."""
        allowed = [key for key in ("values", "low", "high", "dist") if key in type(table).model_fields]
        given = [key for key in allowed if key in self._page.given(path)]
        forms = [key for key in given if key != "high" or "low" not in given]
        if len(forms) > 1:
            self._page.wrong(path, f"has {' and '.join(forms)}; give only one of them")
            return None
        if any(self._page.is_broken(*path, key) for key in allowed):
            return None
        if forms and forms[0] in ("low", "high"):
            missing = {"low", "high"} - {*given}
            for end in missing:
                self._page.wrong(path, f"has no {end}; a range needs low and high")
            return None if missing else "low"
        if not forms and needed:
            self._page.wrong(path, f"needs {needed}")
            return None
        return forms[0] if forms else ""

    def _is_free(self, place: KeyPath, key: str) -> bool:
        """Return whether a study can change a key; if not, note why."""
        message = self._unmovable(key)
        if not message and (other := self._taken.setdefault(dotted(undotted(key)), place)) != place:
            moved_by = dotted(other).removesuffix(".key")
            message = f"{key} is moved by {moved_by} already; a key can be moved only once"
        if message:
            self._page.wrong(place, message)
        return not message

    @cached_property
    def _all_keys(self) -> list[str]:
        return list(dict.fromkeys(dotted(path) for file in self._scenarios for path, _ in values(file.scenario)
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
            return f"{key} is not a number, date or switch of the model; leave it out"
        reasons = (_absent(file, path) or _drawn_jointly(file, key) for file in self._scenarios)
        return next(filter(None, reasons), "")

    def _listed(self, path: KeyPath, table: LeverTable, spots: Sequence[Spot]) -> tuple[Any, ...]:
        """Return the listed values; empty if one of them is wrong."""
        seen: set[tuple[bool, Any]] = set()
        right = True
        for i, value in enumerate(table.values or ()):
            message = next((message for spot in spots if (message := _misfit(value, spot))), "")
            if not message and (isinstance(value, bool), value) in seen:
                message = f"{shown(value)} is listed twice; once is enough"
            if message:
                self._page.wrong((*path, "values", i), message)
                right = False
            else:
                seen.add((isinstance(value, bool), value))
        return tuple(table.values or ()) if right else ()

    def _spread(
        self, path: KeyPath, form: str, table: LeverTable, spots: dict[str, Spot]
    ) -> Distribution | None:
        """Return the distribution of the values; None if it is wrong for one of the keys."""
        for key, spot in spots.items():
            if spot.numeric is None or spot.is_count:
                example = "[1, 2, 3]" if spot.is_count else "[true, false]" if spot.kind is bool else "[...]"
                what = "is a whole number" if spot.is_count else "is not a number"
                self._page.wrong(path, f"{key} {what}, so it has no range; give values = {example}")
                return None
        dist: Distribution | None
        if form == "dist":
            dist = getattr(table, form)
        else:
            dist = self._range(path, table) if form == "low" else self._from_scenarios(path, *next(iter(spots.items())))
        for key, spot in spots.items():
            for end in dict.fromkeys(extremes(dist)) if dist is not None else ():
                if spot.numeric and not within(end, spot.numeric):
                    place = ["low" if end == table.low else "high"] if form == "low" else [form] if form else []
                    self._page.wrong((*path, *place), f"{key} must be {allowed_text(spot.numeric)}, not {plain(end)}")
                    return None
        return dist

    def _range(self, path: KeyPath, table: LeverTable) -> Uniform | None:
        """Return the uniform distribution between low and high."""
        low, high = table.low, table.high
        assert low is not None
        assert high is not None
        message = ""
        if low >= high:
            message = f"must be below high, {plain(high)}, not {plain(low)}"
        elif high - low < max(LEAST_WIDTH, LEAST_WIDTH * max(abs(low), abs(high))):
            message = f"must be further below high: the two are less than {LEAST_WIDTH:g} apart"
        if message:
            self._page.wrong((*path, "low"), message)
            return None
        return Uniform(dist="uniform", low=low, high=high)

    def _from_scenarios(self, path: KeyPath, key: str, spot: Spot) -> Distribution | None:
        """Return the distribution in the scenarios, or otherwise a uniform one over the schema's range."""
        distributions = [value for file in self._scenarios
                 if isinstance(value := look_up(file.scenario, undotted(key)), Distribution)]
        if any(dist != distributions[0] for dist in distributions):
            self._page.wrong(path, f"{key} has different distributions in these scenarios; give low and high, or dist")
            return None
        if distributions:
            return distributions[0]
        if spot.span is None:
            self._page.wrong(path, f"{key} has no range, in these scenarios or in general; give low and high, or dist")
            return None
        return Uniform(dist="uniform", low=spot.span[0], high=spot.span[1])


def _absent(file: ScenarioFile, path: KeyPath) -> str:
    """Say why a key has no meaning in a scenario; empty if it has one."""
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


def _misfit(value: Any, spot: Spot) -> str:
    """Say why a value has the wrong type or size for a place in a scenario; empty if it is right."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if spot.numeric is not None and not spot.is_count:
        fits = is_number and abs(value) < LARGEST and within(float(value), spot.numeric)
        return "" if fits else f"must be a number {allowed_text(spot.numeric)}, not {shown(value)}".replace(" ,", ",")
    kinds: dict[Any, tuple[type, str]] = {
        int: (int, "a whole number"), bool: (bool, "true or false"),
        date: (date, "a date like 2024-02-12 without quotes")}
    known = int if spot.is_count else date if spot.is_date else spot.kind
    kind, words = kinds.get(known, (str, "text in quotes"))
    fits = isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
    return "" if fits else f"must be {words}, not {shown(value)}"


def _unit(spot: Spot, listed: Sequence[Any]) -> str:
    if spot.is_count:
        return "count"
    if spot.numeric is not None:
        return str(spot.numeric["unit"])
    return ", ".join(f"{i} = {unquoted(value)}" for i, value in enumerate(listed))


def _spot(key: str) -> Spot:
    spot = spot_at(undotted(key))
    assert spot is not None
    return spot
