"""Turns texts into dates, times of day and whole numbers; each different text of a column is parsed once."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from sim.evidence.record import Floats, Whole
from sim.evidence.table import Column, Table
from sim.scenario.errors import shown

MISSING = -1
"""Stands for a number or a date that is missing in the file."""

BLANK = frozenset(("", "-", "–", "—", "?", "na", "n/a", "nan", "null", "none", "unknown"))
WAYS = {
    r"\d{4}-\d{1,2}-\d{1,2}": ("%Y-%m-%d",),
    r"\d{4}/\d{1,2}/\d{1,2}": ("%Y/%m/%d",),
    r"\d{8}": ("%Y%m%d",),
    r"\d{1,2}\.\d{1,2}\.\d{4}": ("%d.%m.%Y",),
    r"\d{1,2}/\d{1,2}/\d{4}": ("%d/%m/%Y", "%m/%d/%Y"),
    r"\d{1,2}-\d{1,2}-\d{4}": ("%d-%m-%Y", "%m-%d-%Y"),
    r"\d{1,2} [A-Za-z]+ \d{4}": ("%d %B %Y", "%d %b %Y"),
    r"\d{1,2}-[A-Za-z]+-\d{4}": ("%d-%B-%Y", "%d-%b-%Y"),
    r"[A-Za-z]+ \d{1,2}, \d{4}": ("%B %d, %Y", "%b %d, %Y"),
}
"""How dates are written: what they look like, and the formats in which they can be read."""

TWO_WAYS = ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y")
CLOCK = r"(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d*)?)?)(?: ?(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?"
DATE_AND_TIME = re.compile(rf"(?P<date>.+?)(?:(?:T| +){CLOCK})?", re.DOTALL)
WHOLE = re.compile(r"(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.0+)?")
YEARS = range(1900, 2101)
WRITE_DATES = "write dates as 2024-01-28"


@dataclass(frozen=True)
class Moments:
    """Dates, and times of day where they are given.

    Attributes
    ----------
    days
        Number of the day in the calendar (``date.toordinal``), `MISSING` if the file has none.
    clock
        The part of the day that has passed; NaN if the file has no time.
    """

    days: Whole
    clock: Floats


def whole_numbers(table: Table, name: str, *, needed: bool = False) -> Whole:
    """Read a column of counts.

    Parameters
    ----------
    table
        The table; problems are added to its findings.
    name
        Plain name of the column.
    needed
        Whether empty cells are problems.

    Returns
    -------
    array
        The numbers, `MISSING` for an empty cell.
    """
    column = table.columns[name]
    values = np.array([_whole(text) for text in column.texts], np.int64)
    _tell(table, column, values < MISSING, lambda text: f"in column {column.title}: {_why_not_whole(text)}")
    if needed:
        _tell(table, column, values == MISSING, lambda _: f"the {column.title} is missing; no attack is written 0")
    return np.maximum(values, MISSING)[column.codes]


def mostly_numbers(column: Column) -> bool:
    """Whether most of the different texts in a column are numbers, so that it seems to be a column of numbers."""
    told = [text for text in column.texts if text.lower() not in BLANK]
    return 2 * sum(bool(re.fullmatch(r"[-+]?[\d.,]+", text)) for text in told) > len(told)


def moments(table: Table, name: str, *, needed: bool = True) -> Moments:
    """Read a column of dates, perhaps with times of day.

    All dates of a column are read in the same format, which must be the only one in which all of them can be read.

    Parameters
    ----------
    table
        The table; problems are added to its findings.
    name
        Plain name of the column.
    needed
        Whether empty cells are problems.
    """
    column = table.columns[name]
    if needed:
        _tell(table, column, [text.lower() in BLANK for text in column.texts],
              lambda _: f"the {column.title} is missing; {WRITE_DATES}")
    dates, times, zones = [], [], []
    for text in column.texts:
        part = DATE_AND_TIME.fullmatch("" if text.lower() in BLANK else text)
        date_text, time, zone = part.groups("") if part else ("", "", "")
        dates.append(date_text)
        times.append(time)
        if part:
            zones.append(zone)
    days_by_text = _dates(table, column, dates)
    days = np.array([days_by_text[text] for text in dates], np.int64)
    _one_zone(table, column, zones)
    return Moments(days[column.codes], _clock(table, column, times))


def clock(table: Table, name: str) -> Floats:
    """Read a column of times of day: the part of the day that has passed, NaN for an empty cell."""
    column = table.columns[name]
    parts = [re.fullmatch(CLOCK, text) for text in column.texts]
    _one_zone(table, column, [part["zone"] or "" for part in parts if part])
    times = [part["time"] if part else text for part, text in zip(parts, column.texts, strict=True)]
    return _clock(table, column, times)


def _dates(table: Table, column: Column, texts: list[str]) -> dict[str, int]:
    """Return the day that each text means."""
    readings = {text: _readings(text) for text in set(texts) if text}
    _tell(table, column, [bool(text) and not readings[text] for text in texts],
          lambda text: f"{shown(text)} in column {column.title} is no date; {WRITE_DATES}")
    readable = [days_by_way for days_by_way in readings.values() if days_by_way]
    common = [way for way in readable[0] if all(way in days_by_way for days_by_way in readable)] if readable else []
    if readable and not common:
        _mixed(table, column, texts, readings)
    days = {text: days_by_way[common[0]] if common and days_by_way else MISSING
            for text, days_by_way in readings.items()}
    if common and common[0] in TWO_WAYS:
        _day_or_month_first(table, column, texts, readings, common)
    odd = {text for text, day in days.items() if day != MISSING and date.fromordinal(day).year not in YEARS}
    _tell(table, column, [text in odd for text in texts],
          lambda text: f"the date {shown(text)} lies outside the years {YEARS[0]} to {YEARS[-1]}")
    return {"": MISSING, **days}


def _readings(text: str) -> dict[str, int]:
    """Return the formats in which a text can be read as a date, and the day in each."""
    days = {}
    for way in next((ways for shape, ways in WAYS.items() if re.fullmatch(shape, text)), ()):
        try:
            days[way] = datetime.strptime(text, way).toordinal()
        except ValueError:
            continue
    return days


def _day_or_month_first(table: Table, column: Column, texts: list[str], readings: dict[str, dict[str, int]],
                        common: list[str]) -> None:
    """Note whether day or month comes first and what shows it; if nothing shows it, that is a problem."""
    day_first = common[0].startswith("%d")
    telling = [code for code, text in enumerate(texts) if len(readings.get(text, ())) == 1]
    if len(common) == 1:
        row = _first_row(table, column, telling[0])
        table.findings.note(f"in column {column.title}, {'days' if day_first else 'months'} are read as coming first, "
                            f"as {shown(texts[telling[0]])} shows", [row])
    elif any(len(set(days.values())) > 1 for days in readings.values()):
        code = next(code for code, text in enumerate(texts) if len(set(readings.get(text, {}).values())) > 1)
        first, second = (date.fromordinal(readings[texts[code]][way]) for way in common[:2])
        table.findings.problem(_first_row(table, column, code),
                               f"{shown(texts[code])} in column {column.title} may be {first} or {second}, and no "
                               f"other row tells; {WRITE_DATES}")


def _mixed(table: Table, column: Column, texts: list[str], readings: dict[str, dict[str, int]]) -> None:
    """Report the first row of each format in which dates are written."""
    first: dict[frozenset[str], int] = {}
    for code, text in enumerate(texts):
        if readings.get(text):
            first.setdefault(frozenset(readings[text]), code)
    examples = sorted((_first_row(table, column, code), texts[code]) for code in first.values())
    told = ", ".join(f"{shown(text)} (row {row})" for row, text in examples)
    table.findings.problem(examples[0][0], f"dates in column {column.title} are written in different ways: {told}; "
                           "write all as 2024-01-28")


def _clock(table: Table, column: Column, texts: list[str]) -> Floats:
    parts = {text: _part_of_day(text) for text in set(texts)}
    values = np.array([parts[text] for text in texts])
    _tell(table, column, values < 0, lambda text: f"{shown(text)} in column {column.title} is no time of day; write "
          "times as 05:30")
    return values[column.codes]


def _part_of_day(text: str) -> float:
    """Return a time as a part of the day; NaN for an empty text, -1 for an invalid one."""
    if text.lower() in BLANK:
        return np.nan
    if not re.fullmatch(r"\d{1,2}:\d{2}(:\d{2}(\.\d*)?)?", text):
        return -1.0
    hours, minutes, seconds = (*(float(part) for part in text.split(":")), 0.0)[:3]
    return (hours + (minutes + seconds / 60) / 60) / 24 if hours < 24 and minutes < 60 and seconds < 60 else -1.0


def _one_zone(table: Table, column: Column, zones: list[str]) -> None:
    different = {"UTC" if zone in ("Z", "GMT") else zone or "none" for zone in zones}
    if len(different) > 1:
        table.findings.problem(None, f"times in column {column.title} are in different time zones "
                               f"({', '.join(sorted(different))}); write all in one, without naming it")
    elif different not in (set(), {"none"}):
        table.findings.note(f"times in column {column.title} are in time zone {different.pop()} and stay in it")


def _whole(text: str) -> int:
    """Return a count; `MISSING` for an empty text, less than that for an invalid one."""
    match = WHOLE.fullmatch(text)
    if match:
        return int(match[1].replace(",", ""))
    return MISSING if text.lower() in BLANK else MISSING - 1


def _why_not_whole(text: str) -> str:
    plain = text.replace(",", "")
    if re.fullmatch(r"[-−]\d+(\.\d*)?", plain):
        return f"{shown(text)} is negative; counts are 0 or more"
    if re.fullmatch(r"\d+", plain) and len(plain) > 9:
        return f"{shown(text)} is too large; counts are below a thousand million"
    if re.fullmatch(r"\d*[.,]\d+", text):
        return f"{shown(text)} is not a whole number; counts are whole, thousands are written 1234"
    return f"{shown(text)} is not a number; counts are written 0, 1, 2, ..."


def _tell(table: Table, column: Column, wrong: NDArray[np.bool_] | list[bool], say: Callable[[str], str]) -> None:
    """Report every row whose text is wrong."""
    if np.any(wrong):
        table.findings.problems(np.asarray(wrong)[column.codes], table.rows,
                                lambda i: say(column.texts[column.codes[i]]))


def _first_row(table: Table, column: Column, code: int) -> int:
    return int(table.rows[np.argmax(column.codes == code)])
