"""Out-of-sample scores: how well a model forecasts what it was not fitted to, interval by interval.

The first half of a record is only learnt from. Each week after it (or interval, if these are longer) is forecast given
all that came before. The origin rolls: parameters are fitted anew at five dates, and when a dated regime has begun or
ended, to what was known then, and with the regimes that had begun by then. The score of an interval is the logarithm of
the chance given to what came in it, which is proper: nothing scores better on average than the true chance (Gneiting
and Raftery 2007).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtrit

from sim.evidence.cut import day_of, in_weeks, last_weeks, until
from sim.evidence.fit import Fit, fit, threads
from sim.evidence.models import Excited, Model, models_for, shortest_decay, watched_days
from sim.evidence.record import AttackRecord, Floats
from sim.evidence.stretches import Regimes, dated, moving, steady

LEARNT_FROM = 0.5
"""Share of the intervals, or of the days if attacks are at known times, that are only learnt from."""
ORIGINS = 5
"""How many times parameters are fitted anew, besides the beginnings and ends of regimes."""
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
    if len(record.times) + len(record.counts) < 2 * FEWEST:
        return ()
    split = (math.floor(record.begin + LEARNT_FROM * (record.end - record.begin)) if record.kind == "events" else
             float(record.ends[int(LEARNT_FROM * len(record.ends)) - 1]))
    starts, upto, _ = in_weeks(record, split, record.end)
    if len(starts) < FEWEST or until(record, split).attacks < FEWEST:
        return ()
    parts = np.split(np.arange(len(starts)), _cuts(record, regimes, starts))
    return tuple(Origin(until(record, float(starts[part[0]])),
                        regimes.known_on(day_of(record, float(starts[part[0]]))) if regimes is not None else None,
                        starts[part], upto[part], record.end) for part in parts)


def _cuts(record: AttackRecord, regimes: Regimes | None, starts: Floats) -> list[int]:
    """Return at which intervals parameters are fitted anew.

    They are at equal steps; where a regime has begun or ended; and one interval later, when it has been seen.
    """
    cuts = {int(part[0]) for part in np.array_split(np.arange(len(starts)), ORIGINS)}
    for when in regimes.dates if regimes is not None else ():
        first = int(np.searchsorted(starts, (when - record.first_day).days))
        cuts |= {first, first + 1}
    return sorted(cut for cut in cuts if 0 < cut < len(starts))


def scores(record: AttackRecord, at: tuple[Origin, ...], forecaster: Forecaster) -> Floats:
    """Return the score of a forecaster in each interval, in order."""
    with threads() as pool:
        return np.concatenate(list(pool.map(lambda origin: _log_chances(*forecaster(origin), record, origin), at)))


def of_model(name: str) -> Forecaster:
    """Return the forecaster that fits one of the models compared."""

    def known(origin: Origin) -> tuple[Model, Floats]:
        models = models_for(origin.history, origin.regimes, origin.end, all_of_them=True)
        fitted = fit(next(model for model in models if model.name == name), origin.history)
        return fitted.model, fitted.values

    return known


def scores_of_late(record: AttackRecord, at: tuple[Origin, ...]) -> Floats:
    """Return the scores of the rate of the last four weeks, which is that before each interval."""
    return scores(record, _each(record, at),
                  lambda now: (recent_model(now.history, now.end), np.array([recent_rate(now.history)])))


def scores_on_moving(record: AttackRecord, at: tuple[Origin, ...], excited: bool) -> Floats:
    """Return the scores of a background that moves: it stays where it was in the week before each interval, smoothed.

    The other parameters are those fitted at the origins.
    """
    fits = {origin.starts[0]: _on_moving(origin, excited) for origin in at}

    def now(each: Origin) -> tuple[Model, Floats]:
        then, values = fits[max(start for start in fits if start <= each.starts[0])]
        model, rate = _moving_model(each, excited), each.history.attacks / watched_days(each.history)
        edges = np.append(model.stretches.edges[:-1], each.end)
        known = dict(zip([parameter.name for parameter in then.parameters], values, strict=True))
        known["rate"] *= rate / then.mean_rate  # the shape is relative to the mean of what was known
        names = [parameter.name for parameter in model.parameters]
        return (replace(model, stretches=replace(model.stretches, edges=edges)),
                np.array([known.get(name, 1.0) for name in names]))

    return scores(record, _each(record, at), now)


def _each(record: AttackRecord, at: tuple[Origin, ...]) -> tuple[Origin, ...]:
    """Return an origin for each interval."""
    return tuple(replace(origin, history=until(record, float(start)), starts=origin.starts[i : i + 1],
                         ends=origin.ends[i : i + 1])
                 for origin in at for i, start in enumerate(origin.starts))


def _on_moving(origin: Origin, excited: bool) -> tuple[Excited, Floats]:
    model = _moving_model(origin, excited)
    return model, fit(model, origin.history).values


def _moving_model(origin: Origin, excited: bool) -> Excited:
    """Return the model of a background that moves, as known at an origin."""
    history = origin.history
    under = steady(history) if origin.regimes is None else dated(history, origin.regimes)
    stretches, _ = moving(history, under)
    return Excited("", "", stretches, history.attacks / watched_days(history), excited, shortest_decay(history))


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
