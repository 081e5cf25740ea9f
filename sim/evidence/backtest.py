"""Back-tests: fit to what was known on a day, forecast what came, and score that beside simple rivals.

A forecaster says how many attacks come in each week after the origin (or in each of the record's own intervals, where
it is no finer). All make the same number of simulations, and all are scored in the same way: the continuous ranked
probability score (Gneiting and Raftery 2007), the logarithmic score, and how often the middle 50 and 90 % of a
forecast held what came.
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
from sim.evidence.record import Floats, Record, Whole
from sim.evidence.simulate import play
from sim.evidence.stretches import Regimes
from sim.play.choice import Say
from sim.scenario.shown import Shown
from sim.words.phrases import counted, whole_percent

SIMULATIONS = 2000
LAST_WEEKS = 28.0
"""Days that the forecaster "last four weeks" looks back."""
MODEL, CONSTANT, RECENT, SCATTERED = "model", "constant", "last_four_weeks", "negative_binomial"
LABELS = {MODEL: "Fitted model", CONSTANT: "Constant rate", RECENT: "Last four weeks", SCATTERED: "Negative binomial"}


@dataclass(frozen=True)
class Forecast:
    """Forecasts from one origin, and what came.

    Attributes
    ----------
    origin
        The day, in days of the record.
    starts, ends, counts
        Intervals forecast, and attacks in them, shape (targets,).
    samples
        Simulated counts by forecaster, shape (simulations, targets).
    model_label
        The model that was best, by AIC, in what was known at the origin.
    """

    origin: float
    starts: Floats
    ends: Floats
    counts: Whole
    samples: dict[str, Whole]
    model_label: str


@dataclass(frozen=True)
class Score:
    """How a forecaster did, a mean over targets.

    Attributes
    ----------
    crps
        Continuous ranked probability score, in attacks; lower is better.
    log_score
        Minus the logarithm of the chance given to what came; lower is better.
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

    record: Record
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
    record: Record, regimes: Regimes | None, to: date, last: date | None, every: int | None, seed: int, say: Say
) -> Backtest:
    """Fit to a date, forecast beyond it, and score; from several origins if asked.

    Parameters
    ----------
    record
        The record.
    regimes
        Dated regimes; a forecaster knows only those that had begun by its origin.
    to
        The last day that is known at the first origin.
    last
        The last day forecast; that of the record when left out.
    every
        Days from an origin to the next; only one origin when left out.
    seed
        Of draws and simulations.
    say
        Told, in a line, what is being done.

    Raises
    ------
    DataError
        If there is nothing known before the origin, or nothing came after it.
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
        raise DataError((f"{record.path.name}: there is nothing to hold a forecast from {to} against; it ends on "
                         f"{day_of(record, record.end - 1e-9)}, and a full week or an interval must follow the date",))
    names = list(forecasts[0].samples)
    return Backtest(record, tuple(forecasts), {name: _score(name, forecasts) for name in names})


def _forecast(record: Record, regimes: Regimes | None, origin: float, end: float, seed: int) -> Forecast:
    known = until(record, origin)
    refuse_too_little(known)
    starts, ends, counts = in_weeks(record, origin, end)
    told = regimes.known_on(day_of(record, known.end)) if regimes is not None else None
    fits = [fit(model, known) for model in models_for(known, told, float(ends[-1]))]
    best = min(fits, key=lambda each: each.aic)
    rows = draw(best, seed)[np.random.default_rng(seed).integers(0, DRAWS, SIMULATIONS)]
    samples = {MODEL: play(best.model, rows, seed, starts, ends, known)}
    samples |= dict(_rivals(known, ends - starts, np.random.default_rng([seed, 2])))
    return Forecast(origin, starts, ends, counts, samples, best.model.label)


def _rivals(known: Record, lengths: Floats, generator: np.random.Generator) -> Iterator[tuple[str, Whole]]:
    """Yield the simulations of simple forecasters, from what was known."""
    shape = (SIMULATIONS, len(lengths))
    yield CONSTANT, generator.poisson(known.attacks / watched_days(known) * lengths, shape)
    recent = _last(known)
    yield RECENT, generator.poisson(recent.attacks / watched_days(recent) * lengths, shape)
    rate, size = _negative_binomial(known)
    means = rate * lengths
    yield SCATTERED, generator.poisson(generator.gamma(size, means / size, shape) if size < 1e6 else means, shape)


def _last(known: Record) -> Record:
    """Return the last four weeks of a record, or what intervals begin within them."""
    begin = max(known.begin, known.end - LAST_WEEKS)
    if known.kind == "events":
        return replace(known, begin=begin, times=known.times[known.times >= begin],
                       gaps=tuple((max(since, begin), upto) for since, upto in known.gaps if upto > begin))
    kept = known.starts >= begin - 1e-9
    kept[-1] = True
    return replace(known, starts=known.starts[kept], ends=known.ends[kept], counts=known.counts[kept])


def _negative_binomial(known: Record) -> tuple[float, float]:
    """Fit rate and size of a negative binomial to past weeks (or intervals), by maximum likelihood."""
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    starts, ends, counts = in_weeks(known, known.begin, known.end)
    means = counts.sum() / (ends - starts).sum() * (ends - starts)

    def loss(log_size: float) -> float:
        size = math.exp(log_size)
        terms = (gammaln(counts + size) - gammaln(size) + size * np.log(size / (size + means))
                 + counts * np.log(np.maximum(means, 1e-300) / (size + means)))
        return -float(terms.sum())

    found = minimize_scalar(loss, bounds=(-5.0, 14.0), method="bounded")
    return float(counts.sum() / (ends - starts).sum()), math.exp(found.x)


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

    As if half a simulation more had given each count up to twice the highest: what none gave is not impossible.
    """
    kinds = 2 * max(int(sample.max()), int(came)) + 1
    return (float((sample == came).sum()) + 0.5) / (len(sample) + 0.5 * kinds)


def _inside(came: int, sample: Whole, share: float) -> bool:
    low, high = np.quantile(sample, [(1 - share) / 2, (1 + share) / 2], method="inverted_cdf")
    return bool(low <= came <= high)


def as_json(result: Backtest) -> dict[str, Any]:
    """Return a back-test as it stands in backtest.json, without what names files."""
    return {
        "forecasters": {name: {"label": LABELS[name], **vars(score)} for name, score in result.scores.items()},
        "forecasts": [{
            "known_to": day_of(result.record, forecast.origin - 1).isoformat(), "model": forecast.model_label,
            "targets": [_target(result.record, forecast, i) for i in range(len(forecast.counts))],
        } for forecast in result.forecasts],
    }


def _target(record: Record, forecast: Forecast, i: int) -> dict[str, Any]:
    def levels(sample: Whole) -> dict[str, float]:
        values = np.quantile(sample, [0.05, 0.25, 0.5, 0.75, 0.95], method="inverted_cdf")
        return dict(zip(("5", "25", "50", "75", "95"), map(float, values), strict=True))

    return {"from": day_of(record, forecast.starts[i]).isoformat(),
            "to": day_of(record, forecast.ends[i] - 1e-9).isoformat(), "attacks": int(forecast.counts[i]),
            "quantiles": {name: levels(sample[:, i]) for name, sample in forecast.samples.items()}}
