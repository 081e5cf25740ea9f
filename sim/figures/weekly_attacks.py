"""Attacks per week: those reported before the start, those of the simulation after it, and the regimes."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.page import (
    BLACK,
    BLUE,
    GREY,
    HIGH_TENSION,
    MOST_PANELS,
    ORANGE,
    SUPPRESSED,
    band,
    band_key,
    counts,
    date_axis,
    horizon,
    largest,
    left_edge,
    page,
    percent,
    short,
    start_line,
    styled,
    tidy,
    when,
)
from sim.scenario.days import earliest, latest
from sim.scenario.reported import reported
from sim.scenario.schema import Scenario
from sim.words.labels import labels

if TYPE_CHECKING:
    from sim.play.result import Result

MOST_NAMED = 4
"""The most truces and stop orders that have a line of their own in the key."""
LINES = ("-", "--", "-.", ":")


@styled
def draw(result: "Result") -> Figure:
    """Draw attacks per week in all theatres and in each, with the regimes below.

    Weeks are counted from the start, backwards for the past. A last week that the horizon cuts short is left out; a
    run of less than a week has nothing to show but the past.

    Parameters
    ----------
    result
        The results of a scenario.
    """
    scenario, data = result.file.scenario, result.trajectories
    panels = _panels(result)
    has_regimes = scenario.tension is not None or bool(scenario.suppressions)
    heights = [1.9 if len(panels) <= 3 else 1.45] * len(panels) + [1.1] * has_regimes
    title = "Attacks per week: reported, and in the simulation" if _reports(scenario) else "Attacks per week"
    figure = page(result, title, sum(heights) + 0.3, _key(scenario), 4)
    axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights, squeeze=False)[:, 0]
    left, right = when(scenario, left_edge(scenario, panels[0][1][0])), when(scenario, horizon(scenario))
    axes[0].set_xlim(left, right)
    for ax, panel in zip(axes, panels, strict=False):
        _draw_panel(ax, scenario, *panel)
        _shade(ax, scenario, data, left)
    if has_regimes:
        _draw_regimes(axes[-1], scenario, data)
    date_axis(axes[-1], left, right)
    return figure


def _panels(result: "Result") -> list[tuple[str, tuple[np.ndarray, np.ndarray], np.ndarray, np.ndarray]]:
    """Return title, reported attacks, quantiles and mean of each panel: all theatres, then each if there are more."""
    scenario, data = result.file.scenario, result.trajectories
    keys, names = list(scenario.theatres), labels(scenario, "theatres")
    full = slice(horizon(scenario) // 7)  # a run of less than a week has one, which is cut short
    mean = data.attacks_per_week_mean.values[:, full]
    each = [(names[k], reported(scenario, [keys[k]]), data.attacks_per_week.values[k][:, full], mean[k])
            for k in largest(data.troops_plan.values[:, 0])]
    if len(keys) == 1:
        return each
    title = "All theatres" + (f" (below, the {MOST_PANELS} largest of {len(keys)})" if len(keys) > MOST_PANELS else "")
    return [(title, reported(scenario, keys), data.attacks_per_week_total.values[:, full], mean.sum(0)), *each]


def _draw_panel(ax: Axes, scenario: Scenario, title: str, past: tuple[np.ndarray, np.ndarray], quantiles: np.ndarray,
                mean: np.ndarray) -> None:
    edges, attacks = past
    seen = when(scenario, edges[:-1]) >= ax.get_xlim()[0]
    edges, attacks = np.append(edges[:-1][seen], edges[-1:]), attacks[seen]
    tidy(ax)
    start_line(ax, scenario)
    if len(attacks):
        ax.bar(when(scenario, edges[:-1]), attacks, np.diff(edges), align="edge", facecolor="#D9D9D9", edgecolor=GREY,
               linewidth=0.4, hatch="////")
    weeks = np.repeat(when(scenario, 7.0 * np.arange(len(mean) + 1)), 2)[1:-1]  # begin and end of each
    band(ax, weeks, np.repeat(quantiles, 2, axis=1), BLUE, linewidth=1.6, clip_on=False, zorder=3)  # seen at 0 too
    ax.plot(weeks, np.repeat(mean, 2), color=BLACK, linestyle=(0, (4, 1.5)), linewidth=1.1)
    ax.set_title(title)
    ax.set_ylabel("Attacks / week")
    ax.set_ylim(0, 1.1 * max(1.0, quantiles.max(initial=0.0), mean.max(initial=0.0), attacks.max(initial=0.0)))
    counts(ax.yaxis)


def _reports(scenario: Scenario) -> bool:
    """Whether attacks before the start were reported."""
    return any(len(counts) > 1 for counts in scenario.history.attacks.values())


def _key(scenario: Scenario) -> list[Any]:
    key: list[Any] = [
        *band_key(BLUE, "week"),
        Line2D([], [], color=BLACK, linestyle=(0, (4, 1.5)), linewidth=1.1, label="Mean"),
    ]
    if _reports(scenario):
        key.append(Patch(facecolor="#D9D9D9", edgecolor=GREY, linewidth=0.5, hatch="////", label="Reported"))
    if scenario.tension is not None:
        key.append(Patch(**HIGH_TENSION, label="High tension in most replications"))
    if scenario.suppressions:
        key.append(Patch(**SUPPRESSED, label="Truce or stop order in most"))
    return key


def _shade(ax: Axes, scenario: Scenario, data: Any, left: float) -> None:
    """Shade when most replications are under high tension or a suppression, and the dated regimes of the past."""
    ends = [*when(scenario, data.day.values), when(scenario, horizon(scenario))]
    if scenario.tension is not None:
        spells = _spells(data.tension_high_share.values >= 0.5, ends) + _past_tension(scenario)
        for begin, end in spells:
            if end > left:
                ax.axvspan(max(begin, left), end, **HIGH_TENSION, zorder=0)
    if scenario.suppressions:
        spells = _spells((data.suppression_share.values >= 0.5).any(axis=0), ends) + _past_suppressions(scenario)
        for begin, end in spells:
            if end > left:
                ax.axvspan(max(begin, left), end, **SUPPRESSED, zorder=0.5)


def _spells(on: np.ndarray, ends: list[float]) -> list[tuple[float, float]]:
    """Return begin and end of each run of days on which something is so."""
    change = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
    return [(ends[a], ends[b]) for a, b in zip(change[::2], change[1::2], strict=True)]


def _past_tension(scenario: Scenario) -> list[tuple[float, float]]:
    assert scenario.tension is not None
    switches = [(earliest(switch.date), switch.state) for switch in scenario.tension.dated.values()]
    past = [(day, state) for day, state in switches if day < scenario.start]
    ends = [*(day for day, _ in past[1:]), scenario.start]
    return [(when(scenario, (day - scenario.start).days), when(scenario, (end - scenario.start).days))
            for (day, state), end in zip(past, ends, strict=False) if state == "high"]


def _past_suppressions(scenario: Scenario) -> list[tuple[float, float]]:
    spells = [(earliest(entry.start), min(latest(entry.end or scenario.start), scenario.start))
              for entry in scenario.suppressions.values() if entry.start is not None and entry.start_after is None]
    return [(when(scenario, (begin - scenario.start).days), when(scenario, (end - scenario.start).days))
            for begin, end in spells if begin < scenario.start]


def _draw_regimes(ax: Axes, scenario: Scenario, data: Any) -> None:
    """Draw the share of replications under high tension and under each suppression."""
    tidy(ax)
    start_line(ax, scenario)
    dates = when(scenario, data.day.values)
    if scenario.tension is not None:
        ax.fill_between(dates, data.tension_high_share.values, step="post", color=ORANGE, alpha=0.45, linewidth=0,
                        label="High regional tension")
    shares = [(name, share) for name, share in
              zip(labels(scenario, "suppressions"), data.suppression_share.values, strict=True) if share.max() > 0]
    for i, (name, share) in enumerate(shares):
        named = short(name[:1].upper() + name[1:])
        text = named if len(shares) <= MOST_NAMED else "Each truce or stop order" if i == 0 else None
        ax.step(dates, share, where="post", color=GREY, linestyle=LINES[i % len(LINES)], linewidth=1.4, label=text)
    ax.set_title("Regimes")
    ax.set_ylabel("Replications")
    ax.set_ylim(0, 1.04)
    percent(ax.yaxis, 2)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(loc="lower right", bbox_to_anchor=(1, 0.98), ncols=5, borderaxespad=0, handlelength=1.8)
