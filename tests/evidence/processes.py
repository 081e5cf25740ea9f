"""Attacks made in another way than the package does, and records written by hand. Day 0 is 1 January 2024."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from worlds import START

from sim.evidence.record import AttackRecord


def events(times: Sequence[float] | np.ndarray, end: float, begin: float = 0.0) -> AttackRecord:
    """Return a record of attacks at known times."""
    return AttackRecord(Path("events.csv"), "e" * 64, "events", START, begin, end, times=np.asarray(times, float))


def counted(counts: Sequence[int] | np.ndarray, starts: Sequence[float] | np.ndarray,
            ends: Sequence[float] | np.ndarray) -> AttackRecord:
    """Return a record of counts over intervals."""
    return AttackRecord(Path("counts.csv"), "c" * 64, "counts", START, float(starts[0]), float(ends[-1]),
                        starts=np.asarray(starts, float), ends=np.asarray(ends, float),
                        counts=np.asarray(counts, np.int64))


def families(
    rng: np.random.Generator, runs: int, edges: Sequence[float], base: Sequence[float], factor: Sequence[float],
    branching: float, decay: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Return attacks of many runs at once: the number of the run and the time of each, in no order.

    Clusters (Hawkes and Oakes 1974): attacks of the base, then those that each sets off, generation after generation;
    where a factor holds, each attack that would come is left out with chance 1 - factor, and its family with it.
    """
    bounds, left = np.asarray(edges, float), np.asarray(factor, float)

    def kept(run: np.ndarray, time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        inside = time < bounds[-1]
        run, time = run[inside], time[inside]
        comes = rng.random(len(time)) < left[np.searchsorted(bounds, time, side="right") - 1]
        return run[comes], time[comes]

    first = rng.poisson(runs * np.asarray(base, float) * np.diff(bounds))
    time = np.concatenate([rng.uniform(a, b, n) for a, b, n in zip(bounds[:-1], bounds[1:], first, strict=True)])
    generation = kept(rng.integers(runs, size=len(time)), time)
    born = [generation]
    while len(generation[0]):
        offspring = rng.poisson(branching, len(generation[0]))
        parents = np.repeat(generation[1], offspring)
        generation = kept(np.repeat(generation[0], offspring), parents + rng.exponential(decay, len(parents)))
        born.append(generation)
    return np.concatenate([run for run, _ in born]), np.concatenate([time for _, time in born])


def excited_times(seed: int, rate: float, branching: float, decay: float, days: float) -> np.ndarray:
    """Return the times of attacks of one run on a constant base, ascending."""
    return np.sort(families(np.random.default_rng(seed), 1, [0, days], [rate], [1], branching, decay)[1])


def tallies(run: np.ndarray, time: np.ndarray, runs: int, edges: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return counts over adjacent intervals, shape (runs, intervals)."""
    cells = len(edges) - 1
    inside = (time >= edges[0]) & (time < edges[-1])
    cell = np.searchsorted(edges, time[inside], side="right") - 1
    return np.bincount(run[inside] * cells + cell, minlength=runs * cells).reshape(runs, cells)


def switching_times(seed: int, low: float, high: float, calm_days: float, hot_days: float, days: float) -> np.ndarray:
    """Return the times of attacks under a rate that switches, from an equilibrium beginning."""
    rng = np.random.default_rng(seed)
    is_hot, now, times = rng.random() < hot_days / (calm_days + hot_days), 0.0, []
    while now < days:
        until = now + rng.exponential(hot_days if is_hot else calm_days)
        times.append(rng.uniform(now, until, rng.poisson((high if is_hot else low) * (until - now))))
        now, is_hot = until, not is_hot
    attacks = np.sort(np.concatenate(times))
    return attacks[attacks < days]
