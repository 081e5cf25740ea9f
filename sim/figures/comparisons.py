"""All figures of a comparison, written to files."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sim.comparison.by_date import events_in_both
from sim.figures import forest, horizons, paths, trade_off, waterfall
from sim.figures.files import save

if TYPE_CHECKING:
    from sim.comparison.compare import Comparison


def draw_comparison(
    comparison: "Comparison", folder: str | os.PathLike[str], axes: tuple[str, str] | None = None
) -> list[Path]:
    """Draw every figure of a comparison, as PNG and SVG.

    Parameters
    ----------
    comparison
        The comparison.
    folder
        The folder; made if it does not exist.
    axes
        Two outcomes to weigh against each other; none when left out.

    Returns
    -------
    list of Path
        The files written.
    """
    figures = {"differences": forest.draw(comparison), "troops": paths.draw(comparison)}
    if any(events_in_both(comparison, name) for name in comparison.differences):
        figures["by_date"] = horizons.draw(comparison)
    if axes is not None:
        figures["trade_off"] = trade_off.draw(comparison, *axes)
    for name, explanation in comparison.explanations.items():
        figures |= {f"why_{name}_{outcome.name}": waterfall.draw(explanation, outcome.name)
                    for outcome in explanation.outcomes}
    return [path for name, figure in figures.items() for path in save(figure, folder, name)]
