"""What a study found, policy by policy: the outcome over futures, and how often it keeps to its threshold."""

from typing import TYPE_CHECKING, Any

from sim.analysis.phrases import counted, number
from sim.study.pick import Array, goals_of, names
from sim.study.study import STATISTICS, Goal

if TYPE_CHECKING:
    import xarray as xr

HEAD = ("Policy", "Outcome", "Mean", "Range", "Within", "Unit")


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


def table(dataset: "xr.Dataset") -> list[tuple[str, ...]]:
    """Return the summary as rows of texts, for the columns of `HEAD`."""
    rows: list[tuple[str, ...]] = []
    for policy, outcomes in summary(dataset).items():
        for i, (outcome, found) in enumerate(outcomes.items()):
            statistic = "" if found["statistic"] == "mean" else f", {STATISTICS[found['statistic']]}"
            within = "" if found["within"] is None else f"{100 * found['within']:.0f} %"
            rows.append((policy if i == 0 else "", outcome + statistic, number(found["mean"]),
                         f"{number(found['lowest'])} – {number(found['highest'])}", within, found["unit"]))
    return rows


def extent(policies: int, futures: int, replications: int) -> str:
    """Say how many policies meet how many futures, and how often."""
    return (f"{counted(policies, 'policy', 'policies')} x {counted(futures, 'future')} x "
            f"{counted(replications, 'replication')}")


def duration(seconds: float) -> str:
    """Write a time for a reader."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def size(count: int) -> str:
    """Write a number of bytes for a reader."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"
