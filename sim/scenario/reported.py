"""Attacks reported before the start, week by week."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.schema import Scenario


def reported(scenario: Scenario, theatres: list[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the reported attacks of the weeks before the start, each count spread evenly between report dates.

    Returns
    -------
    edges : array, shape (weeks + 1,)
        In days since the start; the first and last week may be cut short by the first and last report.
    attacks : array, shape (weeks,)
        Attacks in each of these weeks; empty when nothing was reported.
    """
    series = []
    for name in theatres:
        counts = scenario.history.attacks.get(name, [])
        days = [float((count.date - scenario.start).days) for count in counts]
        if len(counts) > 1 and days[0] < 0:
            series.append((days, [count.total for count in counts]))
    if not series:
        return np.empty(0), np.empty(0)
    first = min(days[0] for days, _ in series)
    last = min(max(days[-1] for days, _ in series), 0.0)
    inner = np.arange(np.floor(first / 7) * 7 + 7, last, 7.0)
    edges = np.concatenate([[first], inner[inner > first], [last]])
    total = np.sum([np.interp(edges, days, totals) for days, totals in series], axis=0)
    return edges, np.diff(total)
