"""What a comparison shows of each difference, in a word, and where the ways of asking disagree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.estimate.by_date import earlier, events
from sim.estimate.difference import Difference
from sim.estimate.practical import Least, least_of
from sim.estimate.sample import Sample
from sim.estimate.targets import least_differences_of
from sim.rules.outcomes import ASKED_FOUR_WAYS, WAYS
from sim.scenario.errors import ScenarioError

if TYPE_CHECKING:
    from sim.comparison.compare import Side

NOT_SHOWN, SAME, NEGLIGIBLE, NOT_IN_BASE = "not shown", "never differs", "negligible", "not measured in the base"
"""Verdicts if neither scenario is better or worse."""


def least_differences(sides: Sequence["Side"]) -> dict[str, Least]:
    """Return the least differences that matter, as the base states them; what the others state is only checked.

    Raises
    ------
    ScenarioError
        With everything that is wrong in tables ``[practical]``.
    """
    stated, problems = [], []
    for side in sides:
        try:
            stated.append(least_differences_of(side.file, side.catalogue))
        except ScenarioError as error:
            problems += [problem for problem in error.problems if problem not in problems]
    if problems:
        raise ScenarioError(tuple(problems))
    return stated[0]


def judged(entry: Difference, base: Sample, sample: Sample, least: Mapping[str, Least]) -> Difference:
    """Add to a difference from what size on it matters and, if it depends on the horizon, what it is by when."""
    entry = replace(entry, practical=least_of(least, entry.outcome, entry.kind).of(entry.base))
    if entry.depends_on_horizon is None:
        return entry
    day = events(sample.catalogue)[entry.outcome]
    found = earlier(base.read(day), sample.read(day), sample.horizon, entry.practical)
    return replace(entry, earlier_day=found.day, earlier_difference=found.difference) if found else entry


def verdict(entry: Difference) -> str:
    """Say what the data show of a difference, allowing for everything that is asked at once and for its size."""
    if entry.is_same:
        return SAME
    if not entry.is_shown or entry.difference is None:
        return NOT_SHOWN
    if not entry.matters:
        return NEGLIGIBLE
    if entry.better:
        return "better" if entry.is_better else "worse"
    return "higher" if entry.difference > 0 else "lower"


def disagreements(entries: Iterable[Difference]) -> dict[str, dict[str, Difference]]:
    """Return what is better if asked about in one way and worse in another.

    Returns
    -------
    dict of dict
        By outcome, such as ``resurgence``: its differences by what is added to its name, as in `WAYS`.
    """
    by_name = {entry.outcome: entry for entry in entries}
    asked = {name: {way: by_name[name + way] for way in WAYS if name + way in by_name} for name in ASKED_FOUR_WAYS}
    return {name: ways for name, ways in asked.items()
            if {"better", "worse"} <= {verdict(entry) for entry in ways.values()}}


def disagreeing(entries: Iterable[Difference]) -> set[str]:
    """Return the names of all outcomes about which the ways of asking disagree."""
    return {name + way for name, ways in disagreements(entries).items() for way in ways}
