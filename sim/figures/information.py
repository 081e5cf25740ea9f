"""What it would be worth to know each uncertain parameter before choosing a policy."""

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.page import BLACK, BLUE, GREY, ORANGE, PURPLE, headed, percent, plain, styled, tidy
from sim.study.pick import change, change_label, heading
from sim.words.labels import in_sentence

if TYPE_CHECKING:
    import xarray as xr

    from sim.study.voi import Information

MOST = 20
"""The most parameters that are drawn: those most worth knowing."""
BAR: Any = {"facecolor": BLUE, "edgecolor": BLACK, "linewidth": 0.5}
UNSEEN: Any = {"facecolor": "white", "edgecolor": BLUE, "linewidth": 0.8, "hatch": "...."}
WHISKER: Any = {"color": BLACK, "linewidth": 1.1}
CHANCE: Any = {"color": PURPLE, "marker": "|", "markersize": 14, "markeredgewidth": 2, "linestyle": ""}


@styled
def draw(ds: "xr.Dataset", result: "Information") -> Figure:
    """Draw what knowing each parameter is worth, against what knowing everything is.

    Parameters
    ----------
    ds
        The study's dataset.
    result
        What `sim.study.voi.voi` made of it.
    """
    shown = result.ranked[:MOST]
    figure = headed(f"{heading(ds)} · best on average: {result.best}",
                    f"What knowing is worth when {in_sentence(result.goal.said)} decides",
                    0.8 + 0.36 * max(3, len(shown)), _key(result), 3)
    ax = figure.subplots()
    ax.axvspan(result.evpi.low, result.evpi.high, color=ORANGE, alpha=0.25, linewidth=0)
    ax.axvline(result.evpi.estimate, color=ORANGE, linewidth=2)
    ax.axvline(result.evpi_plain, color=GREY, linewidth=1, linestyle="--")
    ax.axvline(0, color=BLACK, linewidth=0.7)
    for y, part in enumerate(shown):
        ax.barh(y, part.value.estimate, 0.6, **(BAR if part.is_seen else UNSEEN))
        ax.plot([part.value.low, part.value.high], [y, y], **WHISKER)
        ax.plot(part.by_chance, y, **CHANCE)
    ax.set_yticks(range(len(shown)), labels=[part.parameter for part in shown])
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ends = [0.0, result.evpi.low, result.evpi.high, result.evpi_plain, *(part.by_chance for part in shown)]
    ends += [end for part in shown for end in (part.value.low, part.value.high, part.value.estimate)]
    left, right = min(ends), max(ends) if max(ends) > 0 else 1.0
    if result.goal.kind == "yes_no":
        percent(ax.xaxis, 6, max(right, 0.01), left, "")
    else:
        plain(ax.xaxis)
    room = 0.03 * (right - left)
    ax.set_xlim(left - room, right + room)
    gain = f"Mean gain in {in_sentence(result.goal.said)} by choosing the policy with it known"
    ax.set_xlabel(change_label(result.goal, gain))
    tidy(ax, "x")
    return figure


def _key(result: "Information") -> list[Any]:
    key: list[Any] = [Patch(label="Knowing this parameter (EVPPI)", **BAR), Line2D([], [], label="95 % interval",
                                                                                    **WHISKER),
                      Line2D([], [], label="What chance gives in one case of twenty", **CHANCE)]
    if not all(part.is_seen for part in result.parts):
        key.append(Patch(label="Could be chance", **UNSEEN))
    return [
        *key,
        Patch(facecolor=ORANGE, alpha=0.6,
              label=f"Knowing everything (EVPI) {change(result.evpi.estimate, result.goal, half=result.evpi.half)}, "
                    "and 95 %"),
        Line2D([], [], color=GREY, linewidth=1, linestyle="--", label="EVPI with noise counted as information"),
    ]
