"""What the tables of the page on the record share: the record, and how its figures are written."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from math import isnan

from sim.evidence import drawdowns
from sim.evidence.drawdowns import KINDS, Episode
from sim.evidence.fitted import FittedValue
from sim.evidence.friction import ALL

SIGN = {"read": "", "approximate": "~", "recalled": "?"}
"""How the tables mark what is less than sure."""

episodes = cache(drawdowns.episodes)


def of_kind(kind: str) -> list[Episode]:
    """Return the episodes of a kind of plan."""
    return [one for one in episodes() if one.kind == kind]


def groups() -> Iterable[tuple[str, Sequence[Episode]]]:
    """Return each kind with its episodes, and all of them."""
    return [*((f"`{kind}`", of_kind(kind)) for kind in KINDS), (ALL, episodes())]


def known(group: Iterable[Episode], of: Callable[[Episode], float | None]) -> list[float]:
    """Return what is known of some episodes."""
    return [value for one in group if (value := of(one)) is not None]


def interval(value: FittedValue, form: str = ",.0f") -> str:
    """Write an estimate with its interval, if it has one."""
    if isnan(value.low):
        return f"{value.estimate:{form}} (too few)"
    return f"{value.estimate:{form}} ({value.low:{form}} to {value.high:{form}})"


def percent(value: FittedValue | None) -> str:
    """Write a chance with its interval."""
    assert value is not None
    return f"{whole(value.estimate)} ({100 * value.low:.0f} to {whole(value.high)})"


def whole(part: float) -> str:
    """Write a part as whole percent."""
    return f"{100 * part:.0f} %"
