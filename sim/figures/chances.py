"""The chance that the drawdown is complete, and that each milestone has been reached, by any date."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.estimate.by_date import by_day, chance, events
from sim.figures.page import (
    BLUE,
    date_axis,
    days_to_draw,
    horizon,
    last_day,
    page,
    panel_title,
    percent,
    styled,
    tidy,
    when,
)
from sim.model.catalogue import expand
from sim.words.by_date import chance_text, event_label

if TYPE_CHECKING:
    from sim.play.result import Result

COLUMNS = 3


@styled
def draw(result: "Result") -> Figure:
    """Draw for everything that may happen the share of replications in which it has, by the end of each day.

    Parameters
    ----------
    result
        The results of a scenario with a plan, talks, attacks or another source of milestones.
    """
    names = events(expand(result.model))
    rows = -(-len(names) // COLUMNS)
    key = [Line2D([], [], color=BLUE, linewidth=1.6, label="Share of replications in which it has happened"),
           Patch(color=BLUE, alpha=0.25, linewidth=0, label="95 % interval (sampling error), date by date")]
    figure = page(result, "By when it has happened: completion and milestones", 1.75 * rows, key)
    panels = figure.subplots(rows, COLUMNS, squeeze=False, sharex=True).ravel()
    for ax, (name, column) in zip(panels, names.items(), strict=False):
        _draw_panel(ax, result, name, column)
    for ax in panels[len(names):]:
        ax.remove()
    for ax in panels[max(0, len(names) - COLUMNS) : len(names)]:  # the lowest in each column
        ax.tick_params(labelbottom=True)
    for ax in panels[: max(0, len(names) - COLUMNS)]:
        ax.set_xlabel("")
    return figure


def _draw_panel(ax: Axes, result: "Result", name: str, column: str) -> None:
    scenario, last = result.file.scenario, horizon(result.file.scenario)
    days = days_to_draw(scenario)
    counts = by_day(result.column(column), last)
    found = [chance(int(counts[day]), result.replications) for day in days]
    dates = when(scenario, days + 1)  # by the end of the day
    if found[-1].ci95 is not None:
        ax.fill_between(dates, *np.array([of.ci95 for of in found]).T, color=BLUE, alpha=0.25, linewidth=0)
    ax.plot(dates, [of.chance for of in found], color=BLUE, linewidth=1.6)
    ax.set_title(panel_title(event_label(result.summary["outcomes"][name]["label"]), 2))
    ax.annotate(f"{chance_text(found[-1])} by {last_day(scenario)}", (0.02, 0.97), xycoords="axes fraction", va="top",
                size=7.5)
    tidy(ax)
    ax.set_ylim(0, 1.22)
    percent(ax.yaxis)
    left, right = when(scenario, 0.0), when(scenario, last)
    ax.set_xlim(left, right)
    date_axis(ax, left, right, 5, 0.05 * last)
