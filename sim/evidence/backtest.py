"""Back-tests: fit to what was known on a day, forecast what followed, and score the forecast against simple rivals.

A forecaster says how many attacks come in each week after the origin (or in each interval of the record, if these are
longer). All forecasters make the same number of simulations and are scored in the same way: by the continuous ranked
probability score (Gneiting and Raftery 2007), by the logarithmic score, and by how often the middle 50 and 90 % of a
forecast contained the outcome. Forecasts of the same interval from several origins are not independent, so differences
between forecasters are measured over distinct intervals.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from sim.evidence.calibrate import refuse_too_little
from sim.evidence.cut import day_of, in_weeks, until
from sim.evidence.errors import DataError
from sim.evidence.fit import DRAWS, Fit, draw, fit
from sim.evidence.fitted import most_likely
from sim.evidence.held_out import (
    RECENT,
    Paired,
    of_model,
    origins,
    paired,
    recent_fit,
    recent_rate,
    scores,
    scores_of_late,
)
from sim.evidence.models import (
    LEAST_SCATTER,
    MOST_SCATTER,
    ON_REGIMES,
    SCATTERED,
    Scattered,
    models_for,
    watched_days,
)
from sim.evidence.recommend import Compared, choose
from sim.evidence.record import AttackRecord, Floats, Whole
from sim.evidence.simulate import Simulated, scatter, simulate
from sim.evidence.stretches import Regimes, steady
from sim.play.choice import Say
from sim.scenario.shown import Shown
from sim.words.phrases import counted, whole_percent

SIMULATIONS = 2000
MODEL, DATED, PLAIN, CONSTANT = "model", "lowest_aic_with_regimes", "lowest_aic_without_regimes", "constant"
LABELS = {
    MODEL: "Recommended model", DATED: "Lowest AIC with dated regimes", PLAIN: "Lowest AIC without dated regimes",
    CONSTANT: "Constant rate", RECENT: "Last four weeks", SCATTERED: "Negative binomial of past weeks"}
"""The forecasters: the model that `calibrate` would recommend, those that fit best, and three simple rivals."""


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
    log_scores
        By forecaster, minus the logarithm of the chance given to what happened, shape (targets,).
    models
        The model chosen at the origin, by forecaster; the simple rivals have none.
    """

    origin: float
    starts: Floats
    ends: Floats
    counts: Whole
    samples: dict[str, Whole]
    log_scores: dict[str, Floats]
    models: dict[str, str]


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
    by_interval
        Mean CRPS in each distinct interval.
    """

    crps: float
    log_score: float
    inside_50: float
    inside_90: float
    targets: int
    by_interval: Floats = field(default_factory=lambda: np.empty(0))

    def ahead_of(self, other: "Score") -> Paired:
        """Compare by CRPS with another forecaster; the difference is above zero if this one is better."""
        return paired(-other.by_interval, -self.by_interval)


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

    @property
    def distinct(self) -> int:
        """How many distinct intervals were forecast."""
        return len(_distinct(self.forecasts)[0])

    @property
    def made(self) -> str:
        """How many forecasts there are, in words."""
        targets = sum(len(forecast.counts) for forecast in self.forecasts)
        return f"{counted(targets, 'forecast')} of {counted(self.distinct, 'distinct interval')}"

    @property
    def by_crps(self) -> list[str]:
        """The forecasters, the best first."""
        return sorted(self.scores, key=lambda name: self.scores[name].crps)

    def _about(self) -> str:
        told = ", ".join(f"{LABELS[name].lower()} {self.scores[name].crps:.2f}" for name in self.by_crps)
        return f"{self.made}; CRPS: {told}"

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
        Dated regimes; a forecaster knows only those that had begun by the origin. With them, the model with the
        lowest AIC is forecast with and without them.
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
    begins = np.arange(first, end, every) if every else np.array([first])
    forecasts = []
    for origin in begins:
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
    known = regimes.known_on(day_of(record, history.end)) if regimes is not None else None
    chosen = _chosen(history, known, float(ends[-1]))
    if regimes is None:
        del chosen[DATED]
    played: dict[str, Simulated] = {}
    for fitted in chosen.values():
        if fitted.model.name not in played:
            rows = draw(fitted, seed)[np.random.default_rng(seed).integers(0, DRAWS, SIMULATIONS)]
            played[fitted.model.name] = simulate(fitted.model, rows, seed, starts, ends, history)
    simulated = {name: played[fitted.model.name] for name, fitted in chosen.items()}
    simulated |= dict(_rivals(history, ends - starts, np.random.default_rng([seed, 2])))
    return Forecast(origin, starts, ends, counts, {name: each.counts for name, each in simulated.items()},
                    {name: -each.log_chances(counts) for name, each in simulated.items()},
                    {name: fitted.model.label for name, fitted in chosen.items()})


def _chosen(history: AttackRecord, known: Regimes | None, end: float) -> dict[str, Fit]:
    """Return the models fitted to what was known: the one recommended, and those with the lowest AIC."""
    at = origins(history, known)
    models = {model.name: Compared(fit(model, history), {}, scores(history, at, of_model(model.name)) if at else None)
              for model in models_for(history, known, end)}
    late = Compared(recent_fit(history, end), {}, scores_of_late(history, at)) if at else None
    name = choose(models, None, late).name
    recommended = late if name == RECENT and late is not None else models[name]
    by_aic = sorted(models.values(), key=lambda entry: entry.fit.aic)
    plain = next(entry for entry in by_aic if entry.fit.model.name not in ON_REGIMES)
    return {MODEL: recommended.fit, DATED: by_aic[0].fit, PLAIN: plain.fit}


def _rivals(history: AttackRecord, lengths: Floats, generator: np.random.Generator) -> Iterator[tuple[str, Simulated]]:
    """Yield the simulations of the simple forecasters, based on what was known."""
    shape, none = (SIMULATIONS, len(lengths)), np.zeros((SIMULATIONS, 1))
    mean = history.attacks / watched_days(history)
    yield CONSTANT, scatter(generator, np.broadcast_to(mean * lengths, shape), none)
    yield RECENT, scatter(generator, np.broadcast_to(recent_rate(history) * lengths, shape), none)
    model = Scattered(SCATTERED, "", steady(history), mean)
    overdispersion = most_likely(lambda scatter: model.tell(history, np.array([mean, scatter])).log_likelihood,
                                 LEAST_SCATTER, MOST_SCATTER)
    yield SCATTERED, scatter(generator, np.broadcast_to(mean * lengths, shape), none + overdispersion)


def _score(name: str, forecasts: list[Forecast]) -> Score:
    """Return the mean scores of a forecaster over all targets."""
    from scoringrules import crps_ensemble

    columns = [(forecast.counts[i], forecast.samples[name][:, i])
               for forecast in forecasts for i in range(len(forecast.counts))]
    crps = np.array([float(crps_ensemble(float(came), sample.astype(float), estimator="pwm", backend="numpy"))
                     for came, sample in columns])
    logs = np.concatenate([forecast.log_scores[name] for forecast in forecasts])
    inside = {share: np.mean([_inside(came, sample, share) for came, sample in columns]) for share in (0.5, 0.9)}
    _, which = _distinct(forecasts)
    return Score(float(crps.mean()), float(logs.mean()), float(inside[0.5]), float(inside[0.9]), len(columns),
                 np.bincount(which, crps) / np.bincount(which))


def _distinct(forecasts: Sequence[Forecast]) -> tuple[Floats, Whole]:
    """Return the distinct intervals that were forecast, and which of them each target is."""
    targets = np.concatenate([np.column_stack([forecast.starts, forecast.ends]) for forecast in forecasts])
    intervals, which = np.unique(targets, axis=0, return_inverse=True)
    return intervals, which.reshape(-1).astype(np.int64)


def _inside(came: int, sample: Whole, share: float) -> bool:
    low, high = np.quantile(sample, [(1 - share) / 2, (1 + share) / 2], method="inverted_cdf")
    return bool(low <= came <= high)


def as_json(result: Backtest) -> dict[str, Any]:
    """Return a back-test as plain data for backtest.json, without the files."""
    return {
        "distinct_intervals": result.distinct,
        "forecasters": {name: _forecaster(result, name) for name in result.scores},
        "forecasts": [{
            "known_to": day_of(result.record, forecast.origin - 1).isoformat(), "models": forecast.models,
            "targets": [_target(result.record, forecast, i) for i in range(len(forecast.counts))],
        } for forecast in result.forecasts],
    }


def _forecaster(result: Backtest, name: str) -> dict[str, Any]:
    """Return a forecaster's scores, and how much better than it each other one is by CRPS, over distinct intervals."""
    score = result.scores[name]
    better = {other: theirs.ahead_of(score) for other, theirs in result.scores.items() if other != name}
    return {"label": LABELS[name], "crps": score.crps, "log_score": score.log_score, "inside_50": score.inside_50,
            "inside_90": score.inside_90, "targets": score.targets,
            "crps_less_that_of": {other: {"difference": gain.mean, "standard_error": gain.mean_error,
                                          "beyond_noise": gain.beyond_noise} for other, gain in better.items()}}


def _target(record: AttackRecord, forecast: Forecast, i: int) -> dict[str, Any]:
    def levels(sample: Whole) -> dict[str, float]:
        values = np.quantile(sample, [0.05, 0.25, 0.5, 0.75, 0.95], method="inverted_cdf")
        return dict(zip(("5", "25", "50", "75", "95"), map(float, values), strict=True))

    return {"from": day_of(record, forecast.starts[i]).isoformat(),
            "to": day_of(record, forecast.ends[i] - 1e-9).isoformat(), "attacks": int(forecast.counts[i]),
            "quantiles": {name: levels(sample[:, i]) for name, sample in forecast.samples.items()},
            "log_scores": {name: float(each[i]) for name, each in forecast.log_scores.items()}}
