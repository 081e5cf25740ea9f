"""Read attack data: a CSV file in any of the known layouts."""

import os
from datetime import date

from sim.evidence.counts import from_dates, from_intervals, from_totals
from sim.evidence.events import from_events
from sim.evidence.layouts import KINDS, recognise
from sim.evidence.record import AttackRecord
from sim.evidence.table import Sheet
from sim.evidence.weeks import from_weeks

READERS = {
    "events": from_events,
    "acled": from_events,
    "acled_weeks": from_weeks,
    "ged": from_events,
    "intervals": from_intervals,
    "dates": from_dates,
    "totals": from_totals,
}
"""The function that makes a record from a table of each layout."""


def read(path: str | os.PathLike[str], kind: str | None = None, *, begin: date | None = None,
         end: date | None = None) -> AttackRecord:
    """Read attack data from a CSV file.

    Cells are separated by commas, semicolons or tabs. The first row names the columns, in any order:

    - *events*, one per row: ``date`` and, if known, ``time``, ``place``, ``killed``, ``wounded``, ``wounded_final``,
      ``reported`` (the day of the report) and ``id``. If a time of day is missing, events are counted by day.
    - *counts*: ``from``, ``to`` (both days included) and ``count``; or ``date`` and ``count`` at regular dates, each
      count covering the time from its date to the next. Any other column of numbers is a place. An empty count means
      that nobody counted.
    - *cumulative counts*: ``date`` and ``total`` up to the end of that date, and a column for each place, which is
      empty if a report does not mention the place. A first row with total 0 says when counting began. If a total falls,
      earlier reports were revised; those that are higher than a later one are left out.
    - exports of ACLED (events, or numbers by week) and of UCDP GED, as published. Places are countries. All events of
      the export count, so filter out those that are not attacks.

    Names of places become like keys of theatres: in small letters, joined by ``_``.

    Parameters
    ----------
    path
        The file.
    kind
        ``events``, ``counts`` or ``cumulative``; None to recognise it by the names of the columns.
    begin, end
        First and last day that were watched, both included. Events and counts outside this time are left out. By
        default, events were watched from the day of the first to that of the last, and the record's `guessed` says so.
        The total of a first cumulative report counts from `begin` on; without it, that report is the base line.

    Returns
    -------
    AttackRecord
        The attacks. Its notes say what was repaired, left out or assumed.

    Raises
    ------
    DataError
        The file cannot be used; with all problems at once.
    ValueError
        There is no such kind.
    """
    if kind not in (None, *KINDS):
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
    sheet = Sheet(path)
    if begin is not None and end is not None and begin > end:
        raise sheet.findings.refuse(f"the first day watched, {begin}, lies after the last, {end}")
    layout = recognise(sheet.titles, kind, sheet.findings)
    table = sheet.table({*layout.columns.values(), *layout.others})
    return READERS[layout.title](table, layout, begin, end)
