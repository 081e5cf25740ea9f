"""What the page needs in order to count diaries: the rows of each track, and how wide their bins are."""

from typing import Any

from sim.model.setup import Model
from sim.play.daily import series
from sim.play.histogram import wide_bins
from sim.rules.parameters import DAYS_PER_WEEK


def tracks(model: Model) -> list[dict[str, Any]]:
    """Return the tracks of a scenario in the order of the diary's rows, fit for JSON.

    Returns
    -------
    list of dict
        For each track its ``name``; how many ``times`` it has, and how many days there are from one to the next
        (``every``); and ``steps``, the width of the bins of each of its rows.
    """
    widths = wide_bins(model)
    return [{"name": name, "times": times, "every": int(DAYS_PER_WEEK) if name == "attacks" else 1,
             "steps": [int(width) for width in widths.get(name, [1] * rows)]}
            for name, (rows, times) in series(model).items()]
