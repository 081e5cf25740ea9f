"""How scenarios differ in what has happened by any date: counts by day, from which every chance and difference follows.

The counts stand among the trajectories of a comparison, so they are written and read with them.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.estimate.by_date import Apart, Chance, apart, by_day, chance, day_of, events
from sim.estimate.intervals import quantile_rank
from sim.estimate.sample import Sample
from sim.words.by_date import event_label
from sim.words.labels import outcome_label
from sim.words.layout import Table, table
from sim.words.phrases import date_text, difference_text, percent

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from sim.comparison.compare import Comparison

HERE, BOTH = "happened", "happened_here_and_in_base"
ABOUT = {
    HERE: "Replications in which it has happened by the end of the day",
    BOTH: "Replications in which it has happened by the end of the day, here and in the base",
    "event": "Name of the outcome that says whether it happened",
}
"""Variables of the trajectories that count by event and day."""


def counted(trajectories: "xr.Dataset", base: Sample, here: Sample) -> "xr.Dataset":
    """Return trajectories of a scenario with the counts by day of every event that it measures."""
    names, in_base, horizon = events(here.catalogue), events(base.catalogue), here.horizon
    if not names:
        return trajectories
    happened = [by_day(here.read(column), horizon) for column in names.values()]
    both = [by_day(np.maximum(base.read(column), here.read(column)), horizon) if name in in_base
            else np.zeros(int(horizon), np.int64) for name, column in names.items()]
    variables = {name: (("event", "day"), np.array(values), {"long_name": ABOUT[name], "units": "replications"})
                 for name, values in ((HERE, happened), (BOTH, both))}
    return trajectories.assign_coords(
        event=(("event",), np.array(list(names), dtype=object), {"long_name": ABOUT["event"]})).assign(variables)


def events_of(comparison: "Comparison", side: str) -> list[str]:
    """Return the names of what may happen by a date in a scenario."""
    data = comparison.trajectories[side]
    return [str(name) for name in data.event.values] if HERE in data else []


def events_in_both(comparison: "Comparison", side: str) -> list[str]:
    """Return the names of what may happen by a date in a scenario and in the base."""
    in_base = events_of(comparison, comparison.base.name)
    return [name for name in events_of(comparison, side) if name in in_base]


def _counts(comparison: "Comparison", side: str, variable: str, event: str) -> NDArray[np.int64]:
    data = comparison.trajectories[side]
    return np.asarray(data[variable].values[events_of(comparison, side).index(event)])


def chance_in(comparison: "Comparison", side: str, event: str, day: int) -> Chance:
    """Return the chance that something has happened in a scenario by the end of a day."""
    return chance(int(_counts(comparison, side, HERE, event)[day]), comparison.replications)


def apart_on(comparison: "Comparison", side: str, event: str, days: Iterable[int]) -> list[Apart]:
    """Return by how much the chance that something has happened differs from that in the base, by the end of days."""
    base, here, both = (_counts(comparison, name, variable, event) for name, variable in (
        (comparison.base.name, HERE), (side, HERE), (side, BOTH)))
    return [apart(int(base[day]), int(here[day]), int(both[day]), comparison.replications) for day in days]


def median_day(comparison: "Comparison", side: str, event: str) -> int | None:
    """Return the day by which something has happened in half of the replications of a scenario; None if in fewer."""
    counts = _counts(comparison, side, HERE, event)
    day = int(np.searchsorted(counts, quantile_rank(50, comparison.replications)))
    return day if day < len(counts) else None


class ByRow(NamedTuple):
    """A chance by a date, and by how much it differs from the base; None in the base, and if the base lacks it."""

    date: date
    scenario: str
    outcome: str
    chance: Chance
    apart: Apart | None


def rows_by(comparison: "Comparison", dates: Sequence[date | str]) -> list[ByRow]:
    """Return the chance of every event by some dates, in every scenario.

    Raises
    ------
    ScenarioError
        If a date lies outside the scenarios.
    """
    days = [day_of(asked, comparison.base.file) for asked in dict.fromkeys(dates)]
    rows = []
    for day in days:
        when = comparison.base.file.scenario.start + timedelta(days=day)
        for side in comparison.sides:
            compared = [] if side is comparison.base else events_in_both(comparison, side.name)
            rows += [ByRow(when, side.name, event, chance_in(comparison, side.name, event, day),
                           apart_on(comparison, side.name, event, [day])[0] if event in compared else None)
                     for event in events_of(comparison, side.name)]
    return rows


def frame_by(comparison: "Comparison", dates: Sequence[date | str]) -> "pd.DataFrame":
    """Return the same as a table with numbers: a row for each date, scenario and outcome."""
    import pandas as pd

    def ends(name: str, interval: list[float] | None) -> dict[str, float | None]:
        low, high = interval or (None, None)
        return {f"{name}_low": low, f"{name}_high": high}

    rows = [{"date": row.date, "scenario": row.scenario, "outcome": row.outcome, "chance": row.chance.chance,
             **ends("ci95", row.chance.ci95), "difference": row.apart.difference if row.apart else None,
             **ends("difference", row.apart.ci95 if row.apart else None)} for row in rows_by(comparison, dates)]
    return pd.DataFrame(rows).set_index(["date", "scenario", "outcome"])


def as_dict(comparison: "Comparison", dates: Sequence[date | str]) -> dict[str, Any]:
    """Return the same as plain data, fit for JSON, by date, scenario and outcome."""
    data: dict[str, Any] = {}
    for row in rows_by(comparison, dates):
        entry: dict[str, Any] = {"chance": row.chance.chance, "ci95": row.chance.ci95}
        if row.apart is not None:
            entry |= {"difference": row.apart.difference, "difference_ci95": row.apart.ci95}
        data.setdefault(row.date.isoformat(), {}).setdefault(row.scenario, {})[row.outcome] = entry
    return data


def tables_by(comparison: "Comparison", dates: Sequence[date | str]) -> list[Table]:
    """Return the same as tables of texts: one for each scenario against the base."""
    if not dates:
        return []
    rows = rows_by(comparison, dates)
    base = {(row.date, row.outcome): row.chance for row in rows if row.scenario == comparison.base.name}
    return [_table(comparison, name, [row for row in rows if row.scenario == name], base)
            for name in comparison.differences if events_in_both(comparison, name)]


def _table(
    comparison: "Comparison", name: str, rows: Sequence[ByRow], base: dict[tuple[date, str], Chance]
) -> Table:
    head = ("Outcome", "By", comparison.base.name, name, "Difference", "95 % interval", "Name")
    cells = [(event_label(outcome_label(row.outcome, comparison.base.file.scenario)), date_text(row.date),
              percent(base[row.date, row.outcome].chance), percent(row.chance.chance), *_apart_texts(row.apart),
              row.outcome)
             for row in sorted(rows, key=lambda row: events_of(comparison, name).index(row.outcome))
             if row.apart is not None]
    under = {name: comparison.base.name, "95 % interval": "Difference", "Name": "Outcome"}
    return table(head, cells, head[2:-1], under, f"{name} against {comparison.base.name}: chances by date")


def _apart_texts(of: Apart) -> tuple[str, str]:
    if of.ci95 == [0.0, 0.0]:
        return "0 points", ""
    half = max((of.ci95[1] - of.ci95[0]) / 2, abs(of.difference) / 1000)
    difference, low, high = (difference_text(100 * value, 100 * half) for value in (of.difference, *of.ci95))
    return f"{difference} points", f"{low} to {high} points"
