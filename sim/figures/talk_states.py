"""Talks: the chance of each state over time, and the date of the agreed timeline."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.distributions import draw_dates
from sim.figures.page import (
    BETTER,
    BLACK,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    WORSE,
    horizon,
    last_day,
    page,
    percent,
    styled,
    tidy,
    when,
)
from sim.scenario.names import TALK_STATES

if TYPE_CHECKING:
    from sim.play.result import Result

STATES = {
    state: (TALK_STATES[state].label, colour, hatch) for state, colour, hatch in (
        ("agreed", BETTER, ""), ("progressing", SKY, "...."), ("stalled", ORANGE, "////"),
        ("suspended", WORSE, "xxxx"), ("broken_down", BLACK, ""), ("overtaken", PURPLE, "\\\\\\\\"),
        ("none", PALE, ""))
}
"""The label of each state of the talks, with its colour and hatch in figures, from the bottom up."""
ROUNDING = 1e-9


AFTERWARDS = ("Agreed, then overtaken by a demand", PURPLE, "....")
"""The overtaken replications that had a timeline: stacked on those whose timeline is still in force."""


@styled
def draw(result: "Result") -> Figure:
    """Draw the share of replications in each state of the talks by day, and when a timeline is agreed.

    A demand to leave overtakes a timeline that was agreed. These replications stand next to those whose timeline
    stands, so that the edge of the two is the share with a timeline agreed by then, as summaries have it.

    Parameters
    ----------
    result
        The results of a scenario with talks.
    """
    scenario, data = result.file.scenario, result.trajectories
    shown = areas(result)
    key: list[Patch | Line2D] = [Patch(facecolor=colour, edgecolor="white", linewidth=0, hatch=hatch, label=text)
           for (text, colour, hatch), _ in shown]
    agreed = _agreed_by(result)
    if agreed[-1] > 0:
        key.append(Line2D([], [], color=BLACK, linewidth=1.6, label="Agreed by then, whatever came after"))
    figure = page(result, "Talks: where they stand, and when a timeline is agreed", 5.4, key, 4)
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2.2])
    dates = when(scenario, data.day.values)
    stacked = top.stackplot(dates, *(shares for _, shares in shown),
                            colors=[colour for (_, colour, _), _ in shown], linewidth=0)
    for area, ((_, _, hatch), _) in zip(stacked, shown, strict=True):
        area.set(hatch=hatch, edgecolor="white")
    if agreed[-1] > 0:
        top.plot(dates, agreed, color=BLACK, linewidth=1.6)
        share = result.summary["outcomes"]["agreed"]["mean"]
        top.annotate(f"{100 * share:.3g} % agreed by {last_day(scenario)}", (dates[-1], agreed[-1]), size=8.5,
                     xytext=(-6, -6 if share > 0.2 else 6), textcoords="offset points", ha="right",
                     va="top" if share > 0.2 else "bottom", bbox={"color": "white", "alpha": 0.85, "pad": 1.5})
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


def areas(result: "Result") -> list[tuple[tuple[str, str, str], Any]]:
    """Return name, colour and hatch of each state, and its share of replications by day, from the bottom up."""
    share = result.trajectories.talks_share
    shares = {state: share.sel(talks_state=state).values for state in STATES}
    afterwards = _agreed_by(result) - shares["agreed"]  # what was agreed stands or is overtaken
    shares["overtaken"] = shares["overtaken"] - afterwards
    stacked = [(STATES[state], shares[state]) for state in STATES]
    stacked.insert(1, (AFTERWARDS, afterwards))
    return [(look, values) for look, values in stacked if values.max() > ROUNDING]


def _agreed_by(result: "Result") -> Any:
    """Return the share of replications in which a timeline has been agreed by the start of each day."""
    days = np.sort(result.column("agreement_day"))
    return np.searchsorted(days, result.trajectories.day.values, side="right") / len(days)
