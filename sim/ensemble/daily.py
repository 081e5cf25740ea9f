"""One replication day by day: its state at the start of every day, and its attacks by week, as whole numbers.

Whole numbers, so that sums over replications are exact and do not depend on their order.
"""

import math
from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.rules.parameters import Parameters
from sim.rules.setup import Model
from sim.rules.state import State

Ints = NDArray[np.integer[Any]]

DAYS_PER_WEEK = 7
INDEX_STEP = 0.005
"""Resolution of the logarithm of threat, capability and their ratio: half a percent."""
MOST = 20.0
"""Logarithms beyond this, a factor of some 500 million, are cut off."""


def weeks_of(days: int) -> int:
    """Return the full weeks in so many days; one if there are fewer than seven."""
    return max(1, days // DAYS_PER_WEEK)


class Daily:
    """Observes a replication as it is played.

    Parameters
    ----------
    parameters
        Those of the replication.
    """

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self._days = int(parameters.horizon)
        self._next = 0  # the first day whose state is not known yet
        self._rows = array("d")

    def observe(self, s: State, upto: float) -> None:
        """Note the state that holds at the start of every day before ``upto`` that is not noted yet."""
        if upto <= self._next:
            return
        day = math.ceil(upto)
        self._rows.extend((day - self._next, s.talks, s.tension_high, s.threat, s.capability, s.threat_ratio))
        for numbers in (s.present, s.attacks, s.suppression, s.phase):
            self._rows.extend(numbers)
        self._next = day

    def tracks(self, end: State) -> dict[str, Ints]:
        """Return what was observed.

        Parameters
        ----------
        end
            The state at the horizon.

        Returns
        -------
        dict of str to array
            Whole numbers, a row for each theatre, suppression, ...: shape (rows, days), or (rows, weeks) for
            ``attacks``, the attacks of each full week. ``troops`` and ``attacks`` end with a row for all theatres
            together. ``index`` holds the logarithms of threat, capability and their ratio, in steps of `INDEX_STEP`;
            the others hold the codes of `sim.rules.state`.
        """
        self.observe(end, self._days + 1.0)  # the attacks of the last day
        p = self.parameters
        first = np.cumsum([6, p.theatres, p.theatres, p.suppressions])
        table = np.frombuffer(self._rows).reshape(-1, first[-1] + p.phases)
        by_day = np.repeat(table[:, 1:], table[:, 0].astype(int), axis=0).T
        regimes, present, attacks, suppressions, phases = np.split(by_day, first - 1)
        talks, tension, threat, capability, ratio = regimes
        with np.errstate(divide="ignore"):
            logs = np.clip([threat, np.log(capability), np.log(ratio)], -MOST, MOST)
        days = slice(0, self._days)
        return {
            "troops": _whole(_with_total(present))[:, days],
            "attacks": _whole(_by_week(_with_total(attacks))),
            "talks": _whole(talks[None, days]),
            "tension": _whole(tension[None, days]),
            "index": _whole(logs[:, days] / INDEX_STEP),
            "suppression": _whole(suppressions[:, days]),
            "phase": _whole(phases[:, days]),
        }


def _whole(numbers: NDArray[np.float64]) -> Ints:
    return np.rint(numbers).astype(np.int32)


def _with_total(by_theatre: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.vstack([by_theatre, by_theatre.sum(axis=0)])


def _by_week(so_far: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the attacks of each full week from those counted up to each day, the horizon's included."""
    days = so_far.shape[1] - 1
    ends = np.minimum(np.arange(1, weeks_of(days) + 1) * DAYS_PER_WEEK, days)
    return np.diff(so_far[:, ends], axis=1, prepend=0.0)


def series(model: Model) -> dict[str, tuple[int, int]]:
    """Return the shape of each of the tracks of a scenario."""
    p = model.parameters
    days = int(p.horizon)
    return {
        "troops": (p.theatres + 1, days), "attacks": (p.theatres + 1, weeks_of(days)), "talks": (1, days),
        "tension": (1, days), "index": (3, days), "suppression": (p.suppressions, days), "phase": (p.phases, days),
    }
