"""What a hindcast shows, in sentences: what is missed comes first."""

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta

from sim.evidence.happened import DATES, Observation
from sim.evidence.hindcast import BANDS, LABELS, MODEL, Hindcast, Hindcasts, Score, mean_crps
from sim.words.phrases import ROUNDING, counted, date_text, listed, minus, share, whole_percent

CAVEAT = ("Few drawdowns, all of them famous and not independent of one another; whoever wrote these scenarios knew "
          "what came. Where a forecast holds here, it may still fail elsewhere.")


def sentences(result: Hindcasts) -> list[str]:
    """Return what hindcasts show, a line each."""
    return [*missed(result), *held(result), *against_rivals(result)]


def missed(result: Hindcasts) -> Iterator[str]:
    """Say what lies outside the middle 90 %, one line each."""
    number = len(result.missed)
    out_of = counted(len(result.scores), "observation")
    if not number:
        yield f"Missed: none of {out_of} lies outside the middle 90 % of the forecast."
        return
    yield f"Missed: {number:,} of {out_of} {'lies' if number == 1 else 'lie'} outside the middle 90 % of the forecast:"
    for one, score in result.missed:
        yield f"- {one.case.file.scenario.title or one.name}: {outside(one, score)}"


def outside(one: Hindcast, score: Score) -> str:
    """Say what was foretold where something else came."""
    return f"{score.observation.text}. Forecast: {band(one, score)} (5–95 %)"


def band(one: Hindcast, score: Score) -> str:
    """Write the middle 90 % of a forecast."""
    low, high = (said(value, score.observation, one) for value in score.band(BANDS["90"]))
    return f"{low} to {high}" if low != high else low


def said(value: float, seen: Observation, one: Hindcast) -> str:
    """Write what a forecast says: a date, or a count."""
    scenario = one.case.file.scenario
    if seen.what not in DATES:
        return f"{value:,.0f}"
    day = scenario.start + timedelta(days=int(value))
    return date_text(day) if day <= scenario.end else f"after {date_text(scenario.end)}"


def held(result: Hindcasts) -> Iterator[str]:
    """Say how many observations the bands hold."""
    told = [f"{whole_percent(result.coverage(part))} in the middle {name} %" for name, part in BANDS.items()]
    yield (f"Held: {listed(told)} of the forecast, of {counted(len(result.scores), 'observation')} of "
           f"{counted(len(result.hindcasts), 'drawdown')}.")


def against_rivals(result: Hindcasts) -> Iterator[str]:
    """Say how each rival does against the model."""
    means = result.crps
    rivals = [f"{LABELS[name].lower()} {share(means[name])} ({_ahead(result, name)})"
              for name in LABELS if name != MODEL]
    verdict = "" if all(is_better(means, name) for name in LABELS if name != MODEL) else "not "
    yield (f"CRPS, in percent of what was planned (lower is better): model {share(means[MODEL])}, {verdict}better than "
           f"every rival: {', '.join(rivals)}.")


def _ahead(result: Hindcasts, rival: str) -> str:
    """Say in how many drawdowns the model is better than a rival, and by how much over all of them."""
    better = sum(is_better(mean_crps(one.scores), rival) for one in result.hindcasts)
    told = f"model better in {better} of {counted(len(result.hindcasts), 'drawdown')}"
    difference, error = result.ahead_of(rival)
    if math.isnan(error):
        return told
    return f"{told}, over all by {minus(f'{100 * difference:.1f}')} ± {100 * error:.1f} points"


def is_better(scores: Mapping[str, float], rival: str) -> bool:
    """Whether the model has a lower score than a rival, by more than rounding."""
    return scores[MODEL] < scores[rival] - ROUNDING
