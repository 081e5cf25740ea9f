"""Small scenarios written by hand, from a few tables each. Day 0 is 1 January 2024."""

from datetime import date, timedelta
from typing import Any

from sim.model.setup import Model, set_up
from sim.scenario.load import from_dict

START = date(2024, 1, 1)
CALM = {"theatres": {"north": {"troops": 1000}}}
CERTAIN_LIFT = {"per_week": 700, "load": 100, "spread": 0}
CERTAIN_CLOSING = {"crews": 2, "spread": 0}
NO_COUPLINGS = dict.fromkeys((
    "presence_to_attacks", "tension_to_attacks", "contagion", "talks_to_attacks", "timeline_to_attacks",
    "attacks_to_response", "response_to_attacks", "attacks_to_talks", "attacks_to_drawdown", "attacks_to_threat",
), False)
HARMLESS = {"harm_chance": 0}
ALWAYS_FATAL = {"harm_chance": 1, "fatal_chance": 1}
SURE = {"sure": {"gets_through": 1}}


def day(number: int) -> date:
    return START + timedelta(days=number)


def model(days: int, **tables: Any) -> Model:
    """Return a scenario of so many days, ready to be played."""
    return set_up(from_dict({"start": START, "end": day(days - 1), **CALM, **tables}).scenario)


def leaving(target: float = 0, **more: Any) -> dict[str, Any]:
    """Return the table of phases of a theatre ``north`` that leaves from day 0."""
    return {"leave": {"theatre": "north", "start": START, "target": target, **more}}
