"""Three sample replications as event timelines."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.clocks.reference import ReferenceClock
from sim.figures.page import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    counts,
    date_axis,
    horizon,
    largest,
    page,
    short,
    styled,
    tidy,
    when,
)
from sim.figures.talk_states import STATES
from sim.model.setup import Model
from sim.rules.state import HELD, MOVING, State
from sim.scenario.names import TALK_STATES
from sim.scenario.possible import has
from sim.scenario.schema import Scenario
from sim.words.labels import kind_and_label, labels, outcome_label
from sim.words.phrases import listed

if TYPE_CHECKING:
    from sim.play.result import Result

SAMPLES = 3
"""Replications 0, 1 and 2 are shown, not a selection of striking ones."""
MOST_PHASES = 6
MOST_LINES = 6
COLOURS = (BLUE, ORANGE, PURPLE, SKY, GREY, BLACK)
LINES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
TALKS = tuple(TALK_STATES)
"""By the number of the state of the talks in the rules."""


@dataclass
class Played:
    """The course of one replication: constant from each time to the next, and from the last one to the horizon."""

    times: list[float] = field(default_factory=list)
    rows: list[tuple[list[int], list[int], int, bool, int, int, int, int]] = field(default_factory=list)
    since: float = 0.0

    def observe(self, s: State, upto: float) -> None:
        """Note the state since the step before."""
        row = (list(s.present), list(s.phase), s.talks, s.tension_high, sum(s.attacks), sum(s.harmful), sum(s.fatal),
               sum(s.strikes))
        if not self.rows or row != self.rows[-1]:
            self.times.append(self.since)
            self.rows.append(row)
        self.since = upto

    def column(self, i: int) -> np.ndarray:
        """Return column ``i`` of the rows, by time."""
        return np.array([row[i] for row in self.rows])

    def rises(self, i: int) -> np.ndarray:
        """Return the times at which a count rose."""
        return np.array(self.times)[np.diff(self.column(i), prepend=0) > 0]

    def spells(self, is_so: np.ndarray, horizon: float) -> list[tuple[float, float]]:
        """Return begin and length of each stretch of time in which something is so."""
        ends = [*self.times, horizon]
        change = np.flatnonzero(np.diff(np.concatenate([[False], is_so, [False]]).astype(int)))
        return [(ends[a], ends[b] - ends[a]) for a, b in zip(change[::2], change[1::2], strict=True)]


PRESENT, PHASES, TALK, TENSION, ATTACKS, HARMFUL, FATAL, STRIKES = range(8)


def replay(model: Model, seed: int, replication: int) -> Played:
    """Play one replication again and note what the figure needs."""
    played = Played()
    ReferenceClock(model, seed, replication).play(played.observe)
    return played


@styled
def draw(result: "Result") -> Figure:
    """Draw replications 0, 1 and 2, as far as there are so many: troops by theatre, and what happened meanwhile.

    Parameters
    ----------
    result
        The results of a scenario.
    """
    scenario = result.file.scenario
    samples = range(min(SAMPLES, result.replications))
    parts = ("attacks", "strikes", "tension", "talks")
    lanes = sum(has(scenario, part) for part in parts) + min(len(scenario.phases), MOST_PHASES)
    heights = [1.15, 0.2 * lanes + 0.1] if lanes else [1.15]
    numbers = listed(map(str, samples))
    figure = page(result, f"Sample replications: {numbers} (the first ones, not a selection)",
                  (sum(heights) + 0.55) * len(samples) + 0.3, _key(result), 4)
    axes = figure.subplots(len(heights) * len(samples), 1, sharex=True, squeeze=False,
                           height_ratios=heights * len(samples))[:, 0]
    left, right = when(scenario, 0.0), when(scenario, horizon(scenario))
    axes[0].set_xlim(left, right)
    for i, (troops, *below) in enumerate(axes.reshape(len(samples), -1)):
        played = replay(result.model, result.seed, i)
        _draw_troops(troops, result, played)
        troops.set_title(f"Replication {i}{_left_out(scenario)}")
        for ax in below:
            _draw_lanes(ax, scenario, played)
            ax.tick_params(left=False, labelbottom=i == samples[-1])
    axes[-1].tick_params(bottom=True, labelbottom=True)
    date_axis(axes[-1], left, right)
    return figure


def _left_out(scenario: Scenario) -> str:
    """Say what is left out for lack of room."""
    limits = ((len(scenario.theatres), MOST_LINES, "largest theatres"),
              (len(scenario.phases), MOST_PHASES, "first phases"))
    shown = [f"the {most} {what} of {number}" for number, most, what in limits if number > most]
    return f" ({' and '.join(shown)} are shown)" if shown else ""


def _key(result: "Result") -> list[Any]:
    scenario = result.file.scenario
    names = labels(scenario, "theatres")
    key: list[Any] = [
        Line2D([], [], color=COLOURS[i], linestyle=LINES[i], linewidth=1.4, label=short(names[k]))
        for i, k in enumerate(_theatres(result))
    ]
    if has(scenario, "attacks"):
        text = "Attack without harm, or strike" if has(scenario, "strikes") else "Attack without harm"
        key.append(Line2D([], [], color=GREY, marker="|", markersize=7, linestyle="", label=text))
    if has(scenario, "casualties"):
        key.append(Line2D([], [], color=ORANGE, marker="o", markersize=4.5, markeredgecolor=BLACK,
                          markeredgewidth=0.5, linestyle="", label="Attack that wounded"))
    if has(scenario, "deaths"):
        key.append(Line2D([], [], color=BLACK, marker="X", markersize=6, linestyle="", label="Attack that killed"))
    if scenario.tension is not None:
        key.append(Patch(facecolor=ORANGE, alpha=0.45, linewidth=0, label="High tension"))
    if scenario.phases:
        key.append(Patch(facecolor=BLUE, alpha=0.35, linewidth=0, label="Phase under way"))
        key.append(Patch(facecolor="white", edgecolor=BLACK, linewidth=0.5, hatch="/////", label="Phase held"))
    if scenario.talks is not None:
        key += [Patch(facecolor=colour, edgecolor="white", linewidth=0, hatch=hatch, label=f"Talks: {_lower(text)}")
                for text, colour, hatch in (STATES[state] for state in TALKS[1:])]
    return key


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _theatres(result: "Result") -> list[int]:
    return largest(result.trajectories.troops_plan.values[:, 0], MOST_LINES)


def _draw_troops(ax: Axes, result: "Result", played: Played) -> None:
    scenario = result.file.scenario
    times = when(scenario, np.array([*played.times, horizon(scenario)]))
    present = played.column(PRESENT)
    for i, k in enumerate(_theatres(result)):
        ax.step(times, np.append(present[:, k], present[-1, k]), where="post", color=COLOURS[i], linestyle=LINES[i],
                linewidth=1.4)
    tidy(ax)
    ax.tick_params(bottom=False, labelbottom=False)
    ax.set_ylabel("Troops")
    ax.set_ylim(0, max(1.0, 1.08 * present.max()))
    counts(ax.yaxis, 3)


def _draw_lanes(ax: Axes, scenario: Scenario, played: Played) -> None:
    """Draw what happened, a lane for each sort of thing, the first on top."""
    names = []
    if has(scenario, "attacks"):
        _tick(ax, scenario, 0, played.rises(ATTACKS), color=GREY, marker="|", markersize=7, markeredgewidth=0.7)
        _tick(ax, scenario, 0, played.rises(HARMFUL), color=ORANGE, marker="o", markersize=4.5, markeredgecolor=BLACK,
              markeredgewidth=0.5)
        _tick(ax, scenario, 0, played.rises(FATAL), color=BLACK, marker="X", markersize=6.5, markeredgecolor="white",
              markeredgewidth=0.5)
        names.append("Attacks")
    if has(scenario, "strikes"):
        _tick(ax, scenario, 1, played.rises(STRIKES), color=GREY, marker="|", markersize=7, markeredgewidth=1.2)
        names.append(outcome_label("us_strikes", scenario))
    if scenario.tension is not None:
        _bars(ax, scenario, len(names), played, played.column(TENSION), facecolor=ORANGE, alpha=0.45, linewidth=0)
        names.append("Tension")
    if scenario.talks is not None:
        for number, state in enumerate(TALKS[1:], start=1):
            _, colour, hatch = STATES[state]
            _bars(ax, scenario, len(names), played, played.column(TALK) == number, facecolor=colour, hatch=hatch,
                  edgecolor="white", linewidth=0)
        names.append("Talks")
    for j, phase in enumerate(labels(scenario, "phases")[:MOST_PHASES]):
        states = played.column(PHASES)[:, j]
        _bars(ax, scenario, len(names), played, states == MOVING, facecolor=BLUE, alpha=0.35, linewidth=0)
        _bars(ax, scenario, len(names), played, states == HELD, facecolor="white", edgecolor=BLACK, hatch="/////",
              linewidth=0.5)
        named = kind_and_label("phase", short(phase))
        names.append(named[:1].upper() + named[1:])
    tidy(ax)
    ax.grid(visible=False)
    ax.set_yticks(range(len(names)), labels=names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.spines["left"].set_visible(False)


def _tick(ax: Axes, scenario: Scenario, lane: int, times: np.ndarray, **keywords: Any) -> None:
    ax.plot(when(scenario, times), np.full(len(times), lane), linestyle="", **keywords)


def _bars(ax: Axes, scenario: Scenario, lane: int, played: Played, is_so: np.ndarray, **keywords: Any) -> None:
    spells = played.spells(is_so, horizon(scenario))
    ax.broken_barh([(when(scenario, begin), length) for begin, length in spells], (lane - 0.36, 0.72), **keywords)
