"""Where a threshold is broken: failures in the space of the parameters, and how the box was found."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sim.figures.page import BETTER, BLACK, GREY, PALE, WORSE, YELLOW, headed, percent, plain, styled, tidy
from sim.study.discover import failing_words
from sim.study.pick import axis_label, column, fails, heading, names, points, units
from sim.study.regions import levels
from sim.words.phrases import share

if TYPE_CHECKING:
    import xarray as xr

    from sim.study.discover import Discovery

KEPT: Any = {"color": BETTER, "marker": "o", "markersize": 4, "markerfacecolor": "none", "markeredgewidth": 0.8,
             "linestyle": "", "alpha": 0.7}
FAILED: Any = {"color": WORSE, "marker": "^", "markersize": 5, "markeredgecolor": BLACK, "markeredgewidth": 0.4,
               "linestyle": ""}
BOX: Any = {"facecolor": "none", "edgecolor": BLACK, "linewidth": 1.8}
ASIDE = (0.7548776662, 0.5698402910)
"""Multiples of these, less their whole parts, fill a square evenly (Roberts 2018)."""
CHOSEN: Any = {"color": YELLOW, "marker": "*", "markersize": 15, "markeredgecolor": BLACK, "linestyle": ""}


@styled
def draw(ds: "xr.Dataset", result: "Discovery") -> Figure:
    """Draw the failures over the two most limiting parameters with the box, and coverage and density as it was peeled.

    Parameters
    ----------
    ds
        The study's dataset.
    result
        What `sim.study.discover.discover` made of it; some futures fail and some do not.
    """
    title = f"Where {failing_words(result.goal)}: policy {result.policy}"
    figure = headed(heading(ds), title, 4.3, _key(result), 4)
    left, right = figure.subplots(1, 2, width_ratios=(5, 4))
    _draw_futures(left, ds, result)
    _draw_trajectory(right, result)
    return figure


def limiting(result: "Discovery", parameters: list[str]) -> list[str]:
    """Return two parameters: first those of the box by their quasi-p, then those of the tree, then any."""
    assert result.box is not None
    by_box = [limit.parameter for limit in sorted(result.box.limits, key=lambda limit: limit.quasi_p or 0.0)]
    by_tree = [limit.parameter for region in result.tree for limit in region.limits]
    return list(dict.fromkeys([*by_box, *by_tree, *parameters]))[:2]


def _key(result: "Discovery") -> list[Any]:
    assert result.box is not None
    key = [Line2D([], [], label=f"Threshold broken: {result.failures:,} futures", **FAILED),
           Line2D([], [], label=f"Kept: {result.futures - result.failures:,} futures", **KEPT)]
    return [*key, Patch(label="Region found by PRIM", **BOX)] if result.box.limits else key


def _draw_futures(ax: Axes, ds: "xr.Dataset", result: "Discovery") -> None:
    assert result.box is not None
    parameters, x = names(ds, "uncertainty"), points(ds)
    value = column(ds, "value", result.policy, result.goal.name)
    failed = fails(value, result.goal)
    shown = limiting(result, parameters)
    words = [levels(str(ds["uncertainty_unit"].values[parameters.index(name)])) for name in shown]
    places = [x[:, parameters.index(name)] + (_aside(len(x), i) if words[i] else 0.0) for i, name in enumerate(shown)]
    if len(shown) == 1:  # the outcome itself on the other axis
        places.append(value)
        assert result.goal.threshold is not None
        ax.axhline(result.goal.threshold, color=GREY, linewidth=1)
        ax.set_ylabel(axis_label(result.goal))
    ax.plot(places[0][~failed], places[1][~failed], **KEPT)
    ax.plot(places[0][failed], places[1][failed], **FAILED)
    for name, texts, axis in zip(shown, words, (ax.xaxis, ax.yaxis), strict=False):
        if texts:
            axis.set_label_text(name)
            axis.set_ticks(range(len(texts)), labels=texts)
        else:
            axis.set_label_text(", ".join(text for text in (name, units(ds)[parameters.index(name)]) if text))
            plain(axis)
    if len(shown) == 1:
        plain(ax.yaxis)
    if result.box.limits:
        bounds = [_bounds(result, name, place) for name, place in zip([*shown, ""], places, strict=False)]
        (low, high), (bottom, top) = bounds
        ax.add_patch(Rectangle((low, bottom), high - low, top - bottom, zorder=3, **BOX))
    others = [str(limit) for limit in (result.box.limits) if limit.parameter not in shown]
    title = f"Futures; the region also has {' and '.join(others)}" if others else "Futures"
    ax.set_title(title, wrap=True)
    ax.margins(0.04)
    tidy(ax)


def _aside(futures: int, axis: int) -> Any:
    """Return how far each future is drawn from its word, so that none hides another."""
    return 0.3 * ((np.arange(futures) * ASIDE[axis]) % 1.0 - 0.5)


def _bounds(result: "Discovery", name: str, place: Any) -> tuple[float, float]:
    """Return where a box begins and ends; if it has no limit, a little beyond the futures."""
    assert result.box is not None
    room = 0.02 * float(np.ptp(place))
    ends = {"above": float(place.min()) - room, "below": float(place.max()) + room}
    for limit in result.box.limits:
        if limit.parameter == name:
            ends[limit.side] = limit.value
    return ends["above"], ends["below"]


def _draw_trajectory(ax: Axes, result: "Discovery") -> None:
    assert result.box is not None
    coverage, density = ([getattr(box, name) for box in result.trajectory] for name in ("coverage", "density"))
    ax.plot(coverage, density, color=GREY, linewidth=1, marker="o", markersize=4)
    ax.plot(result.box.coverage, result.box.density, zorder=4, **CHOSEN)
    ax.axhline(result.base_rate, color=PALE, linewidth=1.2, linestyle="--")
    ax.annotate(f"All cases: {share(result.base_rate)}", (0.02, result.base_rate), (0, 3), textcoords="offset points",
                size=8, color=GREY)
    to_left = result.box.coverage > 0.5
    ax.annotate(f"Region chosen: {share(result.box.coverage)} of the failures;\n"
                f"{share(result.box.density)} of cases in this region fail",
                (result.box.coverage, result.box.density), (-12 if to_left else 12, 0), textcoords="offset points",
                ha="right" if to_left else "left", va="center", size=8.5, zorder=3,
                bbox={"color": "white", "alpha": 0.8, "pad": 1})
    for axis in (ax.xaxis, ax.yaxis):
        percent(axis, 5, 1.0)
    ax.set_xlim(0, 1.05)
    ax.set_ylim(0, 1.08)
    ax.set_xlabel("Share of all failures that lie in the region (coverage)")
    ax.set_ylabel("Share of cases in the region that fail (density)")
    ax.set_title("Regions on the way there (PRIM)")
    tidy(ax, "both")
