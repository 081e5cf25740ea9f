"""From the mean of one scenario to that of another, step by step: what each change and each coupling adds."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.analysis.labels import date_text
from sim.comparison.told import amount
from sim.figures.outcomes import label
from sim.figures.page import BLACK, BLUE, GREY, ORANGE, STEPS, date_axis, dates, headed, styled, tidy

if TYPE_CHECKING:
    from sim.comparison.explain import Explanation, OutcomeExplained, Share

ROW = 0.25
"""Height of a step, in inches."""
LONGEST = 60
"""Of a label, in characters."""
UNSEEN = "#D9D9D9"


class Step(NamedTuple):
    """A bar: what a player adds, from where the steps before it have led."""

    label: str
    start: float
    share: "Share"

    @property
    def end(self) -> float:
        """Where it leads."""
        return self.start + self.share.share


@styled
def draw(explanation: "Explanation", outcome: str) -> Figure:
    """Draw how the mean of scenario A becomes that of B: by what was changed, and by coupling.

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
        "By what was changed": steps([(_named(share), share) for share in explained.changes.shares], explained.mean_a),
        "By coupling, from the effect that is left with all of them off": steps(
            [(_sentence(share.label), share) for share in (explained.direct, *explained.couplings.shares)],
            explained.mean_a),
    }
    rows = [len(placed) + 2.2 for placed in panels.values()]
    figure = headed(_heading(explanation, explained), f"{label(outcome)}: why {explanation.b} differs from "
                    f"{explanation.a}", ROW * sum(rows) + 1.2, _key(explained.kind), 4)
    axes: Sequence[Axes] = figure.subplots(len(panels), 1, sharex=True, height_ratios=rows)
    for ax, (title, placed) in zip(axes, panels.items(), strict=True):
        _draw_panel(ax, placed, explanation, explained)
        ax.set_title(title)
    _axis(axes, explanation, explained, [value for placed in panels.values() for value in _reach(placed)])
    return figure


def steps(shares: "Sequence[tuple[str, Share]]", start: float) -> list[Step]:
    """Put shares, each with its label, one after the other.

    Parameters
    ----------
    shares
        In the order in which they are drawn.
    start
        The mean from which the first sets out.
    """
    placed: list[Step] = []
    for text, share in shares:
        placed.append(Step(text, placed[-1].end if placed else start, share))
    return placed


def _named(share: "Share") -> str:
    text = f"{share.said} ({share.label})" if share.label else share.said
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _heading(explanation: "Explanation", explained: "OutcomeExplained") -> str:
    text = f"{explanation.replications:,} replications, seed {explanation.seed}; the same futures in both scenarios"
    if explained.couplings.orders:
        text += f"; couplings sampled in {explained.couplings.orders:,} orders, which whiskers allow for"
    return text


def _key(kind: str) -> list[Any]:
    lowers, raises = ("Makes it earlier", "Makes it later") if kind == "day" else ("Lowers it", "Raises it")
    return [
        Patch(facecolor=BLUE, edgecolor=BLACK, linewidth=0.5, label=lowers),
        Patch(facecolor=ORANGE, edgecolor=BLACK, linewidth=0.5, label=raises),
        Patch(facecolor=UNSEEN, edgecolor=GREY, linewidth=0.5, hatch="////", label="Cannot be told from zero"),
        Line2D([], [], color=BLACK, linewidth=1.2, marker="|", markersize=6, label="95 % interval of the step"),
    ]


def _draw_panel(ax: Axes, placed: list[Step], explanation: "Explanation", explained: "OutcomeExplained") -> None:
    rows = len(placed) + 1
    for y, step in enumerate(placed, start=1):
        share = step.share
        looks: Any = {"facecolor": ORANGE if share.share > 0 else BLUE, "edgecolor": BLACK}
        if not share.is_seen:
            looks = {"facecolor": UNSEEN, "edgecolor": GREY, "hatch": "////"}
        ax.barh(y, _at(step.end, explanation, explained) - _at(step.start, explanation, explained), 0.66,
                left=_at(step.start, explanation, explained), linewidth=0.5, **looks)
        _whisker(ax, y, step.start, share, explanation, explained)
        _write(ax, y, amount(share.share, share.ci95, explained.kind))
    for y, mean in ((0, explained.mean_a), (rows, explained.mean_b)):
        ax.plot(_at(mean, explanation, explained), y, marker="D", color=BLACK, markersize=5, zorder=4)
    _whisker(ax, rows, explained.mean_a, explained.difference, explanation, explained)
    ends = [explained.mean_a, *(step.end for step in placed)]
    for y, end in enumerate(ends):  # from each row to the next
        at = _at(end, explanation, explained)
        ax.plot([at, at], [y, y + 1], color=GREY, linewidth=0.7, zorder=0.5)
    _write(ax, rows, amount(explained.difference.share, explained.difference.ci95, explained.kind), "bold")
    _write(ax, 0, _unit_of_steps(explained), "bold")
    labels = [f"Mean of {explanation.a}", *(step.label for step in placed), f"Mean of {explanation.b}"]
    ax.set_yticks(range(rows + 1), labels=labels)
    for y in (0, rows):
        ax.get_yticklabels()[y].set_fontweight("bold")
    ax.set_ylim(rows + 0.6, -0.6)


def _whisker(
    ax: Axes, y: int, start: float, share: "Share", explanation: "Explanation", explained: "OutcomeExplained"
) -> None:
    """Draw where a step could end."""
    if share.ci95 is not None:
        ends = [_at(start + end, explanation, explained) for end in share.ci95]
        ax.plot(ends, [y, y], color=BLACK, linewidth=1.2, marker="|", markersize=6, zorder=3)


def _write(ax: Axes, y: int, text: str, weight: str = "normal") -> None:
    ax.annotate(text, (1.0, y), xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points",
                va="center", size=8, color=GREY, weight=weight)


def _unit_of_steps(explained: "OutcomeExplained") -> str:
    unit = {"day": "days", "yes_no": "points"}.get(explained.kind, explained.unit)
    return f"Step (95 %), {unit}"


def _at(value: float, explanation: "Explanation", explained: "OutcomeExplained") -> float:
    """Return where a value lies on the axis: a day as one of Matplotlib's dates."""
    if explained.kind == "day":
        return float(dates.date2num(date.fromisoformat(explanation.start))) + value
    return value


def _reach(placed: list[Step]) -> list[float]:
    """Return all that has to find room on the axis."""
    values = [value for step in placed for value in (step.start, step.end)]
    return values + [step.start + end for step in placed for end in step.share.ci95 or ()]


def _axis(
    axes: Sequence[Axes], explanation: "Explanation", explained: "OutcomeExplained", values: list[float]
) -> None:
    """Give the axes room for all steps, and the lower one the unit."""
    room = 0.03 * (max(values) - min(values)) or 0.5
    left, right = (_at(end, explanation, explained) for end in (min(values) - room, max(values) + room))
    bottom = axes[-1]
    unit = explained.unit
    bottom.set_xlim(left, right)
    if explained.kind == "day":
        date_axis(bottom, left, right, 8)
        last = date_text(date.fromisoformat(explanation.end))
        unit = f"{bottom.get_xlabel().lower()} ({last} where it had not happened by then)"
    elif explained.kind == "yes_no":
        bottom.xaxis.set_major_locator(MaxNLocator(6, steps=STEPS))
        bottom.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.4g} %"))
    else:
        bottom.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.7g}"))
    bottom.set_xlabel(f"Mean, {unit}")
    for ax in axes:
        tidy(ax, "x")
