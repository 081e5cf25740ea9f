"""What the charts of a page show of a scenario: bands over time, chances by a date, and histograms."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.estimate.bars import bars, day_edges
from sim.estimate.by_date import chance
from sim.rules.parameters import DAYS_PER_WEEK
from sim.scenario.names import TALK_STATES
from sim.scenario.reported import reported
from sim.scenario.schema import Scenario
from sim.words.by_date import event_label
from sim.words.labels import labels

if TYPE_CHECKING:
    from sim.report.scene import Scene

MOST_POINTS = 400
"""The most days at which a curve has a point."""
DIGITS = 5
"""The digits to which curves are written; a reader cannot see more."""
LEVELS = ("low", "lower", "middle", "upper", "high")
"""The 5, 25, 50, 75 and 95 % quantiles."""

Data = dict[str, Any]


def days_of(scene: "Scene") -> list[int]:
    """Return the days of a curve, from 0, evenly spread, the last among them."""
    last = scene.horizon - 1
    return sorted({round(point) for point in np.linspace(0, last, min(MOST_POINTS, last + 1)).tolist()})


def plain(values: Any, digits: int = DIGITS) -> Any:
    """Return numbers as JSON has them, to as many digits as a curve needs."""
    if isinstance(values, list):
        return [plain(part, digits) for part in values]
    if isinstance(values, np.ndarray):
        return plain(values.tolist(), digits)
    number = float(f"{values:.{digits}g}")
    return int(number) if number.is_integer() else number


def bands(scene: "Scene") -> dict[str, Data]:
    """Return the tracks of a scenario over time, by name."""
    data, scenario, days = scene.trajectories, scene.scenario, days_of(scene)
    theatres = labels(scenario, "theatres")
    weeks = (np.arange(data.sizes["week"]) * DAYS_PER_WEEK).tolist()
    tracks = {
        "troops": {"rows": theatres, "unit": "troops", "days": days, **_levels(data.troops.values[:, :, days]),
                   "plan": plain(data.troops_plan.values[:, days])},
        "attacks": {"rows": theatres, "unit": "attacks a week", "days": weeks,
                    **_levels(data.attacks_per_week.values), "mean": plain(data.attacks_per_week_mean.values),
                    "recorded": _recorded(scenario)},
        "capability": _single(data, "capability", "index, 1 at the start", days),
    }
    for track, variable in (("threat", "threat"), ("ratio", "threat_ratio")):
        if variable in data:
            tracks[track] = _single(data, variable, "index, 1 at the start", days)
    if scenario.talks is not None:
        states = [TALK_STATES[str(state)].label for state in data.talks_state.values]
        tracks["talks"] = _shares(states, data.talks_share.values[:, days], days)
    if scenario.tension is not None:
        tracks["tension"] = _shares(["High regional tension"], data.tension_high_share.values[None, days], days)
    if scenario.phases:
        tracks["phases"] = _shares(labels(scenario, "phases"), data.phase_share.values[:, days], days)
    return tracks


def _recorded(scenario: Scenario) -> list[Data]:
    """Return, for each theatre, the attacks reported in the weeks before the start."""
    weeks = [reported(scenario, [theatre]) for theatre in scenario.theatres]
    return [{"days": plain(edges), "values": plain(attacks)} for edges, attacks in weeks]


def _single(data: Any, variable: str, unit: str, days: list[int]) -> Data:
    return {"rows": [data[variable].attrs["long_name"].partition(",")[0]], "unit": unit, "days": days,
            **_levels(data[variable].values[None, :, days])}


def _levels(quantiles: NDArray[Any]) -> Data:
    """Return quantiles of shape (rows, 5, points) by name."""
    return {name: plain(quantiles[:, i]) for i, name in enumerate(LEVELS)}


def _shares(rows: list[str], shares: NDArray[Any], days: list[int]) -> Data:
    return {"rows": rows, "unit": "share of replications", "days": days, "share": plain(shares)}


def curves(scene: "Scene") -> dict[str, Data]:
    """Return, for everything that may happen by a date, the chance that it has by the end of each day."""
    days, found = days_of(scene), {}
    for name, counts in scene.counts.items():
        chances = [chance(int(counts[day]), scene.replications) for day in days]
        low, high = zip(*(of.ci95 or (None, None) for of in chances), strict=True)
        known = chances[0].ci95 is not None
        found[name] = {"label": event_label(scene.entries[name]["label"]), "days": days,
                       "chance": plain([of.chance for of in chances]), "low": plain(list(low), 3) if known else None,
                       "high": plain(list(high), 3) if known else None}
    return found


def histograms(scene: "Scene") -> dict[str, Data]:
    """Return a histogram of every main outcome that is a number or a day; none if only sums are known."""
    if scene.column is None:
        return {}
    return {name: _histogram(scene.column(name), scene.horizon, entry)
            for name, entry in scene.entries.items() if entry["main"] and entry["kind"] in ("number", "day")}


def _histogram(values: NDArray[np.float64], horizon: int, entry: Data) -> Data:
    happened = values[np.isfinite(values)]
    edges = (day_edges(horizon) if entry["kind"] == "day" else
             bars(values, entry["unit"], entry["quantiles"]["95"]).edges)
    counts = np.histogram(happened, edges)[0]
    return {"edges": edges.tolist(), "counts": counts.tolist(), "never": len(values) - len(happened)}
