"""What all figures share: the page with its heading, colours, bands and date axes."""

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

import matplotlib
import matplotlib.dates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator, StrMethodFormatter

from sim.scenario.schema import Scenario
from sim.words.labels import one_line
from sim.words.phrases import counted, date_text, minus

if TYPE_CHECKING:
    from sim.play.result import Result

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, VERMILLION, PURPLE = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
"""The palette of Okabe and Ito (2008), which colour-blind readers can tell apart."""
GREY, PALE = "#595959", "#BBBBBB"
BETTER, WORSE, NEITHER = GREEN, VERMILLION, SKY
"""What is good or better and what is bad or worse, in every figure; no figure has these two colours for anything else.
The last is a difference of which neither direction is better. Blue is what the simulation gives, black what was
recorded or planned; other colours only tell things apart."""
HIGH_TENSION: Any = {"facecolor": (0.9, 0.62, 0.0, 0.2), "edgecolor": ORANGE, "linewidth": 0, "hatch": "\\\\"}
SUPPRESSED: Any = {"facecolor": (0.35, 0.35, 0.35, 0.12), "edgecolor": GREY, "linewidth": 0, "hatch": "...."}
"""How the time of a regime is shaded."""

FOOTER = "Compares schedules; does not predict."
WIDTH = 10.0
STEPS = (1, 2, 2.5, 5, 10)
MOST_PANELS = 12
"""The most theatres that are drawn: the largest at the start."""

STYLE: Any = {
    "font.family": "DejaVu Sans", "font.size": 8.5, "axes.titlesize": 9.5, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": GREY,
    "axes.linewidth": 0.7, "axes.axisbelow": True, "hatch.linewidth": 0.5, "legend.frameon": False,
    "legend.fontsize": 8.5, "text.parse_math": False,  # a dollar sign in a label is a dollar sign
}

dates: Any = matplotlib.dates  # it has no types

Draw = Callable[["Result"], Figure]
P = ParamSpec("P")


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw a figure in the common style, whatever the user's settings, which stay as they are."""

    @wraps(draw)
    def in_style(*arguments: P.args, **keywords: P.kwargs) -> Figure:
        with matplotlib.rc_context(STYLE):
            return draw(*arguments, **keywords)

    return in_style


def page(result: "Result", title: str, height: float, key: Sequence[Any] = (), columns: int = 5) -> Figure:
    """Return an empty page with its title, the scenario, replications and seed, a key, and the footer.

    Parameters
    ----------
    result
        The results of a scenario.
    title, height, key, columns
        As for `headed`.
    """
    scenario = one_line(result.file.scenario.title) or result.file.name
    replications = counted(result.replications, "replication")
    return headed(f"{scenario} · {replications}, seed {result.seed}", title, height, key, columns)


def headed(
    heading: str, title: str, height: float, key: Sequence[Any] = (), columns: int = 5, width: float = WIDTH
) -> Figure:
    """Return an empty page with its title, a heading, a key, and the footer.

    Parameters
    ----------
    heading
        What the figure is of.
    title
        What the figure shows.
    height
        Of the room for the panels, in inches.
    key
        Labelled artists that the key explains.
    columns
        Of the key.
    width
        Of the page, in inches.
    """
    lines = wrap(heading, int(12.5 * width), break_on_hyphens=False)
    rows = -(-len(key) // columns)
    top = 0.48 + 0.17 * len(lines) + 0.2 * rows
    page_height, left = top + height + 0.35, 0.12 / width
    figure = Figure(figsize=(width, page_height))
    room = (0.008, 0.3 / page_height, 0.982, 1 - (top + 0.38) / page_height)
    figure.set_layout_engine("constrained", rect=room, h_pad=0.06)
    figure.text(left, 1 - 0.12 / page_height, title, va="top", size=13, weight="bold")
    figure.text(left, 1 - 0.4 / page_height, "\n".join(lines), va="top", size=9, color=GREY)
    figure.text(left, 0.1 / page_height, FOOTER, va="bottom", size=8, color=GREY, style="italic")
    if key:
        legend = figure.legend(
            handles=list(key), loc="upper left", bbox_to_anchor=(left, 1 - (0.5 + 0.17 * len(lines)) / page_height),
            ncols=columns, borderaxespad=0, borderpad=0, columnspacing=1.6, handlelength=2.2)
        legend.set_in_layout(False)
    return figure


def when(scenario: Scenario, days: Any) -> Any:
    """Turn days since the start (a number or an array) into Matplotlib's dates."""
    return dates.date2num(scenario.start) + days


def horizon(scenario: Scenario) -> int:
    """Return the number of days that a scenario lasts."""
    return (scenario.end - scenario.start).days + 1


def days_to_draw(scenario: Scenario, most: int = 400) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the days of a curve, from 0, evenly spread: each day or so many, the last among them."""
    last = horizon(scenario) - 1
    return np.unique(np.rint(np.linspace(0, last, min(most, last + 1))).astype(np.int64))


def left_edge(scenario: Scenario, days: Iterable[float]) -> float:
    """Return the day at which a figure with a past begins: at most a year back, and no longer than the scenario."""
    furthest = -max(28.0, min(366.0, horizon(scenario)))
    earliest = min([day for day in days if furthest <= day < 0], default=0.0)
    return earliest - 0.01 * horizon(scenario) if earliest < 0 else 0.0


def date_axis(ax: Axes, left: float, right: float, most: int = 12, room: float = 0.0) -> None:
    """Give an axis dates between two of Matplotlib's dates.

    Parameters
    ----------
    ax
        The axis.
    left, right
        First and last date of the data.
    most
        Ticks, at most.
    room
        Days before ``right`` that are kept free of ticks.
    """
    locator = dates.AutoDateLocator(minticks=5 if most > 5 else 2, maxticks=most, interval_multiples=right > left + 200)
    first, last = dates.num2date(left), dates.num2date(right)
    ticks = [t for t in locator.tick_values(first, last) if left <= t <= right - room]
    formatter = dates.ConciseDateFormatter(
        locator, formats=["%Y", "%b", "%d %b", "%H:%M", "%H:%M", "%S"],
        zero_formats=["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"])
    texts = formatter.format_ticks(ticks)
    ax.set_xticks(ticks, labels=texts)
    years = sorted({str(first.year), str(dates.num2date(right - 1).year)})
    ax.set_xlabel("Date" if any(text.isdigit() for text in texts) else f"Date ({'–'.join(years)})")


def date_ticks(axis: Axis, most: int) -> None:
    """Write dates along an axis of values, x or y, whatever they span: every tick tells its year, or its month and it.

    Parameters
    ----------
    axis
        The axis, of Matplotlib's dates.
    most
        Ticks, at most; no fewer than six, for months come in steps.
    """
    locator = dates.AutoDateLocator(minticks=2, maxticks=max(6, most))
    formats = ["%Y", "%b %Y", "%d %b %Y", "%H:%M", "%H:%M", "%S"]
    axis.set_major_locator(locator)
    axis.set_major_formatter(dates.ConciseDateFormatter(locator, show_offset=False, formats=formats,
                                                        zero_formats=["", *formats[:-1]]))


def percent(ax: Axis, most: int = 5, largest: float = 1.0, smallest: float = 0.0, unit: str = " %") -> None:
    """Write shares from the smallest to the largest on an axis as percentages, with as many decimals as they need.

    Differences of shares have no unit at the ticks; their axis says that they are percentage points.
    """
    ticks = MaxNLocator(most, steps=STEPS).tick_values(smallest, largest)
    ax.set_ticks([tick for tick in ticks if smallest - 1e-9 <= tick <= largest + 1e-9])
    ax.set_major_formatter(FuncFormatter(lambda share, _: minus(f"{100 * share:.4g}{unit}")))


def seen_shares(ax: Axis, most: int = 5) -> None:
    """Write the visible part of an axis as percentages, none of them below 0 or above 100 %."""
    left, right = ax.get_view_interval()
    percent(ax, most, min(1.0, right), max(0.0, left))


def plain(ax: Axis, most: int = 6, sign: str = "") -> None:
    """Write numbers on an axis in full, with commas; with a plus before positive ones if ``sign`` is ``+``."""
    ax.set_major_locator(MaxNLocator(most, steps=STEPS))
    ax.set_major_formatter(FuncFormatter(lambda x, _: minus(f"{x:{sign},.12g}") if x else "0"))


def counts(ax: Axis, most: int = 4) -> None:
    """Write whole numbers on an axis."""
    ax.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    ax.set_major_locator(MaxNLocator(most, integer=True, steps=STEPS))


def root_ticks(largest: float, least: float) -> list[int]:
    """Return round numbers up to the largest whose square roots are at least so far apart."""
    kept = [0]
    for tick in (n * 10**power for power in range(6) for n in (1, 2, 3, 5)):
        if tick <= largest and tick**0.5 - kept[-1] ** 0.5 >= least:
            kept.append(tick)
    return kept


def tidy(ax: Axes, grid: Literal["x", "y", "both"] = "y") -> None:
    """Make ticks small and draw a pale grid behind the values, across one axis or both."""
    ax.tick_params(labelsize=8, length=3, width=0.7, color=GREY)
    ax.grid(axis=grid, color="#E4E4E4", linewidth=0.6)


def band(ax: Axes, x: Any, quantiles: Any, colour: str, **keywords: Any) -> None:
    """Draw the 5-95 % and 25-75 % bands and the median.

    Parameters
    ----------
    ax
        Where.
    x
        Dates, shape (n,).
    quantiles
        The 5, 25, 50, 75 and 95 % quantiles, shape (5, n).
    colour
        Of all three.
    keywords
        For the median's line, e.g. ``linestyle``.
    """
    low, quarter, median, three_quarters, high = np.asarray(quantiles)
    ax.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
    ax.fill_between(x, quarter, three_quarters, color=colour, alpha=0.38, linewidth=0)
    ax.plot(x, median, color=colour, **({"linewidth": 1.6} | keywords))


def band_key(colour: str, each: str = "day", of: str = "replications") -> list[Any]:
    """Return the key of `band` in words."""
    return [
        Line2D([], [], color=colour, linewidth=1.6, label=f"Median of each {each}"),
        Patch(color=colour, alpha=0.5, linewidth=0, label=f"Half of {of} (25–75 %)"),
        Patch(color=colour, alpha=0.18, linewidth=0, label="Nine in ten (5–95 %)"),
    ]


def start_line(ax: Axes, scenario: Scenario) -> None:
    """Mark the start of the simulation."""
    ax.axvline(when(scenario, 0.0), color=BLACK, linewidth=0.9)


def largest(strength: Any, most: int = MOST_PANELS) -> list[int]:
    """Return the numbers of the theatres to draw, in the scenario's order: the largest, if there are too many."""
    order = np.argsort(-np.asarray(strength), kind="stable")[:most]
    return sorted(int(k) for k in order)


def short(name: str) -> str:
    """Cut a name that is too long for a key."""
    return name if len(name) <= 24 else name[:23] + "…"


def panel_title(label: str, lines: int = 1) -> str:
    """Return a label as the title of one of three panels side by side; cut off if it takes more lines."""
    return "\n".join(wrap(label, 34, break_on_hyphens=False, max_lines=lines, placeholder=" …"))


def last_day(scenario: Scenario) -> str:
    """Write the horizon's last day."""
    return date_text(scenario.end)
