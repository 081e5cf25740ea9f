"""Drawdowns of the past, forecast from what was known when they were ordered, beside what came."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.evidence.happened import DATES, GONE, NOT_ENDED, THERE
from sim.figures.files import save
from sim.figures.page import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    WORSE,
    band,
    band_key,
    counts,
    date_axis,
    headed,
    percent,
    styled,
    tidy,
    when,
)
from sim.words.phrases import counted, whole_percent

if TYPE_CHECKING:
    from sim.evidence.hindcast import Hindcast, Hindcasts, Score

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
CAME: Any = {"linestyle": "", "marker": "o", "markersize": 6, "markerfacecolor": BLACK, "markeredgecolor": "white",
             "markeredgewidth": 0.8, "zorder": 5}
MISSED: Any = {**CAME, "markerfacecolor": WORSE, "marker": "D"}
RIVALS: dict[str, Any] = {
    "plan": {"color": BLACK, "linestyle": "--", "linewidth": 1.2},
    "plan_times_median_slip": {"color": PURPLE, "linestyle": (0, (5, 1.2, 1, 1.2)), "linewidth": 1.2},
    "straight_line": {"color": ORANGE, "linestyle": "-", "linewidth": 1.0},
}
MARKERS = {"model": ("o", BLUE), "plan": ("s", BLACK), "plan_times_median_slip": ("^", PURPLE),
           "straight_line": ("D", ORANGE)}
LONGEST = 42
"""Characters of a title at the side of a figure."""
BEYOND = 0.12
"""How far an axis of days goes on after what is drawn, as a share of it."""


def draw_all(result: "Hindcasts", folder: Path) -> list[Path]:
    """Draw a figure for each drawdown and one for all, as PNG and SVG, into a folder, and return the files written."""
    written = [path for one in result.hindcasts for path in save(draw_case(one), folder, one.name)]
    return [*save(draw(result), folder, "all"), *written]


@styled
def draw_case(one: "Hindcast") -> Figure:
    """Draw one drawdown: troops, sites if any were observed, and dates."""
    dated = [score for score in one.scores if score.observation.what in DATES]
    troops = [score for score in one.scores if score.observation.what in (GONE, THERE)]
    sites = [score for score in one.scores if score not in dated and score not in troops]
    heights = [2.6, *([1.7] if sites else []), *([0.36 * len(dated) + 0.35] if dated else [])]
    scenario = one.case.file.scenario
    without = f", learnt without {', '.join(one.case.left_out)}" if one.case.left_out else ""
    heading = (f"{scenario.title or one.name} · forecast as of {scenario.start}, "
               f"{counted(len(one.played), 'replication')}{without}")
    figure = headed(heading, "A drawdown of the past: the forecast, and what came", sum(heights) + 0.4, _case_key(), 4)
    panels = iter(np.atleast_1d(figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)))
    days = np.arange(_last_day(one) + 1)
    _draw_troops(next(panels), one, troops, days)
    if sites:
        _draw_sites(next(panels), one, sites, days)
    if dated:
        _draw_dates(ax := next(panels), one, dated)
        ax.tick_params(axis="y", length=0, pad=8)
    left, right = when(scenario, 0.0), when(scenario, float(days[-1]))
    bottom = figure.axes[-1]
    bottom.set_xlim(left, right)
    date_axis(bottom, left, right)
    return figure


def _case_key() -> list[Any]:
    from sim.evidence.hindcast import LABELS

    median, half, most = band_key(BLUE)
    median.set_label("Model: median")
    return [Line2D([], [], **CAME, label="What came"), Line2D([], [], **MISSED, label="What came, outside nine in ten"),
            median, half, most, *(Line2D([], [], **style, label=LABELS[name]) for name, style in RIVALS.items())]


def _last_day(one: "Hindcast") -> int:
    """Return the last day to draw: after whatever came and was planned, and after most of the replications' ends."""
    scenario = one.case.file.scenario
    seen = max((score.observation.day - scenario.start).days for score in one.scores)
    ends = np.quantile([min(course.completed, 4 * one.plan.completed) for course in one.played], 0.95)
    last = max(seen, float(ends), one.plan.completed * max(1.0, one.slip))
    return int(min((1 + BEYOND) * last + 2, (scenario.end - scenario.start).days))


def _draw_troops(ax: Axes, one: "Hindcast", scores: "Sequence[Score]", days: Any) -> None:
    dates = when(one.case.file.scenario, days)
    played = np.array([course.present[np.searchsorted(course.times, days + 1.0) - 1] for course in one.played])
    band(ax, dates, np.quantile(played, LEVELS, axis=0, method="inverted_cdf"), BLUE)
    for name, course in _rivals(one).items():
        ax.plot(dates, [course.at_end_of(day) for day in days], **RIVALS[name])
    start = float(one.plan.present[0])
    came = [score.came if score.observation.what == THERE else start - score.came for score in scores]
    for score, there in zip(scores, came, strict=True):
        _came(ax, one, score, there)
    tidy(ax)
    low, high = min([float(played.min()), *came]), max([float(played.max()), *came])
    # if most stay, only those who leave are drawn large
    room = 0.08 * high if 2 * low < high else max(1.0, 0.2 * (high - low))
    ax.set_ylim(0 if 2 * low < high else low - room, high + room)
    counts(ax.yaxis)
    ax.set_ylabel("Troops")
    ax.set_title("Troops still there at the end of each day")


def _draw_sites(ax: Axes, one: "Hindcast", scores: "Sequence[Score]", days: Any) -> None:
    dates = when(one.case.file.scenario, days)
    number = len(one.plan.closed)
    played = np.array([number - (course.closed[None, :] < days[:, None] + 1.0).sum(axis=1) for course in one.played])
    band(ax, dates, np.quantile(played, LEVELS, axis=0, method="inverted_cdf"), BLUE)
    for name, course in _rivals(one).items():
        ax.plot(dates, [number - course.closed_by(day) for day in days], **RIVALS[name])
    for score in scores:
        _came(ax, one, score, score.came if score.observation.what == "sites_left" else number - score.came)
    tidy(ax)
    ax.set_ylim(0, 1.08 * number)
    counts(ax.yaxis)
    ax.set_ylabel("Sites")
    ax.set_title("Sites not closed yet")


def _draw_dates(ax: Axes, one: "Hindcast", scores: "Sequence[Score]") -> None:
    """Give each date a row: the middle 90 and 50 % of the replications, their median, the rivals, and what came."""
    scenario = one.case.file.scenario
    tidy(ax, "x")
    for y, score in enumerate(scores):
        for share, alpha in ((0.9, 0.18), (0.5, 0.38)):
            low, high = (when(scenario, day) for day in score.band(share))
            ax.fill_between([low - 0.5, high + 0.5], y - 0.3, y + 0.3, color=BLUE, alpha=alpha, linewidth=0)
        ax.plot([when(scenario, score.median)] * 2, [y - 0.3, y + 0.3], color=BLUE, linewidth=1.6)
        for name, day in score.rivals.items():
            ax.plot([when(scenario, day)] * 2, [y - 0.38, y + 0.38], **RIVALS[name])
        _came(ax, one, score, y)
    ax.set_yticks(range(len(scores)), labels=[_named(score) for score in scores])
    ax.set_ylim(len(scores) - 0.5, -0.5)
    ax.set_title("Dates")


def _named(score: "Score") -> str:
    about = score.observation.about
    return about[:1].upper() + about[1:] + (" by then" if score.observation.what == NOT_ENDED else "")


def _came(ax: Axes, one: "Hindcast", score: "Score", y: float) -> None:
    days = float((score.observation.day - one.case.file.scenario.start).days)
    ax.plot([when(one.case.file.scenario, days)], [y], clip_on=False, **(CAME if score.inside(0.9) >= 0.5 else MISSED))


def _rivals(one: "Hindcast") -> dict[str, Any]:
    return {"straight_line": one.plan.straightened(), "plan_times_median_slip": one.plan.stretched(one.slip),
            "plan": one.plan}


@styled
def draw(result: "Hindcasts") -> Figure:
    """Draw where each observation lies among the replications, and the scores of the forecasters, by drawdown."""
    from sim.evidence.hindcast import BANDS, LABELS

    told = ", ".join(f"{whole_percent(result.coverage(share))} in the middle {name} %" for name, share in BANDS.items())
    key: list[Any] = [
        Line2D([], [], **CAME, label="An observation"),
        Line2D([], [], **MISSED, label="An observation outside nine in ten"),
        Patch(color=BLUE, alpha=0.38, linewidth=0, label="Half of replications (25–75 %)"),
        Patch(color=BLUE, alpha=0.18, linewidth=0, label="Nine in ten (5–95 %)"),
        *(Line2D([], [], linestyle="", marker=marker, color=colour, markersize=6, label=LABELS[name])
          for name, (marker, colour) in MARKERS.items())]
    of = f"{counted(len(result.scores), 'observation')} of {counted(len(result.hindcasts), 'drawdown')}"
    heading = (f"{of}: {told} · {counted(result.replications, 'replication')} of each, "
               f"seed {result.seed}")
    rows = len(result.hindcasts) + 1
    figure = headed(heading, "Drawdowns of the past: where what came lies in the forecast", 0.75 + 0.42 * rows, key, 4)
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=[1.35, 1])
    _draw_percentiles(left, result)
    _draw_crps(right, result)
    left.set_yticks(range(rows), labels=[*(_short(one) for one in result.hindcasts), "All"])
    left.set_ylim(rows - 0.5, -0.5)
    return figure


def _short(one: "Hindcast") -> str:
    title = one.case.file.scenario.title or one.name
    return title if len(title) <= LONGEST else title[: LONGEST - 1] + "…"


def _draw_percentiles(ax: Axes, result: "Hindcasts") -> None:
    tidy(ax, "x")
    ax.tick_params(axis="y", length=0, pad=8)
    for share, alpha in ((0.9, 0.18), (0.5, 0.3)):
        ax.axvspan((1 - share) / 2, (1 + share) / 2, color=BLUE, alpha=alpha, linewidth=0, zorder=0)
    for y, one in enumerate(result.hindcasts):
        for i, score in enumerate(one.scores):
            spread = 0.5 * ((i + 0.5) / len(one.scores) - 0.5)
            style = CAME if score.inside(0.9) >= 0.5 else MISSED
            ax.plot([score.below, score.upto], [y + spread] * 2, color=GREY, linewidth=0.8, zorder=4)
            ax.plot([score.percentile / 100], [y + spread], clip_on=False, **style)
    everything = np.sort([score.percentile / 100 for _, score in result.scores])
    ax.plot(everything, np.full(len(everything), len(result.hindcasts)), linestyle="", marker="|", markersize=12,
            color=BLACK, clip_on=False)
    ax.axhline(len(result.hindcasts) - 0.5, color=GREY, linewidth=0.7)
    ax.set_xlim(0, 1)
    percent(ax.xaxis)
    ax.set_xlabel("Share of replications below what came")
    ax.set_title("Percentiles (a line: replications that say the same)")


def _draw_crps(ax: Axes, result: "Hindcasts") -> None:
    from sim.evidence.hindcast import mean_crps

    tidy(ax, "x")
    ax.tick_params(axis="y", length=0)
    rows = [*(mean_crps(one.scores) for one in result.hindcasts), result.crps]
    for y, scores in enumerate(rows):
        ax.plot([min(scores.values()), max(scores.values())], [y, y], color=GREY, linewidth=0.7, zorder=1)
        for name, value in reversed(scores.items()):
            marker, colour = MARKERS[name]
            ax.plot([value], [y], linestyle="", marker=marker, color=colour, markersize=6.5, clip_on=False)
    ax.axhline(len(rows) - 1.5, color=GREY, linewidth=0.7)
    highest = max(max(scores.values()) for scores in rows)
    ax.set_xlim(0, 1.08 * highest if highest > 0 else 1.0)
    percent(ax.xaxis, largest=1.08 * highest if highest > 0 else 1.0)
    ax.set_xlabel("Mean CRPS, of what was planned (lower is better)")
    ax.set_title("How far forecasts were off")
