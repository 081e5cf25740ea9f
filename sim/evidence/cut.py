"""Records joined into one, and cut to what was known at a moment or to what followed."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from sim.evidence.errors import DataError
from sim.evidence.record import AttackRecord, Floats, Whole

LAST_DAYS = 28.0
"""How many days the forecaster "last four weeks" looks back."""


def join(records: list[AttackRecord]) -> AttackRecord:
    """Join records of the same process; the time between them was not watched.

    Raises
    ------
    DataError
        If they overlap, or some are of events and some of counts.
    """
    if len(records) == 1:
        return records[0]
    first_day = min(record.first_day for record in records)
    if any(record.kind != "counts" for record in records):
        raise DataError(("several files can be fitted together only if all are counts over intervals; "
                         f"{next(r for r in records if r.kind != 'counts').path.name} has attacks at known times",))
    moved = sorted((_moved(record, first_day) for record in records), key=lambda record: record.begin)
    for earlier, later in pairwise(moved):
        if later.begin < earlier.end:
            raise DataError((f"{later.path.name} begins on {day_of(later, later.begin)}, before {earlier.path.name} "
                             f"ends; files fitted together must not overlap",))
    places = {place: np.concatenate([record.places.get(place, np.full(len(record.counts), np.nan)) for record in moved])
              for place in sorted({place for record in moved for place in record.places})}
    return replace(
        moved[0], begin=moved[0].begin, end=moved[-1].end, places=places,
        starts=np.concatenate([record.starts for record in moved]),
        ends=np.concatenate([record.ends for record in moved]),
        counts=np.concatenate([record.counts for record in moved]),
        joined=tuple((record.path.name, record.sha256) for record in moved),
        notes=tuple(note for record in moved for note in record.notes),
        labels={place: label for record in reversed(moved) for place, label in record.labels.items()})


def _moved(record: AttackRecord, first_day: date) -> AttackRecord:
    days = float((record.first_day - first_day).days)
    return replace(record, first_day=first_day, begin=record.begin + days, end=record.end + days,
                   starts=record.starts + days, ends=record.ends + days)


def day_of(record: AttackRecord, time: float) -> date:
    """Return the date of a time."""
    return record.first_day + timedelta(days=int(time))


def gaps_of(record: AttackRecord) -> list[tuple[date, date]]:
    """Return the first and the last day of each time within a record that was not watched."""
    return [(day_of(record, end), day_of(record, begin - 1e-9))
            for (_, end), (begin, _) in pairwise(record.spans) if begin > end]


def until(record: AttackRecord, time: float) -> AttackRecord:
    """Return what was recorded up to a time; an interval that ends later is left out."""
    if record.kind == "events":
        kept = record.times < time
        return replace(record, end=min(record.end, time), times=record.times[kept], places={}, harm=None,
                       gaps=tuple((begin, min(end, time)) for begin, end in record.gaps if begin < time))
    kept = record.ends <= time
    return replace(record, end=float(record.ends[kept][-1]) if kept.any() else record.begin,
                   starts=record.starts[kept], ends=record.ends[kept], counts=record.counts[kept], places={}, harm=None)


def last_weeks(record: AttackRecord) -> AttackRecord:
    """Return the last four weeks of a record, or the intervals that begin in them; at least the last one."""
    begin = max(record.begin, record.end - LAST_DAYS)
    if record.kind == "events":
        return replace(record, begin=begin, times=record.times[record.times >= begin], places={}, harm=None,
                       gaps=tuple((max(since, begin), upto) for since, upto in record.gaps if upto > begin))
    kept = record.starts >= begin - 1e-9
    kept[-1] = True
    return replace(record, begin=float(record.starts[kept][0]), starts=record.starts[kept], ends=record.ends[kept],
                   counts=record.counts[kept], places={}, harm=None)


def in_weeks(record: AttackRecord, begin: float, end: float) -> tuple[Floats, Floats, Whole]:
    """Return intervals between two times with their counts: weeks, or the intervals of the record if these are longer.

    Returns
    -------
    starts, ends : array, shape (intervals,)
        Whole weeks from ``begin`` on. A week that was not watched on every day is left out, as is the rest at the end.
    counts : array, shape (intervals,)
    """
    if record.kind == "counts" and (record.ends - record.starts).max() > 1.0:
        kept = (record.starts >= begin) & (record.ends <= end)
        return record.starts[kept], record.ends[kept], record.counts[kept]
    edges = np.arange(begin, end + 1e-9, 7.0)
    if record.kind == "events":
        seen = np.array([not any(a < upto and b > since for since, upto in record.gaps)
                         for a, b in pairwise(edges)], bool)
        return edges[:-1][seen], edges[1:][seen], np.histogram(record.times, edges)[0][seen]
    past = np.searchsorted(record.ends, edges, side="right")
    upto = np.concatenate([[0], np.cumsum(record.counts)])
    days = np.concatenate([[0.0], np.cumsum(record.ends - record.starts)])
    watched = np.diff(days[past]) == 7.0
    return edges[:-1][watched], edges[1:][watched], np.diff(upto[past])[watched]
