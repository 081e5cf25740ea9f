"""The answer of a run in three to five sentences: only what the intervals allow, with what it hinges on."""

import math

import numpy as np

from sim.estimate.estimate import quantile
from sim.estimate.practical import least_of
from sim.estimate.targets import least_differences_of
from sim.report.scene import Entry, Scene
from sim.words.labels import date_of, in_sentence
from sim.words.phrases import counted, date_text, listed, number, percent, was, whole_percent

CAVEAT = "These are courses of events under stated assumptions. They compare schedules; they do not predict the war."
THREAT = ("resurgence_follow_up", "resurgence")
"""The first of these that is measured says how likely a resurgence is."""
MUCH, LITTLE = 0.3, 0.15
"""From which share of an outcome's variance on it hinges on uncertain numbers, and up to which it is mostly chance."""
MOST_NAMED = 3
FEW = 20
"""From how many replications on their means and shares are an answer."""


def answer(scene: Scene) -> list[str]:
    """Return the answer: when, at what price, what becomes of the threat, what it hinges on, and what it is not."""
    if scene.replications < FEW:
        return [f"Only {counted(scene.replications, 'replication')} {was(scene.replications)} played, too few for an "
                "answer: play 1,000 or more.", CAVEAT]
    sentences = [_when(scene), _price(scene), _threat(scene), _hinges(scene), CAVEAT]
    return [sentence for sentence in sentences if sentence]


def how_to_read(scene: Scene) -> list[str]:
    """Return how to read the numbers and bands."""
    return [
        f"{counted(scene.replications, 'replication')} of the scenario {was(scene.replications)} played"
        f"{', each' if scene.replications > 1 else ''} with its own luck and its own draw of every uncertain number.",
        "A pale band holds nine in ten of them, the darker band half, the line is the median of each day.",
        "An interval after a mean or a chance is sampling error alone: it says how far the number would move with "
        "other random numbers, not how far the model may be wrong.",
    ]


def chance_of(entry: Entry) -> str:
    """Write a chance with its interval."""
    low_high = entry["ci95"]
    return percent(entry["mean"]) + (f" ({' – '.join(number(100 * end) for end in low_high)})" if low_high else "")


def mean_of(entry: Entry) -> str:
    """Write a mean with its interval."""
    low_high = entry["ci95"]
    return number(entry["mean"]) + (f" ({' – '.join(map(number, low_high))})" if low_high else "")


def day_text(scene: Scene, day: float | None) -> str:
    """Write a day as a date; what had not happened by the horizon as after it."""
    end = scene.scenario.end
    return f"after {date_text(end)}" if day is None else date_text(date_of(scene.scenario, day))


def _when(scene: Scene) -> str:
    entries, end = scene.entries, date_text(scene.scenario.end)
    if "completed" not in entries:
        return f"Nothing is planned to leave: this is what happens by {end} if troops stay."
    text = f"The drawdown is complete by {end} in {chance_of(entries['completed'])} of replications"
    days = entries["completion_day"]["quantiles"]
    if days["50"] is None:
        return f"{text}{_by_plan(scene)}."
    return (f"{text}, in half of them by {day_text(scene, days['50'])}, and in nine of ten between "
            f"{day_text(scene, days['5'])} and {day_text(scene, days['95'])}.{_gap(scene)}")


def _by_plan(scene: Scene) -> str:
    planned = scene.plan["completion"]
    return f"; undisturbed, the plan would be {'so on ' + date_text(planned) if planned else 'incomplete too'}"


def _gap(scene: Scene) -> str:
    """Say how much later or earlier than planned the median is, if its interval allows, and whether that matters."""
    planned = scene.plan["completion"]
    if scene.column is None or planned is None:
        return ""
    median = quantile(scene.column("completion_day"), 50)
    if median.interval is None or not np.isfinite(median.interval).all():
        return ""
    day = (planned - scene.scenario.start).days
    gap, (low, high) = math.floor(median.value) - day, (end - day for end in median.interval)
    least = least_of(least_differences_of(scene.file, scene.catalogue), "completion_day", "day").size
    plan = f" If nothing disturbed it, the plan would be complete on {date_text(planned)}"
    if -least < low and high < least:
        return f"{plan}: no difference that matters."
    if low < 0 < high or abs(gap) < least:
        return f"{plan}: no difference that matters is shown."
    which = "earlier" if gap > 0 else "later"
    days = "day" if least == 1 else "days"
    return f"{plan}, {counted(abs(gap), 'day')} {which}; a gap of {number(least)} {days} or more would matter."


def _price(scene: Scene) -> str:
    entries, means, ranges = scene.entries, [], []
    if "attacks_total" in entries:
        means.append(f"there are {mean_of(entries['attacks_total'])} attacks")
        ranges.append(f"{_nine_in_ten(entries['attacks_total'])} attacks")
    if "killed_expected" in entries:
        means.append(f"{mean_of(entries['killed_expected'])} people are killed")
        ranges.append(f"{_nine_in_ten(entries['killed'])} killed")
    if "cost_total" in entries:
        cost = entries["cost_total"]
        means.append(f"the cost is {mean_of(cost)} {cost['unit']}")
        ranges.append(f"a cost of {_nine_in_ten(cost)} {cost['unit']}")
    if not means:
        return ""
    each = "Each taken alone, nine" if len(ranges) > 1 else "Nine"
    return (f"On average until {date_text(scene.scenario.end)}, {listed(means)}. {each} in ten replications have "
            f"{listed(ranges)}.")


def _nine_in_ten(entry: Entry) -> str:
    """Say where nine of ten replications lie."""
    return " to ".join(number(entry["quantiles"][level]) for level in ("5", "95"))


def _threat(scene: Scene) -> str:
    name = next((name for name in THREAT if name in scene.entries), None)
    if name is None:
        return ""
    entry, end = scene.entries[name], date_text(scene.scenario.end)
    follow_up = f" ({counted(scene.scenario.follow_up_days, 'day')} after completion)"
    by = follow_up if name.endswith("_follow_up") else f" by {end}"
    return f"{entry['label']}{by} comes about in {chance_of(entry)} of replications."


def _hinges(scene: Scene) -> str:
    """Say what depends on numbers that nobody knows, and what is mostly chance, as far as the intervals show it."""
    if scene.summary is None or not scene.summary["twins"]:
        return ""
    splits = [(in_sentence(entry["label"]), entry["variance"]) for entry in scene.entries.values()
              if entry["main"] and entry["variance"]]
    if not splits:
        return ""
    much = sorted(((split["parameters"], label) for label, split in splits if split["ci95"][0] >= MUCH), reverse=True)
    little = sorted((split["ci95"][1], label) for label, split in splits if split["ci95"][1] <= LITTLE)
    parts = []
    if much:
        named = listed(f"{label} ({whole_percent(share)} of the variance)" for share, label in much[:MOST_NAMED])
        parts.append(f"numbers that nobody knows decide much of these: {named}")
    if little:
        parts.append(f"chance decides nearly all of these: {listed(label for _, label in little[:MOST_NAMED])}")
    text = "; ".join(parts) or "these replications do not show what a main outcome hinges on"
    return f"{text[0].upper()}{text[1:]}, as far as the model is right."
