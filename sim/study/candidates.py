"""Policies that a search may try: the study's levers are set, its uncertainties are drawn in every replication."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.model.draws import draw_of
from sim.model.setup import Model, set_up
from sim.model.variant import fixed
from sim.scenario.errors import ScenarioError
from sim.scenario.fields import Discrete, Distribution, extremes, within
from sim.scenario.keys import spot_at, undotted
from sim.scenario.load import Base, ScenarioFile
from sim.study.errors import StudyError
from sim.study.policies import decimals, policy_name
from sim.study.study import Factor, Study

STEPS = 100
"""The least number of steps of a lever over its range. A step is a power of ten, so that printed values are exact."""
ROWS = 1000
"""Number of equally likely values that represent a distribution from which several keys get the same value."""

AT_END = 0.01
"""A value this close to the end of its range, as a share of the range, lies at the end."""

Point = tuple[float, ...]
"""A candidate: for each axis, a number in its range, or the position of one of its listed values."""


@dataclass(frozen=True)
class Axis:
    """A direction in which a search moves: a lever, or which scenario is played.

    Attributes
    ----------
    name
        Name of the lever, or ``scenario``.
    keys
        The scenario keys that it sets; empty if it chooses the scenario.
    low, high
        Ends of its range, if it has one.
    decimals
        Decimals to which values in the range are rounded; negative for tens and hundreds.
    values
        Its values, if they are listed; otherwise empty.
    unit
        Unit in words.
    """

    name: str
    keys: tuple[str, ...]
    low: float
    high: float
    decimals: int
    values: tuple[Any, ...]
    unit: str

    def at(self, share: float) -> float:
        """Return the coordinate at a share of the range, from 0 to 1."""
        if self.values:
            return float(min(int(share * len(self.values)), len(self.values) - 1))
        return self.rounded(self.low + share * (self.high - self.low))

    def rounded(self, coordinate: float) -> float:
        """Return the nearest coordinate that may be tried: a whole step of the range, or one of its ends."""
        if self.values:
            return float(coordinate)
        return float(min(max(round(float(coordinate), self.decimals), self.low), self.high))

    def value(self, coordinate: float) -> Any:
        """Return the value that the keys get."""
        return self.values[int(coordinate)] if self.values else coordinate

    def end_at(self, value: Any) -> float | None:
        """Return the end of the range at which a value lies, if there is one and a scenario may go beyond it.

        The ends of listed numbers are the lowest and the highest of them, if there are more than two.
        """
        listed = [float(entry) for entry in self.values if is_number(entry)]
        if not is_number(value) or len(listed) < len(self.values) or 0 < len(set(listed)) < 3:
            return None
        low, high = (min(listed), max(listed)) if listed else (self.low, self.high)
        near = AT_END * (high - low)
        for end, beyond in ((low, low - near), (high, high + near)):
            if abs(value - end) <= near and all(_is_allowed(key, beyond) for key in self.keys):
                return end
        return None


def is_number(value: Any) -> bool:
    """Whether a value is a number, and not a switch."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_allowed(key: str, value: float) -> bool:
    """Whether the schema allows a number there."""
    spot = spot_at(undotted(key))
    if spot is None or spot.numeric is not None:
        return spot is not None and within(value, spot.numeric or {})
    bounds = spot.field.metadata if spot.field else []
    return all(value >= getattr(bound, "ge", -math.inf) and value <= getattr(bound, "le", math.inf) for bound in bounds)


class Candidates:
    """All policies that a search may try.

    Parameters
    ----------
    study
        The study: its scenarios and levers define the policies, and its uncertainties become distributions in the
        scenarios.

    Raises
    ------
    StudyError
        If there is nothing to choose from, or an uncertainty cannot be drawn.
    ScenarioError
        If a scenario is not valid with these uncertainties.
    """

    def __init__(self, study: Study) -> None:
        _check_drawable(study.uncertainties)
        bases = [_uncertain(file, study.uncertainties) for file in study.scenarios]
        self.bases = {file.name: set_up(file.scenario) for file in bases}
        self.axes = (*_scenarios(study.scenarios), *map(_axis, study.levers))
        if not self.axes:
            raise StudyError("there is nothing to choose from: give levers, or several scenarios")
        self._tables = {file.name: Base.of(file.scenario, file.name) for file in bases}
        self._sliding = {key: lever.spread for lever in study.levers if lever.drawn for key in lever.keys}
        self._spread: dict[tuple[str, tuple[Any, ...]], Model | None] = {}

    def model(self, point: Point) -> Model:
        """Return the model of a candidate, ready to be played.

        Levers that are ranges are set up once, as distributions, and then fixed. Where a scenario is not valid over the
        whole of their ranges, each candidate is checked by itself.

        Raises
        ------
        ScenarioError
            If the candidate is not a valid scenario.
        """
        name = self.scenario(point)
        given = {key: axis.value(at) for axis, at in zip(self.axes, point, strict=True) for key in axis.keys}
        sliding = {key: float(value) for key, value in given.items() if key in self._sliding}
        listed = {key: value for key, value in given.items() if key not in self._sliding}
        combination = name, tuple(listed.values())
        if combination not in self._spread:
            self._spread[combination] = self._over_ranges(name, listed)
        spread = self._spread[combination]
        return fixed(spread, sliding) if spread is not None else self._set_up(name, listed | sliding)

    def _over_ranges(self, name: str, listed: Mapping[str, Any]) -> Model | None:
        try:
            return self._set_up(name, {**listed, **self._sliding})
        except ScenarioError:
            return None

    def _set_up(self, name: str, values: Mapping[str, Any]) -> Model:
        return set_up(self._tables[name].load(values, with_changes=False).scenario)

    def scenario(self, point: Point) -> str:
        """Return the name of the scenario that a candidate changes."""
        return str(self.axes[0].value(point[0])) if len(self.bases) > 1 else next(iter(self.bases))

    def setting(self, point: Point) -> dict[str, Any]:
        """Return what a candidate sets, by axis."""
        return {axis.name: axis.value(at) for axis, at in zip(self.axes, point, strict=True)}

    def name(self, point: Point) -> str:
        """Name a candidate as ``gradual, pace=365``."""
        return policy_name(self.scenario(point), {
            axis.name: axis.value(at) for axis, at in zip(self.axes, point, strict=True) if axis.keys})

    def count(self) -> float:
        """Return the number of candidates; infinite if a lever is a range."""
        return math.prod(len(axis.values) or math.inf for axis in self.axes)


def _scenarios(files: tuple[ScenarioFile, ...]) -> Iterator[Axis]:
    """Yield the choice between scenarios, if there is one."""
    names = tuple(file.name for file in files)
    if len(set(names)) < len(names):
        raise StudyError(f"scenarios need different names; these are called {', '.join(names)}")
    if len(names) > 1:
        yield Axis("scenario", (), 0.0, 0.0, 0, names, "")


def _axis(factor: Factor) -> Axis:
    values = tuple(factor.dist.values) if isinstance(factor.dist, Discrete) else factor.values
    if values:
        return Axis(factor.name, factor.keys, 0.0, 0.0, 0, values, factor.unit)
    low, high = extremes(factor.dist)
    return Axis(factor.name, factor.keys, low, high, decimals(low, high, STEPS), (), factor.unit)


def _check_drawable(factors: tuple[Factor, ...]) -> None:
    problems = [why for factor in factors if (why := _not_drawable(factor))]
    if problems:
        raise StudyError("\n".join(problems))


def _not_drawable(factor: Factor) -> str:
    """Say why an uncertainty cannot be drawn; empty if it can."""
    for key in factor.keys:
        if (spot := spot_at(undotted(key))) is None or spot.numeric is None:
            return (f"uncertainties.{factor.name}: {key} cannot be drawn; a search draws the uncertainties in every "
                    "replication, so they must be numbers that can have a distribution")
    return ""


def _uncertain(file: ScenarioFile, factors: tuple[Factor, ...]) -> ScenarioFile:
    """Add uncertainties to a scenario as distributions, which are drawn in every replication."""
    plain: dict[str, Any] = {}
    drawn: dict[str, Any] = {}
    for number, factor in enumerate(factors, start=1):
        if len(factor.keys) == 1:
            drawn[factor.keys[0]] = factor.spread
            continue
        column = _equally_likely(factor.spread)
        plain |= dict.fromkeys(factor.keys, column[0])  # keys of a joint table must be plain numbers
        drawn[f"joint.uncertainty_{number}"] = {
            "keys": factor.keys, "rows": [[value] * len(factor.keys) for value in column]}
    return _changed(_changed(file, plain), drawn)


def _changed(file: ScenarioFile, values: Mapping[str, Any]) -> ScenarioFile:
    return Base.of(file.scenario, file.name).load(values, with_changes=False)


def _equally_likely(dist: Distribution) -> list[float]:
    """Return values that represent a distribution: its quantiles at the middle of `ROWS` equal shares."""
    draw = draw_of("", dist, ())
    return [draw.values((i + 0.5) / ROWS)[0] for i in range(ROWS)]
