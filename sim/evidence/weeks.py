"""Weekly numbers of events by place and kind, as published by ACLED: a row for each number above zero."""

from datetime import date

import numpy as np

from sim.evidence.events import labels_of, note_no_attacks, places_of
from sim.evidence.layouts import Layout
from sim.evidence.record import AttackRecord, Whole
from sim.evidence.table import Table
from sim.evidence.values import moments, whole_numbers

WEEK = 7


def from_weeks(table: Table, layout: Layout, begin: date | None, end: date | None) -> AttackRecord:
    """Make a record from weekly counts: the rows of a week are added up, and a week without rows had no events.

    Parameters
    ----------
    table, layout
        The rows, and what the columns mean.
    begin, end
        First and last day that were watched, both included; by default those of the first and the last week in the
        file.
    """
    findings = table.findings
    days = moments(table, layout.columns["date"]).days
    counts = whole_numbers(table, layout.columns["count"], needed=True)
    where, names = places_of(table, layout)
    findings.check()
    note_no_attacks(table, layout, counts)
    weeks = np.unique(days)
    rows = {int(day): int(table.rows[i]) for day, i in zip(*np.unique(days, return_index=True), strict=True)}
    findings.problems(np.append(False, np.diff(weeks) < WEEK), np.array([rows[int(day)] for day in weeks]),
                      lambda i: f"the week from {_date(weeks[i])} begins {weeks[i] - weeks[i - 1]} days after "
                      f"that from {_date(weeks[i - 1])}; weeks must not overlap")
    findings.check()
    starts = _grid(weeks, begin, end)
    inside = (days >= starts[0]) & (days <= starts[-1]) if len(starts) else np.zeros(len(days), bool)
    if not len(starts):
        raise findings.refuse("no week lies in the time that was watched")
    at = np.searchsorted(starts, days[inside])
    if not inside.all():
        findings.note(f"{counts[~inside].sum():,} of {counts.sum():,} events are left out: their weeks do not lie "
                      f"within the time watched, {begin or 'the first week'} to {end or 'the last week'}")
    findings.note(f"weekly numbers of events; each week has seven days, the first from {_date(starts[0])} on. Deaths "
                  "of a week tell nothing of single attacks and are not read")
    empty = len(starts) - len(np.unique(at))
    if empty:
        findings.note(f"{empty:,} of {len(starts):,} weeks have no row; they count as without events")
    between = int((starts[-1] + WEEK - starts[0]) - WEEK * len(starts))
    if between:
        findings.note(f"weeks do not follow one another; {between:,} days between them are taken as not watched")

    def summed(chosen: Whole) -> Whole:
        return np.bincount(at, np.where(chosen, counts[inside], 0), len(starts)).astype(np.int64)

    nowhere = summed(where[inside] < 0) > 0
    places = {name: np.where(nowhere, np.nan, summed(where[inside] == code)) for code, name in enumerate(names)}
    since = (starts - starts[0]).astype(float)
    guessed = tuple(name for name, day in (("begin", begin), ("end", end)) if day is None)
    return AttackRecord(
        table.path, table.sha256, "counts", date.fromordinal(int(starts[0])), 0.0, float(since[-1] + WEEK),
        starts=since, ends=since + WEEK, counts=summed(np.ones(int(inside.sum()), bool)), places=places,
        guessed=guessed, notes=tuple(findings.notes), labels=labels_of(table, layout, names))


def _grid(weeks: Whole, begin: date | None, end: date | None) -> Whole:
    """Return the first day of every week watched: the weeks in the file, and whole weeks between and around them."""
    starts: list[int] = []
    for week in weeks.tolist():
        while starts and week - starts[-1] >= 2 * WEEK:
            starts.append(starts[-1] + WEEK)
        starts.append(week)
    first = begin.toordinal() if begin else starts[0]
    last = end.toordinal() if end else starts[-1] + WEEK - 1
    starts = [*range(starts[0] - WEEK * max(0, (starts[0] - first) // WEEK), starts[0], WEEK), *starts]
    while starts[-1] + 2 * WEEK - 1 <= last:
        starts.append(starts[-1] + WEEK)
    return np.array([start for start in starts if first <= start and start + WEEK - 1 <= last], np.int64)


def _date(day: int) -> str:
    return date.fromordinal(int(day)).isoformat()
