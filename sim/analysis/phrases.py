"""Numbers, shares, means and lists as they stand in tables and sentences."""

from collections.abc import Iterable
from datetime import date

from sim.analysis.labels import date_on, date_text


def number(value: float) -> str:
    """Write a number with three digits, or all of those before the point."""
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return ("0" if float(text.replace(",", "")) == 0 else text).replace("-", "−")


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
