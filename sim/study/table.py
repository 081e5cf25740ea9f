"""What a study found, policy by policy: the outcome over futures, and how often it keeps to its threshold."""

import math
from typing import TYPE_CHECKING, Any

from sim.analysis.phrases import number

if TYPE_CHECKING:
    import xarray as xr

HEAD = ("Policy", "Outcome", "Mean", "Range", "Within", "Unit")
QUANTILES = {"q5": "5 % quantile", "q25": "25 % quantile", "q50": "median", "q75": "75 % quantile",
             "q95": "95 % quantile"}


def summary(dataset: "xr.Dataset") -> dict[str, Any]:
    """Return, by policy and outcome, the statistic's mean and range over futures and the share within the threshold."""
    return {str(policy): {str(outcome): _of(dataset.sel(policy=policy, outcome=outcome))
                          for outcome in dataset["outcome"].values} for policy in dataset["policy"].values}


def _of(one: "xr.Dataset") -> dict[str, Any]:
    values, threshold = one["value"].values, float(one["threshold"])
    within = values <= threshold if one["better"] == "low" else values >= threshold
    return {"statistic": str(one["statistic"].values), "unit": str(one["unit"].values), "mean": float(values.mean()),
            "lowest": float(values.min()), "highest": float(values.max()), "threshold": threshold,
            "within": math.nan if math.isnan(threshold) else float(within.mean())}


def table(dataset: "xr.Dataset") -> list[tuple[str, ...]]:
    """Return the summary as rows of texts, for the columns of `HEAD`."""
    rows: list[tuple[str, ...]] = []
    for policy, outcomes in summary(dataset).items():
        for i, (outcome, found) in enumerate(outcomes.items()):
            statistic = "" if found["statistic"] == "mean" else f", {QUANTILES[found['statistic']]}"
            within = "" if math.isnan(found["within"]) else f"{100 * found['within']:.0f} %"
            rows.append((policy if i == 0 else "", outcome + statistic, number(found["mean"]),
                         f"{number(found['lowest'])} – {number(found['highest'])}", within, found["unit"]))
    return rows


def points(policies: int, futures: int) -> str:
    """Say how many policies meet how many futures."""
    return (f"{policies:,} {'policy' if policies == 1 else 'policies'} x "
            f"{futures:,} {'future' if futures == 1 else 'futures'}")


def duration(seconds: float) -> str:
    """Write a time for a reader."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def size(count: int) -> str:
    """Write a number of bytes for a reader."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"
