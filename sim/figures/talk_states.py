"""Talks: the chance of each state over time, and the date of the agreed timeline."""

from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.figures.distributions import draw_dates
from sim.figures.page import (
    BLACK,
    GREEN,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    VERMILLION,
    horizon,
    page,
    percent,
    styled,
    tidy,
    when,
)

if TYPE_CHECKING:
    from sim.ensemble.result import Result

STATES = {
    "agreed": ("Timeline agreed", GREEN, ""),
    "progressing": ("Progressing", SKY, "...."),
    "stalled": ("Stalled", ORANGE, "////"),
    "suspended": ("Suspended", VERMILLION, "xxxx"),
    "broken_down": ("Broken down", BLACK, ""),
    "overtaken": ("Overtaken by a demand to leave", PURPLE, "\\\\\\\\"),
    "none": ("No talks", PALE, ""),
}
"""What a state of the talks is called in figures, with its colour and hatch, from the bottom up."""


@styled
def draw(result: "Result") -> Figure:
    """Draw the share of replications in each state of the talks by day, and when a timeline is agreed.

    Parameters
    ----------
    result
        The results of a scenario with talks.
    """
    scenario, data = result.file.scenario, result.trajectories
    share = data.talks_share
    shown = [state for state in STATES if float(share.sel(talks_state=state).max()) > 0]
    key = [Patch(facecolor=STATES[state][1], edgecolor="white", linewidth=0, hatch=STATES[state][2],
                 label=STATES[state][0]) for state in shown]
    figure = page(result, "Talks: where they stand, and when a timeline is agreed", 5.4, key, 6)
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2.2])
    areas = top.stackplot(when(scenario, data.day.values), *(share.sel(talks_state=state).values for state in shown),
                          colors=[STATES[state][1] for state in shown], linewidth=0)
    for area, state in zip(areas, shown, strict=True):
        area.set(hatch=STATES[state][2], edgecolor="white")
    tidy(top)
    top.set_title("Chance of each state")
    top.set_ylabel("Replications")
    top.set_ylim(0, 1)
    percent(top.yaxis)
    draw_dates(bottom, result, "agreement_day")
    width = -(-horizon(scenario) // 40)
    bottom.set_title("Date of the agreed timeline")
    bottom.set_ylabel("Replications per day" if width == 1 else f"Replications per {width} days")
    top.tick_params(bottom=False, labelbottom=False)
    return figure
