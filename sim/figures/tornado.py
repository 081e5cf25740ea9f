"""How far outcomes move when an uncertain number goes from one end of its range to the other."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.page import BLACK, BLUE, GREY, ORANGE, STYLE, date_axis, last_day, page, percent, plain, tidy, when
from sim.rules.outcomes import OUTCOMES
from sim.scenario.names import NOT_YET
from sim.words.labels import outcome_label
from sim.words.phrases import decimals, difference_text, difference_unit, scale_of

if TYPE_CHECKING:
    from sim.evidence.hinges import Effect
    from sim.play.result import Result

MOST = 12
"""The most numbers that are drawn for each outcome."""
KINDS = {outcome.name: outcome.kind for outcome in OUTCOMES}


def draw(
    result: "Result", effects: "Sequence[Effect]", outcomes: Sequence[str], names: Mapping[str, str]
) -> Figure:
    """Draw, for each of some outcomes, the numbers that move its mean most, as a tornado.

    Parameters
    ----------
    result
        The ensemble in which all of them are drawn over their ranges.
    effects
        What moving each number does, as `sim.evidence.hinges.measure` returns it.
    outcomes
        Which outcomes, a panel for each.
    names
        What to call each number.
    """
    shown = {name: strongest(effects, name) for name in outcomes}
    heights = [0.27 * len(bars) + 0.75 for bars in shown.values()]
    with matplotlib.rc_context(STYLE):
        figure = page(result, "What the outcomes depend on: uncertain numbers, each from end to end of its range",
                      sum(heights), _key())
        panels = figure.subplots(len(shown), 1, squeeze=False, height_ratios=heights)[:, 0]
        for ax, (name, bars) in zip(panels, shown.items(), strict=True):
            _draw_panel(ax, result, name, bars, names)
    return figure


def strongest(effects: "Sequence[Effect]", outcome: str) -> "list[Effect]":
    """Return the effects on an outcome that can be distinguished from chance, the largest first, at most `MOST`."""
    seen = [effect for effect in effects if effect.outcome == outcome and effect.is_seen]
    return sorted(seen, key=lambda effect: -abs(effect.difference))[:MOST]


def _key() -> list[Any]:
    return [
        Patch(facecolor=ORANGE, edgecolor=BLACK, linewidth=0.5, label="Mean with the number at its low end"),
        Patch(facecolor=BLUE, edgecolor=BLACK, linewidth=0.5, label="Mean with the number at its high end"),
        Line2D([], [], color=BLACK, linewidth=1.2, label="Mean in the ensemble"),
    ]


def _draw_panel(ax: Axes, result: "Result", name: str, bars: "list[Effect]", names: Mapping[str, str]) -> None:
    days = KINDS[name] == "day"

    def at(value: float) -> float:
        return float(when(result.file.scenario, value)) if days else value

    middle = at(result.summary["outcomes"][name]["mean"])
    for y, effect in enumerate(bars):
        ends = [(at(effect.at_low), ORANGE), (at(effect.at_high), BLUE)]
        for end, colour in sorted(ends, key=lambda bar: -abs(bar[0] - middle)):  # the longer bar behind the shorter one
            ax.barh(y, end - middle, 0.7, left=middle, facecolor=colour, edgecolor=BLACK, linewidth=0.5)
        ax.annotate(change_text(effect), (1.0, y), xycoords=("axes fraction", "data"), xytext=(6, 0),
                    textcoords="offset points", va="center", size=8, color=GREY)
    ax.annotate("Low to high (95 %)", (1.0, -1), xycoords=("axes fraction", "data"), xytext=(6, 0),
                textcoords="offset points", va="center", size=8, weight="bold", color=GREY)
    ax.axvline(middle, color=BLACK, linewidth=1.2)
    _axis(ax, name, result, [middle, *(at(end) for effect in bars for end in (effect.at_low, effect.at_high))])
    ax.set_yticks(range(len(bars)), labels=[names[effect.number] for effect in bars])
    ax.set_ylim(len(bars) - 0.4, -0.6)
    ax.set_title(outcome_label(name, result.file.scenario))


def change_text(effect: "Effect") -> str:
    """Write the change from the low to the high end with half the length of its interval, such as ``+92 ± 2 days``."""
    kind = KINDS[effect.outcome]
    scale, unit = scale_of(kind), difference_unit(kind, short=True)
    change, half = scale * effect.difference, scale * (effect.ci_high - effect.ci_low) / 2
    return f"{difference_text(change, half)} ± {half:,.{decimals(half)}f} {unit}".rstrip()


def _axis(ax: Axes, name: str, result: "Result", ends: list[float]) -> None:
    """Give the axis its unit and room for all bars."""
    room = 0.03 * (max(ends) - min(ends))
    left, right = min(ends) - room, max(ends) + room
    ax.set_xlim(left, right)
    unit = result.summary["outcomes"][name]["unit"]
    if KINDS[name] == "day":
        date_axis(ax, left, right, 8)
        unit = f"{ax.get_xlabel().lower()} ({NOT_YET.format(end=last_day(result.file.scenario))})"
    elif KINDS[name] == "yes_no":
        percent(ax.xaxis, 5, min(1.0, right))
    else:
        plain(ax.xaxis)
    ax.set_xlabel(f"Mean, {unit}")
    tidy(ax, "x")
