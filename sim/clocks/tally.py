"""Adding up diaries by row, time and level: in plain Python for the SimPy clock, compiled for the compiled clock."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.clocks.program import SOURCES, Program

Fold = Callable[..., int]


def fold(entries: Any, start: int, last: Any, step: Any, low: Any, high: Any, place: Any, counts: Any,
         sum_place: Any, sums: Any) -> int:
    """Count the entries of diaries from number ``start`` on, up to the first for which there is no bin.

    Parameters
    ----------
    entries
        Shape (3, entries): rows, times and levels, replication by replication; those of a row are in order of time.
    start
        The first entry to count.
    last
        The level counted last in each row.
    step, low, high, place, sum_place
        For each row: the width of its bins; the number of its first bin and of the bin after its last; where its
        counts and its sums begin.
    counts, sums
        The changes from each time to the next in the counts by bin and in the sums of levels.

    Returns
    -------
    int
        How many entries have been counted.
    """
    for i in range(start, entries.shape[1]):
        row = entries[0, i]
        time = entries[1, i]
        level = entries[2, i]
        number = (level + step[row] // 2) // step[row]
        if number < low[row] or number >= high[row]:
            return i
        at = place[row] + time * (high[row] - low[row]) - low[row]
        if time > 0:
            counts[at + (last[row] + step[row] // 2) // step[row]] -= 1
            sums[sum_place[row] + time] -= last[row]
        counts[at + number] += 1
        sums[sum_place[row] + time] += level
        last[row] = level
    return int(entries.shape[1])


def _example() -> tuple[Any, ...]:
    rows, counts = np.zeros(0, np.int64), np.zeros(0, np.int32)
    return np.zeros((3, 0), np.int32), 0, rows, rows, rows, rows, rows, counts, rows, rows


compiled_fold = Program("fold", lambda: fold, _example, SOURCES)
