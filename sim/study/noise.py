"""What other replications might have given: values of a study moved by as much as their standard errors allow."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.study.errors import StudyError
from sim.study.pick import Array, table
from sim.study.study import Goal

if TYPE_CHECKING:
    import xarray as xr


def redrawn(ds: "xr.Dataset", goal: Goal, draws: int, rng: np.random.Generator) -> Iterator[Array]:
    """Give the values of an outcome as other replications might have given them, shape (policies, futures), each time.

    Of a mean, the first policy's values are moved by their standard error, the others' with them, and besides by the
    standard error of their paired difference from it. Other statistics have no paired difference: each is moved by its
    own error. A policy is moved the same way in all futures, since they meet the same chance. Raises `StudyError` if
    an error is not known.
    """
    value, error = table(ds, "value", goal.name), table(ds, "value_se", goal.name)
    paired = table(ds, "difference_se", goal.name) if goal.statistic == "mean" else None
    if not np.isfinite(error).all():
        raise StudyError(f"{goal.name}: so few replications give its {goal.statistic} no standard error; play more, or "
                         'judge it by statistic = "mean"')
    for _ in range(draws):
        z = rng.standard_normal((len(value), 1))
        if paired is None:
            yield value + z * error
        else:
            paired_z = np.concatenate([np.zeros((1, 1)), z[1:]])
            yield value + z[0] * error[0] + paired_z * paired
