"""Relations between values of a scenario, as data: what must hold, and what is said if it does not.

`check` and the page that plays a scenario in the browser (`web/levers/relations.ts`) read the same relations.
"""

import math
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from sim.scenario.build import Fault
from sim.scenario.days import DateDistribution, earliest, latest
from sim.scenario.fields import Distribution, extremes, plain
from sim.scenario.keys import look_up
from sim.scenario.lines import KeyPath
from sim.scenario.schema import Scenario

Expression = Any
"""A number, a date, or a tuple: one of `ENDS` and a path, or one of `OPERATIONS` (or ``if``) and expressions."""


@dataclass(frozen=True)
class Relation:
    """Something that must hold between values.

    Attributes
    ----------
    path
        The value or table that is at fault if it does not hold.
    holds
        What must be true.
    message
        What is wrong and what is allowed, in parts: texts; ``(form, expression)``, with one of `FORMS`; or ``("when",
        expression, *parts)`` for what is said only if something is true.
    about
        Other values and tables that it depends on.
    """

    path: KeyPath
    holds: Expression
    message: tuple[Any, ...]
    about: tuple[KeyPath, ...] = ()


def broken(s: Scenario, relations: Iterable[Relation]) -> Iterator[Fault]:
    """Find relations that do not hold."""
    for relation in relations:
        if not value_of(relation.holds, s):
            yield Fault(relation.path, _said(relation.message, s), relation.about)


def value_of(expression: Expression, s: Scenario) -> Any:
    """Return the value of an expression in a scenario."""
    if not isinstance(expression, tuple):
        return expression
    what, *parts = expression
    if what in ENDS:
        return ENDS[what](look_up(s, parts[0]))
    if what == "if":
        return value_of(parts[1 if value_of(parts[0], s) else 2], s)
    return OPERATIONS[what](*(value_of(part, s) for part in parts))


def _said(message: tuple[Any, ...], s: Scenario) -> str:
    text = ""
    for part in message:
        if isinstance(part, str):
            text += part
        elif part[0] != "when":
            text += FORMS[part[0]](value_of(part[1], s))
        elif value_of(part[1], s):
            text += _said(part[2:], s)
    return text


def low(*path: Any) -> Expression:
    """Return the least that a number can be, or the first day on which a date can fall."""
    return ("low", path)


def high(*path: Any) -> Expression:
    """Return the most that a number can be, or the last day on which a date can fall."""
    return ("high", path)


def _low(value: Any) -> Any:
    return earliest(value) if isinstance(value, date | DateDistribution) else extremes(value)[0]


def _high(value: Any) -> Any:
    return latest(value) if isinstance(value, date | DateDistribution) else extremes(value)[-1]


ENDS: dict[str, Callable[[Any], Any]] = {
    "low": _low, "high": _high, "is": bool,
    "drawn": lambda value: isinstance(value, Distribution | DateDistribution)}
"""What is asked of a value: its ends, whether it is switched on, whether it is uncertain."""
OPERATIONS: dict[str, Callable[..., Any]] = {
    "<": operator.lt, "<=": operator.le, "not": operator.not_,
    "and": lambda *parts: all(parts), "or": lambda *parts: any(parts),
    "+": lambda *parts: reduce(operator.add, parts), "*": lambda *parts: reduce(operator.mul, parts),
    "-": operator.sub, "/": operator.truediv, "^": operator.pow, "exp": math.exp, "log": math.log, "ceil": math.ceil,
    "max": lambda *parts: max(parts), "min": lambda *parts: min(parts)}
FORMS: dict[str, Callable[[Any], str]] = {
    "date": str, "plain": plain, "short": lambda number: f"{number:.3g}",
    "rough": lambda number: plain(float(f"{number:.3g}"))}
"""How a value is written: a date, a number, a number with three digits, the same in full."""
