"""The summary of a run: what each outcome came to over replications, and how sure that is.

Outcomes are summed up one column at a time, in the order of replications, so a summary does not depend on how the work
was shared out. What did not happen by the horizon is never dropped: it ranks last.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.estimate.intervals import Column, mean_interval, quantile_rank, ratio_of_means, wilson
from sim.estimate.variance import split
from sim.model.catalogue import Catalogue, Measured, Rate
from sim.model.setup import Model
from sim.play.undisturbed import Plan
from sim.scenario.schema import Scenario
from sim.words.labels import date_of, date_text, outcome_label

PERCENTS = (5, 25, 50, 75, 95)
NOTE = ("This compares schedules under stated assumptions; it does not predict the war. Intervals (ci95) are sampling "
        "error alone; quantiles show how far replications differ, by chance and by what is not known.")
QUANTILE = "smallest value that at least so many percent of replications do not exceed"
VARIANCE = ("shares of an outcome's variance: what comes from numbers that are not known and were drawn (parameters, "
            "with a 95 % interval), and what is chance. To tell them apart, the first {twins:,} replications were "
            "played again with the same numbers and fresh chance. Estimates are cut off at 0 and 1, and missing where "
            "an outcome varies too little to tell")
CHANCE_ALONE = "no number of this scenario is uncertain, so all variance is chance"

Entry = dict[str, Any]


def summarise(
    name: str, model: Model, seed: int, column: Callable[[str], Column], catalogue: Catalogue, plan: Plan,
    again: Callable[[str], Column] | None = None,
) -> dict[str, Any]:
    """Return the summary of a run, fit for JSON.

    Parameters
    ----------
    name
        The scenario's name.
    model, seed
        The scenario as played.
    column
        Gives the values of an outcome, replication by replication, by its name. One is asked for at a time.
    catalogue
        What is measured.
    plan
        The undisturbed course.
    again
        Gives the values of an outcome in the twins of the first replications (`sim.play.twins`); None if there are
        none.
    """
    scenario, horizon = model.scenario, model.parameters.horizon
    twins = 0 if again is None else len(again(catalogue.names[0]))

    def summed_up(item: Measured) -> Entry:
        values = column(item.name)
        label = {"label": outcome_label(item.name, scenario)}
        return label | _entry(item, values, scenario, horizon) | _variance(item, values, again, horizon)

    entries = {item.name: summed_up(item) for item in catalogue.outcomes}
    entries |= {
        rate.name: {"label": outcome_label(rate.name, scenario)} | _rate(
            rate, column(rate.numerator), column(rate.denominator)) for rate in catalogue.rates}
    return {
        "scenario": name, "title": scenario.title, "question": scenario.question,
        "start": scenario.start.isoformat(), "end": scenario.end.isoformat(),
        "replications": len(column(catalogue.names[0])), "twins": twins, "seed": seed, "note": NOTE,
        "quantile": QUANTILE, "variance": VARIANCE.format(twins=twins) if twins else CHANCE_ALONE,
        "plan": {"agreement": _iso(scenario, plan.agreement), "completion": _iso(scenario, plan.completion)},
        "outcomes": entries,
    }


def _iso(scenario: Scenario, day: float) -> str | None:
    return date_of(scenario, day).isoformat() if day < math.inf else None


def _entry(item: Measured, values: Column, scenario: Scenario, horizon: float) -> Entry:
    outcome = item.outcome
    entry: Entry = {"n": len(values), "kind": outcome.kind, "unit": outcome.unit, "better": outcome.better,
                    "main": outcome.main and item.name == outcome.name, "definition": outcome.definition}
    if outcome.kind == "yes_no":
        return entry | {"mean": float(values.mean()), "ci95": wilson(int(values.sum()), len(values)),
                        "quantiles": quantiles(values)}
    if outcome.kind == "day":
        return entry | _day(values, scenario, horizon)
    entry |= {"mean": float(values.mean()), "ci95": mean_interval(values), "quantiles": quantiles(values)}
    entry["sd"] = float(values.std(ddof=1)) if len(values) > 1 else None
    if outcome.better == "low":
        entry["cvar95"] = worst_mean(values)
    return entry


def _day(values: Column, scenario: Scenario, horizon: float) -> Entry:
    """Sum up days on which something happened, infinite where it did not by the horizon."""
    restricted = np.minimum(values, horizon)
    happened = int(np.isfinite(values).sum())
    mean, interval, levels = float(restricted.mean()), mean_interval(restricted), quantiles(values)

    def dated(day: float | None) -> str:
        return f"after {date_text(scenario.end)}" if day is None else date_text(date_of(scenario, day))

    return {
        "mean": mean, "ci95": interval, "quantiles": levels,
        "restricted_mean_of": f"min(day, {horizon:g}): days until it happened, or until the horizon if it did not",
        "mean_date": dated(mean), "ci95_dates": interval and [dated(end) for end in interval],
        "quantile_dates": {percent: dated(day) for percent, day in levels.items()},
        "happened": {"share": happened / len(values), "ci95": wilson(happened, len(values))},
    }


def _variance(item: Measured, values: Column, again: Callable[[str], Column] | None, horizon: float) -> Entry:
    """Split the variance of an outcome: of a day, that of its restricted mean."""
    most = horizon if item.outcome.kind == "day" else math.inf
    twins = None if again is None else np.minimum(again(item.name), most)
    return {"variance": split(np.minimum(values, most), twins)}


def _rate(rate: Rate, numerator: Column, denominator: Column) -> Entry:
    ratio = rate.ratio
    value, interval = ratio_of_means(numerator, denominator)
    return {
        "n": len(numerator), "kind": "ratio", "unit": ratio.unit, "better": ratio.better,
        "main": ratio.main and rate.name == ratio.name, "definition": ratio.definition,
        "mean": None if value is None else ratio.scale * value,
        "ci95": interval and [ratio.scale * end for end in interval],
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
