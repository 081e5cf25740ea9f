"""The relations of a scenario between what can be moved on the page, with everything else put in as it is."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sim.scenario.checks import relations
from sim.scenario.days import MODE_BETWEEN, DateDistribution, TriangularDates
from sim.scenario.fields import (
    LOW_BELOW_HIGH,
    MEAN_NEAR,
    MEDIAN_NEAR,
    MODE_WITHIN,
    Distribution,
    Lognormal,
    Normal,
    Triangular,
)
from sim.scenario.key_checks import with_joint_ranges
from sim.scenario.keys import dotted, look_up, undotted
from sim.scenario.relations import ENDS, Expression, Relation, value_of
from sim.scenario.schema import Scenario

REACH = 5
"""How many standard deviations outside its bounds the middle of a distribution may be."""


def relations_of(scenario: Scenario, keys: set[str]) -> list[dict[str, Any]]:
    """Return what must hold between some keys, fit for JSON.

    Returns
    -------
    list of dict
        ``key``: where the message belongs; ``keys``: those of the keys that it depends on; ``holds`` and ``message``
        as in `sim.scenario.relations.Relation`, with keys instead of paths, and dates as texts.
    """
    s = with_joint_ranges(scenario)
    found = []  # but none that does not hold with everything as it is: tables of draws are checked row by row
    for relation in (*relations(scenario), *_ranges(scenario, keys)):
        holds = _within(relation.holds, s, keys)
        about = sorted(set(_keys_in(holds)))
        if about and (relation.holds[0] == "range" or value_of(relation.holds, s)):
            found.append({"key": dotted(relation.path), "keys": about, "holds": holds,
                          "message": _message(relation.message, s, keys)})
    return found


def _ranges(s: Scenario, keys: set[str]) -> Iterator[Relation]:
    """Yield what a narrower range needs; of a value, and of a number as in the file, nothing is asked."""
    for key in keys:
        path = undotted(key)
        value, ends = look_up(s, path), (("low", path), ("high", path))
        if not isinstance(value, Distribution | DateDistribution) or value.dist == "discrete":
            continue
        low, high = ends
        needs: list[tuple[Expression, str]] = [(("<", low, high), LOW_BELOW_HIGH)]
        match value:
            case Triangular():
                needs.insert(0, (_between(low, value.mode, high), MODE_WITHIN))
            case TriangularDates():
                needs = [(("and", _between(low, value.mode, high), ("<", low, high)), MODE_BETWEEN)]
            case Normal():
                reach = REACH * value.sd
                needs.append((_between(("-", low, reach), value.mean, ("+", high, reach)), MEAN_NEAR))
            case Lognormal():
                reach, middle = REACH * value.sigma, ("log", value.median)
                needs.append((_between(("-", ("log", low), reach), middle, ("+", ("log", high), reach)), MEDIAN_NEAR))
        for holds, message in needs:
            yield Relation(path, ("range", path, holds), (message,))


def _between(low: Expression, middle: Expression, high: Expression) -> Expression:
    return ("and", ("<=", low, middle), ("<=", middle, high))


def _within(expression: Expression, s: Scenario, keys: set[str]) -> Any:
    """Return an expression in which only these keys are left open."""
    if isinstance(expression, date):
        return expression.isoformat()
    if not isinstance(expression, tuple):
        return expression
    what, *parts = expression
    if what in ENDS:
        key = dotted(parts[0])
        return [what, key] if key in keys else _within(value_of(expression, s), s, keys)
    if what == "range":
        return [what, dotted(parts[0]), _within(parts[1], s, keys)]
    inner = [_within(part, s, keys) for part in parts]
    if (what == "or" and True in inner) or (what == "and" and False in inner):
        return what == "or"
    is_open = any(isinstance(part, list) for part in inner)
    return [what, *inner] if is_open else _within(value_of(expression, s), s, keys)


def _keys_in(expression: Any) -> Iterator[str]:
    if isinstance(expression, list):
        if expression[0] in (*ENDS, "range"):
            yield expression[1]
        for part in expression[1:]:
            yield from _keys_in(part)


def _message(message: tuple[Any, ...], s: Scenario, keys: set[str]) -> list[Any]:
    parts: list[Any] = []
    for part in message:
        if isinstance(part, str):
            parts.append(part)
        elif part[0] == "when":
            parts.append(["when", _within(part[1], s, keys), *_message(part[2:], s, keys)])
        else:
            parts.append([part[0], _within(part[1], s, keys)])
    return parts
