"""All figures of a scenario, written to files."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave
from numpy.typing import NDArray

from sim.figures import chances, distributions, resurgence, samples, strength, talk_states, weekly_attacks
from sim.figures.page import Draw
from sim.play.files import whole
from sim.rules.outcomes import OUTCOMES
from sim.scenario.possible import has, lacking
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.play.result import Result

DPI = 200
SAVING: Any = {"svg.hashsalt": "sim", "figure.autolayout": False, "figure.constrained_layout.use": False}
"""The same names inside SVG files every time, and no layout engine that is set again by default."""


def draw_all(result: "Result", folder: str | os.PathLike[str]) -> list[Path]:
    """Draw every figure that fits the scenario, as PNG and SVG.

    The same results give the same SVG files, byte for byte.

    Parameters
    ----------
    result
        The results of a scenario.
    folder
        The folder; made if it does not exist.

    Returns
    -------
    list of Path
        The files written.
    """
    return [path for name, draw in fitting(result.file.scenario).items() for path in save(draw(result), folder, name)]


def save(figure: Figure, folder: str | os.PathLike[str], name: str) -> list[Path]:
    """Write a figure as PNG and SVG into a folder, which is made if it does not exist, and return the two files."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    png, svg = folder / f"{name}.png", folder / f"{name}.svg"
    with matplotlib.rc_context(SAVING), ThreadPoolExecutor(1) as beside:
        figure.set_dpi(DPI)  # from the start, so that the sizes of texts are worked out once for layout and PNG
        _settle(figure)
        canvas: Any = FigureCanvasAgg(figure)  # it has no types
        canvas.draw()
        written = beside.submit(_write_png, png, np.asarray(canvas.buffer_rgba()))
        with whole(svg) as draft:
            figure.savefig(draft, format="svg", metadata={"Date": None})
        written.result()
    return [png, svg]


def _write_png(path: Path, picture: NDArray[np.uint8]) -> None:
    """Compress a picture and write it, which keeps Python free: meanwhile the SVG is drawn."""
    with whole(path) as draft:
        imsave(draft, picture, format="png", dpi=DPI)


def _settle(figure: Figure) -> None:
    """Lay a figure out once and for all, on rounded positions: the last bits of a layout differ from time to time.

    The layout engine is then removed. With any engine, even the placeholder ``"none"``, every ``savefig`` draws the
    whole figure once more before it draws the one that is kept.
    """
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    figure.set_layout_engine(None)
    for ax in figure.axes:
        left, bottom, width, height = (round(edge, 6) for edge in ax.get_position().bounds)
        ax.set_position((left, bottom, width, height))


def fitting(scenario: Scenario) -> dict[str, Draw]:
    """Return the figures that fit a scenario, by name."""
    attacked = bool(scenario.history.attacks) or has(scenario, "attacks")
    figures: dict[str, tuple[bool, Draw]] = {
        "troops": (True, strength.draw),
        "attacks": (attacked, weekly_attacks.draw),
        "talks": (scenario.talks is not None, talk_states.draw),
        "outcomes": (True, distributions.draw),
        "threat": (scenario.threat is not None, resurgence.draw),
        "timelines": (True, samples.draw),
        "by_date": (any(not lacking(scenario, outcome.needs) for outcome in OUTCOMES if outcome.day), chances.draw),
    }
    return {name: draw for name, (fits, draw) in figures.items() if fits}
