"""How well a fitted model agrees with the record: residuals, and simulations of the same intervals.

Times: the integral of the intensity between attacks is exponential with mean 1 if the model is right (time rescaling,
Brown et al. 2002). Counts: the randomised quantile residual of each interval is standard normal (Dunn and Smyth 1996).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.evidence.cut import in_weeks
from sim.evidence.fit import Fit
from sim.evidence.record import Floats, Whole
from sim.evidence.simulate import play

SIMULATIONS = 1000
BAND = 1.358
"""Kolmogorov's 95 % point, to be divided by the square root of the number of residuals."""


@dataclass(frozen=True)
class Goodness:
    """Agreement of a model with the record to which it was fitted.

    Attributes
    ----------
    uniform
        Residuals in ascending order, which should be uniform from 0 to 1.
    distance, band
        Their largest distance from uniform, and the distance exceeded in 5 % of cases if the model is right and its
        parameters are known. Since they are estimated, it is exceeded less often.
    p_value
        Of that distance.
    starts, ends, counts
        Intervals of the comparison, with the attacks recorded: weeks, or the intervals of the record.
    simulated
        Counts of simulations, shape (simulations, intervals).
    """

    uniform: Floats
    distance: float
    band: float
    p_value: float
    starts: Floats
    ends: Floats
    counts: Whole
    simulated: Whole

    @property
    def inside(self) -> float:
        """Share of intervals whose count lies in the middle 90 % of simulations."""
        low, high = np.quantile(self.simulated, [0.05, 0.95], axis=0)
        return float(((self.counts >= low) & (self.counts <= high)).mean()) if len(self.counts) else math.nan

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data for fit.json."""
        return {"residuals": len(self.uniform), "ks_distance": self.distance, "ks_band95": self.band,
                "ks_p": self.p_value, "intervals": len(self.counts), "inside_90": self.inside}


def judge(fit: Fit, draws: Floats, seed: int) -> Goodness:
    """Compare a fitted model with its record.

    Parameters
    ----------
    fit
        The fit.
    draws
        Parameters drawn from the fit, used in simulations.
    seed
        Of simulations and of the randomised residuals.
    """
    from scipy.stats import kstest

    record, generator = fit.record, np.random.default_rng([seed, 1])
    told = fit.model.tell(record, fit.values)
    if record.kind == "events":
        uniform = -np.expm1(-told.risen[:-1])
    else:
        uniform = told.below + generator.random(len(told.below)) * told.exactly
    uniform = np.sort(np.clip(uniform, 0.0, 1.0))
    tested = kstest(uniform, "uniform")
    starts, ends, counts = in_weeks(record, record.begin, record.end)
    rows = draws[generator.integers(len(draws), size=SIMULATIONS)]
    simulated = play(fit.model, rows, seed, starts, ends) if len(starts) else np.empty((SIMULATIONS, 0), np.int64)
    return Goodness(uniform, float(tested.statistic), BAND / math.sqrt(len(uniform)), float(tested.pvalue),
                    starts, ends, counts, simulated)
