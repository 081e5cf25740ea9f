"""The background of attacks over a record: stretches of time with a constant level and constant suppression.

Dated regimes come from a scenario file: `[tension.dated]` says when tension is high or low, `[suppressions]` when a
truce or a stop order held. A scenario can be used as it is, or a file with only these tables.
"""

import os
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sim.evidence.record import AttackRecord, Floats, Whole
from sim.scenario.days import earliest, latest
from sim.scenario.load import load
from sim.scenario.schema import Scenario

SMOOTHING_DAYS = 28.0
"""Standard deviation of the kernel that derives a moving background from the attacks. The background moves over about
two months, more slowly than the longest excitation in the literature (six weeks)."""
STEP_DAYS = 7.0
"""How long a moving background stays constant."""
BARE = {"start": date(2000, 1, 1), "end": date(2000, 1, 2), "theatres": {"everywhere": {"troops": 0}}}
"""What a file with only regimes lacks to be a scenario."""


@dataclass(frozen=True)
class Regimes:
    """Dated regimes.

    Attributes
    ----------
    switches
        Days on which tension changes, in order, and whether it is high from then on.
    high_first
        Whether tension is high before the first switch.
    suppressions
        Name and first day of each that has one, and the first day on which it no longer holds (None if not known).
    """

    switches: tuple[tuple[date, bool], ...] = ()
    high_first: bool = False
    suppressions: tuple[tuple[str, date, date | None], ...] = ()

    @classmethod
    def of(cls, scenario: Scenario) -> "Regimes":
        """Return the dated regimes of a scenario."""
        tension = scenario.tension
        dated = tension.dated.values() if tension is not None else ()
        return cls(
            tuple((earliest(switch.date), switch.state == "high") for switch in dated),
            tension is not None and tension.initial == "high",
            tuple((name, earliest(entry.start), None if entry.end is None else latest(entry.end))
                  for name, entry in scenario.suppressions.items() if entry.start is not None))

    @property
    def dates(self) -> list[date]:
        """The days on which a regime begins or ends."""
        ends = [end for _, _, end in self.suppressions if end is not None]
        return [*(when for when, _ in self.switches), *(start for _, start, _ in self.suppressions), *ends]

    def known_on(self, day: date) -> "Regimes":
        """Return the regimes that had begun by a day; those that had not ended by then have no end."""
        return Regimes(
            tuple(switch for switch in self.switches if switch[0] <= day), self.high_first,
            tuple((name, start, end if end is not None and end <= day else None)
                  for name, start, end in self.suppressions if start <= day))


def read_regimes(path: str | os.PathLike[str]) -> Regimes:
    """Read dated regimes from a scenario file, or from one that has only the tables of regimes.

    Raises
    ------
    ScenarioError
        With all errors.
    """
    return Regimes.of(load(path, under=BARE).scenario)


@dataclass(frozen=True)
class Stretches:
    """The time of a record, cut where the background or the suppression changes.

    Attributes
    ----------
    edges
        Days on which stretches begin, and the end of the last, shape (stretches + 1,).
    level
        Number of each stretch's level, shape (stretches,).
    shape
        Background relative to its level's rate, shape (stretches,).
    covers
        Whether each suppression holds in each stretch, shape (stretches, suppressions).
    levels, suppressions
        Their names.
    """

    edges: Floats
    level: Whole
    shape: Floats
    covers: NDArray[np.bool_]
    levels: tuple[str, ...]
    suppressions: tuple[str, ...]

    def base(self, rates: Floats) -> Floats:
        """Return the background of each stretch, in attacks per day, given the rate of each level."""
        base: Floats = np.asarray(rates)[self.level] * self.shape
        return base

    def factor(self, factors: Floats) -> Floats:
        """Return the share of the intensity that remains in each stretch, given the factor of each suppression."""
        left: Floats = np.where(self.covers, factors, 1.0).prod(axis=1)
        return left


def steady(record: AttackRecord, end: float | None = None) -> Stretches:
    """Return a single stretch, to the end of the record or beyond: a background that never changes."""
    edges = np.array([record.begin, record.end if end is None else end], float)
    return Stretches(edges, np.zeros(1, np.int64), np.ones(1), np.zeros((1, 0), bool), ("rate",), ())


def dated(record: AttackRecord, regimes: Regimes, end: float | None = None) -> Stretches:
    """Return the stretches between dated switches; levels and suppressions outside the record are left out.

    Parameters
    ----------
    record
        The record.
    regimes
        The dated regimes.
    end
        Day on which the last stretch ends; the end of the record when left out.
    """
    last = record.end if end is None else end

    def day(when: date) -> float:
        return float((when - record.first_day).days)

    spans = [(name, day(start), day(until) if until else np.inf) for name, start, until in regimes.suppressions]
    spans = [(name, start, until) for name, start, until in spans if _watched(record, start, min(until, last))]
    cuts = {day(when) for when, _ in regimes.switches} | {at for _, *ends in spans for at in ends}
    edges = np.array([record.begin, *sorted(cut for cut in cuts if record.begin < cut < last), last], float)
    high = np.full(len(edges) - 1, regimes.high_first)
    for when, state in regimes.switches:
        high[edges[:-1] >= day(when)] = state
    watched = np.array([_watched(record, a, b) for a, b in pairwise(edges)])
    met = [state for state in (False, True) if watched[high == state].any()]
    covers = np.array([[start <= a < until for _, start, until in spans] for a in edges[:-1]], bool)
    return Stretches(edges, np.array([met.index(state) if state in met else 0 for state in high], np.int64),
                     np.ones(len(high)), covers.reshape(len(high), len(spans)),
                     tuple("rate_high" if state else "rate_low" for state in met),
                     tuple(name for name, *_ in spans))


def _watched(record: AttackRecord, start: float, end: float) -> bool:
    """Whether anything was recorded between two days."""
    if record.kind == "events":
        return any(start < upto and end > since for since, upto in record.spans)
    return bool(((record.starts < end) & (record.ends > start)).any())


def moving(record: AttackRecord, stretches: Stretches) -> tuple[Stretches, float]:
    """Return stretches of a week or more whose background follows the attacks, smoothed over about two months.

    They do not cut the intervals of a record, since it is unknown how attacks were spread within them. Suppressions
    stay as they are. The background has one rate to be estimated, that of the average week.

    Returns
    -------
    stretches : Stretches
    used : float
        How many parameters the smoothing is worth: the trace of the smoothing matrix (Hastie and Tibshirani 1990).
    """
    edges = np.unique(np.concatenate([_weeks(record), stretches.edges]))
    middles = (edges[:-1] + edges[1:]) / 2
    old = np.searchsorted(stretches.edges, middles, side="right") - 1
    days, weights, watched = _masses(record)
    kernel = np.exp(-0.5 * ((middles[:, None] - days) / SMOOTHING_DAYS) ** 2)
    shape = (kernel @ weights + 1e-9) / (kernel @ watched + 1e-9)
    weight_of_itself = (np.abs(middles[:, None] - days) <= 0.5 * np.diff(edges)[:, None]) * kernel * watched
    used = float((weight_of_itself.sum(axis=1) / (kernel @ watched + 1e-9)).sum())
    shape /= np.average(shape, weights=np.diff(edges))
    return Stretches(edges, np.zeros(len(middles), np.int64), shape, stretches.covers[old], ("rate",),
                     stretches.suppressions), used


def _weeks(record: AttackRecord) -> Floats:
    """Return days a week or more apart; between intervals, if attacks were counted."""
    if record.kind == "events":
        return np.arange(record.begin, record.end, STEP_DAYS)
    days = [record.begin]
    for end in record.ends:
        if end - days[-1] >= STEP_DAYS:
            days.append(end)
    return np.array(days)


def _masses(record: AttackRecord) -> tuple[Floats, Floats, Floats]:
    """Return the days of a record, the attacks on each (spread evenly over intervals), and the share of it watched."""
    edges = np.append(np.arange(record.begin, record.end), record.end)
    if record.kind == "events":
        gone = sum((np.clip(edges[1:], *gap) - np.clip(edges[:-1], *gap) for gap in record.gaps), np.zeros(1))
        return (edges[:-1] + edges[1:]) / 2, np.histogram(record.times, edges)[0] * 1.0, np.diff(edges) - gone
    cumulated = np.concatenate([[0.0], np.cumsum(record.counts)])
    watched = np.concatenate([[0.0], np.cumsum(record.ends - record.starts)])
    gaps = np.repeat(np.arange(len(record.starts)), 2)
    at = np.column_stack([record.starts, record.ends]).ravel()
    done = np.diff(np.interp(edges, at, cumulated[gaps + np.tile([0, 1], len(record.starts))]))
    seen = np.diff(np.interp(edges, at, watched[gaps + np.tile([0, 1], len(record.starts))]))
    return (edges[:-1] + edges[1:]) / 2, done, seen
