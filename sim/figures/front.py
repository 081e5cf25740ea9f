"""The Pareto front of a search: each timeline in fresh replications, and how good it looked in the search."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.estimate.estimate import Estimate
from sim.estimate.intervals import REACH
from sim.figures.page import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PALE,
    date_ticks,
    dates,
    headed,
    plain,
    seen_shares,
    styled,
    tidy,
)
from sim.scenario.names import STATISTICS
from sim.scenario.resolve import unquoted
from sim.study.front import MARK, Candidate, Front
from sim.study.study import Goal
from sim.words.labels import one_line
from sim.words.phrases import all_of

SINGLE, SMALL, LINE = 4.4, 3.3, 0.2
"""Heights of one panel, of several side by side, and of a line of words below them, in inches."""
ASIDE = ((16, 14), (-22, -22), (-22, 14), (16, -22))
"""Where letters are put beside their candidates, in turn, so that they do not cover one another."""
LEADER: Any = {"arrowstyle": "-", "color": BLACK, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 2}
PAIRED = ("Bars are the sampling error of each timeline by itself. All share their random numbers, so differences are "
          "far surer than the bars tell.")
LATE = "What has not happened by the last day of the scenario counts as happening on that day."




@styled
def draw(front: Front) -> Figure:
    """Draw the front, a panel for each pair of objectives.

    Parameters
    ----------
    front
        What a search found.
    """
    pairs = list(combinations(range(front.objectives), 2))
    marked = landmarks(front)
    lines = [(letter, f"{why}: {setting_text(front, candidate)}") for letter, (candidate, why) in marked.items()]
    if front.front and not marked:
        lines.append(("", f"{_capital(all_of(len(front.front), 'timeline'))} here come to the same: none is better."))
    lines += [(MARK, line) for line in front.at_ends()]
    lines += [("", PAIRED), *([("", LATE)] if any(goal.kind == "day" for goal in _objectives(front)) else [])]
    height, room = SINGLE if len(pairs) == 1 else SMALL, LINE * len(lines) + 0.15
    figure = headed(_heading(front), "Timelines that no other beats in every outcome", height + room, _key(front),
                    columns=2)
    rows: Any = figure.subfigures(2, 1, height_ratios=(height, room))
    panels, words = rows
    for ax, (i, j) in zip(np.ravel(panels.subplots(1, len(pairs))), pairs, strict=True):
        _draw_panel(ax, front, i, j, marked, ticks=7 if len(pairs) == 1 else 4)
    for row, (letter, text) in enumerate(lines):
        y = 1 - LINE * row / room
        words.text(0.012, y, letter, va="top", weight="bold", size=9)
        words.text(0.034 if letter else 0.012, y, text, va="top", size=9, color=BLACK if letter else GREY)
    return figure


def landmarks(front: Front) -> dict[str, tuple[Candidate, str]]:
    """Return the candidates to be named, with why, by letter: the best by each objective, and the knee.

    The knee is the candidate nearest to the best of everything, each objective measured by its range over the front.
    None is the best by an objective in which all are equal.
    """
    if not front.front:
        return {}
    goals = _objectives(front)
    values = np.array([[goal.sign * estimate.value for goal, estimate in zip(goals, candidate.confirmed, strict=False)]
                       for candidate in front.front])
    span = np.ptp(values, axis=0)
    whys: dict[int, list[str]] = {}
    for i, goal in enumerate(_objectives(front)):
        if span[i] > 0 or len(values) == 1:
            whys.setdefault(int(values[:, i].argmin()), []).append(goal.said)
    if not whys:
        return {}
    best = {i: f"Best in {' and in '.join(names)}" for i, names in whys.items()}
    shares = (values - values.min(axis=0)) / np.where(span > 0, span, 1.0)
    knee = int((shares**2).sum(axis=1).argmin())
    middle = "nearest to the best in everything (knee)"
    named = best | {knee: f"{best[knee]}, and {middle}" if knee in best else _capital(middle)}
    return {chr(ord("A") + n): (front.front[i], named[i]) for n, i in enumerate(sorted(named))}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def setting_text(front: Front, candidate: Candidate) -> str:
    """Write the levers of a candidate, numbers with their units; a star where one lies at the end of its range."""
    units = {axis.name: axis.unit for axis in front.axes if axis.unit != "count"}
    numbers = {name for name, value in candidate.setting.items()
               if isinstance(value, int | float) and not isinstance(value, bool)}
    at_end = front.ends(candidate)
    return ", ".join(" ".join([name, unquoted(value), *([units[name]] if name in numbers & units.keys() else []),
                               *([MARK] if name in at_end else [])])
                     for name, value in candidate.setting.items())


def _objectives(front: Front) -> tuple[Goal, ...]:
    return front.goals[: front.objectives]


def _heading(front: Front) -> str:
    name = one_line(front.title) or front.name
    return (f"{name} · {front.tried:,} timelines tried in {front.replications:,} replications each, the best confirmed "
            f"in {front.fresh:,} fresh ones, seed {front.seed}")


def _key(front: Front) -> list[Any]:
    keys = [
        Line2D([], [], color=BLUE, marker="o", markersize=5, linewidth=1,
               label="Confirmed in fresh replications, 95 % interval"),
        Line2D([], [], color=ORANGE, marker="o", markersize=5, markerfacecolor="white", linestyle="",
               label="The same in the replications of the search"),
    ]
    if any(candidate.confirmed for candidate in front.dropped):
        keys.append(Line2D([], [], color=GREY, marker="x", markersize=5, linestyle="",
                           label="Dropped after the fresh replications"))
    if front.unpicked:
        names = ", ".join(candidate.name for candidate in front.unpicked)
        keys.append(Line2D([], [], color=BLACK, marker="D", markersize=5, linewidth=1, label=f"As it is: {names}"))
    return keys


def _draw_panel(
    ax: Axes, front: Front, i: int, j: int, marked: dict[str, tuple[Candidate, str]], ticks: int
) -> None:
    def place(estimates: Sequence[Estimate]) -> tuple[float, float]:
        return _at(front, i, estimates[i].value), _at(front, j, estimates[j].value)

    for candidate in front.front:
        before, after = place(candidate.search), place(candidate.confirmed)
        ax.plot(*zip(before, after, strict=True), color=PALE, linewidth=0.8, zorder=1)
        ax.plot(*before, "o", color=ORANGE, markerfacecolor="white", markersize=5, zorder=3)
    for candidates, colour, marker in ((front.front, BLUE, "o"), (front.unpicked, BLACK, "D")):
        for candidate in candidates:
            up, across = (_reach(candidate.confirmed[number]) for number in (j, i))
            ax.errorbar(*place(candidate.confirmed), up, across, color=colour, fmt=marker, markersize=5, linewidth=0.6,
                        zorder=4)
    for candidate in front.dropped:
        if candidate.confirmed:
            ax.plot(*place(candidate.confirmed), "x", color=GREY, markersize=4, zorder=2)
    for n, (letter, (candidate, _)) in enumerate(marked.items()):
        ax.annotate(letter, place(candidate.confirmed), xytext=ASIDE[n % len(ASIDE)], textcoords="offset points",
                    weight="bold", size=10, zorder=6, arrowprops=LEADER)
    for candidate in front.unpicked if len(front.base) > 1 else ():
        ax.annotate(candidate.name, place(candidate.confirmed), xytext=(6, -10), textcoords="offset points", size=8)
    ax.margins(0.14)  # room for the letters
    for axis, goal in ((ax.xaxis, front.goals[i]), (ax.yaxis, front.goals[j])):
        _axis(axis, goal, ticks)
    tidy(ax, "both")


def _at(front: Front, goal: int, value: float) -> float:
    """Return where a goal's value is on its axis: a day at its date."""
    return float(dates.date2num(front.start) + value) if front.goals[goal].kind == "day" else value


def _reach(estimate: Estimate) -> float:
    """Return the length of an error bar; none without an error."""
    return REACH * estimate.se if np.isfinite(estimate.se) else 0.0


def _axis(axis: Axis, goal: Goal, ticks: int) -> None:
    """Write an objective along an axis: dates, percentages or numbers, its unit, and which way is better."""
    unit = goal.unit
    if goal.kind == "day":
        date_ticks(axis, ticks)
        unit = "date"
    elif goal.kind == "yes_no":
        seen_shares(axis, ticks)
    else:
        plain(axis, ticks)
    better = "higher" if goal.better == "high" else "lower"
    axis.set_label_text(f"{goal.said}\n{STATISTICS[goal.statistic]}, {unit}; {better} is better")
