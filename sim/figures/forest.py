"""Paired differences as a forest plot: a panel for each outcome, a row for each scenario, zero for the base."""

import math
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.comparison.verdicts import NEGLIGIBLE, verdict
from sim.comparison.words import label, met
from sim.estimate.difference import Difference
from sim.figures.page import BETTER, BLACK, GREY, NEITHER, WORSE, headed, panel_title, plain, short, styled, tidy
from sim.words.labels import one_line
from sim.words.phrases import difference_unit, scale_of

if TYPE_CHECKING:
    from sim.comparison.compare import Comparison

COLUMNS = 3
ROUNDING = 1e-9
"""Differences smaller than this are due to rounding."""
LOOKS = {"better": (BETTER, "o"), "worse": (WORSE, "s"), "higher": (NEITHER, "D"), "lower": (NEITHER, "D"),
         NEGLIGIBLE: (GREY, "o")}
"""Colour and marker by verdict; anything else is a hollow circle."""
ONE_AT_A_TIME = "95 % intervals are for one difference at a time; verdicts (the colours) allow for all at once"


@styled
def draw(comparison: "Comparison") -> Figure:
    """Draw how each scenario differs from the base in every main outcome.

    Parameters
    ----------
    comparison
        The comparison.
    """
    entries = [entry for entries in comparison.differences.values() for entry in entries if entry.main]
    outcomes = [name for name in dict.fromkeys(entry.outcome for entry in entries) if name != "killed"]
    rows = -(-len(outcomes) // COLUMNS)
    names = list(comparison.differences)
    heading = (f"Against {comparison.base.name}: {one_line(comparison.base.file.scenario.title)} · {met(comparison)} · "
               f"{ONE_AT_A_TIME}")
    titles = [panel_title(label(comparison, outcome), 2) for outcome in outcomes]
    lines = sum(max(text.count("\n") for text in titles[first : first + COLUMNS])
                for first in range(0, len(titles), COLUMNS))
    figure = headed(heading, "What differs from the base, and how sure that is",
                    rows * (0.62 + 0.2 * len(names)) + 0.16 * lines + 0.2, _key(entries), columns=5)
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for ax, outcome in zip(panels, outcomes, strict=False):
        _draw_panel(ax, outcome, comparison, names)
    for i, ax in enumerate(panels):
        ax.set_visible(i < len(outcomes))
        if i % COLUMNS:
            ax.set_yticklabels([])
    return figure


def _key(entries: list[Difference]) -> list[Line2D]:
    texts = {"better": "Better", "worse": "Worse", "higher": "Higher or lower, neither better",
             NEGLIGIBLE: "Too small to matter"}
    verdicts = {"higher" if verdict(entry) == "lower" else verdict(entry) for entry in entries}
    key = [Line2D([], [], color=LOOKS[kind][0], marker=LOOKS[kind][1], linewidth=1.4, markersize=5,
                  label=f"{text} (corrected for many tests)" if kind == "better" else text)
           for kind, text in texts.items() if kind in verdicts]
    hollow = Line2D([], [], color=GREY, marker="o", markerfacecolor="white", linewidth=1.4, markersize=5,
                    label="No clear difference")
    return [*key, hollow]


def _draw_panel(ax: Axes, outcome: str, comparison: "Comparison", names: list[str]) -> None:
    by_name = {name: entry for name in names for entry in comparison.differences[name] if entry.outcome == outcome}
    entry = next(iter(by_name.values()))
    scale = scale_of(entry.kind)
    for y, name in enumerate(names):
        if name in by_name and by_name[name].difference is not None:
            _draw_row(ax, y, by_name[name], scale)
    ax.axvline(0, color=BLACK, linewidth=0.9, zorder=0)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_yticks(range(len(names)), labels=[short(name) for name in names])
    ax.set_title(panel_title(label(comparison, outcome), 2))
    better = {"low": "less is better", "high": "more is better"}.get(entry.better, "neither better")
    unit = difference_unit(entry.kind, entry.unit)
    ax.set_xlabel(f"{unit}; {better}", size=8)
    plain(ax.xaxis, 4, "+")
    ax.margins(x=0.12)
    if all(shown.is_same for shown in by_name.values()) or max(map(abs, ax.get_xlim())) < ROUNDING:
        ax.set_xlim(-1, 1)  # an axis around nothing but zero would have ticks made of rounding errors
    tidy(ax, "x")


def _draw_row(ax: Axes, y: int, entry: Difference, scale: float) -> None:
    colour, marker = LOOKS.get(verdict(entry), (GREY, "o"))
    face = colour if verdict(entry) in LOOKS else "white"
    difference = entry.difference or 0.0
    low, high = entry.ci95 or (difference, difference)
    if all(map(math.isfinite, (low, high))):
        ax.plot([scale * low, scale * high], [y, y], color=colour, linewidth=1.8, solid_capstyle="butt")
    ax.plot([scale * difference], [y], marker=marker, color=colour, markerfacecolor=face, markersize=5)
