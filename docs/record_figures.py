"""The pictures of the page on the record of drawdowns."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from sim.evidence.conduct import Attacks
from sim.evidence.drawdowns import KINDS, Episode
from sim.figures.page import BLACK, BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, SKY, STYLE, VERMILLION, headed

COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, BLACK, GREY)
DASHES, MARKERS = ("-", "--"), "osD^vPX*"
OFF, BACK = 3.4, 4.6
"""Where drawdowns that did not end as planned stand on the axis of slips."""


def endings(episodes: Sequence[Episode]) -> Figure:
    """Draw slip and delay of the first move of every episode, by kind of plan."""
    key = [Line2D([], [], linestyle="", marker="o", color=BLUE, label="One drawdown"),
           Line2D([], [], linestyle="", marker="o", markerfacecolor="white", color=BLUE,
                  label="The date is approximate or recalled"),
           Line2D([], [], color=GREY, linewidth=0.8, label="As planned")]
    with matplotlib.rc_context(STYLE):
        figure = headed(f"Each of the {len(episodes)} drawdowns of the record, by kind of plan. Famous, finished cases "
                        "are over-represented.", "What came of plans", 4.6, key)
        slips, delays = figure.subplots(1, 2, sharey=True)
        _scatter(slips, episodes, _slip_place, "actual_end")
        _scatter(delays, episodes, _first_move, "first_move")
        _axis(slips, (0.5, 0.7, 1, 1.4, 2), {OFF: "open", BACK: "re-\nversed"}, (0.5, 5.2))
        slips.set_title("Actual over planned time")
        slips.axvline(1, color=GREY, linewidth=0.8)
        slips.axvline(2.6, color=PALE, linewidth=0.8, linestyle=":")
        _axis(delays, (0.01, 0.03, 0.1, 0.3, 1), {}, (0.004, 2.2))
        delays.set_title("First move, as a share of the planned time")
        cases = [sum(one.kind == kind for one in episodes) for kind in KINDS]
        slips.set_yticks(range(len(KINDS)), [f"{kind}\n({n})" for kind, n in zip(KINDS, cases, strict=True)])
        slips.invert_yaxis()
    return figure


def _slip_place(one: Episode) -> float | None:
    return BACK if one.ending == "reversed" else OFF if one.ending == "open" else one.slip


def _first_move(one: Episode) -> float | None:
    """Return the delay as a share of the plan; a move on the day itself is drawn as one a day later."""
    return max(1, one.delay_days) / one.planned_days if one.delay_days is not None and one.planned_days else None


def _scatter(ax: Axes, episodes: Sequence[Episode], of: Callable[[Episode], float | None], field: str) -> None:
    for y, kind in enumerate(KINDS):
        shown = sorted(((at, one) for one in episodes if one.kind == kind and (at := of(one)) is not None),
                       key=lambda pair: (pair[0], pair[1].id))
        for i, (x, one) in enumerate(shown):
            sure = one.mark_of(field) == "read"
            height = y + (0.0 if len(shown) == 1 else 0.6 * (i / (len(shown) - 1) - 0.5))
            ax.plot(x, height, "o", color=BLUE, markerfacecolor=BLUE if sure else "white", markersize=4.5)
    for y in range(len(KINDS) - 1):
        ax.axhline(y + 0.5, color=PALE, linewidth=0.5)


def _axis(ax: Axes, ticks: Sequence[float], words: dict[float, str], ends: tuple[float, float]) -> None:
    ax.set_xscale("log")
    ax.set_xlim(*ends)
    ax.xaxis.set_major_locator(FixedLocator([*ticks, *words]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: next(
        (word for at, word in words.items() if abs(at - x) < 1e-6), f"{x:g}")))
    ax.xaxis.set_minor_locator(NullLocator())


def shape(places: Mapping[str, Sequence[tuple[float, float]]]) -> Figure:
    """Draw how many had left after which part of the time, for each drawdown with dated counts, by its name."""
    with matplotlib.rc_context(STYLE):
        figure = headed("Dated counts, joined by lines. Time runs from the announcement to the actual end.",
                        "How troops left", 4.8, width=8.0)
        ax = figure.subplots()
        ax.plot([0, 1], [0, 1], color=PALE, linewidth=3, label="A straight line", zorder=0)
        for i, (name, at) in enumerate(places.items()):
            time, gone = zip(*[(0.0, 0.0), *at, (1.0, 1.0)], strict=True)
            ax.plot(time, gone, **_look(i), label=name, markevery=slice(1, -1), clip_on=False)
        percent = FuncFormatter(lambda x, _: f"{100 * x:.0f} %")
        ax.xaxis.set_major_formatter(percent)
        ax.yaxis.set_major_formatter(percent)
        ax.set(xlim=(0, 1.01), ylim=(0, 1.02), xlabel="Time that has passed", ylabel="Of those who were to leave, gone")
        ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return figure


def _look(i: int) -> dict[str, Any]:
    """Return how the i-th line of a figure looks; no two of sixteen look alike."""
    again, colour = i // len(COLOURS) % len(DASHES), COLOURS[i % len(COLOURS)]
    return {"color": colour, "linestyle": DASHES[again], "marker": MARKERS[i % len(MARKERS)], "markersize": 5,
            "markerfacecolor": "white" if again else colour, "linewidth": 1.3}


def isis(attacks: Sequence[Attacks]) -> Figure:
    """Draw the series of ISIS attacks, as rates a year, each on its own."""
    names = list(dict.fromkeys((one.series, one.area) for one in attacks))
    with matplotlib.rc_context(STYLE):
        figure = headed("Each observer counts something else: the direction of a line means something, its height "
                        "against another line nothing.", "ISIS attacks, as several observers counted them", 4.2,
                        width=8.0)
        ax = figure.subplots()
        for i, name in enumerate(names):
            own = [one for one in attacks if (one.series, one.area) == name]
            middle = [(one.begin.toordinal() + one.end.toordinal() + 1) / 2 for one in own]
            when = [1970 + (day - 719163) / 365.25 for day in middle]
            rate = [one.attacks * 365.25 / ((one.end - one.begin).days + 1) for one in own]
            ax.plot(when, rate, **_look(i), label=f"{name[0]}, {name[1]}")
        ax.set_yscale("log")
        ax.set(ylim=(80, 5000), ylabel="Attacks a year", xlim=(2018, 2025))
        ax.yaxis.set_major_locator(FixedLocator([100, 300, 1000, 3000]))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:,.0f}"))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.legend(loc="center left", bbox_to_anchor=(1.02, 0.5))
    return figure
