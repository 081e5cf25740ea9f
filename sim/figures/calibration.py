"""All figures of a calibration, written to files."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from sim.figures import agreement, deaths, fitted_attacks, model_choice
from sim.figures.files import save

if TYPE_CHECKING:
    from sim.evidence.calibrate import Calibration


def draw_all(result: "Calibration", folder: Path) -> list[Path]:
    """Draw every figure that fits a calibration, as PNG and SVG.

    The same calibration gives the same SVG files, byte for byte.

    Parameters
    ----------
    result
        The calibration.
    folder
        The folder; made if it does not exist.

    Returns
    -------
    list of Path
        The files written.
    """
    return [path for name, draw in fitting(result).items() for path in save(draw(result), folder, name)]


def fitting(result: "Calibration") -> "dict[str, Callable[[Calibration], Figure]]":
    """Return the figures that fit a calibration, by name."""
    compared = len(result.goodness.counts) > 0
    figures: dict[str, tuple[bool, Callable[[Calibration], Figure]]] = {
        "attacks": (compared, fitted_attacks.draw),
        "residuals": (True, agreement.residuals),
        "rootogram": (compared, agreement.rootogram),
        "models": (True, model_choice.draw),
        "deaths": (result.severity is not None and result.severity.deaths is not None, deaths.draw),
    }
    return {name: draw for name, (fits, draw) in figures.items() if fits}
