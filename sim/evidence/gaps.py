"""Times that were not watched, as marked by the user: nothing is fitted to them or compared with them."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from sim.evidence.errors import DataError
from sim.evidence.layouts import NAMES
from sim.evidence.record import AttackRecord
from sim.evidence.table import Sheet, plain
from sim.evidence.values import MISSING, moments

Gaps = str | os.PathLike[str] | Sequence[tuple[date, date]]
"""A file, or the first and the last day of each gap."""


def mask(record: AttackRecord, gaps: Gaps) -> AttackRecord:
    """Return a record without what falls into gaps.

    An interval of counts that touches a gap is left out as a whole, since nobody knows how many of its attacks fell
    into the rest of it.

    Parameters
    ----------
    record
        The record.
    gaps
        The days that were not watched: a CSV file with columns ``begin`` and ``end``, both days included, and perhaps
        ``place``; or pairs of dates. A gap in one place is a gap in the total, which is what is fitted. A file
        without rows says that there are none.

    Raises
    ------
    DataError
        The file cannot be used, or nothing is left.
    """
    notes: list[str] = []
    spans = []
    marked = _read(gaps, record, notes) if isinstance(gaps, str | os.PathLike) else list(gaps)
    for first, last in marked:
        begin, end = ((day - record.first_day).days for day in (first, last))
        if first > last:
            raise DataError((f"a gap ends on {last}, before it begins on {first}",))
        if end < record.begin or begin >= record.end:
            notes.append(f"the gap from {first} to {last} lies outside the record")
        else:
            spans.append((float(begin), float(end + 1)))
    if not spans:
        return replace(record, notes=(*record.notes, *notes))
    return _without(record, _united(spans), notes)


def _read(path: str | os.PathLike[str], record: AttackRecord, notes: list[str]) -> list[tuple[date, date]]:
    """Return the first and the last day of each gap in a file; gaps in places that the record lacks are noted."""
    sheet = Sheet(path)
    names = {meaning: next((name for name in NAMES[of] if name in sheet.titles), None)
             for meaning, of in (("begin", "from"), ("end", "to"), ("place", "place"))}
    if names["begin"] is None or names["end"] is None:
        raise sheet.findings.refuse(f"needs the columns begin and end; it has {', '.join(sheet.titles.values())}", 1)
    table = sheet.table([name for name in names.values() if name], may_be_empty=True)
    first, last = (moments(table, str(names[which])).days for which in ("begin", "end"))
    table.findings.problems((first != MISSING) & (last != MISSING) & (last < first), table.rows,
                            lambda i: f"the gap ends on {date.fromordinal(int(last[i]))}, before it begins on "
                            f"{date.fromordinal(int(first[i]))}")
    table.findings.check()
    kept = np.ones(len(table.rows), bool)
    if names["place"]:
        column = table.columns[names["place"]]
        here = np.array([not text or not record.places or plain(text) in record.places for text in column.texts], bool)
        kept = here[column.codes]
        if not kept.all():
            table.findings.note("left out, since the data have no such place", table.rows[~kept])
    notes += table.findings.notes
    return [(date.fromordinal(int(a)), date.fromordinal(int(b))) for a, b in zip(first[kept], last[kept], strict=True)]


def _united(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return spans in order, with those that overlap or touch merged."""
    united: list[tuple[float, float]] = []
    for begin, end in sorted(spans):
        if united and begin <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((begin, end))
    return united


def _without(record: AttackRecord, gaps: list[tuple[float, float]], notes: list[str]) -> AttackRecord:
    days = sum(min(end, record.end) - max(begin, record.begin) for begin, end in gaps)
    if record.kind == "events":
        out = np.any([(record.times >= begin) & (record.times < end) for begin, end in gaps], axis=0)
        what = f"{out.sum():,} attack{'' if out.sum() == 1 else 's'}"
    else:
        out = np.any([(record.starts < end) & (record.ends > begin) for begin, end in gaps], axis=0)
        attacks = record.counts[out].sum()
        what = f"{out.sum():,} interval{'' if out.sum() == 1 else 's'} with {attacks:,} attacks"
    if out.all():
        raise DataError((f"{record.path.name}: nothing is left of the record outside the gaps",))
    notes = [*record.notes, *notes, f"{days:,.0f} days are marked as not watched; {what} are left out"]
    places = {name: at[~out] for name, at in record.places.items()}
    if record.kind == "counts":
        return replace(record, begin=float(record.starts[~out][0]), end=float(record.ends[~out][-1]),
                       starts=record.starts[~out], ends=record.ends[~out], counts=record.counts[~out], places=places,
                       notes=tuple(notes))
    inner = [gap for gap in gaps if gap[0] > record.begin and gap[1] < record.end]
    begin = max([record.begin, *(end for begin, end in gaps if begin <= record.begin)])
    end = min([record.end, *(begin for begin, end in gaps if end >= record.end)])
    return replace(record, begin=begin, end=end, gaps=tuple(inner), times=record.times[~out], places=places,
                   harm=record.harm and record.harm.only(~out), notes=tuple(notes))
