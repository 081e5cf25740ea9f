"""Recorded attacks, beside those in simulations of the fitted model."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.evidence.cut import day_of
from sim.figures.intervals import MEDIAN, RECORDED, Intervals, draw_recorded, draw_simulated, heading
from sim.figures.page import BLUE, HIGH_TENSION, SUPPRESSED, band_key, counts, dates, headed, styled, tidy
from sim.words.phrases import date_text

if TYPE_CHECKING:
    from sim.evidence.calibrate import Calibration
    from sim.evidence.stretches import Regimes

Spans = list[tuple[Any, Any]]


@styled
def draw(result: "Calibration") -> Figure:
    """Draw recorded attacks by week, or by the record's own intervals, and the band of simulations."""
    goodness = result.goodness
    intervals = Intervals.between(result.record.first_day, goodness.starts, goodness.ends)
    pieces = intervals.pieces()
    high, suppressed = spans(result.regimes, *intervals.when(np.array([goodness.starts[0], goodness.ends[-1]])))
    inside = round(goodness.inside * len(goodness.counts))
    figure = headed(
        heading(result.record, f"best model: {result.best_fit.model.label}"),
        "Attacks: recorded, and in simulations of the fitted model", 3.4, _key(intervals, bool(high), bool(suppressed)),
        3)
    axes = figure.subplots(1, len(pieces), squeeze=False)[0]
    for ax, piece in zip(axes, pieces, strict=True):
        part = intervals.of(piece)
        _shade(ax, part, high, suppressed)
        draw_simulated(ax, part, goodness.simulated[:, piece])
        draw_recorded(ax, part, goodness.counts[piece])
        _finish(ax, part, goodness.simulated[:, piece], goodness.counts[piece], 12 if len(pieces) == 1 else 5)
    coverage = f"{inside} of {len(goodness.counts)} {intervals.each}s lie in the band of nine in ten"
    for ax, piece in zip(axes, pieces, strict=True):
        first, last = (date_text(day_of(result.record, day)) for day in
                       (goodness.starts[piece][0], goodness.ends[piece][-1] - 1e-9))
        above = coverage if ax is axes[0] else "After a gap in the record; on another scale"
        ax.set_title(coverage if len(pieces) == 1 else f"{above}\n{first} – {last}")
    return figure


def spans(regimes: "Regimes | None", left: float, right: float) -> tuple[Spans, Spans]:
    """Return the spells of high tension and of suppressed attacks between two of Matplotlib's dates."""
    if regimes is None:
        return [], []
    at = [left, *(dates.date2num(day) for day, _ in regimes.switches), right]
    states = [regimes.high_first, *(state for _, state in regimes.switches)]
    high = [(begin, end) for begin, end, state in zip(at, at[1:], states, strict=False) if state]
    suppressed = [(dates.date2num(begin), dates.date2num(end) if end else right)
                  for _, begin, end in regimes.suppressions]

    def within(uncut: Spans) -> Spans:
        cut = [(max(begin, left), min(end, right)) for begin, end in uncut]
        return [(begin, end) for begin, end in cut if begin < end]

    return within(high), within(suppressed)


def _key(intervals: Intervals, high: bool, suppressed: bool) -> list[Any]:
    median, *bands = band_key(BLUE, intervals.each, "simulations")
    median.set(**MEDIAN)
    key = [Line2D([], [], **RECORDED, label="Recorded"), median, *bands]
    key += [Patch(**HIGH_TENSION, label="High tension")] if high else []
    key += [Patch(**SUPPRESSED, label="Truce or stop order")] if suppressed else []
    return key


def _shade(ax: Axes, part: Intervals, high: Spans, suppressed: Spans) -> None:
    left, right = part.when(part.starts[0]), part.when(part.ends[-1])
    for spells, style, layer in ((high, HIGH_TENSION, 0.0), (suppressed, SUPPRESSED, 0.5)):
        for begin, end in spells:
            if begin < right and end > left:
                ax.axvspan(max(begin, left), min(end, right), **style, zorder=layer)


def _finish(ax: Axes, part: Intervals, simulated: Any, recorded: Any, most: int) -> None:
    tidy(ax)
    highest = max(np.quantile(part.rates(simulated), 0.95, axis=0).max(), part.rates(recorded).max())
    ax.set_ylim(0, 1.08 * highest if highest > 0 else 1.0)
    ax.set_ylabel(part.unit)
    if highest >= 4:
        counts(ax.yaxis)
    part.date_axis(ax, most)
