"""Counts of replications by value, for every track and time. They are exact, and take the same memory for any number.

They are kept as differences from one day (or week) to the next, so a replication only costs as much as it changes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.clocks.tally import Fold, fold
from sim.estimate.intervals import quantile_rank
from sim.model.setup import Model
from sim.play.daily import Ints, series

BINS = 500
"""The width of a bin of troops, or boxes of cargo, is what the theatre has at first over this (rounded down)."""

LEVELS = {"attacks": 100, "talks": 10, "tension": 2, "index": 1000, "suppression": 4, "phase": 10, "mode": 3}
"""How many values a row of a track takes in a very unusual scenario."""


class Track:
    """What replications did in one track: rows over time.

    Parameters
    ----------
    counts
        Returns, row by row, the replications by time and bin, shape (times, bins).
    low, step
        For each row, the number of its first bin, and the width of its bins.
    sums
        Sums of levels, shape (rows, times).
    replications
        How many there are.
    """

    def __init__(
        self, counts: Callable[[], Iterable[NDArray[np.int32]]], low: Ints, step: Ints, sums: Ints, replications: int
    ) -> None:
        self._counts, self._low, self._step, self._sums = counts, low, step, sums
        self._replications = replications

    def quantiles(self, percents: tuple[int, ...]) -> NDArray[np.float64]:
        """Return quantiles over replications, shape (rows, percents, times).

        The quantile of q percent is the smallest value that at least q percent of replications do not exceed.
        """
        rows, times = self._sums.shape
        result = np.empty((rows, len(percents), times))
        for row, counts in enumerate(self._counts()):
            upto = counts.cumsum(axis=1, dtype=counts.dtype)
            for i, percent in enumerate(percents):
                bins = (upto >= quantile_rank(percent, self._replications)).argmax(axis=1)
                result[row, i] = (bins + self._low[row]) * self._step[row]
        return result

    def mean(self) -> NDArray[np.float64]:
        """Return the means over replications, of the values themselves, shape (rows, times)."""
        return np.asarray(self._sums / self._replications)

    def share(self, value: int) -> NDArray[np.float64]:
        """Return the share of replications with a value, shape (rows, times); only for bins of width 1."""
        shares = np.zeros(self._sums.shape)
        for row, counts in enumerate(self._counts()):
            if 0 <= value - self._low[row] < counts.shape[1]:
                shares[row] = counts[:, value - self._low[row]] / self._replications
        return shares


class Histograms:
    """How many replications had which value in every track of a scenario, at each time.

    Parameters
    ----------
    model
        The scenario, set up.
    fold
        The function that counts: `fold`, or the same compiled.
    """

    def __init__(self, model: Model, fold: Fold = fold) -> None:
        self._fold = fold
        self._shapes = series(model)
        times = np.array([length for count, length in self._shapes.values() for _ in range(count)], np.int64)
        self._times = times
        self._step = np.ones(len(times), np.int64)
        for name, widths in wide_bins(model).items():
            self._step[self._first(name) :][: len(widths)] = widths
        self._last = np.zeros(len(times), np.int64)
        self._low, self._high = np.zeros(len(times), np.int64), np.ones(len(times), np.int64)
        self._place, self._counts = _laid_out(times, np.int32)
        self._end = len(self._counts)
        self._sum_place, self._sums = _laid_out(times, np.int64)
        self.replications = 0

    def add(self, entries: Ints, replications: int) -> None:
        """Count so many replications by their diaries, shape (3, entries)."""
        done = 0
        while done < entries.shape[1]:
            done = self._fold(entries, done, self._last, self._step, self._low, self._high, self._place, self._counts,
                              self._sum_place, self._sums)
            if done < entries.shape[1]:
                self._make_room(entries[:, done:])
        self.replications += replications

    def _make_room(self, entries: Ints) -> None:
        """Give every row enough bins for all levels in some entries, and a quarter more.

        Rows that grow move to the end of the counts. If they have no room there, all counts are laid out anew.
        """
        numbers = (entries[2] + self._step[entries[0]] // 2) // self._step[entries[0]]
        low, high = self._low.copy(), self._high.copy()
        np.minimum.at(low, entries[0], numbers)
        np.maximum.at(high, entries[0], numbers + 1)
        spare = (high - low) // 4
        low, high = np.where(low < self._low, low - spare, low), np.where(high > self._high, high + spare, high)
        lengths, place, counts = self._times * (high - low), self._place.copy(), self._counts
        moved = np.flatnonzero((low < self._low) | (high > self._high))
        if self._end + lengths[moved].sum() > len(counts):
            moved, self._end = np.arange(len(lengths)), 0
            counts = np.zeros(5 * lengths.sum() // 4, np.int32)
        place[moved] = self._end + np.cumsum(lengths[moved]) - lengths[moved]
        self._end += lengths[moved].sum()
        for row in moved.tolist():
            before = self._of(row)
            if before.any():  # memory that nothing is written to is not taken
                wide = counts[place[row] :][: lengths[row]].reshape(self._times[row], -1)
                wide[:, self._low[row] - low[row] : self._high[row] - low[row]] = before
        self._low, self._high, self._place, self._counts = low, high, place, counts

    def _of(self, row: int) -> Ints:
        """Return the differences of a row, shape (times, bins)."""
        width = int(self._high[row] - self._low[row])
        return self._counts[self._place[row] :][: self._times[row] * width].reshape(-1, width)

    def track(self, name: str) -> Track:
        """Return what replications did in one track."""
        first = self._first(name)
        rows = range(first, first + self._shapes[name][0])
        sums = [self._sums[self._sum_place[row] :][: self._times[row]].cumsum() for row in rows]
        shape = self._shapes[name]

        def counts() -> Iterator[NDArray[np.int32]]:  # row by row: together they would take most of a run's memory
            return (self._of(row).cumsum(axis=0, dtype=np.int32) for row in rows)

        return Track(counts, self._low[first:], self._step[first:], np.array(sums, np.int64).reshape(shape),
                     self.replications)

    def _first(self, name: str) -> int:
        """Return the number of the first row of a track."""
        return sum(count for count, _ in list(self._shapes.values())[: list(self._shapes).index(name)])

    def packed(self) -> dict[str, Any]:
        """Return all counts as arrays by name."""
        return {"low": self._low, "high": self._high, "place": self._place, "counts": self._counts[: self._end],
                "sums": self._sums, "replications": self.replications}

    def unpack(self, kept: Mapping[str, Any]) -> None:
        """Take over the counts of the same scenario, as `packed` gave them."""
        self._low, self._high, self._place = kept["low"], kept["high"], kept["place"]
        self._counts, self._sums, self.replications = kept["counts"], kept["sums"], int(kept["replications"])
        self._end = len(self._counts)


def most_bytes(model: Model) -> int:
    """Return roughly the most bytes that the counts of a scenario take, with a second copy of the largest row."""
    cells = []
    for name, (rows, times) in series(model).items():
        levels = [LEVELS.get(name, BINS + 1)] * rows
        if name == "cargo" and not model.parameters.has_cargo:
            levels = [1] * rows
        cells += [times * 5 * bins // 4 for bins in levels]
    return np.dtype(np.int32).itemsize * (sum(cells) + 2 * max(cells))


def _laid_out(lengths: Ints, dtype: Any) -> tuple[Ints, Ints]:
    """Return where parts of such lengths begin in an array, and the array."""
    ends = np.cumsum(lengths)
    return ends - lengths, np.zeros(int(ends[-1]), dtype)


def wide_bins(model: Model) -> dict[str, Ints]:
    """Return the widths of the bins of troops, by theatre and in total, and of cargo."""
    p = model.parameters
    strength = [troops * factor for troops, factor in zip(p.theatre_troops, p.theatre_true_over_reported, strict=True)]
    cargo = []
    for troops, first, count in zip(strength, p.theatre_first_site, p.theatre_sites, strict=True):
        weights = np.array(p.site_weight[first : first + count])
        cargo.append(troops * np.average(p.site_cargo_per_troop[first : first + count], weights=weights))
    return {name: np.array([max(1, int(level) // BINS) for level in levels])
            for name, levels in (("troops", [*strength, sum(strength)]), ("cargo", cargo))}
