"""Numbers, shares, means, lengths of time and lists as they stand in tables and sentences."""

import math
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sim.words.labels import date_on, date_text


def number(value: float) -> str:
    """Write a number with three digits, or all of those before the point; never as a power of ten."""
    text = f"{value:,.0f}" if not abs(value) < 100 else f"{Decimal(f'{value:.3g}'):f}"
    return ("0" if float(text.replace(",", "")) == 0 else text).replace("-", "−")


def some(number: float) -> str:
    """Write a number with two significant digits, and never as a power of ten."""
    if number < 0.001:
        return "0" if number <= 0.0 else "less than 0.001"
    if number >= 10.0:
        return f"{number:,.0f}"
    return f"{number:.{1 - math.floor(math.log10(number))}f}".rstrip("0").rstrip(".")


def counted(number: int | float, one: str, many: str = "") -> str:
    """Write a whole number of something, e.g. ``1 attack`` or ``12 attacks``."""
    return f"{number:,.0f} {one if number == 1 else many or one + 's'}"


def all_of(number: int, one: str) -> str:
    """Write that something is meant whole: ``all 12 futures``, or ``the only future`` where there is no other."""
    return f"the only {one}" if number == 1 else f"all {counted(number, one)}"


def troops(number: int | float) -> str:
    """Write a number of troops."""
    return counted(number, "soldier", "troops")


def days(number: float) -> str:
    """Write a length of time."""
    return "less than a day" if number < 1.0 else counted(math.floor(number + 0.5), "day")


def share(value: float) -> str:
    """Write a share as a percentage of one or two digits."""
    percent = 100 * value
    text = f"{percent:.0f}" if abs(percent) >= 10 or abs(percent) < 0.05 else f"{percent:.2g}"
    return f"{text} %".replace("-", "−")


def mean_text(mean: float, kind: str, start: date, end: date) -> str:
    """Write the mean of an outcome: a day, which counts from the start, as its date; a chance as a percentage."""
    if kind == "day":
        return date_text(date_on(mean, start, end))
    return f"{number(100 * mean)} %" if kind == "yes_no" else number(mean)


def listed(words: Iterable[str], most: int | None = None) -> str:
    """Join words to a list in a sentence, ``a, b and c``; where there are too many, with how many more there are."""
    said = list(words)
    if most is not None and len(said) > most:
        said = [*said[: most - 1], f"{len(said) - most + 1} more"]
    return " and ".join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else "".join(said)
