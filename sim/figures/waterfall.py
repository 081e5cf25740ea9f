"""From one scenario to another, step by step: what each change and each coupling adds to the difference in means.

Steps are drawn as changes, not as means: a sum of some steps is no mean of anything that was played, and that of a
chance may well lie below 0 or above 1.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.figures.page import BETTER, BLACK, GREY, NEITHER, WORSE, headed, plain, styled, tidy
from sim.scenario.names import NOT_YET
from sim.words.phrases import date_text, difference_unit, give_or_take, mean_text, scale_of

if TYPE_CHECKING:
    from sim.comparison.explanation import Explanation, OutcomeExplained, Share

ROW = 0.25
"""Height of a step, in inches."""
LONGEST = 60
"""The length of a label, in characters, at most."""
UNSEEN = "#D9D9D9"


class Step(NamedTuple):
    """A bar: what a player adds, on top of what the steps before it add."""

    label: str
    start: float
    share: "Share"

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.start + self.share.share


@styled
def draw(explanation: "Explanation", outcome: str) -> Figure:
    """Draw how scenario B comes to differ from A in the mean: by what was changed, and by coupling.

    Parameters
    ----------
    explanation
        As `sim.comparison.explain.explain` returns it.
    outcome
        Which of its outcomes.

    Raises
    ------
    KeyError
        If it is not among them.
    """
    explained = {item.name: item for item in explanation.outcomes}[outcome]
    panels = {
        "By what was changed": steps([(_named(share), share) for share in explained.changes.shares]),
        "By coupling, from the effect that is left with all of them off": steps(
            [(_sentence(share.label), share) for share in (explained.direct, *explained.couplings.shares)]),
    }
    rows = [len(placed) + 2.2 for placed in panels.values()]
    figure = headed(_heading(explanation, explained), f"{explained.said}: why {explanation.b} differs from "
                    f"{explanation.a}", ROW * sum(rows) + 1.2, _key(explained), 4)
    axes: Sequence[Axes] = figure.subplots(len(panels), 1, sharex=True, height_ratios=rows)
    for ax, (title, placed) in zip(axes, panels.items(), strict=True):
        _draw_panel(ax, placed, explanation, explained)
        ax.set_title(title)
    _axis(axes, explanation, explained, [value for placed in panels.values() for value in _reach(placed, explained)])
    return figure


def steps(shares: "Sequence[tuple[str, Share]]") -> list[Step]:
    """Put shares, each with its label, one after the other, in the order in which they are drawn; the first at 0."""
    placed: list[Step] = []
    for text, share in shares:
        placed.append(Step(text, placed[-1].end if placed else 0.0, share))
    return placed


def _named(share: "Share") -> str:
    text = f"{share.said} ({share.label})" if share.label else share.said
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _heading(explanation: "Explanation", explained: "OutcomeExplained") -> str:
    played = f"{explanation.replications:,} replications, seed {explanation.seed}"
    text = f"{played}; the same random numbers in both scenarios"
    if explained.couplings.orders:
        text += f"; couplings added in {explained.couplings.orders:,} random orders"
    return text


def _key(explained: "OutcomeExplained") -> list[Any]:
    lowers, raises = ("makes it earlier", "makes it later") if explained.kind == "day" else ("lowers it", "raises it")
    looks = [(_colour(explained, sign), text) for sign, text in ((-1, lowers), (1, raises))]
    words = {BETTER: "Better: {}", WORSE: "Worse: {}"}
    sides = [(colour, words[colour].format(text)) for colour, text in looks if colour in words]
    return [
        *(Patch(facecolor=colour, edgecolor=BLACK, linewidth=0.5, label=text)
          for colour, text in sorted(sides, key=lambda side: side[0] != BETTER) or [(NEITHER, "Neither better")]),
        Patch(facecolor=UNSEEN, edgecolor=GREY, linewidth=0.5, hatch="////", label="Could be zero"),
        Line2D([], [], color=BLACK, linewidth=1.2, marker="|", markersize=6, label="95 % interval of the step"),
    ]


def _colour(explained: "OutcomeExplained", change: float) -> str:
    """Return the colour of a change: whether it is for the better."""
    if not explained.better:
        return NEITHER
    return BETTER if (change > 0) == (explained.better == "high") else WORSE


def _draw_panel(ax: Axes, placed: list[Step], explanation: "Explanation", explained: "OutcomeExplained") -> None:
    rows, scale = len(placed) + 1, scale_of(explained.kind)
    for y, step in enumerate(placed, start=1):
        share = step.share
        looks: Any = {"facecolor": _colour(explained, share.share), "edgecolor": BLACK}
        if not share.is_seen:
            looks = {"facecolor": UNSEEN, "edgecolor": GREY, "hatch": "////"}
        ax.barh(y, scale * share.share, 0.66, left=scale * step.start, linewidth=0.5, **looks)
        _whisker(ax, y, step.start, share, scale)
        _write(ax, y, give_or_take(share.share, share.ci95, explained.kind))
    for y, change in ((0, 0.0), (rows, explained.difference.share)):
        ax.plot(scale * change, y, marker="D", color=BLACK, markersize=5, zorder=4)
    _whisker(ax, rows, 0.0, explained.difference, scale)
    for y, end in enumerate([0.0, *(step.end for step in placed)]):  # from each row to the next
        ax.plot([scale * end, scale * end], [y, y + 1], color=GREY, linewidth=0.7, zorder=0.5)
    _write(ax, rows, give_or_take(explained.difference.share, explained.difference.ci95, explained.kind), "bold")
    _write(ax, 0, f"Step (95 %), {difference_unit(explained.kind, explained.unit)}", "bold")
    first, last = (f"Mean of {name}: {_mean(explanation, explained, mean)}" for name, mean in
                   ((explanation.a, explained.mean_a), (explanation.b, explained.mean_b)))
    ax.set_yticks(range(rows + 1), labels=[first, *(step.label for step in placed), last])
    for y in (0, rows):
        ax.get_yticklabels()[y].set_fontweight("bold")
    ax.set_ylim(rows + 0.6, -0.6)


def _mean(explanation: "Explanation", explained: "OutcomeExplained", mean: float) -> str:
    start, end = date.fromisoformat(explanation.start), date.fromisoformat(explanation.end)
    return mean_text(mean, explained.kind, start, end)


def _whisker(ax: Axes, y: int, start: float, share: "Share", scale: float) -> None:
    """Draw the interval of a step."""
    if share.ci95 is not None:
        ends = [scale * (start + end) for end in share.ci95]
        ax.plot(ends, [y, y], color=BLACK, linewidth=1.2, marker="|", markersize=6, zorder=3)


def _write(ax: Axes, y: int, text: str, weight: str = "normal") -> None:
    ax.annotate(text, (1.0, y), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points",
                va="center", size=8, color=GREY, weight=weight)


def _reach(placed: list[Step], explained: "OutcomeExplained") -> list[float]:
    """Return everything that the axis has to show."""
    values = [value for step in placed for value in (step.start, step.end)]
    values += [step.start + end for step in placed for end in step.share.ci95 or ()]
    return [scale_of(explained.kind) * value for value in (*values, *(explained.difference.ci95 or ()))]


def _axis(
    axes: Sequence[Axes], explanation: "Explanation", explained: "OutcomeExplained", values: list[float]
) -> None:
    """Give the axes room for all steps, and the lower one the unit."""
    room = 0.03 * (max(values) - min(values)) or 0.5
    bottom = axes[-1]
    bottom.set_xlim(min(values) - room, max(values) + room)
    plain(bottom.xaxis, 6, "+")
    unit = difference_unit(explained.kind, explained.unit)
    end = date_text(date.fromisoformat(explanation.end))
    note = f"\n({NOT_YET.format(end=end)})" if explained.kind == "day" else ""
    bottom.set_xlabel(f"Change of the mean from that of {explanation.a}, {unit}{note}")
    for ax in axes:
        tidy(ax, "x")
