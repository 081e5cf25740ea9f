"""Troops over time, with all scenarios in one panel."""

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.comparison.words import met
from sim.figures.page import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    counts,
    date_axis,
    headed,
    horizon,
    short,
    start_line,
    styled,
    tidy,
    when,
)

if TYPE_CHECKING:
    from sim.comparison.compare import Comparison

COLOURS = (BLACK, BLUE, ORANGE, PURPLE, SKY, GREY)
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (2, 1)), (0, (7, 1.5, 1.5, 1.5)), (0, (1, 1)))
"""Each colour has its own dashes, so that lines differ in grey too."""


def look(number: int) -> dict[str, Any]:
    """Return the colour and the dashes of a scenario, by its number in the comparison."""
    return {"color": COLOURS[number % len(COLOURS)], "linestyle": DASHES[number % len(DASHES)]}


@styled
def draw(comparison: "Comparison") -> Figure:
    """Draw the troops present in all, median and middle half of replications, for every scenario.

    Parameters
    ----------
    comparison
        The comparison.
    """
    scenario = comparison.base.file.scenario
    key = [Line2D([], [], linewidth=1.8, label=short(side.name), **look(i)) for i, side in enumerate(comparison.sides)]
    figure = headed(
        f"{met(comparison)} · lines: median of each day; shaded: half of replications (25–75 %)",
        "Troops present in all theatres (true strength)", 3.6, key, columns=5)
    ax = figure.subplots()
    tidy(ax)
    start_line(ax, scenario)
    most = 1.0
    for i, side in enumerate(comparison.sides):
        data = comparison.trajectories[side.name]
        dates = when(scenario, data.day.values)
        _, low, middle, high, _ = data.troops_total.values
        ax.fill_between(dates, low, high, color=look(i)["color"], alpha=0.12, linewidth=0)
        ax.plot(dates, middle, linewidth=1.8, **look(i))
        most = max(most, float(high.max()))
    ax.set_ylim(0, 1.06 * most)
    ax.set_ylabel("Troops")
    counts(ax.yaxis, 6)
    left, right = when(scenario, 0.0), when(scenario, horizon(scenario))
    ax.set_xlim(left, right)
    date_axis(ax, left, right)
    return figure
