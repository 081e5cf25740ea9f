"""Simulations of a fitted model: counts over intervals, played forward from what is known at some moment.

They simulate the fitted processes: one stream of attacks, without theatres, troops or talks. Tests check that the rules
of the model give the same.
"""

import math
from dataclasses import dataclass

import numpy as np

from sim.evidence import large, large_switching
from sim.evidence.likelihood import excitation, of_switching
from sim.evidence.loops import compiled
from sim.evidence.models import Excited, Model, Scattered, Switching
from sim.evidence.record import AttackRecord, Floats, Whole
from sim.evidence.scattered import means_of

MOST = 1_000_000
"""Most attacks in one simulation."""
MANY = 100_000
"""If more attacks than this are expected, counts are simulated instead of the time of each attack."""


@dataclass(frozen=True)
class Simulated:
    """Simulated counts, and what their distributions are given what each simulation knew before.

    Attributes
    ----------
    counts
        Shape (draws, intervals).
    means, variances
        Mean and variance of each count given the level that the simulation had reached when the interval began; the
        same shape, or one row for all. With these, a count is Poisson or negative binomial.
    """

    counts: Whole
    means: Floats
    variances: Floats

    def log_chances(self, came: Whole) -> Floats:
        """Return the logarithm of the chance of the counts that came, shape (intervals,).

        The chance is averaged over simulations. It is exact for a process whose counts are Poisson or negative
        binomial, and smooth for the others; no count is impossible because no simulation had it.
        """
        from scipy.special import logsumexp

        logs, _ = large.negative_binomial(np.broadcast_to(came, self.means.shape), self.means, self.variances)
        chances: Floats = logsumexp(logs, axis=0) - math.log(len(logs))
        return chances


def play(
    model: Model, draws: Floats, seed: int, starts: Floats, ends: Floats, history: AttackRecord | None = None
) -> Whole:
    """Return the counts of `simulate`."""
    return simulate(model, draws, seed, starts, ends, history).counts


def simulate(
    model: Model, draws: Floats, seed: int, starts: Floats, ends: Floats, history: AttackRecord | None = None
) -> Simulated:
    """Return counts over intervals, shape (draws, intervals): one simulation for each row of parameters.

    Parameters
    ----------
    model
        The model; its stretches must reach as far as the intervals.
    draws
        Parameters, shape (draws, parameters).
    seed
        Of the simulations.
    starts, ends
        Of the intervals, in order.
    history
        What was recorded before; simulations continue from its end. When left out, they begin with the intervals.
    """
    assert isinstance(model, Excited | Scattered | Switching)
    generator = np.random.default_rng(seed)
    if isinstance(model, Scattered):
        return scatter(generator, *_scattered(model, draws, starts, ends))
    begin = starts[0] if history is None else history.end
    if model.mean_rate * (ends[-1] - begin) > MANY:
        counts = (_many_excited if isinstance(model, Excited) else _many_switching)(
            generator, model, draws, begin, starts, ends, history)  # type: ignore[arg-type]
        return Simulated(counts, counts.mean(axis=0, keepdims=True), counts.var(axis=0, keepdims=True))
    counts = np.empty((len(draws), len(starts)), np.int64)
    means, variances = np.empty(counts.shape), np.empty(counts.shape)
    room = np.empty(MOST)
    for i, values in enumerate(draws):
        if isinstance(model, Excited):
            process = (model.stretches.edges, *model.split(values))
            level = 0.0 if history is None else excitation(history, *process, generator)
            times = room[: _excited(generator, begin, ends[-1], *process, level, room)]
            levels = _levels(times, begin, starts, *process[-2:], level)
            large.moments_from(starts, ends, levels, *process, means[i], variances[i])
        else:
            is_high = _is_high(generator, model, values, history)
            times = room[: _switching(generator, begin, starts, ends, *model.rates(values), is_high, means[i], room)]
            variances[i] = means[i]
        counts[i] = np.searchsorted(times, ends) - np.searchsorted(times, starts)
    return Simulated(counts, means, variances)


def _is_high(
    generator: np.random.Generator, model: Switching, values: Floats, history: AttackRecord | None
) -> bool:
    """Draw whether the rate is high at the beginning."""
    _, _, calm_days, hot_days = values
    high = hot_days / (calm_days + hot_days) if history is None else of_switching(history, *model.rates(values))[1]
    return bool(generator.random() < high)


def _many_excited(
    generator: np.random.Generator, model: Excited, draws: Floats, begin: float, starts: Floats, ends: Floats,
    history: AttackRecord | None,
) -> Whole:
    """Return counts of a self-excited process; they only say how counts scatter as a whole."""
    edges = model.stretches.edges
    processes = [model.split(values) for values in draws]
    levels = [0.0 if history is None else excitation(history, edges, *process, generator) for process in processes]
    base, factor, branching, decay = (np.array(part) for part in zip(*processes, strict=True))
    return large.play_excited(
        generator, begin, starts, ends, edges, base, factor, branching, decay, np.array(levels))


def _many_switching(
    generator: np.random.Generator, model: Switching, draws: Floats, begin: float, starts: Floats, ends: Floats,
    history: AttackRecord | None,
) -> Whole:
    """Return counts under a rate that switches."""
    counts, means = np.empty((len(draws), len(starts)), np.int64), np.empty(len(starts))
    for i, values in enumerate(draws):
        is_high = _is_high(generator, model, values, history)
        large_switching.play_switching(generator, begin, starts, ends, *model.rates(values), is_high, means)
        counts[i] = generator.poisson(means)
    return counts


def scatter(generator: np.random.Generator, means: Floats, overdispersion: Floats) -> Simulated:
    """Return simulated negative binomial counts; without overdispersion, they are Poisson.

    Parameters
    ----------
    generator
        Of random numbers.
    means
        Shape (draws, intervals).
    overdispersion
        Of each draw, shape (draws, 1).
    """
    wide = np.broadcast_to(overdispersion, means.shape)
    size = 1.0 / np.maximum(wide, 1e-9)
    levels = np.where(wide > 0.0, generator.gamma(size) / size, 1.0)
    return Simulated(generator.poisson(means * levels), means, means * (1.0 + wide * means))


def _scattered(model: Scattered, draws: Floats, starts: Floats, ends: Floats) -> tuple[Floats, Floats]:
    """Return the mean of each count and the overdispersion, for each row of parameters."""
    rates = [model.split(values)[0] for values in draws]
    return np.array([means_of(starts, ends, model.stretches.edges, rate) for rate in rates]), draws[:, -1:]


def _levels(times: Floats, begin: float, starts: Floats, branching: float, decay: float, level: float) -> Floats:
    """Return the excitation at the beginning of each interval, given attacks before and the excitation at first."""
    levels = np.empty(len(starts))
    past, now = 0, begin
    for i, start in enumerate(starts):
        come = int(np.searchsorted(times, start))
        added = np.exp((times[past:come] - start) / decay).sum() * branching / decay
        level = levels[i] = level * math.exp((now - start) / decay) + added
        past, now = come, start
    return levels


@compiled
def _excited(
    generator: np.random.Generator, begin: float, end: float, edges: Floats, base: Floats, factor: Floats,
    branching: float, decay: float, excitation: float, times: Floats,
) -> int:
    """Fill in times of attacks by thinning under a bound that holds until the next attack or stretch; return how many.

    There are at most as many as ``times`` has room for.
    """
    n, now, k = 0, begin, 0
    while now < end:
        while k < len(base) - 1 and edges[k + 1] <= now:
            k += 1
        until = min(end, edges[k + 1]) if k < len(base) - 1 else end
        bound = factor[k] * (base[k] + excitation)
        then = now + generator.exponential(1.0 / bound) if bound > 0.0 else math.inf
        stop = min(then, until)
        excitation *= math.exp((now - stop) / decay)
        now = stop
        if then >= until or generator.random() * bound >= factor[k] * (base[k] + excitation):
            continue
        times[n] = now
        n += 1
        excitation += branching / decay
        if n == len(times):
            break
    return n


@compiled
def _switching(
    generator: np.random.Generator, begin: float, starts: Floats, ends: Floats, low: float, high: float, rising: float,
    falling: float, is_high: int, means: Floats, times: Floats,
) -> int:
    """Fill in times of attacks under a rate that switches, and its integral over each interval; return how many.

    There are at most as many as ``times`` has room for.
    """
    n, now, end = 0, begin, ends[-1]
    means[:] = 0.0
    while now < end and n < len(times):
        until = min(end, now + generator.exponential(1.0 / (falling if is_high else rising)))
        for i in range(len(starts)):
            means[i] += (high if is_high else low) * max(0.0, min(until, ends[i]) - max(now, starts[i]))
        while n < len(times):
            now += generator.exponential(1.0 / (high if is_high else low))
            if now >= until:
                break
            times[n] = now
            n += 1
        now, is_high = until, 1 - is_high
    return n
