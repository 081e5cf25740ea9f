"""Negative binomial counts: against scipy's, against Poisson's, and recovery of known parameters. Fixed seeds."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from worlds import day

from evidence.processes import counted, events
from sim.evidence.fit import fit, intervals
from sim.evidence.likelihood import of_excited, of_scattered
from sim.evidence.models import Scattered, models_for
from sim.evidence.record import AttackRecord
from sim.evidence.simulate import simulate
from sim.evidence.stretches import Regimes, dated, steady

REGIMES = Regimes(((day(70), True),), False, (("truce", day(105), day(119)),))


def theirs(count: int, mean: float, overdispersion: float) -> float:
    """Return the logarithm of a chance from scipy's own parameters: size, and share of successes."""
    size = 1.0 / overdispersion
    return float(stats.nbinom(size, size / (size + mean)).logpmf(count))


@pytest.mark.parametrize("overdispersion", [0.02, 0.5, 4.0])
def test_counts_of_intervals_are_those_of_scipy(overdispersion: float) -> None:
    starts, ends = np.array([0.0, 4, 14, 30]), np.array([4.0, 9, 28, 33])
    record = counted([3, 0, 40, 7], starts, ends)
    told = of_scattered(record, np.array([0.0, 20, 33]), np.array([0.7, 1.4]), overdispersion)
    means = [2.8, 3.5, 0.7 * 6 + 1.4 * 8, 4.2]
    assert np.log(told.exactly) == pytest.approx([theirs(n, m, overdispersion)
                                                  for n, m in zip(record.counts, means, strict=True)], rel=1e-9)
    assert told.log_likelihood == pytest.approx(np.log(told.exactly).sum())
    size = 1.0 / overdispersion
    assert told.below == pytest.approx([stats.nbinom(size, size / (size + m)).cdf(n - 1)
                                        for n, m in zip(record.counts, means, strict=True)], rel=1e-7)


def test_days_of_a_week_share_its_level() -> None:
    """The week's sum is negative binomial; given the sum, the days are multinomial."""
    counts = np.random.default_rng(1).poisson(np.repeat([0.5, 6.0, 2.0], 7))[:18]
    record = counted(counts, np.arange(18), np.arange(1, 19))
    rates = np.array([1.0, 3.0])
    told = of_scattered(record, np.array([0.0, 10, 18]), rates, 0.8)
    total = 0.0
    for days in (range(7), range(7, 14), range(14, 18)):
        means = np.array([rates[int(i >= 10)] for i in days])
        sums = int(counts[list(days)].sum())
        total += theirs(sums, means.sum(), 0.8)
        total += float(stats.multinomial(sums, means / means.sum()).logpmf(counts[list(days)]))
    assert told.log_likelihood == pytest.approx(total, rel=1e-9)


def test_times_in_a_week_share_its_level() -> None:
    """As counts do: a week's number is negative binomial, and its times are spread as the rate is. A gap is skipped."""
    times = np.array([0.5, 0.5, 3.1, 6.9, 9.0, 15.5, 20.2, 20.9])
    record = replace(events(times, 21), gaps=((10.0, 13.0),))
    edges, rates = np.array([0.0, 5, 21]), np.array([0.4, 0.9])
    told = of_scattered(record, edges, rates, 0.6)
    total = 0.0
    for inside, mean in ((times < 7, 0.4 * 5 + 0.9 * 2), ((times >= 7) & (times < 14), 0.9 * 4), (times >= 14, 6.3)):
        number = int(inside.sum())
        total += theirs(number, mean, 0.6) + math.lgamma(number + 1)
        total += float(np.log(np.where(times[inside] < 5, 0.4, 0.9) / mean).sum())
    assert told.log_likelihood == pytest.approx(total, rel=1e-9)
    assert len(told.risen) == len(times) + 1
    assert told.risen[1] == pytest.approx(0.0)  # two attacks at the same moment


def test_without_scatter_it_is_poisson() -> None:
    times = np.sort(np.random.default_rng(2).uniform(0, 200, 90))
    stretches = dated(events(times, 200), REGIMES)
    base, factor = stretches.base(np.array([0.3, 0.8])), stretches.factor(np.array([0.4]))
    for record in (events(times, 200), counted(np.histogram(times, np.arange(0, 201, 1))[0], np.arange(200),
                                               np.arange(1, 201))):
        poisson = of_excited(record, stretches.edges, base, factor, 0.0, 1.0)
        scattered = of_scattered(record, stretches.edges, base * factor, 1e-9)
        assert scattered.log_likelihood == pytest.approx(poisson.log_likelihood, abs=1e-4)
        assert scattered.risen == pytest.approx(poisson.risen, abs=1e-4)
        assert scattered.below == pytest.approx(poisson.below, abs=1e-4)


def made(seed: int, weeks: int, overdispersion: float) -> AttackRecord:
    """Return attacks at known times whose level is drawn for every week, on dated regimes."""
    rng = np.random.default_rng(seed)
    level = rng.gamma(1 / overdispersion, overdispersion, weeks)
    candidates = np.sort(rng.uniform(0, 7 * weeks, rng.poisson(7 * weeks * 20)))
    stretches = dated(events([], 7 * weeks), REGIMES)
    rates = stretches.base(np.array([0.5, 2.0])) * stretches.factor(np.array([0.3]))
    rate = level[(candidates // 7).astype(int)] * rates[np.searchsorted(stretches.edges, candidates, "right") - 1]
    assert rate.max() < 20
    return events(candidates[rng.random(len(candidates)) < rate / 20], 7 * weeks)


@pytest.mark.exhaustive
def test_known_parameters_are_recovered() -> None:
    """Rates, the factor of a truce and the overdispersion, from times and from weekly counts, within 90 % intervals."""
    record = made(3, 120, 0.4)
    weekly = counted(np.histogram(record.times, np.arange(0, 841, 7))[0], np.arange(0, 840, 7), np.arange(7, 841, 7))
    for data in (record, weekly):
        model = next(model for model in models_for(data, REGIMES) if model.name == "overdispersed_regimes")
        found = intervals(fit(model, data))
        for name, truth in {"rate_low": 0.5, "rate_high": 2.0, "factor_truce": 0.3, "overdispersion": 0.4}.items():
            assert found[name].low < truth < found[name].high, (data.kind, name, found[name])


@pytest.mark.exhaustive
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of 40 records, 29 to 40 of the 90 % intervals of each parameter (error rate 1e-3)."""
    truth = {"rate_low": 0.5, "rate_high": 2.0, "overdispersion": 0.4}
    held = dict.fromkeys(truth, 0)
    for seed in range(40):
        record = made(seed, 60, 0.4)
        model = next(model for model in models_for(record, REGIMES) if model.name == "overdispersed_regimes")
        found = intervals(fit(model, record))
        for name, value in truth.items():
            held[name] += found[name].low <= value <= found[name].high
    low, high = stats.binom.ppf([5e-4, 1 - 5e-4], 40, 0.9)
    assert all(low <= count <= high for count in held.values()), held


def test_simulated_counts_scatter_as_they_should() -> None:
    model = Scattered("a", "A", steady(events([], 30)), 1.0)
    played = simulate(model, np.tile([0.5, 0.3], (20_000, 1)), 1, np.array([0.0, 20]), np.array([20.0, 30]))
    for counts, mean in zip(played.counts.T, (10.0, 5.0), strict=True):
        variance = mean * (1 + 0.3 * mean)
        assert abs(counts.mean() - mean) < 4 * math.sqrt(variance / len(counts))
        assert counts.var() / variance == pytest.approx(1.0, abs=0.1)
    assert abs(np.corrcoef(played.counts.T)[0, 1]) < 4 / math.sqrt(20_000)
