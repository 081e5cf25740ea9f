"""Errors in texts that were meant as dates."""

import calendar
import re

EXAMPLE = "2024-02-12"
WRITTEN = f"dates are written year, month, day, such as {EXAMPLE}"
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
OTHER = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}"  # 12.02.2024, 2024/02/12
                   r"|\d{1,2}\.? [A-Za-z]{3,9}\.?,? \d{4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}")


def date_fault(text: str) -> str:
    """Say why a text that looks like a date is not valid, or how to write it; empty for any other text."""
    if match := ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
        if not 1 <= month <= 12:
            return f"{text} is not a date: there is no month {month}; {WRITTEN}"
        days = calendar.monthrange(year, month)[1] if year else 31
        if not 1 <= day <= days or not year:
            return f"{text} is not a date: that month has {days} days; {WRITTEN}"
        right = f"{year:04}-{month:02}-{day:02}"
        return "" if text == right else f"{text} is written {right}; months and days have two digits"
    return f"{text} is not written as a date; {WRITTEN}" if OTHER.fullmatch(text) else ""
