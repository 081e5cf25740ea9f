"""Numbers in words: signs, shares, percentages, points, amounts, lengths of time, and lists of names.

Every table, text and figure writes its numbers with these functions.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sim.scenario.names import AMOUNTS, DIFFERENCE_UNITS

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
"""The same in every locale."""


def date_on(day: float, start: date, end: date) -> date:
    """Return the date on which a time falls, in days since a start; the end for anything later."""
    return start + timedelta(days=int(min(day, (end - start).days) // 1))


def date_text(day: date) -> str:
    """Write a date as ``12 Mar 2024``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def minus(text: str) -> str:
    """Write the minus sign of a number as a minus, not as a hyphen."""
    return text.replace("-", "−")


def with_sign(text: str, plus: bool = True) -> str:
    """Write a number with a minus or, if wanted, a plus; without a sign if it is rounded to zero."""
    digits = text.lstrip("+-")
    if not digits.strip("0.,"):
        return digits
    return ("−" if text.startswith("-") else "+" if plus else "") + digits


def number(value: float) -> str:
    """Write a number with three digits, or all of those before the point; never as a power of ten."""
    text = f"{value:,.0f}" if not abs(value) < 100 else f"{Decimal(f'{value:.3g}'):f}"
    return minus("0" if float(text.replace(",", "")) == 0 else text)


def some(value: float) -> str:
    """Write a number with two significant digits, and never as a power of ten."""
    if value < 0.001:
        return "0" if value <= 0.0 else "less than 0.001"
    if value >= 10.0:
        return f"{value:,.0f}"
    return f"{value:.{1 - math.floor(math.log10(value))}f}".rstrip("0").rstrip(".")


def counted(count: int | float, singular: str, plural: str = "") -> str:
    """Write a whole number of something, e.g. ``1 attack`` or ``12 attacks``."""
    return f"{count:,.0f} {singular if count == 1 else plural or singular + 's'}"


def was(number: float) -> str:
    """Return ``was`` for one, ``were`` for any other number."""
    return "was" if number == 1 else "were"


def they(number: float, verb: str) -> str:
    """Write what so many do, with a verb in its plain form at the start: ``leave under``, for one ``leaves under``."""
    first, *rest = verb.split()
    return " ".join([first + ("s" if number == 1 else ""), *rest])


def all_of(count: int, singular: str) -> str:
    """Write that all of something are meant: ``all 12 futures``, or ``the only future``."""
    return f"the only {singular}" if count == 1 else f"all {counted(count, singular)}"


def troops(count: int | float) -> str:
    """Write a number of troops."""
    return counted(count, "soldier", "troops")


def days(length: float) -> str:
    """Write a length of time."""
    return "less than a day" if length < 1.0 else counted(math.floor(length + 0.5), "day")


def share(value: float) -> str:
    """Write a share as a percentage with one or two digits."""
    percent = 100 * value
    return minus(f"{percent:.0f} %" if abs(percent) >= 10 or abs(percent) < 0.05 else f"{percent:.2g} %")


def percent(value: float) -> str:
    """Write a share as a percentage with three digits, e.g. ``53.8 %``."""
    return f"{number(100 * value)} %"


def whole_percent(value: float) -> str:
    """Write a share as a whole percentage."""
    return minus(f"{100 * value:.0f} %")


def points(value: float, half_width: float = 0.0) -> str:
    """Write a difference of shares in percentage points, with one or two digits: ``9.5 points``.

    If it is known to within a half-width, it has as many decimals as two digits of that need.
    """
    text = share(value).removesuffix(" %")
    if half_width > 0:
        text = minus(f"{100 * value:.{max(0, 1 - math.floor(math.log10(100 * half_width)))}f}")
    return f"{text} point{'' if text in ('1', '−1') else 's'}"


def mean_text(mean: float, kind: str, start: date, end: date) -> str:
    """Write the mean of an outcome: a day, which counts from the start, as its date; a chance as a percentage."""
    if kind == "day":
        return date_text(date_on(mean, start, end))
    return percent(mean) if kind == "yes_no" else number(mean)


def scale_of(kind: str) -> float:
    """Return by what differences of an outcome are multiplied: those of chances are written in percentage points."""
    return 100.0 if kind == "yes_no" else 1.0


def difference_unit(kind: str, unit: str = "", short: bool = False) -> str:
    """Return the unit of a difference: percentage points for chances (in short, points), days for dates."""
    name = DIFFERENCE_UNITS.get(kind, unit)
    return name.removeprefix("percentage ") if short else name


def is_counted(kind: str, unit: str) -> bool:
    """Whether there are more or fewer of something, rather than a higher or lower amount or chance of it."""
    return kind != "yes_no" and unit not in AMOUNTS


def decimals(half_width: float) -> int:
    """Return how many decimals a number deserves that is known to within a half-width."""
    return max(0, -math.floor(math.log10(half_width))) if 0 < half_width < math.inf else 0


def difference_text(value: float, half_width: float) -> str:
    """Write a difference with its sign, to the digits that its half-width leaves certain."""
    text = f"{value:+,.{decimals(half_width)}f}"
    return with_sign(text) if text.strip("+-0.,") else "0"


ROUNDING = 1e-9
"""Half the length of an interval, over what it is about, below which there is nothing but rounding."""


def give_or_take(difference: float, ci95: Sequence[float] | None, kind: str, sign: bool = True) -> str:
    """Write a difference and half the length of its interval, such as ``−28 ± 3``; that of a chance in points."""
    scale = scale_of(kind)
    half = 0.0 if ci95 is None else scale * (ci95[1] - ci95[0]) / 2
    value = scale * (difference if sign else abs(difference))
    if half <= ROUNDING * abs(value):
        return with_sign(f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}", sign)
    power = math.floor(math.log10(half))
    digits = -power + (half < 2 * 10.0**power or power > 0)  # 1.2, 12 or 34, but 3 or 0.3
    value, half = round(value, digits), round(half, digits)
    return f"{with_sign(f'{value:,.{max(0, digits)}f}', sign)} ± {half:,.{max(0, digits)}f}"


def listed(words: Iterable[str], most: int | None = None) -> str:
    """Join words to a list in a sentence, ``a, b and c``; if there are too many, say how many more there are."""
    names = list(words)
    if most is not None and len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def precision_lines(account: dict[str, Any] | None, as_shares: bool) -> list[str]:
    """Say what precision was reached; nothing if none was asked for.

    Parameters
    ----------
    account
        As returned by `sim.estimate.precision`.
    as_shares
        Whether a precision that was asked for as a share, such as ``2%``, is written as a share of the estimate.
    """
    if account is None:
        return []
    verdict = "reached, and confirmed by two further checks," if account["held"] else "not reached reliably"
    lines = [f"Precision {verdict} at {account['replications']:,} replications (at most {account['at_most']:,}):"]
    for name, target in account["targets"].items():
        if as_shares:
            unit, asked = "%" if target["asked"].endswith("%") else "", target["asked"]
        else:
            unit, asked = "", number(target["half_width_asked"] or math.nan)
        reached = target["half_width"]
        if reached is not None and unit:
            reached *= 100 / abs(target["estimate"])
        width = "none" if reached is None else f"± {number(reached)}{unit}"
        lines.append(f"  {name}: {width}, asked for ± {asked}{'' if target['met'] else ', not met'}")
    return lines
