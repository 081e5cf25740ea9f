"""Chances by a date as texts: what has happened by then, and how the chances of scenarios differ."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sim.estimate.by_date import Chance
from sim.words.layout import Table, table
from sim.words.phrases import date_text, number, percent

Chances = Mapping[date, Mapping[str, Chance]]
"""Chances by date and event; see `sim.estimate.by_date.events`."""

TITLE = "Chance that it has happened by a date, with its 95 % interval"
NOTHING = "Nothing in this scenario is planned or may happen by a date."
"""What is said if there are no such chances."""


def event_label(label: str) -> str:
    """Return what an event is called, given the label of its outcome: ``Hand-over (Iraq)`` for its date."""
    name = label.removeprefix("Date of ").removeprefix("the ")
    return name[:1].upper() + name[1:]


def chance_text(of: Chance) -> str:
    """Write a chance with its interval: ``53.8 % (52.8 – 54.8)``."""
    return percent(of.chance) + (f" ({' – '.join(number(100 * end) for end in of.ci95)})" if of.ci95 else "")


def by_table(summary: Mapping[str, Any], chances: Chances) -> Table:
    """Return a table of chances: a row for each event, a column for each date."""
    heads = [f"By {date_text(day)}" for day in chances]
    names = dict.fromkeys(name for by_event in chances.values() for name in by_event)
    rows = [[event_label(summary["outcomes"][name]["label"]), *(chance_text(of[name]) for of in chances.values()), name]
            for name in names]
    return table(["Outcome", *heads, "Name"], rows, heads, {"Name": "Outcome"}, TITLE)


def as_dict(chances: Chances) -> dict[str, Any]:
    """Return chances as plain data, fit for JSON, by date and event."""
    return {day.isoformat(): {name: {"chance": of.chance, "ci95": of.ci95} for name, of in by_event.items()}
            for day, by_event in chances.items()}
