"""Values that other replications might have given: the values of a study, redrawn within their standard errors."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.study.errors import StudyError
from sim.study.pick import Array, table
from sim.study.study import Goal

if TYPE_CHECKING:
    import xarray as xr


def redrawn(ds: "xr.Dataset", goal: Goal, draws: int, rng: np.random.Generator) -> Iterator[Array]:
    """Yield draws of the values of an outcome, each of shape (policies, futures).

    For means, the first policy's values move by their standard error; the others move along with them, and also by the
    standard error of their paired difference from the first. Other statistics have no paired difference, so each policy
    moves by its own standard error. A policy moves the same way in all futures, since these share their random numbers.
    Raises `StudyError` if a standard error is missing.
    """
    value, error = table(ds, "value", goal.name), table(ds, "value_se", goal.name)
    paired = table(ds, "difference_se", goal.name) if goal.statistic == "mean" else None
    if not np.isfinite(error).all():
        raise StudyError(f"{goal.name}: there are too few replications for a standard error of its {goal.statistic}; "
                         'use more, or statistic = "mean"')
    for _ in range(draws):
        z = rng.standard_normal((len(value), 1))
        if paired is None:
            yield value + z * error
        else:
            paired_z = np.concatenate([np.zeros((1, 1)), z[1:]])
            yield value + z[0] * error[0] + paired_z * paired
