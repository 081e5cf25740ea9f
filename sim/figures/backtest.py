"""Forecasts from dates in the past: the first one beside what happened, and the scores of all."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.evidence.cut import day_of, in_weeks
from sim.evidence.record import AttackRecord
from sim.figures.files import save
from sim.figures.intervals import MEDIAN, RECORDED, Intervals, draw_recorded, draw_simulated, heading
from sim.figures.page import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    band_key,
    headed,
    percent,
    styled,
    tidy,
)
from sim.words.phrases import date_text

if TYPE_CHECKING:
    from sim.evidence.backtest import Backtest, Forecast, Score

FORECASTERS: dict[str, tuple[str, Any]] = {
    "model": ("The recommended model", {"color": BLUE}),
    "lowest_aic_with_regimes": ("Lowest AIC, dated regimes", {"color": GREY, "linestyle": (0, (6, 1.5))}),
    "lowest_aic_without_regimes": ("Lowest AIC, no dated regimes", {"color": GREY, "linestyle": (0, (1.5, 1.5))}),
    "constant": ("Constant rate", {"color": ORANGE, "linestyle": "-"}),
    "last_four_weeks": ("As in the last four weeks", {"color": SKY, "linestyle": (0, (1, 1.2))}),
    "negative_binomial": ("Negative binomial, past weeks", {"color": PURPLE, "linestyle": (0, (5, 1.2, 1, 1.2))}),
}
"""Names and line styles; other forecasters keep the name they have."""
MOST_PAST = 3.0
"""The past drawn before a forecast is at most this many times as long as the forecast."""
LEVELS: tuple[tuple[float, str, Any], ...] = (
    (0.5, "inside_50", {"marker": "o", "color": BLUE}),
    (0.9, "inside_90", {"marker": "s", "color": ORANGE, "markeredgecolor": BLACK, "markeredgewidth": 0.5}))


def draw_all(result: "Backtest", folder: Path) -> list[Path]:
    """Draw the forecast and the scores, as PNG and SVG, into a folder, and return the files written."""
    figures: dict[str, Callable[[Backtest], Figure]] = {"forecast": forecast, "scores": scores}
    return [path for name, draw in figures.items() for path in save(draw(result), folder, name)]


def named(forecaster: str) -> str:
    """Return what a forecaster is called."""
    return FORECASTERS[forecaster][0] if forecaster in FORECASTERS else forecaster.replace("_", " ").capitalize()


@styled
def forecast(result: "Backtest") -> Figure:
    """Draw the record up to the first forecast, the forecast, and what happened."""
    first = result.forecasts[0]
    intervals, recorded = timeline(result.record, first)
    after = intervals.of(slice(len(intervals.starts) - len(first.starts), None))
    rivals = [name for name in first.samples if name != "model"]
    median, *bands = band_key(BLUE, intervals.each, "simulations")
    median.set(**MEDIAN, label="The recommended model: median")
    key = [Line2D([], [], **RECORDED, label="Recorded"), median, *bands,
           *(Line2D([], [], linewidth=1.1, **_line(name), label=f"{named(name)}: median") for name in rivals)]
    day = date_text(day_of(result.record, first.origin - 1))
    figure = headed(heading(result.record, f"model: {first.models['model']}"),
                    f"Attacks: the forecast of {day}, and what happened", 3.4, key, 3)
    ax = figure.subplots()
    tidy(ax)
    draw_simulated(ax, after, first.samples["model"])
    medians = [after.rates(np.median(first.samples[name], axis=0)) for name in rivals]
    for name, rates in zip(rivals, medians, strict=True):
        for days, steps in after.stepped(rates):
            ax.plot(days, steps, linewidth=1.1, **_line(name))
    draw_recorded(ax, intervals, recorded)
    ax.axvline(intervals.when(first.origin), color=BLACK, linewidth=0.9)
    high = np.quantile(after.rates(first.samples["model"]), 0.95, axis=0)
    highest = max(float(values.max()) for values in (high, intervals.rates(recorded), *medians))
    ax.set_ylim(0, 1.08 * highest if highest > 0 else 1.0)
    ax.set_ylabel(intervals.unit)
    ax.set_title(f"The forecast uses what lies left of the line, {day}")
    intervals.date_axis(ax)
    return figure


def timeline(record: AttackRecord, made: "Forecast") -> tuple[Intervals, Any]:
    """Return the intervals to draw, before a forecast and in it, and the recorded counts."""
    _, ends, _ = in_weeks(record, record.begin, made.origin)
    left_over = made.origin - ends[-1] if len(ends) else 0.0  # part of a week, left out at the beginning instead
    starts, ends, recorded = in_weeks(record, record.begin + left_over, made.origin)
    kept = starts >= made.origin - MOST_PAST * (made.ends[-1] - made.origin)
    return (Intervals.between(record.first_day, np.concatenate([starts[kept], made.starts]),
                              np.concatenate([ends[kept], made.ends])),
            np.concatenate([recorded[kept], made.counts]))


@styled
def scores(result: "Backtest") -> Figure:
    """Draw the mean CRPS of each forecaster, and how often what happened lay within its intervals."""
    names = sorted(result.scores, key=lambda name: result.scores[name].crps)
    targets = max(score.targets for score in result.scores.values())
    key = [
        *(Line2D([], [], linestyle="", markersize=7, **style, label=f"Happened within the {100 * level:.0f} % interval")
          for level, _, style in LEVELS),
        *(Patch(color=style["color"], alpha=0.18, linewidth=0,
                label=f"{100 * level:.0f} %, give or take chance (nine in ten cases of {result.distinct} intervals)")
          for level, _, style in LEVELS),
    ]
    figure = headed(heading(result.record, result.made),
                    "Forecasts from the past, scored", 0.7 + 0.45 * len(names), key, 2)
    left, right = figure.subplots(1, 2, sharey=True)
    _draw_crps(left, names, result.scores)
    _draw_coverage(right, names, result.scores, targets, result.distinct)
    left.set_yticks(range(len(names)), labels=[named(name) for name in names])
    left.set_ylim(len(names) - 0.5, -0.5)
    return figure


def _line(name: str) -> Any:
    return FORECASTERS[name][1] if name in FORECASTERS else {"color": GREY, "linestyle": "--"}


def _draw_crps(ax: Axes, names: list[str], scored: "dict[str, Score]") -> None:
    _grid(ax)
    values = [scored[name].crps for name in names]
    ax.plot(values, range(len(names)), color=BLACK, marker="o", markersize=7, linestyle="")
    for y, value in enumerate(values):
        ax.annotate(f"{value:,.2f}", (value, y), (8, 0), textcoords="offset points", va="center", size=8.5)
    ax.set_xlim(0, 1.2 * max(values) if max(values) > 0 else 1.0)
    ax.set_xlabel("Mean CRPS, attacks in an interval (lower is better)")
    ax.set_title("How far forecasts were off")


def _draw_coverage(ax: Axes, names: list[str], scored: "dict[str, Score]", targets: int, distinct: int) -> None:
    """Draw the shares, and the range that would hold nine in ten of them if only the distinct intervals count."""
    from scipy.stats import binom

    _grid(ax)
    for (level, name, style), side in zip(LEVELS, (-0.12, 0.12), strict=True):
        low, high = binom.ppf([0.05, 0.95], distinct, level) / distinct
        ax.axvspan(low, high, color=style["color"], alpha=0.18, linewidth=0, zorder=0)
        ax.axvline(level, color=style["color"], linewidth=1.0, linestyle="--", zorder=1)
        shares = [getattr(scored[forecaster], name) for forecaster in names]
        ax.plot(shares, np.arange(len(names)) + side, linestyle="", markersize=7, clip_on=False, **style)
    ax.set_xlim(0, 1)
    percent(ax.xaxis)
    ax.set_xlabel(f"Share of {targets} forecasts")
    ax.set_title("How often what came lay in the interval")


def _grid(ax: Axes) -> None:
    tidy(ax, "x")
    ax.tick_params(axis="y", length=0, pad=8)
