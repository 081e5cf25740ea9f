"""Names and dates as they stand in texts and figures."""

from datetime import date, timedelta
from functools import cache
from typing import Any

from sim.rules.setup import closing_order
from sim.scenario.schema import MILESTONES, Scenario

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
"""The same in every locale."""

MILESTONE_LABELS = {
    "agreement": "Timeline agreed", "breakdown": "Talks broken down", "demand": "Demand to leave",
    "resurgence": "ISIS resurgence", "mass_casualty": "First mass-casualty attack",
    "fatal_attack": "First fatal attack",
}


def labels(scenario: Scenario, kind: str) -> list[str]:
    """Return the labels of everything of a kind, numbered as in the model.

    Parameters
    ----------
    scenario
        The scenario.
    kind
        ``theatres``, ``sites``, ``phases``, ``kinds`` (of attack), ``suppressions``, ``groups`` or ``milestones``.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    match kind:
        case "theatres":
            return _of(scenario.theatres)
        case "sites":
            theatres = scenario.theatres.values()
            return [_label(name, t.sites[name]) for t in theatres for name in closing_order(t.sites)]
        case "phases":
            return _of(scenario.phases)
        case "kinds":
            return _of(scenario.attack_kinds)
        case "suppressions":
            return _of(scenario.suppressions)
        case "groups":
            return _of(scenario.working_groups)
        case "milestones":
            reached = [f"{phase} at its target" for phase in _of(scenario.phases)]
            return [MILESTONE_LABELS[name] for name in MILESTONES] + reached
    raise ValueError(f"nothing is called {kind}")


def label(scenario: Scenario, kind: str, index: int) -> str:
    """Return the label of one thing; see `labels`."""
    return labels(scenario, kind)[index]


def date_of(scenario: Scenario, day: float) -> date:
    """Return the date on which a time falls, in days since the start; the last day for anything later."""
    return date_on(day, scenario.start, scenario.end)


def date_on(day: float, start: date, end: date) -> date:
    """Return the date on which a time falls, in days since a start; the end for anything later."""
    return start + timedelta(days=int(min(day, (end - start).days) // 1))


def date_text(day: date) -> str:
    """Write a date as ``12 Mar 2024``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@cache
def one_line(text: str) -> str:
    """Put a text on one line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _of(tables: dict[str, Any]) -> list[str]:
    return [_label(name, table) for name, table in tables.items()]


def _label(name: str, table: Any) -> str:
    return one_line(table.label) or name.replace("_", " ").capitalize()
