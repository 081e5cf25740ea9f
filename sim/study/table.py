"""Results of a study by policy: each outcome over futures, and how often it stays within its threshold."""

from datetime import date
from typing import TYPE_CHECKING, Any

from sim.study.asked import asked_in, cut_off_in, shares_in
from sim.study.pick import Array, goals_of, names
from sim.study.study import Goal
from sim.words.labels import with_unit
from sim.words.layout import Table
from sim.words.layout import table as layout
from sim.words.phrases import counted, mean_text, whole_percent

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

HEAD = ("Policy", "Outcome", "Mean", "Range", "Within")


def summary(dataset: "xr.Dataset") -> dict[str, Any]:
    """Return, by policy and outcome, the statistic's mean and range over futures and the share within the threshold."""
    value = dataset["value"]
    return {policy: {goal.name: _of(value.sel(policy=policy, outcome=goal.name).values, goal)
                     for goal in goals_of(dataset)} for policy in names(dataset, "policy")}


def _of(values: Array, goal: Goal) -> dict[str, Any]:
    within = goal.sign * (values - (goal.threshold or 0.0)) <= 0
    return {"statistic": goal.statistic, "unit": goal.unit, "mean": float(values.mean()),
            "lowest": float(values.min()), "highest": float(values.max()), "threshold": goal.threshold,
            "within": None if goal.threshold is None else float(within.mean())}


def words(dataset: "xr.Dataset") -> list[str]:
    """Say by when the outcomes are asked about, and what the horizon cuts off."""
    goals = goals_of(dataset)
    return [*(line for goal in goals for line in asked_in(dataset, goal)), *cut_off_in(dataset, goals)]


def as_dict(dataset: "xr.Dataset") -> dict[str, Any]:
    """Return the results by policy as JSON has them, with the shares covered if an outcome hangs on completion."""
    covered = shares_in(dataset)
    return {"policies": summary(dataset), **({"covered": covered} if covered else {}), "words": words(dataset)}


def numbers(dataset: "xr.Dataset") -> "pd.DataFrame":
    """Return the summary as a data frame: a row for each policy and outcome."""
    import pandas as pd

    rows = [{"policy": policy, "outcome": name, **entry} for policy, outcomes in summary(dataset).items()
            for name, entry in outcomes.items()]
    return pd.DataFrame(rows).set_index(["policy", "outcome"])


def table(dataset: "xr.Dataset") -> Table:
    """Return the summary as a table."""
    rows: list[tuple[str, ...]] = []
    goals, ends = goals_of(dataset), [date.fromisoformat(dataset.attrs[end]) for end in ("start", "end")]
    for policy, outcomes in summary(dataset).items():
        for goal, entry in zip(goals, outcomes.values(), strict=True):
            within = "" if entry["within"] is None else whole_percent(entry["within"])
            mean, low, high = (mean_text(entry[key], goal.kind, *ends) for key in ("mean", "lowest", "highest"))
            called = with_unit(goal.judged, goal.kind, goal.unit)
            rows.append((policy if goal is goals[0] else "", called, mean, f"{low} – {high}", within))
    return layout(HEAD, rows, HEAD[2:], {"Range": "Mean"}, dataset.attrs["title"] or dataset.attrs["name"])


def extent(policies: int, futures: int, replications: int) -> str:
    """Return the number of policies, futures and replications in words."""
    return (f"{counted(policies, 'policy', 'policies')} × {counted(futures, 'future')} × "
            f"{counted(replications, 'replication')}")


def duration(seconds: float) -> str:
    """Write a time for a reader."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def size(count: int) -> str:
    """Write a number of bytes for a reader."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"
