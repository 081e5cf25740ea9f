"""What a study's dataset holds, by name: outcomes, policies and uncertain parameters; and how to write their values."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.errors import shown, suggest
from sim.scenario.names import PURE_NUMBERS
from sim.study.errors import StudyError
from sim.study.study import Goal
from sim.words.phrases import difference_unit, number, share
from sim.words.phrases import points as points_text

if TYPE_CHECKING:
    import xarray as xr

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Interval:
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half its width."""
        return (self.high - self.low) / 2


def goal_of(ds: "xr.Dataset", name: str | None = None) -> Goal:
    """Return an outcome of a study, the first if no name is given. Raises `StudyError` if there is no such outcome."""
    chosen = _named("outcome", names(ds, "outcome"), name)
    entry = ds.sel(outcome=chosen)
    threshold = float(entry["threshold"])
    better, statistic, kind, unit = (str(entry[key].item()) for key in ("better", "statistic", "kind", "unit"))
    label = str(entry["label"].item()) if "label" in entry.coords else ""
    return Goal(chosen, better, statistic, None if np.isnan(threshold) else threshold, kind, unit, label)


def goals_of(ds: "xr.Dataset") -> list[Goal]:
    """Return all outcomes of a study."""
    return [goal_of(ds, name) for name in names(ds, "outcome")]


def policy_of(ds: "xr.Dataset", name: str | None = None) -> str:
    """Return the name of a policy, the first if none is given. Raises `StudyError` if there is no such policy."""
    return _named("policy", names(ds, "policy"), name)


def names(ds: "xr.Dataset", dimension: str) -> list[str]:
    """Return the names along a dimension: ``policy``, ``outcome`` or ``uncertainty``."""
    return [str(name) for name in ds[dimension].values]


def units(ds: "xr.Dataset") -> list[str]:
    """Return the units of the uncertain parameters; empty where a number needs none, such as a probability."""
    return ["" if unit in PURE_NUMBERS else str(unit) for unit in ds["uncertainty_unit"].values]


def heading(ds: "xr.Dataset") -> str:
    """Return a line about a study: its title, how many futures and replications it has, and the seed."""
    about = ds.attrs
    title, design = about["title"] or about["name"], about["design"].replace("_", " ")
    return (f"{title} · {ds.sizes['future']:,} futures ({design}), "
            f"{about['replications']:,} replications of each policy in each, seed {about['seed']}")


def axis_label(goal: Goal, of: str = "") -> str:
    """Return the label of an axis or a table with values of an outcome, and their unit unless the label has it."""
    label, unit = of or goal.said, unit_of(goal)
    return label if unit in label.lower() else f"{label}, {unit}"


def points(ds: "xr.Dataset") -> Array:
    """Return the values of the uncertain parameters, shape (futures, parameters)."""
    return np.asarray(ds["parameter"].transpose("future", "uncertainty").values, dtype=float)


def column(ds: "xr.Dataset", variable: str, policy: str, outcome: str) -> Array:
    """Return a variable of one policy and outcome, shape (futures,)."""
    return _values(ds[variable].sel(policy=policy, outcome=outcome).values, variable, outcome)


def table(ds: "xr.Dataset", variable: str, outcome: str) -> Array:
    """Return a variable of one outcome, shape (policies, futures); with a last axis of halves if it has one."""
    chosen = ds[variable].sel(outcome=outcome)
    return _values(chosen.transpose("policy", "future", ...).values, variable, outcome)


def is_constant(values: Array) -> bool:
    """Whether all values are the same, but for rounding."""
    return bool(np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())))


def fails(values: Array, goal: Goal) -> NDArray[np.bool_]:
    """Return where values break the threshold of an outcome: above it where low is better, else below."""
    if goal.threshold is None:
        raise StudyError(f"{goal.name} has no threshold in this study: write threshold = ... under "
                         f"[outcomes.{goal.name}] of the study file")
    broken: NDArray[np.bool_] = values < goal.threshold if goal.better == "high" else values > goal.threshold
    return broken


def oriented(values: Array, goal: Goal) -> Array:
    """Return values such that lower is better."""
    return goal.sign * values


def amount(value: float, goal: Goal, unit: bool = True) -> str:
    """Write a value of an outcome with its unit; chances as percentages."""
    if goal.kind == "yes_no":
        return share(value)
    return f"{number(value)} {unit_of(goal)}".rstrip() if unit else number(value)


def change(value: float, goal: Goal, unit: bool = True, half: float = 0.0) -> str:
    """Write a difference between two values of an outcome; between two chances, in percentage points.

    Points have as many decimals as half the width of an interval allows, if that is given.
    """
    return points_text(value, half) if goal.kind == "yes_no" else amount(value, goal, unit)


def change_range(low: float, high: float, goal: Goal, unit: bool = True, half: float = 0.0) -> str:
    """Write the two ends of the interval of a difference, with the unit once."""
    return f"{change(low, goal, False, half).partition(' ')[0]} to {change(high, goal, unit, half)}"


def change_label(goal: Goal, of: str) -> str:
    """Return what stands along an axis with differences between values of an outcome."""
    return f"{of}, {difference_unit(goal.kind)}" if goal.kind == "yes_no" else axis_label(goal, of)


def unit_of(goal: Goal) -> str:
    """Return the unit to write after an outcome's values; empty where they need none."""
    if goal.kind == "yes_no" or goal.unit in PURE_NUMBERS:
        return ""
    return "days" if goal.kind == "day" else goal.unit


def _values(numbers: Any, variable: str, outcome: str) -> Array:
    """Return values; raises `StudyError` where some are missing, such as a rate per event when no event happened."""
    values = np.asarray(numbers, dtype=float)
    if variable in ("value", "half_value") and np.isnan(values).any():
        raise StudyError(f"{outcome} has no value in {int(np.isnan(values).sum()):,} of {values.size:,} cases: it is "
                         "a ratio, and what it is divided by is zero in every replication")
    return values


def _named(kind: str, allowed: list[str], name: str | None) -> str:
    if not allowed:
        raise StudyError(f"this study has no {kind}")
    if name is None:
        return allowed[0]
    if name not in allowed:
        raise StudyError(f"this study has no {kind} {shown(name)}; {suggest(name, allowed)}")
    return name
