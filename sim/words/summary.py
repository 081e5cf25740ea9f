"""The summary of a run: each outcome over replications, and how precisely it is known.

Outcomes are summarised one column at a time, in the order of replications, so a summary does not depend on how the work
was divided. What did not happen by the horizon is never dropped: it ranks last.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.estimate.estimate import Estimate, estimate
from sim.estimate.intervals import Column, quantile_rank, wilson
from sim.estimate.sample import Sample
from sim.estimate.variance import split
from sim.model.catalogue import Measured, Rate
from sim.model.setup import Model
from sim.play.undisturbed import UndisturbedPlan
from sim.scenario.called import called_first
from sim.scenario.held import Held
from sim.scenario.schema import Scenario
from sim.words.labels import date_of, label, outcome_label
from sim.words.phrases import date_text

PERCENTS = (5, 25, 50, 75, 95)
NOTE = ("This compares schedules under stated assumptions; it does not predict the war. Intervals (ci95) are sampling "
        "error alone; quantiles show how far replications differ, by chance and because of uncertain inputs.")
QUANTILE = "the smallest value that at least this percentage of replications do not exceed"
VARIANCE = ("shares of an outcome's variance: the part due to uncertain inputs (parameters, with a 95 % interval) and "
            "the part due to chance. To separate the two, the first {twins:,} replications were played again with the "
            "same uncertain numbers and fresh chance. What comes from numbers in held_fixed is in neither part. "
            "Estimates are limited to the range from 0 to 1, and missing if an outcome varies too little")
CHANCE_ALONE = ("this scenario draws no number, so all variance is chance; what comes from numbers in held_fixed is "
                "not in it")

Entry = dict[str, Any]


def summarise(
    name: str, model: Model, seed: int, sample: Sample, plan: UndisturbedPlan, twins: Sample | None = None,
    held: Sequence[Held] = (),
) -> dict[str, Any]:
    """Return the summary of a run, fit for JSON.

    Parameters
    ----------
    name
        The scenario's name.
    model, seed
        The scenario as played.
    sample
        The replications. One outcome is read at a time.
    plan
        The undisturbed course.
    twins
        The twins of the first replications (`sim.play.twins`); None if there are none.
    held
        What the scenario holds fixed although nobody has measured it.
    """
    scenario, catalogue = model.scenario, sample.catalogue
    any_outcome = catalogue.names[0]
    replayed = 0 if twins is None else len(twins.read(any_outcome))

    def summed_up(item: Measured) -> Entry:
        label = {"label": outcome_label(item.name, scenario)}
        return label | _entry(item, sample, scenario) | _variance(item, sample, twins)

    entries = {item.name: summed_up(item) for item in catalogue.outcomes}
    entries |= {rate.name: {"label": outcome_label(rate.name, scenario)} | _rate(rate, sample, scenario)
                for rate in catalogue.rates}
    return {
        "scenario": name, "title": scenario.title, "question": scenario.question,
        "start": scenario.start.isoformat(), "end": scenario.end.isoformat(),
        "replications": len(sample.read(any_outcome)), "twins": replayed, "seed": seed, "note": NOTE,
        "quantile": QUANTILE, "variance": VARIANCE.format(twins=replayed) if replayed else CHANCE_ALONE,
        "held_fixed": [{"key": number.key, "value": number.value, "mark": number.mark,
                        "range": number.span and list(number.span)} for number in held],
        "plan": {"agreement": _iso(scenario, plan.agreement), "completion": _iso(scenario, plan.completion)},
        "at_the_end": _at_the_end(model, sample, plan),
        "outcomes": entries,
    }


def _at_the_end(model: Model, sample: Sample, plan: UndisturbedPlan) -> Entry | None:
    """Return what a plan leaves: troops, unfinished follow-ups, missed deadlines; None without planned phases."""
    if "followed_up" not in sample.entries:
        return None
    left = {theatre: sample.read(f"troops_left.{theatre}") for theatre in model.names["theatres"]}
    entry: Entry = {
        "troops_left": {theatre: {"label": label(model.scenario, "theatres", i), "share": float((values > 0).mean()),
                                  "median": quantiles(values[values > 0])["50"] if values.any() else None}
                        for i, (theatre, values) in enumerate(left.items())},
        "no_longer_complete": float(((sample.read("completed") > 0) & (sample.read("complete_at_end") == 0)).mean()),
        "not_followed_up": 1 - float(sample.read("followed_up").mean()),
        "follow_up_days": model.scenario.follow_up_days,
    }
    if model.scenario.deadline is not None:
        missed = sample.read("deadline_met") == 0
        upset = sum(sample.read(f"{what}.{phase}") for what in ("redatings", "reversal")
                    for phase in model.names["phases"])
        entry |= {"plan_meets_deadline": plan.completion < min(model.parameters.deadline, model.parameters.horizon),
                  "deadline_missed": float(missed.mean()),
                  "deadline_missed_with_holds": float((missed & (sample.read("days_held") > 0)).mean()),
                  "deadline_missed_with_new_dates": float((missed & (upset > 0)).mean())}
    return entry


def _iso(scenario: Scenario, day: float) -> str | None:
    return date_of(scenario, day).isoformat() if day < math.inf else None


def _entry(item: Measured, sample: Sample, scenario: Scenario) -> Entry:
    outcome, mean = item.outcome, estimate(sample, item.name)
    values = sample.read(item.name)
    entry: Entry = {"n": len(values), "kind": outcome.kind, "unit": outcome.unit, "better": outcome.better,
                    "main": outcome.main and item.name == outcome.name,
                    "definition": called_first(outcome.definition, scenario.names)}
    entry |= {"mean": mean.value, "ci95": mean.interval, "quantiles": quantiles(values)}
    if outcome.kind == "yes_no":
        return entry
    if outcome.kind == "day":
        return entry | _day(values, mean, scenario, sample.horizon)
    entry["sd"] = float(values.std(ddof=1)) if len(values) > 1 else None
    if outcome.better == "low":
        entry["cvar95"] = worst_mean(values)
    return entry


def _day(values: Column, mean: Estimate, scenario: Scenario, horizon: float) -> Entry:
    """Summarise the days on which something happened; infinite if it did not by the horizon."""
    happened = int(np.isfinite(values).sum())

    def dated(day: float | None) -> str:
        return f"after {date_text(scenario.end)}" if day is None else date_text(date_of(scenario, day))

    return {
        "restricted_mean_of": f"min(day, {horizon:g}): days until it happened, or until the horizon if it did not",
        "mean_date": dated(mean.value), "ci95_dates": mean.interval and [dated(end) for end in mean.interval],
        "quantile_dates": {percent: dated(day) for percent, day in quantiles(values).items()},
        "happened": {"share": happened / len(values), "ci95": wilson(happened, len(values))},
    }


def _variance(item: Measured, sample: Sample, twins: Sample | None) -> Entry:
    """Split the variance of an outcome; for a day, that of its restricted mean."""
    return {"variance": split(sample.values(item.name), None if twins is None else twins.values(item.name))}


def _rate(rate: Rate, sample: Sample, scenario: Scenario) -> Entry:
    ratio, mean = rate.ratio, estimate(sample, rate.name)
    return {
        "n": mean.replications, "kind": "ratio", "unit": ratio.unit, "better": ratio.better,
        "main": ratio.main and rate.name == ratio.name, "definition": called_first(ratio.definition, scenario.names),
        "mean": None if math.isnan(mean.value) else mean.value, "ci95": mean.interval,
        "quantiles": dict.fromkeys(map(str, PERCENTS)),  # a ratio of means has no spread over replications
        "variance": None,
    }


def quantiles(values: Column) -> dict[str, float | None]:
    """Return the 5, 25, 50, 75 and 95 % quantiles; None for what had not happened.

    The quantile of q percent is the smallest value that at least q percent of replications do not exceed (so it is
    always a value that occurred).
    """
    ordered = np.sort(values)
    levels = {str(percent): float(ordered[quantile_rank(percent, len(values)) - 1]) for percent in PERCENTS}
    return {percent: level if math.isfinite(level) else None for percent, level in levels.items()}


def worst_mean(values: Column) -> float:
    """Return the mean of the highest 5 % of values (rounded up to whole replications): conditional value at risk."""
    worst = -(-5 * len(values) // 100)
    return float(np.sort(values)[-worst:].mean())
