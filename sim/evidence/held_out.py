"""Out-of-sample scores: how well a model forecasts what it was not fitted to, interval by interval.

The first half of a record is only learnt from. Each week after it (or interval, if these are longer) is forecast given
all that came before. The origin rolls: parameters are fitted anew at five dates, to what was known then, and with the
regimes that had begun by then. The score of an interval is the logarithm of the chance given to what came in it, which
is proper: nothing scores better on average than the true chance (Gneiting and Raftery 2007).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from sim.evidence.cut import day_of, in_weeks, last_weeks, until
from sim.evidence.fit import Fit, fit
from sim.evidence.models import Excited, Model, models_for, shortest_decay, watched_days
from sim.evidence.record import AttackRecord, Floats
from sim.evidence.stretches import Regimes, dated, moving, steady

LEARNT_FROM = 0.5
"""Share of the observations that are only learnt from."""
ORIGINS = 5
"""How many times parameters are fitted anew."""
FEWEST = 5
"""With fewer attacks to learn from, or fewer intervals to forecast, nothing is scored."""
CONFIDENCE = 0.95
"""Beyond noise: outside of this interval (Student's t) of the paired difference."""
RECENT = "last_four_weeks"


@dataclass(frozen=True, eq=False)
class Origin:
    """A date on which models are fitted anew.

    Attributes
    ----------
    history
        What was recorded until then.
    regimes
        The dated regimes that had begun by then.
    starts, ends
        The intervals forecast with these parameters.
    end
        The end of the whole record, as far as models must reach.
    """

    history: AttackRecord
    regimes: Regimes | None
    starts: Floats
    ends: Floats
    end: float


Forecaster = Callable[[Origin], tuple[Model, Floats]]
"""Returns a model and its parameters, as known at an origin."""


@dataclass(frozen=True)
class Paired:
    """By how much one forecaster beats another, on the same intervals.

    Attributes
    ----------
    difference
        The sum of the differences of the scores, above zero if the other one is better.
    error
        Its standard error.
    intervals
        How many distinct intervals there are.
    """

    difference: float
    error: float
    intervals: int

    @property
    def mean(self) -> float:
        """The mean difference in an interval."""
        return self.difference / self.intervals

    @property
    def mean_error(self) -> float:
        """The standard error of the mean difference."""
        return self.error / self.intervals

    @property
    def beyond_noise(self) -> bool:
        """Whether the other one is better, beyond what chance gives."""
        if math.isinf(self.difference):
            return self.difference > 0
        sure = stdtrit(self.intervals - 1, 0.5 * (1.0 + CONFIDENCE)) if self.intervals > 1 else math.inf
        return self.difference > max(0.01, float(sure) * self.error)  # 0.01: the accuracy of a search


def paired(ours: Floats, theirs: Floats) -> Paired:
    """Compare two forecasters by their scores on the same intervals, higher ones being better."""
    with np.errstate(invalid="ignore"):
        gains = np.where(ours == theirs, 0.0, theirs - ours)
    known = len(gains) > 1 and bool(np.isfinite(gains).all())
    error = math.sqrt(len(gains)) * float(gains.std(ddof=1)) if known else math.inf
    total = -math.inf if np.isneginf(gains).any() else float(gains.sum())
    return Paired(total, error, len(gains))


def origins(record: AttackRecord, regimes: Regimes | None) -> tuple[Origin, ...]:
    """Return the dates on which models are fitted anew, with what was known then; none if there is too little."""
    ends = record.times if record.kind == "events" else record.ends
    if len(ends) < 2 * FEWEST:
        return ()
    split = float(ends[int(LEARNT_FROM * len(ends)) - 1])
    split = math.floor(split) if record.kind == "events" else split
    starts, upto, _ = in_weeks(record, split, record.end)
    if len(starts) < FEWEST or until(record, split).attacks < FEWEST:
        return ()
    parts = np.array_split(np.arange(len(starts)), ORIGINS)
    return tuple(Origin(until(record, float(starts[part[0]])),
                        regimes.known_on(day_of(record, float(starts[part[0]]))) if regimes is not None else None,
                        starts[part], upto[part], record.end) for part in parts)


def scores(record: AttackRecord, at: tuple[Origin, ...], forecaster: Forecaster) -> Floats:
    """Return the score of a forecaster in each interval, in order."""
    return np.concatenate([_log_chances(*forecaster(origin), record, origin) for origin in at])


def of_model(name: str) -> Forecaster:
    """Return the forecaster that fits one of the models compared."""

    def known(origin: Origin) -> tuple[Model, Floats]:
        models = models_for(origin.history, origin.regimes, origin.end, all_of_them=True)
        fitted = fit(next(model for model in models if model.name == name), origin.history)
        return fitted.model, fitted.values

    return known


def as_of_late(origin: Origin) -> tuple[Model, Floats]:
    """Forecast the rate of the last four weeks."""
    return recent_model(origin.history, origin.end), np.array([recent_rate(origin.history)])


def on_moving(excited: bool) -> Forecaster:
    """Return the forecaster for which the background stays where it was in the last week, smoothed."""

    def known(origin: Origin) -> tuple[Model, Floats]:
        history = origin.history
        under = steady(history) if origin.regimes is None else dated(history, origin.regimes)
        stretches, _ = moving(history, under)
        rate = history.attacks / watched_days(history)
        fitted = fit(Excited("", "", stretches, rate, excited, shortest_decay(history)), history)
        edges = np.append(stretches.edges[:-1], origin.end)
        return replace(fitted.model, stretches=replace(stretches, edges=edges)), fitted.values

    return known


def recent_fit(record: AttackRecord, end: float | None = None) -> Fit:
    """Return a constant rate fitted to the last four weeks of a record."""
    return fit(recent_model(record, end), last_weeks(record))


def recent_model(record: AttackRecord, end: float | None = None) -> Excited:
    """Return the model of a constant rate that is fitted to the last four weeks."""
    return Excited(RECENT, "Rate of the last four weeks", steady(record, end), record.attacks / watched_days(record),
                   False)


def recent_rate(record: AttackRecord) -> float:
    """Return attacks per day in the last four weeks; half an attack if there was none, so that more are possible."""
    recent = last_weeks(record)
    return max(recent.attacks, 0.5) / watched_days(recent)


def _log_chances(model: Model, values: Floats, record: AttackRecord, origin: Origin) -> Floats:
    """Return the logarithm of the chance of what came in each interval, given all before."""
    if record.kind == "counts":
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(model.tell(record, values).exactly)
        if (impossible := np.isneginf(logs)).any():
            logs[int(impossible.argmax()) :] = -math.inf  # nothing is worked out after it
        return np.array([logs[(record.starts >= a) & (record.ends <= b)].sum()
                         for a, b in zip(origin.starts, origin.ends, strict=True)])

    def upto(time: float) -> float:
        return model.tell(until(record, time), values).log_likelihood

    gained = [upto(b) - upto(a) for a, b in zip(origin.starts, origin.ends, strict=True)]
    return np.array([gain if math.isfinite(gain) else -math.inf for gain in gained])
