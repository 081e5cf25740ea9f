"""Fitted processes played forwards, against theory, clusters and the model's own rules.

Statistical tests have fixed seeds and an error rate of 1e-4 each (z of 3.9).
"""

import math

import numpy as np
import pytest
from scipy import stats
from worlds import HARMLESS, NO_COUPLINGS, START, day

import sim
from evidence.processes import counted, events, families, tallies
from sim.evidence.models import Excited, Switching
from sim.evidence.simulate import play
from sim.evidence.stretches import Regimes, Stretches, dated, steady

Z = 3.9


def excited(days: float, stretches: Stretches | None = None, self_excited: bool = True) -> Excited:
    return Excited("a", "A", stretches or steady(events([], days)), 1.0, self_excited)


def means_differ(sample: np.ndarray, mean: float) -> bool:
    return abs(sample.mean() - mean) > Z * sample.std(ddof=1) / math.sqrt(len(sample))


def hawkes_mean(rate: float, branching: float, decay: float, days: float) -> float:
    """Mean count from a beginning without excitation."""
    speed = (1 - branching) / decay
    return rate / (1 - branching) * (days - branching / speed * (1 - math.exp(-speed * days)))


def test_without_excitation_counts_are_poisson() -> None:
    """Two intervals with a gap between: chi-square of each, and no correlation."""
    rates = np.full((4000, 1), 0.4)
    counts = play(excited(30, self_excited=False), rates, 1, np.array([0.0, 20]), np.array([10.0, 25]))
    for column, mean in zip(counts.T, (4, 2), strict=True):
        observed = np.bincount(np.minimum(column, 8), minlength=9)
        chances = [*stats.poisson(mean).pmf(range(8)), stats.poisson(mean).sf(7)]
        assert stats.chisquare(observed, np.array(chances) * 4000).pvalue > 1e-4
    assert abs(np.corrcoef(counts.T)[0, 1]) < Z / math.sqrt(4000)


@pytest.mark.parametrize(("branching", "decay"), [(0.3, 2.0), (0.7, 5.0)])
def test_excited_counts_have_the_mean_and_variance_of_theory(branching: float, decay: float) -> None:
    """Mean with the edge at the beginning, near rate x days / (1 - branching); variance mean / (1 - branching)^2."""
    days, runs = 2000.0, 1000
    counts = play(excited(days), np.tile([0.2, branching, decay], (runs, 1)), 2, np.zeros(1), np.array([days]))[:, 0]
    mean = hawkes_mean(0.2, branching, decay, days)
    assert 0.98 < mean / (0.2 * days / (1 - branching)) < 1
    assert not means_differ(counts, mean)
    assert abs(counts.var(ddof=1) / (mean / (1 - branching) ** 2) - 1) < Z * math.sqrt(2 / runs) * 1.2


def test_each_row_of_parameters_is_played() -> None:
    """Rates from 0.1 to 10: as many attacks as each asks for; the same seed gives the same."""
    rates = np.linspace(0.1, 10, 200)
    model = excited(100, self_excited=False)
    counts = play(model, rates[:, None], 3, np.zeros(1), np.array([100.0]))[:, 0]
    assert (np.abs(counts - 100 * rates) < 4.5 * np.sqrt(100 * rates)).all()
    assert (play(model, rates[:, None], 3, np.zeros(1), np.array([100.0]))[:, 0] == counts).all()
    assert (play(model, rates[:, None], 4, np.zeros(1), np.array([100.0]))[:, 0] != counts).any()


@pytest.mark.exhaustive
def test_background_and_suppression_change_within_intervals() -> None:
    """Means of clusters made in another way over the same stretches; two-sample z."""
    regimes = Regimes(((day(10), True),), False, (("truce", day(15), day(22)),))
    stretches = dated(events([], 40), regimes)
    values = np.array([0.3, 1.5, 0.2, 0.5, 4.0])
    edges = np.array([0.0, 7, 14, 21, 28, 40])
    counts = play(excited(40, stretches), np.tile(values, (6000, 1)), 4, edges[:-1], edges[1:])
    run, time = families(np.random.default_rng(5), 100_000, stretches.edges, stretches.base(values[:2]),
                         stretches.factor(values[2:3]), 0.5, 4.0)
    expected = tallies(run, time, 100_000, edges)
    for ours, theirs in zip(counts.T, expected.T, strict=True):
        error = math.sqrt(ours.var() / len(ours) + theirs.var() / len(theirs))
        assert abs(ours.mean() - theirs.mean()) < Z * error


def test_excitation_of_known_times_is_carried_over() -> None:
    """20 attacks on the last days: excitation x (1 - e^-(speed x days)) / speed more attacks on average."""
    rate, branching, decay, days = 0.1, 0.5, 6.0, 30.0
    history = events(np.linspace(42, 50, 20), 50)
    left = branching / decay * np.exp((history.times - 50) / decay).sum()
    speed = (1 - branching) / decay
    more = left * (1 - math.exp(-speed * days)) / speed
    assert more > 8
    model = excited(0, steady(history, 100))
    counts = play(model, np.tile([rate, branching, decay], (3000, 1)), 5, np.array([50.0]), np.array([80.0]), history)
    assert not means_differ(counts[:, 0], hawkes_mean(rate, branching, decay, days) + more)


@pytest.mark.parametrize("seen", [
    pytest.param([0, 0], marks=pytest.mark.exhaustive), [1, 4], pytest.param([3, 0], marks=pytest.mark.exhaustive)])
def test_excitation_of_known_counts_is_carried_over(seen: list[int]) -> None:
    """As in those of a million runs of clusters that have the same counts over 3 and 2 days; two-sample z."""
    rate, branching, decay = 0.5, 0.6, 3.0
    run, time = families(np.random.default_rng(6), 1_000_000, [0, 9], [rate], [1], branching, decay)
    tallied = tallies(run, time, 1_000_000, [0, 3, 5, 9])
    expected = tallied[(tallied[:, :2] == seen).all(axis=1), 2]
    history = counted(seen, [0, 3], [3, 5])
    counts = play(excited(0, steady(history, 9)), np.tile([rate, branching, decay], (4000, 1)), 7, np.array([5.0]),
                  np.array([9.0]), history)[:, 0]
    error = math.sqrt(counts.var() / len(counts) + expected.var() / len(expected))
    assert abs(counts.mean() - expected.mean()) < Z * error


CALM, HOT = 12.0, 4.0
SWITCHING = (0.3, 8.0, CALM, HOT)


def test_counts_under_a_rate_that_switches() -> None:
    """Mean in equilibrium, and the variance of a Poisson number with a two-state rate over 20 days."""
    counts = play(Switching(1.0, 20), np.tile(SWITCHING, (20_000, 1)), 8, np.array([5.0]), np.array([25.0]))[:, 0]
    hot, speed, days = HOT / (CALM + HOT), 1 / CALM + 1 / HOT, 20
    mean = 0.3 * (1 + 7 * hot) * days
    rates = 2 * hot * (1 - hot) * 2.1**2 * (days / speed - (1 - math.exp(-speed * days)) / speed**2)
    assert not means_differ(counts, mean)
    fourth = ((counts - counts.mean()) ** 4).mean()
    assert abs(counts.var() - mean - rates) < Z * math.sqrt((fourth - counts.var() ** 2) / len(counts))


@pytest.mark.parametrize("by_counts", [False, True])
def test_the_state_of_a_rate_is_carried_over(by_counts: bool) -> None:
    """Ten attacks in the last two days: it is high for sure, and falls back to equilibrium."""
    times = np.linspace(8, 9.99, 10)
    history = counted([0, 10], [0, 8], [8, 10]) if by_counts else events(times, 10)
    counts = play(Switching(1.0, 10), np.tile(SWITCHING, (4000, 1)), 9, np.array([10.0]), np.array([16.0]),
                  history)[:, 0]
    hot, speed = HOT / (CALM + HOT), 1 / CALM + 1 / HOT

    def mean(chance: float) -> float:
        return 0.3 * (1 + 7 * hot) * 6 + 2.1 * (chance - hot) * (1 - math.exp(-6 * speed)) / speed

    error = Z * counts.std() / math.sqrt(len(counts))
    assert mean(0.8) - error < counts.mean() < mean(1.0) + error


def test_the_rules_play_the_same_process() -> None:
    """A theatre with nothing but attacks: whole distribution (Kolmogorov and Smirnov), mean, and Fano factor."""
    rate, branching, decay, days, runs = 0.25, 0.5, 5.0, 200, 600
    world = sim.from_dict({
        "start": START, "end": day(days - 1), "couplings": {**NO_COUPLINGS, "contagion": True}, "casualties": HARMLESS,
        "theatres": {"north": {"troops": 1000, "attacks_per_day": rate}},
        "attacks": {"branching_ratio": branching, "decay_days": decay}})
    rules = sim.run(world, runs, seed=2, workers=1, clock="simpy").column("attacks_total")
    draws = np.tile([rate, branching, decay], (runs, 1))
    simulated = play(excited(days), draws, 10, np.zeros(1), np.array([200.0]))[:, 0]
    assert stats.ks_2samp(rules, simulated).pvalue > 1e-4
    assert abs(rules.mean() - simulated.mean()) < Z * math.sqrt((rules.var() + simulated.var()) / runs)
    assert not means_differ(rules, hawkes_mean(rate, branching, decay, days))
    fano = math.log(rules.var() / rules.mean()) - math.log(simulated.var() / simulated.mean())
    assert abs(fano) < Z * math.sqrt(2 * 2 / runs) * 1.2
