"""The main outcomes of a run as a table of texts, with notes for its readers."""

import math
from datetime import date
from typing import Any, NamedTuple

from sim.scenario.keys import general, undotted
from sim.scenario.names import MILESTONES, NOT_YET
from sim.scenario.program import program
from sim.words.completion import no_longer_complete, not_followed_up
from sim.words.labels import in_sentence, with_unit
from sim.words.layout import Table, table
from sim.words.phrases import date_text, listed, number, percent, precision_lines, share, whole_percent


class Row(NamedTuple):
    """An outcome in words."""

    outcome: str
    mean: str
    interval: str
    median: str
    range: str
    due_to_inputs: str
    name: str


SAMPLING = ("Sampling error of the mean: its 95 % interval, which narrows as more replications are played. 5–95 % is "
            "how far replications differ.")
"""What the two kinds of range in the table mean."""

MOST_NAMED = 6
"""How many of the numbers held fixed are named below the table."""

HEAD = Row("Outcome", "Mean", "Sampling error of the mean", "Median", "5–95 %", "Due to uncertain inputs", "Name")


def main_table(summary: dict[str, Any]) -> Table:
    """Return the table of the main outcomes of a summary, without empty columns."""
    rows = [_row(name, entry, _due_to_inputs(entry["variance"], summary["twins"]))
            for name, entry in summary["outcomes"].items() if entry["main"]]
    columns = [column for column in zip(HEAD, *rows, strict=True) if any(column[1:])]
    head, *cells = zip(*columns, strict=True)
    under = {HEAD.interval: HEAD.mean, HEAD.range: HEAD.median, HEAD.name: HEAD.outcome}
    return table(head, cells, set(head) - {HEAD.outcome, HEAD.name}, under, summary["title"] or summary["scenario"])


def notes(summary: dict[str, Any]) -> list[str]:
    """Return the notes below the table."""
    lines = []
    days = [entry for entry in summary["outcomes"].values() if entry["main"] and entry["kind"] == "day"]
    end = date.fromisoformat(summary["end"])
    if any(entry["happened"]["share"] < 1 for entry in days):
        lines.append(f"* In this mean, {NOT_YET.format(end=date_text(end))}.")
    plan = {name: date_text(date.fromisoformat(day)) for name, day in summary["plan"].items() if day}
    texts = {"agreement": in_sentence(MILESTONES["agreement"].label), "completion": "complete"}
    if plan:
        dates = ", ".join(f"{texts[name]} {day}" for name, day in plan.items())
        lines.append(f"As planned, without disturbances: {dates}.")
    lines += _what_is_left(summary.get("at_the_end"), end)
    return [*lines, *precision_lines(summary.get("precision"), as_shares=True), *_about_inputs(summary), SAMPLING]


def _what_is_left(left: dict[str, Any] | None, end: date) -> list[str]:
    """Say what the plan leaves: troops still there, follow-ups cut short, a deadline that only holds make it miss."""
    if left is None:
        return []
    lines = []
    there = [f"{entry['label']} {number(entry['median'])} in {share(entry['share'])}"
             for entry in left["troops_left"].values() if entry["share"] > 0]
    if there:
        lines.append(f"Troops still there on {date_text(end)} (the median where there are any, and in how many "
                     f"replications): {', '.join(there)}.")
    lines += no_longer_complete({"replications": left["no_longer_complete"]}, end)
    lines += not_followed_up({"replications": left["not_followed_up"]}, end, left["follow_up_days"])
    if left.get("plan_meets_deadline") and left["deadline_missed"] > 0:
        why = {"holds": "phases held", "new_dates": "phases whose date moved or whose order was reversed"}
        with_ = "; ".join(f"in {share(left[f'deadline_missed_with_{key}'])}, with {text}" for key, text in why.items()
                          if left[f"deadline_missed_with_{key}"] > 0)
        lines.append(f"Undisturbed, the plan meets the deadline, but it misses it in {share(left['deadline_missed'])} "
                     f"of replications{f' ({with_})' if with_ else ''}.")
    return lines


def _about_inputs(summary: dict[str, Any]) -> list[str]:
    """Say what the column on uncertain inputs shows, if it shows anything, and what it leaves out."""
    splits = [entry["variance"] for entry in summary["outcomes"].values() if entry["main"] and entry["variance"]]
    if not summary["twins"]:
        shown = ["This scenario draws no number, so nothing here shows what is not known."]
    elif not splits:
        shown = []
    else:
        reach = max(abs(end - split["parameters"]) for split in splits for end in split["ci95"])
        shown = [f"{HEAD.due_to_inputs}: the share of an outcome's variance that comes from the numbers that the "
                 f"scenario draws, to within {math.ceil(100 * reach)} percentage points. The rest is chance, as far as "
                 "the model is right."]
    return [*shown, _held_fixed(summary["held_fixed"])]


def _held_fixed(held: list[dict[str, Any]]) -> str:
    """Say which numbers could be others, though the scenario holds them fixed."""
    if not held:
        return "Everything assumed or estimated is drawn. What was measured and what the plan chooses is fixed."
    alike: dict[str, list[str]] = {}
    for entry in held:
        alike.setdefault(general(undotted(entry["key"])), []).append(entry["key"])
    names = (keys[0] if len(keys) == 1 else name for name, keys in alike.items())
    return (f"Held fixed, though assumed or estimated: {listed(names, MOST_NAMED)}. No range or share above allows for "
            f"that. {program()} resolve FILE marks them and offers ranges to draw them from.")


def _due_to_inputs(split: dict[str, Any] | None, twins: int) -> str:
    return whole_percent(split["parameters"]) if split and twins else ""


def _row(name: str, entry: dict[str, Any], share: str) -> Row:
    label, low_high = with_unit(entry["label"], entry["kind"], entry["unit"]), entry["ci95"]
    if entry["kind"] == "day":
        dates = entry["quantile_dates"]
        star = " *" if entry["happened"]["share"] < 1 else ""
        return Row(label, entry["mean_date"] + star, _between(entry["ci95_dates"]), dates["50"],
                   _between([dates["5"], dates["95"]]), share, name)
    if entry["kind"] == "yes_no":
        return Row(label, percent(entry["mean"]), _between(low_high and [100 * x for x in low_high], " %"),
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
