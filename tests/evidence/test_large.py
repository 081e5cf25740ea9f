"""Likelihoods of large counts, against the exact ones at counts that these can still follow, and against theory."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import i0e, i1e

from evidence.processes import counted, families, switching_times, tallies
from sim.evidence import excited, large, large_switching, simulate, switching
from sim.evidence.calibrate import calibrate
from sim.evidence.fit import fit, intervals
from sim.evidence.models import Excited, Switching, models_for, shortest_decay
from sim.evidence.stretches import steady
from sim.play.choice import silent

Z = 4.0
"""Standard errors within which a simulation has to agree, an error rate of 6e-5."""


def approximated(counts: np.ndarray, starts: np.ndarray, ends: np.ndarray, edges: list[float], base: list[float],
                 factor: list[float], branching: float, decay: float) -> tuple[np.ndarray, np.ndarray]:
    means, variances = np.empty(len(counts)), np.empty(len(counts))
    stretches = (np.array(part, float) for part in (edges, base, factor))
    large.excited_counts(starts, ends, counts, *stretches, branching, decay,
                         means, variances)
    return means, variances


@pytest.mark.parametrize(("rate", "branching", "decay", "days", "number"), [
    pytest.param(1.0, 0.4, 5, 1, 200, marks=pytest.mark.exhaustive), (1.0, 0.4, 5, 7, 30), (4.0, 0.4, 5, 7, 10),
    (4.0, 0.6, 10, 7, 10), (4.0, 0.4, 1, 7, 10), (1.0, 0.9, 5, 7, 15), (6.0, 0.3, 20, 7, 10)])
def test_chances_agree_with_exact_ones(rate: float, branching: float, decay: float, days: float, number: int) -> None:
    """At 2 to 65 attacks in an interval: within 0.03 for each logarithm of a chance, and 0.003 an interval in all."""
    edges = np.arange(number + 1.0) * days
    cut, base, factor = [0.0, edges[-1] / 3, edges[-1]], [rate, rate], [1.0, 0.5]  # cut within an interval
    run, time = families(np.random.default_rng(1), 1, cut, base, factor, branching, decay)
    counts = tallies(run, time, 1, edges)[0]
    below, exactly = np.empty(number), np.empty(number)
    stretches = (np.array(part, float) for part in (cut, base, factor))
    excited.of_counts(edges[:-1], edges[1:], counts, *stretches, branching, decay,
                      below, exactly)
    logs, fewer = large.negative_binomial(
        counts, *approximated(counts, edges[:-1], edges[1:], cut, base, factor, branching, decay))
    assert np.abs(logs - np.log(exactly)).max() < 0.03
    assert abs(logs.sum() - np.log(exactly).sum()) < 0.003 * number
    assert np.abs(fewer - below).max() < 0.006


@pytest.mark.exhaustive
def test_a_fit_of_large_counts_is_the_exact_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 30 weeks of some 12 attacks: estimates and ends of intervals within a fiftieth of the interval's width."""
    edges = np.arange(31.0) * 7
    run, time = families(np.random.default_rng(4), 1, [0, 210], [1.0], [1], 0.5, 5)
    record = counted(tallies(run, time, 1, edges)[0], edges[:-1], edges[1:])
    model = Excited("", "", steady(record), record.attacks / 210, True, shortest_decay(record))
    assert not large.is_large(record)
    exact = intervals(fit(model, record), only="branching_ratio")["branching_ratio"]
    monkeypatch.setattr(large, "MOST_WORK", 0)
    told = intervals(fit(model, record), only="branching_ratio")["branching_ratio"]
    width = exact.high - exact.low
    for one, other in ((told.estimate, exact.estimate), (told.low, exact.low), (told.high, exact.high)):
        assert abs(one - other) < width / 50


def test_means_and_variances_are_those_of_theory() -> None:
    """From an empty beginning, over a long time: mean rate / (1 - n), variance mean / (1 - n)^2; and of simulations."""
    means, variances = approximated(np.array([0]), np.array([0.0]), np.array([1e5]), [0, 1e5], [2.0], [1.0], 0.6, 3.0)
    assert means[0] == pytest.approx(2e5 / 0.4, rel=1e-3)
    assert variances[0] == pytest.approx(2e5 / 0.4**3, rel=1e-3)
    runs = 50_000
    run, time = families(np.random.default_rng(2), runs, [0, 3, 7], [5.0, 2.0], [1.0, 0.4], 0.7, 2.0)
    tallied = tallies(run, time, runs, [0, 7])[:, 0]
    means, variances = approximated(np.array([0]), np.array([0.0]), np.array([7.0]), [0, 3, 7], [5.0, 2.0], [1.0, 0.4],
                                    0.7, 2.0)
    spread = math.sqrt((((tallied - tallied.mean()) ** 2 - tallied.var()) ** 2).mean() / runs)
    assert abs(means[0] - tallied.mean()) < Z * tallied.std() / math.sqrt(runs)
    assert abs(variances[0] - tallied.var()) < Z * spread


def test_negative_binomial_is_scipys_and_poisson_without_more_spread() -> None:
    counts = np.array([0, 3, 40, 1100])
    means, variances = np.array([2.0, 5.0, 30.0, 1000.0]), np.array([6.0, 5.0, 90.0, 4000.0])
    logs, below = large.negative_binomial(counts, means, variances)
    for i in (0, 2, 3):
        share = means[i] / variances[i]
        theirs = stats.nbinom(means[i] * share / (1 - share), share)
        assert (logs[i], below[i]) == pytest.approx((theirs.logpmf(counts[i]), theirs.cdf(counts[i] - 1)), rel=1e-9)
    assert (logs[1], below[1]) == pytest.approx((stats.poisson(5).logpmf(3), stats.poisson(5).cdf(2)), rel=1e-6)


@pytest.mark.exhaustive
@pytest.mark.parametrize("mode", [(0.5, 5, 1 / 20, 1 / 10), (2.0, 2.1, 1 / 20, 1 / 10), (0.5, 5, 10, 10),
                                  (0.01, 4, 0.1, 1 / 300), (0.5, 200, 1 / 50, 1 / 2)])
def test_switching_counts_agree_with_exact_ones(mode: tuple[float, float, float, float]) -> None:
    """Of 40 weeks, the third after a gap: logarithms of chances within 1e-5, those of fewer within 0.003."""
    counts = np.histogram(switching_times(1, 0.5, 5.0, 20, 10, 280), np.arange(41) * 7.0)[0]
    starts = np.arange(40) * 7.0 + np.where(np.arange(40) >= 2, 11.0, 0.0)
    told = [np.empty(40) for _ in range(4)]
    total, hot = switching.of_counts(starts, starts + 7, counts, *mode, *told[:2])
    ours, ours_hot = large_switching.switching_counts(
        starts, starts + 7, counts, *mode, large_switching.NODES, large_switching.WEIGHTS, *told[2:])
    assert np.log(told[3]) == pytest.approx(np.log(told[1]), abs=1e-5)
    assert (ours, ours_hot) == pytest.approx((total, hot), abs=1e-4)
    assert told[2] == pytest.approx(told[0], abs=3e-3)


def test_bessel_functions_are_scipys() -> None:
    x = np.concatenate([np.linspace(0, 10, 101), np.geomspace(10, 1e5, 50)])
    assert [large_switching._bessel(value, 0) for value in x] == pytest.approx(i0e(x), rel=1e-6)
    assert [large_switching._bessel(value, 1) for value in x] == pytest.approx(i1e(x), rel=1e-6)


@pytest.mark.parametrize("model", ["excited", "switching"])
def test_simulated_counts_are_those_of_the_simulations_with_times(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Means and variances of eight weeks, and what neighbours have in common."""
    starts, ends, runs = np.arange(8) * 7.0, np.arange(1, 9) * 7.0, 4000
    process = (Excited("", "", steady(counted([1], [0], [56])), 5.0, True) if model == "excited" else
               Switching(5.0, 56.0))
    values = np.array([5.0, 0.6, 4.0] if model == "excited" else [1.0, 10.0, 10.0, 5.0])
    by_times = simulate.play(process, np.tile(values, (runs, 1)), 1, starts, ends)
    monkeypatch.setattr(simulate, "MANY", 0)
    by_counts = simulate.play(process, np.tile(values, (runs, 1)), 2, starts, ends)
    error = by_times.std(axis=0) * math.sqrt(2 / runs)
    assert (np.abs(by_times.mean(axis=0) - by_counts.mean(axis=0)) < Z * error).all()
    assert by_counts.std(axis=0) == pytest.approx(by_times.std(axis=0), rel=0.1)
    assert np.corrcoef(by_counts.T)[3, 4] == pytest.approx(np.corrcoef(by_times.T)[3, 4], abs=0.08)


@pytest.mark.exhaustive
def test_years_of_thousands_a_week_are_fitted() -> None:
    """260 weeks of some 2,000 with waves of a few days: exact likelihoods of them would take days."""
    edges = np.arange(261.0) * 7
    run, time = families(np.random.default_rng(3), 1, [0, 1820], [150.0], [1], 0.5, 4.0)
    record = counted(tallies(run, time, 1, edges)[0], edges[:-1], edges[1:])
    assert record.counts.mean() > 2000
    assert large.is_large(record)
    model = models_for(record, None)[-1]
    told = intervals(fit(model, record))
    for name, truth in (("rate", 150.0), ("branching_ratio", 0.5), ("decay_days", 4.0)):
        assert told[name].low < truth < told[name].high


@pytest.mark.exhaustive
def test_six_weeks_of_more_than_a_thousand() -> None:
    record = counted([1137, 1190, 1251, 1102, 1080, 1160], np.arange(6) * 7.0, np.arange(1, 7) * 7.0)
    result = calibrate(record, None, 1, silent)
    assert set(result.models) == {"poisson", "negative_binomial", "markov_modulated", "self_excited"}
    assert result.models["poisson"].estimates["rate"].estimate == pytest.approx(6920 / 42, rel=1e-3)
    assert result.goodness.simulated.mean() == pytest.approx(6920 / 6, rel=0.02)


def test_moderate_records_are_not_approximated() -> None:
    """A year of weeks of 15, five years of days of 1: their exact likelihoods are followed as before."""
    weeks, days = np.arange(53.0) * 7, np.arange(1826.0)
    assert not large.is_large(counted([15] * 52, weeks[:-1], weeks[1:]))
    assert not large.is_large(counted([1] * 1825, days[:-1], days[1:]))
    assert large.is_large(counted([50] * 52, weeks[:-1], weeks[1:]))
