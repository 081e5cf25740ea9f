"""What the answer of a comparison depends on: when one stops looking, how one asks, when things are read."""

from typing import TYPE_CHECKING

from sim.comparison.by_date import events_of, median_day
from sim.comparison.verdicts import NEGLIGIBLE, disagreements, verdict
from sim.estimate.difference import Difference
from sim.estimate.practical import DEFAULTS
from sim.rules.outcomes import WAYS
from sim.words.completion import OTHER_DATES, no_longer_complete, not_followed_up, on_completion
from sim.words.labels import date_of, in_sentence, outcome_label
from sim.words.phrases import date_text, difference_text, listed, number, points, share

if TYPE_CHECKING:
    from sim.comparison.compare import Comparison

LATER, OTHERWISE = "*", "†"
"""Marks in tables: the difference depends on when one stops looking; the ways of asking disagree."""

LEAST_HALF_WIDTH = 0.001
"""No difference of chances is written to more than a tenth of a point."""


def on_horizon(comparison: "Comparison", name: str) -> list[str]:
    """Say which differences of a scenario would be others had one stopped looking earlier."""
    scenario = comparison.base.file.scenario
    lines = []
    for entry in comparison.differences[name]:
        if not entry.main or not entry.depends_on_horizon:
            continue
        then, now = date_text(date_of(scenario, entry.earlier_day or 0)), date_text(scenario.end)
        lines.append(f"{outcome_label(entry.outcome, scenario)}, {name} against {comparison.base.name}: the difference "
                     f"depends on when one stops looking. It is {_sized(entry, entry.earlier_difference)} by {then} "
                     f"and {_sized(entry, entry.difference)} by {now}.")
    return lines


def on_ways(comparison: "Comparison", name: str) -> list[str]:
    """Say where a scenario is better than the base if asked about in one way, and worse in another."""
    scenario, base = comparison.base.file.scenario, comparison.base.name
    lines = []
    for outcome, ways in disagreements(comparison.differences[name]).items():
        best = {side: listed(f"{WAYS[way]} ({_sized(entry, entry.difference)})" for way, entry in ways.items()
                             if verdict(entry) == kind) for side, kind in ((name, "better"), (base, "worse"))}
        undecided = listed(f"{WAYS[way]} ({verdict(entry)})" for way, entry in ways.items()
                           if verdict(entry) not in ("better", "worse"))
        chance = f"chance of {in_sentence(outcome_label(outcome, scenario))}"
        lines.append(f"Whether {name} or {base} has the lower {chance} depends on the question: "
                     + "; ".join(f"{side} {asked}" for side, asked in best.items())
                     + (f"; neither {undecided}" if undecided else "") + ".")
    return lines


def _sized(entry: Difference, difference: float | None) -> str:
    """Write a difference of chances with its sign, to the digits that are certain: ``−17.9 points``."""
    difference = difference or 0.0
    half = (entry.ci95[1] - entry.ci95[0]) / 2 if entry.ci95 is not None else 0.0
    return f"{difference_text(100 * difference, 100 * max(half, LEAST_HALF_WIDTH))} points"


def notes(comparison: "Comparison") -> list[str]:
    """Return what a reader of the tables needs to know about what the answers depend on."""
    return [*_marks(comparison), *_held(comparison), *_what_is_left(comparison), *_follow_up(comparison),
            *_dates(comparison)]


def _held(comparison: "Comparison") -> list[str]:
    """Say which plans meet the deadline if nothing disturbs them, and miss it once phases are held or redated."""
    met, held = _means(comparison, "deadline_met"), _means(comparison, "days_held")
    dates = {name: sum(mean.mean or 0.0 for outcome, mean in means.items() if outcome.startswith("redatings."))
             for name, means in comparison.means.items()}
    late = [side for side in comparison.sides if met.get(side.name, 1.0) < 1 and held[side.name] + dates[side.name] > 0
            and side.meets_deadline_undisturbed]
    said = listed(f"{share(1 - met[side.name])} of {side.name} (on average, phases are held for "
                  f"{number(held[side.name])} days and their dates changed {number(dates[side.name])} times)"
                  for side in late)
    return [f"Undisturbed, the plan meets the deadline, but it misses it in {said}."] if late else []


def _marks(comparison: "Comparison") -> list[str]:
    entries = [entry for entries in comparison.differences.values() for entry in entries if entry.main]
    lines = []
    if any(entry.depends_on_horizon for entry in entries):
        lines.append(f"{LATER} Depends on when one stops looking: a difference that matters by one date is less than "
                     "half as large by another, or has turned round (figure by_date).")
    if any(disagreements(entries) for entries in comparison.differences.values()):
        lines.append(f"{OTHERWISE} Depends on the question: better if asked in one way, worse in another.")
    return lines


def _follow_up(comparison: "Comparison") -> list[str]:
    """Say in how many replications the horizon cuts the follow-up short."""
    scenario = comparison.base.file.scenario
    missed = {name: 1 - mean for name, mean in _means(comparison, "followed_up").items()}
    return not_followed_up(missed, scenario.end, scenario.follow_up_days)


def _what_is_left(comparison: "Comparison") -> list[str]:
    """Say where a drawdown that was complete is not at the end, and where troops stay that no plan takes away."""
    scenario = comparison.base.file.scenario
    complete, at_end = _means(comparison, "completed"), _means(comparison, "complete_at_end")
    lines = no_longer_complete({name: complete[name] - at_end[name] for name in complete}, scenario.end)
    there = listed(f"{number(mean)} in {name}" for name, mean in _means(comparison, "troops_left").items() if mean > 0)
    return [*lines, *([f"Troops still there on {date_text(scenario.end)}, on average: {there}."] if there else [])]


def _means(comparison: "Comparison", outcome: str) -> dict[str, float]:
    """Return the mean of an outcome in each scenario that has it."""
    return {side.name: comparison.means[side.name][outcome].mean or 0.0 for side in comparison.sides
            if outcome in comparison.means[side.name]}


def _dates(comparison: "Comparison") -> list[str]:
    """Say when completion comes in each scenario, since what is read at completion is read then."""
    names = {entry.outcome for entries in comparison.differences.values() for entry in entries if entry.main}
    if not any(map(on_completion, names)):
        return []
    medians = {}
    for side in comparison.sides:
        if "completed" in events_of(comparison, side.name):
            day, scenario = median_day(comparison, side.name, "completed"), side.file.scenario
            never = f"after {date_text(scenario.end)}"
            medians[side.name] = never if day is None else date_text(date_of(scenario, day))
    if len(set(medians.values())) < 2:
        return []
    dates = listed(f"{day} in {name}" for name, day in medians.items())
    return [f"{OTHER_DATES} Median date of completion: {dates}."]


def on_size(comparison: "Comparison") -> str:
    """Say from what size on a difference matters."""
    least = (f"{points(DEFAULTS['yes_no'].size)} for a chance, {number(DEFAULTS['day'].size)} days for a date, "
             f"{share(DEFAULTS['number'].size)} of the mean in {comparison.base.name} for anything else")
    stated = comparison.base.file.scenario.practical
    but = f"; [practical] states others for {listed(stated, 4)}" if stated else ""
    if any(side.file.scenario.practical != stated for side in comparison.sides[1:]):
        but += f"; where scenarios state different ones, those of {comparison.base.name} count"
    return (f"A verdict also needs a difference that is large enough to matter ({least}{but}); one that is shown but "
            f"smaller is called {NEGLIGIBLE}.")
