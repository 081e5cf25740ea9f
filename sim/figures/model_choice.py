"""The models that were compared, and how many attacks an attack sets off in those with self-excitation."""

import math
from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.evidence.held_out import RECENT
from sim.figures.intervals import heading
from sim.figures.page import BLACK, BLUE, GREY, ORANGE, PALE, PURPLE, headed, root_ticks, styled, tidy

if TYPE_CHECKING:
    from sim.evidence.calibrate import Calibration
    from sim.evidence.fitted import FittedValue
    from sim.evidence.recommend import Compared

LITERATURE = (0.2, 0.5)
"""The range of branching ratios in the literature, with regimes in the model."""
AS_GOOD = 2.0
"""A difference of an information criterion that is too small to matter."""
MEASURES: dict[str, tuple[str, Any]] = {
    "aic": ("AIC: fit, less a price for each parameter",
            {"color": BLUE, "marker": "o", "markersize": 7}),
    "bic": ("BIC: the same, at a higher price",
            {"color": ORANGE, "marker": "s", "markersize": 6, "markeredgecolor": BLACK, "markeredgewidth": 0.5}),
    "held_out": ("Out-of-sample score: forecasts of the second half (−2 log-likelihood)",
                 {"color": PURPLE, "marker": "^", "markersize": 7, "markerfacecolor": "white", "markeredgewidth": 1.4}),
}


@styled
def draw(result: "Calibration") -> Figure:
    """Draw how far each model is from the best by each measure, and the branching ratios with their intervals.

    The simple rival, the rate of the last four weeks, stands last; it has an out-of-sample score only.
    """
    models = sorted(result.compared.values(), key=lambda model: model.fit.aic)
    models += [result.recent] if result.recent is not None else []
    rows = branching(result)
    scores = {name: differences(models, name) for name in MEASURES}
    shown = [name for name, values in scores.items() if np.isfinite(values).any()]
    figure = headed(heading(result.record, f"recommended: {result.best_fit.model.label}"),
                    "Models compared, and the attacks that an attack sets off", 0.6 + 0.55 * max(len(models), 4),
                    _key(shown), 2)
    left, right = figure.subplots(1, 2, width_ratios=(5, 4))
    _draw_differences(left, [model.fit.model.label for model in models], {name: scores[name] for name in shown})
    _draw_branching(right, rows)
    return figure


def differences(models: "Sequence[Compared]", measure: str) -> Any:
    """Return how much worse each model is than the best by a measure; NaN if there is no score."""
    if measure == "held_out":
        values = np.array([math.nan if model.held_out is None else -2.0 * model.held_out for model in models])
    else:  # the rate of the last four weeks is fitted to other data
        values = np.array([math.nan if model.fit.model.name == RECENT else getattr(model.fit, measure)
                           for model in models])
    finite = values[np.isfinite(values)]
    return values - finite.min(initial=math.inf)


def branching(result: "Calibration") -> "list[tuple[str, FittedValue | None]]":
    """Return the branching ratio by background: of each self-excited model, and on the moving background."""
    rows: list[tuple[str, FittedValue | None]] = [
        (model.fit.model.label, model.estimates["branching_ratio"])
        for model in result.models.values() if "branching_ratio" in model.estimates]
    left = result.moving.branching_ratio if result.moving is not None else None
    return [*rows, ("Self-excited on a moving background (errs low)", left)]


def _key(shown: list[str]) -> list[Any]:
    key: list[Any] = [Line2D([], [], linestyle="", label=MEASURES[name][0], **MEASURES[name][1]) for name in shown]
    return [
        *key,
        Patch(color=PALE, alpha=0.45, linewidth=0, label=f"No more than {AS_GOOD:g} from the best: as good"),
        Line2D([], [], color=BLACK, marker="o", markersize=6, linewidth=1.8,
               label="Branching ratio and its 90 % interval"),
        Patch(facecolor="none", edgecolor=GREY, hatch="////", linewidth=0,
              label=f"Literature: {LITERATURE[0]:g}–{LITERATURE[1]:g} (Lewis et al. 2012: 37–50 % of events)"),
    ]


def _draw_differences(ax: Axes, labels: list[str], scores: dict[str, Any]) -> None:
    """Draw a row for each model, with its measures one below the other."""
    tidy(ax, "both")
    largest = max(float(values[np.isfinite(values)].max()) for values in scores.values())
    right = 1.12 * max(largest, 10.0)
    ax.axvspan(0, AS_GOOD, color=PALE, alpha=0.45, linewidth=0, zorder=0)
    offsets = np.linspace(-0.24, 0.24, len(scores)) if len(scores) > 1 else [0.0]
    for offset, (name, values) in zip(offsets, scores.items(), strict=True):
        ax.plot(np.minimum(values, right), np.arange(len(labels)) + offset, linestyle="", clip_on=False,
                **MEASURES[name][1])
        for y in np.flatnonzero(np.isposinf(values)):
            ax.annotate("∞", (right, y + offset), (5, 0), textcoords="offset points", va="center",
                        annotation_clip=False)
    ax.set_xscale("function", functions=(lambda x: np.sqrt(np.maximum(x, 0.0)), np.square))
    ticks = root_ticks(right, 0.08 * math.sqrt(right))
    ax.set_xticks(ticks, labels=[f"{tick:,}" for tick in ticks])
    ax.set_xlim(0, right)
    ax.set_xlabel("Worse than the best by (square-root scale)")
    ax.set_title("Models, best on top by AIC")
    _rows(ax, labels)


def _draw_branching(ax: Axes, rows: "list[tuple[str, FittedValue | None]]") -> None:
    tidy(ax, "both")
    ax.axvspan(*LITERATURE, facecolor="none", edgecolor=PALE, hatch="////", linewidth=0, zorder=0)
    for y, (_, ratio) in enumerate(rows):
        if ratio is None:
            ax.text(0.5, y, "not estimated: no self-excitation seen", ha="center", va="center", size=8.5, color=GREY,
                    bbox={"color": "white", "pad": 2})
            continue
        ax.plot([ratio.low, ratio.high], [y, y], color=BLACK, linewidth=1.8, solid_capstyle="butt")
        ax.plot(ratio.estimate, y, color=BLACK, marker="o", markersize=6)
        ax.text(min(max(ratio.estimate, 0.18), 0.82), y - 0.16,
                f"{ratio.estimate:.2f} ({ratio.low:.2f}–{ratio.high:.2f})", ha="center", va="bottom", size=8.5,
                bbox={"color": "white", "alpha": 0.85, "pad": 1})
    ax.set_xlim(0, 1)
    ax.set_xlabel("Mean number of attacks that an attack sets off")
    ax.set_title("Branching ratio")
    _rows(ax, [label for label, _ in rows])


def _rows(ax: Axes, labels: list[str]) -> None:
    ax.set_yticks(range(len(labels)), labels=[fill(label, 20) for label in labels])
    ax.set_ylim(len(labels) - 0.45, -0.55)
    ax.grid(axis="y", visible=False)
    for y in range(1, len(labels)):
        ax.axhline(y - 0.5, color="#E4E4E4", linewidth=0.6)
    ax.tick_params(axis="y", length=0, pad=8)
