"""Counts of replications by value, for several series over time: exact, in any order, in memory that does not grow."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]


class Histogram:
    """How many replications had which value, for each of several series at each time.

    Parameters
    ----------
    rows, times
        Number of series and of times.
    step
        Width of a bin, for each series, shape (rows,); values are counted at the nearest multiple of it.
    """

    def __init__(self, rows: int, times: int, step: Ints | None = None) -> None:
        self._step = np.ones(rows, np.int64) if step is None else np.asarray(step, np.int64)
        self._first = 0  # bin number of the first bin
        self._counts = np.zeros((rows, times, 1), np.uint32)
        self._sums = np.zeros((rows, times), np.int64)
        self.replications = 0

    def add(self, values: Ints) -> None:
        """Count replications.

        Parameters
        ----------
        values
            Shape (replications, rows, times).
        """
        self.replications += len(values)
        if values.size == 0:
            return
        self._sums += values.sum(axis=0, dtype=np.int64)
        step = self._step[:, None]
        bins = (values + step // 2) // step
        self._make_room(int(bins.min()), int(bins.max()))
        rows, times, width = self._counts.shape
        places = np.arange(rows * times).reshape(rows, times) * width + (bins - self._first)
        np.add.at(self._counts.reshape(-1), places.reshape(-1), np.uint32(1))

    def _make_room(self, lowest: int, highest: int) -> None:
        before = max(0, self._first - lowest)
        after = max(0, highest + 1 - self._first - self._counts.shape[2])
        if before or after:
            self._counts = np.pad(self._counts, ((0, 0), (0, 0), (before, after)))
            self._first -= before

    def quantiles(self, percents: tuple[int, ...]) -> NDArray[np.float64]:
        """Return quantiles over replications, shape (rows, percents, times).

        The quantile of q percent is the smallest value that at least q percent of replications do not exceed.
        """
        rows, times, _ = self._counts.shape
        result = np.empty((rows, len(percents), times))
        for row in range(rows):
            upto = self._counts[row].cumsum(axis=1, dtype=np.int64) * 100
            for i, percent in enumerate(percents):
                bins = (upto >= percent * self.replications).argmax(axis=1)
                result[row, i] = (bins + self._first) * self._step[row]
        return result

    def mean(self) -> NDArray[np.float64]:
        """Return the means over replications, of the values themselves, shape (rows, times)."""
        return self._sums / self.replications

    def share(self, value: int) -> NDArray[np.float64]:
        """Return the share of replications that had a value, shape (rows, times); for bins of width 1."""
        rows, times, width = self._counts.shape
        at = value - self._first
        return self._counts[:, :, at] / self.replications if 0 <= at < width else np.zeros((rows, times))
