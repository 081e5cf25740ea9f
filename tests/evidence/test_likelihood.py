"""Likelihoods against another package, slow sums, matrix exponentials and simulation.

Statistical tests have fixed seeds; each compares within 4 standard errors, an error rate of 6e-5.
"""

import math

import hawkesbook
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.linalg import block_diag, expm

from evidence.processes import excited_times, families, tallies
from sim.evidence import excited, switching

Z = 4.0


def of_times(times: np.ndarray, edges: list[float], base: list[float], factor: list[float], branching: float,
             decay: float) -> tuple[float, np.ndarray]:
    """Return the log-likelihood of attacks at known times, and what is risen in between."""
    risen = np.full(len(times) + 1, np.nan)
    total = excited.of_times(np.asarray(times, float), np.asarray(edges, float), np.asarray(base, float),
                             np.asarray(factor, float), branching, decay, risen)
    return total, risen


def of_counts(counts: list[int], starts: list[float], ends: list[float], edges: list[float], base: list[float],
              factor: list[float], branching: float, decay: float) -> tuple[float, np.ndarray, np.ndarray]:
    """Return the log-likelihood of counts, and the chances of fewer and of as many."""
    below, exactly = np.full(len(counts), np.nan), np.full(len(counts), np.nan)
    total, _, _ = excited.of_counts(np.asarray(starts, float), np.asarray(ends, float), np.asarray(counts, np.int64),
                                    np.asarray(edges, float), np.asarray(base, float), np.asarray(factor, float),
                                    branching, decay, below, exactly)
    return total, below, exactly


# Attacks at known times

GAPS = st.lists(st.floats(0, 20), min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(gaps=GAPS, after=st.floats(0, 20), rate=st.floats(0.01, 10), branching=st.floats(0, 0.95),
       decay=st.floats(0.05, 400))
def test_times_agree_with_hawkesbook(gaps: list[float], after: float, rate: float, branching: float,
                                     decay: float) -> None:
    times = np.cumsum(gaps)
    theirs = hawkesbook.exp_log_likelihood(times, times[-1] + after, (rate, branching / decay, 1 / decay))
    ours, _ = of_times(times, [0, times[-1] + after], [rate], [1], branching, decay)
    assert ours == pytest.approx(theirs, rel=1e-8, abs=1e-9)


@pytest.mark.parametrize(("seed", "rate", "branching", "decay"),
                         [(1, 0.5, 0.4, 5), (2, 2, 0.8, 0.3), (3, 0.3, 0.2, 90)])
def test_simulated_times_agree_with_hawkesbook(seed: int, rate: float, branching: float, decay: float) -> None:
    times = excited_times(seed, rate, branching, decay, 500)
    theirs = hawkesbook.exp_log_likelihood(times, 500, (rate, branching / decay, 1 / decay))
    assert len(times) > 50
    assert of_times(times, [0, 500], [rate], [1], branching, decay)[0] == pytest.approx(theirs, rel=1e-8)


def by_double_sum(times: np.ndarray, edges: list[float], base: list[float], factor: list[float], branching: float,
                  decay: float) -> tuple[float, float]:
    """Return log-likelihood and integral of the intensity as their definitions have them."""
    logs = integral = 0.0
    for i, t in enumerate(times):
        k = max(j for j in range(len(base)) if edges[j] <= t)
        excitation = sum(branching / decay * math.exp(-(t - s) / decay) for s in times[:i])
        logs += math.log(factor[k] * (base[k] + excitation))
    for k in range(len(base)):
        integral += factor[k] * base[k] * (edges[k + 1] - edges[k])
        for s in times:
            if s < edges[k + 1]:
                after = max(s, edges[k])
                integral += factor[k] * branching * (math.exp(-(after - s) / decay)
                                                     - math.exp(-(edges[k + 1] - s) / decay))
    return logs - integral, integral


@settings(max_examples=100, deadline=None)
@given(data=st.data(), stretches=st.integers(1, 5), branching=st.floats(0, 0.95), decay=st.floats(0.1, 100))
def test_times_on_stretches_agree_with_a_double_sum(data: st.DataObject, stretches: int, branching: float,
                                                    decay: float) -> None:
    """Bases and factors of stretches, attacks at the same time, and some on the edges, which belong to what begins."""
    numbers = {"min_size": stretches, "max_size": stretches}
    edges = [0.0, *np.cumsum(data.draw(st.lists(st.floats(0.1, 20), **numbers)))]
    base = data.draw(st.lists(st.floats(0.01, 5), **numbers))
    factor = data.draw(st.lists(st.floats(0.05, 1), **numbers))
    times = np.array(sorted(data.draw(st.lists(st.floats(0, edges[-1]) | st.sampled_from(edges), max_size=20))))
    ours, risen = of_times(times, edges, base, factor, branching, decay)
    total, integral = by_double_sum(times, edges, base, factor, branching, decay)
    assert ours == pytest.approx(total, rel=1e-8, abs=1e-8)
    assert risen.sum() == pytest.approx(integral, rel=1e-8)
    for i, t in enumerate(times):  # the integral up to each attack
        upto = [min(edge, t) for edge in edges]
        assert risen[: i + 1].sum() == pytest.approx(
            by_double_sum(times[:i], upto, base, factor, branching, decay)[1], rel=1e-8, abs=1e-8)


def test_what_cannot_happen_has_no_likelihood() -> None:
    assert of_times(np.array([1.0]), [0, 2], [0.0], [1], 0.5, 1)[0] == -math.inf
    assert of_times(np.array([1.0]), [0, 2], [1.0], [0], 0.5, 1)[0] == -math.inf
    assert of_times(np.empty(0), [0, 2], [1.0], [0], 0.5, 1)[0] == 0
    assert of_counts([1], [0], [2], [0, 2], [1.0], [0], 0.5, 1)[0] == -math.inf


def test_a_hundred_thousand_times() -> None:
    """A sum of 5e9 terms for each pair of attacks is not what is done; the sums of exponentials run along here too."""
    times = excited_times(4, 0.6, 0.4, 5, 100_000)
    assert len(times) > 95_000
    upto = np.logaddexp.accumulate(times / 5)
    excitation = np.concatenate([[0], 0.4 / 5 * np.exp(upto[:-1] - times[1:] / 5)])
    expected_total = np.log(0.6 + excitation).sum() - 60_000 - 0.4 * (1 - np.exp((times - 100_000) / 5)).sum()
    assert of_times(times, [0, 100_000], [0.6], [1], 0.4, 5)[0] == pytest.approx(expected_total, rel=1e-9)


# Counts

DAYS = np.arange(61.0)


def test_counts_are_poisson_as_branching_goes_to_nothing() -> None:
    """Gaps and unequal intervals."""
    counts, starts, ends = np.array([0, 3, 9, 1]), [0, 2, 10, 11], [2, 5, 11, 18]
    total, below, exactly = of_counts(counts, starts, ends, [0, 18], [0.8], [1], 1e-5, 3)
    poisson = stats.poisson(0.8 * (np.array(ends) - starts))
    assert total == pytest.approx(poisson.logpmf(counts).sum(), abs=1e-3)
    assert exactly == pytest.approx(poisson.pmf(counts), rel=1e-3)
    assert below == pytest.approx(poisson.cdf(counts - 1), rel=1e-3)


RUNS = 500_000
STEADY = ([0.0, 7.0], [0.5], [1.0])
TRUCE = ([0.0, 1.5, 3.0, 3.5, 7.0], [0.5, 0.9, 0.4, 0.4], [1.0, 0.15, 0.15, 1.0])


@pytest.mark.parametrize("branching", [pytest.param(0.3, marks=pytest.mark.exhaustive), 0.8])
@pytest.mark.parametrize("decay", [pytest.param(0.5, marks=pytest.mark.exhaustive), 4.0])
@pytest.mark.parametrize("stretches", [pytest.param(STEADY, id="steady", marks=pytest.mark.exhaustive),
                                       pytest.param(TRUCE, id="truce")])
def test_chances_of_counts_are_those_of_simulations(
    stretches: tuple[list[float], list[float], list[float]], branching: float, decay: float,
) -> None:
    """Of whole rows of counts over 2, 3, 1 and 1 days; TRUCE begins and ends within intervals."""
    edges = [0.0, 2.0, 5.0, 6.0, 7.0]
    run, time = families(np.random.default_rng(5), RUNS, *stretches, branching, decay)
    tallied = tallies(run, time, RUNS, edges)
    for counts in ([0, 0, 0, 0], [1, 2, 0, 1], [3, 1, 2, 0], [0, 4, 0, 0], [2, 0, 0, 2]):
        chance = float((tallied == counts).all(axis=1).mean())
        told = math.exp(of_counts(counts, edges[:-1], edges[1:], *stretches, branching, decay)[0])
        assert abs(told - chance) < Z * math.sqrt(told / RUNS), counts


def test_a_gap_is_a_new_beginning() -> None:
    each = [of_counts([n], [0], [2], [0, 2], [0.5], [1], 0.6, 3)[0] for n in (4, 3)]
    assert of_counts([4, 3], [0, 2.5], [2, 4.5], [0, 10], [0.5], [1], 0.6, 3)[0] == pytest.approx(sum(each), abs=2e-3)
    assert of_counts([4, 3], [0, 2], [2, 4], [0, 10], [0.5], [1], 0.6, 3)[0] > sum(each) + 0.1


def by_particles(counts: np.ndarray, rate: float, branching: float, decay: float, particles: int,
                 rng: np.random.Generator) -> float:
    """Return an estimate of the log-likelihood of daily counts: times are made up evenly, and weighted."""
    excitation, total = np.zeros(particles), 0.0
    for n in counts:
        times = np.sort(rng.random((particles, n)), axis=1)
        weight, now, level = np.full(particles, -math.lgamma(n + 1.0) - rate), np.zeros(particles), excitation
        for i in range(n):
            kept = np.exp((now - times[:, i]) / decay)
            weight += np.log(rate + level * kept) - level * decay * (1 - kept)
            level, now = level * kept + branching / decay, times[:, i]
        kept = np.exp((now - 1) / decay)
        weight -= level * decay * (1 - kept)
        most = weight.max()
        total += most + math.log(np.exp(weight - most).mean())
        chosen = np.exp(weight - most).cumsum()
        at = np.searchsorted(chosen, (rng.random() + np.arange(particles)) / particles * chosen[-1])
        excitation = (level * kept)[np.minimum(at, particles - 1)]
    return total


@pytest.mark.parametrize(("rate", "branching", "decay"), [
    (0.6, 0.4, 5), *(pytest.param(*case, marks=pytest.mark.exhaustive) for case in (
        (1.5, 0.7, 2), (0.3, 0.9, 20), (0.8, 0.5, 1)))])
def test_sixty_daily_counts_agree_with_a_particle_filter(rate: float, branching: float, decay: float) -> None:
    """Within 4 standard errors of 20 filters, and 0.0002 a day for the grid."""
    counts = np.histogram(excited_times(6, rate, branching, decay, 60), DAYS)[0]
    total, _, _ = of_counts(counts, DAYS[:-1], DAYS[1:], [0, 60], [rate], [1], branching, decay)
    rng = np.random.default_rng(7)
    tallied = np.array([by_particles(counts, rate, branching, decay, 2000, rng) for _ in range(20)])
    assert abs(total - tallied.mean()) < Z * tallied.std(ddof=1) / math.sqrt(20) + 60 * 0.0002


@pytest.mark.parametrize(("branching", "decay", "days"), [
    (0.4, 5, 3), *(pytest.param(*case, marks=pytest.mark.exhaustive) for case in (
        (0.6, 1, 15), (0.6, 20, 10), (0.5, 0.5, 30)))])
def test_chances_of_all_counts_add_up_to_one(branching: float, decay: float, days: float) -> None:
    """And fewer than n are 0, 1, ... n - 1; (0.6, 1, 15) has bursts, the last case takes whole clusters."""
    told = [of_counts([n], [0], [days], [0, days], [0.3], [1], branching, decay) for n in range(100)]
    below, exactly = np.array([answer[1][0] for answer in told]), np.array([answer[2][0] for answer in told])
    assert ((below >= 0) & (exactly >= 0) & (below + exactly <= 1 + 1e-3)).all()
    assert exactly.sum() == pytest.approx(1, abs=1e-3)
    assert below == pytest.approx(np.concatenate([[0], np.cumsum(exactly)[:-1]]), abs=2e-3)


@pytest.mark.parametrize(("rate", "branching", "decay", "days"), [
    (0.3, 0.8, 1, 15), pytest.param(1.0, 0.4, 3, 45, marks=pytest.mark.exhaustive)])
def test_mean_of_counts_with_bursts(rate: float, branching: float, decay: float, days: float) -> None:
    """Against theory, within 1 %: from an empty beginning the rate rises to rate / (1 - branching)."""
    chances = [of_counts([n], [0], [days], [0, days], [rate], [1], branching, decay)[2][0] for n in range(150)]
    speed = (1 - branching) / decay
    mean = rate / (1 - branching) * (days - branching / speed * (1 - math.exp(-speed * days)))
    assert np.arange(150) @ chances == pytest.approx(mean, rel=0.01)


@pytest.mark.parametrize("branching", [0.2, pytest.param(0.6, marks=pytest.mark.exhaustive)])
def test_long_intervals_hold_whole_clusters(branching: float) -> None:
    """30 times as long as clusters last: mean within 4 standard errors, and frequencies close to those simulated."""
    decay, rate, runs = 1.0, 0.2, 200_000
    days = 30 * decay / (1 - branching)
    chances = np.array([of_counts([n], [0], [days], [0, days], [rate], [1], branching, decay)[2][0]
                        for n in range(150)])
    run, _ = families(np.random.default_rng(8), runs, [0, days], [rate], [1], branching, decay)
    tallied = np.bincount(run, minlength=runs)
    assert abs(chances @ np.arange(150) - tallied.mean()) < Z * tallied.std() / math.sqrt(runs)
    assert np.abs(np.bincount(tallied, minlength=150)[:150] / runs - chances).sum() / 2 < 0.02


# Rates that switch

MODES = [(0.2, 3.0, 1 / 20, 1 / 5), (0.0, 1.0, 1 / 3, 1 / 30), (0.5, 0.6, 2.0, 1.0)]


def generators(low: float, high: float, rising: float, falling: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the matrices of switching and of attacks, and the equilibrium."""
    at_rest = np.array([falling, rising]) / (rising + falling)
    return np.array([[-rising, rising], [falling, -falling]]), np.diag([low, high]), at_rest


@pytest.mark.parametrize("mode", MODES)
def test_switching_times_agree_with_matrix_exponentials(mode: tuple[float, float, float, float]) -> None:
    switch, attack, state = generators(*mode)
    gaps = np.random.default_rng(9).exponential(2, 40)
    times = 3 + np.cumsum(gaps)
    risen, total, silence = np.full(41, np.nan), 0.0, []
    for gap in gaps:
        state = state @ expm((switch - attack) * gap)
        silence.append(-math.log(state.sum()))
        state = state / state.sum() @ attack
        total += math.log(state.sum()) - silence[-1]
        state = state / state.sum()
    state = state @ expm((switch - attack) * 7)
    ours, hot = switching.of_times(times, 3.0, times[-1] + 7, *mode, risen, math.nan)
    assert ours == pytest.approx(total + math.log(state.sum()), rel=1e-9)
    assert hot == pytest.approx(state[1] / state.sum(), rel=1e-9)
    assert risen == pytest.approx([*silence, -math.log(state.sum())], rel=1e-9)


@pytest.mark.parametrize("mode", MODES)
def test_switching_counts_agree_with_matrix_exponentials(mode: tuple[float, float, float, float]) -> None:
    """Of the block matrix of (count, state); the third interval comes after a gap in which the state goes on."""
    switch, attack, state = generators(*mode)
    counts, starts, ends = [2, 0, 9, 4], [1.0, 3.0, 12.0, 13.0], [3.0, 4.5, 13.0, 25.0]
    total, now, fewer, as_many = 0.0, 1.0, [], []
    for n, a, b in zip(counts, starts, ends, strict=True):
        state = state @ expm(switch * (a - now))
        transitions = block_diag(*[switch - attack] * (n + 1)) + np.kron(np.eye(n + 1, k=1), attack)
        reached = (np.concatenate([state, np.zeros(2 * n)]) @ expm(transitions * (b - a))).reshape(n + 1, 2)
        fewer.append(reached[:-1].sum())
        as_many.append(reached[-1].sum())
        total += math.log(as_many[-1])
        state, now = reached[-1] / reached[-1].sum(), b
    below, exactly = np.full(4, np.nan), np.full(4, np.nan)
    ours, hot = switching.of_counts(np.array(starts), np.array(ends), np.array(counts), *mode, below, exactly)
    assert ours == pytest.approx(total, rel=1e-8)
    assert hot == pytest.approx(state[1], rel=1e-8)
    assert below == pytest.approx(fewer, rel=1e-8)
    assert exactly == pytest.approx(as_many, rel=1e-8)


def test_equal_rates_are_poisson() -> None:
    times = np.array([0.5, 0.6, 4.0])
    risen = np.empty(4)
    total, hot = switching.of_times(times, 0.0, 9.0, 0.7, 0.7, 0.1, 0.3, risen, math.nan)
    assert total == pytest.approx(3 * math.log(0.7) - 0.7 * 9)
    assert risen == pytest.approx(0.7 * np.diff([0, *times, 9]))
    assert hot == pytest.approx(0.25)
    below, exactly = np.empty(2), np.empty(2)
    starts, ends, counts = np.array([0.0, 5.0]), np.array([4.0, 6.0]), np.array([5, 0])
    total, _ = switching.of_counts(starts, ends, counts, 0.7, 0.7, 0.1, 0.3, below, exactly)
    assert exactly == pytest.approx(stats.poisson([2.8, 0.7]).pmf(counts))
    assert below == pytest.approx(stats.poisson([2.8, 0.7]).cdf(counts - 1))
    assert total == pytest.approx(np.log(exactly).sum())
