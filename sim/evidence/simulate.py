"""Simulations of a fitted model: counts over intervals, played forward from what is known at some moment.

They simulate the fitted processes: one stream of attacks, without theatres, troops or talks. Tests check that the rules
of the model give the same.
"""

import math

import numpy as np

from sim.evidence import large, large_switching
from sim.evidence.kernel import compiled
from sim.evidence.likelihood import excitation, of_switching
from sim.evidence.models import Excited, Model, Switching
from sim.evidence.record import AttackRecord, Floats, Whole

MOST = 1_000_000
"""Most attacks in one simulation."""
MANY = 100_000
"""If more attacks than this are expected, counts are simulated instead of the time of each attack."""


def play(
    model: Model, draws: Floats, seed: int, starts: Floats, ends: Floats, history: AttackRecord | None = None
) -> Whole:
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
    assert isinstance(model, Excited | Switching)
    generator = np.random.default_rng(seed)
    begin = starts[0] if history is None else history.end
    counts = np.empty((len(draws), len(starts)), np.int64)
    many = model.mean_rate * (ends[-1] - begin) > MANY
    for i, values in enumerate(draws):
        if isinstance(model, Excited):
            base, factor, branching, decay = model.split(values)
            level = 0.0 if history is None else excitation(
                history, model.stretches.edges, base, factor, branching, decay, generator)
            if many:
                counts[i] = large.play_excited(generator, begin, starts, ends, model.stretches.edges, base, factor,
                                               branching, decay, level)
                continue
            times = _excited(generator, begin, ends[-1], model.stretches.edges, base, factor, branching, decay,
                             level)
        else:
            _, _, calm_days, hot_days = values
            high = (hot_days / (calm_days + hot_days) if history is None
                    else of_switching(history, *model.rates(values))[1])
            is_high = bool(generator.random() < high)
            if many:
                counts[i] = large_switching.play_switching(
                    generator, begin, starts, ends, *model.rates(values), is_high)
                continue
            times = _switching(generator, begin, ends[-1], *model.rates(values), is_high)
        counts[i] = np.searchsorted(times, ends) - np.searchsorted(times, starts)
    return counts


@compiled
def _excited(
    generator: np.random.Generator, begin: float, end: float, edges: Floats, base: Floats, factor: Floats,
    branching: float, decay: float, excitation: float,
) -> Floats:
    """Return the times of attacks: thinning under a bound that holds until the next attack or stretch."""
    times = np.empty(64)
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
        if n == len(times):
            times = np.concatenate((times, np.empty(n)))
        times[n] = now
        n += 1
        excitation += branching / decay
        if n >= MOST:
            break
    return times[:n]


@compiled
def _switching(
    generator: np.random.Generator, begin: float, end: float, low: float, high: float, rising: float, falling: float,
    is_high: bool,
) -> Floats:
    """Return the times of attacks under a rate that switches."""
    times = np.empty(64)
    n, now = 0, begin
    while now < end and n < MOST:
        until = min(end, now + generator.exponential(1.0 / (falling if is_high else rising)))
        while n < MOST:
            now += generator.exponential(1.0 / (high if is_high else low))
            if now >= until:
                break
            if n == len(times):
                times = np.concatenate((times, np.empty(n)))
            times[n] = now
            n += 1
        now, is_high = until, not is_high
    return times[:n]
