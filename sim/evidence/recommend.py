"""Which of the models fitted to a record is recommended, and why.

The recommended model is the one with the lowest AIC. There are two exceptions: one of its estimates lies at the end of
the range searched, so that the data do not say what it is; or a smoothly moving background fits better.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sim.evidence.fit import Fit, fit, intervals
from sim.evidence.fitted import FittedValue
from sim.evidence.models import Excited, Parameter
from sim.evidence.record import AttackRecord
from sim.evidence.stretches import moving
from sim.words.phrases import number

EXCITED = (("self_excited_regimes", "regimes"), ("self_excited", "poisson"))
"""Models with and without self-excitation. The first pair of which both were fitted is used to judge it."""
AS_GOOD = 2.0
"""A difference in AIC that says nothing (Burnham and Anderson 2002)."""
SHORTEST_SPELL = 1.0
"""In days (assumed). A rate that switches faster follows hours of the day or single salvos, not regional tension."""
SPELLS = ("mean_low_days", "mean_high_days")
LEVELS = ("rate_low", "rate_high")
MOVING = "moving_background"


@dataclass(frozen=True)
class Compared:
    """A model fitted to the record.

    Attributes
    ----------
    fit
        The fit.
    estimates
        Its parameters by name.
    held_out
        Log-likelihood of the last observations, each given those before it, with parameters fitted to the first;
        None if there are too few.
    """

    fit: Fit
    estimates: dict[str, FittedValue]
    held_out: float | None


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
    """

    name: str
    reasons: tuple[str, ...]


def on_moving_background(record: AttackRecord, models: Mapping[str, Compared]) -> Moving | None:
    """Compare self-excitation with a background that follows the attacks, smoothed over about two months."""
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
    entry = Compared(on_top, intervals(on_top), None)
    left = entry.estimates["branching_ratio"]
    if _faults(entry):
        entry = Compared(without, intervals(without), None)
    return Moving(without.aic, used, left, entry)


def choose(models: Mapping[str, Compared], rival: Moving | None) -> Choice:
    """Return the model to recommend, with the reasons if it is not the one with the lowest AIC.

    There always is one, since a constant rate has no fault.
    """
    faults = {name: _faults(entry) for name, entry in models.items()}
    by_aic = sorted(models, key=lambda name: models[name].fit.aic)
    best = next(name for name in by_aic if not faults[name])
    reasons = [f"{_named(models[name])} would be better, but {'; '.join(faults[name])}"
               for name in by_aic[: by_aic.index(best)]]
    if rival is not None and rival.entry is not None and rival.lowest_aic < models[best].fit.aic - AS_GOOD:
        left = rival.branching_ratio
        worse = models[best].fit.aic - rival.lowest_aic
        reasons.append(f"{_named(models[best])} is worse by {worse:.1f} points than a background that moves over about "
                       f"two months, which leaves a branching ratio of {left.estimate:.2f} ({left.low:.2f} to "
                       f"{left.high:.2f})")
        best = MOVING
    return Choice(best, tuple(reasons))


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
    if parameter.name in LEVELS and parameter.at(entry.estimates[parameter.name].low, parameter.low):
        return f"no attack shows what its {parameter.name} is"
    return ""
