"""Dated events, one per row: attacks at known times, or counts by day if times of day are not known."""

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.evidence.findings import Findings
from sim.evidence.layouts import MOST_PLACES, Layout
from sim.evidence.record import AttackRecord, Floats, Harm, Whole
from sim.evidence.table import Column, Table, plain
from sim.evidence.values import BLANK, MISSING, Moments, clock, moments, whole_numbers

HARM = ("killed", "wounded", "wounded_final")
NO_ATTACKS = ("protests", "riots", "strategic developments")

Rows = NDArray[np.bool_]


def from_events(table: Table, layout: Layout, begin: date | None, end: date | None) -> AttackRecord:
    """Make a record from a table of events.

    Parameters
    ----------
    table, layout
        The rows, and what the columns mean.
    begin, end
        First and last day that were watched, both included; by default the days of the first and the last event.
    """
    findings = table.findings
    when = _when(table, layout)
    numbers = {name: whole_numbers(table, layout.columns[name]) for name in HARM if name in layout.columns}
    if "reported" in layout.columns:
        numbers["reported"] = _reported(table, layout.columns["reported"], when)
    where, names = places_of(table, layout)
    _doubts(table, layout, when)
    findings.check()
    keep = _once(table, layout) & _watched(table, when, begin, end)
    if not keep.any() and (begin is None or end is None):
        raise findings.refuse("no event lies in the time that was watched")
    order = _in_order(table, layout, keep, [when.days, when.clock, where, *numbers.values()])
    days, where = when.days[order], where[order]
    first, last = begin.toordinal() if begin else int(days[0]), end.toordinal() if end else int(days[-1])
    guessed = tuple(name for name, day in (("begin", begin), ("end", end)) if day is None)
    record = AttackRecord(table.path, table.sha256, "events", date.fromordinal(first), 0.0, float(last - first + 1),
                          guessed=guessed, labels=labels_of(table, layout, names),
                          harm=_harm({name: values[order] for name, values in numbers.items()}, days, where, layout))
    if _timed(findings, when.clock[order] if len(order) else when.clock):
        record = replace(record, times=days - first + when.clock[order],
                         places={name: (where == code).astype(float) for code, name in enumerate(names)})
    else:
        record = _by_day(record, days - first, where, names)
    return replace(record, notes=tuple(findings.notes))


def _when(table: Table, layout: Layout) -> Moments:
    when = moments(table, layout.columns["date"])
    if "time" in layout.columns:
        times = clock(table, layout.columns["time"])
        return Moments(when.days, np.where(np.isnan(times), when.clock, times))
    return when


def _reported(table: Table, name: str, when: Moments) -> Whole:
    reported = moments(table, name, needed=False).days
    early = (reported != MISSING) & (when.days != MISSING) & (reported < when.days)
    table.findings.problems(early, table.rows, lambda i: f"the attack of {date.fromordinal(int(when.days[i]))} is "
                            f"reported earlier, on {date.fromordinal(int(reported[i]))}")
    return reported


def places_of(table: Table, layout: Layout) -> tuple[Whole, list[str]]:
    """Return the index of each event's place in the list of places (-1 if it has none), and that list."""
    nowhere = np.full(len(table.rows), -1, np.int64)
    if "place" not in layout.columns:
        return nowhere, []
    column = table.columns[layout.columns["place"]]
    spelt = ["" if text.lower() in BLANK else plain(text) for text in column.texts]
    names = sorted({name for name in spelt if name})
    if len(names) > MOST_PLACES:
        table.findings.note(f"column {column.title} names {len(names):,} places; they are not distinguished, since "
                            f"there are more than {MOST_PLACES}")
        return nowhere, []
    where = np.array([names.index(name) if name else -1 for name in spelt])[column.codes]
    if names and (where < 0).any():
        table.findings.note("the place is not given; attacks there count in total only", table.rows[where < 0])
    return where, names


def _doubts(table: Table, layout: Layout, when: Moments) -> None:
    """Note the peculiarities of exports: uncertain dates, deaths on all sides, events that are not attacks."""
    events, findings = len(table.rows), table.findings
    if layout.title in ("acled", "ged"):
        findings.note(f"killed is column {table.columns[layout.columns['killed']].title}: dead on all sides")
    if "precision" in layout.columns:
        precision = whole_numbers(table, layout.columns["precision"])
        if layout.title == "acled" and (precision > 1).any():
            findings.note(f"{(precision > 1).sum():,} of {events:,} events are dated to the week or month only "
                          "(time_precision 2 or 3); each counts on the day that the file gives")
        if layout.title == "ged":
            until = moments(table, layout.columns["until"]).days if "until" in layout.columns else when.days
            findings.problems((until < when.days) & (until != MISSING), table.rows,
                              lambda i: "date_end lies before date_start")
            vague, long = (precision > 1) | (until > when.days), (precision > 2) | (until > when.days + 6)
            if vague.any():
                findings.note(f"{vague.sum():,} of {events:,} events are not dated to the day (date_prec above 1, or "
                              f"several days from date_start to date_end), {long.sum():,} of them to a week or less "
                              "precisely; each counts on its first day, date_start")
    note_no_attacks(table, layout, np.ones(events, np.int64))


def note_no_attacks(table: Table, layout: Layout, numbers: Whole) -> None:
    """Note how many events are not attacks by their type; each row stands for a number of events."""
    if "type" not in layout.columns:
        return
    column = table.columns[layout.columns["type"]]
    doubtful = np.array([text.lower() in NO_ATTACKS for text in column.texts])[column.codes]
    if numbers[doubtful].any():
        table.findings.note(f"{numbers[doubtful].sum():,} of {numbers.sum():,} events are protests, riots or strategic "
                            "developments; they count as attacks, so leave them out of the export if they are none")


def _once(table: Table, layout: Layout) -> Rows:
    """Return which rows do not repeat the number of an earlier event."""
    keep = np.ones(len(table.rows), bool)
    if "id" in layout.columns:
        column: Column = table.columns[layout.columns["id"]]
        keep[:] = False
        keep[np.unique(column.codes, return_index=True)[1]] = True
        keep |= np.array([text.lower() in BLANK for text in column.texts])[column.codes]
        if not keep.all():
            table.findings.note(f"left out, since an earlier row has the same {column.title}", table.rows[~keep])
    return keep


def _watched(table: Table, when: Moments, begin: date | None, end: date | None) -> Rows:
    """Return which events lie in the time that was watched."""
    inside = np.ones(len(table.rows), bool)
    if begin is not None:
        inside &= when.days >= begin.toordinal()
    if end is not None:
        inside &= when.days <= end.toordinal()
    if not inside.all():
        table.findings.note(f"{(~inside).sum():,} of {len(inside):,} events are left out: they lie outside the time "
                            f"watched, {begin or 'the first event'} to {end or 'the last event'}")
    return inside


def _in_order(table: Table, layout: Layout, keep: Rows, said: list[Floats | Whole]) -> Whole:
    """Return the rows to keep, sorted by content (time first), so that the order in the file does not matter."""
    rows = np.flatnonzero(keep)
    keys = [np.where(np.isnan(values[rows]), -1, values[rows]) for values in said]
    order = np.lexsort(keys[::-1])
    step = np.diff(keys[0]) < 0
    if step.any():
        table.findings.note("the rows are not in order of date; they are sorted", [int(table.rows[rows[1:][step][0]])])
    if "id" not in layout.columns and len(rows) > 1:
        alike = np.all([np.diff(key[order]) == 0 for key in keys], axis=0)
        if alike.any():
            twins = np.sort(table.rows[rows[order[1:][alike]]])
            table.findings.note("the same as an earlier row in everything that is read; kept, since two attacks may "
                                "look alike", twins)
    return rows[order]


def labels_of(table: Table, layout: Layout, names: list[str]) -> dict[str, str]:
    """Return how the file first spells each place."""
    texts = table.columns[layout.columns["place"]].texts if names else []
    return {plain(text): text for text in reversed(texts) if plain(text) in names}


def _harm(numbers: dict[str, Whole], days: Whole, where: Whole, layout: Layout) -> Harm | None:
    if not numbers:
        return None
    unknown = np.full(len(days), MISSING, np.int64)
    reported = numbers.get("reported", unknown)
    delay = np.where(reported == MISSING, np.nan, reported - days)
    return Harm(numbers.get("killed", unknown), numbers.get("wounded", unknown), numbers.get("wounded_final", unknown),
                delay, where, layout.title)


def _timed(findings: Findings, times: Floats) -> bool:
    """Return whether times of day are known for all events."""
    has_time = ~np.isnan(times)
    if has_time.all() and times.any():
        return True
    if has_time.all():
        why = "every time of day is 00:00, as of dates without a time"
    elif has_time.any():
        why = f"{(~has_time).sum():,} of {len(has_time):,} events have no time of day"
    else:
        why = "the file has dates without times of day"
    findings.note(f"{why}; so events are counted by day")
    return False


def _by_day(record: AttackRecord, days: Whole, where: Whole, names: list[str]) -> AttackRecord:
    """Count events by day, days without any included; where a place is not given, no place's count is known."""
    length = int(record.end)
    nowhere = np.bincount(days[where < 0], minlength=length) > 0
    places = {name: np.where(nowhere, np.nan, np.bincount(days[where == code], minlength=length))
              for code, name in enumerate(names)}
    return replace(record, kind="counts", starts=np.arange(length, dtype=float), ends=np.arange(1.0, length + 1),
                   counts=np.bincount(days, minlength=length).astype(np.int64), places=places)
