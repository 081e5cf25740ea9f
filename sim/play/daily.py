"""Diaries of replications by track: what the rows of `sim.rules.diary` mean, and one replication day by day."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.setup import Model
from sim.rules.diary import weeks_of

Ints = NDArray[np.integer[Any]]


def series(model: Model) -> dict[str, tuple[int, int]]:
    """Return the shape (rows, days or weeks) of each track of a scenario, in the order of the diary's rows."""
    p = model.parameters
    days = int(p.horizon)
    return {
        "troops": (p.theatres + 1, days), "attacks": (p.theatres + 1, weeks_of(days)), "talks": (1, days),
        "tension": (1, days), "index": (3, days), "suppression": (p.suppressions, days), "phase": (p.phases, days),
        "cargo": (p.theatres, days), "mode": (p.modes, days),
    }


def unfold(model: Model, entries: Ints) -> dict[str, Ints]:
    """Return one replication day by day (attacks week by week).

    Parameters
    ----------
    model
        The scenario, set up.
    entries
        Its diary, shape (3, entries): rows, times and levels.

    Returns
    -------
    dict of str to array
        Each track as whole numbers, in the shape that `series` gives.
    """
    tracks: dict[str, Ints] = {}
    first = 0
    rows, times, levels = entries
    for name, (count, length) in series(model).items():
        track = np.zeros((count, length), np.int64)
        for row in range(count):
            of_row = rows == first + row
            track[row] = np.repeat(levels[of_row], np.diff(times[of_row], append=length))
        tracks[name] = track
        first += count
    return tracks
