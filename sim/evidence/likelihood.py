"""How likely a record is under a process with given rates: attacks at known times or counts, gaps, large counts."""

from dataclasses import dataclass, field

import numpy as np

from sim.evidence import excited, large, large_switching, scattered, switching
from sim.evidence.record import AttackRecord, Floats


@dataclass(frozen=True)
class Told:
    """What a model says about a record, given its parameters.

    Attributes
    ----------
    log_likelihood
        Of the record.
    risen
        For events: the integral of the intensity between attacks, the last entry to the end of the record.
    below, exactly
        For counts: the chance of fewer attacks than counted in each interval, and of as many, given those before.
    """

    log_likelihood: float
    risen: Floats = field(default_factory=lambda: np.empty(0))
    below: Floats = field(default_factory=lambda: np.empty(0))
    exactly: Floats = field(default_factory=lambda: np.empty(0))


def of_excited(
    record: AttackRecord, edges: Floats, base: Floats, factor: Floats, branching: float, decay: float
) -> Told:
    """Return what a self-excited process says about a record.

    Parameters
    ----------
    record
        The record. After each gap the process starts without excitation, as at the beginning.
    edges, base, factor
        Of stretches that cover the record.
    branching, decay
        Mean number of attacks that an attack sets off; mean days until they come.
    """
    if record.kind == "events":
        parts = []
        for begin, end in record.spans:
            times = _within(record, begin, end)
            risen = np.empty(len(times) + 1)
            parts.append((excited.of_times(times, np.clip(edges, begin, end), base, factor, branching, decay, risen),
                          risen))
        return _joined(parts)
    if branching <= 0.0:
        return _poisson(record, edges, base * factor)
    if large.is_large(record):
        means, variances, _ = _moments(record, edges, base, factor, branching, decay)
        logs, below = large.negative_binomial(record.counts, means, variances)
        return Told(float(logs.sum()), below=below, exactly=np.exp(logs))
    below, exactly = np.empty(len(record.counts)), np.empty(len(record.counts))
    total, _, _ = excited.of_counts(
        record.starts, record.ends, record.counts, edges, base, factor, branching, decay, below, exactly)
    return Told(total, below=below, exactly=exactly)


def excitation(record: AttackRecord, edges: Floats, base: Floats, factor: Floats, branching: float, decay: float,
               generator: np.random.Generator) -> float:
    """Return the excitation at the end of a record; if only counts are known, draw one given the counts."""
    if branching <= 0.0:
        return 0.0
    if record.kind == "events":
        begin, end = record.spans[-1]
        if end < record.end:  # not watched at the end
            return 0.0
        return float(branching / decay * np.exp((_within(record, begin, end) - record.end) / decay).sum())
    if large.is_large(record):
        _, _, (level, variance) = _moments(record, edges, base, factor, branching, decay)
        return max(0.0, float(generator.normal(level, variance**0.5)))
    below, exactly = np.empty(len(record.counts)), np.empty(len(record.counts))
    _, chances, cell = excited.of_counts(
        record.starts, record.ends, record.counts, edges, base, factor, branching, decay, below, exactly)
    upto = np.cumsum(chances)
    return float(cell * np.searchsorted(upto, generator.random() * upto[-1]))


def of_switching(record: AttackRecord, low: float, high: float, rising: float, falling: float) -> tuple[Told, float]:
    """Return what a process with a switching rate says about a record, and the chance of the high rate at its end.

    The rate goes on switching in gaps.
    """
    if record.kind == "events":
        parts, hot, before = [], np.nan, record.begin
        at_rest, pace = rising / (rising + falling), rising + falling
        for begin, end in record.spans:
            times = _within(record, begin, end)
            risen = np.zeros(len(times) + 1)
            at_first = at_rest + (hot - at_rest) * float(np.exp((before - begin) * pace))
            total, hot = switching.of_times(times, begin, end, low, high, rising, falling, risen, at_first)
            parts.append((total, risen))
            before = end
        return _joined(parts), hot
    below, exactly = np.empty(len(record.counts)), np.empty(len(record.counts))
    rates = (low, high, rising, falling)
    if large.is_large(record):
        total, hot = large_switching.switching_counts(
            record.starts, record.ends, record.counts, *rates, large_switching.NODES, large_switching.WEIGHTS, below,
            exactly)
    else:
        total, hot = switching.of_counts(record.starts, record.ends, record.counts, *rates, below, exactly)
    return Told(total, below=below, exactly=exactly), hot


def of_scattered(record: AttackRecord, edges: Floats, rates: Floats, overdispersion: float) -> Told:
    """Return what a process whose level changes at random from week to week says about a record.

    Parameters
    ----------
    record
        The record.
    edges, rates
        Of stretches that cover the record.
    overdispersion
        How much counts scatter; see `sim.evidence.scattered`.
    """
    if record.kind == "events":
        total, risen = scattered.of_times(record, edges, rates, overdispersion)
        return Told(total, risen=risen)
    logs, below = scattered.of_counts(record, edges, rates, overdispersion)
    return Told(float(logs.sum()), below=below, exactly=np.exp(logs))


def _within(record: AttackRecord, begin: float, end: float) -> Floats:
    """Return the times of attacks in a span; attacks exactly at the end of the record are included."""
    last = len(record.times) if end >= record.end else int(np.searchsorted(record.times, end))
    return record.times[int(np.searchsorted(record.times, begin)) : last]


def _joined(parts: list[tuple[float, Floats]]) -> Told:
    """Join spans: the intensity adds up from the last attack before a gap to the first after it."""
    risen = parts[0][1]
    for _, more in parts[1:]:
        risen = np.concatenate([risen[:-1], [risen[-1] + more[0]], more[1:]])
    return Told(sum(total for total, _ in parts), risen=risen)


def _moments(record: AttackRecord, edges: Floats, base: Floats, factor: Floats, branching: float, decay: float,
             ) -> tuple[Floats, Floats, tuple[float, float]]:
    means, variances = np.empty(len(record.counts)), np.empty(len(record.counts))
    state = large.excited_counts(
        record.starts, record.ends, record.counts, edges, base, factor, branching, decay, means, variances)
    return means, variances, state


def _poisson(record: AttackRecord, edges: Floats, rates: Floats) -> Told:
    from scipy.special import gammaln, pdtr, xlogy

    means = scattered.means_of(record.starts, record.ends, edges, rates)
    logs = xlogy(record.counts, means) - means - gammaln(record.counts + 1.0)
    below = np.where(record.counts > 0, pdtr(record.counts - 1.0, means), 0.0)
    return Told(float(logs.sum()), below=below, exactly=np.exp(logs))
