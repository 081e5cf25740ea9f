"""Which of the models fitted to a record is recommended, and why.

The recommended model is the one that forecasts best out of sample, or a simpler one that AIC prefers to it and that it
does not beat beyond noise. Where there is too little to score, it is the one with the lowest AIC. A model is passed
over if one of its estimates lies at the end of the range searched, so that the data do not say what it is. A smoothly
moving background is recommended if it has a lower AIC than every model. No model is recommended that a simple rival
beats beyond noise: then the rival is.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sim.evidence.fit import Fit, fit, intervals
from sim.evidence.fitted import FittedValue
from sim.evidence.held_out import RECENT, Origin, paired, scores_on_moving
from sim.evidence.models import SCATTERED, Excited, Parameter, Scattered
from sim.evidence.record import AttackRecord, Floats
from sim.evidence.stretches import moving
from sim.words.phrases import minus, number

EXCITED = (("self_excited_regimes", "regimes"), ("self_excited", "poisson"))
"""Models with and without self-excitation. The first pair of which both were fitted is used to judge it."""
AS_GOOD = 2.0
"""A difference in AIC that says nothing (Burnham and Anderson 2002)."""
SHORTEST_SPELL = 1.0
"""In days (assumed). A rate that switches faster follows hours of the day or single salvos, not regional tension."""
SPELLS = ("mean_low_days", "mean_high_days")
LEVELS = ("rate_low", "rate_high")
MOVING = "moving_background"
SIMPLE = ("poisson", SCATTERED)
"""The models that are simple rivals as well; the third rival is the rate of the last four weeks."""


@dataclass(frozen=True)
class Compared:
    """A model fitted to the record.

    Attributes
    ----------
    fit
        The fit.
    estimates
        Its parameters by name.
    scores
        Its out-of-sample score in each interval (see `sim.evidence.held_out`); None if there are too few.
    """

    fit: Fit
    estimates: dict[str, FittedValue]
    scores: Floats | None = None

    @property
    def held_out(self) -> float | None:
        """The sum of its out-of-sample scores; higher is better."""
        return None if self.scores is None else float(self.scores.sum())


@dataclass(frozen=True)
class Moving:
    """A background that follows the attacks, smoothed over about two months: the rival of self-excitation.

    Attributes
    ----------
    aic
        Without self-excitation; the smoothing counts as parameters.
    used
        How many parameters the smoothing is worth.
    branching_ratio
        What remains on top of the background. It is too low if anything, since the background follows the same attacks.
    entry
        The model to recommend if it is better: with self-excitation, or without any if an estimate then lies at the end
        of the range searched.
    """

    aic: float
    used: float
    branching_ratio: FittedValue
    entry: Compared | None = None

    @property
    def lowest_aic(self) -> float:
        """The lower AIC, with or without self-excitation on top."""
        return self.aic if self.entry is None else min(self.aic, self.entry.fit.aic)


@dataclass(frozen=True)
class Choice:
    """The model recommended.

    Attributes
    ----------
    name
        One of the models compared, or `MOVING`.
    reasons
        Why it is not the one with the lowest AIC, a line each; empty if it is.
    scored
        Whether it was chosen by out-of-sample scores; by AIC if there are none.
    """

    name: str
    reasons: tuple[str, ...]
    scored: bool


def on_moving_background(record: AttackRecord, models: Mapping[str, Compared], at: tuple[Origin, ...]) -> Moving | None:
    """Compare self-excitation with a background that follows the attacks, smoothed over about two months.

    Parameters
    ----------
    record, models
        The record, and the models fitted to it.
    at
        The origins of the out-of-sample scores; none if there is too little for them. The background is scored only if
        its AIC is low enough for it to be recommended, since that takes long.
    """
    name, plain = next(pair for pair in EXCITED if pair[0] in models)
    if models[name].fit.aic >= models[plain].fit.aic:
        return None
    model = models[name].fit.model
    assert isinstance(model, Excited)
    stretches, used = moving(record, model.stretches)
    without, on_top = (replace(fit(Excited(MOVING, label, stretches, model.mean_rate, excited, model.shortest), record),
                               smoothing=used)
                       for label, excited in (("Moving background", False),
                                              ("Self-excited on a moving background", True)))
    entry = Compared(on_top, intervals(on_top))
    left = entry.estimates["branching_ratio"]
    if _faults(entry):
        entry = Compared(without, intervals(without))
    rival = Moving(without.aic, used, left, entry)
    if not at or rival.lowest_aic >= min(each.fit.aic for each in models.values() if not _faults(each)) - AS_GOOD:
        return rival
    scored = replace(entry, scores=scores_on_moving(record, at, "branching_ratio" in entry.estimates))
    return replace(rival, entry=scored)


def choose(models: Mapping[str, Compared], rival: Moving | None, recent: Compared | None = None) -> Choice:
    """Return the model to recommend, with the reasons if it is not the one with the lowest AIC.

    There always is one, since a constant rate has no fault.

    Parameters
    ----------
    models
        The models by name.
    rival
        The moving background, if self-excitation improves the fit.
    recent
        The rate of the last four weeks, if there are out-of-sample scores.
    """
    faults = {name: _faults(entry) for name, entry in models.items()}
    sound = {name: entry for name, entry in models.items() if not faults[name]}
    lowest = min(sound, key=lambda name: sound[name].fit.aic)
    scored = sound[lowest].scores is not None
    if scored:
        best, reasons = _best_forecaster(sound)
        better = [name for name, entry in models.items() if faults[name] and _ahead(entry, sound[best])]
    else:
        best, reasons = lowest, []
        better = [name for name, entry in models.items() if faults[name] and entry.fit.aic < sound[best].fit.aic]
    faulty = [f"{_named(models[name])} would be better, but {'; '.join(faults[name])}" for name in better]
    entries = {**sound, **({MOVING: rival.entry} if rival is not None and rival.entry is not None else {}),
               **({RECENT: recent} if recent is not None and not _faults(recent) else {})}
    if rival is not None and MOVING in entries and rival.lowest_aic < sound[lowest].fit.aic - AS_GOOD:
        left = rival.branching_ratio
        worse = sound[lowest].fit.aic - rival.lowest_aic
        moves = (f"{_named(sound[lowest])} is worse by {worse:.1f} points than a background that moves over about "
                 f"two months, which leaves a branching ratio of {left.estimate:.2f} ({left.low:.2f} to "
                 f"{left.high:.2f})")
        best, reasons = MOVING, [moves]
    reasons = [*faulty, *reasons]
    return _unbeaten(entries, best, reasons) if scored else Choice(best, tuple(reasons), False)


def _best_forecaster(sound: Mapping[str, Compared]) -> tuple[str, list[str]]:
    """Return the model that forecasts best out of sample, or a simpler one that it does not beat and AIC prefers."""
    top = max(sound, key=lambda name: _total(sound[name]))
    simpler = [name for name in sound if _parameters(sound[name]) < _parameters(sound[top])
               and _dated_aic(sound[name]) < _dated_aic(sound[top]) and not _beats(sound[top], sound[name])]
    best = min(simpler, key=lambda name: _dated_aic(sound[name]), default=top)
    lowest = min(sound, key=lambda name: sound[name].fit.aic)
    reasons = []
    if lowest != best:
        worse = "worse" if _ahead(sound[best], sound[lowest]) else "no better beyond noise"
        reasons.append(f"{_named(sound[lowest])} has the lowest AIC, but forecasts {worse} than {_named(sound[best])}: "
                       f"{_compared(sound[lowest], sound[best])}")
    if best != top:
        reasons.append(f"{_named(sound[top])} has the highest out-of-sample score, but not beyond noise, and AIC "
                       f"prefers {_named(sound[best])}, which is simpler: {_compared(sound[best], sound[top])}")
    return best, reasons


def _dates(entry: Compared) -> int:
    """Return how many dates of regimes a model uses; they were chosen by looking at the record, as parameters are."""
    model = entry.fit.model
    return len(model.stretches.edges) - 2 if isinstance(model, Excited | Scattered) else 0


def _parameters(entry: Compared) -> int:
    return len(entry.fit.values) + _dates(entry)


def _dated_aic(entry: Compared) -> float:
    """Return the AIC of a model if each date of a regime counts as a parameter."""
    return entry.fit.aic + 2.0 * _dates(entry)


def _unbeaten(entries: Mapping[str, Compared], best: str, reasons: list[str]) -> Choice:
    """Return the model chosen, or the simple rival that beats it beyond noise."""
    winners = [name for name in (*SIMPLE, RECENT) if name in entries and name != best
               and _beats(entries[name], entries[best])]
    if not winners:
        return Choice(best, tuple(reasons), True)
    winner = max(winners, key=lambda name: _total(entries[name]))
    return Choice(winner, (*reasons, f"a simple rival, {_named(entries[winner])}, forecasts better than "
                           f"{_named(entries[best])}, beyond noise: {_compared(entries[best], entries[winner])}"), True)


def _ahead(entry: Compared, other: Compared) -> bool:
    """Whether a model forecasts better than another."""
    return _total(entry) > _total(other)


def _total(entry: Compared) -> float:
    return -math.inf if entry.held_out is None else entry.held_out


def _beats(entry: Compared, other: Compared) -> bool:
    """Whether a model forecasts better than another, beyond noise."""
    return entry.scores is not None and other.scores is not None and paired(other.scores, entry.scores).beyond_noise


def _compared(entry: Compared, other: Compared) -> str:
    """Say how two models forecast, in numbers."""
    assert entry.scores is not None
    assert other.scores is not None
    gain = paired(entry.scores, other.scores)
    return (f"its out-of-sample score is {_score(entry)}, that of the other {_score(other)}, a difference of "
            f"{gain.difference:.1f} with a standard error of {gain.error:.1f} over {gain.intervals} intervals")


def _score(entry: Compared) -> str:
    return minus(f"{entry.held_out:.1f}")


def _named(entry: Compared) -> str:
    return f"{entry.fit.model.label} (AIC {entry.fit.aic:.1f})"


def _faults(entry: Compared) -> list[str]:
    """Say which estimates of a model lie at the end of the range searched, or mean something else."""
    return [fault for parameter in entry.fit.model.parameters
            if (fault := _fault(parameter, entry.fit.value(parameter.name) or 0.0, entry))]


def _fault(parameter: Parameter, value: float, entry: Compared) -> str:
    if parameter.stuck(value):
        return f"its {parameter.name} of {number(value)} lies at the end of the range that is searched"
    if parameter.name in SPELLS and value < SHORTEST_SPELL:
        return f"its {parameter.name} of {value:.2g} is no spell of regional tension"
    known = entry.estimates.get(parameter.name)
    if parameter.name in LEVELS and known is not None and parameter.at(known.low, parameter.low):
        return f"no attack shows what its {parameter.name} is"
    return ""
