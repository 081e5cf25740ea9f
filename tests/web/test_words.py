"""The page writes numbers and dates as texts and tables do."""

import math
import struct
from datetime import date, timedelta
from random import Random

import pytest

from sim.words import phrases
from tests.web.page_code import Call

SPECIAL = [0.0, -0.0, 0.5, 1.5, 2.5, -2.5, 0.125, 0.375, 99.5, 99.95, 99.949, 100.0, 100.5, 101.5, 999.5, 1234.5,
           12345.5, 1e6, 0.045, 1.005, 2.675, 0.00995, 0.0000123, -0.00001, 9.995, 1e-7,
           12300.0, 0.05, 0.0005, 0.9995, 1.0]


def numbers() -> list[float]:
    """Numbers of all sizes, halves among them, and any bits that are a number."""
    random = Random(1)
    found = list(SPECIAL)
    for _ in range(2000):
        found.append(random.uniform(-1, 1) * 10 ** random.uniform(-6, 7))
        found.append(random.randrange(-4000, 4000) / 2 ** random.randrange(6))
    while len(found) < 4200:
        value, = struct.unpack("d", random.randbytes(8))
        if 1e-60 < abs(value) < 1e15:
            found.append(value)
    return found


FUNCTIONS = {
    "number": phrases.number, "share": phrases.share, "percent": phrases.percent, "wholePercent": phrases.whole_percent,
    "points": phrases.points, "days": lambda value: phrases.days(abs(value)),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_numbers_are_written_in_the_same_way(name: str, call: Call) -> None:
    values = [abs(value) if name == "days" else value for value in numbers()]
    ours = FUNCTIONS[name]
    assert call("each", name, [[value] for value in values]) == [ours(value) for value in values]


@pytest.mark.parametrize("digits", [2, 3, 4, 6])
def test_significant_digits_are_those_of_python(digits: int, call: Call) -> None:
    expected = [f"{value:.{digits}g}" for value in numbers() if value]
    assert call("each", "significant", [[value, digits] for value in numbers() if value]) == expected


@pytest.mark.parametrize("decimals", [0, 1, 2, 5])
def test_decimals_are_those_of_python(decimals: int, call: Call) -> None:
    expected = [f"{value:,.{decimals}f}" for value in numbers()]
    assert call("each", "fixed", [[value, decimals] for value in numbers()]) == expected


def test_differences_have_the_same_digits(call: Call) -> None:
    random = Random(2)
    cases = []
    for value in numbers()[:3000]:
        half = abs(value) * 10 ** random.uniform(-12, 1)
        kind = random.choice(["yes_no", "number", "day"])
        cases.append((value, [value - half, value + half], kind, random.random() < 0.5))
    cases += [(value, None, "number", True) for value in SPECIAL]
    expected = [phrases.give_or_take(*case) for case in cases]
    assert call("each", "giveOrTake", cases) == expected
    halves = [(value, half) for value, half in zip(numbers(), map(abs, numbers()[::-1]), strict=True) if half > 0]
    assert call("each", "points", halves) == [phrases.points(*case) for case in halves]


def test_what_is_counted_and_listed(call: Call) -> None:
    counts = [0, 1, 2, 12, 999, 1000, 12300, 1234567]
    assert call("each", "troops", [[count] for count in counts]) == list(map(phrases.troops, counts))
    assert call("troops", 12300) == "12,300 troops"
    assert call("share", 0.31) == "31 %"
    assert call("counted", 2, "box", "boxes") == "2 boxes"
    assert [call("they", count, "set out for") for count in (0, 1, 2)] == ["set out for", "sets out for", "set out for"]
    assert [call("listed", list("abcde"), *most) for most in ([], [3])] == ["a, b, c, d and e", "a, b and 3 more"]
    assert [call("listed", names) for names in ([], ["a"])] == ["", "a"]


def test_dates_are_written_in_the_same_way(call: Call) -> None:
    start, end = date(2024, 2, 12), date(2028, 12, 31)
    span = {"start": start.isoformat(), "end": end.isoformat()}
    last = (end - start).days
    days = [0.0, 0.99, 1.0, 17.5, -14.0, 874.25, *map(float, range(0, last + 40, 13)), float(last), last + 0.5,
            last + 1.0]
    assert call("each", "dateOn", [[day, span] for day in days]) == [
        phrases.date_on(day, start, end).isoformat() for day in days]
    written = [start + timedelta(days=number) for number in range(last)]
    assert call("each", "dateText", [[day.isoformat()] for day in written]) == list(map(phrases.date_text, written))
    assert call("dayText", 874.0, span) == "5 Jul 2026"
    assert [call("dayText", day, span) for day in (None, math.inf, last + 1.0)] == ["after 31 Dec 2028"] * 3
    assert call("dayText", float(last), span) == "31 Dec 2028"
    for value, kind in ((30.7, "day"), (0.538, "yes_no"), (-2500.0, "number")):
        assert call("meanText", value, kind, span) == phrases.mean_text(value, kind, start, end)
