"""The main outcomes of a run as a table of texts, and what a reader of it has to know."""

import math
from datetime import date
from typing import Any, NamedTuple

from sim.words.labels import date_text, with_unit
from sim.words.layout import Table, table
from sim.words.phrases import number


class Row(NamedTuple):
    """An outcome in words."""

    outcome: str
    mean: str
    interval: str
    median: str
    range: str
    not_known: str
    name: str


HEAD = Row("Outcome", "Mean", "95 % interval", "Median", "5–95 %", "Not known", "Name")


def main_table(summary: dict[str, Any]) -> Table:
    """Return the table of the main outcomes of a summary, without the columns that hold nothing."""
    rows = [_row(name, entry, _share(entry["variance"]) if summary["twins"] else "")
            for name, entry in summary["outcomes"].items() if entry["main"]]
    columns = [column for column in zip(HEAD, *rows, strict=True) if any(column[1:])]
    head, *cells = zip(*columns, strict=True)
    under = {HEAD.interval: HEAD.mean, HEAD.range: HEAD.median, HEAD.name: HEAD.outcome}
    return table(head, cells, set(head) - {HEAD.outcome, HEAD.name}, under, summary["title"] or summary["scenario"])


def notes(summary: dict[str, Any]) -> list[str]:
    """Return what a reader of the table has to know besides."""
    lines = []
    days = [entry for entry in summary["outcomes"].values() if entry["main"] and entry["kind"] == "day"]
    end = date_text(date.fromisoformat(summary["end"]))
    if any(entry["happened"]["share"] < 1 for entry in days):
        lines.append(f"* a mean that counts {end} where it had not happened by then")
    plan = {name: date_text(date.fromisoformat(day)) for name, day in summary["plan"].items() if day}
    texts = {"agreement": "timeline agreed", "completion": "complete"}
    if plan:
        said = ", ".join(f"{texts[name]} {day}" for name, day in plan.items())
        lines.append(f"As planned, without disturbances: {said}.")
    return lines + _precision(summary.get("precision")) + _not_known(summary)


def _not_known(summary: dict[str, Any]) -> list[str]:
    """Say what the column of that name holds, if it holds anything."""
    splits = [entry["variance"] for entry in summary["outcomes"].values() if entry["main"] and entry["variance"]]
    if not splits or not summary["twins"]:
        return []
    reach = max(abs(end - split["parameters"]) for split in splits for end in split["ci95"])
    return ["Not known: share of an outcome's variance that comes from uncertain numbers, to within "
            f"{math.ceil(100 * reach)} percentage points; the rest is chance."]


def _precision(account: dict[str, Any] | None) -> list[str]:
    """Say what precision was reached."""
    if account is None:
        return []
    verdict = "reached, and held at two further looks," if account["held"] else "not reached for good"
    lines = [f"Precision {verdict} at {account['replications']:,} replications (at most {account['at_most']:,}):"]
    for name, target in account["targets"].items():
        lines.append(f"  {name}: {_reached(target)}, asked ± {target['asked']}{'' if target['met'] else ', not met'}")
    return lines


def _reached(target: dict[str, Any]) -> str:
    """Write the half-width that was reached as it was asked for: as a number, or as a share."""
    if target["half_width"] is None:
        return "none"
    if target["asked"].endswith("%"):
        return f"± {number(100 * target['half_width'] / abs(target['estimate']))}%"
    return f"± {number(target['half_width'])}"


def _share(split: dict[str, Any] | None) -> str:
    return f"{100 * split['parameters']:.0f} %" if split else ""


def _row(name: str, entry: dict[str, Any], share: str) -> Row:
    label, low_high = with_unit(entry["label"], entry["kind"], entry["unit"]), entry["ci95"]
    if entry["kind"] == "day":
        dates = entry["quantile_dates"]
        star = " *" if entry["happened"]["share"] < 1 else ""
        return Row(label, entry["mean_date"] + star, _between(entry["ci95_dates"]), dates["50"],
                   _between([dates["5"], dates["95"]]), share, name)
    if entry["kind"] == "yes_no":
        return Row(label, f"{number(100 * entry['mean'])} %", _between(low_high and [100 * x for x in low_high], " %"),
                   "", "", share, name)
    levels = entry["quantiles"]
    if levels["50"] is None:  # a ratio of means
        mean = "" if entry["mean"] is None else number(entry["mean"])
        return Row(label, mean, _between(low_high), "", "", "", name)
    return Row(label, number(entry["mean"]), _between(low_high), number(levels["50"]),
               _between([levels["5"], levels["95"]]), share, name)


def _between(ends: list[Any] | None, unit: str = "") -> str:
    if ends is None:
        return ""
    low, high = (end if isinstance(end, str) else number(end) for end in ends)
    return f"{low} – {high}{unit}"
