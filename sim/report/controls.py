"""What a reader of the page can move in a scenario, and where each value goes in the memory of the program.

A number or date that is drawn can be given a value or, unless it is one of several that are drawn together, a narrower
range. All other numbers and dates of the timeline, and switches, are written directly. What the set-up derives from
several keys cannot be moved: the start and the end of the run, sites, what waits for what, and dated switches of
tension. Nor can numbers of a table of joint draws, nor those of a phase that have no effect for want of another key.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.model.setup import Model
from sim.report.world import World
from sim.scenario.called import called_first
from sim.scenario.checks import FIRST_YEAR, LAST_YEAR, years_allowed
from sim.scenario.days import DateDistribution, earliest, latest
from sim.scenario.fields import Distribution, allowed_text, extremes
from sim.scenario.idle import lacking
from sim.scenario.keys import Spot, dotted, look_up, spot_at, values
from sim.scenario.lines import KeyPath
from sim.scenario.load import ScenarioFile
from sim.scenario.schema import Scenario
from sim.words.levers import name_and_owner

GROUPS = {
    "phases": "timeline", "deadline": "timeline", "lift": "lift", "closing": "lift", "attacks": "attacks",
    "attack_kinds": "attacks", "tension": "attacks", "suppressions": "attacks", "casualties": "attacks",
    "response": "attacks", "talks": "talks", "working_groups": "talks", "pressure": "talks", "threat": "threat",
    "capability": "threat", "cost": "cost", "theatres": "places", "couplings": "couplings"}
"""The group of a control, by the first part of its key."""
PLANNED = ("phases", "lift", "closing")
"""Tables whose numbers are for a planner to choose; of other numbers, those that are drawn can be moved."""


SHOWN_WITHIN = (0.5, 2.0)
"""What a slider covers of a number for which the schema suggests no range: these shares of it."""


@dataclass(frozen=True)
class Place:
    """Where the value of a control goes.

    Attributes
    ----------
    fields
        Fields of `Parameters`, each with an index; empty if the number is drawn.
    draw
        The number of its draw, or -1.
    column
        Which of the values in each row is its own, if it is drawn together with others; otherwise -1.
    plus
        What is added to a date.
    """

    fields: tuple[tuple[str, int], ...] = ()
    draw: int = -1
    column: int = -1
    plus: int = 0


def controls_of(file: ScenarioFile, world: World) -> list[dict[str, Any]]:
    """Return the controls of a scenario, fit for JSON; `web/levers/control.ts` says what is in them."""
    return [_control(file, world, path, place) for path, place in _places(world.model)]


def _places(model: Model) -> Iterator[tuple[KeyPath, Place]]:
    """Yield what can be moved, with its place, in the order of the schema."""
    drawn = {draw.key: Place(draw=i) for i, draw in enumerate(model.draws) if not draw.together}
    carried_out = {key: Place(draw=i, column=at) for i, draw in enumerate(model.draws) if draw.kind
                   for at, key in enumerate(draw.together)}
    together = {key for joint in model.scenario.joint.values() for key in joint.keys}
    for path, value in values(model.scenario):
        key, spot = dotted(path), spot_at(path)
        if spot is None or path[:2] == ("tension", "dated") or key in together or _is_idle(model.scenario, path):
            continue
        if place := drawn.get(key) or carried_out.get(key):
            yield path, place
        elif path[0] == "couplings":
            yield path, Place(((str(path[-1]), -1),))
        elif key == "deadline" and value is not None:
            yield path, Place((("deadline", -1),), plus=1)
        elif value is not None and key in model.places and (path[0] in PLANNED or spot.is_day):
            yield path, Place(tuple(model.places[key]))


def _is_idle(scenario: Scenario, path: KeyPath) -> bool:
    return path[0] == "phases" and bool(lacking(scenario.phases[str(path[1])], str(path[2])))


def _control(file: ScenarioFile, world: World, path: KeyPath, place: Place) -> dict[str, Any]:
    key, spot = dotted(path), spot_at(path)
    assert spot is not None
    value, origin, extra = look_up(file.scenario, path), file.origins[key], spot.numeric or {}
    kind = "switch" if spot.kind is bool else "date" if spot.is_date else "whole" if spot.is_count else "number"
    low, high, allowed = _bounds(spot)
    name, owner = name_and_owner(path, [file.scenario])
    return {
        "key": key, "name": name, "of": owner, "help": _help(spot, file.scenario),
        "group": GROUPS[str(path[0])], "kind": kind, "unit": extra.get("unit", ""),
        "base": _plain(value) if value is not None else {"dist": "record"},
        "low": low, "high": high, "above": extra.get("above") is not None, "allowed": allowed,
        "span": _span(file.scenario, spot, value),
        "narrows": isinstance(value, Distribution | DateDistribution) and value.dist != "discrete",
        "mark": origin.mark, "source": origin.source, "write": _write(world, place),
    }


def _help(spot: Spot, scenario: Scenario) -> str:
    return called_first((spot.field.description if spot.field else "") or "", scenario.names)


def _plain(value: Any) -> Any:
    if isinstance(value, Distribution | DateDistribution):
        return value.model_dump(mode="json", exclude_none=True)
    return value.isoformat() if isinstance(value, date) else value


def _bounds(spot: Spot) -> tuple[Any, Any, str]:
    """Return the least and the most that is allowed (None for no bound), and both in words."""
    if spot.is_date:
        return f"{FIRST_YEAR}-01-01", f"{LAST_YEAR}-12-31", years_allowed()
    if spot.numeric is None:
        return None, None, "true or false"
    extra = spot.numeric
    low = extra["at_least"] if extra["above"] is None else extra["above"]
    return _finite(low), _finite(extra["at_most"]), allowed_text(extra)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _span(scenario: Scenario, spot: Spot, value: Any) -> list[Any] | None:
    """Return what a slider covers: what is drawn, what the schema suggests, or a range around the value."""
    if spot.kind is bool:
        return None
    if spot.is_date:
        first, last = (earliest(value), latest(value)) if value is not None else (scenario.start, scenario.end)
        return [min(first, scenario.start).isoformat(), max(last, scenario.end).isoformat()]
    ends = [*(spot.span or ()), *(extremes(value) if value is not None else ())]
    if value is not None and len(ends) == 1:
        ends += [ends[0] * share for share in SHOWN_WITHIN]
    low, high = min(ends), max(ends)
    extra = spot.numeric or {}
    return [max(low, extra["at_least"]), min(high, extra["at_most"])] if low < high else [0.0, 1.0]


def _write(world: World, place: Place) -> dict[str, Any]:
    places = []
    for field, index in place.fields:
        is_switch = isinstance(getattr(world.model.parameters, field), bool)
        places.append({"at": world.field("parameters", field, index), "type": "u1" if is_switch else "f8"})
    draw, column = None, None
    if place.column >= 0:
        column = world.column(place.draw, place.column)
    elif place.draw >= 0:
        draw = {"dist": world.draw("dist", place.draw), "numbers": world.draw("numbers", 4 * place.draw),
                "rows": world.draw("rows", place.draw)}
    return {"places": places, "plus": place.plus, "draw": draw, "column": column}
