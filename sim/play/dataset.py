"""A run as an xarray dataset: outcomes by replication, and bands over replications by day and by week.

A value at ``day`` d is the value at the start of the day d days after the scenario's start. The share of replications
in which something has happened (``agreed_share``, ...) includes that whole day. A value at ``week`` w is the sum over
days 7w to 7w + 6; days at the end that do not make a full week are left out. The quantile of a share q is the smallest
value that at least a share q of replications do not exceed. Troops are counted to within 0.1 % of a theatre's strength
at the start (exactly if it is below 1,000), equipment likewise; threat, capability and their ratio to within a quarter
of a percent. Strengths are true, not reported.

In the file, ``twin_outcomes`` holds the outcomes of twins; see `sim.play.twins`.
"""

from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.estimate.by_date import by_day
from sim.model.setup import Model
from sim.play.columns import Columns
from sim.play.folder import PROGRAM
from sim.play.histogram import Histograms
from sim.play.identity import rules_version
from sim.play.undisturbed import UndisturbedPlan
from sim.play.work import Work
from sim.rules.diary import INDEX_STEP, WITH_CARGO, WITH_TROOPS
from sim.rules.parameters import DAYS_PER_WEEK
from sim.rules.portable import exp
from sim.rules.state import HELD, IN_FORCE, MOVING
from sim.scenario.names import TALK_STATES

if TYPE_CHECKING:
    import xarray as xr

PERCENTS = (5, 25, 50, 75, 95)

NOTE = "This compares schedules under stated assumptions; it does not predict the war."
ABOUT = {
    "day": ("Day, 0 being the first", "days after the start"), "date": ("Date of the day", ""),
    "week": ("Week, 0 being the first", "weeks after the start"), "week_date": ("First day of the week", ""),
    "theatre": ("Theatre", ""), "suppression": ("Truce or stop order", ""), "phase": ("Phase of the drawdown", ""),
    "mode": ("Mode of lift", ""),
    "talks_state": ("State of the talks", ""), "quantile": ("Share of replications that do not exceed a value", "1"),
    "replication": ("Number of the replication, from 0", ""), "outcome": ("Name of the outcome", ""),
    "outcome_label": ("What the outcome is called", ""), "outcome_unit": ("Unit of the outcome", ""),
    "outcome_kind": ("number, yes_no (1 or 0) or day (days after the start)", ""),
    "outcome_better": ("Whether low or high is better; empty where neither is", ""),
    "outcome_definition": ("Definition of the outcome", ""),
    "outcomes": ("Outcome in each replication, in the unit of outcome_unit; a day is infinite where it did not happen "
                 "by the end", ""),
    "twin_outcomes": ("Outcome in each twin: a replication with the uncertain numbers of the same number and fresh "
                      "chance", ""),
    "troops_plan": ("Troops as planned, without disturbances", "troops"),
    "troops": ("Troops present, quantiles over replications", "troops"),
    "troops_mean": ("Troops present, mean over replications", "troops"),
    "troops_total": ("Troops present in all theatres, quantiles over replications", "troops"),
    "attacks_per_week": ("Attacks in a week, quantiles over replications", "attacks"),
    "attacks_per_week_mean": ("Attacks in a week, mean over replications", "attacks"),
    "attacks_per_week_total": ("Attacks in a week in all theatres, quantiles over replications", "attacks"),
    "talks_share": ("Share of replications with the talks in a state", "1"),
    "tension_high_share": ("Share of replications with high regional tension", "1"),
    "suppression_share": ("Share of replications with a truce or stop order in force", "1"),
    "phase_share": ("Share of replications with a phase under way", "1"),
    "mode_share": ("Share of replications with a mode of lift at work", "1"),
    "cargo": ("Equipment not yet out, quantiles over replications", "boxes"),
    "cargo_mean": ("Equipment not yet out, mean over replications", "boxes"),
    "agreed_share": ("Share of replications with a timeline announced by the end of the day", "1"),
    "resurgence_share": ("Share of replications with a resurgence by the end of the day", "1"),
    "completed_share": ("Share of replications with the drawdown complete by the end of the day", "1"),
    "theatre_done_share": ("Share of replications with a theatre at its last target by the end of the day", "1"),
    "capability": ("Capability of the host nation's forces, 1 at the start, quantiles over replications", "1"),
    "threat": ("Threat, 1 at the start, quantiles over replications", "1"),
    "threat_ratio": ("Threat over capability, 1 at the start, quantiles over replications", "1"),
}
"""Long name and unit of everything in the dataset. Shares and ratios have the unit 1, names have none."""

Values = NDArray[Any]
Variables = dict[str, tuple[tuple[str, ...], Values]]


@dataclass(frozen=True)
class Played:
    """What was played: outcomes by column, in memory or on disk, and everything else as plain arrays.

    Attributes
    ----------
    columns
        The outcomes.
    variables, coordinates
        Everything else: names of dimensions, and values.
    attributes
        Attributes of the dataset.
    twins
        The work on twins; None if there are none.
    """

    columns: Columns
    variables: Variables
    coordinates: Variables
    attributes: dict[str, Any]
    twins: Work | None = None

    @property
    def names(self) -> list[str]:
        """The names of the outcomes."""
        return self.columns.names

    def column(self, name: str) -> NDArray[np.float64]:
        """Return an outcome, replication by replication."""
        return self.columns.column(name)

    def trajectories(self) -> "xr.Dataset":
        """Return everything except the outcomes."""
        import xarray as xr

        variables, coordinates = ({name: (dimensions, values, about(name)) for name, (dimensions, values)
                                   in arrays.items()} for arrays in (self.variables, self.coordinates))
        return xr.Dataset(variables, coordinates, self.attributes)


def about(name: str) -> dict[str, str]:
    """Return the attributes of a variable or coordinate of the dataset."""
    long_name, units = ABOUT[name]
    return {"long_name": long_name, **({"units": units} if units else {})}


def build(model: Model, seed: int, work: Work, plan: UndisturbedPlan, twins: Work | None = None) -> Played:
    """Return what was played as arrays with names."""
    counts = work.histograms
    variables: Variables = {
        "troops_plan": (("theatre", "day"), plan.troops),
        **_troops_and_attacks(counts),
        **_regimes(counts),
        **_happened(model, work.columns),
    }
    threat, capability, ratio = _levels(counts.track("index").quantiles(PERCENTS))
    variables["capability"] = (("quantile", "day"), capability)
    if model.scenario.threat is not None:
        variables |= {"threat": (("quantile", "day"), threat), "threat_ratio": (("quantile", "day"), ratio)}
    if model.parameters.has_cargo:
        cargo = counts.track("cargo")
        variables["cargo"] = (("theatre", "quantile", "day"), cargo.quantiles(PERCENTS))
        variables["cargo_mean"] = (("theatre", "day"), cargo.mean())
    scenario = model.scenario
    attributes = {
        "title": scenario.title, "question": scenario.question, "seed": seed, "replications": work.done,
        "start": scenario.start.isoformat(), "end": scenario.end.isoformat(), "Conventions": "CF-1.11",
        "source": f"{PROGRAM} {version(PROGRAM)}, rules {rules_version()}", "comment": NOTE,
    }
    return Played(work.columns, variables, _coordinates(model, variables), attributes, twins)


def _levels(steps: NDArray[Any]) -> NDArray[np.float64]:
    """Return the levels whose logarithms are recorded as numbers of steps."""
    each, places = np.unique(steps, return_inverse=True)
    levels = np.array([exp(INDEX_STEP * step) for step in each.tolist()])
    return levels[places].reshape(steps.shape)


def _coordinates(model: Model, variables: Variables) -> Variables:
    days = np.arange(int(model.parameters.horizon))
    weeks = np.arange(variables["attacks_per_week_total"][1].shape[1])
    start = np.datetime64(model.scenario.start, "ns")
    day = np.timedelta64(1, "D")
    names = {"theatre": model.names["theatres"], "suppression": model.names["suppressions"],
             "phase": model.names["phases"], "mode": model.names["modes"], "talks_state": tuple(TALK_STATES)}
    return {
        "day": (("day",), days), "date": (("day",), start + days * day),
        "week": (("week",), weeks), "week_date": (("week",), start + weeks * DAYS_PER_WEEK * day),
        **{dimension: ((dimension,), _texts(every)) for dimension, every in names.items()},
        "quantile": (("quantile",), np.array(PERCENTS) / 100),
    }


def _texts(names: Any) -> NDArray[Any]:
    return np.array(list(names), dtype=object)


def _troops_and_attacks(counts: Histograms) -> Variables:
    variables: Variables = {}
    for name, track, time in (("troops", "troops", "day"), ("attacks_per_week", "attacks", "week")):
        counted = counts.track(track)
        quantiles, mean = counted.quantiles(PERCENTS), counted.mean()
        variables[name] = (("theatre", "quantile", time), quantiles[:-1])
        variables[f"{name}_mean"] = (("theatre", time), mean[:-1])
        variables[f"{name}_total"] = (("quantile", time), quantiles[-1])
    return variables


def _regimes(counts: Histograms) -> Variables:
    talks, phase, mode = counts.track("talks"), counts.track("phase"), counts.track("mode")
    return {
        "talks_share": (("talks_state", "day"), np.vstack([talks.share(state) for state in range(len(TALK_STATES))])),
        "tension_high_share": (("day",), counts.track("tension").share(1)[0]),
        "suppression_share": (("suppression", "day"), counts.track("suppression").share(IN_FORCE)),
        "phase_share": (("phase", "day"), phase.share(MOVING) + phase.share(HELD)),
        "mode_share": (("mode", "day"), mode.share(WITH_TROOPS) + mode.share(WITH_CARGO)),
    }


def _happened(model: Model, columns: Columns) -> Variables:
    share = partial(_share, columns, int(model.parameters.horizon))
    by_theatre = [share(f"handover_day.{theatre}") for theatre in model.names["theatres"]]
    return {
        "agreed_share": (("day",), share("agreement_day")), "resurgence_share": (("day",), share("resurgence_day")),
        "completed_share": (("day",), share("completion_day")),
        "theatre_done_share": (("theatre", "day"), np.array(by_theatre)),
    }


def _share(columns: Columns, days: int, outcome: str) -> Values:
    """Return the share of replications in which something has happened by the end of each day."""
    if outcome not in columns.names:
        return np.zeros(days)
    when = columns.column(outcome)
    return np.asarray(by_day(when, days) / len(when))
