"""Back-tests: fit to what was known on a day, forecast what followed, and score the forecast against simple rivals.

A forecaster says how many attacks come in each week after the origin (or in each interval of the record, if these are
longer). All forecasters make the same number of simulations and are scored in the same way: by the continuous ranked
probability score (Gneiting and Raftery 2007), by the logarithmic score, and by how often the middle 50 and 90 % of a
forecast contained the outcome.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from sim.evidence.calibrate import refuse_too_little
from sim.evidence.cut import day_of, in_weeks, until
from sim.evidence.errors import DataError
from sim.evidence.fit import DRAWS, draw, fit
from sim.evidence.kernel import kept_somewhere
from sim.evidence.models import models_for, watched_days
from sim.evidence.record import AttackRecord, Floats, Whole
from sim.evidence.simulate import play
from sim.evidence.stretches import Regimes
from sim.play.choice import Say
from sim.scenario.shown import Shown
from sim.words.phrases import counted, whole_percent

SIMULATIONS = 2000
LAST_WEEKS = 28.0
"""How many days the forecaster "last four weeks" looks back."""
MODEL, CONSTANT, RECENT, SCATTERED = "model", "constant", "last_four_weeks", "negative_binomial"
LABELS = {MODEL: "Fitted model", CONSTANT: "Constant rate", RECENT: "Last four weeks", SCATTERED: "Negative binomial"}


@dataclass(frozen=True)
class Forecast:
    """Forecasts from one origin, and what happened.

    Attributes
    ----------
    origin
        The day, in days of the record.
    starts, ends, counts
        The intervals forecast, and the attacks in them, shape (targets,).
    samples
        Simulated counts by forecaster, shape (simulations, targets).
    model_label
        The model with the lowest AIC for what was known at the origin.
    """

    origin: float
    starts: Floats
    ends: Floats
    counts: Whole
    samples: dict[str, Whole]
    model_label: str


@dataclass(frozen=True)
class Score:
    """How well a forecaster did, averaged over targets.

    Attributes
    ----------
    crps
        Continuous ranked probability score, in attacks; lower is better.
    log_score
        Minus the logarithm of the chance given to what happened; lower is better.
    inside_50, inside_90
        Share of targets within the middle 50 and 90 % of the forecast.
    targets
        How many.
    """

    crps: float
    log_score: float
    inside_50: float
    inside_90: float
    targets: int


@dataclass(frozen=True, repr=False)
class Backtest(Shown):
    """Forecasts from one origin or several, and the scores over all of them.

    Attributes
    ----------
    record
        The whole record.
    forecasts
        By origin.
    scores
        By forecaster.
    """

    record: AttackRecord
    forecasts: tuple[Forecast, ...]
    scores: dict[str, Score]

    def _about(self) -> str:
        best = min(self.scores, key=lambda name: self.scores[name].crps)
        return (f"{counted(len(self.forecasts), 'origin')}, {counted(self.scores[best].targets, 'interval')} forecast; "
                f"lowest CRPS: {LABELS[best].lower()}")

    def _parts(self) -> list[tuple[str, Sequence[str], Sequence[Sequence[str]]]]:
        rows = [(LABELS[name], f"{score.crps:.2f}", f"{score.log_score:.2f}", whole_percent(score.inside_50),
                 whole_percent(score.inside_90)) for name, score in self.scores.items()]
        return [("", ("Forecaster", "CRPS", "Log score", "In middle 50 %", "In middle 90 %"), rows)]


def backtest(
    record: AttackRecord, regimes: Regimes | None, to: date, last: date | None, every: int | None, seed: int, say: Say
) -> Backtest:
    """Fit to a date, forecast beyond it, and score; from several origins if asked.

    Parameters
    ----------
    record
        The record.
    regimes
        Dated regimes; a forecaster knows only those that had begun by the origin.
    to
        The last day known at the first origin.
    last
        The last day forecast; that of the record when left out.
    every
        Days from one origin to the next; there is only one origin when left out.
    seed
        Of draws and simulations.
    say
        Told, in a line, what is being done.

    Raises
    ------
    DataError
        If nothing is known before the origin, or nothing follows it.
    """
    end = record.end if last is None else min(record.end, float((last - record.first_day).days + 1))
    first = float((to - record.first_day).days + 1)
    origins = np.arange(first, end, every) if every else np.array([first])
    forecasts = []
    for origin in origins:
        if not len(in_weeks(record, origin, end)[0]):
            continue
        say(f"Forecasting from {day_of(record, origin - 1)}")
        forecasts.append(_forecast(record, regimes, float(origin), end, seed))
    if not forecasts:
        raise DataError((f"{record.path.name}: nothing follows {to} that a forecast could be compared "
                         f"with; the record ends on {day_of(record, record.end - 1e-9)}, and a full week or an "
                         "interval must follow the date",))
    names = list(forecasts[0].samples)
    return Backtest(record, tuple(forecasts), {name: _score(name, forecasts) for name in names})


def _forecast(record: AttackRecord, regimes: Regimes | None, origin: float, end: float, seed: int) -> Forecast:
    history = until(record, origin)
    refuse_too_little(history)
    starts, ends, counts = in_weeks(record, origin, end)
    known_regimes = regimes.known_on(day_of(record, history.end)) if regimes is not None else None
    fits = [fit(model, history) for model in models_for(history, known_regimes, float(ends[-1]))]
    best = min(fits, key=lambda each: each.aic)
    rows = draw(best, seed)[np.random.default_rng(seed).integers(0, DRAWS, SIMULATIONS)]
    samples = {MODEL: play(best.model, rows, seed, starts, ends, history)}
    samples |= dict(_rivals(history, ends - starts, np.random.default_rng([seed, 2])))
    return Forecast(origin, starts, ends, counts, samples, best.model.label)


def _rivals(history: AttackRecord, lengths: Floats, generator: np.random.Generator) -> Iterator[tuple[str, Whole]]:
    """Yield the simulations of the simple forecasters, based on what was known."""
    shape = (SIMULATIONS, len(lengths))
    yield CONSTANT, generator.poisson(history.attacks / watched_days(history) * lengths, shape)
    recent = _last(history)
    yield RECENT, generator.poisson(recent.attacks / watched_days(recent) * lengths, shape)
    rate, size = _negative_binomial(history)
    means = rate * lengths
    yield SCATTERED, generator.poisson(generator.gamma(size, means / size, shape) if size < 1e6 else means, shape)


def _last(history: AttackRecord) -> AttackRecord:
    """Return the last four weeks of a record, or the intervals that begin in them."""
    begin = max(history.begin, history.end - LAST_WEEKS)
    if history.kind == "events":
        return replace(history, begin=begin, times=history.times[history.times >= begin],
                       gaps=tuple((max(since, begin), upto) for since, upto in history.gaps if upto > begin))
    kept = history.starts >= begin - 1e-9
    kept[-1] = True
    return replace(history, starts=history.starts[kept], ends=history.ends[kept], counts=history.counts[kept])


def _negative_binomial(history: AttackRecord) -> tuple[float, float]:
    """Fit rate and size of a negative binomial to past weeks (or intervals), by maximum likelihood."""
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    starts, ends, counts = in_weeks(history, history.begin, history.end)
    means = counts.sum() / (ends - starts).sum() * (ends - starts)

    def loss(log_size: float) -> float:
        size = math.exp(log_size)
        terms = (gammaln(counts + size) - gammaln(size) + size * np.log(size / (size + means))
                 + counts * np.log(np.maximum(means, 1e-300) / (size + means)))
        return -float(terms.sum())

    optimum = minimize_scalar(loss, bounds=(-5.0, 14.0), method="bounded")
    return float(counts.sum() / (ends - starts).sum()), math.exp(optimum.x)


def _crps_ensemble() -> Callable[..., Any]:
    from scoringrules import crps_ensemble

    return crps_ensemble  # type: ignore[no-any-return]


def _score(name: str, forecasts: list[Forecast]) -> Score:
    """Return the mean scores of a forecaster over all targets."""
    crps_ensemble = kept_somewhere(_crps_ensemble)

    columns = [(forecast.counts[i], forecast.samples[name][:, i])
               for forecast in forecasts for i in range(len(forecast.counts))]
    crps = [float(crps_ensemble(float(came), sample.astype(float), estimator="pwm")) for came, sample in columns]
    logs = [-math.log(_chance(came, sample)) for came, sample in columns]
    inside = {share: np.mean([_inside(came, sample, share) for came, sample in columns]) for share in (0.5, 0.9)}
    return Score(float(np.mean(crps)), float(np.mean(logs)), float(inside[0.5]), float(inside[0.9]), len(columns))


def _chance(came: int, sample: Whole) -> float:
    """Return the chance that simulations give to a count.

    Half a simulation is added for each count up to twice the highest, so that no count is impossible.
    """
    kinds = 2 * max(int(sample.max()), int(came)) + 1
    return (float((sample == came).sum()) + 0.5) / (len(sample) + 0.5 * kinds)


def _inside(came: int, sample: Whole, share: float) -> bool:
    low, high = np.quantile(sample, [(1 - share) / 2, (1 + share) / 2], method="inverted_cdf")
    return bool(low <= came <= high)


def as_json(result: Backtest) -> dict[str, Any]:
    """Return a back-test as plain data for backtest.json, without the files."""
    return {
        "forecasters": {name: {"label": LABELS[name], **vars(score)} for name, score in result.scores.items()},
        "forecasts": [{
            "known_to": day_of(result.record, forecast.origin - 1).isoformat(), "model": forecast.model_label,
            "targets": [_target(result.record, forecast, i) for i in range(len(forecast.counts))],
        } for forecast in result.forecasts],
    }


def _target(record: AttackRecord, forecast: Forecast, i: int) -> dict[str, Any]:
    def levels(sample: Whole) -> dict[str, float]:
        values = np.quantile(sample, [0.05, 0.25, 0.5, 0.75, 0.95], method="inverted_cdf")
        return dict(zip(("5", "25", "50", "75", "95"), map(float, values), strict=True))

    return {"from": day_of(record, forecast.starts[i]).isoformat(),
            "to": day_of(record, forecast.ends[i] - 1e-9).isoformat(), "attacks": int(forecast.counts[i]),
            "quantiles": {name: levels(sample[:, i]) for name, sample in forecast.samples.items()}}
