"""Threat against capability, and the chance of a resurgence."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

from sim.figures.page import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    band,
    date_axis,
    horizon,
    last_day,
    page,
    percent,
    styled,
    tidy,
    when,
)
from sim.scenario.called import called_first
from sim.scenario.fields import extremes
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.play.result import Result


@styled
def draw(result: "Result") -> Figure:
    """Draw the two indices, their ratio with the threshold of a resurgence, and the chance that one has come.

    Parameters
    ----------
    result
        The results of a scenario with a threat.
    """
    scenario, data = result.file.scenario, result.trajectories
    dates = when(scenario, data.day.values)
    title = called_first("{threat} threat against the capability of the {host} forces", scenario.names)
    figure = page(result, title, 6.3, _key(scenario), 4)
    indices, ratio, chance = figure.subplots(3, 1, sharex=True, height_ratios=[2, 2, 1.5])
    band(indices, dates, data.threat.values, ORANGE)
    band(indices, dates, data.capability.values, BLUE, linestyle="--")
    indices.set_title("Threat and capability")
    indices.set_ylabel("Index (1 at the start)")
    band(ratio, dates, data.threat_ratio.values, PURPLE)
    _draw_threshold(ratio, result)
    ratio.set_title("Threat over capability")
    ratio.set_ylabel("Ratio (1 at the start)")
    chance.step(dates, data.resurgence_share.values, where="post", color=BLACK, linewidth=1.6)
    chance.set_title("Chance that a resurgence has come")
    chance.set_ylabel("Replications")
    chance.set_ylim(0, 1.04)
    percent(chance.yaxis)
    _say_chance(chance, result)
    for ax in (indices, ratio):
        tidy(ax)
        _logarithmic(ax)
    tidy(chance)
    chance.set_xlim(dates[0], when(scenario, horizon(scenario)))
    date_axis(chance, dates[0], when(scenario, horizon(scenario)))
    return figure


def _key(scenario: Scenario) -> list[Any]:
    return [
        Line2D([], [], color=ORANGE, linewidth=1.6,
               label=f"{called_first('{threat} threat', scenario.names)}, median of each day"),
        Line2D([], [], color=BLUE, linewidth=1.6, linestyle="--", label="Capability, median of each day"),
        Line2D([], [], color=PURPLE, linewidth=1.6, label="Threat over capability, median"),
        Line2D([], [], color=BLACK, linewidth=1.2, linestyle="-.", label="Threshold of a resurgence"),
        Patch(color=GREY, alpha=0.5, linewidth=0, label="Half of replications (25–75 %)"),
        Patch(color=GREY, alpha=0.18, linewidth=0, label="Nine in ten (5–95 %)"),
    ]


def _draw_threshold(ax: Any, result: "Result") -> None:
    """Draw the threshold; the range it is drawn from, where it is uncertain."""
    assert result.file.scenario.threat is not None
    ends = extremes(result.file.scenario.threat.resurgence)
    low, high = ends[0], ends[-1]
    middle = result.model.parameters.threat_resurgence
    ax.axhline(middle, color=BLACK, linewidth=1.2, linestyle="-.")
    if low < high:
        ax.axhspan(low, high, facecolor=GREY, alpha=0.3, linewidth=0, zorder=0)
    text = f"resurgence from {middle:.3g}" + (f" (drawn between {low:.3g} and {high:.3g})" if low < high else "")
    ax.annotate(text, (0.01, middle), xycoords=("axes fraction", "data"), xytext=(0, 3), textcoords="offset points",
                va="bottom", size=8, bbox={"color": "white", "alpha": 0.8, "pad": 1})
    ax.update_datalim([(ax.dataLim.x0, low * 0.9), (ax.dataLim.x0, high * 1.15)])


def _say_chance(ax: Any, result: "Result") -> None:
    entry = result.summary["outcomes"]["resurgence"]
    between = ""
    if entry["ci95"] is not None:
        between = f" (95 % interval {100 * entry['ci95'][0]:.0f}–{100 * entry['ci95'][1]:.0f} %)"
    ax.annotate(f"{100 * entry['mean']:.1f} %{between} by {last_day(result.file.scenario)}", (0.01, 0.94),
                xycoords="axes fraction", va="top", size=8)


def _logarithmic(ax: Any) -> None:
    """Make doubling and halving look alike, with plain numbers on the axis."""
    ax.set_yscale("log")
    low, high = ax.get_ylim()
    low, high = min(low, 0.8), max(high, 1.25)
    ax.set_ylim(low, high)
    ladders = [10.0 ** np.arange(-9, 10), *(10.0 ** np.arange(-9, 10)[:, None] * m for m in ([1, 3], [1, 2, 5])),
               *(np.arange(step, 10, step) for step in (0.5, 0.25, 0.1))]
    ticks = next(ladder for ladder in ladders if np.sum((low <= ladder) & (ladder <= high)) >= 3)
    ax.yaxis.set_major_locator(FixedLocator(np.ravel(ticks).tolist()))
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
