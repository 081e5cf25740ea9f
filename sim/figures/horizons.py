"""How scenarios differ in what has happened, as if one had stopped looking on each date: a curve for each event."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.comparison.by_date import apart_on, events_in_both
from sim.comparison.words import met
from sim.figures.page import (
    BLACK,
    GREY,
    date_axis,
    days_to_draw,
    headed,
    horizon,
    panel_title,
    plain,
    short,
    styled,
    tidy,
    when,
)
from sim.figures.paths import look
from sim.words.by_date import event_label
from sim.words.labels import outcome_label

if TYPE_CHECKING:
    from sim.comparison.compare import Comparison

COLUMNS = 3


@styled
def draw(comparison: "Comparison") -> Figure:
    """Draw by how much the chance that something has happened differs from that in the base, by the end of each day.

    Parameters
    ----------
    comparison
        The comparison, of scenarios in which something may happen by a date.
    """
    names = list(comparison.differences)
    both = {name: events_in_both(comparison, name) for name in names}
    outcomes = list(dict.fromkeys(event for events in both.values() for event in events))
    rows = -(-len(outcomes) // COLUMNS)
    key = [Line2D([], [], linewidth=1.6, label=short(name), **look(i)) for i, name in enumerate(names, start=1)]
    heading = (f"Against {comparison.base.name} (zero) · {met(comparison)} · shaded: 95 % intervals, one at a time")
    figure = headed(heading, "How the chance that it has happened differs, by any date", 1.75 * rows, key)
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for ax, event in zip(panels, outcomes, strict=False):
        _draw_panel(ax, comparison, event, [name for name in names if event in both[name]])
    for ax in panels[len(outcomes):]:
        ax.remove()
    return figure


def _draw_panel(ax: Axes, comparison: "Comparison", event: str, names: list[str]) -> None:
    scenario = comparison.base.file.scenario
    days, numbers = days_to_draw(scenario), list(comparison.differences)
    dates = when(scenario, days + 1)  # by the end of the day
    for name in names:
        found = apart_on(comparison, name, event, days)
        style = look(numbers.index(name) + 1)
        low, high = 100 * np.array([of.ci95 for of in found]).T
        ax.fill_between(dates, low, high, color=style["color"], alpha=0.18, linewidth=0)
        ax.plot(dates, [100 * of.difference for of in found], linewidth=1.6, **style)
    ax.axhline(0, color=BLACK, linewidth=0.9, zorder=0)
    ax.set_title(panel_title(event_label(outcome_label(event, scenario)), 2))
    depending = [name for name in names if any(
        entry.outcome == event and entry.depends_on_horizon for entry in comparison.differences[name])]
    if depending:
        ax.annotate(f"depends on the date: {', '.join(map(short, depending))}", (0.02, 0.99), xycoords="axes fraction",
                    va="top", size=7.5, color=GREY)
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + 0.15 * (high - low))
    ax.set_ylabel("points", size=8)
    tidy(ax)
    plain(ax.yaxis, 4, "+")
    if max(map(abs, ax.dataLim.intervaly)) < 1e-9:
        ax.set_ylim(-1, 1)
    left, right = when(scenario, 0.0), when(scenario, horizon(scenario))
    ax.set_xlim(left, right)
    date_axis(ax, left, right, 5, 0.05 * horizon(scenario))
