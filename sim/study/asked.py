"""By when something that may happen is asked about, in words, and whether that is fair to plans of different length."""

from datetime import date
from typing import TYPE_CHECKING

from sim.rules.outcomes import ASKED_FOUR_WAYS, WAYS
from sim.words.labels import outcome_label
from sim.words.phrases import date_text

if TYPE_CHECKING:
    import xarray as xr

    from sim.study.study import Goal, Study

BY_HORIZON = f" {WAYS['']}"
FAIR = "_follow_up"
"""What is added to the name of an outcome that gives every plan the same time after completion."""
WHEN_COMPLETE = ("phases", "lift", "closing", "talks", "working_groups")
"""The tables of a scenario that say when troops leave."""


def plans_differ(study: "Study") -> bool:
    """Whether the policies of a study can be complete at different times."""
    first, *others = (file.scenario for file in study.scenarios)
    if not first.phases:
        return False
    moved = any(key.partition(".")[0] in WHEN_COMPLETE for lever in study.levers for key in lever.keys)
    return moved or any(getattr(first, table) != getattr(other, table) for table in WHEN_COMPLETE for other in others)


def follow_up_of(study: "Study") -> int:
    """Return how many days the follow-up of a study's scenarios has; 0 if that is not the same in all of them."""
    lengths = {file.scenario.follow_up_days for file in study.scenarios}
    return lengths.pop() if len(lengths) == 1 else 0


def asked(goal: "Goal", end: date, follow_up_days: int, differ: bool) -> list[str]:
    """Say by when an outcome is asked about; nothing if it is not one of those that are asked in four ways.

    Parameters
    ----------
    goal
        The outcome.
    end
        The horizon.
    follow_up_days
        The length of the follow-up; 0 if it is not the same in all plans.
    differ
        Whether plans can be complete at different times.
    """
    way = next((ending for ending in WAYS for stem in ASKED_FOUR_WAYS if goal.name == stem + ending), None)
    if way is None:
        return []
    stem = goal.name.removesuffix(way) if way else goal.name
    start = f"{outcome_label(stem).removesuffix(BY_HORIZON)} is asked {WAYS[way]}"
    match way:
        case "_during":
            return [f"{start}: a longer drawdown leaves more time for it."]
        case "_after":
            days = f"the {follow_up_days:,} days" if follow_up_days else "the days"
            return [f"{start}: for the first time in {days} after completion. If it came earlier, it does not count."]
        case "_follow_up":
            same = f"{follow_up_days:,} days after completion in every plan" if follow_up_days else (
                "which is not equally long in all scenarios")
            return [f"{start}, {same}."]
    line = f"{start}, {date_text(end)}."
    if differ:
        line += (" The plans are complete at different times, so the answer depends on where the horizon lies; "
                 f"{stem}{FAIR} asks for the same time after completion in every plan.")
    return [line]


def asked_in(ds: "xr.Dataset", goal: "Goal") -> list[str]:
    """Say by when an outcome of a study's dataset is asked about; see `asked`."""
    about = ds.attrs
    if "end" not in about:
        return []
    return asked(goal, date.fromisoformat(about["end"]), int(about.get("follow_up_days", 0)),
                 bool(about.get("plans_differ", 0)))
