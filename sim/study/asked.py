"""By when outcomes are asked about, in words, whether that is fair to all plans, and what the horizon cuts off."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from sim.rules.outcomes import ASKED_FOUR_WAYS, WAYS
from sim.words.completion import OTHER_DATES, not_complete, not_followed_up, on_completion, up_to_completion
from sim.words.phrases import date_text

if TYPE_CHECKING:
    import xarray as xr

    from sim.study.study import Goal, Study

BY_HORIZON = f" {WAYS['']}"
FAIR = "_follow_up"
"""What is added to the name of an outcome that gives every plan the same time after completion."""
COVER = ("completed", "followed_up")
"""The outcomes that say what the horizon cuts off: measured wherever an outcome hangs on completion."""
MOST_NAMED = 6
"""Policies named in a sentence."""
WHEN_COMPLETE = ("phases", "lift", "closing", "talks", "working_groups")
"""The tables of a scenario that say when troops leave."""


def plans_differ(study: "Study") -> bool:
    """Whether the policies of a study can be complete at different times."""
    first, *others = (file.scenario for file in study.scenarios)
    if not first.phases:
        return False
    moved = any(key.partition(".")[0] in WHEN_COMPLETE for lever in study.levers for key in lever.keys)
    return moved or any(getattr(first, table) != getattr(other, table) for table in WHEN_COMPLETE for other in others)


def asked(goal: "Goal", end: date, follow_up_days: int, differ: bool) -> list[str]:
    """Say by when an outcome is asked about; nothing if it is not one of those that are asked in four ways.

    Parameters
    ----------
    goal
        The outcome.
    end
        The horizon.
    follow_up_days
        The length of the follow-up.
    differ
        Whether plans can be complete at different times.
    """
    way = next((ending for ending in WAYS for stem in ASKED_FOUR_WAYS if goal.name == stem + ending), None)
    if way is None:
        return []
    stem = goal.name.removesuffix(way) if way else goal.name
    start = f"{goal.said.removesuffix(f' {WAYS[way]}')} is asked {WAYS[way]}"
    match way:
        case "_during":
            return [f"{start}: a longer drawdown leaves more time for it."]
        case "_after":
            return [f"{start}: for the first time in the {follow_up_days:,} days after completion. If it came earlier, "
                    "it does not count."]
        case "_follow_up":
            return [f"{start}, {follow_up_days:,} days after completion in every plan."]
    line = f"{start}, {date_text(end)}."
    if differ:
        line += (" The plans are complete at different times, so the answer depends on where the horizon lies; "
                 f"{stem}{FAIR} asks for the same time after completion in every plan.")
    return [line]


def asked_in(ds: "xr.Dataset", goal: "Goal") -> list[str]:
    """Say by when an outcome of a study's dataset is asked about; see `asked`."""
    about = ds.attrs
    if "follow_up_days" not in about:
        return []
    return asked(goal, date.fromisoformat(about["end"]), int(about["follow_up_days"]), bool(about["plans_differ"]))


def cut_off(
    goals: Iterable["Goal"], shares: Mapping[str, Mapping[str, float]], end: date, follow_up_days: int, differ: bool
) -> list[str]:
    """Say what there is to know of outcomes that hang on completion: other dates, and what the horizon cuts off.

    Parameters
    ----------
    goals
        All outcomes that are judged.
    shares
        By policy, the shares of replications in which the outcomes of `COVER` are true; empty if they are not known.
    end, follow_up_days, differ
        As for `asked`.
    """
    hanging = [goal.name for goal in goals if on_completion(goal.name)]
    lines = [OTHER_DATES] if hanging and differ else []
    before = [name for name in hanging if up_to_completion(name)]
    missed = {name: {policy: 1 - part[name] for policy, part in shares.items()} for name in COVER}
    if before:
        lines += not_complete(missed["completed"], end, MOST_NAMED)
    if len(before) < len(hanging):
        lines += not_followed_up(missed["followed_up"], end, follow_up_days, MOST_NAMED)
    return lines


def cut_off_in(ds: "xr.Dataset", goals: Iterable["Goal"]) -> list[str]:
    """Say it of outcomes of a study's dataset, with shares of all replications in all futures; see `cut_off`."""
    about = ds.attrs
    if "follow_up_days" not in about:
        return []
    return cut_off(goals, shares_in(ds), date.fromisoformat(about["end"]), int(about["follow_up_days"]),
                   bool(about["plans_differ"]))


def shares_in(ds: "xr.Dataset") -> dict[str, dict[str, float]]:
    """Return, by policy, the shares of replications that are complete and followed up; empty if they are not known."""
    if any(name not in ds for name in COVER):
        return {}
    return {str(policy): {name: float(ds[name].sel(policy=policy).mean()) for name in COVER}
            for policy in ds["policy"].values}
