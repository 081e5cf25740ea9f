"""Counts over intervals of time: from day to day, at regular dates, or as differences of cumulative reports."""

from datetime import date

import numpy as np

from sim.evidence.findings import listed
from sim.evidence.layouts import MOST_PLACES, NO_PLACES, Layout
from sim.evidence.record import AttackRecord, Floats, Whole
from sim.evidence.table import Table
from sim.evidence.values import MISSING, moments, mostly_numbers, whole_numbers
from sim.scenario.errors import some


def from_intervals(table: Table, layout: Layout, begin: date | None, end: date | None) -> AttackRecord:
    """Make a record from counts with the first and the last day of each interval, both included."""
    first, last = (moments(table, layout.columns[name]).days for name in ("from", "to"))
    counts = whole_numbers(table, layout.columns["count"])
    places = _places(table, layout, counts)
    both_given = (first != MISSING) & (last != MISSING)
    table.findings.problems(both_given & (last < first), table.rows, lambda i: f"the interval ends on {_day(last[i])}, "
                            f"before it begins on {_day(first[i])}")
    table.findings.check()
    order = _by_date(table, first)
    first, last, rows = first[order], last[order], table.rows[order]
    table.findings.problems(np.append(False, first[1:] <= np.maximum.accumulate(last)[:-1]), rows,
                            lambda i: f"the interval from {_day(first[i])} to {_day(last[i])} overlaps that of "
                            f"row {rows[np.argmax(last[:i])]}")
    table.findings.check()
    return _record(table, first, last + 1, counts[order], {name: at[order] for name, at in places.items()}, rows, begin,
                   end)


def from_dates(table: Table, layout: Layout, begin: date | None, end: date | None) -> AttackRecord:
    """Make a record from counts at regular dates, each of which begins an interval."""
    days = moments(table, layout.columns["date"]).days
    counts = whole_numbers(table, layout.columns["count"])
    places = _places(table, layout, counts)
    table.findings.check()
    order = _by_date(table, days)
    _no_date_twice(table, days, order)
    days = days[order]
    ends = _ends(table, days, table.rows[order])
    gaps = np.flatnonzero(ends[:-1] < days[1:])
    if len(gaps):
        table.findings.note(f"nothing is said about the time just before {'these dates' if len(gaps) > 1 else 'this'}, "
                            f"{(days[1:] - ends[:-1]).sum():,} days; it is taken as not watched, not as without "
                            "attacks", table.rows[order][gaps + 1])
    return _record(table, days, ends, counts[order], {name: at[order] for name, at in places.items()},
                   table.rows[order], begin, end)


def from_totals(table: Table, layout: Layout, begin: date | None, end: date | None) -> AttackRecord:
    """Make a record from cumulative counts, each up to the end of its date."""
    days = moments(table, layout.columns["date"]).days
    totals = whole_numbers(table, layout.columns["total"])
    places = _places(table, layout, totals)
    table.findings.check()
    order = _by_date(table, days)
    _no_date_twice(table, days, order)
    if (totals == MISSING).any():
        table.findings.note("the total is not given; the report is left out", table.rows[totals == MISSING])
        order = order[totals[order] != MISSING]
        if not len(order):
            raise table.findings.refuse("no report gives a total")
    order = order[_standing(table, totals[order], table.rows[order], "the total")]
    reports = {name: _with_gaps(table, at[order], table.rows[order], name) for name, at in places.items()}
    limits, totals, rows = days[order] + 1, totals[order], table.rows[order]
    if begin is not None and begin.toordinal() < limits[0]:
        limits, totals = np.append(begin.toordinal(), limits), np.append(0, totals)
        reports = {name: np.append(0.0, at) for name, at in reports.items()}
    elif totals[0]:
        table.findings.note("the first report is the base line only: the file does not say since when its "
                            f"{totals[0]:,} attacks are counted; give the first day watched (--begin) to "
                            "have them counted", rows[:1])
    if len(limits) < 2:
        raise table.findings.refuse("one report of a cumulative count gives no interval; there have to be two, or the "
                                    "first day watched (--begin)")
    counts = np.diff(totals)
    split = _split(table, counts, reports, rows[-len(counts):])
    return _record(table, limits[:-1], limits[1:], counts, split, rows[-len(counts):], begin, end)


def _split(table: Table, counts: Whole, reports: dict[str, Floats], rows: Whole) -> dict[str, Floats]:
    """Return the counts of places between reports; NaN if one of the two reports does not name the place."""
    split = {name: np.diff(at) for name, at in reports.items()}
    if not split:
        return split
    late = np.nansum(list(split.values()), axis=0) > counts
    if late.any():
        table.findings.note("since the report before, places rise by more than the total, as when attacks are assigned "
                            "to a place late; how many there were at each place is taken as not known", rows[late])
    split = {name: np.where(late, np.nan, at) for name, at in split.items()}
    for name, at in split.items():
        if np.isnan(at).any():
            table.findings.note(f"{name} is known in {(~np.isnan(at)).sum():,} of {len(at):,} intervals only, those at "
                                "both ends of which its count is reported")
    return split


def _places(table: Table, layout: Layout, totals: Whole) -> dict[str, Floats]:
    """Read the columns of places: those that hold numbers and have no other meaning. NaN for an empty cell."""
    given = [name for name in layout.others if not table.columns[name].empty]
    unread = {name for name in given if not table.columns[name].title or name in NO_PLACES or
              not mostly_numbers(table.columns[name])}
    if unread:
        table.findings.note(f"not read: {some(table.columns[name].title or name for name in given if name in unread)}")
    named = [name for name in given if name not in unread]
    if len(named) > MOST_PLACES:
        table.findings.note(f"{len(named):,} columns seem to be places; they are not distinguished, since there are "
                            f"more than {MOST_PLACES}")
        return {}
    places = {}
    for name in named:
        values = whole_numbers(table, name)
        places[name] = np.where(values == MISSING, np.nan, values)
    if places:
        sums = np.nansum(list(places.values()), axis=0)
        table.findings.problems((sums > totals) & (totals != MISSING), table.rows, lambda i: "the places "
                                f"({some(places)}) add up to {sums[i]:.0f}, more than the {totals[i]} of all")
    return places


def _by_date(table: Table, days: Whole) -> Whole:
    """Return the order of the rows by date."""
    order = np.argsort(days, kind="stable")
    step = np.diff(days) < 0
    if step.any():
        table.findings.note("the rows are not in order of date; they are sorted", [int(table.rows[1:][step][0])])
    return order


def _no_date_twice(table: Table, days: Whole, order: Whole) -> None:
    days, rows = days[order], table.rows[order]
    table.findings.problems(np.append(False, np.diff(days) == 0), rows, lambda i: f"the date {_day(days[i])} stands in "
                            f"row {rows[i - 1]} too; each date has one count")
    table.findings.check()


def _ends(table: Table, days: Whole, rows: Whole) -> Whole:
    """Return the day after each interval; every interval is as long as the usual distance between dates."""
    if len(days) < 2:
        raise table.findings.refuse("a single date does not tell which time its count covers; write from, to and count")
    dates = [date.fromordinal(int(day)) for day in days]
    monthly = all(day.day == 1 for day in dates)
    steps = np.diff([12 * day.year + day.month for day in dates] if monthly else days)
    lengths, often = np.unique(steps, return_counts=True)
    length = int(lengths[np.argmax(often)])
    unit = "month" if monthly else "day"
    table.findings.problems(np.append(False, steps % length != 0), rows, lambda i: f"{_day(days[i])} comes "
                            f"{steps[i - 1]} {unit}s after row {rows[i - 1]}, where most dates are {length} apart; "
                            "write from, to and count for intervals of different lengths")
    table.findings.check()
    covered = f"the {length} {unit}s from its date on" if length > 1 else f"one {unit} from its date on"
    table.findings.note(f"each count is taken to cover {covered}")
    if not monthly:
        return days + length
    months = [12 * day.year + day.month - 1 + length for day in dates]
    return np.array([date(month // 12, month % 12 + 1, 1).toordinal() for month in months])


def _with_gaps(table: Table, values: Floats, rows: Whole, name: str) -> Floats:
    """Return the reports of a place, without those that a later, lower one contradicts."""
    given = np.flatnonzero(~np.isnan(values))
    standing = given[_standing(table, values[given], rows[given], f"the count of {name}")]
    left = np.full(len(values), np.nan)
    left[standing] = values[standing]
    return left


def _standing(table: Table, values: Floats | Whole, rows: Whole, what: str) -> Whole:
    """Return which reports of a cumulative count are valid: those that are not higher than a later one."""
    lowest_yet_to_come = np.minimum.accumulate(values[::-1])[::-1]
    contradicted = values > lowest_yet_to_come
    falls = np.flatnonzero(np.diff(values) < 0) + 1
    if len(falls) > max(2, len(values) / 5):
        raise table.findings.refuse(f"{what} falls {len(falls):,} times in {len(values):,} reports "
                                    f"({listed(rows[falls])}), which a cumulative count does not do; say --kind "
                                    "counts if each number stands for itself")
    if contradicted.any():
        table.findings.note(f"{what} was higher than reported later ({listed(rows[falls])}), so it was revised; the "
                            "earlier report is left out", rows[contradicted])
    return np.flatnonzero(~contradicted)


def _record(table: Table, starts: Whole, ends: Whole, counts: Whole, places: dict[str, Floats], rows: Whole,
            begin: date | None, end: date | None) -> AttackRecord:
    """Make a record of the intervals that lie within the time watched."""
    unknown = counts == MISSING
    if unknown.any():
        table.findings.note(f"the count is not given for {_days((ends - starts)[unknown].sum())}; they are taken as "
                            "not watched, not as without attacks", rows[unknown])
    starts, ends, counts = starts[~unknown], ends[~unknown], counts[~unknown]
    places = {name: at[~unknown] for name, at in places.items()}
    inside = np.ones(len(starts), bool)
    if begin is not None:
        inside &= starts >= begin.toordinal()
    if end is not None:
        inside &= ends <= end.toordinal() + 1
    if not inside.any():
        raise table.findings.refuse("no interval lies in the time that was watched")
    if not inside.all():
        table.findings.note(f"{(~inside).sum():,} of {len(inside):,} intervals are left out: they do not lie within "
                            f"the time watched, {begin or 'the first day'} to {end or 'the last day'}")
    if inside.all() and begin is not None and begin.toordinal() < starts[0]:
        table.findings.note(f"counts begin on {_day(starts[0])} only; the time from {begin} until then is taken as not "
                            "watched")
    if inside.all() and end is not None and end.toordinal() >= ends[-1]:
        table.findings.note(f"counts end on {_day(ends[-1] - 1)} already; the time from then to {end} is taken as not "
                            "watched")
    first = int(starts[inside][0])
    since, until = ((days[inside] - first).astype(float) for days in (starts, ends))
    return AttackRecord(table.path, table.sha256, "counts", date.fromordinal(first), 0.0, float(until[-1]),
                        starts=since, ends=until, counts=counts[inside],
                        places={name: at[inside] for name, at in places.items()}, notes=tuple(table.findings.notes),
                        labels={name: table.columns[name].title for name in places})


def _days(number: np.int64) -> str:
    return f"{number:,} day{'' if number == 1 else 's'}"


def _day(day: np.int64) -> str:
    return date.fromordinal(int(day)).isoformat()
