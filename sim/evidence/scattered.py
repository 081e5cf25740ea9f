"""Likelihood of counts that scatter more than Poisson's: a level that changes at random from week to week.

Each week, or each interval of a record whose intervals are longer than a day, draws a level from a gamma distribution
with mean 1, and the rate is multiplied by it. Its count is then negative binomial (Greenwood and Yule 1920), with
variance = mean + overdispersion * mean^2. Counts of days, and times of attacks, within a week share its level. Given
what came before in the same week, each count is negative binomial again.
"""

import numpy as np

from sim.evidence.large import negative_binomial
from sim.evidence.record import AttackRecord, Floats, Whole

WEEK = 7.0


def of_counts(record: AttackRecord, edges: Floats, rates: Floats, overdispersion: float) -> tuple[Floats, Floats]:
    """Return the logarithm of the chance of each count, given those before it, and the chance of fewer.

    Parameters
    ----------
    record
        A record of counts.
    edges, rates
        Of stretches that cover it: n + 1 days, and n rates in attacks per day.
    overdispersion
        How much counts scatter: variance less mean, divided by the square of the mean; above 0.
    """
    means = means_of(record.starts, record.ends, edges, rates)
    before, expected = _before(_blocks(record), record.counts), _before(_blocks(record), means)
    given = (1.0 + overdispersion * before) / (1.0 + overdispersion * expected)
    spread = overdispersion / (1.0 + overdispersion * before)
    return negative_binomial(record.counts, means * given, means * given * (1.0 + spread * means * given))


def of_times(record: AttackRecord, edges: Floats, rates: Floats, overdispersion: float) -> tuple[float, Floats]:
    """Return the log-likelihood of attacks at known times, and the integral of the intensity between them.

    Parameters
    ----------
    record
        A record of events.
    edges, rates, overdispersion
        As for `of_counts`.

    Returns
    -------
    log_likelihood : float
    risen : array, shape (attacks + 1,)
        From each attack to the next, the first from the beginning, the last to the end.
    """
    times = record.times
    weeks = np.arange(record.begin, record.end, WEEK)
    cuts = np.unique(np.concatenate([weeks, np.ravel(record.spans), np.clip(edges, record.begin, record.end), times]))
    begins, middles = cuts[:-1], (cuts[:-1] + cuts[1:]) / 2
    watched = np.any([(middles > begin) & (middles < end) for begin, end in record.spans], axis=0)
    expected = rates[_at(edges, middles, len(rates))] * np.diff(cuts) * watched
    week = (np.searchsorted(weeks, middles, side="right") - 1).astype(np.int64)
    past = _before(week, expected)
    first = np.searchsorted(times, weeks, side="left")
    seen = np.searchsorted(times, begins, side="right")
    come = seen - first[week]
    grown = np.log1p(overdispersion * expected / (1.0 + overdispersion * past))
    integral = (1.0 / overdispersion + come) * grown
    risen = np.bincount(seen, integral, len(times) + 1).astype(np.float64)
    own = np.clip(np.searchsorted(weeks, times, side="right") - 1, 0, len(weeks) - 1)
    upto = np.concatenate([[0.0], np.cumsum(expected)])
    passed = np.interp(times, cuts, upto) - np.interp(weeks[own], cuts, upto)
    number = np.arange(len(times)) - first[own]
    intensity = (rates[_at(edges, times, len(rates))] * (1.0 + overdispersion * number)
                 / (1.0 + overdispersion * passed))
    with np.errstate(divide="ignore"):
        return float(np.log(intensity).sum() - risen.sum()), risen


def means_of(starts: Floats, ends: Floats, edges: Floats, rates: Floats) -> Floats:
    """Return how many attacks are expected in each interval at the rates of stretches."""
    risen = np.concatenate([[0.0], np.cumsum(rates * np.diff(edges))])
    means: Floats = np.interp(ends, edges, risen) - np.interp(starts, edges, risen)
    return means


def _at(edges: Floats, times: Floats, stretches: int) -> Whole:
    """Return the stretch in which each time lies."""
    return np.clip(np.searchsorted(edges, times, side="right") - 1, 0, stretches - 1).astype(np.int64)


def _blocks(record: AttackRecord) -> Whole:
    """Return for each interval of a record the number of the week, or of the interval, that shares a level."""
    if (record.ends - record.starts).max(initial=0.0) > 1.0:
        return np.arange(len(record.starts))
    return ((record.starts - record.begin) // WEEK).astype(np.int64)


def _before(blocks: Whole, values: Floats | Whole) -> Floats:
    """Return the sum of the values before each in its block; blocks are in order."""
    sums = np.concatenate([[0.0], np.cumsum(values)])[:-1]
    first: Floats = sums - sums[np.searchsorted(blocks, blocks)]
    return first
