"""A fit as keys of a scenario, with values that are drawn together, row by row.

The parameters of the recommended model become keys of a scenario. The total is divided among theatres in proportion to
the attacks whose place is known. Attacks in several theatres with the same branching ratio and decay add up to a single
process of the same kind, so the total can be fitted and then divided. A key that the data do not inform is left out,
and the reason is given.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.evidence import places
from sim.evidence.calibrate import Calibration
from sim.evidence.calm import Calm
from sim.evidence.cut import day_of
from sim.evidence.errors import DataError
from sim.evidence.fitted import FittedValue
from sim.evidence.held_out import RECENT
from sim.evidence.models import Parameter
from sim.evidence.recommend import MOVING, SPELLS
from sim.evidence.record import Floats
from sim.evidence.severity import one_sided, scenario_keys
from sim.scenario.fields import allowed_text, extremes, within
from sim.scenario.keys import spot_at
from sim.scenario.load import ScenarioFile
from sim.scenario.violence import Tension
from sim.words.phrases import number, whole_percent

RATE, BRANCHING, DECAY = "theatres.NAME.attacks_per_day", "attacks.branching_ratio", "attacks.decay_days"
MULTIPLIER = "tension.high_multiplier"


@dataclass
class Keys:
    """Keys of a scenario with their values.

    Attributes
    ----------
    columns
        Keys that are drawn together: the best value, then one for each draw, shape (1 + draws,).
    fixed
        Keys that belong to the fit but are not drawn.
    harm
        Keys for the harm of single attacks; each is drawn on its own, over its interval.
    labels
        Labels of theatres named after places.
    notes
        What readers must know, a line each.
    left_out
        For each key that is not given although the data might seem to inform it: why.
    """

    columns: dict[str, Floats] = field(default_factory=dict)
    fixed: dict[str, float] = field(default_factory=dict)
    harm: dict[str, FittedValue] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def best(self) -> dict[str, float]:
        """The best values of the keys that are drawn together."""
        return {key: float(values[0]) for key, values in self.columns.items()}

    @property
    def rows(self) -> Floats:
        """The draws, shape (draws, keys)."""
        return np.column_stack([values[1:] for values in self.columns.values()]) if self.columns else np.empty((0, 0))

    @property
    def empty(self) -> bool:
        """Whether the data inform no key at all."""
        return not (self.columns or self.harm)

    @property
    def remarks(self) -> list[str]:
        """The notes, and which keys are left out and why."""
        keys = {why: [key for key, other in self.left_out.items() if other == why] for why in self.left_out.values()}
        return [*self.notes, *(f"left out: {', '.join(left_out)}: {why}" for why, left_out in keys.items())]


def keys_of(result: Calibration, scenario: ScenarioFile | None) -> Keys:
    """Turn a calibration into keys of a scenario.

    Parameters
    ----------
    result
        The calibration.
    scenario
        The scenario for which they are meant, if there is one.

    Raises
    ------
    DataError
        If a number lies outside what a scenario allows.
    """
    keys = Keys()
    harm = result.record.harm
    only = one_sided(harm) if harm is not None else ""
    if only:
        why = f"the file holds {only} only, so it does not say how often attacks come, nor what sets them off"
        keys.left_out |= dict.fromkeys((RATE, BRANCHING, DECAY), why)
    else:
        _process(result, scenario, keys)
        _allow(keys)
    if result.severity is not None:
        keys.left_out |= result.severity.left_out
        for key, value in scenario_keys(result.severity).items():
            if within(value.estimate, _numeric(key)):
                keys.harm[key] = _clipped(key, value)
            else:
                keys.left_out[key] = f"it comes out at {number(value.estimate)}; a scenario allows {_bounds(key)}"
    if keys.empty and scenario is not None:
        keys.notes.append("these data inform no key: fit.toml plays as the scenario does")
    return keys


def _process(result: Calibration, scenario: ScenarioFile | None, keys: Keys) -> None:
    """Turn the attack process into keys."""
    fit = result.best_fit
    table = dict(zip([parameter.name for parameter in fit.model.parameters],
                     np.vstack([fit.values, result.draws]).T, strict=True))
    calm = Calm(result, _multiplier(scenario))
    ratio = _tension(result, table, calm, keys)
    _rates(result, scenario, calm.rate(table, ratio), calm, keys)
    if "branching_ratio" in table:
        keys.columns[BRANCHING] = table["branching_ratio"]
        _decay(result, table, keys)
    elif any(key.endswith(".attacks_per_day") for key in keys.columns):
        keys.fixed[BRANCHING] = 0.0
    _factors(result, scenario, table, keys)
    if "overdispersion" in table:
        value = result.best_entry.estimates["overdispersion"]
        keys.notes.append("a scenario cannot play counts that scatter from week to week as these do (overdispersion "
                          f"{number(value.estimate)}, {number(value.low)} to {number(value.high)}), so their mean is "
                          "written; attacks are played more evenly than they came")
    if result.best == RECENT:
        first = day_of(fit.record, fit.record.begin)
        keys.notes.append(f"the rate is that of the last four weeks, from {first} on, and knows nothing of the time "
                          "before")
    if result.best == MOVING:
        keys.notes.append("a scenario cannot have a background that moves like this one, so its mean is written; the "
                          "scenario's own tension and truces move it")


def _tension(result: Calibration, table: dict[str, Floats], calm: Calm, keys: Keys) -> Floats | None:
    """Turn what the model says about tension into keys; return its multiplier if it has one."""
    if "rate_low" in table and "rate_high" in table:
        keys.columns[MULTIPLIER] = table["rate_high"] / table["rate_low"]
        return keys.columns[MULTIPLIER]
    if "high_multiplier" in table and not calm.met_high:
        keys.columns[MULTIPLIER] = table["high_multiplier"]
        for parameter in (p for p in result.best_fit.model.parameters if p.name in SPELLS):
            if why := _uninformed(result, parameter):
                keys.left_out[f"tension.{parameter.name}"] = why
            else:
                keys.columns[f"tension.{parameter.name}"] = table[parameter.name]
    elif "high_multiplier" in table:
        keys.notes.append("tension is dated over this record, so a rate that switches at random times is not tension: "
                          "only its mean is written, and attacks are played more evenly than they came")
    if calm.met_high:
        keys.fixed[MULTIPLIER] = calm.multiplier
        keys.notes.append(f"{_of_tension(calm)} a tension.high_multiplier of {calm.multiplier:g}, which is not fitted")
    return None


def _of_tension(calm: Calm) -> str:
    if not calm.met_low:
        return ("the record has no time of low tension: attacks_per_day is the rate under high tension divided by")
    return (f"{whole_percent(calm.high_share)} of the record lies in high tension: attacks_per_day is derived from the "
            "fitted rate, which covers low and high tension, with")


def _rates(result: Calibration, scenario: ScenarioFile | None, calm_rate: Floats, calm: Calm, keys: Keys) -> None:
    """Divide the background under low tension among the theatres."""
    if calm.free_days == 0:
        keys.left_out[RATE] = ("the whole record lies in truces and stop orders, so it does not show the rate "
                                "without them")
    elif not np.isfinite(calm_rate).all():
        keys.left_out[RATE] = "the scenario's tension.high_multiplier is 0, so the rate at high tension says nothing"
    else:
        parts = places.divided(result.record, scenario, len(calm_rate), keys.notes)
        keys.columns |= {f"theatres.{name}.attacks_per_day": part * calm_rate for name, part in parts.items()}
        keys.labels = places.labels(result.record, parts) if scenario is None else {}


def _decay(result: Calibration, table: dict[str, Floats], keys: Keys) -> None:
    (parameter,) = (p for p in result.best_fit.model.parameters if p.name == "decay_days")
    if parameter.at(float(table["decay_days"][0]), parameter.low):
        keys.left_out[DECAY] = (f"it comes out at {number(parameter.low)} days, the shortest that such a record can "
                                "show; it may be shorter")
    elif why := _uninformed(result, parameter):
        keys.left_out[DECAY] = why
    else:
        keys.columns[DECAY] = table["decay_days"]


def _factors(result: Calibration, scenario: ScenarioFile | None, table: dict[str, Floats], keys: Keys) -> None:
    """Turn the factors of truces and stop orders into keys."""
    suppressions = scenario.scenario.suppressions if scenario is not None else None
    for parameter in (p for p in result.best_fit.model.parameters if p.name.startswith("factor_")):
        name = parameter.name.removeprefix("factor_")
        key = f"suppressions.{name}.factor"
        if suppressions is not None and name not in suppressions:
            keys.notes.append(f"the scenario has no suppressions.{name}, so its factor is left out")
        elif suppressions is not None and scenario is not None and set(suppressions[name].theatres) not in (
                set(), set(scenario.scenario.theatres)):
            keys.left_out[key] = "it holds in some theatres only, and what is fitted is the total of all"
        elif why := _uninformed(result, parameter):
            keys.left_out[key] = why
        else:
            keys.columns[key] = table[parameter.name]


def _uninformed(result: Calibration, parameter: Parameter) -> str:
    """Say why the data do not inform a parameter of the best model, if they do not."""
    value = result.best_entry.estimates[parameter.name]
    if parameter.at(value.low, parameter.low) and parameter.at(value.high, parameter.high):
        return (f"its interval is the whole range searched, {number(parameter.low)} to {number(parameter.high)}: the "
                "data say nothing about it")
    if parameter.name in SPELLS and value.estimate > result.record.end - result.record.begin:
        return f"it comes out at {number(value.estimate)} days, longer than the record, in which no such spell ends"
    return ""


def _allow(keys: Keys) -> None:
    """Leave out draws that no scenario allows.

    Raises
    ------
    DataError
        If the best values or all draws are not allowed.
    """
    if not keys.columns:
        return
    inside = {key: np.array([within(float(value), _numeric(key)) for value in values])
              for key, values in keys.columns.items()}
    if outside := [key for key, good in inside.items() if not good[0]]:
        raise DataError(tuple(f"no fit.toml: {key} would be {number(keys.columns[key][0])}; a scenario allows "
                              f"{_bounds(key)}" for key in outside))
    allowed = np.all(list(inside.values()), axis=0)
    if not allowed[1:].any():
        raise DataError((f"no fit.toml: none of {len(allowed) - 1} draws from the fit is one that a scenario allows",))
    if left := int((~allowed).sum()):
        keys.notes.append(f"{left} of {len(allowed) - 1} draws lie outside what a scenario allows and are left out")
        keys.columns = {key: values[allowed] for key, values in keys.columns.items()}


def _clipped(key: str, value: FittedValue) -> FittedValue:
    """Return an estimate with its interval cut to what a scenario allows."""
    extra = _numeric(key)
    low, high = extra["above"] or extra["at_least"], extra["at_most"]
    return FittedValue(value.estimate, max(value.low, low), min(value.high, high))


def _multiplier(scenario: ScenarioFile | None) -> float:
    """Return the middle of the range of the multiplier between low and high tension."""
    if scenario is None or scenario.scenario.tension is None:
        return float(np.mean(extremes(Tension().high_multiplier)))
    if not scenario.scenario.couplings.tension_to_attacks:
        return 1.0
    return float(np.mean(extremes(scenario.scenario.tension.high_multiplier)))


def _bounds(key: str) -> str:
    return allowed_text(_numeric(key))


def _numeric(key: str) -> dict[str, Any]:
    spot = spot_at(tuple(key.split(".")))
    assert spot is not None
    assert spot.numeric is not None
    return spot.numeric
