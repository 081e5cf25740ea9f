"""A comparison as tables of texts, sentences and plain data."""

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.comparison import asked
from sim.comparison.told import smoothing
from sim.comparison.verdicts import NEGLIGIBLE, NOT_IN_BASE, NOT_SHOWN, disagreeing, disagreements, verdict
from sim.estimate.difference import Difference, ranked, smoothed
from sim.estimate.intervals import CONFIDENCE
from sim.rules.outcomes import BY_NAME, WAYS, Outcome
from sim.scenario.names import NOT_YET
from sim.words import phrases
from sim.words.labels import date_of, in_sentence, one_line, outcome_label, with_unit
from sim.words.layout import Table, table
from sim.words.phrases import (
    all_of,
    counted,
    date_text,
    difference_text,
    difference_unit,
    listed,
    precision_lines,
    scale_of,
    whole_percent,
)

if TYPE_CHECKING:
    from sim.comparison.compare import Comparison, Mean, Side

NOTE = ("All scenarios are played with the same random numbers, replication by replication. This compares schedules "
        "under stated assumptions; it does not predict the war.")


def met(comparison: "Comparison") -> str:
    """Say which replications were played, for the heading of a figure."""
    return f"{counted(comparison.replications, 'replication')}, seed {comparison.seed}, common random numbers"


class Row(NamedTuple):
    """A difference in words."""

    outcome: str
    base: str
    value: str
    difference: str
    interval: str
    worse: str
    verdict: str
    name: str


HEAD = Row("Outcome", "Base", "Here", "Difference", "95 % interval", "Worse in", "Verdict", "Name")
SIDE_BY_SIDE = 3
"""From this many scenarios on, a table of all means precedes the differences."""


def tables(comparison: "Comparison") -> list[Table]:
    """Return the tables of a comparison: all means if there are many scenarios, then each scenario against the base."""
    overview = [side_by_side(comparison)] if len(comparison.sides) >= SIDE_BY_SIDE else []
    return overview + [difference_table(comparison, name) for name in comparison.differences]


def difference_table(comparison: "Comparison", name: str) -> Table:
    """Return a table of how a scenario differs from the base in the main outcomes."""
    head = HEAD._replace(base=comparison.base.name, value=name)
    under = {head.value: head.base, head.interval: head.difference, head.verdict: head.worse, head.name: head.outcome}
    return table(head, difference_rows(comparison, name), head[1:-2], under,
                 f"{name} against {comparison.base.name}")


def label(comparison: "Comparison", name: str) -> str:
    """Return the label of an outcome."""
    return outcome_label(name, comparison.base.file.scenario)


def difference_rows(comparison: "Comparison", name: str) -> list[Row]:
    """Return a row for each main outcome: differences that the data show first, the largest of them first."""
    return [_row(comparison, name, entry) for entry in ranked([e for e in comparison.differences[name] if e.main])]


def side_by_side(comparison: "Comparison") -> Table:
    """Return a table of means, with a row for each main outcome and a column for each scenario."""
    names = [side.name for side in comparison.sides]
    outcomes = {item.name: outcome for side in comparison.sides for item, outcome in _main(side)}
    rows = []
    for name, outcome in outcomes.items():
        cells = [comparison.means[side].get(smoothed(name)) for side in names]
        called = with_unit(label(comparison, name), getattr(outcome, "kind", "ratio"), outcome.unit)
        rows.append([called, *("–" if cell is None else mean_text(comparison, name, cell.mean) for cell in cells)])
    return table(["Outcome", *names], rows, names, title="Means side by side")


def _main(side: "Side") -> list[Any]:
    entries: list[Any] = [(item, item.outcome) for item in side.catalogue.outcomes]
    entries += [(rate, rate.ratio) for rate in side.catalogue.rates]
    return [(item, outcome) for item, outcome in entries if outcome.main and item.name == outcome.name]


def _kind(comparison: "Comparison", name: str) -> str:
    for side in comparison.sides:
        for item in side.catalogue.outcomes:
            if item.name == name:
                return item.outcome.kind
    return "ratio"


def mean_text(comparison: "Comparison", name: str, mean: float | None) -> str:
    """Write the mean of an outcome; a day is written as a date."""
    if mean is None:
        return "–"
    scenario = comparison.base.file.scenario
    return phrases.mean_text(mean, _kind(comparison, name), scenario.start, scenario.end)


def _row(comparison: "Comparison", name: str, entry: Difference) -> Row:
    worse = "" if entry.p_worse is None or entry.is_same else whole_percent(entry.p_worse)
    base, value = (mean_text(comparison, entry.outcome, mean) for mean in (entry.base, entry.value))
    called = with_unit(label(comparison, entry.outcome), entry.kind, entry.unit)
    return Row(called, base, value, change_text(entry), interval_text(entry), worse, _marked(comparison, name, entry),
               entry.outcome)


def change_text(entry: Difference) -> str:
    """Write a difference with its sign and, where the mean's unit does not say it, its unit."""
    return "" if entry.difference is None else signed(entry, entry.difference) + _unit(entry)


def interval_text(entry: Difference) -> str:
    """Write the interval of a difference."""
    if entry.ci95 is None or entry.is_same:
        return ""
    return " to ".join(signed(entry, end) for end in entry.ci95) + _unit(entry)


def _unit(entry: Difference) -> str:
    """Return the unit of a difference where the mean's unit does not say it."""
    unit = difference_unit(entry.kind, short=True)
    return f" {unit}" if unit else ""


def signed(entry: Difference, value: float) -> str:
    """Write a difference, or an end of its interval, to the digits that are certain given the interval."""
    scale = scale_of(entry.kind)
    half = (entry.ci95[1] - entry.ci95[0]) / 2 if entry.ci95 is not None else math.inf
    return difference_text(scale * value, scale * max(half, abs(entry.difference or 0.0) / 1000))


def _marked(comparison: "Comparison", name: str, entry: Difference) -> str:
    """Return a verdict, marked where the answer depends on when one stops looking or on how one asks."""
    marks = [asked.LATER] if entry.depends_on_horizon else []
    marks += [asked.OTHERWISE] if entry.outcome in disagreeing(comparison.differences[name]) else []
    return verdict(entry) + "".join(marks)


def sentences(comparison: "Comparison") -> list[str]:
    """Say for each scenario where it is better and worse than the base, where no difference is shown, and what depends.

    Outcomes about which the ways of asking disagree are counted neither as better nor as worse: a sentence says so.
    """
    lines = []
    for name, differences in comparison.differences.items():
        entries = ranked([entry for entry in differences if entry.main])
        if all(entry.is_same or entry.difference is None for entry in differences):
            everywhere = all_of(comparison.replications, "replication")
            lines.append(f"{name} and {comparison.base.name} agree in {everywhere}.")
            continue
        open_questions = disagreeing(differences)
        said = {kind: listed(in_sentence(label(comparison, entry.outcome)) for entry in entries
                             if verdict(entry) == kind and entry.outcome not in open_questions)
                for kind in ("better", "worse", NOT_SHOWN, NEGLIGIBLE)}
        parts = [f"{kind} in {said[kind]}" for kind in ("better", "worse") if said[kind]]
        lines.append(f"{name} against {comparison.base.name}: " + ("; ".join(parts) or "no clear difference") + "."
                     + (f" No clear difference in {said[NOT_SHOWN]}." if said[NOT_SHOWN] and parts else "")
                     + (f" A difference too small to matter in {said[NEGLIGIBLE]}." if said[NEGLIGIBLE] else ""))
        lines += [*asked.on_ways(comparison, name), *asked.on_horizon(comparison, name)]
    return lines


def notes(comparison: "Comparison") -> list[str]:
    """Return what a reader of the tables needs to know."""
    lines = ["Worse in: the share of replications in which the scenario does worse than the base with the same random "
             "numbers.", multiplicity(comparison), asked.on_size(comparison), *asked.notes(comparison)]
    if any(entry.kind == "day" and entry.main for entries in comparison.differences.values() for entry in entries):
        end = date_text(comparison.base.file.scenario.end)
        lines.append(f"In mean dates and their differences, {NOT_YET.format(end=end)}.")
    outcomes = {entry.outcome for entries in comparison.differences.values() for entry in entries if entry.main}
    lines += [f"{line[0].upper()}{line[1:]}." for line in smoothing(sorted(outcomes), comparison.base.file.scenario)]
    return lines + precision_lines(comparison.precision, as_shares=False)


def multiplicity(comparison: "Comparison") -> str:
    """Say for how many tests the verdicts are corrected."""
    if not comparison.tests:
        return "The scenarios agree in every replication, so no difference has to be distinguished from chance."
    return (f"Verdicts: with {comparison.tests:,} differences tested at once (places and quarters included), some "
            "would look real by luck alone. Holm's procedure corrects for this: the chance that even one verdict is "
            f"wrong is at most {whole_percent(1 - CONFIDENCE)}.")


def as_dict(comparison: "Comparison") -> dict[str, Any]:
    """Return a comparison as plain data, fit for JSON."""
    by_name = {name: {entry.outcome: entry for entry in entries} for name, entries in comparison.differences.items()}
    scenarios = {}
    for side in comparison.sides:
        entries = by_name.get(side.name)
        scenarios[side.name] = {
            "title": one_line(side.file.scenario.title),
            "outcomes": {name: {"label": outcome_label(name, side.file.scenario)} | _outcome(
                mean, entries.get(name) if entries is not None else None, entries is None)
                | _on_horizon(comparison, name, entries.get(name) if entries is not None else None)
                         for name, mean in comparison.means[side.name].items()},
        }
    return {
        "base": comparison.base.name, "replications": comparison.replications, "seed": comparison.seed, "note": NOTE,
        "multiplicity": multiplicity(comparison), "precision": comparison.precision, "scenarios": scenarios,
        "verdicts": sentences(comparison),
        "questions_disagree": {name: {outcome: {WAYS[way]: verdict(entry) for way, entry in ways.items()}
                                      for outcome, ways in disagreements(entries).items()}
                               for name, entries in comparison.differences.items()},
        "explanations": {name: explanation.as_dict() for name, explanation in comparison.explanations.items()},
    }


def _outcome(mean: "Mean", entry: Difference | None, is_base: bool) -> dict[str, Any]:
    """Return an outcome of a scenario: its mean, and its difference from the base (None if the base lacks it)."""
    data: dict[str, Any] = {"mean": mean.mean, "mean_ci95": mean.ci95}
    if is_base:
        return data | {"difference": 0.0, "ci95": [0.0, 0.0], "p_worse": 0.0, "verdict": "base"}
    if entry is None:
        return data | {"difference": None, "ci95": None, "p_worse": None, "verdict": NOT_IN_BASE}
    return data | {
        "difference": entry.difference, "ci95": entry.ci95, "p_worse": entry.p_worse, "p_better": entry.p_better,
        "p_higher": entry.p_higher, "p_higher_ci95": entry.ci95_higher, "p_lower": entry.p_lower,
        "p_value": entry.p_value, "p_adjusted": entry.adjusted, "verdict": verdict(entry),
        "in_standard_deviations": entry.spreads if math.isfinite(entry.spreads) else None,
        "compared_mean": entry.value, "compared_base": entry.base,
        "unit": entry.unit, "better": entry.better, "kind": entry.kind, "main": entry.main,
        "practical": entry.practical,
    }


def _on_horizon(comparison: "Comparison", name: str, entry: Difference | None) -> dict[str, Any]:
    """Return whether what may happen by the horizon differs otherwise by an earlier date, and by which."""
    outcome = BY_NAME.get(name)
    if not isinstance(outcome, Outcome) or not outcome.day:
        return {}
    if entry is None or entry.earlier_day is None:
        return {"depends_on_horizon": False}
    day = date_of(comparison.base.file.scenario, entry.earlier_day)
    return {"depends_on_horizon": True, "earlier_date": day.isoformat(), "earlier_difference": entry.earlier_difference}
