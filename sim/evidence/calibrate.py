"""Calibration: fits all models to a record, compares them, draws from the best and compares it with the record."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sim.evidence.cut import day_of, gaps_of
from sim.evidence.effort import Progress
from sim.evidence.errors import DataError
from sim.evidence.fit import Fit, draw, fit, intervals
from sim.evidence.goodness import Goodness, judge
from sim.evidence.held_out import FEWEST as FEWEST_SCORED
from sim.evidence.held_out import RECENT, Origin, of_model, origins, paired, recent_fit, scores, scores_of_late
from sim.evidence.models import SCATTERED, SCATTERED_REGIMES, models_for
from sim.evidence.recommend import AS_GOOD, EXCITED, MOVING, Compared, Moving, choose, on_moving_background
from sim.evidence.record import AttackRecord, Floats
from sim.evidence.severity import Severity, severity
from sim.evidence.stretches import SMOOTHING_DAYS, Regimes
from sim.play.choice import Say
from sim.scenario.shown import Shown
from sim.words.phrases import counted, minus, number

FEWEST = 5
"""With fewer attacks, or fewer observations, nothing is fitted."""


@dataclass(frozen=True, repr=False)
class Calibration(Shown):
    """What a record says about the attack process.

    Attributes
    ----------
    record, regimes
        What was fitted.
    models
        All models, by name.
    best
        Name of the recommended model; of those in ``models``, or of one of the rivals.
    draws
        Parameters drawn from the best model, shape (draws, parameters).
    goodness
        How well the best model agrees with the record.
    moving
        The rival explanation, a moving background; None if self-excitation does not improve the fit.
    recent
        A simple rival: the rate of the last four weeks; None if there are too few observations to score it.
    origins
        When models were fitted anew for their out-of-sample scores; empty if there are too few observations.
    severity
        What single attacks did, if the record says so.
    warnings
        What a reader must know before using the numbers.
    reasons
        Why the best is not the one with the lowest AIC, a line each; empty if it is.
    scored
        Whether the best was chosen by out-of-sample scores, not by AIC.
    """

    record: AttackRecord
    regimes: Regimes | None
    models: dict[str, Compared]
    best: str
    draws: Floats
    goodness: Goodness
    moving: Moving | None
    recent: Compared | None = None
    origins: tuple[Origin, ...] = ()
    severity: Severity | None = None
    warnings: tuple[str, ...] = field(default=())
    reasons: tuple[str, ...] = field(default=())
    scored: bool = False

    @property
    def held_out_from(self) -> date | None:
        """First day of the intervals forecast out of sample; None if there are too few."""
        return day_of(self.record, self.origins[0].starts[0]) if self.origins else None

    @property
    def intervals(self) -> int:
        """How many distinct intervals were forecast out of sample."""
        return sum(len(origin.starts) for origin in self.origins)

    @property
    def basis(self) -> str:
        """What the recommendation rests on, in words."""
        if self.scored:
            return f"by out-of-sample score over {counted(self.intervals, 'interval')}"
        return (f"by AIC, since fewer than {FEWEST_SCORED} intervals follow the first half of the record, too few for "
                "an out-of-sample score")

    @property
    def compared(self) -> dict[str, Compared]:
        """All models by name, including the moving background if there is one; their AIC can be compared."""
        entry = self.moving.entry if self.moving is not None else None
        return {**self.models, **({MOVING: entry} if entry is not None else {})}

    def _about(self) -> str:
        fitted = f"{counted(len(self.models), 'model')} fitted to {counted(self.record.attacks, 'attack')}"
        return f"{fitted}; recommended {self.basis}: {self.best_fit.model.label}"

    def _parts(self) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        models = [(compared.fit.model.label, str(len(compared.estimates)), f"{compared.fit.aic:.1f}",
                   f"{compared.fit.bic:.1f}", score_text(compared))
                  for compared in sorted(self.compared.values(), key=lambda compared: compared.fit.aic)]
        best = [(name.replace("_", " "), number(value.estimate), f"{number(value.low)} – {number(value.high)}")
                for name, value in self.best_entry.estimates.items()]
        if self.recent is not None:
            models.append((self.recent.fit.model.label, "1", "", "", score_text(self.recent)))
        return [("Models", ("Model", "Parameters", "AIC", "BIC", "Out-of-sample score"), models),
                (f"Recommended: {self.best_fit.model.label}", ("Parameter", "Estimate", "90 % interval"), best)]

    @property
    def best_entry(self) -> Compared:
        """The best model, as compared with the others."""
        return self.recent if self.best == RECENT and self.recent is not None else self.compared[self.best]

    @property
    def best_fit(self) -> Fit:
        """The fit of the best model."""
        return self.best_entry.fit


def score_text(entry: Compared) -> str:
    """Write the out-of-sample score of a model, if there is one."""
    return "" if entry.held_out is None else minus(f"{entry.held_out:.1f}")


def calibrate(record: AttackRecord, regimes: Regimes | None, seed: int, say: Say) -> Calibration:
    """Fit every model to a record, compare them, and compare the best with the record.

    Parameters
    ----------
    record
        The record.
    regimes
        Dated regimes, if there are any.
    seed
        Of draws and simulations.
    say
        Told, in a line, what is being done.

    Raises
    ------
    DataError
        If there is too little to fit anything to.
    """
    refuse_too_little(record)
    at = origins(record, regimes)
    models = {}
    for model in models_for(record, regimes):
        progress = Progress(model, record, say)
        fitted = fit(model, record)
        progress.step("best values found; now the out-of-sample score")
        scored = scores(record, at, of_model(model.name)) if at else None
        progress.step("now the 90 % intervals")
        models[model.name] = Compared(fitted, intervals(fitted), scored)
    recent = _recent(record, at) if at else None
    checked = on_moving_background(record, models, at)
    choice = choose(models, checked, recent)
    moving = checked.entry if checked is not None else None
    best = {**models, MOVING: moving, RECENT: recent}[choice.name]
    assert best is not None
    say(f"Drawing from: {best.fit.model.label}")
    draws = draw(best.fit, seed)
    goodness = judge(best.fit, draws, seed)
    harm = severity(record.harm, _room(record)) if record.harm is not None else None
    warnings = (*record.doubts, *_warnings(models, checked), *_of_fit(best, goodness))
    return Calibration(record, regimes, models, choice.name, draws, goodness, checked, recent, at, harm, warnings,
                       choice.reasons, choice.scored)


def _recent(record: AttackRecord, at: tuple[Origin, ...]) -> Compared:
    """Return the rate of the last four weeks, fitted and scored."""
    fitted = recent_fit(record)
    return Compared(fitted, intervals(fitted), scores_of_late(record, at))


def _room(record: AttackRecord) -> Floats | None:
    """Return the days from each attack to the end of the record; a later report would not be in it."""
    return record.end - record.times if record.kind == "events" else None


def refuse_too_little(record: AttackRecord) -> None:
    """Refuse a record that holds too little to be fitted."""
    size = len(record.times) if record.kind == "events" else len(record.counts)
    if record.attacks < FEWEST or size < FEWEST:
        raise DataError((f"{record.path.name}: {record.attacks} attacks in {size} "
                         f"{'rows' if record.kind == 'events' else 'intervals'} are too few to fit anything to; at "
                         f"least {FEWEST} of both are needed",))


def _warnings(models: dict[str, Compared], rival: Moving | None) -> list[str]:
    """Say if self-excitation cannot be distinguished from something else."""
    name, plain = next(pair for pair in EXCITED if pair[0] in models)
    ratio = models[name].estimates["branching_ratio"]
    interval = f"{ratio.low:.2f} to {ratio.high:.2f}"
    if rival is None:
        return [f"These data show no self-excitation: the branching ratio may be anything from {interval}, and "
                f"{models[plain].fit.model.label.lower()} without it does as well."]
    aic, reasons = models[name].fit.aic, []
    if rival.lowest_aic < aic + AS_GOOD:
        on_top = rival.branching_ratio
        does, its = (("does without it", rival.aic) if rival.aic < aic + AS_GOOD else
                     ("explains part of it", rival.lowest_aic))
        reasons.append(f"a background that moves over about two months {does} (AIC {its:.1f} against {aic:.1f}), and "
                       f"leaves it {on_top.estimate:.2f} ({on_top.low:.2f} to {on_top.high:.2f})")
    if models[plain].fit.aic < aic + AS_GOOD:
        reasons.append(f"the same model without it does nearly as well (AIC {models[plain].fit.aic:.1f} against "
                       f"{aic:.1f})")
    switching = models["markov_modulated"].fit.aic
    if switching < aic + AS_GOOD:
        reasons.append(f"a rate that switches at random times does as well (AIC {switching:.1f} against {aic:.1f})")
    scattered = models[SCATTERED_REGIMES if SCATTERED_REGIMES in models else SCATTERED].fit.aic
    if scattered < aic + AS_GOOD:
        reasons.append(f"a level that changes at random from week to week, or from interval to interval, does as well "
                       f"(AIC {scattered:.1f} against {aic:.1f})")
    if not reasons:
        return []
    return ["Self-excitation cannot be distinguished from a moving background here. The branching ratio is estimated "
            f"at {ratio.estimate:.2f} ({interval}), but {'; '.join(reasons)}. Scan attacks.branching_ratio; do "
            "not base a conclusion on one value."]


def _of_fit(best: Compared, goodness: Goodness) -> list[str]:
    """Say where the best model does not fit, or where the data do not limit a parameter."""
    lines = []
    if goodness.distance > goodness.band:
        lines.append(f"Even the best model does not fit: its residuals are {goodness.distance:.2f} from uniform, "
                     f"beyond the 95 % band of {goodness.band:.2f}.")
    for parameter in best.fit.model.parameters:
        value = best.estimates[parameter.name]
        at = [f"{word} ({number(bound)} {parameter.unit})" for word, bound, end in
              (("shortest", parameter.low, value.low), ("longest", parameter.high, value.high)) if
              math.isclose(bound, end, rel_tol=1e-3)]
        if parameter.name == "decay_days" and at:
            lines.append(f"The data do not bound decay_days: its interval reaches to the {' and the '.join(at)} that "
                         "is sought.")
        if parameter.name == "branching_ratio" and value.high >= 0.999 * parameter.high:
            lines.append(f"The data do not bound the branching ratio: its interval reaches to {parameter.high:g}.")
    return lines


def as_json(result: Calibration) -> dict[str, Any]:
    """Return a calibration as plain data for fit.json, without the files."""
    record = result.record
    size = result.best_fit.size
    return {
        "observed": {"kind": record.kind, "attacks": record.attacks, "observations": size,
                     "first_day": day_of(record, record.begin).isoformat(),
                     "last_day": day_of(record, record.end - 1e-9).isoformat(),
                     "gaps": [[day.isoformat() for day in gap] for gap in gaps_of(record)],
                     "notes": list(record.notes)},
        "models": {name: _model_json(entry, result) for name, entry in result.models.items()},
        "rivals": {} if result.recent is None else {RECENT: {
            "label": result.recent.fit.model.label, "parameters": {
                name: estimate.as_json() for name, estimate in result.recent.estimates.items()},
            "held_out_log_score": result.recent.held_out,
            "behind_the_best": _behind(result.recent, result.best_entry)}},
        "best": result.best, "chosen_by": "out_of_sample" if result.scored else "aic", "basis": result.basis,
        "why_not_the_lowest_aic": list(result.reasons),
        "held_out_from": result.held_out_from and result.held_out_from.isoformat(),
        "held_out_intervals": result.intervals,
        "fitted_anew": [day_of(record, origin.starts[0]).isoformat() for origin in result.origins],
        "moving_background": result.moving and {
            "smoothing_days": SMOOTHING_DAYS, "aic": result.moving.aic, "parameters_worth": result.moving.used,
            "branching_ratio": result.moving.branching_ratio.as_json(),
            "model": result.moving.entry and _model_json(result.moving.entry, result)},
        "goodness_of_fit": result.goodness.as_json(),
        "severity": result.severity and result.severity.as_json(),
        "warnings": list(result.warnings),
    }


def _model_json(entry: Compared, result: Calibration) -> dict[str, Any]:
    units = {parameter.name: parameter.unit for parameter in entry.fit.model.parameters}
    data: dict[str, Any] = {
        "label": entry.fit.model.label, "log_likelihood": entry.fit.log_likelihood, "parameters_fitted": len(units),
        "observations": entry.fit.size, "aic": entry.fit.aic, "bic": entry.fit.bic,
        "held_out_log_score": entry.held_out, "behind_the_best": _behind(entry, result.best_entry),
        "parameters": {name: {**estimate.as_json(), "unit": units[name]} for name, estimate in entry.estimates.items()},
        "starts": [dict(zip(units, map(float, start), strict=True)) for start in entry.fit.model.starts()],
    }
    return data


def _behind(entry: Compared, best: Compared) -> dict[str, float] | None:
    """Return how much worse than the best a model forecasts, with the standard error of the paired difference."""
    if entry.scores is None or best.scores is None:
        return None
    gain = paired(entry.scores, best.scores)
    return {"difference": gain.difference, "standard_error": gain.error}
