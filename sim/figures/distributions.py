"""Distributions of the main outcomes over replications, with tails and what did not happen."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.estimate.bars import bars, day_edges
from sim.figures.page import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    WORSE,
    date_axis,
    horizon,
    last_day,
    page,
    percent,
    styled,
    tidy,
    when,
)
from sim.rules.outcomes import OUTCOMES
from sim.scenario.schema import Scenario
from sim.words.labels import outcome_label

if TYPE_CHECKING:
    from sim.play.result import Result

COLUMNS = 3
MARK_HEIGHT, HEADROOM = 1.45, 1.65
"""The height at which the median and the tails are marked, and the height of the axis; the highest bar is 1."""


@styled
def draw(result: "Result") -> Figure:
    """Draw a histogram of every main outcome, and the chance of every main yes-or-no outcome with its interval.

    Parameters
    ----------
    result
        The results of a scenario.
    """
    shown = [outcome for outcome in OUTCOMES if outcome.main and outcome.name in result.summary["outcomes"]]
    spread = [outcome for outcome in shown if outcome.kind != "yes_no"]
    chances = [outcome.name for outcome in shown if outcome.kind == "yes_no"]
    rows = -(-len(spread) // COLUMNS)
    heights = [1.85 * rows, 0.3 * len(chances) + 0.75][: 2 if chances else 1]
    figure = page(result, "Outcomes: how far replications differ, and how bad the tail is", sum(heights), _key())
    grid = figure.add_gridspec(len(heights), 1, height_ratios=heights)
    panels = grid[0].subgridspec(rows, COLUMNS).subplots(squeeze=False).flat
    for ax, outcome in zip(panels, spread, strict=False):
        if outcome.kind == "day":
            draw_dates(ax, result, outcome.name, ticks=5)
            mark_tails(ax, result, outcome.name)
        else:
            _draw_numbers(ax, result, outcome.name)
        ax.set_title(outcome_label(outcome.name, result.file.scenario))
        ax.set_ylabel("Replications")
    for ax in list(figure.axes)[len(spread):]:
        ax.remove()
    if chances:
        _draw_chances(figure.add_subplot(grid[1]), result, chances)
    return figure


def _key() -> list[Any]:
    return [
        Line2D([], [], color=BLACK, marker="|", markersize=9, markeredgewidth=2, linestyle="", label="Median"),
        Line2D([], [], color=BLACK, linewidth=1.4, label="Nine in ten (5–95 %)"),
        Line2D([], [], color=WORSE, marker="D", markersize=5, linestyle="", label="Mean of the worst 5 %"),
        Line2D([], [], color=BLACK, marker="x", markersize=5, linestyle="", label="Largest"),
        Patch(facecolor=ORANGE, edgecolor=BLACK, linewidth=0.5, hatch="////", label="Not by the end"),
    ]


def draw_dates(ax: Axes, result: "Result", name: str, ticks: int = 12) -> None:
    """Draw on which dates something happened, and as a bar of its own the share in which it did not by the horizon.

    Parameters
    ----------
    ax
        Where.
    result
        The results of a scenario.
    name
        An outcome whose kind is ``day``.
    ticks
        Dates on the axis, at most.
    """
    scenario = result.file.scenario
    days, last = result.column(name), horizon(scenario)
    happened = days[np.isfinite(days)]
    shares, edges = _shares(happened, day_edges(last), len(days))
    _bars(ax, when(scenario, edges), shares)
    _share_axis(ax, max(shares.max(), 1 - len(happened) / len(days)))
    left, right = when(scenario, 0.0), when(scenario, last)
    date_axis(ax, left, right, ticks, 0.0 if len(happened) == len(days) else 0.12 * last)
    if len(happened) < len(days):
        _draw_not_yet(ax, scenario, 1 - len(happened) / len(days))
        right += 0.17 * last
    ax.set_xlim(left - 0.01 * last, max(right, when(scenario, edges[-1])))


def _draw_not_yet(ax: Axes, scenario: Scenario, share: float) -> None:
    last = horizon(scenario)
    ax.bar(when(scenario, 1.06 * last), share, 0.08 * last, align="edge", facecolor=ORANGE, edgecolor=BLACK,
           linewidth=0.5, hatch="////")
    ax.annotate(f"{100 * share:.3g} %", (when(scenario, 1.1 * last), share), xytext=(0, 2), textcoords="offset points",
                ha="center", va="bottom", size=8)
    ticks, texts = list(ax.get_xticks()), [text.get_text() for text in ax.get_xticklabels()]
    ax.set_xticks([*ticks, when(scenario, 1.1 * last)], labels=[*texts, f"not by\n{last_day(scenario)}"])


def _draw_numbers(ax: Axes, result: "Result", name: str) -> None:
    """Draw a histogram of numbers; if the tail is long, or the number a ratio, each step of the scale doubles."""
    values = result.column(name)
    entry = result.summary["outcomes"][name]
    edges, doubling, ratio = bars(values, entry["unit"], entry["quantiles"]["95"])
    shares, edges = _shares(values, edges, len(values))
    _bars(ax, edges, shares)
    _share_axis(ax, shares.max())
    mark_tails(ax, result, name)
    if doubling:
        if ratio:
            ax.set_xscale("log", base=2)
        else:
            ax.set_xscale("function", functions=(_steps, _unsteps))
        powers = edges[(np.log2(edges) if ratio else _steps(edges)) % 1 == 0]
        every = -(-len(powers) // 6)
        ticks = powers[np.log2(powers) % every == 0] if ratio else powers[::every]  # with 1 among those of a ratio
        ax.set_xticks(ticks, labels=[_doubled(tick) for tick in ticks])
        ax.minorticks_off()
    elif values.min() == values.max():
        ax.set_xticks(values[:1], labels=[_short(values[0])])
    else:
        ax.xaxis.set_major_locator(MaxNLocator(4, integer=bool(np.all(values == np.floor(values)))))
        ax.xaxis.set_major_formatter(FuncFormatter(_short))
    ax.set_xlabel(entry["unit"] + (" (each step doubles)" if doubling else ""))


def _steps(x: Any) -> Any:
    """Map 0, 1, 2, 4, 8, ... to 0, 1, 2, 3, 4, ..."""
    x = np.asarray(x, float)
    return np.where(x < 1, x, 1 + np.log2(np.maximum(x, 1)))


def _unsteps(y: Any) -> Any:
    y = np.asarray(y, float)
    return np.where(y < 1, y, 2.0 ** (np.minimum(np.maximum(y, 1), 1000) - 1))


def _shares(values: np.ndarray, edges: np.ndarray, replications: int) -> tuple[np.ndarray, np.ndarray]:
    return np.histogram(values, edges)[0] / replications, edges


def _bars(ax: Axes, edges: Any, shares: np.ndarray) -> None:
    ax.bar(edges[:-1], shares, np.diff(edges), align="edge", facecolor=BLUE, alpha=0.75, edgecolor="white",
           linewidth=0.4)


def _share_axis(ax: Axes, highest: float) -> None:
    tidy(ax)
    percent(ax.yaxis, 3, highest)
    ax.set_ylim(0, HEADROOM * highest)


def mark_tails(ax: Axes, result: "Result", name: str) -> None:
    """Mark the median, the 5-95 % range, the mean of the worst 5 % and the largest value above the bars."""
    entry = result.summary["outcomes"][name]
    y = MARK_HEIGHT * ax.get_ylim()[1] / HEADROOM
    low, median, high = (entry["quantiles"][q] for q in ("5", "50", "95"))
    days = entry["kind"] == "day"

    def at(value: float | None) -> Any:
        if not days:
            return value
        # what has not happened is on a bar of its own
        return when(result.file.scenario, 1.1 * horizon(result.file.scenario) if value is None else value)

    ax.plot([at(low), at(high)], [y, y], color=BLACK, linewidth=1.4)
    ax.plot([at(median)], [y], color=BLACK, marker="|", markersize=9, markeredgewidth=2)
    if entry.get("cvar95") is not None:
        ax.plot([entry["cvar95"]], [y], color=WORSE, marker="D", markersize=5)
    if not days:
        ax.plot([result.column(name).max()], [y], color=BLACK, marker="x", markersize=5, clip_on=False)


def _doubled(tick: float) -> str:
    """Write a tick of a scale whose steps double: 1/8, 1, 64, 33k."""
    return f"1/{1 / tick:.0f}" if 0 < tick < 1 else _short(float(f"{tick:.2g}") if tick > 1e4 else tick)


def _short(value: float, _: Any = None) -> str:
    """Write a number short: 2.5M, 300k, 40, 0.5."""
    for size, letter in ((1e9, "bn"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if letter == 'k' else size):,.6g}{letter}"
    return f"{value:,.4g}"


def _draw_chances(ax: Axes, result: "Result", names: list[str]) -> None:
    """Draw the chance of each yes-or-no outcome as a bar with its 95 % interval."""
    y = np.arange(len(names))[::-1]
    for at, name in zip(y, names, strict=True):
        entry = result.summary["outcomes"][name]
        ax.barh(at, entry["mean"], 0.62, facecolor=BLUE, alpha=0.75)
        low, high = entry["ci95"] or (entry["mean"], entry["mean"])
        ax.plot([low, high], [at, at], color=BLACK, linewidth=1.4, marker="|", markersize=6)
        between = f" ({100 * low:.0f}–{100 * high:.0f} %)" if entry["ci95"] else ""
        ax.annotate(f"{100 * entry['mean']:.1f} %{between}", (max(high, entry["mean"]), at), xytext=(6, 0),
                    textcoords="offset points", va="center", size=8, color=GREY)
    tidy(ax)
    ax.grid(visible=False)
    ax.set_yticks(y, labels=[outcome_label(name, result.file.scenario) for name in names])
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.set_xlim(0, 1.18)
    percent(ax.xaxis)
    ax.set_xlabel("Share of replications, with its 95 % interval (Wilson)")
    ax.set_title(f"Does it happen? By {last_day(result.file.scenario)}, unless the label says otherwise")
