"""Deaths of fatal attacks, and the power law fitted to them."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sim.figures.agreement import SQUARE, p_text
from sim.figures.intervals import heading
from sim.figures.page import BLACK, BLUE, PURPLE, headed, styled, tidy

if TYPE_CHECKING:
    from sim.evidence.calibrate import Calibration
    from sim.evidence.deaths import Deaths, Tail

RULED_OUT = 0.1
"""A law is ruled out at this p-value or less (Clauset et al. 2009)."""


@styled
def draw(result: "Calibration") -> Figure:
    """Draw the share of fatal attacks with at least a given number of deaths, and the fitted law with its interval."""
    assert result.severity is not None
    assert result.severity.deaths is not None
    assert result.record.harm is not None
    fitted = result.severity.deaths
    deaths, shares = survival(result.record.harm.killed)
    tail = fitted.tail if fitted.tail is not None and fitted.tail.start.estimate > 1 else None
    figure = headed(heading(result.record, f"{fitted.attacks:,} fatal attacks"), "Deaths in fatal attacks", 4.6,
                    _key(fitted, tail), 1, SQUARE)
    ax = figure.subplots()
    tidy(ax, "both")
    far = np.unique(np.geomspace(1, 2 * deaths[-1] + 1, 200).astype(int))
    lowest = 0.4 / fitted.attacks  # where the drawn laws end
    ax.fill_between(far, *(np.maximum(law(far, end), lowest) for end in (fitted.exponent.high, fitted.exponent.low)),
                    color=BLUE, alpha=0.2, linewidth=0)
    lines: list[tuple[Any, Any, Any]] = [
        (far, law(far, fitted.exponent.estimate), {"color": BLUE, "linewidth": 1.6})]
    if tail is not None:
        start = int(tail.start.estimate)
        beyond = far[far >= start]
        share = tail.attacks / fitted.attacks
        lines.append((beyond, share * law(beyond, tail.exponent.estimate, start),
                      {"color": PURPLE, "linewidth": 1.6, "linestyle": (0, (4, 1.5))}))
    for x, y, look in lines:
        ax.plot(x[y >= lowest], y[y >= lowest], **look)
    ax.plot(deaths, shares, color=BLACK, marker="o", markersize=5, linestyle="", zorder=3)
    ax.set(xscale="log", yscale="log", xlim=(0.9, far[-1]), ylim=(lowest, 1.3),
           xlabel="Killed in an attack (logarithmic scale)",
           ylabel="Fatal attacks with at least as many killed (logarithmic scale)")
    for axis, scale, unit in ((ax.xaxis, 1, ""), (ax.yaxis, 100, " %")):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(FuncFormatter(lambda x, _, by=scale, unit=unit: f"{by * x:,.4g}{unit}"))
        axis.set_minor_formatter(NullFormatter())
    verdict = "not ruled out" if fitted.p_value.estimate > RULED_OUT else "ruled out"
    ax.set_title(f"The power law from one death on is {verdict}: {p_text(fitted.p_value.estimate)}\n"
                 f"(ruled out at {RULED_OUT:g} or less)")
    return figure


def survival(killed: Any) -> tuple[Any, Any]:
    """Return the numbers of deaths that occur in fatal attacks, and the share of attacks with at least as many."""
    values, numbers = np.unique(killed[killed > 0], return_counts=True)
    return values, np.cumsum(numbers[::-1])[::-1] / numbers.sum()


def law(deaths: Any, exponent: float, start: int = 1) -> Any:
    """Return the chance of at least as many deaths under the discrete power law from a start on."""
    from scipy.special import zeta

    return zeta(exponent, deaths) / zeta(exponent, start)


def _key(fitted: "Deaths", tail: "Tail | None") -> list[Any]:
    of = fitted.exponent
    key: list[Any] = [
        Line2D([], [], color=BLACK, marker="o", markersize=5, linestyle="", label="Recorded"),
        Line2D([], [], color=BLUE, linewidth=1.6, label=f"Power law from one death on, exponent {of.estimate:.2f}"),
        Patch(color=BLUE, alpha=0.2, linewidth=0,
              label=f"90 % interval of the exponent, {of.low:.2f} to {of.high:.2f}"),
    ]
    if tail is not None:
        key.append(Line2D([], [], color=PURPLE, linewidth=1.6, linestyle=(0, (4, 1.5)),
                          label=f"Power law from {tail.start.estimate:.0f} deaths on, exponent "
                                f"{tail.exponent.estimate:.2f} ({tail.exponent.low:.2f} to {tail.exponent.high:.2f})"))
    return key
