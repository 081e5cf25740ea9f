"""Which uncertain parameters move an outcome."""

from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.page import BLACK, BLUE, ORANGE, SKY, headed, percent, styled, tidy
from sim.study.pick import axis_label, heading
from sim.words.labels import in_sentence
from sim.words.phrases import share

if TYPE_CHECKING:
    import xarray as xr

    from sim.study.indices import Index
    from sim.study.sensitivity import Sensitivity

MOST = 20
"""The most parameters that are drawn: those that matter most."""
FIRST: Any = {"facecolor": BLUE, "edgecolor": BLACK, "linewidth": 0.5}
TOTAL: Any = {"facecolor": ORANGE, "edgecolor": BLACK, "linewidth": 0.5, "hatch": "////"}
MU_STAR: Any = {"facecolor": SKY, "edgecolor": BLACK, "linewidth": 0.5}
WHISKER: Any = {"color": BLACK, "linewidth": 1.1}
SIGMA: Any = {"color": BLACK, "marker": "D", "markersize": 5, "linestyle": "", "markerfacecolor": "white"}


@styled
def draw(ds: "xr.Dataset", result: "Sensitivity") -> Figure:
    """Draw the indices of each parameter with their intervals, the largest on top.

    Parameters
    ----------
    ds
        The study's dataset.
    result
        What `sim.study.sensitivity.sensitivity` made of it; its outcome changes from future to future.
    """
    shown = result.ranked[:MOST]
    is_morris = result.design == "morris"
    figure = headed(heading(ds), f"What {in_sentence(result.goal.said)} depends on: policy {result.policy}",
                    0.75 + 0.36 * max(3, len(shown)), _key(result), 4)
    ax = figure.subplots()
    if is_morris:
        _draw_morris(ax, shown)
    else:
        _draw_shares(ax, shown)
    noise = f"at most {share(result.spread.noise_share)} of the variance between futures is noise of the replications"
    axis = (axis_label(result.goal, f"Change of {in_sentence(result.goal.judged)} over a parameter's range")
            if is_morris else f"Share of the variance of {in_sentence(result.goal.judged)} between futures")
    ax.set_xlabel(f"{axis}\n({noise})")
    ax.set_yticks(range(len(shown)), labels=[index.parameter for index in shown])
    ax.set_ylim(len(shown) - 0.4, -0.6)
    tidy(ax, "x")
    ax.axvline(0, color=BLACK, linewidth=0.7)
    return figure


def _key(result: "Sensitivity") -> list[Any]:
    interval = Line2D([], [], label="95 % interval", **WHISKER)
    if result.design == "morris":
        return [Patch(label="mu*: mean size of the change", **MU_STAR), interval,
                Line2D([], [], label="sigma: as large as mu* where it depends on other parameters", **SIGMA)]
    first = Patch(label="By itself (first-order index)", **FIRST)
    if result.design == "sobol":
        return [first, Patch(label="With its interactions (total index)", **TOTAL), interval]
    return [first, interval]


def _draw_shares(ax: Axes, shown: "list[Index]") -> None:
    two, ends = any(index.total is not None for index in shown), [0.0]
    for y, index in enumerate(shown):
        for interval, offset, look in ((index.first, -0.18 if two else 0.0, FIRST), (index.total, 0.18, TOTAL)):
            if interval is not None:
                height = 0.34 if two else 0.6
                ax.barh(y + offset, interval.estimate, height, **look)
                ax.plot([interval.low, interval.high], [y + offset] * 2, **WHISKER)
                ends += [interval.low, interval.estimate, interval.high]
    left, right = min(ends), max(0.1, *ends)
    percent(ax.xaxis, 6, right, left)
    room = 0.03 * (right - left)
    ax.set_xlim(left - room, right + room)


def _draw_morris(ax: Axes, shown: "list[Index]") -> None:
    for y, index in enumerate(shown):
        assert index.mu_star is not None
        assert index.sigma is not None
        ax.barh(y, index.mu_star.estimate, 0.6, **MU_STAR)
        ax.plot([index.mu_star.low, index.mu_star.high], [y, y], **WHISKER)
        ax.plot(index.sigma, y, **SIGMA)
