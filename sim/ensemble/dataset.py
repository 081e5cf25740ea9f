"""A run as an xarray dataset: outcomes by replication, and bands over replications by day and by week.

A value at ``day`` d is that of the start of the day d days after the scenario's start; a share that something has
happened (``agreed_share``, ...) counts all of that day. A value at ``week`` w is the sum over days 7w to 7w + 6; days
at the end that make no full week are left out. The quantile of a share q is the smallest value that at least a share q
of replications do not exceed; troops are counted to within 0.1 % of a theatre's strength at the start (exactly where it
is below 1,000), threat, capability and their ratio to within a quarter of a percent. Strengths are true, not reported.
"""

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sim.ensemble.daily import DAYS_PER_WEEK, INDEX_STEP
from sim.ensemble.plan import Plan
from sim.ensemble.run import Ensemble
from sim.rules.setup import Model
from sim.rules.state import HELD, IN_FORCE, MOVING

PERCENTS = (5, 25, 50, 75, 95)
TALKS = ("none", "progressing", "stalled", "suspended", "agreed", "broken_down", "overtaken")
"""By the codes of `sim.rules.state`."""

Variables = dict[str, tuple[tuple[str, ...], NDArray[Any]]]


def build(model: Model, seed: int, ensemble: Ensemble, plan: Plan) -> xr.Dataset:
    """Return the dataset of a run."""
    variables: Variables = {
        "outcomes": (("replication", "outcome"), ensemble.outcomes),
        "troops_plan": (("theatre", "day"), plan.troops),
        **_troops_and_attacks(ensemble),
        **_regimes(ensemble),
        **_happened(model, ensemble),
    }
    threat, capability, ratio = np.exp(INDEX_STEP * ensemble.histograms["index"].quantiles(PERCENTS))
    variables["capability"] = (("quantile", "day"), capability)
    if model.scenario.threat is not None:
        variables |= {"threat": (("quantile", "day"), threat), "threat_ratio": (("quantile", "day"), ratio)}
    scenario = model.scenario
    attributes = {
        "title": scenario.title, "question": scenario.question, "seed": seed, "replications": len(ensemble.outcomes),
        "start": scenario.start.isoformat(), "end": scenario.end.isoformat(),
    }
    return xr.Dataset(variables, _coordinates(model, ensemble), attributes)


def _coordinates(model: Model, ensemble: Ensemble) -> dict[str, Any]:
    days = np.arange(int(model.parameters.horizon))
    weeks = np.arange(ensemble.histograms["attacks"].mean().shape[1])
    start = np.datetime64(model.scenario.start, "ns")
    day = np.timedelta64(1, "D")
    return {
        "day": days, "date": ("day", start + days * day),
        "week": weeks, "week_date": ("week", start + weeks * DAYS_PER_WEEK * day),
        "theatre": _texts(model.names["theatres"]), "suppression": _texts(model.names["suppressions"]),
        "phase": _texts(model.names["phases"]), "talks_state": _texts(TALKS),
        "quantile": np.array(PERCENTS) / 100, "replication": np.arange(len(ensemble.outcomes)),
        "outcome": _texts(ensemble.catalogue.names),
    }


def _texts(names: Any) -> NDArray[Any]:
    return np.array(list(names), dtype=object)


def _troops_and_attacks(ensemble: Ensemble) -> Variables:
    variables: Variables = {}
    for name, track, time in (("troops", "troops", "day"), ("attacks_per_week", "attacks", "week")):
        histogram = ensemble.histograms[track]
        quantiles, mean = histogram.quantiles(PERCENTS), histogram.mean()
        variables[name] = (("theatre", "quantile", time), quantiles[:-1])
        variables[f"{name}_mean"] = (("theatre", time), mean[:-1])
        variables[f"{name}_total"] = (("quantile", time), quantiles[-1])
    return variables


def _regimes(ensemble: Ensemble) -> Variables:
    h = ensemble.histograms
    return {
        "talks_share": (("talks_state", "day"), np.vstack([h["talks"].share(state) for state in range(len(TALKS))])),
        "tension_high_share": (("day",), h["tension"].share(1)[0]),
        "suppression_share": (("suppression", "day"), h["suppression"].share(IN_FORCE)),
        "phase_share": (("phase", "day"), h["phase"].share(MOVING) + h["phase"].share(HELD)),
    }


def _happened(model: Model, ensemble: Ensemble) -> Variables:
    days = int(model.parameters.horizon)
    columns = pd.DataFrame(ensemble.outcomes, columns=ensemble.catalogue.names)

    def share(outcome: str) -> NDArray[np.float64]:
        """Return the share of replications in which it has happened by the end of each day."""
        if outcome not in columns:
            return np.zeros(days)
        when = columns[outcome].to_numpy()
        counts = np.bincount(when[np.isfinite(when)].astype(int), minlength=days)[:days]
        return np.asarray(counts.cumsum() / len(when))

    by_theatre = [share(f"handover_day.{theatre}") for theatre in model.names["theatres"]]
    return {
        "agreed_share": (("day",), share("agreement_day")), "resurgence_share": (("day",), share("resurgence_day")),
        "completed_share": (("day",), share("completion_day")),
        "theatre_done_share": (("theatre", "day"), np.array(by_theatre)),
    }
