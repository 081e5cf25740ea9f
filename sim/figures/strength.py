"""Troops by theatre over time: the plan and the replications, with milestones above."""

import math
from textwrap import shorten
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.figures.page import (
    BLACK,
    BLUE,
    GREY,
    MOST_PANELS,
    PURPLE,
    band,
    band_key,
    counts,
    date_axis,
    horizon,
    largest,
    left_edge,
    page,
    start_line,
    styled,
    tidy,
    when,
)
from sim.scenario.names import MILESTONES
from sim.scenario.schema import Scenario
from sim.words.labels import date_of, labels, one_line
from sim.words.phrases import date_text

if TYPE_CHECKING:
    from sim.play.result import Result

MOST_PAST = 8
"""The most milestones before the start that are shown: the latest."""


class Mark(NamedTuple):
    """A milestone: its text and its range of days (both ends the same for a date, infinite if not reached)."""

    text: str
    low: float
    middle: float
    high: float
    colour: str


@styled
def draw(result: "Result") -> Figure:
    """Draw the strength of each theatre: plan, median, bands; above them the milestones.

    Parameters
    ----------
    result
        The results of a scenario.
    """
    scenario, data = result.file.scenario, result.trajectories
    shown = largest(data.troops_plan.values[:, 0])
    marks = milestones(result)
    strip = 0.24 * len(marks) + 0.16 * sum(mark.low < mark.high for mark in marks) + 0.3
    each = 1.9 if len(shown) <= 3 else 1.35
    plan = Line2D([], [], color=BLACK, linestyle="--", linewidth=1.3, label="Plan if nothing disturbs it")
    figure = page(result, "Troops by theatre (true strength): plan and simulation",
                  strip + each * len(shown) + 0.3, [plan, *band_key(BLUE)])
    top, *panels = figure.subplots(1 + len(shown), 1, sharex=True, height_ratios=[strip, *[each] * len(shown)])
    left, right = when(scenario, left_edge(scenario, (mark.low for mark in marks))), when(scenario, horizon(scenario))
    top.set_xlim(left, right)
    _draw_milestones(top, scenario, marks)
    dates = when(scenario, data.day.values)
    names = labels(scenario, "theatres")
    for ax, k in zip(panels, shown, strict=True):
        tidy(ax)
        start_line(ax, scenario)
        _drop_lines(ax, scenario, marks)
        band(ax, dates, data.troops.values[k], BLUE)
        ax.plot(dates, data.troops_plan.values[k], color=BLACK, linestyle="--", linewidth=1.3)
        ax.set_title(names[k])
        ax.set_ylabel("Troops")
        ax.set_ylim(0, max(1.0, 1.08 * max(data.troops.values[k].max(), data.troops_plan.values[k].max())))
        counts(ax.yaxis)
    date_axis(panels[-1], left, right)
    if len(names) > MOST_PANELS:
        panels[0].set_title(f"{names[shown[0]]} (the {MOST_PANELS} largest of {len(names)} theatres are shown)")
    return figure


def milestones(result: "Result") -> list[Mark]:
    """Return the milestones of a scenario: its past, the start, the deadline, and those of the replications."""
    scenario = result.file.scenario
    past = sorted((m.date, one_line(m.text)) for m in scenario.history.milestones.values())[-MOST_PAST:]
    dated = [(day, text, GREY) for day, text in past] + [(scenario.start, "today, the start of the simulation", BLACK)]
    if scenario.deadline is not None:
        dated.append((scenario.deadline, "deadline", PURPLE))
    marks = []
    for day, text, colour in dated:
        days = float((day - scenario.start).days)
        marks.append(Mark(shorten(f"{date_text(day)}: {text}", 75, placeholder=" …"), days, days, days, colour))
    marks += [_reached(result, name, text) for name, text in
              (("agreement_day", MILESTONES["agreement"].label), ("completion_day", "Drawdown complete"))
              if name in result.summary["outcomes"]]
    return marks


def _reached(result: "Result", name: str, text: str) -> Mark:
    """Return the milestone that an outcome dates, from its quantiles; what is not reached ranks last."""
    quantiles = result.summary["outcomes"][name]["quantiles"]
    low, middle, high = (math.inf if quantiles[q] is None else quantiles[q] for q in ("5", "50", "95"))
    dates = [_said(result.file.scenario, day) for day in (low, middle, high)]
    if low == high:
        return Mark(f"{text}: {dates[1]} in at least nine of ten replications", low, middle, high, BLUE)
    return Mark(f"{text}: median {dates[1]} (5–95 %: {dates[0]} to {dates[2]})", low, middle, high, BLUE)


def _said(scenario: Scenario, day: float) -> str:
    return date_text(date_of(scenario, day)) if day < math.inf else f"after {date_text(scenario.end)}"


def _draw_milestones(ax: Axes, scenario: Scenario, marks: list[Mark]) -> None:
    """Give each milestone a row: a marker at a date, a line from 5 to 95 % with the median on it, and its words."""
    left, right = ax.get_xlim()
    y = 0.0
    for mark in marks:
        low, middle, high = (min(max(when(scenario, day), left), right) for day in mark[1:4])
        on_left = low < (left + right) / 2
        beside: Any = {"color": mark.colour, "va": "center", "ha": "left" if on_left else "right", "size": 8,
                  "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8}}
        if mark.low == mark.high:
            y -= 0.22
            beyond = "<" if low > when(scenario, mark.low) else ">" if low < when(scenario, mark.low) else "o"
            ax.plot([low], [y], marker=beyond, color=mark.colour, markersize=4.5, clip_on=False)
            ax.annotate(mark.text, (low, y), xytext=(7 if on_left else -7, 0), textcoords="offset points", **beside)
        else:
            y -= 0.36
            ax.plot([low, high], [y, y], color=mark.colour, linewidth=2.2, alpha=0.6, solid_capstyle="butt")
            ax.plot([middle], [y], marker="D" if mark.middle < math.inf else ">", color=mark.colour, markersize=5,
                    clip_on=False)
            ax.annotate(mark.text, (low if on_left else high, y), xytext=(0, 9), textcoords="offset points", **beside)
    ax.set_ylim(y - 0.12, 0.05)
    ax.axvline(when(scenario, 0.0), color=BLACK, linewidth=0.9, zorder=0)
    ax.set_yticks([])
    ax.tick_params(bottom=False, labelbottom=False)
    ax.spines[:].set_visible(False)
    ax.set_title("Milestones")


def _drop_lines(ax: Axes, scenario: Scenario, marks: list[Mark]) -> None:
    """Draw the deadline and the medians in a panel."""
    for mark in marks:
        if mark.colour != GREY and 0 < mark.middle <= horizon(scenario):
            ax.axvline(when(scenario, mark.middle), color=mark.colour, linewidth=0.9,
                       linestyle=":" if mark.low < mark.high else "-.", zorder=1)

