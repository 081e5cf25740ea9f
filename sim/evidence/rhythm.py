"""Dates that are not days, and attacks at certain hours: both would look as if attacks set each other off.

A date may be that of a week, of a month or of a publication; then all attacks of a week seem to fall on one day. Any
process that knows no calendar, self-excited or not, spreads attacks evenly over weekdays and hours. The tests ask for
that. If an even spread is ruled out, attacks are counted over longer intervals, within which their order is unknown.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from sim.evidence.errors import DataError
from sim.evidence.record import AttackRecord, Floats, Whole

UNLIKELY = 1e-6
"""Chance, in each of the three tests, that a record with an even spread is taken for one without."""
FEWEST = 10
"""With fewer attacks, nothing is tested."""
BLOCKS = 8
"""Into how many parts a day is divided to compare times of day."""
WAYS = ("time", "day", "week", "month")
"""How a user may have attacks counted; ``time`` takes times of day as they are."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def regular(record: AttackRecord, by: str | None = None) -> AttackRecord:
    """Count attacks by day, week or month where their dates or times cannot be taken as they are.

    Parameters
    ----------
    record
        Events or daily counts; counts over longer intervals stay as they are.
    by
        One of `WAYS`, to count in this way whatever the dates are like; decided by the dates when left out.

    Returns
    -------
    AttackRecord
        The record, with a note on what was found and what was done about it.

    Raises
    ------
    DataError
        Counts over longer intervals cannot be counted by day, week or month.
    ValueError
        There is no such way.
    """
    if by not in (None, *WAYS):
        raise ValueError(f"by must be one of {', '.join(WAYS)}, not {by!r}")
    if record.kind == "counts" and (record.ends - record.starts != 1.0).any():
        if by is not None:
            raise DataError((f"{record.path.name}: only events and daily counts can be counted by {by}",))
        return record
    pattern = _found(record)
    if pattern is None:
        return record if by in (None, "time") or by == _now(record) else _counted(record, by)
    way, what = pattern
    if by is None:
        told = _noted(record, f"{what}; so attacks are counted by {way} (--by time takes the data as they are)")
        return _counted(told, way)
    told = _noted(record, f"{what}; they are counted by {by} all the same, as asked for (--by {by})")
    return told if by == "time" or by == _now(record) else _counted(told, by)


def _now(record: AttackRecord) -> str:
    return "time" if record.kind == "events" else "day"


def _noted(record: AttackRecord, note: str) -> AttackRecord:
    return replace(record, notes=(*record.notes, note))


def _found(record: AttackRecord) -> tuple[str, str] | None:
    """Return how attacks should be counted, and why; None if there is nothing wrong with their dates."""
    if record.attacks < FEWEST:
        return None
    starts, counts = days_of(record)
    days = [record.first_day + timedelta(days=int(start)) for start in starts]
    if (much := _day_of_month(days, counts)) is not None:
        day, share = much
        return "month", (f"{share:.0%} of all attacks are dated to day {day} of a month, which chance rules out: those "
                         "dates are probably of a month, not of a day")
    weekday = np.array([day.weekday() for day in days])
    if _uneven(counts, weekday) < UNLIKELY:
        shares = np.bincount(weekday, counts, 7) / counts.sum()
        return "week", (f"{shares.max():.0%} of all attacks are dated to a {WEEKDAYS[int(shares.argmax())]} and "
                        f"{shares.min():.0%} to a {WEEKDAYS[int(shares.argmin())]}, which chance rules out: those "
                        "dates are probably of a week or of a publication, not of a day")
    if record.kind == "events":
        hours, busy = _hours(record, starts)
        if _uneven(hours, busy) < UNLIKELY:
            shares = np.bincount(busy, hours, BLOCKS) / hours.sum()
            most, long = int(shares.argmax()), 24 // BLOCKS
            return "day", (f"{shares.max():.0%} of all attacks come between {most * long:02d}:00 and "
                           f"{(most + 1) * long:02d}:00, which chance rules out: that would look as if attacks set "
                           "each other off within hours")
    return None


def _uneven(counts: Whole, groups: Whole) -> float:
    """Return the p-value of the test of Kruskal and Wallis. It uses ranks, so a burst of attacks has little weight."""
    from scipy.stats import kruskal

    parts = [counts[groups == group] for group in np.unique(groups)]
    if len(parts) < 2 or (counts == counts[0]).all():
        return 1.0
    return float(kruskal(*parts).pvalue)


def _day_of_month(days: list[date], counts: Whole) -> tuple[int, float] | None:
    """Return the day of the month on which attacks are too frequent, and its share of all attacks."""
    from scipy.stats import hypergeom

    number = np.array([day.day for day in days])
    active = counts > np.median(counts)
    chances = [31 * hypergeom.sf((active & (number == day)).sum() - 1, len(days), (number == day).sum(), active.sum())
               for day in range(1, 32)]
    best = int(np.argmin(chances))
    return (best + 1, float(counts[number == best + 1].sum() / counts.sum())) if chances[best] < UNLIKELY else None


def _hours(record: AttackRecord, starts: Floats) -> tuple[Whole, Whole]:
    """Return the attacks in each part of each day watched, and which part of the day it is."""
    block = np.floor(record.times * BLOCKS).astype(np.int64)
    first = (starts * BLOCKS).astype(np.int64)
    cells = (first[:, None] + np.arange(BLOCKS)).ravel()
    counts = np.bincount(np.searchsorted(cells, block), minlength=len(cells))[: len(cells)]
    return counts, np.tile(np.arange(BLOCKS), len(starts))


def days_of(record: AttackRecord) -> tuple[Floats, Whole]:
    """Return the days that were watched, and the attacks on each."""
    if record.kind == "counts":
        return record.starts, record.counts
    starts = np.concatenate([np.arange(begin, end) for begin, end in record.spans])
    return starts, np.bincount(np.searchsorted(starts, np.floor(record.times)), minlength=len(starts))


def _counted(record: AttackRecord, way: str) -> AttackRecord:
    """Return a record as counts by day, week or month; what was not watched from end to end is left out."""
    starts, counts = days_of(record)
    begins, lengths = np.array(list(_pieces(record, starts, counts, way))).T
    piece = np.searchsorted(begins, starts, side="right") - 1
    inside = (piece >= 0) & (starts < (begins + lengths)[piece])
    seen = np.bincount(piece[inside], minlength=len(begins))
    complete = seen == lengths
    if way != "day":
        complete |= _stand_for_all(record, starts, counts, begins, lengths)
    kept = inside & complete[piece]
    totals = np.bincount(piece[kept], counts[kept], len(begins)).astype(np.int64)
    left = int(counts.sum() - totals[complete].sum())
    if not complete.any():
        raise DataError((f"{record.path.name}: no {way} was watched from end to end",))
    places = {name: np.bincount(piece[kept], at[kept], len(begins))[complete]
              for name, at in _places_by_day(record, starts).items()}
    counted = replace(record, kind="counts", times=np.empty(0), gaps=(), guessed=(), begin=float(begins[complete][0]),
                      end=float((begins + lengths)[complete][-1]), starts=begins[complete].astype(float),
                      ends=(begins + lengths)[complete].astype(float), counts=totals[complete], places=places)
    if left:
        counted = _noted(counted, f"{left:,} attacks are left out: their {way} was not watched from end to end")
    return counted


def _pieces(record: AttackRecord, starts: Floats, counts: Whole, way: str) -> Iterator[tuple[int, int]]:
    """Yield the first day and the length of each day, week or month that the record touches."""
    first, last = int(starts[0]), int(starts[-1])
    if way == "day":
        yield from ((int(start), 1) for start in starts)
    elif way == "week":  # begins on the weekday with most attacks: a date may stand for days before or after it
        shares = np.bincount((starts.astype(np.int64) + record.first_day.weekday()) % 7, counts, 7)
        anchor = (int(shares.argmax()) - record.first_day.weekday()) % 7
        begin = first - (first - anchor) % 7
        yield from ((day, 7) for day in range(begin, last + 1, 7))
    else:
        day = (record.first_day + timedelta(days=first)).replace(day=1)
        while (begin := (day - record.first_day).days) <= last:
            day = (day + timedelta(days=31)).replace(day=1)
            yield begin, (day - record.first_day).days - begin


def _stand_for_all(record: AttackRecord, starts: Floats, counts: Whole, begins: Whole, lengths: Whole) -> Floats:
    """Return which pieces at a guessed end count as watched: both, if the attacks of every piece share one date."""
    piece = np.searchsorted(begins, starts[counts > 0], side="right") - 1
    stands = np.zeros(len(begins), bool)
    if len(np.unique(piece)) < len(piece):
        return stands
    stands[0] = "begin" in record.guessed
    stands[-1] |= "end" in record.guessed
    return stands


def _places_by_day(record: AttackRecord, starts: Floats) -> dict[str, Floats]:
    if record.kind == "counts":
        return record.places
    at = np.searchsorted(starts, np.floor(record.times))
    return {name: np.bincount(at, here, len(starts)).astype(float) for name, here in record.places.items()}
