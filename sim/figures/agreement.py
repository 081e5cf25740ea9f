"""How well the fitted model agrees with its record: residuals, and how often each count occurs."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from sim.figures.intervals import Intervals, heading
from sim.figures.page import BLACK, BLUE, GREY, ORANGE, headed, root_ticks, styled, tidy

if TYPE_CHECKING:
    from sim.evidence.calibrate import Calibration

SQUARE = 6.4
"""Width of a page with one square panel, in inches."""
RECORDED_BAR: Any = {"facecolor": "#D9D9D9", "edgecolor": GREY, "linewidth": 0.6, "hatch": "////"}
MOST_BARS = 30
"""The most bars of a rootogram; fewer if there are few intervals."""
WIDTHS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""The most classes of counts that are named."""


@styled
def residuals(result: "Calibration") -> Figure:
    """Draw the residuals against the quantiles of the uniform distribution, with Kolmogorov's band."""
    goodness = result.goodness
    n = len(goodness.uniform)
    what = "attacks" if result.record.kind == "events" else "intervals"
    fits = goodness.distance <= goodness.band
    key = [
        Line2D([], [], color=BLACK, linewidth=1.5, label=f"Residuals of {n:,} {what}"),
        Patch(color=BLUE, alpha=0.2, linewidth=0,
              label="Kolmogorov’s 95 % band: a right model leaves it in 5 % of cases at most"),
    ]
    figure = headed(heading(result.record, f"best model: {result.best_fit.model.label}"),
                    "Residuals of the fitted model", 4.9, key, 1, SQUARE)
    ax = figure.subplots()
    tidy(ax)
    line = np.array([0.0, 1.0])
    along = np.unique(np.clip([0.0, goodness.band, 1.0 - goodness.band, 1.0], 0.0, 1.0))
    low, high = (np.clip(along + side * goodness.band, 0.0, 1.0) for side in (-1, 1))
    ax.fill_between(along, low, high, color=BLUE, alpha=0.2, linewidth=0)
    ax.plot(line, line, color=GREY, linewidth=0.9, linestyle="--")
    shares = np.repeat(np.arange(n + 1) / n, 2)[1:-1]
    ax.plot(shares, np.repeat(goodness.uniform, 2), color=BLACK, linewidth=1.5)
    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", ylabel="Residual",
           xlabel="Quantile of the uniform distribution, which a right model’s residuals have")
    ax.set_title(f"Largest distance {goodness.distance:.2f}, band {goodness.band:.2f}, {p_text(goodness.p_value)}\n"
                 + ("Inside the band: the model’s timing agrees with the record" if fits else
                    "Outside the band: the model’s timing does not agree with the record"))
    return figure


def p_text(p_value: float) -> str:
    """Write a p-value."""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"


@styled
def rootogram(result: "Calibration") -> Figure:
    """Draw how often each count occurs as bars that hang from how often it occurs in simulations."""
    goodness = result.goodness
    intervals = Intervals.between(result.record.first_day, goodness.starts, goodness.ends)
    lows, width, recorded, simulated = frequencies(goodness.counts, goodness.simulated)
    expected = np.sqrt(simulated.mean(axis=0))
    low, high = np.sqrt(np.quantile(simulated, [0.05, 0.95], axis=0))
    figure = headed(heading(result.record, f"best model: {result.best_fit.model.label}"),
                    f"How many attacks {'an' if intervals.each == 'interval' else 'a'} {intervals.each} brings: "
                    "recorded, and in simulations", 3.6, _rootogram_key(intervals), 2)
    ax = figure.subplots()
    tidy(ax)
    edges = np.append(lows, lows[-1] + width) - 0.5
    for end in (expected - high, expected - low):  # the strip in which each bar should end
        ax.stairs(end, edges, color=ORANGE, linewidth=0.6)
    ax.stairs(expected - low, edges, baseline=expected - high, fill=True, color=ORANGE, alpha=0.3)
    middles = lows + (width - 1) / 2
    ax.bar(middles, -np.sqrt(recorded), 0.62 * width, bottom=expected, zorder=2, **RECORDED_BAR)
    ax.plot(middles, expected, color=BLUE, linewidth=1.5, marker="o", markersize=3.5, zorder=3)
    ax.axhline(0.0, color=BLACK, linewidth=0.9, zorder=2.5)
    _classes(ax.xaxis, lows, width)
    ax.set(xlim=(edges[0], edges[-1]), xlabel=f"Attacks in {intervals.length}",
           ylabel=f"{intervals.each.capitalize()}s (square-root scale)")
    _roots(ax.yaxis, min(float((expected - np.sqrt(recorded)).min()), float((expected - high).min())),
           float(expected.max()))
    return figure


def frequencies(recorded: Any, simulated: Any) -> tuple[Any, int, Any, Any]:
    """Count how often each count came, or each class of counts if there are many.

    Returns
    -------
    lows : array, shape (classes,)
        The lowest count of each class; the last class has all higher ones as well.
    width : int
        How many counts a class has.
    frequencies : array, shape (classes,)
        Of recorded counts.
    frequencies : array, shape (simulations, classes)
        Of simulated ones.
    """
    top = max(int(recorded.max()), math.ceil(float(np.quantile(simulated, 0.995))))
    most = min(MOST_BARS, max(8, len(recorded) // 2))
    width = next((w for w in WIDTHS if top // w < most), WIDTHS[-1])
    number = top // width + 1

    def of(counts: Any) -> Any:
        return np.bincount(np.minimum(counts // width, number - 1), minlength=number)

    return np.arange(number) * width, width, of(recorded), np.array([of(counts) for counts in simulated])


def _rootogram_key(intervals: Intervals) -> list[Any]:
    each = intervals.each
    return [
        Line2D([], [], color=BLUE, linewidth=1.5, marker="o", markersize=3.5,
               label=f"Mean number of {each}s in simulations"),
        Patch(**RECORDED_BAR, label=f"Recorded {each}s, hanging from it: above 0 too few, below 0 too many"),
        Patch(facecolor=ORANGE, alpha=0.3, edgecolor=ORANGE, label="Where bars end in nine of ten simulations"),
    ]


def _classes(axis: Axis, lows: Any, width: int) -> None:
    """Name as many classes of counts as there is room for; the last one is open."""
    apart = -(-len(lows) // (24 if width == 1 else 14))
    shown = [i for i in range(0, len(lows) - 1, apart) if len(lows) - 1 - i >= apart] + [len(lows) - 1]
    names = [f"{lows[i]}" if width == 1 else f"{lows[i]}–{lows[i] + width - 1}" for i in shown]
    axis.set_ticks(lows[shown] + (width - 1) / 2, labels=[*names[:-1], f"≥ {lows[-1]}"])


def _roots(axis: Axis, low: float, high: float) -> None:
    """Give an axis of square roots ticks at whole numbers, below 0 too."""
    room = 0.06 * (high - low)
    ends = low - room, high + room
    numbers = root_ticks(max(abs(end) for end in ends) ** 2, 0.06 * (high - low))
    ticks = sorted({sign * math.sqrt(n) for n in numbers for sign in (-1, 1)})
    axis.set_ticks([tick for tick in ticks if ends[0] <= tick <= ends[1]])
    axis.set_major_formatter(FuncFormatter(lambda root, _: f"{'−' if root < -0.5 else ''}{root * root:,.0f}"))
    axis.axes.set_ylim(*ends)
