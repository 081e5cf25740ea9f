"""Counts over intervals of a record, on axes of dates: shared by the figures of calibrations and back-tests."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.evidence.cut import day_of
from sim.evidence.record import AttackRecord, Floats
from sim.figures.page import BLACK, BLUE, band, date_axis, dates
from sim.words.phrases import date_text

RECORDED: Any = {"color": BLACK, "linewidth": 1.5}
MEDIAN: Any = {"linewidth": 1.3, "linestyle": (0, (4, 1.5))}
A_BREAK = 0.1
"""A gap is cut out of the axis if it is at least this share of it, and longer than the part before or after."""


@dataclass(frozen=True)
class Intervals:
    """Intervals in order, none overlapping another.

    Attributes
    ----------
    first_day
        Day 0.
    starts, ends
        In days, shape (intervals,).
    weekly
        Whether all are weeks.
    """

    first_day: date
    starts: Floats
    ends: Floats
    weekly: bool

    @classmethod
    def between(cls, first_day: date, starts: Floats, ends: Floats) -> "Intervals":
        """Return intervals, and find out whether all are weeks."""
        return cls(first_day, starts, ends, bool(np.allclose(ends - starts, 7.0)))

    @property
    def each(self) -> str:
        """What an interval is called."""
        return "week" if self.weekly else "interval"

    @property
    def length(self) -> str:
        """How long an interval is, in words."""
        low, high = (self.ends - self.starts).min(), (self.ends - self.starts).max()
        if self.weekly:
            return "a week"
        return f"an interval of the record, {low:,.4g} {f'to {high:,.4g} ' if high > low else ''}days long"

    @property
    def unit(self) -> str:
        """The unit of `rates`."""
        return "Attacks / week" if self.weekly else "Attacks / day"

    def rates(self, counts: Any) -> Any:
        """Turn counts, shape (..., intervals), into attacks per week, or per day if not all intervals are weeks."""
        return np.asarray(counts) / (1.0 if self.weekly else self.ends - self.starts)

    def when(self, days: Any) -> Any:
        """Turn days into Matplotlib's dates."""
        return dates.date2num(self.first_day) + days

    def runs(self, least: float = 1e-9) -> list[slice]:
        """Return the runs of intervals between which there are gaps, longer than some days."""
        cuts = np.flatnonzero(self.starts[1:] - self.ends[:-1] > least) + 1
        edges = [0, *cuts.tolist(), len(self.starts)]
        return [slice(a, b) for a, b in pairwise(edges) if b > a]

    def pieces(self) -> list[slice]:
        """Return the parts that get an axis each: a long gap would leave no room for the rest."""
        begin, end = self.starts[0], self.ends[-1]
        edges = [0]
        for run in self.runs(A_BREAK * (end - begin))[1:]:
            before, after = self.ends[run.start - 1], self.starts[run.start]
            if after - before > min(before - begin, end - after):
                edges.append(run.start)
        edges.append(len(self.starts))
        return [slice(a, b) for a, b in pairwise(edges)]

    def of(self, part: slice) -> "Intervals":
        """Return a part of the intervals."""
        return Intervals(self.first_day, self.starts[part], self.ends[part], self.weekly)

    def stepped(self, values: Any) -> list[tuple[Any, Any]]:
        """Return, for each run without a gap, dates and values, shape (..., 2 n), of steps over its intervals."""
        return [(self.when(np.column_stack([self.starts[run], self.ends[run]]).ravel()),
                 np.repeat(np.asarray(values)[..., run], 2, axis=-1)) for run in self.runs()]

    def date_axis(self, ax: Axes, most: int = 12) -> None:
        """Give an axis the dates from the first to the last interval."""
        left, right = self.when(self.starts[0]), self.when(self.ends[-1])
        ax.set_xlim(left, right)
        date_axis(ax, left, right, most)


def draw_recorded(ax: Axes, intervals: Intervals, counts: Any) -> None:
    """Draw recorded counts as steps, with nothing in gaps."""
    for days, rates in intervals.stepped(intervals.rates(counts)):
        ax.plot(days, rates, **RECORDED)


def draw_simulated(ax: Axes, intervals: Intervals, simulated: Any) -> None:
    """Draw the bands and the median of simulations, shape (simulations, intervals), with nothing in gaps."""
    quantiles = np.quantile(intervals.rates(simulated), [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    for days, steps in intervals.stepped(quantiles):
        ax.fill_between(days, steps[0], steps[-1], color="white", linewidth=0)  # over the hatches of regimes
        band(ax, days, steps, BLUE, **MEDIAN)


def heading(record: AttackRecord, model: str) -> str:
    """Name the files of a record, what is in them, and a model, in a line."""
    files = " + ".join(name for name, _ in record.files)
    first, last = day_of(record, record.begin), day_of(record, record.end - 1e-9)
    return f"{files} · {record.attacks:,} attacks, {date_text(first)} – {date_text(last)} · {model}"
