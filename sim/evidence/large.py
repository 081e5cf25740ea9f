"""Large counts of a self-excited process, whose likelihood is approximated: the exact one would take hours.

The means, the variances and the covariance of count and excitation solve linear equations. The count of an interval is
taken as negative binomial with its mean and variance. What the count says about the excitation is worked out as in a
Kalman filter. `sim.evidence.large_switching` has the other process.
"""

from typing import Any

import numpy as np

from sim.evidence.excited import A_STEP, STEPS_OF_DECAY
from sim.evidence.loops import compiled
from sim.evidence.record import AttackRecord, Floats, Whole

MOST_WORK = 40_000
"""Above this much `work` the likelihood is approximated, since the exact one would take more than some five minutes."""
USUAL_DECAY = 5.0
"""In days; only used to estimate the work."""


def work(record: AttackRecord) -> float:
    """Return how many pairs of a count and a time step an exact likelihood of counts follows."""
    if record.kind == "events":
        return 0.0
    steps = np.maximum(record.counts / A_STEP, (record.ends - record.starts) * STEPS_OF_DECAY / USUAL_DECAY)
    return float(((record.counts + 1.0) * steps).sum())


def is_large(record: AttackRecord) -> bool:
    """Whether a record's counts are so large that their likelihood is approximated."""
    return work(record) > MOST_WORK


def negative_binomial(counts: Whole, means: Floats, variances: Floats) -> tuple[Floats, Floats]:
    """Return the logarithm of the chance of each count, and the chance of fewer.

    Parameters
    ----------
    counts
        The counts, shape (intervals,).
    means, variances
        Of their distributions; where the variance is no larger than the mean, that is Poisson's.
    """
    from scipy.special import betainc, gammaincc, gammaln, xlogy

    means = np.maximum(means, 1e-300)
    size = means / np.maximum(variances / means - 1.0, 1e-9)
    wide = size < 1e7
    r, share = np.where(wide, size, 1.0), np.where(wide, size / (size + means), 0.5)
    logs = np.where(
        wide,
        gammaln(counts + r) - gammaln(r) + r * np.log(share) + xlogy(counts, 1.0 - share),
        xlogy(counts, means) - means) - gammaln(counts + 1.0)
    at_least_one = np.maximum(counts, 1)
    below = np.where(
        counts > 0, np.where(wide, betainc(r, at_least_one, share), gammaincc(at_least_one, means)), 0.0)
    return logs, below


@compiled
def excited_counts(
    starts: Floats, ends: Floats, counts: Whole, edges: Floats, base: Floats, factor: Floats, branching: float,
    decay: float, means: Floats, variances: Floats,
) -> tuple[float, float]:
    """Fill in mean and variance of each count of a self-excited process, given those before.

    Parameters
    ----------
    starts, ends, counts, edges, base, factor, branching, decay
        As for `sim.evidence.excited.of_counts`.
    means, variances
        Filled, shape (intervals,).

    Returns
    -------
    mean, variance : float
        Of the excitation at the end of the last interval, in attacks per day.
    """
    level, spread, k = 0.0, 0.0, 0
    for i in range(len(counts)):
        if i > 0 and starts[i] > ends[i - 1]:
            level, spread = 0.0, 0.0
        k, level, spread, mean, variance, shared = _through(
            starts[i], ends[i], k, edges, base, factor, branching, decay, level, spread)
        means[i], variances[i] = mean, variance
        if variance > 0.0:
            level = max(level + shared / variance * (counts[i] - mean), 0.0)
            spread = max(spread - shared * shared / variance, 0.0)
    return level, spread


@compiled
def moments_from(
    starts: Floats, ends: Floats, levels: Floats, edges: Floats, base: Floats, factor: Floats, branching: float,
    decay: float, means: Floats, variances: Floats,
) -> int:
    """Fill in mean and variance of the count of each interval, given the excitation at its beginning; return how many.

    Parameters
    ----------
    starts, ends, edges, base, factor, branching, decay
        As for `sim.evidence.excited.of_counts`.
    levels
        Excitation at the beginning of each interval, in attacks per day.
    means, variances
        Filled, shape (intervals,).
    """
    k = 0
    for i in range(len(starts)):
        k, _, _, mean, variance, _ = _through(
            starts[i], ends[i], k, edges, base, factor, branching, decay, levels[i], 0.0)
        means[i], variances[i] = mean, variance
    return len(starts)


def _through(
    now: float, end: float, k: int, edges: Floats, base: Floats, factor: Floats, branching: float, decay: float,
    level: float, spread: float,
) -> tuple[int, float, float, float, float, float]:
    """Follow the moments (see `_moments`) through an interval; ``k`` is the stretch, before and after."""
    mean, variance, shared = 0.0, 0.0, 0.0
    while now < end:
        while k < len(base) - 1 and edges[k + 1] <= now:
            k += 1
        upto = min(end, edges[k + 1]) if k < len(base) - 1 else end
        level, spread, mean, variance, shared = _moments(
            upto - now, base[k], factor[k], branching, decay, level, spread, mean, variance, shared)
        now = upto
    return k, level, spread, mean, variance, shared


def _moments(
    days: float, base: Any, factor: Any, branching: Any, decay: Any, level: Any, spread: Any, mean: Any, variance: Any,
    shared: Any,
) -> tuple[Any, Any, Any, Any, Any]:
    """Return mean and variance of excitation and of the count so far, and their covariance, some days later.

    With jump J = branching / decay and k = 1 / decay - J factor, the intensity's mean is A + B exp(-k t). The others
    solve V' = -2 k V + J^2 (A + B exp(-k t)), K' = -k K + factor V + J (A + B exp(-k t)) and
    S' = 2 factor K + A + B exp(-k t).
    """
    jump = branching / decay
    pace = 1.0 / decay - jump * factor
    settled = jump * factor * base / pace
    a, b = factor * (base + settled), factor * (level - settled)
    kept = np.exp(-pace * days)
    gone = -np.expm1(-pace * days)
    v2, v1 = jump * jump * a / (2.0 * pace), jump * jump * b / pace
    v0 = spread - v1 - v2
    c4, c3, c2 = (factor * v2 + jump * a) / pace, factor * v1 + jump * b, -factor * v0 / pace
    c1 = shared - c2 - c4
    come = a * days + b * gone / pace
    together = (c1 * gone / pace + c2 * gone * (1.0 + kept) / (2.0 * pace) + c4 * days
                + c3 * (gone - kept * pace * days) / (pace * pace))
    return (settled + (level - settled) * kept, v0 * kept * kept + v1 * kept + v2, mean + come,
            variance + come + 2.0 * factor * together, c1 * kept + c2 * kept * kept + c3 * days * kept + c4)


def play_excited(
    generator: np.random.Generator, begin: float, starts: Floats, ends: Floats, edges: Floats, base: Floats,
    factor: Floats, branching: Floats, decay: Floats, level: Floats,
) -> Whole:
    """Return simulated counts of self-excited processes, of the same distributions as their likelihood has.

    Parameters
    ----------
    generator
        Of random numbers.
    begin
        When the simulations begin, not after the first interval does.
    starts, ends
        Of the intervals, in order.
    edges
        Of the stretches.
    base, factor
        Of the stretches in each simulation, shape (simulations, stretches).
    branching, decay, level
        Of each simulation, shape (simulations,). The level is the excitation at the beginning.

    Returns
    -------
    array, shape (simulations, intervals)
    """
    counts = np.zeros((len(level), len(starts)), np.int64)
    now, k = begin, 0
    for i in range(len(starts)):
        while now < ends[i]:
            while k < base.shape[1] - 1 and edges[k + 1] <= now:
                k += 1
            upto = starts[i] if now < starts[i] else ends[i]
            upto = min(upto, edges[k + 1]) if k < base.shape[1] - 1 else upto
            then, spread, mean, variance, shared = _moments(
                upto - now, base[:, k], factor[:, k], branching, decay, level, 0.0, 0.0, 0.0, 0.0)
            come = _scattered(generator, mean, variance)
            slope = np.where(variance > 0.0, shared / np.maximum(variance, 1e-300), 0.0)
            left = np.sqrt(np.maximum(spread - slope * shared, 0.0))
            level = np.maximum(0.0, then + slope * (come - mean) + left * generator.standard_normal(len(level)))
            counts[:, i] += come if now >= starts[i] else 0
            now = upto
    return counts


def _scattered(generator: np.random.Generator, mean: Floats, variance: Floats) -> Whole:
    """Return negative binomial counts; where the variance is no larger than the mean, they are Poisson."""
    more = np.where(variance - mean > 1e-9 * mean, variance - mean, 0.0)
    wide = more > 0.0
    gammas = generator.gamma(np.where(wide, mean, 1.0) ** 2 / np.where(wide, more, 1.0)) * more
    return generator.poisson(np.where(wide, gammas / np.maximum(mean, 1e-300), mean))
