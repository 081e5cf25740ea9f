"""Policies across futures: their regrets, and how often they keep the threshold."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.page import BETTER, BLACK, BLUE, ORANGE, SKY, headed, percent, plain, short, styled, tidy
from sim.study.pick import amount, change, change_label, heading, names, oriented, table
from sim.words.labels import in_sentence
from sim.words.phrases import share

if TYPE_CHECKING:
    import xarray as xr

    from sim.study.robust import Compared, Standing

MOST = 20
"""The most policies that are drawn: those with the smallest mean regret."""
DOTS: Any = {"color": SKY, "marker": "o", "markersize": 2.6, "linestyle": "", "alpha": 0.6, "markeredgewidth": 0}
MEAN: Any = {"color": ORANGE, "marker": "D", "markersize": 6, "markeredgecolor": BLACK, "linestyle": ""}
LARGEST: Any = {"color": BLACK, "marker": "|", "markersize": 13, "markeredgewidth": 2, "linestyle": ""}
GOLDEN = 0.6180339887498949


@styled
def draw(ds: "xr.Dataset", result: "Compared") -> Figure:
    """Draw the regret of each policy in each future, and the share of futures in which it keeps the threshold.

    Parameters
    ----------
    ds
        The study's dataset.
    result
        What `sim.study.robust.robust` made of one of its outcomes.
    """
    shown = sorted(result.standings, key=lambda standing: standing.regret_mean)[:MOST]
    with_shares = result.goal.threshold is not None
    figure = headed(heading(ds), f"Policies across futures: {in_sentence(result.goal.judged)}",
                    1.0 + 0.5 * len(shown), _key(result), 4)
    axes = figure.subplots(1, 2 if with_shares else 1, sharey=True, squeeze=False,
                           width_ratios=(3, 1) if with_shares else (1,))[0]
    _draw_regret(axes[0], ds, result, shown)
    if with_shares:
        _draw_kept(axes[1], result, shown)
    axes[0].set_yticks(range(len(shown)), labels=[short(standing.policy) for standing in shown])
    axes[0].set_ylim(len(shown) - 0.45, -0.55)
    return figure


def _key(result: "Compared") -> list[Any]:
    key = [Line2D([], [], label="Regret in one future", **DOTS), Line2D([], [], label="Mean regret", **MEAN),
           Line2D([], [], label="Largest regret", **LARGEST)]
    if result.goal.threshold is None:
        return key
    return [*key, Patch(facecolor=BETTER, edgecolor=BLACK, linewidth=0.5, label="Threshold kept")]


def _draw_regret(ax: Axes, ds: "xr.Dataset", result: "Compared", shown: "list[Standing]") -> None:
    cost = oriented(table(ds, "value", result.goal.name), result.goal)
    regret, policies = cost - cost.min(axis=0), names(ds, "policy")
    offsets = 0.5 * (np.arange(cost.shape[1]) * GOLDEN % 1 - 0.5)  # spread evenly, and the same each time
    for y, standing in enumerate(shown):
        ax.plot(regret[policies.index(standing.policy)], y + offsets, **DOTS)
        ax.plot(standing.regret_mean, y, zorder=4, **MEAN)
        ax.plot(standing.regret_max, y, zorder=3, **LARGEST)
        ax.annotate(f"{change(standing.regret_mean, result.goal, unit=False)} / "
                    f"{change(standing.regret_max, result.goal, unit=False)}", (1.0, y),
                    xycoords=("axes fraction", "data"), xytext=(5, 0), textcoords="offset points", va="center", size=8,
                    color=BLUE)
    ax.annotate("Mean / largest", (1.0, -0.5), xycoords=("axes fraction", "data"), xytext=(5, 2),
                textcoords="offset points", va="bottom", size=8, weight="bold", color=BLUE)
    largest = float(regret.max())
    if result.goal.kind == "yes_no":
        percent(ax.xaxis, 5, max(largest, 0.01), unit="")
    else:
        plain(ax.xaxis)
    ax.set_xlim(-0.01 * largest if largest else -0.01, 1.03 * largest if largest else 1.0)
    ax.set_xlabel(f"{change_label(result.goal, 'Regret: worse than the best policy of the same future')}\n"
                  "(noise of the replications makes small regrets where policies are equal)")
    tidy(ax, "x")


def _draw_kept(ax: Axes, result: "Compared", shown: "list[Standing]") -> None:
    goal = result.goal
    for y, standing in enumerate(shown):
        kept = standing.satisficing or 0.0
        ax.barh(y, kept, 0.5, facecolor=BETTER, edgecolor=BLACK, linewidth=0.5)
        ax.annotate(share(kept), (kept, y), (4, 0), textcoords="offset points", va="center", size=8)
    percent(ax.xaxis, 3, 1.0)
    ax.set_xlim(0, 1.28)
    assert goal.threshold is not None
    word = "at least" if goal.better == "high" else "at most"
    ax.set_xlabel(f"Futures with\n{word} {amount(goal.threshold, goal)}")
    tidy(ax, "x")
